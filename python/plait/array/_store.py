"""Writing arrays block by block into what can be sliced."""

from __future__ import annotations

import contextlib
from typing import Any

from .._lazy import numpy as np
from ..base import compute as _compute
from ._array import Array
from ._block_call import BlockCall, BlockInfo, Blocks, call_blocks
from ._sources import PieceLock


class _WriteBlock:
    """Writes one block to its place."""

    def __init__(self, target: Any, region: tuple | None, lock: Any):
        self.target, self.region, self.lock = target, region, lock

    def __call__(self, block: np.ndarray, block_info: dict) -> np.ndarray:
        place = tuple(slice(start, end) for start, end in block_info[0]["array-location"])
        if self.region is not None:
            place = tuple(_within(outer, inner) for outer, inner in zip(self.region, place, strict=True))
        with self.lock if self.lock is not None else contextlib.nullcontext():
            self.target[place] = block
        return np.zeros((1,) * block.ndim, dtype=bool)


def _within(outer: slice, inner: slice) -> slice:
    step = outer.step or 1
    start = (outer.start or 0) + inner.start * step
    return slice(start, start + (inner.stop - inner.start) * step, step)


def store(
    sources: Any, targets: Any, lock: Any = True, regions: Any = None, compute: bool = True, return_stored: bool = False, **kwargs: Any
):
    """Write arrays into objects that take ``target[slices] = block``, such as datasets in files, block by block.

    Parameters
    ----------
    sources : Array or list of Array
        What to write.
    targets : object or list of object
        Where to; one for each source.
    lock : bool or lock
        Whether only one thread at a time may write. A lock shares that with others.
    regions : tuple of slice or list of them, optional
        The place in each target.
    compute : bool
        Whether to write at once; if not, the result of this function must be computed.
    **kwargs : object
        Arguments of `plait.compute`.

    Raises
    ------
    ValueError
        If there are not as many targets as sources, or if one has another shape.
    TypeError
        When it is computed: if the target is memory of this process and the scheduler ``"processes"``.
    """
    if return_stored:
        raise NotImplementedError("store: return_stored=True is not there yet; read the target with from_array")
    sources = [sources] if isinstance(sources, Array) else list(sources)
    targets = list(targets) if isinstance(targets, (list, tuple)) else [targets]
    if len(sources) != len(targets):
        raise ValueError(f"store: {len(sources)} arrays are given for {len(targets)} targets; give as many of each")
    for source in sources:
        if not isinstance(source, Array):
            raise TypeError(f"store: a source is a {type(source).__name__}, expected a lazy array")
    regions = list(regions) if isinstance(regions, list) else [regions] * len(sources)
    shared = PieceLock() if lock is True else lock or None
    written = [_written(*one, shared) for one in zip(sources, targets, regions, strict=True)]
    if not compute:
        return written[0] if len(written) == 1 else written
    _compute(*written, **kwargs)
    return None


def _written(source: Array, target: Any, region: Any, lock: Any) -> Array:
    place = getattr(target, "shape", None) if region is None else None
    if place is not None and tuple(place) != source.shape:
        raise ValueError(f"store: the array has shape {source.shape}, but the target has {tuple(place)}; give regions= for a part")
    write = _WriteBlock(target, region, lock)
    chunks = tuple((1,) * count for count in source.numblocks)
    axes = list(range(source.ndim))
    about = BlockInfo(write, {0: source}, chunks, {0: axes}, np.dtype(bool))
    call = BlockCall(write, [Blocks()], {}, np.dtype(bool), "store", about)
    is_ours = isinstance(target, np.ndarray) and not isinstance(target, np.memmap)
    why_here = "the target of store is memory of this process" if is_ours else None
    return call_blocks([source], call, "store", chunks, [axes], why_here).all()
