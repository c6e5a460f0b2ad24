"""Reductions with functions of the user."""

from __future__ import annotations

import functools
from typing import Any, Callable

from .._lazy import numpy as np
from ._array import Array
from ._layout import broadcast_to, rechunk
from ._map_blocks import map_blocks
from ._sources import asanyarray

_BLOCKS_A_TASK = 4


def reduction(
    x: Any,
    chunk: Callable,
    aggregate: Callable,
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = None,
    split_every: Any = None,
    combine: Callable | None = None,
    name: str | None = None,
    out: Any = None,
    concatenate: bool = True,
    output_size: int = 1,
    meta: Any = None,
    weights: Any = None,
) -> Array:
    """A reduction: a function of every block, and others of what it gives, a few blocks at a time.

    Parameters
    ----------
    x : array_like
        What is reduced.
    chunk : callable
        ``chunk(block, axis=, keepdims=True)`` gives an array with ``output_size`` elements along the axes; with ``weights``, it
        gets a block of them as second argument.
    aggregate : callable
        ``aggregate(partials, axis=, keepdims=)``, of the results of ``chunk`` side by side, gives the result.
    axis : int or tuple of int, optional
        The axes that go; default is all.
    keepdims : bool
        Whether they stay with extent 1.
    dtype : numpy.dtype, optional
        Of the result; default is found by calling the functions on tiny blocks.
    split_every : int or dict of int to int, optional
        How many blocks along an axis a task puts together; default is 4.
    combine : callable, optional
        ``combine(partials, axis=, keepdims=True)``, where blocks are put together before the end; default is ``aggregate``.
    name : str, optional
        What the layers of tasks are called.
    weights : array_like, optional
        Of the shape of ``x``, or what stretches to it.

    Returns
    -------
    Array

    Raises
    ------
    NotImplementedError
        For ``concatenate=False`` (functions of lists of partials) and ``out=``.
    ValueError
        If an axis is not there, or when it is computed: if a function gives a block of another shape.

    Examples
    --------
    >>> da.reduction(da.arange(10, chunks=3), chunk=np.sum, aggregate=np.sum, dtype=int).compute()
    np.int64(45)
    """
    if not concatenate:
        raise NotImplementedError("reduction: concatenate=False is not there; let chunk give arrays, and aggregate take them side by side")
    if out is not None:
        raise NotImplementedError("reduction: out= is not there; use the result")
    x = asanyarray(x)
    axes = tuple(range(x.ndim)) if axis is None else tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    axes = tuple(sorted(np.lib.array_utils.normalize_axis_tuple(axes, x.ndim, "axis")))
    label = name or getattr(chunk, "__name__", "reduction").strip("<>")
    step = functools.partial(_stepped, axes=axes, extent=output_size, label=label)
    blocks = [x] if weights is None else [x, rechunk(broadcast_to(asanyarray(weights), x.shape), x.chunks)]
    partial = step(functools.partial(chunk, axis=axes if x.ndim else (), keepdims=True), *blocks)
    every = {a: (split_every.get(a, 2) if isinstance(split_every, dict) else split_every or _BLOCKS_A_TASK) for a in axes}
    if any(not isinstance(n, (int, np.integer)) or n < 2 for n in every.values()):
        raise ValueError(f"reduction: split_every must be at least 2, found {split_every!r}")
    while any(partial.numblocks[a] > every[a] for a in axes):
        together = {a: int(every[a]) * output_size for a in axes}
        partial = step(functools.partial(combine or aggregate, axis=axes, keepdims=True), rechunk(partial, together))
    whole = rechunk(partial, {a: -1 for a in axes})
    last = functools.partial(aggregate, axis=axes, keepdims=keepdims)
    if dtype is None and meta is not None:
        dtype = getattr(meta, "dtype", None)
    if keepdims:
        return map_blocks(last, whole, dtype=dtype, chunks=_with_extent(whole, axes, 1), name=label + "-aggregate")
    return map_blocks(last, whole, dtype=dtype, drop_axis=list(axes), name=label + "-aggregate")


def _stepped(function: Callable, *blocks: Array, axes: tuple, extent: int, label: str) -> Array:
    return map_blocks(function, *blocks, chunks=_with_extent(blocks[0], axes, extent), name=label)


def _with_extent(x: Array, axes: tuple, extent: int) -> tuple:
    return tuple((extent,) * len(extents) if a in axes else extents for a, extents in enumerate(x.chunks))
