"""Diagonals: out of matrices, and matrices from them."""

from __future__ import annotations

from typing import Any

from ._array import Array
from ._creation import arange, zeros
from ._layout import concatenate, moveaxis
from ._routines import where
from ._sources import asarray


def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """The elements ``a[i, i + offset]`` of two axes, along a new last axis.

    Raises
    ------
    ValueError
        If there are less than two axes, or the two are the same.
    """
    a = asarray(a)
    if a.ndim < 2:
        raise ValueError(f"diagonal: the array has {a.ndim} axes, expected two or more")
    if axis1 % a.ndim == axis2 % a.ndim:
        raise ValueError(f"diagonal: axis1 and axis2 are both axis {axis1 % a.ndim}, expected two different ones")
    a = moveaxis(a, (axis1, axis2), (-2, -1))
    rows, columns = a.shape[-2:]
    first = max(0, -offset)
    length = max(0, min(rows - first, columns - first - offset))
    a = a[..., first : first + length, first + offset : first + offset + length]
    if length == 0:
        return a[..., 0] if a.shape[-1] else a.sum(axis=-1, dtype=a.dtype)
    # Everything else becomes zero, and a row adds up to its element on the diagonal.
    on_diagonal = arange(length, chunks=(a.chunks[-2],))[:, None] == arange(length, chunks=(a.chunks[-1],))
    kept = where(on_diagonal, a, a.dtype.type(0))
    return kept.any(axis=-1) if a.dtype == bool else kept.sum(axis=-1, dtype=a.dtype)


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Array:
    """The sum of a diagonal; see `diagonal`."""
    return diagonal(a, offset, axis1, axis2).sum(axis=-1, dtype=dtype)


def diag(v: Any, k: int = 0) -> Array:
    """A matrix with ``v`` on diagonal ``k``; or diagonal ``k`` of the matrix ``v``.

    Raises
    ------
    ValueError
        If ``v`` has neither one axis nor two.
    """
    v = asarray(v)
    if v.ndim == 2:
        return diagonal(v, k)
    if v.ndim != 1:
        raise ValueError(f"diag: v has {v.ndim} axes, expected one or two")
    n = len(v)
    square = _on_diagonal(v, n)
    if k == 0:
        return square
    pad = zeros((n, abs(k)), dtype=v.dtype)
    wide = concatenate([pad, square] if k > 0 else [square, pad], axis=1)
    rows = zeros((abs(k), n + abs(k)), dtype=v.dtype)
    return concatenate([wide, rows] if k > 0 else [rows, wide], axis=0)


def _on_diagonal(v: Array, n: int) -> Array:
    on_diagonal = arange(n, chunks=(v.chunks[0],))[:, None] == arange(n, chunks=(v.chunks[0],))
    return where(on_diagonal, v, v.dtype.type(0))
