"""Diagonals: out of matrices, and matrices from them."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._operands import engine

_ops = _plait.arrays


def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """The elements ``a[i, i + offset]`` of two axes, along a new last axis.

    Raises
    ------
    ValueError
        If there are less than two axes, or the two are the same.
    IndexError
        If there is no such axis.
    """
    return Array(_ops.diagonal(engine(a), offset, axis1, axis2))


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Array:
    """The sum of a diagonal; see `diagonal`.

    Examples
    --------
    >>> da.trace(da.eye(3)).compute()
    np.float64(3.0)
    """
    return Array(_ops.trace(engine(a), offset, axis1, axis2, None if dtype is None else np.dtype(dtype)))


def diag(v: Any, k: int = 0) -> Array:
    """A matrix with ``v`` on diagonal ``k``; or diagonal ``k`` of the matrix ``v``.

    Raises
    ------
    ValueError
        If ``v`` has neither one axis nor two.

    Examples
    --------
    >>> da.diag(da.array([1, 2])).compute()
    array([[1, 0],
           [0, 2]])
    """
    return Array(_ops.diag(engine(v), k))
