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
        Chunks along whose boundaries ``"auto"`` cuts; one extent for all blocks of an axis will do.

    Returns
    -------
    tuple of tuple of int
        The extents of the blocks along each axis.

    Raises
    ------
    ValueError
        If the chunks do not fit the shape, or do not say the blocks of an axis whose extent is not known.
    """
    if shape is None:
        return tuple(tuple(blocks) for blocks in chunks)
    if dtype is None and _mentions_auto(chunks):
        raise TypeError("chunks: 'auto' needs the dtype; give dtype=")
    if any(extent != extent for extent in shape):
        return _beside_unknown(chunks, shape, limit, dtype, previous_chunks)
    if previous_chunks is not None:
        previous_chunks = tuple(map(_all_blocks, previous_chunks, shape))
    return _plait.arrays.normalize_chunks(chunks, shape, dtype or float, limit, previous_chunks)


def _all_blocks(own: Any, extent: int) -> Any:
    """The blocks of an axis, of which one may stand for all."""
    one = own if isinstance(own, int) else own[0] if len(own) == 1 else None
    return own if one is None or one == extent else _plait.arrays.normalize_chunks((one,), (extent,), float)[0]


def _beside_unknown(chunks: Any, shape: tuple, limit: Any, dtype: Any, previous_chunks: Any) -> tuple:
    """Chunks of a shape in which extents are not known: those of such axes are said, block by block."""
    each = tuple(chunks) if isinstance(chunks, (tuple, list)) and len(chunks) == len(shape) else (chunks,) * len(shape)
    known = [axis for axis, extent in enumerate(shape) if extent == extent]
    if any(not isinstance(each[axis], (tuple, list)) for axis in range(len(shape)) if axis not in known):
        raise ValueError(f"chunks: the shape is {shape}, of which an extent is not known; such axes cannot be cut (auto or not): give the extent of each block, nan")
    previous = None if previous_chunks is None else tuple(previous_chunks[axis] for axis in known)
    cut = normalize_chunks(tuple(each[axis] for axis in known), tuple(shape[axis] for axis in known), limit, dtype, previous) if known else ()
    found = dict(zip(known, cut, strict=True))
    return tuple(found[axis] if axis in found else tuple(own) for axis, own in enumerate(each))


def _mentions_auto(chunks: Any) -> bool:
    items = chunks.values() if isinstance(chunks, dict) else chunks if isinstance(chunks, (tuple, list)) else [chunks]
    return any(isinstance(item, str) for item in items)


normalize_chunks_cached = normalize_chunks  # which is quick anyway
