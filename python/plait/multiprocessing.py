"""The scheduler that runs tasks in worker processes on this machine."""

from __future__ import annotations

from ._schedulers import stands_for
from .graph import get as _get


@stands_for("processes")
def get(dsk, keys, cache=None, num_workers=None, pool=None, **kwargs):
    """Run a raw task graph in worker processes; takes the arguments of `plait.get`."""
    return _get(dsk, keys, scheduler="processes", cache=cache, num_workers=num_workers, pool=pool, **kwargs)
