"""Sums of products over named axes."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from .._lazy import string
from ._array import Array
from ._operands import engine

_ops = _plait.arrays


def einsum(*operands: Any, dtype: Any = None, optimize: Any = False, split_every: Any = None, casting: str = "safe", **kwargs: Any) -> Array:
    """The sum of products that subscripts describe, such as ``einsum("ij,jk->ik", a, b)``; see ``numpy.einsum``.

    Parameters
    ----------
    *operands : str and array_like
        The subscripts and the arrays, or each array with the list of its axes' numbers, and that of the result.
    dtype : numpy.dtype, optional
        In which to compute.
    optimize : bool or str
        Whether the cheapest pair of arrays comes first; else they are taken from left to right.
    casting : str
        Which conversions to ``dtype`` are allowed.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the subscripts do not fit the operands, or one letter stands for axes of different extent.
    TypeError
        If an operand cannot be converted to ``dtype``.

    Examples
    --------
    >>> da.einsum('ij,j->i', da.ones((2, 3)), da.arange(3)).compute()
    array([3., 3.])
    """
    unknown = set(kwargs) - {"order"}
    if unknown:
        raise TypeError(f"einsum: unexpected arguments {', '.join(sorted(unknown))}; expected dtype, optimize, casting, order")
    if operands and not isinstance(operands[0], str):
        operands = _with_letters(operands)
    subscripts, *given = operands
    arrays = [engine(one) for one in given]
    for number, array in enumerate(arrays):
        if dtype is not None and not np.can_cast(array.dtype, dtype, casting):
            raise TypeError(f"einsum: operand {number} is {array.dtype}, which does not cast to {np.dtype(dtype)} with casting='{casting}'")
    return Array(_ops.einsum(subscripts, arrays, None if dtype is None else np.dtype(dtype), bool(optimize)))


def _with_letters(operands: tuple) -> tuple:
    """Lists of numbers as letters."""
    pairs = len(operands) // 2
    texts = [_letters(operands[2 * i + 1]) for i in range(pairs)]
    output = f"->{_letters(operands[-1])}" if len(operands) % 2 else ""
    return (",".join(texts) + output, *operands[: 2 * pairs : 2])


def _letters(numbers: Any) -> str:
    return "".join("..." if number is Ellipsis else string.ascii_letters[number] for number in numbers)
