"""Counting and looking up: histogram, bincount, unique, isin, digitize, searchsorted."""

from __future__ import annotations

import numbers
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ..delayed import Delayed
from ._array import Array
from ._lazy_histogram import is_lazy, lazy_histogram
from ._operands import engine
from ._sources import asarray

_ops = _plait.arrays


def _weights(weights: Any) -> _plait.Array | None:
    return None if weights is None else engine(weights)


def _bins(what: str, bins: Any, range: Any) -> Any:
    """Bins as the engine takes them: edges, or a number with the ends."""
    if isinstance(bins, str):
        raise NotImplementedError(f"{what}: bins={bins!r} is not there yet; give edges, or a number with range=(low, high)")
    if is_lazy(bins) or is_lazy(range):
        raise NotImplementedError(f"{what}: lazy bins are not there yet; compute the edges first")
    if bins is None or isinstance(bins, numbers.Integral) and range is None:
        raise ValueError(f"{what}: bins must be edges, or a number with range=(low, high); the ends could be x.min().compute(), x.max().compute()")
    if range is not None and np.shape(range) != (2,):
        raise ValueError(f"{what}: range is {range!r}, expected (low, high)")
    if not isinstance(bins, numbers.Integral):
        edges = np.asarray(bins)
        if edges.ndim != 1:
            raise ValueError(f"{what}: bins must be edges along one axis, found them in the shape {edges.shape}")
        return edges
    low, high = range
    return (bins, float(low), float(high))


def histogram(a: Any, bins: Any = None, range: Any = None, normed: bool = False, weights: Any = None, density: bool = False):
    """How many elements lie in each bin.

    Parameters
    ----------
    a : array_like
        The elements.
    bins : int or array
        The number of bins between the ends of ``range``, or their edges. Both may be lazy.
    range : tuple of float, optional
        The ends of the first and the last bin; may be lazy, or hold lazy numbers.
    weights : array_like, optional
        What each element counts, in the shape of ``a``.
    density : bool
        Whether to give the density instead, whose integral is one.

    Returns
    -------
    tuple of Array and numpy.ndarray
        The counts and the edges, which are lazy if they depend on something that is.

    Raises
    ------
    ValueError
        If ``bins`` is a number and ``range`` is missing: the ends would have to be computed first. If the weights have
        another shape. For ``normed``, which is now ``density``.
    NotImplementedError
        If the number of bins is lazy and ``density`` is asked for.

    Examples
    --------
    >>> counts, edges = da.histogram(da.array([1, 2, 2, 4]), bins=3, range=(1, 4))
    >>> counts.compute()
    array([1, 2, 1])
    """
    if normed:
        raise ValueError("histogram: normed is deprecated, and NumPy no longer has it; give density=True")
    if range is not None and not isinstance(range, Delayed) and (not hasattr(range, "__len__") or len(range) != 2 or getattr(range, "ndim", 1) != 1):
        raise ValueError(f"histogram: range is {range!r}, expected (low, high)")
    if is_lazy(bins) or is_lazy(range):
        return lazy_histogram(a, bins, range, weights, density)
    counts, (edges,) = _ops.histogram(engine(a), _bins("histogram", bins, range), _weights(weights), density)
    return Array(counts), edges


def histogram2d(x: Any, y: Any, bins: Any = 10, range: Any = None, normed: bool = False, weights: Any = None, density: bool = False):
    """How many points lie in each bin of two axes; see ``numpy.histogram2d``.

    Parameters
    ----------
    x, y : array_like
        The coordinates of the points, of one shape.
    bins : int, array, or a pair of them
        See `histogram`.
    range : pair of tuple of float, optional
        The ends of each axis.

    Returns
    -------
    tuple of Array, numpy.ndarray and numpy.ndarray
        The counts, and the edges along both axes.
    """
    counts, edges = histogramdd((x, y), bins, range, normed, weights, density)
    return counts, edges[0], edges[1]


