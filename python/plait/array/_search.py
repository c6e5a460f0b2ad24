"""Which elements meet a condition, and choices among arrays."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._creation import arange
from ._layout import broadcast_to, stack
from ._operands import engine, operand
from ._sources import asarray

_ops = _plait.arrays


def nonzero(a: Any) -> tuple[Array, ...]:
    """The positions of the elements that are not zero, one array an axis, in C order; their number is not known beforehand."""
    a = asarray(a)
    if a.ndim == 0:
        raise ValueError("nonzero: the array has no axes; use a.reshape(1)")
    mask = a != 0
    found = []
    for axis, blocks in enumerate(a.chunks):
        line = arange(a.shape[axis], chunks=(blocks,)).reshape(tuple(-1 if own == axis else 1 for own in range(a.ndim)))
        found.append(broadcast_to(line, a.shape, chunks=a.chunks)[mask])
    return tuple(found)


def argwhere(a: Any) -> Array:
    """The positions of the elements that are not zero, one row each."""
    return stack(nonzero(a), axis=1)


def flatnonzero(a: Any) -> Array:
    """The positions of the elements that are not zero in the flattened array."""
    return nonzero(asarray(a).ravel())[0]


def extract(condition: Any, arr: Any) -> Array:
    """The elements where the condition is true, in C order."""
    return asarray(arr).ravel()[(asarray(condition) != 0).ravel()]


def compress(condition: Any, a: Any, axis: int | None = None) -> Array:
    """What stands along an axis where the condition, with one axis, is true."""
    a, condition = asarray(a), np.asarray(condition).astype(bool)
    if axis is None:
        a, axis = a.ravel(), 0
    return a[(slice(None),) * (axis % a.ndim) + (np.flatnonzero(condition),)]


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Array:
    """Elements of the first choice whose condition is true; ``default`` where none is.

    Raises
    ------
    ValueError
        If there are not as many conditions as choices.
    """
    if len(condlist) != len(choicelist):
        raise ValueError(f"select: {len(condlist)} conditions are given for {len(choicelist)} choices; give as many of each")
    dtype = np.result_type(*(choice.dtype if isinstance(choice, Array) else choice for choice in [*choicelist, default]))
    chosen: Any = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        chosen = Array(_ops.where(engine(condition), operand(choice), operand(chosen)))
    return chosen.astype(dtype)


def isnull(values: Any) -> Array:
    """Whether elements are NaN."""
    values = asarray(values)
    return values != values


def notnull(values: Any) -> Array:
    """Whether elements are not NaN."""
    values = asarray(values)
    return values == values
