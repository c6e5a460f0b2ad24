"""The scheduler that runs tasks on threads of this process."""

from __future__ import annotations

from ._schedulers import stands_for
from .graph import get as _get


@stands_for("threads")
def get(dsk, keys, cache=None, num_workers=None, pool=None, **kwargs):
    """Run a raw task graph on threads; takes the arguments of `plait.get`."""
    return _get(dsk, keys, scheduler="threads", cache=cache, num_workers=num_workers, pool=pool, **kwargs)
