"""Largest elements, medians, percentiles: what needs elements in order."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._operands import engine

_ops = _plait.arrays


def topk(a: Any, k: int, axis: int = -1, split_every: int | None = None) -> Array:
    """The ``k`` largest elements along an axis, the largest first; for a negative ``k`` the smallest, the smallest first.

    NaN counts as the largest. ``split_every`` says how many blocks are combined in one task.

    Raises
    ------
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> da.topk(da.array([3, 9, 1, 7]), 2).compute()
    array([9, 7])
    """
    return Array(_ops.topk(engine(a), k, axis, split_every))


def argtopk(a: Any, k: int, axis: int = -1, split_every: int | None = None) -> Array:
    """The positions of what `topk` gives.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If an extent along the axis is not known before it is computed.

    Examples
    --------
    >>> da.argtopk(da.array([3, 9, 1, 7]), 2).compute()
    array([1, 3])
    """
    return Array(_ops.argtopk(engine(a), k, axis, split_every))


def median(a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Array:
    """The median along one or more axes, by default all, exactly.

    What is larger than a part of the memory budget is looked through in several passes, block by block.

    Examples
    --------
    >>> da.median(da.array([3, 1, 2]), axis=0).compute()
    np.float64(2.0)
    """
    return into(out, Array(_ops.median(engine(a), axis, keepdims)))


def nanmedian(a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Array:
    """The median along one or more axes, by default all, without NaNs."""
    return into(out, Array(_ops.nanmedian(engine(a), axis, keepdims)))


def _is_plain(q: Any) -> bool:
    """Whether ``q`` is a number of Python's, which takes the array's type; NumPy's numbers have types of their own."""
    return type(q) in (int, float)


def _several(q: Any) -> Any:
    """A plain number as it is, everything else as a flat list."""
    return q if isinstance(q, (int, float, str)) or q is None else np.asarray(q).ravel().tolist()


def _dtype_of(q: Any) -> Any:
    """The type that ``q`` counts as; None for a plain float."""
    return None if type(q) is float else np.asarray(q).dtype


def _in_shape(result: Array, q: Any) -> Array:
    """The quantiles' axis as the axes of ``q``."""
    return result if np.ndim(q) == 1 or isinstance(q, (int, float)) else result.reshape((*np.shape(q), *result.shape[1:]))


def percentile(a: Any, q: Any, method: str = "linear", internal_method: str = "default", **kwargs: Any) -> Array:
    """The percentiles ``q`` of all elements, exactly.

    Raises
    ------
    ValueError
        If a percentile is not between 0 and 100, or there is no such method.

    Examples
    --------
    >>> da.percentile(da.arange(11), [10, 50]).compute()
    array([1., 5.])
    """
    method = kwargs.pop("interpolation", method)
    if kwargs:
        raise TypeError(f"percentile: unexpected arguments {', '.join(kwargs)}; expected a, q, method")
    return _in_shape(Array(_ops.percentile(engine(a), _several(q), method)), q)


def quantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Array:
    """The quantiles ``q`` along an axis; see ``numpy.quantile``.

    Raises
    ------
    NotImplementedError
        If no axis is given.
    ValueError
        If a quantile is not between 0 and 1, or there is no such method.

    Examples
    --------
    >>> da.quantile(da.arange(11), 0.5, axis=0).compute()
    np.float64(5.0)
    """
    return _in_shape(Array(_ops.quantile(engine(a), _several(q), _dtype_of(q), axis, method, keepdims)), q)


def nanquantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Array:
    """The quantiles ``q`` along an axis, without NaNs; see ``numpy.nanquantile``. Raises what `quantile` raises."""
    return _in_shape(Array(_ops.nanquantile(engine(a), _several(q), _dtype_of(q), axis, method, keepdims)), q)


def nanpercentile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Array:
    """The percentiles ``q`` along an axis, without NaNs; see ``numpy.nanpercentile``. Raises what `quantile` raises."""
    return nanquantile(a, q / 100 if _is_plain(q) else np.true_divide(q, 100), axis, method, keepdims)
