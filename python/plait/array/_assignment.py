"""Square brackets on the left: what an array is after x[index] = value."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._indexing import is_integer, is_mask_of, one_item
from ._layout import broadcast_to
from ._routines import where
from ._sources import asarray

_ops = _plait.arrays


def set_item(array: Array, index: Any, value: Any) -> Array:
    """What ``array`` is after ``array[index] = value``.

    Raises
    ------
    ValueError
        If the value does not fit the place, or is NaN or infinite and the array holds integers.
    NotImplementedError
        If more than one axis is indexed by a list.
    """
    value = _converted(value, array.dtype)
    if is_mask_of(index, array):
        return _set_under_mask(array, index, value)
    items = _of_every_axis([one_item(item) for item in (index if isinstance(index, tuple) else (index,))], array)
    lists = [axis for axis, item in enumerate(items) if isinstance(item, np.ndarray)]
    if len(lists) > 1:
        raise NotImplementedError("setting items at more than one list of positions is not there yet; give slices or integers")
    if lists:
        return _set_at_list(array, items, lists[0], value)
    return _set_slices(array, items, value)


def _converted(value: Any, dtype: np.dtype) -> Array:
    if not isinstance(value, (Array, np.ndarray, np.generic)):
        value = np.asarray(value)
        if value.dtype.kind in "iu" and dtype.kind in "iu":
            value = np.asarray(value.tolist(), dtype=dtype)  # OverflowError where a number does not fit
    if dtype.kind != "c" and value.dtype.kind == "c":
        raise TypeError(f"complex elements cannot be set in an array of dtype {dtype}; take their real parts")
    if not isinstance(value, Array) and value.dtype.kind == "f" and dtype.kind in "iu" and not np.isfinite(value).all():
        raise ValueError(f"cannot convert float {'NaN' if np.isnan(value).any() else 'infinity'} to {dtype}")
    return asarray(value).astype(dtype)


def _set_under_mask(array: Array, mask: Any, value: Array) -> Array:
    if value.size == 1:
        return where(mask, value.reshape(()), array)
    if isinstance(mask, Array) or value.ndim > 1:
        raise NotImplementedError(
            f"x[mask] = value is there for one value, but the value has shape {value.shape}; use where(mask, values, x) with "
            "values in the shape of x"
        )
    # As many values as true elements, in C order.
    wanted = int(mask.sum())
    if value.shape != (wanted,):
        raise ValueError(f"x[mask] = value: there are {value.shape[0]} values for {wanted} true elements of the mask")
    _check_mask_shape(mask, array)
    if wanted == 0:
        return array
    number = (np.cumsum(mask.ravel()) - 1).clip(0).reshape(mask.shape)
    return where(mask, value[number.ravel()].reshape(mask.shape), array)


def _check_mask_shape(mask: Any, array: Array) -> None:
    if mask.shape != array.shape:
        raise IndexError(f"the mask has shape {mask.shape}, but the array has {array.shape}")


def _of_every_axis(items: list, array: Array) -> list:
    """An entry for each axis: a slice, an integer or a NumPy array of positions."""
    if any(item is None for item in items):
        raise IndexError("None in the index of an assignment is not there yet; give the value the shape of the place")
    given = sum(item is not Ellipsis for item in items)
    if given > array.ndim:
        raise IndexError(f"too many indices: {given} are given, but the array has {array.ndim} axes (shape {array.shape})")
    if len(items) - given > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    at = items.index(Ellipsis) if Ellipsis in [item for item in items if not isinstance(item, (Array, np.ndarray))] else len(items)
    whole = [slice(None)] * (array.ndim - given)
    items = [*items[:at], *whole, *items[at + 1 :]]
    return [_known(item, axis, array) for axis, item in enumerate(items)]


def _known(item: Any, axis: int, array: Array):
    extent = array.shape[axis]
    if extent != extent:
        raise ValueError(
            "setting items: an extent of the array is not known before it is computed; call compute_chunk_sizes() first"
        )
    if isinstance(item, slice):
        return item
    positions = np.asarray(item.compute() if isinstance(item, Array) else item)
    if positions.dtype == bool:
        if positions.shape != (extent,):
            raise IndexError(f"the mask along axis {axis} has shape {positions.shape}, but the axis has {extent} elements")
        positions = np.flatnonzero(positions)
    outside = (positions < -extent) | (positions >= extent)
    if outside.any():
        raise IndexError(f"index {positions[outside][0]} is out of bounds for axis {axis} with size {extent}")
    positions = np.where(positions < 0, positions + extent, positions)
    return int(positions) if is_integer(item) else positions


def _set_slices(array: Array, items: list, value: Array) -> Array:
    """Slices with a negative step are turned around, and the value with them."""
    spans, shape, turned = [], [], []
    for item, extent in zip(items, array.shape, strict=True):
        found = range(item, item + 1) if isinstance(item, int) else range(*item.indices(extent))
        turned.append(slice(None, None, -1 if found.step < 0 else 1))
        found = found[::-1] if found.step < 0 else found
        spans.append((found.start, len(found), found.step))
        shape.append(len(found))
    value = _stretched(value, shape, items)
    if 0 in shape:
        return array
    return Array(_ops.set_items(array._array, spans, value[tuple(turned)]._array))


def _stretched(value: Array, shape: list[int], items: list) -> Array:
    """The value broadcast to the place; axes that an integer chose do not count in the value's shape."""
    kept = tuple(extent for extent, item in zip(shape, items, strict=True) if not isinstance(item, int))
    while value.ndim > len(kept) and value.shape[0] == 1:
        value = value[0]
    try:
        value = broadcast_to(value, kept)
    except ValueError:
        raise ValueError(f"could not broadcast the value of shape {value.shape} into the place of shape {kept}") from None
    return value[tuple(None if isinstance(item, int) else slice(None) for item in items)]


def _set_at_list(array: Array, items: list, axis: int, value: Array) -> Array:
    """The rows between the slices of the other axes are taken out, changed under a mask, and set again."""
    positions = items[axis]
    rows = [slice(None) if own == axis else item for own, item in enumerate(items)]
    place = [len(range(*item.indices(extent))) if isinstance(item, slice) else 1 for item, extent in zip(rows, array.shape, strict=True)]
    place[axis] = len(positions)
    value = _stretched(value, place, [slice(None) if own == axis else item for own, item in enumerate(rows)])
    number = np.full(array.shape[axis], -1)
    number[positions] = np.arange(len(positions))  # the last one wins where a position stands twice
    if 0 in place:
        return array
    front = (slice(None),) * axis
    spread = value[(*front, number.clip(0))]
    old = array[tuple(slice(item, item + 1) if isinstance(item, int) else item for item in rows)]
    shape = tuple(-1 if own == axis else 1 for own in range(array.ndim))
    new = where((number >= 0).reshape(shape), spread, old)
    return _set_slices(array, [slice(item, item + 1) if isinstance(item, int) else item for item in rows], new)
