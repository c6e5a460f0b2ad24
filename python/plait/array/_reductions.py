"""Reductions over axes."""

from __future__ import annotations

import builtins
import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._sources import asarray

_ops = _plait.arrays


def _reduce(op: str, a: Any, axis: Any, keepdims: bool, split_every: Any, out: Any, dtype: Any = None, ddof: float = 0) -> Array:
    a = asarray(a)
    if axis is not None:
        axis = [int(axis)] if isinstance(axis, numbers.Integral) else [int(one) for one in axis]
    if isinstance(split_every, dict):
        split_every = {int(k) % builtins.max(a.ndim, 1): int(v) for k, v in split_every.items()}
    result = Array(_ops.reduce(op, a._array, axis, bool(keepdims), ddof, None if dtype is None else np.dtype(dtype), split_every))
    if out is None:
        return result
    from ._protocols import _into

    return _into(out, result)


_DOC = """{title} of an array over given axes; see ``numpy.{name}``.

Parameters
----------
a : array_like
    A lazy array, or what `asarray` makes one.
axis : int or tuple of int, optional
    The axes to reduce; default is all.
{extra}keepdims : bool
    Whether the reduced axes stay, with extent one.
split_every : int or dict, optional
    How many blocks are combined in one task; default is the setting ``split_every``.

Returns
-------
Array

Raises
------
IndexError
    If there is no such axis.
"""


def _finish(function, name: str, title: str, extra: str = ""):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "plait.array"
    function.__doc__ = _DOC.format(title=title, name=name, extra=extra)
    return function


def _with_dtype(name: str, title: str):
    def function(a, axis=None, dtype=None, keepdims=False, split_every=None, out=None):
        return _reduce(name, a, axis, keepdims, split_every, out, dtype=dtype)

    return _finish(function, name, title, "dtype : numpy.dtype, optional\n    In which to add up, and of the result.\n")


def _with_ddof(name: str, title: str):
    def function(a, axis=None, dtype=None, keepdims=False, ddof=0, split_every=None, out=None):
        return _reduce(name, a, axis, keepdims, split_every, out, dtype=dtype, ddof=ddof)

    extra = "dtype : numpy.dtype, optional\n    Of the result.\nddof : float\n    The divisor is the number of elements less this.\n"
    return _finish(function, name, title, extra)


def _plain(name: str, title: str):
    def function(a, axis=None, keepdims=False, split_every=None, out=None):
        return _reduce(name, a, axis, keepdims, split_every, out)

    return _finish(function, name, title)


sum = _with_dtype("sum", "Sum")
prod = _with_dtype("prod", "Product")
mean = _with_dtype("mean", "Arithmetic mean")
nansum = _with_dtype("nansum", "Sum without NaNs")
nanprod = _with_dtype("nanprod", "Product without NaNs")
nanmean = _with_dtype("nanmean", "Arithmetic mean without NaNs")
var = _with_ddof("var", "Variance")
std = _with_ddof("std", "Standard deviation")
nanvar = _with_ddof("nanvar", "Variance without NaNs")
nanstd = _with_ddof("nanstd", "Standard deviation without NaNs")
min = _plain("min", "Minimum")
max = _plain("max", "Maximum")
any = _plain("any", "Whether any element is true,")
all = _plain("all", "Whether all elements are true,")
nanmin = _plain("nanmin", "Minimum without NaNs")
nanmax = _plain("nanmax", "Maximum without NaNs")
argmin = _plain("argmin", "Position of the minimum")
argmax = _plain("argmax", "Position of the maximum")
nanargmin = _plain("nanargmin", "Position of the minimum without NaNs")
nanargmax = _plain("nanargmax", "Position of the maximum without NaNs")


def count_nonzero(a: Any, axis: Any = None) -> Array:
    """The number of elements that are not zero, over the given axes."""
    return sum(asarray(a) != 0, axis=axis, dtype=np.int64)


def ptp(a: Any, axis: Any = None) -> Array:
    """The maximum less the minimum, over the given axes."""
    return max(a, axis=axis) - min(a, axis=axis)


def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, keepdims: bool = False):
    """The weighted mean; see ``numpy.average``.

    Raises
    ------
    TypeError
        If the weights' shape does not fit.
    """
    a = asarray(a)
    if weights is None:
        result = mean(a, axis=axis, keepdims=keepdims)
        scale = asarray(a.size / builtins.max(result.size, 1)) + result * 0
        return (result, scale) if returned else result
    weights = asarray(weights)
    if a.shape != weights.shape:
        if axis is None or weights.ndim != 1 or weights.shape[0] != a.shape[axis]:
            raise TypeError(f"average: the weights have shape {weights.shape}, expected {a.shape}, or one axis of the length of axis={axis}")
        shape = [1] * a.ndim
        shape[axis] = -1
        weights = weights.reshape(shape)
    scale = sum(a * 0 + weights, axis=axis, keepdims=keepdims) if weights.shape != a.shape else sum(weights, axis=axis, keepdims=keepdims)
    result = sum(a * weights, axis=axis, keepdims=keepdims) / scale
    return (result, scale) if returned else result
