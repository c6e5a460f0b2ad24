"""Which elements meet a condition, and choices among arrays."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._operands import engine, operand_or_itself as operand
from ._sources import asarray

_ops = _plait.arrays


def nonzero(a: Any) -> tuple[Array, ...]:
    """The positions of the elements that are not zero, one array an axis, in C order; their number is not known beforehand.

    Raises
    ------
    ValueError
        If the array has no axes, or extents that are not known before they are computed.

    Examples
    --------
    >>> da.nonzero(da.array([0, 3, 0, 4]))[0].compute()
    array([1, 3])
    """
    return tuple(Array(one) for one in _ops.nonzero(engine(a)))


def argwhere(a: Any) -> Array:
    """The positions of the elements that are not zero, one row each. Raises what `nonzero` raises."""
    return Array(_ops.argwhere(engine(a)))


def flatnonzero(a: Any) -> Array:
    """The positions of the elements that are not zero in the flattened array."""
    return Array(_ops.flatnonzero(engine(a)))


def extract(condition: Any, arr: Any) -> Array:
    """The elements where the condition is true, in C order."""
    return Array(_ops.extract(engine(condition), engine(arr)))


def compress(condition: Any, a: Any, axis: int | None = None) -> Array:
    """What stands along an axis where the condition, with one axis, is true; a lazy condition leaves the extent unknown."""
    if not isinstance(condition, Array):
        positions = np.flatnonzero(np.asarray(condition).astype(bool))
        return Array(_ops.take(engine(a), [positions], axis))
    if condition.ndim != 1:
        raise ValueError(f"compress: the condition has shape {condition.shape}, expected one axis")
    a = asarray(a)
    a, axis = (a.reshape(-1), 0) if axis is None else (a, np.lib.array_utils.normalize_axis_index(axis, a.ndim))
    before = (slice(None),) * axis
    return a[(*before, slice(0, condition.shape[0]))][(*before, condition.astype(bool))]


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Array:
    """Elements of the first choice whose condition is true; ``default`` where none is.

    Raises
    ------
    ValueError
        If there are not as many conditions as choices, or none.

    Examples
    --------
    >>> x = da.arange(4)
    >>> da.select([x < 1, x > 2], [x, x * 10], default=-1).compute()
    array([ 0, -1, -1, 30])
    """
    return Array(_ops.select([engine(one) for one in condlist], [operand(one) for one in choicelist], operand(default)))


def isnull(values: Any) -> Array:
    """Whether elements are NaN."""
    values = asarray(values)
    return values != values


def notnull(values: Any) -> Array:
    """Whether elements are not NaN."""
    values = asarray(values)
    return values == values
