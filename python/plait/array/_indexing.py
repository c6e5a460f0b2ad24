"""Square brackets: what x[index] reads."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._sources import asarray

_ops = _plait.arrays


def is_integer(item: Any) -> bool:
    """Whether ``item`` is a whole number, which truth values are not here."""
    return isinstance(item, numbers.Integral) and not isinstance(item, (bool, np.bool_))


def is_mask_of(index: Any, array: Array) -> bool:
    """Whether ``index`` is a boolean array with an element for each of ``array``."""
    return isinstance(index, (Array, np.ndarray)) and index.dtype == bool and index.ndim == array.ndim and array.ndim > 0


def one_item(item: Any):
    """One entry of an index: None, an ellipsis, a slice, an integer, or an array with one axis, lazy ones among them.

    Raises
    ------
    IndexError
        If it is none of these.
    """
    if item is None or item is Ellipsis or isinstance(item, slice) or is_integer(item):
        return item
    if isinstance(item, str):
        raise IndexError(f"'{item}' is no index of an array; expected integers, slices, None, ..., lists or boolean arrays")
    positions = item if isinstance(item, Array) else np.asarray(item)
    if not isinstance(positions, Array) and positions.size == 0 and positions.dtype.kind == "f":
        positions = positions.astype(np.int64)
    if positions.dtype.kind not in "biu":
        raise IndexError(f"an array of dtype {positions.dtype} is no index; expected integers or booleans")
    if positions.ndim > 1:
        raise NotImplementedError(f"an index array with {positions.ndim} axes is not there yet; expected one axis")
    if positions.ndim == 0 and positions.dtype.kind in "iu":
        return int(positions)
    return positions


def get_item(array: Array, index: Any) -> Array:
    """``array[index]``."""
    if is_mask_of(index, array) and (isinstance(index, Array) or index.ndim > 1):
        return Array(_ops.select(array._array, asarray(index)._array))
    items = [one_item(item) for item in (index if isinstance(index, tuple) else (index,))]
    lists = [number for number, item in enumerate(items) if isinstance(item, (Array, np.ndarray))]
    if len(lists) > 1:
        raise NotImplementedError(
            "more than one list of positions in an index is not there yet: x.vindex[[0, 1], [2, 3]] takes single elements, "
            "x[[0, 1]][:, [2, 3]] rows and then columns"
        )
    lazy = [number for number in lists if isinstance(items[number], Array)]
    if not lazy:
        return Array(_ops.getitem(array._array, items))
    (number,) = lazy
    chosen, items[number] = items[number], slice(None)
    axis = _axis_of(items, number, array.ndim)
    rest = Array(_ops.getitem(array._array, items))
    return _under_mask(rest, axis, chosen) if chosen.dtype == bool else _at(rest, axis, chosen)


def _axis_of(items: list, number: int, ndim: int) -> int:
    """The axis of the result that entry ``number`` of an index makes."""
    taken = sum(item is not None and item is not Ellipsis for item in items)
    before = items[:number]
    return sum(ndim - taken if item is Ellipsis else not is_integer(item) for item in before)


def _under_mask(array: Array, axis: int, mask: Array) -> Array:
    return Array(_ops.select_along(array._array, axis, mask._array))


def _at(array: Array, axis: int, positions: Array) -> Array:
    """The elements at lazy positions along an axis, in the positions' chunks."""
    if array.ndim == 1 and array.shape[0] == array.shape[0]:
        return Array(_ops.look_up(array._array, positions._array))
    from ._block_call import BlockCall, Blocks, call_blocks

    gathered = Blocks((array.numblocks[axis],), (axis,))
    call = BlockCall(np.take, [gathered, Blocks()], {"axis": axis}, array.dtype, "indexing")
    chunks = (*array.chunks[:axis], positions.chunks[0], *array.chunks[axis + 1 :])
    axes = [-1 if own == axis else own for own in range(array.ndim)]
    return call_blocks([array, positions], call, "getitem", chunks, [axes, [axis]])
