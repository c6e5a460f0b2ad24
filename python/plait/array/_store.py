"""Writing arrays block by block into what can be sliced."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from .._travel import HereOnly, able_to_travel
from ..base import compute as _compute
from ..base import persist as _persist
from ..delayed import Delayed, delayed
from ._array import Array
from ._creation import zeros
from ._encoded import of_values
from ._sources import PieceLock, from_array


class _Target:
    """Takes blocks, one at a time if there is a lock."""

    def __init__(self, target: Any, lock: Any):
        self.target, self.lock = target, lock

    def __call__(self, place: tuple, block: np.ndarray) -> None:
        with self.lock if self.lock is not None else contextlib.nullcontext():
            self.target[place] = block


class _WriteAndLoad(_Target):
    """Gives what the target holds afterwards."""

    def __call__(self, place: tuple, block: np.ndarray) -> Any:
        with self.lock if self.lock is not None else contextlib.nullcontext():
            self.target[place] = block
            return np.array(self.target[place])  # blocks never change, the target may


class _Stored:
    """A region of a target as data that is read piece by piece."""

    def __init__(self, target: Any, region: tuple, like: Array):
        self.target, self.region = target, region
        self.shape, self.dtype, self.ndim = like.shape, getattr(target, "dtype", like.dtype), like.ndim

    def __getitem__(self, place: tuple) -> Any:
        return self.target[_within(self.region, place, getattr(self.target, "shape", None))]


def _within(region: tuple, place: tuple, shape: tuple | None) -> tuple:
    """The place in a target of a place in a region of it."""
    axes = []
    for axis, own in enumerate(place):
        part = region[axis] if axis < len(region) else slice(None)
        start, _, step = part.indices(shape[axis]) if shape is not None else (part.start or 0, None, part.step or 1)
        axes.append(slice(start + own.start * step, start + own.stop * step, step))
    return tuple(axes)


def places_of(x: Array) -> list[tuple]:
    """Where each block of an array stands in it, as slices."""
    axes = [[slice(end - extent, end) for extent, end in zip(own, itertools.accumulate(own), strict=True)] for own in x.chunks]
    return list(itertools.product(*axes))


def store(
    sources: Any,
    targets: Any,
    lock: Any = True,
    regions: Any = None,
    compute: bool = True,
    return_stored: bool = False,
    load_stored: bool | None = None,
    **kwargs: Any,
) -> Any:
    """Write arrays into objects that take ``target[slices] = block``, such as datasets in files, block by block.

    Parameters
    ----------
    sources : Array or list of Array
        What to write.
    targets : object or list of object
        Where to; one for each source. A delayed value is made once, when the first block is written.
    lock : bool or lock
        Whether only one thread at a time may write. A lock shares that with others.
    regions : tuple of slice or list of them, optional
        The place in each target.
    compute : bool
        Whether to write at once; if not, the result of this function must be computed.
    return_stored : bool
        Whether to give lazy arrays of what the targets hold: one for one source, else a tuple.
    load_stored : bool, optional
        Whether the blocks of these are read by the tasks that write them, and stay in memory where ``compute`` is true; else they are
        read when they are computed. Default is whether ``compute`` is false; without it they are read so in any case.
    **kwargs : object
        Arguments of `plait.compute`.

    Raises
    ------
    ValueError
        If there are not as many targets or regions as sources, or if an array does not fit its target or region.
    TypeError
        When it is computed: if the target is memory of this process and the scheduler ``"processes"``.

    Examples
    --------
    >>> import numpy as np
    >>> target = np.zeros(3)
    >>> da.store(da.ones(3), target)
    >>> target
    array([1., 1., 1.])
    """
    if isinstance(sources, Array):
        sources = [sources]
    sources, targets = list(sources), list(targets) if isinstance(targets, (list, tuple)) else [targets]
    if len(sources) != len(targets):
        raise ValueError(f"store: {len(sources)} arrays are given for {len(targets)} targets; give as many of each")
    for source in sources:
        if not isinstance(source, Array):
            raise TypeError(f"store: a source is a {type(source).__name__}, expected a lazy array")
    regions = [regions] * len(sources) if isinstance(regions, tuple) or regions is None else list(regions)
    if len(sources) != len(regions):
        raise ValueError(f"store: {len(sources)} arrays are given for {len(regions)} regions; give as many of each")
    shared = PieceLock() if lock is True else lock or None
    parts = [(source, target, tuple(region or ()), shared) for source, target, region in zip(sources, targets, regions, strict=True)]
    is_late = any(isinstance(target, Delayed) for target in targets)
    if return_stored and (load_stored or not compute or is_late):
        loaded = [_loaded(*part) for part in parts]
        return _one_or_all(_persist(*loaded, **kwargs) if compute else loaded)
    written = [_written(*part) for part in parts]
    if not compute:
        return _one_or_all(written)
    _compute(*written, **kwargs)
    return _one_or_all([_read_back(*part) for part in parts]) if return_stored else None


def _one_or_all(results: Any) -> Any:
    return results[0] if len(results) == 1 else tuple(results)


def _is_ours(target: Any) -> bool:
    """Whether a copy of the target in another process would be another target."""
    if isinstance(target, np.ndarray):
        return not isinstance(target, np.memmap)
    return type(getattr(target, "store", None)).__name__ in ("MemoryStore", "KVStore", "dict")  # of Zarr


def _call(make: type, target: Any, lock: Any) -> Any:
    call = make(target, lock)
    return HereOnly(call, "the target of store is memory of this process") if _is_ours(target) else able_to_travel(call, call)


def _written(source: Array, target: Any, region: tuple, lock: Any) -> Any:
    if isinstance(target, Delayed):
        return _written_by_calls(source, target, region, delayed(_Target, pure=False)(target, lock))
    call, shape = _call(_Target, target, lock), getattr(target, "shape", None)
    if not source._is_encoded:
        return Array(_plait.arrays.store(source._array, call, shape, list(region)))
    _plait.arrays.store(zeros(source.shape, chunks=source.chunks)._array, call, shape, list(region))  # which checks that it fits
    return _written_by_calls(source, target, region, delayed(call, pure=False))


def _places_in(source: Array, target: Any, region: tuple) -> list[tuple]:
    shape = getattr(target, "shape", None) if not isinstance(target, Delayed) else None
    return [_within(region, place, shape) for place in places_of(source)]


def _loaded(source: Array, target: Any, region: tuple, lock: Any) -> Array:
    _written(source, target, region, lock)  # an array that does not fit is an error here
    is_late = isinstance(target, Delayed)
    write = delayed(_WriteAndLoad, pure=False)(target, lock) if is_late else delayed(_call(_WriteAndLoad, target, lock), pure=False)
    calls = [write(place, block) for place, block in zip(_places_in(source, target, region), source.to_delayed().ravel(), strict=True)]
    return of_values(calls, source.dtype, source.chunks, "load-store")


def _written_by_calls(source: Array, target: Any, region: tuple, write: Any) -> Any:
    calls = [write(place, block) for place, block in zip(_places_in(source, target, region), source.to_delayed().ravel(), strict=True)]
    return delayed(_done, pure=False)(calls)


def _done(written: list) -> bool:
    return True


def _read_back(source: Array, target: Any, region: tuple, lock: Any) -> Array:
    return from_array(_Stored(target, region, source), source.chunks, lock=lock)
