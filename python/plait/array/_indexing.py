"""Square brackets."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array, asarray

_ops = _plait.arrays


def _item(item: Any):
    """One entry of an index as the engine takes it."""
    if item is None or item is Ellipsis or isinstance(item, (slice, numbers.Integral)) and not isinstance(item, (bool, np.bool_)):
        return item
    if isinstance(item, Array):
        if item.ndim == 0 and item.dtype.kind in "iu":
            return int(item)
        return np.asarray(item.compute())
    if isinstance(item, str):
        raise IndexError(f"'{item}' is no index of an array; expected integers, slices, None, ..., lists or boolean arrays")
    positions = np.asarray(item)
    if positions.size == 0 and positions.dtype.kind == "f":
        positions = positions.astype(np.int64)
    if positions.dtype.kind not in "biu":
        raise IndexError(f"an array of dtype {positions.dtype} is no index; expected integers or booleans")
    if positions.ndim > 1:
        raise NotImplementedError(f"an index array with {positions.ndim} axes is not there yet; expected one axis")
    return positions


def get_item(array: Array, index: Any) -> Array:
    """``array[index]``."""
    if isinstance(index, (Array, np.ndarray)) and index.dtype == bool and index.ndim == array.ndim and array.ndim > 0:
        if isinstance(index, Array) or index.ndim > 1:
            return Array(_ops.select(array._expr, asarray(index)._expr))
    if not isinstance(index, tuple):
        index = (index,)
    return Array(_ops.getitem(array._expr, [_item(item) for item in index]))


def _marks(array: Array, index: Any) -> Array:
    """A boolean array of the same shape, true where ``array[index]`` reads, for indices of slices and integers."""
    if isinstance(index, (Array, np.ndarray)) and index.dtype == bool:
        return asarray(index)
    raise NotImplementedError("setting items is there for boolean masks only: x[mask] = value; use where() for the rest")


def set_item(array: Array, index: Any, value: Any) -> Array:
    """What ``array`` is after ``array[index] = value``."""
    mask = _marks(array, index)
    if not isinstance(value, Array):
        value = np.asarray(value)
        if value.dtype.kind == "f" and array.dtype.kind in "biu" and np.isnan(value).any():
            raise ValueError(f"cannot convert float NaN to {array.dtype}")
        value = value.astype(array.dtype, casting="unsafe")
    if np.ndim(value) > 0 and np.size(value) != 1:
        raise NotImplementedError("x[mask] = array is not there yet; give one value")
    if isinstance(value, np.ndarray):
        value = value.reshape(())[()]
    from ._routines import where

    return where(mask, value, array).astype(array.dtype)
