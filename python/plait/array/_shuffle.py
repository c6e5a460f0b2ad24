"""Elements along an axis in groups of places, each group within one block."""

from __future__ import annotations

import math
from typing import Any

from .. import config
from .._lazy import numpy as np
from ._array import Array
from ._operands import is_integer
from ._pieces import checked_axis
from ._sources import asarray


def shuffle(x: Any, indexer: list, axis: int, chunks: Any = "auto") -> Array:
    """The elements along an axis in groups of places, none of which is in two blocks.

    Blocks take as many groups as keep them about as large as they were. Where a group alone is larger than a block, the blocks are cut along
    the other axes.

    Parameters
    ----------
    x : array_like
        The array.
    indexer : list of list of int
        The places of each group.
    axis : int
        The axis.
    chunks : "auto"
        Taken for Dask's sake.

    Raises
    ------
    ValueError
        If there is no such axis, a group is empty, or an extent is not known.
    IndexError
        If there is no such place.

    Examples
    --------
    >>> da.shuffle(da.arange(5, chunks=2), [[4, 0], [1, 2, 3]], axis=0).chunks
    ((2, 3),)
    """
    x = asarray(x)
    axis = checked_axis("shuffle", axis, x.ndim)
    if not isinstance(indexer, list) or not all(isinstance(group, list) and group and all(map(is_integer, group)) for group in indexer):
        raise ValueError("shuffle: indexer must be a list of lists of places, none of them empty")
    if chunks != "auto":
        raise NotImplementedError(f"shuffle: chunks={chunks!r} is not there; expected 'auto'")
    if any(extent != extent for extent in x.shape):
        raise ValueError(f"shuffle: the array has shape {x.shape}, of which an extent is not known; call compute_chunk_sizes() first")
    places = np.concatenate([np.asarray(group) for group in indexer]) if indexer else np.zeros(0, dtype=np.int64)
    if places.size and not (0 <= places.min() and places.max() < x.shape[axis]):
        raise IndexError(f"shuffle: the places run from {places.min()} to {places.max()}, but the axis has {x.shape[axis]} elements")
    lengths = list(map(len, indexer))
    own = x.chunks[axis]
    if tuple(lengths) == own and (places == np.arange(len(places))).all():
        return x
    tolerance = float(config.get("array.chunk-size-tolerance"))
    others = _other_axes(x.chunks, axis, max(lengths, default=0), tolerance)
    filled = _filled(lengths, sum(own) / len(own), tolerance)
    return x.rechunk(others)[(*(slice(None),) * axis, places)].rechunk({axis: filled or (0,)})


def _filled(lengths: list[int], mean: float, tolerance: float) -> tuple[int, ...]:
    """The extents of blocks that take groups of these lengths: one is closed when it is as large as blocks were, or would be much larger."""
    limit = int(mean * tolerance)
    blocks: list[int] = []
    filling = 0
    for length in lengths:
        if filling and filling + length > limit:
            blocks.append(filling)
            filling = length
            continue
        filling += length
        if filling > limit / tolerance:
            blocks.append(filling)
            filling = 0
    return (*blocks, filling) if filling else tuple(blocks)


def _other_axes(chunks: tuple, axis: int, longest: int, tolerance: float) -> dict[int, tuple[int, ...]]:
    """The other axes cut so that a block which a long group fills holds no more elements than the largest did."""
    most = max(math.prod(map(max, chunks)), 1)
    if longest <= max(chunks[axis]) * tolerance:
        return {}
    found = {i: own for i, own in enumerate(chunks) if i != axis}
    open_axes = set(found)
    while open_axes:
        excess = longest * math.prod(map(max, found.values())) / most
        if excess <= 1:
            break
        share = excess ** (1 / len(open_axes))
        for i in list(open_axes):
            cut = tuple(part for extent in chunks[i] for part in _parts(extent, max(found[i]) / share, tolerance))
            if cut == found[i] or max(cut) == 1:
                open_axes.remove(i)
            found[i] = cut
    return found


def _parts(extent: int, limit: float, tolerance: float) -> list[int]:
    """A block's extent as about equal ones within the limit, the larger ones first."""
    if extent <= tolerance * limit:
        return [extent]
    count = min(math.ceil(extent / limit), extent)
    size, rest = divmod(extent, count)
    return [size + 1] * rest + [size] * (count - rest)
