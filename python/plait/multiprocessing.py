"""The scheduler that runs tasks in worker processes on this machine."""

from __future__ import annotations

from ._schedulers import stands_for
from .graph import get as _get


@stands_for("processes")
def get(dsk, keys, num_workers=None, **kwargs):
    """Run a raw task graph in worker processes; see `plait.get`."""
    return _get(dsk, keys, scheduler="processes", num_workers=num_workers)