def histogramdd(sample: Any, bins: Any, range: Any = None, normed: bool = False, weights: Any = None, density: bool = False):
    """How many points lie in each bin of several axes; see ``numpy.histogramdd``.

    Parameters
    ----------
    sample : array_like of shape (N, D), or sequence of D arrays
        The points, or their coordinates.
    bins : int, or sequence of int and array
        See `histogram`; one for all axes or for each.
    range : sequence of tuple of float, optional
        The ends of each axis.

    Returns
    -------
    tuple of Array and list of numpy.ndarray
        The counts, and the edges along each axis.

    Raises
    ------
    ValueError
        If there are not as many bins as coordinates, or the coordinates have different shapes.
    """
    if normed and density:
        raise TypeError("histogramdd: give normed or density, not both")
    coordinates = [asarray(one) for one in sample] if isinstance(sample, (tuple, list)) else _columns(asarray(sample))
    bins = [bins] * len(coordinates) if isinstance(bins, numbers.Integral) else list(bins)
    if len(bins) != len(coordinates):
        raise ValueError(f"histogramdd: bins are given for {len(bins)} axes, expected them for each of {len(coordinates)} coordinates")
    ranges = [None] * len(bins) if range is None else list(range)
    if len(ranges) != len(bins):
        raise ValueError(f"histogramdd: range has {len(ranges)} entries, expected one for each of {len(bins)} axes")
    axes = [_bins("histogramdd", one, ends) for one, ends in zip(bins, ranges, strict=True)]
    counts, edges = _ops.histogramdd([one._array for one in coordinates], axes, _weights(weights), density or normed)
    return Array(counts), edges


def _columns(points: Array) -> list[Array]:
    if points.ndim != 2:
        raise ValueError(f"histogramdd: the sample has {points.ndim} axes, expected two: points and coordinates")
    return [points[:, number] for number in range(points.shape[1])]


def bincount(x: Any, weights: Any = None, minlength: int = 0, split_every: int | None = None) -> Array:
    """How often each number from 0 on stands in an array of whole numbers; see ``numpy.bincount``.

    The result has ``minlength`` counts; without it, its extent is not known before it is computed.

    Raises
    ------
    ValueError
        If weights have another shape. When it is computed: if a number is negative, or there is one that ``minlength`` leaves
        no count for.

    Examples
    --------
    >>> da.bincount(da.array([0, 1, 1, 3]), minlength=4).compute()
    array([1, 2, 0, 1])
    """
    return Array(_ops.bincount(engine(x), _weights(weights), minlength, split_every))


def unique(ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False):
    """The distinct elements in order; their number is not known before it is computed.

    Parameters
    ----------
    ar : array_like
        The array.
    return_index, return_inverse, return_counts : bool
        Whether to give the positions where they stand first, the position of each element of the flattened array among them, and how often each
        stands.

    Returns
    -------
    Array, or tuple of Array

    Examples
    --------
    >>> da.unique(da.array([3, 1, 3])).compute()
    array([1, 3])
    """
    found = [Array(one) for one in _ops.unique(engine(ar), return_index, return_inverse, return_counts)]
    return found[0] if len(found) == 1 else tuple(found)


def union1d(ar1: Any, ar2: Any) -> Array:
    """The distinct elements that stand in either array, in order."""
    return Array(_ops.union1d(engine(ar1), engine(ar2)))


def isin(element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False) -> Array:
    """Whether each element stands in another array too; the opposite where ``invert`` is set.

    ``assume_unique`` changes nothing: the test elements are made distinct anyway.

    Examples
    --------
    >>> da.isin(da.arange(4), [1, 3]).compute()
    array([False,  True, False,  True])
    """
    return Array(_ops.isin(engine(element), engine(test_elements), invert))


def digitize(a: Any, bins: Any, right: bool = False) -> Array:
    """The number of the bin of each element; ``bins`` are edges in order, in memory.

    Raises
    ------
    ValueError
        If the edges go neither up nor down.

    Examples
    --------
    >>> import numpy as np
    >>> da.digitize(da.array([0.5, 2.5]), np.array([1, 2, 3])).compute()
    array([0, 2])
    """
    return Array(_ops.digitize(engine(a), np.asarray(bins), right))


def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Array:
    """Where each element of ``v`` belongs in ``a``, which has one axis and is in order.

    Raises
    ------
    ValueError
        If ``a`` has another number of axes, or ``side`` is neither "left" nor "right".

    Examples
    --------
    >>> da.searchsorted(da.array([1, 3, 5]), da.array([2, 5])).compute()
    array([1, 2])
    """
    if sorter is not None:
        raise NotImplementedError("searchsorted: sorter= is not there yet; put the array in order first")
    return Array(_ops.searchsorted(engine(a), engine(v), side))
