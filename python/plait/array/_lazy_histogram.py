"""Histograms whose edges only computing tells: NumPy's counts of every block, added up."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ..delayed import Delayed, delayed
from ._array import Array
from ._encoded import of_values
from ._from_delayed import from_delayed
from ._sources import asarray


def is_lazy(x: Any) -> bool:
    """Whether an argument is lazy, or a list with something lazy in it."""
    return isinstance(x, (Array, Delayed)) or isinstance(x, (list, tuple)) and any(map(is_lazy, x))


def lazy_histogram(a: Any, bins: Any, range: Any, weights: Any, density: bool) -> tuple[Array, Array]:
    """The counts, and the edges, of which something is lazy.

    Raises
    ------
    ValueError
        If ``bins`` are a number and ``range`` is missing, or edges along more than one axis.
    NotImplementedError
        If the number of bins is lazy and a density is asked for.
    """
    a = asarray(a)
    edges = _edges(bins, range, density)
    if edges.ndim != 1:
        raise ValueError(f"histogram: bins must be edges along one axis, found them in the shape {edges.shape}")
    grids = [a.to_delayed().ravel()]
    dtype = np.dtype(np.int64)
    if weights is not None:
        weights = asarray(weights)
        if weights.shape != a.shape:
            raise ValueError(f"histogram: weights have the shape {weights.shape}, but the array has {a.shape}")
        grids.append(weights.rechunk(a.chunks).to_delayed().ravel())
        dtype = weights.dtype
    count = delayed(_counted, pure=True, name="histogram")
    (whole,) = edges.rechunk(-1).to_delayed()
    counts = delayed(_added, pure=True, name="histogram-sum")([count(whole, *blocks) for blocks in zip(*grids, strict=True)], whole, density)
    return of_values([counts], np.dtype(float) if density else dtype, ((edges.shape[0] - 1,),), "histogram-sum"), edges


def _edges(bins: Any, range: Any, density: bool) -> Array:
    if isinstance(bins, Delayed):
        is_number = bins._nout < 2
        edges = None if is_number else from_delayed(bins, (bins._nout,))
    elif is_lazy(bins):
        edges = asarray(bins)
        is_number = edges.ndim == 0
    else:
        is_number = np.ndim(bins) == 0
        edges = None if is_number else asarray(np.asarray(bins))
    if edges is not None and not is_number:
        return edges
    if range is None:
        raise ValueError("histogram: bins are a number; give range=(low, high), too")
    if density and is_lazy(bins):
        raise NotImplementedError("histogram: with density=True, the number of bins cannot be lazy; compute it first, or give lazy edges")
    spread = delayed(_spread, pure=True, name="linspace")(bins, range)
    return from_delayed(spread, (np.nan if is_lazy(bins) else int(bins) + 1,), dtype=float)


def _spread(bins: Any, ends: Any) -> Any:
    return np.linspace(float(ends[0]), float(ends[1]), int(bins) + 1)


def _counted(edges: Any, block: Any, weights: Any = None) -> Any:
    return np.histogram(block, edges, weights=weights)[0]


def _added(counts: list, edges: Any, density: bool) -> Any:
    total = sum(counts[1:], start=counts[0])
    return total / np.diff(edges) / total.sum() if density else total
