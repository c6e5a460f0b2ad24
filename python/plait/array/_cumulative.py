"""Running totals along an axis."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._operands import engine

_ops = _plait.arrays


def _accumulated(function, x: Any, axis: int | None, dtype: Any, out: Any, method: str) -> Array:
    return into(out, Array(function(engine(x), axis, None if dtype is None else np.dtype(dtype), method)))


def cumsum(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, method: str = "sequential") -> Array:
    """Running sums along an axis; of the flattened array where it is None.

    Parameters
    ----------
    x : array_like
        The array.
    axis : int, optional
        Along which to add up.
    dtype : numpy.dtype, optional
        In which to add up, and of the result.
    method : {"sequential", "blelloch"}
        How the totals of the blocks are added up: many in one task, or two by two.

    Returns
    -------
    Array

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If there is no such method.

    Examples
    --------
    >>> da.cumsum(da.arange(4, chunks=2)).compute()
    array([0, 1, 3, 6])
    """
    return _accumulated(_ops.cumsum, x, axis, dtype, out, method)


def cumprod(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, method: str = "sequential") -> Array:
    """Running products along an axis. Takes the arguments of `cumsum`.

    Examples
    --------
    >>> da.cumprod(da.arange(1, 5, chunks=2)).compute()
    array([ 1,  2,  6, 24])
    """
    return _accumulated(_ops.cumprod, x, axis, dtype, out, method)


def nancumsum(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, *, method: str = "sequential") -> Array:
    """Running sums along an axis, NaN counted as zero. Takes the arguments of `cumsum`."""
    return _accumulated(_ops.nancumsum, x, axis, dtype, out, method)


def nancumprod(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, *, method: str = "sequential") -> Array:
    """Running products along an axis, NaN counted as one. Takes the arguments of `cumsum`."""
    return _accumulated(_ops.nancumprod, x, axis, dtype, out, method)
