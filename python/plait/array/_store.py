"""Writing arrays block by block into what can be sliced, and reading them back from there."""

from __future__ import annotations

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
from ._operands import held, is_integer
from ._sources import PieceLock

_ops = _plait.arrays


class _Target:
    """Takes blocks and gives them back, one at a time if there is a lock."""

    def __init__(self, target: Any, lock: Any, region: tuple | None):
        self.target, self.lock, self.region = target, lock, region

    def __call__(self, place: tuple, block: np.ndarray) -> None:
        with held(self.lock):
            self.target[self.within(place)] = block

    def write_and_load(self, place: tuple, block: np.ndarray) -> np.ndarray:
        """What the target holds afterwards."""
        with held(self.lock):
            self.target[self.within(place)] = block
            return np.array(self.target[self.within(place)], dtype=block.dtype)  # blocks never change, the target may

    def write_and_pass(self, place: tuple, block: np.ndarray) -> np.ndarray:
        """The block, as it was."""
        self(place, block)
        return block

    def read(self, place: tuple, dtype: Any) -> np.ndarray:
        """A block of what lies in the target."""
        with held(self.lock):
            return np.array(self.target[self.within(place)], dtype=dtype)

    def within(self, place: tuple) -> tuple:
        """The place of a block of the array in the target."""
        if self.region is None:
            return place
        own, shape = iter(place), self.target.shape
        region = (*self.region, *(slice(None),) * (len(shape) - len(self.region)))
        return tuple(item if is_integer(item) else _part(item, next(own), extent) for item, extent in zip(region, shape, strict=True))


class _Block:
    """A block of a stored array: written, if there is something to write, and read back from the target if it shall be."""

    def __init__(self, target: _Target, read_back: bool, dtype: Any):
        self.target, self.read_back, self.dtype, self.__name__ = target, read_back, dtype, "store"

    def __call__(self, index: tuple, shape: tuple, start: tuple, *blocks: Any) -> Any:
        place = tuple(slice(first, first + extent) for first, extent in zip(start, shape, strict=True))
        within = self.target.within(place)
        with held(self.target.lock):
            for block in blocks:
                self.target.target[within] = block
            return np.array(self.target.target[within], dtype=self.dtype) if self.read_back else blocks[0]


