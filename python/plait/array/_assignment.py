"""Square brackets on the left: what an array is after x[index] = value."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._operands import engine_array, index_items, operand_or_itself as operand

_ops = _plait.arrays


def set_item(array: Array, index: Any, value: Any) -> Array:
    """What ``array`` is after ``array[index] = value``.

    Raises
    ------
    ValueError
        If the value does not fit the place, or is NaN or infinite and the array holds integers.
    TypeError
        If the value is masked.
    NotImplementedError
        If more than one axis is indexed by a list.
    """
    items = [_known(item) for item in index_items(index)]
    return Array(_ops.assign(array._array, items, _value(value, array.dtype)))


def _value(value: Any, dtype: np.dtype) -> Any:
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError("x[index] = value: the value is masked, but the array has no mask; give it one first: x = plait.array.ma.masked_array(x)")
    if isinstance(value, (list, tuple, range)):
        value = np.asarray(value)
        if value.dtype.kind in "iu" and dtype.kind in "iu":
            value = np.asarray(value.tolist(), dtype=dtype)  # OverflowError where a number does not fit
    return operand(value)


def _known(item: Any) -> Any:
    """A lazy number is computed; lazy positions and masks may stay."""
    lazy = engine_array(item) if not isinstance(item, _plait.Array) else item
    if lazy is None or lazy.ndim > 0:
        return item
    return np.asarray(Array(lazy).compute())
