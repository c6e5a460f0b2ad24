"""Counting and looking up: histogram, bincount, unique, isin, digitize, searchsorted."""

from __future__ import annotations

import math
import numbers
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._block_call import BlockCall, Blocks, call_blocks
from ._sources import asarray


def _flat(x: Any) -> Array:
    x = asarray(x)
    return x if x.ndim == 1 else x.ravel()


def _all_blocks(x: Array) -> Blocks:
    return Blocks(x.numblocks, tuple(range(x.ndim)))


def _block_histogram(block: np.ndarray, edges: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    return np.histogram(block, edges, weights=weights)[0][None]


def histogram(a: Any, bins: Any = None, range: Any = None, normed: bool = False, weights: Any = None, density: bool = False):
    """How many elements lie in each bin.

    Parameters
    ----------
    a : array_like
        The elements.
    bins : int or array
        The number of bins between the ends of ``range``, or their edges.
    range : tuple of float, optional
        The ends of the first and the last bin.
    weights : array_like, optional
        What each element counts, in the shape of ``a``.
    density : bool
        Whether to give the density instead, whose integral is one.

    Returns
    -------
    tuple of Array and numpy.ndarray
        The counts and the edges.

    Raises
    ------
    ValueError
        If ``bins`` is a number and ``range`` is missing: the ends would have to be computed first.
    """
    if isinstance(bins, (Array, str)) or isinstance(range, Array):
        raise NotImplementedError("histogram: lazy or automatic bins are not there yet; compute the edges first")
    if bins is None or isinstance(bins, numbers.Integral) and range is None:
        raise ValueError(
            "histogram: bins must be edges, or a number with range=(low, high); the ends could be x.min().compute(), x.max().compute()"
        )
    edges = np.histogram_bin_edges(np.empty(0), bins, range)
    a = _flat(a)
    arrays, places = [a], [Blocks()]
    dtype = np.dtype(np.int64)
    if weights is not None:
        weights = _flat(weights)
        if weights.shape != a.shape:
            raise ValueError(f"histogram: the weights have {weights.size} elements, but the array has {a.size}")
        arrays.append(weights.rechunk(a.chunks))
        places = [Blocks(), edges, Blocks()]
        dtype = np.histogram(np.ones(1, dtype=a.dtype), edges, weights=np.ones(1, dtype=weights.dtype))[0].dtype
    else:
        places = [Blocks(), edges]
    call = BlockCall(_block_histogram, places, {}, dtype, "histogram")
    counts = call_blocks(arrays, call, "histogram", ((1,) * a.npartitions, (len(edges) - 1,)), [[0]] * len(arrays)).sum(axis=0)
    if density or normed:
        counts = counts / asarray(np.diff(edges)) / counts.sum()
    return counts, edges


def _joined_counts(parts: list, minlength: int) -> np.ndarray:
    longest = max(len(part) for part in parts)
    if minlength and longest > minlength:
        raise ValueError(
            f"bincount: the array holds {longest - 1}, but minlength={minlength} promised {minlength} counts; give minlength={longest}, or 0"
        )
    total = np.zeros(max([minlength, *(len(part) for part in parts)]), dtype=np.result_type(*parts))
    for part in parts:
        total[: len(part)] += part
    return total


def bincount(x: Any, weights: Any = None, minlength: int = 0, split_every: Any = None) -> Array:
    """How often each number from 0 on stands in an array of whole numbers; see ``numpy.bincount``.

    The result has ``minlength`` counts; without it, its extent is not known before it is computed.

    Raises
    ------
    ValueError
        If weights have another shape. When it is computed: if a number is negative, or there is one that ``minlength`` leaves
        no count for.
    """
    x = asarray(x)
    if x.ndim != 1:
        raise ValueError(f"bincount: the array has {x.ndim} axes, expected one")
    arrays, places, dtype = [x], [Blocks()], np.dtype(np.int64)
    if weights is not None:
        weights = asarray(weights)
        if weights.shape != x.shape:
            raise ValueError(f"bincount: the weights have shape {weights.shape}, but the array has {x.shape}")
        arrays, places, dtype = [x, weights.rechunk(x.chunks)], [Blocks(), Blocks()], np.dtype(np.float64)
    unknown = ((math.nan,) * x.npartitions,)
    call = BlockCall(np.bincount, places, {"minlength": minlength}, dtype, "bincount")
    parts = call_blocks(arrays, call, "bincount", unknown, [[0]] * len(arrays))
    together = Blocks((x.npartitions,), (0,), concatenate=False)
    call = BlockCall(_joined_counts, [together, minlength], {}, dtype, "bincount")
    return call_blocks([parts], call, "bincount", ((minlength or math.nan,),), [[-1]])


class _UniquePart:
    """One of the arrays that numpy.unique gives."""

    def __init__(self, number: int, asked: dict):
        self.number, self.asked = number, asked

    def __call__(self, block: np.ndarray) -> np.ndarray:
        found = np.unique(block.ravel(), **self.asked)
        return found[self.number] if isinstance(found, tuple) else found


def unique(ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False):
    """The distinct elements in order; their number is not known before it is computed.

    Parameters
    ----------
    ar : array_like
        The array.
    return_index, return_inverse, return_counts : bool
        Whether to give the positions where they stand first, the position of each element among them, and how often each
        stands; then all elements come together in one task.

    Returns
    -------
    Array, or tuple of Array
    """
    ar = _flat(ar)
    asked = {"return_index": return_index, "return_inverse": return_inverse, "return_counts": return_counts}
    if not any(asked.values()):
        call = BlockCall(np.unique, [Blocks()], {}, ar.dtype, "unique")
        ar = call_blocks([ar], call, "unique", ((math.nan,) * ar.npartitions,), [[0]])
        return call_blocks([ar], BlockCall(np.unique, [_all_blocks(ar)], {}, ar.dtype, "unique"), "unique", ((math.nan,),), [[-1]])
    results = []
    wanted = ["values", *(name for name, is_asked in asked.items() if is_asked)]
    for number, name in enumerate(wanted):
        dtype = ar.dtype if name == "values" else np.dtype(np.intp)
        extent = ar.shape[0] if name == "return_inverse" else math.nan
        call = BlockCall(_UniquePart(number, asked), [_all_blocks(ar)], {}, dtype, "unique")
        results.append(call_blocks([ar], call, "unique", ((extent,),), [[-1]]))
    return tuple(results)


def isin(element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False) -> Array:
    """Whether each element stands in another array too."""
    element, test_elements = asarray(element), asarray(test_elements)
    everything = {"assume_unique": assume_unique, "invert": invert}
    call = BlockCall(np.isin, [Blocks(), _all_blocks(test_elements)], everything, np.dtype(bool), "isin")
    axes = [list(range(element.ndim)), [-1] * test_elements.ndim]
    return call_blocks([element, test_elements], call, "isin", element.chunks, axes)


def digitize(a: Any, bins: Any, right: bool = False) -> Array:
    """The number of the bin of each element; ``bins`` are edges in order, in memory."""
    a, bins = asarray(a), np.asarray(bins)
    dtype = np.digitize(np.ones(1, dtype=a.dtype), bins, right=right).dtype
    call = BlockCall(np.digitize, [Blocks(), bins], {"right": right}, dtype, "digitize")
    return call_blocks([a], call, "digitize", a.chunks, [list(range(a.ndim))])


def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Array:
    """Where each element of ``v`` belongs in ``a``, which has one axis and is in order."""
    if sorter is not None:
        raise NotImplementedError("searchsorted: sorter= is not there yet; put the array in order first")
    a, v = asarray(a), asarray(v)
    if a.ndim != 1:
        raise ValueError(f"searchsorted: the array has {a.ndim} axes, expected one")
    call = BlockCall(np.searchsorted, [_all_blocks(a), Blocks()], {"side": side}, np.dtype(np.intp), "searchsorted")
    return call_blocks([a, v], call, "searchsorted", v.chunks, [[-1], list(range(v.ndim))])
