"""Raw task graphs: dicts of keys to computations.

A computation is a task (a tuple whose first item is callable), a key, a list of computations, or any other value. An
argument of a task that equals a key stands for that key's value.
"""

from __future__ import annotations

from typing import Any

from . import _plait
from ._schedulers import resolved, stands_for


@stands_for("sync")
def get(dsk: dict, keys: Any, scheduler: Any = "sync", num_workers: int | None = None, **kwargs: Any):
    """Run a raw task graph.

    Parameters
    ----------
    dsk : dict
        Keys to computations.
    keys : key or list of keys
        What is wanted; lists may be nested.
    scheduler : {"sync", "threads", "processes"}, executor or callable, optional
        Where the tasks run; see :func:`plait.compute`.
    num_workers : int, optional
        Number of threads or processes; default is one a core.

    Returns
    -------
    object
        The value of the key; for a list of keys a tuple of values.

    Raises
    ------
    KeyError
        If a wanted key is not in the graph.
    RuntimeError
        If the graph has a cycle; the message names its keys.
    """
    return _plait.get(dict(dsk), keys, resolved(scheduler), num_workers or 0)
