"""Products, choices, rounding, statistics of pairs."""

from __future__ import annotations

import math
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._reductions import all as _all
from ._reductions import mean as _mean
from ._reductions import sum as _sum
from ._sources import asarray, is_scalar, operand

_ops = _plait.arrays


def _apply(name: str, *operands: Any, dtype: Any = None) -> Array:
    return Array(_ops.elementwise(name, [operand(x) for x in operands], dtype))


def array(x: Any, dtype: Any = None, ndmin: int = 0, *, like: Any = None, **kwargs: Any) -> Array:
    """``x`` as a lazy array with at least ``ndmin`` axes."""
    x = asarray(x, dtype=dtype)
    return x[(None,) * (ndmin - x.ndim)] if x.ndim < ndmin else x


def where(condition: Any, x: Any = None, y: Any = None):
    """Elements of ``x`` where the condition is true, of ``y`` elsewhere; the condition alone is `nonzero`."""
    if x is None and y is None:
        from ._search import nonzero

        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("where: give both x and y, or neither for the positions of true elements")
    if not any(isinstance(arg, Array) for arg in (condition, x, y)):
        condition = asarray(condition)
    return Array(_ops.where(operand(condition), operand(x), operand(y)))


def clip(a: Any, min: Any = None, max: Any = None, **kwargs: Any) -> Array:
    """The elements, none below ``min`` or above ``max``."""
    low, high = kwargs.get("a_min", min), kwargs.get("a_max", max)
    bounds = [None if bound is None else operand(bound) for bound in (low, high)]
    return Array(_ops.clip(asarray(a)._array, *bounds))


def matmul(a: Any, b: Any) -> Array:
    """The matrix product ``a @ b``.

    Raises
    ------
    ValueError
        If the shapes do not fit, or an operand is a scalar.
    """
    return Array(_ops.matmul(asarray(a)._array, asarray(b)._array))


def dot(a: Any, b: Any) -> Array:
    """The dot product: of vectors, a matrix product, or the sum product over the last axis of ``a`` and the second last of ``b``."""
    if is_scalar(a) or is_scalar(b):
        return asarray(a) * b
    a, b = asarray(a), asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim <= 2 and a.ndim <= 2:
        return matmul(a, b)
    return tensordot(a, b, axes=((a.ndim - 1,), (max(b.ndim - 2, 0),)))


def tensordot(lhs: Any, rhs: Any, axes: Any = 2) -> Array:
    """The sum of products over pairs of axes; see ``numpy.tensordot``."""
    a, b = asarray(lhs), asarray(rhs)
    if isinstance(axes, int):
        left, right = list(range(a.ndim - axes, a.ndim)), list(range(axes))
    else:
        left, right = ([one] if isinstance(one, int) else list(one) for one in axes)
    left, right = [axis % a.ndim for axis in left], [axis % b.ndim for axis in right]
    if [a.shape[axis] for axis in left] != [b.shape[axis] for axis in right]:
        raise ValueError(f"tensordot: axes {left} of shape {a.shape} and {right} of {b.shape} differ in extent")
    keep_a = [axis for axis in range(a.ndim) if axis not in left]
    keep_b = [axis for axis in range(b.ndim) if axis not in right]
    shape = [a.shape[axis] for axis in keep_a] + [b.shape[axis] for axis in keep_b]
    inner = math.prod(a.shape[axis] for axis in left)
    flat_a = a.transpose(keep_a + left).reshape((-1, inner) if a.size else (math.prod(shape[: len(keep_a)]), inner))
    flat_b = b.transpose(right + keep_b).reshape((inner, -1) if b.size else (inner, math.prod(shape[len(keep_a) :])))
    return matmul(flat_a, flat_b).reshape(tuple(shape))


def vdot(a: Any, b: Any) -> Array:
    """The dot product of the flattened arrays, the first conjugated."""
    return matmul(asarray(a).conj().ravel(), asarray(b).ravel())


