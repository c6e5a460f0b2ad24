"""Choices, rounding, parts of complex numbers, comparisons."""

from __future__ import annotations

import math
from typing import Any, overload

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._operands import engine, operand_or_itself as operand
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
