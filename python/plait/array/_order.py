"""Largest elements, medians, percentiles: what needs elements in order."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._layout import broadcast_to, expand_dims, squeeze
from ._map_blocks import map_blocks
from ._operands import engine
from ._sources import asarray

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


def percentile(
    a: Any,
    q: Any,
    method: str = "linear",
    internal_method: str = "default",
    axis: Any = None,
    keepdims: bool = False,
    interpolation: str | None = None,
) -> Array:
    """The percentiles ``q`` of all elements, or along axes, exactly; see ``numpy.percentile``.

    Raises
    ------
    ValueError
        If a percentile is not between 0 and 100, or there is no such method.

    Examples
    --------
    >>> da.percentile(da.arange(11), [10, 50]).compute()
    array([1., 5.])
    """
    method = interpolation or method
    if axis is None and not keepdims:
        return _in_shape(Array(_ops.percentile(engine(a), _several(q), method)), q)
    return quantile(a, _hundredths(q), axis, method, keepdims)


def _hundredths(q: Any) -> Any:
    return q / 100 if _is_plain(q) else np.true_divide(q, 100)


def quantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None) -> Array:
    """The quantiles ``q`` along axes, by default all; see ``numpy.quantile``.

    ``weights`` has the array's shape, or is one weight for each place along the axis; then ``method`` must be "inverted_cdf".

    Raises
    ------
    ValueError
        If a quantile is not between 0 and 1, there is no such method, or the weights do not fit.

    Examples
    --------
    >>> da.quantile(da.arange(11), 0.5, axis=0).compute()
    np.float64(5.0)
    """
    q = _in_memory(q)
    if weights is not None:
        return _weighted(np.quantile, a, q, axis, method, keepdims, weights)
    return _in_shape(Array(_ops.quantile(engine(a), _several(q), _dtype_of(q), axis, method, keepdims)), q)


def nanquantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None) -> Array:
    """The quantiles ``q`` along axes, without NaNs; see ``numpy.nanquantile``. Takes and raises what `quantile` does."""
    q = _in_memory(q)
    if weights is not None:
        return _weighted(np.nanquantile, a, q, axis, method, keepdims, weights)
    return _in_shape(Array(_ops.nanquantile(engine(a), _several(q), _dtype_of(q), axis, method, keepdims)), q)


def nanpercentile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None) -> Array:
    """The percentiles ``q`` along axes, without NaNs; see ``numpy.nanpercentile``. Takes and raises what `quantile` does."""
    return nanquantile(a, _hundredths(_in_memory(q)), axis, method, keepdims, weights=weights)


def _in_memory(q: Any) -> Any:
    """Which quantiles are wanted decides the shape of the result, and so is computed."""
    return q.compute() if isinstance(q, Array) else q


def _weighted(function: Any, a: Any, q: Any, axis: Any, method: str, keepdims: bool, weights: Any) -> Array:
    """NumPy's quantiles under weights, block by block: the axes are whole in each."""
    a, weights = asarray(a), asarray(weights)
    axes = tuple(range(a.ndim)) if axis is None else np.lib.array_utils.normalize_axis_tuple(axis, a.ndim)
    if weights.shape != a.shape:
        if weights.ndim != 1 or len(axes) != 1 or weights.shape[0] != a.shape[axes[0]]:
            raise TypeError(
                f"{function.__name__}: weights have shape {weights.shape}, expected the array's {a.shape}, or one weight for each place along the one axis"
            )
        weights = broadcast_to(expand_dims(weights, tuple(range(1, a.ndim - axes[0]))), a.shape)
    a = a.rechunk(dict.fromkeys(axes, -1))
    weights = weights.rechunk(a.chunks)
    dtype = function(np.ones(1, a.dtype), q, method=method, weights=np.ones(1, weights.dtype)).dtype
    flat = np.ravel(q)

    def of_block(block: Any, weights: Any) -> Any:
        return function(block, flat, axis=axes, method=method, keepdims=True, weights=weights).astype(dtype, copy=False)

    extents = [(len(flat),), *((1,) if one in axes else own for one, own in enumerate(a.chunks))]
    found = map_blocks(of_block, a, weights, dtype=dtype, chunks=tuple(extents), new_axis=0, name=function.__name__)
    if not keepdims:
        found = squeeze(found, tuple(one + 1 for one in axes))
    return found.reshape((*np.shape(q), *found.shape[1:]))
