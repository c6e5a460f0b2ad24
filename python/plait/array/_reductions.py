"""Reductions over axes."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._operands import engine, is_integer

_ops = _plait.arrays

# Name -> what it gives, for the documentation, and what it takes beside the axes.
_TABLE = {
    "sum": ("Sum", "dtype"),
    "prod": ("Product", "dtype"),
    "mean": ("Arithmetic mean", "dtype"),
    "var": ("Variance", "ddof"),
    "std": ("Standard deviation", "ddof"),
    "min": ("Minimum", ""),
    "max": ("Maximum", ""),
    "any": ("Whether any element is true,", ""),
    "all": ("Whether all elements are true,", ""),
    "argmin": ("Position of the minimum", ""),
    "argmax": ("Position of the maximum", ""),
}

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
_EXTRA = {
    "": "",
    "dtype": "dtype : numpy.dtype, optional\n    In which to add up, and of the result.\n",
    "ddof": "dtype : numpy.dtype, optional\n    Of the result.\nddof : float\n    The divisor is the number of elements less this.\n",
}


def _function(name: str, title: str, takes: str):
    def plain(a, axis=None, keepdims=False, split_every=None, out=None):
        if name.endswith(("argmin", "argmax")) and is_integer(axis) and isinstance(a, Array) and _tells_rows_only(a, axis):
            return into(out, _places_by_numpy(name, a, axis % a.ndim, keepdims))
        return into(out, Array(_ops.reduce(name, engine(a), axis, keepdims, split_every=split_every)))

    def with_dtype(a, axis=None, dtype=None, keepdims=False, split_every=None, out=None):
        return into(out, Array(_ops.reduce(name, engine(a), axis, keepdims, 0, dtype, split_every)))

    def with_ddof(a, axis=None, dtype=None, keepdims=False, ddof=0, split_every=None, out=None):
        return into(out, Array(_ops.reduce(name, engine(a), axis, keepdims, ddof, dtype, split_every)))

    function = {"": plain, "dtype": with_dtype, "ddof": with_ddof}[takes]
    function.__name__ = function.__qualname__ = name
    function.__module__ = "plait.array"
    function.__doc__ = _DOC.format(title=title, name=name, extra=_EXTRA[takes])
    return function


def _tells_rows_only(a: Array, axis: Any) -> bool:
    """Whether extents are unknown, but not along an axis, or it is in one block."""
    is_unknown = any(extent != extent for extent in a.shape)
    return is_unknown and -a.ndim <= axis < a.ndim and (len(a.chunks[axis]) == 1 or a.shape[axis] == a.shape[axis])


def _places_by_numpy(name: str, a: Array, axis: int, keepdims: bool) -> Array:
    whole = a if len(a.chunks[axis]) == 1 else a.rechunk({axis: -1})
    kept = [own for own in range(a.ndim) if keepdims or own != axis]
    chunks = tuple((1,) if own == axis else whole.chunks[own] for own in kept)
    axes = [[kept.index(own) if own in kept else -1 for own in range(a.ndim)]]
    return Array(_ops.map_blocks([engine(whole)], _Places(name, axis, keepdims), name, np.dtype(np.int64), chunks, axes))


class _Places:
    """NumPy's function on blocks that are whole along an axis."""

    def __init__(self, name: str, axis: int, keepdims: bool):
        self.name, self.axis, self.keepdims = name, axis, keepdims

    def __call__(self, index: tuple, shape: tuple, start: tuple, block: Any) -> Any:
        return getattr(np, self.name)(block, axis=self.axis, keepdims=self.keepdims)


def _all_reductions() -> dict:
    functions = {}
    for name in _ops.reductions():
        title, takes = _TABLE[name.removeprefix("nan")]
        functions[name] = _function(name, title if name in _TABLE else f"{title} without NaNs", takes)
    return functions


REDUCTIONS = _all_reductions()


def count_nonzero(a: Any, axis: Any = None) -> Array:
    """The number of elements that are not zero, over the given axes."""
    return Array(_ops.count_nonzero(engine(a), axis))


def ptp(a: Any, axis: Any = None) -> Array:
    """The maximum less the minimum, over the given axes."""
    return Array(_ops.ptp(engine(a), axis))


def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, keepdims: bool = False):
    """The weighted mean; see ``numpy.average``.

    Raises
    ------
    TypeError
        If the weights' shape does not fit.

    Examples
    --------
    >>> da.average(da.array([1.0, 3.0]), weights=da.array([3, 1])).compute()
    np.float64(1.5)
    """
    weights = None if weights is None else engine(weights)
    mean, scale = (Array(x) for x in _ops.weighted_average(engine(a), weights, axis, keepdims))
    return (mean, scale) if returned else mean
