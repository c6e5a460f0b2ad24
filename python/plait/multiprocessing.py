"""The scheduler that runs tasks in worker processes on this machine."""

from __future__ import annotations

import multiprocessing
from typing import Any

from . import config
from ._schedulers import stands_for
from .graph import get as _get


@stands_for("processes")
def get(dsk, keys, cache=None, num_workers=None, pool=None, **kwargs):
    """Run a raw task graph in worker processes; takes the arguments of `plait.get`."""
    return _get(dsk, keys, scheduler="processes", cache=cache, num_workers=num_workers, pool=pool, **kwargs)


def get_context() -> Any:
    """The context of Python's `multiprocessing` that the setting ``multiprocessing.context`` names, for programs that start processes.

    Raises
    ------
    ValueError
        If there is no such way to start a process.
    """
    return multiprocessing.get_context(config.get("multiprocessing.context", "spawn"))
