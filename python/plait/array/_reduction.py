"""Reductions with functions of the user.

What such a function makes of a block may be anything: it stays a delayed value, until the last function makes a block of the result.
"""

from __future__ import annotations

import functools
from typing import Any, Callable

from .. import config
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import delayed
from ._array import Array, into
from ._block_call import checked_elements, found_dtype, takes
from ._encoded import of_values
from ._layout import broadcast_to, rechunk
from ._operands import is_integer
from ._sources import asanyarray


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
        ``chunk(block, axis=, keepdims=True)`` gives an array, a dict of arrays or, with ``concatenate=False``, anything; with
        ``weights``, it gets a block of them as second argument.
    aggregate : callable
        ``aggregate(partials, axis=, keepdims=)``, of the results of ``chunk`` side by side, gives the result.
    axis : int or tuple of int, optional
        The axes that go; default is all.
    keepdims : bool
        Whether they stay with extent 1.
    dtype : numpy.dtype, optional
        Of the result, and given to ``chunk`` and ``aggregate`` if they take it; default is found by calling them on tiny blocks.
    split_every : int or dict of int to int, optional
        How many blocks a task puts together, or how many along each axis; default is the setting ``split_every``, or 4.
    combine : callable, optional
        ``combine(partials, axis=, keepdims=True)``, where blocks are put together before the end; default is ``aggregate``.
    name : str, optional
        What the layers of tasks are called.
    out : Array, optional
        A lazy array that becomes the result.
    concatenate : bool
        Whether the functions get partials joined along the axes, or in a list; in lists of lists for several axes.
    output_size : int
        The extent of the result along the axes, if they stay.
    meta : array, optional
        An array of the result's dtype.
    weights : array_like, optional
        Of the shape of ``x``, or what stretches to it.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If an axis is not there, or if the functions fail on tiny blocks and there is no ``dtype``. When it is computed: if
        ``aggregate`` gives a block of another shape.

    Examples
    --------
    >>> da.reduction(da.arange(10, chunks=3), chunk=np.sum, aggregate=np.sum, dtype=int).compute()
    np.int64(45)
    """
    x = asanyarray(x)
    axes = tuple(range(x.ndim)) if axis is None else tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    axes = tuple(sorted(np.lib.array_utils.normalize_axis_tuple(axes, x.ndim, "axis")))
    every = _every(split_every, axes)
    label = name or getattr(chunk, "__name__", "reduction").strip("<>")
    if dtype is None:
        dtype = getattr(meta, "dtype", None)
    given = {} if dtype is None else {"dtype": np.dtype(dtype)}
    first = functools.partial(chunk, axis=axes, keepdims=True, **(given if takes(chunk, "dtype") else {}))
    last = functools.partial(aggregate, axis=axes, keepdims=keepdims, **(given if takes(aggregate, "dtype") else {}))
    between = functools.partial(combine or aggregate, axis=axes, keepdims=True)
    sources = [x] if weights is None else [x, rechunk(broadcast_to(asanyarray(weights), x.shape), x.chunks)]

    finish = _Together(last, axes, concatenate)
    if dtype is None:
        dtype = found_dtype("reduction", lambda *blocks: finish((1,) * len(axes), first(*blocks)), sources, {})
    on_block = delayed(able_to_travel(_OnOwnBlocks(first), chunk), pure=True, name=f"{label}-partial")
    step = delayed(able_to_travel(_Together(between, axes, concatenate), combine or aggregate), pure=True, name=label)
    end = delayed(able_to_travel(_Last(finish, np.dtype(dtype)), aggregate), pure=True, name=f"{label}-aggregate")

    grids = [source.to_delayed() for source in sources]
    partials = np.empty(x.numblocks, dtype=object)
    for place in np.ndindex(*x.numblocks):
        partials[place] = on_block(*(grid[place] for grid in grids))
    while any(partials.shape[one] > every[one] for one in axes):
        partials = _each_group(partials, every, lambda place, counts, parts: step(counts, *parts))
    kept = [one for one in range(x.ndim) if keepdims or one not in axes]
    chunks = tuple((output_size,) if one in axes else x.chunks[one] for one in kept)

    def ended(place: tuple, counts: tuple, parts: list) -> Any:
        index = tuple(place[one] for one in kept)
        return end(index, tuple(own[i] for own, i in zip(chunks, index, strict=True)), counts, *parts)

    blocks = _each_group(partials, {one: partials.shape[one] for one in axes}, ended)
    return into(out, of_values(list(blocks.ravel()), np.dtype(dtype), chunks, f"{label}-aggregate"))


def _every(split_every: Any, axes: tuple) -> dict[int, int]:
    """How many blocks go together along each axis."""
    if isinstance(split_every, dict):
        every = {one: split_every.get(one, 2) for one in axes}
    else:
        together = split_every or config.get("split_every", 4)
        if not is_integer(together) or together < 2:
            raise ValueError(f"reduction: split_every must be at least 2, found {split_every!r}")
        every = dict.fromkeys(axes, max(int(together ** (1 / max(len(axes), 1))), 2))
    if any(not is_integer(count) or count < 2 for count in every.values()):
        raise ValueError(f"reduction: split_every must be at least 2, found {split_every!r}")
    return every


def _each_group(partials: Any, every: dict[int, int], make: Callable) -> Any:
    """What ``make`` makes of every group of partials: of its place, its extents along the axes that go, and the partials in C order."""
    ranges = [[slice(i, i + every.get(axis, 1)) for i in range(0, extent, every.get(axis, 1))] for axis, extent in enumerate(partials.shape)]
    made = np.empty(tuple(map(len, ranges)), dtype=object)
    for place in np.ndindex(*made.shape):
        group = partials[tuple(own[i] for own, i in zip(ranges, place, strict=True))] if partials.ndim else partials
        made[place] = make(place, tuple(group.shape[axis] for axis in every), list(group.ravel()))
    return made


class _OnOwnBlocks:
    """Calls a function on blocks that it may change."""

    def __init__(self, function: Callable):
        self.function = function

    def __call__(self, *blocks: Any) -> Any:
        return self.function(*(block.copy() for block in blocks))


class _Together:
    """Calls a function on partials in lists, one in another for several axes, or joined along these."""

    def __init__(self, function: Callable, axes: tuple, concatenate: bool):
        self.function, self.axes, self.concatenate = function, axes, concatenate

    def __call__(self, counts: tuple, *partials: Any) -> Any:
        nested = _nested(iter(partials), counts)
        return self.function(_joined(nested, self.axes) if self.concatenate else nested)


def _nested(partials: Any, counts: tuple) -> Any:
    return [_nested(partials, counts[1:]) for _ in range(counts[0])] if counts else next(partials)


def _joined(nested: Any, axes: tuple) -> Any:
    if not axes:
        return nested
    parts = [_joined(part, axes[1:]) for part in nested]
    if isinstance(parts[0], dict):
        return {name: _joined([part[name] for part in parts], axes[:1]) for name in parts[0]}
    join = np.ma.concatenate if any(isinstance(part, np.ma.MaskedArray) for part in parts) else np.concatenate
    return join(parts, axis=axes[0])


class _Last:
    """Makes a block of the result of partials."""

    def __init__(self, together: _Together, dtype: Any):
        self.together, self.dtype = together, dtype

    def __call__(self, index: tuple, shape: tuple, counts: tuple, *partials: Any) -> Any:
        return checked_elements("reduction", self.together(counts, *partials), self.dtype, index, shape)