def _part(item: Any, place: slice, extent: int) -> Any:
    """What ``place`` selects of the elements that an index of one axis names."""
    if not isinstance(item, slice):
        return item[place]
    chosen = range(extent)[item][place]
    return slice(chosen.start, chosen.stop if chosen.stop >= 0 else None, chosen.step)


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
    regions : tuple or list of them, optional
        The place in each target: a slice, a list of places or a whole number an axis. Others than slices forwards need a
        target that has a ``shape``.
    compute : bool
        Whether to write at once; if not, the result of this function must be computed.
    return_stored : bool
        Whether to give the arrays as they are stored. Where they are not written yet, computing them writes them.
    load_stored : bool, optional
        Whether the tasks that write the blocks read them back. Where ``compute`` is true, what they have read stays in memory,
        and otherwise the target is read when the result is computed. Where ``compute`` is false, the result has the elements as
        the target holds them, and otherwise as they were before. Default is whether ``compute`` is false.
    **kwargs : object
        Arguments of `plait.compute`.

    Returns
    -------
    Array or tuple of Array
        The arrays as they are stored, or what writes them; None where everything is written and nothing asked for.

    Raises
    ------
    ValueError
        If a source is no lazy array, if there are not as many targets as sources, or if an array does not fit its target or
        region.
    TypeError
        When it is computed: if the target is memory of this process and the scheduler ``"processes"``.

    Examples
    --------
    >>> import numpy as np
    >>> target = np.zeros(3)
    >>> da.store(da.ones(3), target)
    >>> target
    array([1., 1., 1.])
    >>> da.store(da.ones(2), target, regions=(slice(None, None, -2),), return_stored=True).compute()
    array([1., 1.])
    """
    sources = [sources] if isinstance(sources, Array) else list(sources)
    targets = list(targets) if isinstance(targets, (list, tuple)) else [targets]
    for source in sources:
        if not isinstance(source, Array):
            raise ValueError(f"store: a source is a {type(source).__name__}, expected a lazy array")
    if len(sources) != len(targets):
        raise ValueError(f"store: {len(sources)} arrays are given for {len(targets)} targets; give as many of each")
    regions = list(regions) if isinstance(regions, list) else [regions] * len(sources)
    if len(sources) != len(regions):
        raise ValueError(f"store: {len(regions)} regions are given for {len(sources)} arrays; give one for each, or one for all")
    shared = PieceLock() if lock is True else lock or None
    parts = [(source, target, _items(region), shared) for source, target, region in zip(sources, targets, regions, strict=True)]
    if return_stored and (not compute or load_stored):
        stored = [_stored(*part, load_stored is not False) for part in parts]
        return _one_or_all(_persist(*stored, **kwargs) if compute else stored)
    written = [_written(*part) for part in parts]
    if not compute:
        return _one_or_all([_ended(one) for one in written])
    kept = _persist(*written, **kwargs) if return_stored else written
    _compute(*(_ended(one) for one in kept), **kwargs)
    return _one_or_all([_lying(*part, one) for part, one in zip(parts, kept, strict=True)]) if return_stored else None


def _one_or_all(arrays: Any) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def _items(region: Any) -> tuple:
    return () if region is None else region if isinstance(region, tuple) else (region,)


def _place_in(source: Array, target: Any, items: tuple, lock: Any) -> tuple[_Target, list]:
    """The target, and the slices of its region where the engine finds the places of the blocks."""
    shape = getattr(target, "shape", None)
    if all(isinstance(item, slice) and (item.step or 1) > 0 for item in items) and (shape is None or not items):
        return _Target(target, lock, None), list(items)
    if shape is None:
        raise ValueError(f"store: the region {items} needs a target that has a shape; only slices forwards do not")
    return _Target(target, lock, _checked_region(source, items, shape)), []


def _checked_region(source: Array, items: tuple, shape: tuple) -> tuple:
    """A region that has room for the array: whole numbers, slices, and one list of places at most."""
    if len(items) > len(shape):
        raise ValueError(f"store: the region has {len(items)} entries, but the target has {len(shape)} axes; give one an axis")
    items = (*items, *(slice(None),) * (len(shape) - len(items)))
    whole = tuple(item if isinstance(item, slice) or is_integer(item) else _positions(item) for item in items)
    lists = sum(isinstance(item, np.ndarray) for item in whole)
    if lists > 1 or lists and any(map(is_integer, whole)):
        raise NotImplementedError("store: a region has one list of places at most, and no whole numbers beside it")
    room = tuple(len(range(extent)[item]) if isinstance(item, slice) else len(item) for item, extent in zip(whole, shape, strict=True) if not is_integer(item))
    if room != source.shape:
        raise ValueError(f"store: the array has shape {source.shape}, but the region has {room}")
    return whole


def _positions(item: Any) -> np.ndarray:
    places = np.asarray(item)
    if places.ndim != 1 or places.dtype.kind not in "biu":
        raise ValueError(f"store: {item!r} is no entry of a region; expected a slice, a whole number or a list of places")
    return np.flatnonzero(places) if places.dtype.kind == "b" else places


def _is_ours(target: Any) -> bool:
    """Whether a copy of the target in another process would be another target."""
    if isinstance(target, np.ndarray):
        return not isinstance(target, np.memmap)
    return type(getattr(target, "store", None)).__name__ in ("MemoryStore", "KVStore", "dict")  # of Zarr


def _call(call: Any, target: Any) -> Any:
    return HereOnly(call, "the target of store is memory of this process") if _is_ours(target) else able_to_travel(call, call)


def _written(source: Array, target: Any, items: tuple, lock: Any) -> Any:
    """Something that writes when it is computed: an array, or the target as a delayed value."""
    if isinstance(target, Delayed):
        late = delayed(_Target, pure=False)(target, lock, items or None)
        return delayed(_first, pure=False)(late, _calls(source, late))
    where, slices = _place_in(source, target, items, lock)
    shape = getattr(target, "shape", None) if where.region is None else source.shape
    if not source._is_encoded:
        return Array(_ops.store(source._array, _call(where, target), shape, slices))
    if slices:
        raise ValueError(f"store: elements of dtype {source.dtype} need a target that has a shape for the region {items}")
    _ops.store(zeros(source.shape, chunks=source.chunks)._array, _call(where, target), shape, slices)  # which checks that it fits
    return delayed(_first, pure=False)(None, _calls(source, delayed(_call(where, target), pure=False)))


def _calls(source: Array, write: Any) -> list:
    return [write(place, block) for place, block in zip(places_of(source), source.to_delayed().ravel(), strict=True)]


def _first(target: Any, written: list) -> Any:
    return target


def _ended(written: Any) -> Any:
    """The same without the target, which may be of another process."""
    return delayed(_done, pure=False)(written) if isinstance(written, Delayed) else written


def _done(target: Any) -> bool:
    return True


def _stored(source: Array, target: Any, items: tuple, lock: Any, read_back: bool) -> Array:
    """The array as the target holds it, or as it was where nothing is read back, written before."""
    if not isinstance(target, Delayed):
        where = _whole_place(source, target, items, lock)
        if not source._is_encoded:
            return _blocks_of([source], source, where, read_back)
        write = delayed(_call(where.write_and_load if read_back else where.write_and_pass, target), pure=False)
    else:
        late = delayed(_Target, pure=False)(target, lock, items or None)
        write = late.write_and_load if read_back else late.write_and_pass
    return of_values(_calls(source, write), source.dtype, source.chunks, "load-store")


def _lying(source: Array, target: Any, items: tuple, lock: Any, written: Any) -> Array:
    """The array that lies in the target."""
    if isinstance(target, Delayed):
        read = written.read
    else:
        where = _whole_place(source, target, items, lock)
        if not source._is_encoded:
            return _blocks_of([], source, where, True)
        read = delayed(_call(where.read, target), pure=False)
    return of_values([read(place, source.dtype) for place in places_of(source)], source.dtype, source.chunks, "stored")


def _whole_place(source: Array, target: Any, items: tuple, lock: Any) -> _Target:
    """The target of an array all of whose extents are known, which fits it."""
    if any(extent != extent for axis in source.chunks for extent in axis):
        raise ValueError("store: the array has blocks of unknown extent; call compute_chunk_sizes() first")
    if getattr(target, "shape", None) is None:
        raise ValueError("store: return_stored needs targets that have a shape")
    return _Target(target, lock, _checked_region(source, items, target.shape))


def _blocks_of(sources: list[Array], like: Array, where: _Target, read_back: bool) -> Array:
    axes = [list(range(like.ndim))] * len(sources)
    call = _call(_Block(where, read_back, like.dtype), where.target)
    return Array(_ops.map_blocks([x._array for x in sources], call, "store", like.dtype, like.chunks, axes))
