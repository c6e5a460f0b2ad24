"""Lazy indices and assignment of arrays of Python objects."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ..delayed import delayed
from . import _creation
from ._array import Array
from ._object_places import as_objects, expanded, picked
from ._objects import ObjectArray, of_calls, on_elements


def get_item(x: ObjectArray, index: Any) -> ObjectArray:
    """``x[index]``: slices, single places, one list of places, or one lazy mask or lazy places along an axis."""
    if isinstance(index, Array) and index.dtype == bool and index.ndim == x.ndim > 1:
        return get_item(x.reshape(-1), index.reshape(-1))
    items = expanded(index, x.ndim)
    lazy = [at for at, item in enumerate(items) if isinstance(item, Array)]
    if not lazy:
        return of_calls(*picked(x.grid(), x.chunks, items))
    (at, *more) = lazy
    if more or any(not isinstance(item, (slice, Array)) for item in items) or items[at].ndim != 1 or items[at].dtype.kind not in "biu":
        raise NotImplementedError("an array of Python objects takes one lazy mask or one lazy list of places, beside slices; compute() the index first")
    rest = get_item(x, tuple(slice(None) if i == at else item for i, item in enumerate(items)))
    return _under_mask(rest, items[at], at) if items[at].dtype == bool else _at_places(rest, items[at], at)


def _under_mask(x: ObjectArray, mask: Array, axis: int) -> ObjectArray:
    if mask.shape[0] != x.shape[axis]:
        raise IndexError(f"a mask of {mask.shape[0]} elements is no index of an axis of {x.shape[axis]}")
    masks = mask.rechunk((x.chunks[axis],)).to_delayed()
    call = delayed(np.compress, pure=True, name="getitem")
    grid = x.grid()
    calls = [call(masks[index[axis]], grid[index], axis) for index in np.ndindex(*grid.shape)]
    return of_calls(calls, tuple((float("nan"),) * len(own) if i == axis else own for i, own in enumerate(x.chunks)))


def _at_places(x: ObjectArray, places: Array, axis: int) -> ObjectArray:
    grid = x.rechunk({axis: -1}).grid()
    lists = places.to_delayed()
    call = delayed(np.take, pure=True, name="getitem")
    chunks = tuple(places.chunks[0] if i == axis else own for i, own in enumerate(x.chunks))
    calls = []
    for index in np.ndindex(*map(len, chunks)):
        calls.append(call(grid[tuple(0 if i == axis else one for i, one in enumerate(index))], lists[index[axis]], axis))
    return of_calls(calls, chunks)


class _Placed:
    """Elements, but where a number of a value stands the value."""

    __name__ = "setitem"

    def __init__(self, values: Any):
        self.values = values

    def __call__(self, x: Any, numbers: Any) -> Any:
        is_set = numbers >= 0
        result = np.broadcast_to(x, numbers.shape).copy()
        result[is_set] = self.values[numbers[is_set]]
        return result


def set_item(x: ObjectArray, index: Any, value: Any) -> None:
    """``x[index] = value`` for values in memory; places are as for any other array.

    Raises
    ------
    NotImplementedError
        If the value is lazy.
    """
    if isinstance(value, Array):
        raise NotImplementedError("x[index] = value: lazy values are not there for arrays of Python objects; use where, or compute() them")
    values = as_objects(value) if isinstance(value, np.ndarray) else np.array(value, dtype=object) if isinstance(value, list) else as_objects(value)
    # Numbers of the values are set as values are: so every kind of index means what it always does.
    numbers = _creation.full(x.shape, -1, chunks=x.chunks, dtype=np.int64)
    numbers[index] = np.arange(values.size).reshape(values.shape) if values.ndim else 0
    x._become(on_elements(_Placed(values.reshape(-1)), [x, numbers], object))
