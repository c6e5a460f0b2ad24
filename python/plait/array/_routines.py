"""Choices, rounding, parts of complex numbers, comparisons."""

from __future__ import annotations

import math
from typing import Any, overload

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._map_blocks import map_blocks
from ._operands import engine, operand_or_itself as operand
from ._reductions import REDUCTIONS
from ._search import nonzero
from ._sources import asarray

_ops = _plait.arrays


@overload
def where(condition: Any) -> tuple[Array, ...]: ...
@overload
def where(condition: Any, x: Any, y: Any) -> Array: ...
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Elements of ``x`` where the condition is true, of ``y`` elsewhere; the condition alone is `nonzero`.

    Examples
    --------
    >>> da.where(da.arange(3) > 1, 10, 0).compute()
    array([ 0,  0, 10])
    """
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("where: give both x and y, or neither for the positions of true elements")
    return Array(_ops.where(operand(condition), operand(x), operand(y)))


def clip(a: Any, min: Any = None, max: Any = None, **kwargs: Any) -> Array:
    """The elements, none below ``min`` or above ``max``.

    Examples
    --------
    >>> da.clip(da.arange(5), 1, 3).compute()
    array([1, 1, 2, 3, 3])
    """
    low, high = kwargs.get("a_min", min), kwargs.get("a_max", max)
    bounds = [None if bound is None else operand(bound) for bound in (low, high)]
    return Array(_ops.clip(engine(a), *bounds))


def around(x: Any, decimals: int = 0) -> Array:
    """The elements rounded to ``decimals`` digits, halves to even."""
    return asarray(x).round(decimals)


round = around


def fix(x: Any) -> Array:
    """The elements rounded towards zero."""
    return Array(_ops.fix(engine(x)))


def real(x: Any) -> Array:
    """The real parts."""
    return asarray(x).real


def imag(x: Any) -> Array:
    """The imaginary parts."""
    return asarray(x).imag


def angle(x: Any, deg: bool = False) -> Array:
    """The angles of complex numbers, in radians or degrees."""
    result = Array(_ops.elementwise("angle", [engine(x)]))
    return result * (180 / math.pi) if deg else result


def iscomplex(x: Any) -> Array:
    """Whether elements have an imaginary part."""
    return Array(_ops.iscomplex(engine(x)))


def isreal(x: Any) -> Array:
    """Whether elements have no imaginary part."""
    return Array(_ops.isreal(engine(x)))


def isposinf(x: Any) -> Array:
    """Whether elements are positive infinity."""
    return Array(_ops.isposinf(engine(x)))


def isneginf(x: Any) -> Array:
    """Whether elements are negative infinity."""
    return Array(_ops.isneginf(engine(x)))


def isclose(arr1: Any, arr2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Array:
    """Whether elements differ by at most ``atol + rtol * abs(arr2)``.

    Examples
    --------
    >>> da.isclose(da.array([1.0, 2.0]), 1.0).compute()
    array([ True, False])
    """
    return Array(_ops.isclose(engine(arr1), engine(arr2), rtol, atol, equal_nan))


def allclose(arr1: Any, arr2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Array:
    """Whether all elements are close; see `isclose`.

    Examples
    --------
    >>> bool(da.allclose(da.ones(3), 1.0).compute())
    True
    """
    return Array(_ops.allclose(engine(arr1), engine(arr2), rtol, atol, equal_nan))


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Array:
    """NaN and infinities replaced by numbers, infinities by default by the largest of the type.

    Examples
    --------
    >>> da.nan_to_num(da.array([1.0, float('nan')])).compute()
    array([1., 0.])
    """
    return Array(_ops.nan_to_num(engine(x), nan, posinf, neginf))


def result_type(*arrays_and_dtypes: Any) -> np.dtype:
    """The dtype of an operation on these; see ``numpy.result_type``."""
    return np.result_type(*(x.dtype if isinstance(x, Array) else x for x in arrays_and_dtypes))


def shape(array: Any) -> tuple:
    """The extents of ``array``."""
    return asarray(array).shape


def ndim(array: Any) -> int:
    """The number of axes of ``array``."""
    return asarray(array).ndim


def size(array: Any, axis: int | None = None) -> int:
    """The number of elements of ``array``, or along one axis."""
    return asarray(array).size if axis is None else asarray(array).shape[axis]


class _View:
    """The bytes of a block as another type."""

    def __init__(self, dtype: Any, order: str):
        self.dtype, self.order, self.__name__ = dtype, order, "view"

    def __call__(self, block: Any) -> Any:
        if self.order == "C":
            return np.asarray(block, order="C").view(self.dtype)
        return np.asarray(block.T, order="C").view(self.dtype).T


def view(x: Array, dtype: Any = None, order: str = "C") -> Array:
    """The bytes of the elements as another type; see ``numpy.ndarray.view``.

    Parameters
    ----------
    dtype : numpy.dtype, optional
        The type.
    order : {"C", "F"}
        Whether the last or the first axis gets another extent, where elements have other sizes.

    Raises
    ------
    ValueError
        If the extents of blocks do not divide.

    Examples
    --------
    >>> da.ones(2, dtype="i4").view("i2").compute()
    array([1, 0, 1, 0], dtype=int16)
    """
    dtype = x.dtype if dtype is None else np.dtype(dtype)
    if order not in ("C", "F"):
        raise ValueError(f"view: order is {order!r}, expected 'C' or 'F'")
    chunks = list(x.chunks)
    if dtype.itemsize != x.itemsize:
        if not x.ndim:
            raise ValueError("view: an array without axes has elements of one size only")
        axis = -1 if order == "C" else 0
        sizes = [extent * x.itemsize for extent in chunks[axis]]
        if any(size % dtype.itemsize for size in sizes):
            raise ValueError(f"view: blocks of {chunks[axis]} elements of {x.dtype} cannot be seen as {dtype}; rechunk so that they divide")
        chunks[axis] = tuple(size // dtype.itemsize for size in sizes)
    return map_blocks(_View(dtype, order), x, dtype=dtype, chunks=tuple(chunks))


def moment(a: Any, order: int, axis: Any = None, dtype: Any = None, keepdims: bool = False, ddof: float = 0, split_every: Any = None, out: Any = None) -> Array:
    """The central moment of an order.

    Parameters
    ----------
    a : array_like
        The array.
    order : int
        At least 0.
    axis : int or tuple of int, optional
        The axes; default is all.
    dtype : numpy.dtype, optional
        In which to add up.
    keepdims : bool
        Whether the reduced axes stay, with extent one.
    ddof : float
        The divisor is the number of elements less this.
    split_every : int or dict, optional
        How many blocks are combined in one task.

    Raises
    ------
    ValueError
        If the order is none.

    Examples
    --------
    >>> da.moment(da.arange(5), 2).compute()
    np.float64(2.0)
    """
    if not isinstance(order, (int, np.integer)) or order < 0:
        raise ValueError("Order must be an integer >= 0")
    x = asarray(a)
    x = x.astype(np.float64 if x.dtype.kind in "biu" else x.dtype) if dtype is None else x.astype(dtype)
    of = {"axis": axis, "keepdims": keepdims, "split_every": split_every}
    if order < 2:  # whatever the divisor
        constant = REDUCTIONS["sum"](x, **of)
        return into(out, np.full_like(constant, 1 - int(order)))
    powers = (x - REDUCTIONS["mean"](x, axis=axis, keepdims=True, split_every=split_every)) ** int(order)
    count = x.size // max(1, REDUCTIONS["sum"](x, axis=axis).size)
    return into(out, REDUCTIONS["sum"](powers, **of) / (count - ddof))
