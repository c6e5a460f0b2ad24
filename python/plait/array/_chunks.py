"""Chunks as users write them, made explicit."""

from __future__ import annotations

import math
from typing import Any

from .._lazy import numpy as np
from .. import _plait

_ops = _plait.arrays


def with_nan(chunks: tuple) -> tuple:
    """Unknown extents, None in the engine, as NaN."""
    return tuple(tuple(math.nan if extent is None else extent for extent in blocks) for blocks in chunks)


def without_nan(chunks: tuple) -> tuple:
    """NaN extents as the engine takes them."""
    return tuple(tuple(None if extent != extent else extent for extent in blocks) for blocks in chunks)


def explicit(what: str, chunks: Any, shape: tuple, dtype: Any, previous: tuple | None = None) -> tuple:
    """The extents of all blocks along each axis; errors begin with ``what``."""
    if isinstance(chunks, np.ndarray):
        chunks = chunks.tolist()
    return _ops.normalize_chunks(what, chunks, shape, np.dtype(dtype), previous)


def normalize_chunks(
    chunks: Any, shape: Any = None, limit: Any = None, dtype: Any = None, previous_chunks: tuple | None = None
) -> tuple[tuple[int, ...], ...]:
    """Make chunks explicit.

    Parameters
    ----------
    chunks : int, str, tuple, list or dict
        Blocks of one extent, ``"auto"``, a size such as ``"100MiB"``, -1 or None for whole axes, or the extents of all
        blocks along each axis.
    shape : tuple of int
        The array's shape.
    limit : int or str, optional
        The size in bytes that ``"auto"`` aims at; default is the setting ``array.chunk-size``.
    dtype : numpy.dtype, optional
        Of the elements; needed by ``"auto"``.
    previous_chunks : tuple of tuple of int, optional
        Chunks along whose boundaries ``"auto"`` cuts.

    Returns
    -------
    tuple of tuple of int
        The extents of the blocks along each axis.

    Raises
    ------
    ValueError
        If the chunks do not fit the shape.
    """
    if shape is None:
        return tuple(tuple(blocks) for blocks in chunks)
    if isinstance(shape, int):
        shape = (shape,)
    if dtype is None:
        if _mentions_auto(chunks):
            raise TypeError("chunks: 'auto' needs the dtype; give dtype=")
        dtype = np.float64
    if limit is not None:
        limit = limit if isinstance(limit, str) else f"{int(limit)}B"
        chunks = _with_limit(chunks, limit)
    return with_nan(explicit("chunks", chunks, tuple(shape), dtype, previous_chunks))


def _mentions_auto(chunks: Any) -> bool:
    if isinstance(chunks, str):
        return True
    if isinstance(chunks, dict):
        chunks = chunks.values()
    return isinstance(chunks, (tuple, list)) and any(isinstance(item, str) for item in chunks)


def _with_limit(chunks: Any, limit: str) -> Any:
    if chunks == "auto":
        return limit
    if isinstance(chunks, dict):
        return {axis: _with_limit(item, limit) for axis, item in chunks.items()}
    if isinstance(chunks, (tuple, list)):
        return tuple(_with_limit(item, limit) if isinstance(item, str) else item for item in chunks)
    return chunks
