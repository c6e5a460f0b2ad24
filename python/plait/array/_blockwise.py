"""Python functions on blocks that are matched by the names of their axes: blockwise."""

from __future__ import annotations

import numbers
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._block_call import BlockCall, Blocks, call_blocks, found_dtype
from ._sources import asarray

_ops = _plait.arrays


def blockwise(
    func,
    out_ind: Any,
    *args: Any,
    name: str | None = None,
    token: str | None = None,
    dtype: Any = None,
    adjust_chunks: dict | None = None,
    new_axes: dict | None = None,
    align_arrays: bool = True,
    concatenate: bool | None = None,
    meta: Any = None,
    **kwargs: Any,
) -> Array:
    """Apply a Python function to the blocks that the names of axes bring together.

    Parameters
    ----------
    func : callable
        Takes blocks and gives a block. Along an axis that ``out_ind`` does not name it gets all blocks: as one NumPy array if
        ``concatenate`` is true, else as a list, nested for several such axes.
    out_ind : iterable
        The names of the result's axes, such as ``"ij"``.
    *args : object
        Arrays, each followed by the names of its axes; or other arguments, each followed by None.
    dtype : numpy.dtype, optional
        Of the result; default is found by calling ``func`` on tiny blocks.
    adjust_chunks : dict, optional
        Name of an axis -> what its chunks become: a function of each extent, one extent or all.
    new_axes : dict, optional
        Name of an axis that no array has -> its extent, or the extents of its blocks.
    **kwargs : object
        Further arguments of ``func``.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If axes of one name differ in extent, or an axis of the result has no extent.
    """
    out_ind = tuple(out_ind)
    pairs = [(args[i], None if args[i + 1] is None else tuple(args[i + 1])) for i in range(0, len(args), 2)]
    pairs = [(x if names is None else asarray(x), names) for x, names in pairs]
    for x, names in pairs:
        if names is not None and len(names) != x.ndim:
            raise ValueError(f"blockwise: {len(names)} names are given for the axes of an array with {x.ndim}")
    blocks_of = _common_blocks([(x, names) for x, names in pairs if names is not None], align_arrays)
    for axis, extents in (new_axes or {}).items():
        blocks_of[axis] = (extents,) if isinstance(extents, numbers.Integral) else tuple(extents)
    missing = [axis for axis in out_ind if axis not in blocks_of]
    if missing:
        raise ValueError(f"blockwise: axis {missing[0]!r} of the result is in no array; give its extent in new_axes=")

    places, arrays, axes = [], [], []
    for x, names in pairs:
        if names is None:
            places.append(x)
            continue
        x = x.rechunk(tuple(own if own == (1,) else blocks_of[axis] for own, axis in zip(x.chunks, names, strict=True)))
        places.append(Blocks(() if concatenate else tuple(x.numblocks[i] for i, axis in enumerate(names) if axis not in out_ind)))
        arrays.append(x)
        axes.append([out_ind.index(axis) if axis in out_ind else -1 for axis in names])
    if dtype is None:
        dtype = meta.dtype if meta is not None else found_dtype("blockwise", func, [x for x, _ in pairs], kwargs)
    chunks = tuple(_adjusted(blocks_of[axis], (adjust_chunks or {}).get(axis)) for axis in out_ind)
    label = name or token or getattr(func, "__name__", "blockwise").strip("<>")
    call = BlockCall(func, places, kwargs, np.dtype(dtype), "blockwise")
    return call_blocks(arrays, call, label, chunks, axes, join=bool(concatenate))


def _common_blocks(arrays: list, align: bool) -> dict:
    """Name of an axis -> the extents of its blocks, cut wherever one of the arrays is."""
    found: dict = {}
    for array, names in arrays:
        for blocks, axis in zip(array.chunks, names, strict=True):
            found.setdefault(axis, []).append(blocks)
    if not align:
        return {axis: next((blocks for blocks in every if blocks != (1,)), every[0]) for axis, every in found.items()}
    return {axis: _ops.common_chunks([(blocks,) for blocks in every], f"blockwise: axis {axis!r}")[0] for axis, every in found.items()}


def _adjusted(blocks: tuple, how: Any) -> tuple:
    if how is None:
        return blocks
    if callable(how):
        return tuple(how(extent) for extent in blocks)
    if isinstance(how, numbers.Number):
        return (how,) * len(blocks)
    if len(tuple(how)) != len(blocks):
        raise ValueError(f"blockwise: adjust_chunks gives {len(tuple(how))} extents along an axis with {len(blocks)} blocks")
    return tuple(how)
