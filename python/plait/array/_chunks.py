"""Chunks as users write them, made explicit."""

from __future__ import annotations

from typing import Any

from .. import _plait


class PerformanceWarning(Warning):
    """What programs silence that were written for Dask; nothing here warns so."""


def normalize_chunks(chunks: Any, shape: Any = None, limit: Any = None, dtype: Any = None, previous_chunks: tuple | None = None) -> tuple[tuple[int, ...], ...]:
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
    if dtype is None and _mentions_auto(chunks):
        raise TypeError("chunks: 'auto' needs the dtype; give dtype=")
    return _plait.arrays.normalize_chunks(chunks, shape, dtype or float, limit, previous_chunks)


def _mentions_auto(chunks: Any) -> bool:
    items = chunks.values() if isinstance(chunks, dict) else chunks if isinstance(chunks, (tuple, list)) else [chunks]
    return any(isinstance(item, str) for item in items)


normalize_chunks_cached = normalize_chunks  # which is quick anyway