def outer(a: Any, b: Any) -> Array:
    """The product of every element of ``a`` with every one of ``b``."""
    return asarray(a).ravel()[:, None] * asarray(b).ravel()


def around(x: Any, decimals: int = 0) -> Array:
    """The elements rounded to ``decimals`` digits, halves to even."""
    x = asarray(x)
    if x.dtype.kind in "iu" and decimals >= 0:
        return x
    if x.dtype.kind == "b":
        return x.astype(np.float16)
    if decimals == 0:
        return _apply("rint", x)
    scale = 10.0 ** abs(decimals)
    if decimals > 0:
        return _apply("rint", x * scale) / scale
    rounded = _apply("rint", x / scale) * scale
    return rounded.astype(x.dtype) if x.dtype.kind in "iu" else rounded


round = around


def fix(x: Any) -> Array:
    """The elements rounded towards zero."""
    return _apply("trunc", asarray(x))


def real(x: Any) -> Array:
    """The real parts."""
    return asarray(x).real


def imag(x: Any) -> Array:
    """The imaginary parts."""
    return asarray(x).imag


def angle(x: Any, deg: bool = False) -> Array:
    """The angles of complex numbers, in radians or degrees."""
    result = _apply("angle", asarray(x))
    return result * (180 / np.pi) if deg else result


def iscomplex(x: Any) -> Array:
    """Whether elements have an imaginary part."""
    return asarray(x).imag != 0


def isreal(x: Any) -> Array:
    """Whether elements have no imaginary part."""
    return asarray(x).imag == 0


def isposinf(x: Any) -> Array:
    """Whether elements are positive infinity."""
    return asarray(x) == np.inf


def isneginf(x: Any) -> Array:
    """Whether elements are negative infinity."""
    return asarray(x) == -np.inf


def isclose(arr1: Any, arr2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Array:
    """Whether elements differ by at most ``atol + rtol * abs(arr2)``."""
    a, b = asarray(arr1), asarray(arr2)
    near = abs(a - b) <= atol + rtol * abs(b)
    close = (near & _apply("isfinite", b)) | (a == b)
    if equal_nan:
        close = close | (_apply("isnan", a) & _apply("isnan", b))
    return close


def allclose(arr1: Any, arr2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Array:
    """Whether all elements are close; see `isclose`."""
    return _all(isclose(arr1, arr2, rtol, atol, equal_nan))


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Array:
    """NaN and infinities replaced by numbers."""
    x = asarray(x)
    if x.dtype.kind not in "fc":
        return x
    if x.dtype.kind == "c":
        raise NotImplementedError("nan_to_num of complex arrays is not there yet")
    limits = np.finfo(x.dtype)
    x = where(_apply("isnan", x), x.dtype.type(nan), x)
    x = where(x == np.inf, x.dtype.type(limits.max if posinf is None else posinf), x)
    return where(x == -np.inf, x.dtype.type(limits.min if neginf is None else neginf), x)


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


def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Array:
    """The covariance of variables, one a row; see ``numpy.cov``."""
    from ._layout import atleast_2d, concatenate

    x = atleast_2d(m)
    x = x if rowvar or x.shape[0] == 1 else x.T
    if y is not None:
        other = atleast_2d(y)
        x = concatenate([x, other if rowvar or other.shape[0] == 1 else other.T], axis=0)
    divisor = x.shape[1] - (ddof if ddof is not None else 0 if bias else 1)
    x = x.astype(np.result_type(x.dtype, np.float64))
    centred = x - _mean(x, axis=1, keepdims=True)
    return (matmul(centred, centred.conj().T) / divisor).squeeze()


def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Array:
    """The correlation of variables, one a row; see ``numpy.corrcoef``."""
    covariance = cov(x, y, rowvar)
    if covariance.ndim == 0:
        return covariance / covariance
    from ._creation import eye

    diagonal = _sum(where(eye(len(covariance), chunks=covariance.chunks, dtype=bool), covariance, 0.0), axis=1)
    deviation = _apply("sqrt", diagonal)
    return covariance / deviation[:, None] / deviation
