"""Largest elements, medians, percentiles: what needs elements in order."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._block_call import BlockCall, Blocks, call_blocks
from ._layout import expand_dims, stack
from ._sources import asarray


def _along(what: str, x: Array, axis: int) -> int:
    if not -x.ndim <= axis < x.ndim:
        raise IndexError(f"{what}: axis {axis} is out of range: the array has {x.ndim} axes")
    return axis % x.ndim


def _largest(block: np.ndarray, k: int, axis: int) -> np.ndarray:
    """The ``k`` largest, or smallest where it is negative, in no order."""
    if abs(k) >= block.shape[axis]:
        return block
    part = np.partition(block, -k, axis=axis) if k > 0 else np.partition(block, -k - 1, axis=axis)
    return np.take(part, range(-k, 0) if k > 0 else range(-k), axis=axis)


def _largest_in_order(block: np.ndarray, k: int, axis: int) -> np.ndarray:
    ordered = np.sort(_largest(block, k, axis), axis=axis)
    return np.flip(ordered, axis=axis) if k > 0 else ordered


def _places_of_largest(block: np.ndarray, k: int, axis: int) -> np.ndarray:
    ordered = np.argsort(block, axis=axis, kind="stable")
    return np.take(np.flip(ordered, axis=axis) if k > 0 else ordered, range(min(abs(k), block.shape[axis])), axis=axis)


def _with_one_block(x: Array, axis: int, call: BlockCall, extents: tuple) -> Array:
    """The result of one call for all blocks along an axis."""
    chunks = (*x.chunks[:axis], extents, *x.chunks[axis + 1 :])
    return call_blocks([x], call, call.what, chunks, [[-1 if own == axis else own for own in range(x.ndim)]])


def topk(a: Any, k: int, axis: int = -1, split_every: Any = None) -> Array:
    """The ``k`` largest elements along an axis, the largest first; for a negative ``k`` the smallest, the smallest first.

    Raises
    ------
    IndexError
        If there is no such axis.
    """
    a = asarray(a)
    axis = _along("topk", a, axis)
    everywhere = Blocks((a.numblocks[axis],), (axis,))
    if a.numblocks[axis] > 1 and all(extent == extent for extent in a.chunks[axis]):
        # First what is large in its block.
        few = tuple(min(abs(k), extent) for extent in a.chunks[axis])
        call = BlockCall(_largest, [Blocks()], {"k": k, "axis": axis}, a.dtype, "topk")
        chunks = (*a.chunks[:axis], few, *a.chunks[axis + 1 :])
        a = call_blocks([a], call, "topk", chunks, [list(range(a.ndim))])
    call = BlockCall(_largest_in_order, [everywhere], {"k": k, "axis": axis}, a.dtype, "topk")
    extent = sum(a.chunks[axis])
    return _with_one_block(a, axis, call, (min(abs(k), extent) if extent == extent else extent,))


def argtopk(a: Any, k: int, axis: int = -1, split_every: Any = None) -> Array:
    """The positions of what `topk` gives."""
    a = asarray(a)
    axis = _along("argtopk", a, axis)
    everywhere = Blocks((a.numblocks[axis],), (axis,))
    call = BlockCall(_places_of_largest, [everywhere], {"k": k, "axis": axis}, np.dtype(np.intp), "argtopk")
    return _with_one_block(a, axis, call, (min(abs(k), a.shape[axis]),))


def _axes_last(what: str, a: Array, axis: Any) -> Array:
    """The array with the given axes as one last axis."""
    axes = [_along(what, a, one) for one in (axis if isinstance(axis, (tuple, list)) else [axis])]
    kept = [one for one in range(a.ndim) if one not in axes]
    a = a.transpose([*kept, *axes])
    return a if len(axes) == 1 else a.reshape((*a.shape[: len(kept)], -1))


def _reduced(what: str, func, a: Array, axis: Any, keepdims: bool, **kwargs: Any) -> Array:
    """A function of NumPy that wants whole axes."""
    moved = _axes_last(what, a, axis)
    last = moved.ndim - 1
    everywhere = Blocks((moved.numblocks[last],), (last,))
    dtype = func(np.ones((1, 1), dtype=a.dtype), axis=1, **kwargs).dtype
    call = BlockCall(func, [everywhere], {"axis": -1, **kwargs}, dtype, what)
    result = call_blocks([moved], call, what, moved.chunks[:-1], [[*range(last), -1]])
    if not keepdims:
        return result
    axes = axis if isinstance(axis, (tuple, list)) else [axis]
    return expand_dims(result, [one % a.ndim for one in axes])


def _needs_axis(what: str, axis: Any) -> None:
    if axis is None:
        raise NotImplementedError(f"{what}: an axis must be given: over all axes it would need all elements at once; use x.ravel()")


def median(a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Array:
    """The median along one or more axes, each of which comes together in one task."""
    _needs_axis("median", axis)
    return _reduced("median", np.median, asarray(a), axis, keepdims)


def nanmedian(a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Array:
    """The median along one or more axes, without NaNs."""
    _needs_axis("nanmedian", axis)
    return _reduced("nanmedian", np.nanmedian, asarray(a), axis, keepdims)


def _percentiles(block: np.ndarray, q: np.ndarray, method: str) -> np.ndarray:
    return np.percentile(block, q, method=method)


def percentile(a: Any, q: Any, method: str = "linear", internal_method: str = "default", **kwargs: Any) -> Array:
    """The percentiles ``q`` of an array with one axis, exactly: its elements come together in one task.

    Raises
    ------
    NotImplementedError
        If the array has more axes than one.
    """
    a = asarray(a)
    if a.ndim != 1:
        raise NotImplementedError(f"percentile: the array has {a.ndim} axes, expected one; use x.ravel(), or quantile with an axis")
    q = np.asarray(q, dtype=float)
    method = kwargs.pop("interpolation", method)
    if kwargs:
        raise TypeError(f"percentile: unexpected arguments {', '.join(kwargs)}; expected a, q, method")
    dtype = np.percentile(np.ones(1, dtype=a.dtype), q, method=method).dtype
    call = BlockCall(_percentiles, [Blocks((a.numblocks[0],), (0,))], {"q": q, "method": method}, dtype, "percentile")
    return call_blocks([a], call, "percentile", tuple((extent,) for extent in q.shape), [[-1]])


def _quantile(func, what: str, a: Any, q: Any, axis: Any, method: str, keepdims: bool) -> Array:
    a = asarray(a)
    _needs_axis(what, axis)
    if np.ndim(q) == 0:
        return _reduced(what, func, a, axis, keepdims, q=q, method=method)
    return stack([_reduced(what, func, a, axis, keepdims, q=one, method=method) for one in q])


def quantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Array:
    """The quantiles ``q`` along an axis; see ``numpy.quantile``."""
    return _quantile(np.quantile, "quantile", a, q, axis, method, keepdims)


def nanquantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Array:
    """The quantiles ``q`` along an axis, without NaNs; see ``numpy.nanquantile``."""
    return _quantile(np.nanquantile, "nanquantile", a, q, axis, method, keepdims)
