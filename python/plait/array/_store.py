"""Writing arrays block by block into what can be sliced."""

from __future__ import annotations

import contextlib
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from .._travel import HereOnly, able_to_travel
from ..base import compute as _compute
from ._array import Array
from ._sources import PieceLock


class _Target:
    """Takes blocks, one at a time if there is a lock."""

    def __init__(self, target: Any, lock: Any):
        self.target, self.lock = target, lock

    def __call__(self, place: tuple, block: np.ndarray) -> None:
        with self.lock if self.lock is not None else contextlib.nullcontext():
            self.target[place] = block


def store(sources: Any, targets: Any, lock: Any = True, regions: Any = None, compute: bool = True, return_stored: bool = False, **kwargs: Any):
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
        If there are not as many targets as sources, or if an array does not fit its target or region.
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


def _written(source: Array, target: Any, region: tuple | None, lock: Any) -> Array:
    write = _Target(target, lock)
    is_ours = isinstance(target, np.ndarray) and not isinstance(target, np.memmap)
    call = HereOnly(write, "the target of store is memory of this process") if is_ours else able_to_travel(write, write)
    return Array(_plait.arrays.store(source._array, call, getattr(target, "shape", None), list(region or ())))
