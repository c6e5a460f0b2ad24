"""Raw task graphs: dicts of keys to computations.

A computation is a task (a tuple whose first item is callable), a key, a container of computations, a task object (see
`plait.task_spec`), or any other value. An argument of a task that equals a key stands for that key's value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from . import _plait
from ._schedulers import local, resolved, stands_for
from .callbacks import told
from .errors import remembered_by_errors, shorten_traceback


def as_dict(dsk: Any) -> dict:
    """A graph as a dict: of a mapping, or of a collection.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if type(dsk) is dict:
        return dsk
    graph = dsk if isinstance(dsk, Mapping) else dsk.__dask_graph__() if hasattr(dsk, "__dask_graph__") else None
    if not isinstance(graph, Mapping):
        raise TypeError(f"a graph is a dict of keys to computations; found {type(dsk).__name__}")
    return graph.to_dict() if hasattr(graph, "to_dict") else dict(graph)


def _run_task(dsk: dict, key: str) -> Any:
    """The value of the task whose key has that text, made on this thread."""
    return _plait.get(dsk, next(each for each in dsk if repr(each) == key), "sync", 1)


@stands_for("sync")
def get(dsk: Any, keys: Any, scheduler: Any = "sync", num_workers: int | None = None, callbacks: Any = None, cache: Any = None, **kwargs: Any):
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
    callbacks : list, optional
        Who hears of the tasks, which then run on this thread; see `plait.callbacks`.
    cache : dict, optional
        Values of keys that are there already; the run, on this thread then, adds its own.
    **kwargs : object
        ``pool``, an executor or a pool of `multiprocessing` that runs the tasks; ``initializer``, a function that each worker
        process calls before its first task; others go to a function that is given as scheduler.

    Returns
    -------
    object
        The value of the key; for a list of keys a tuple of values.

    Raises
    ------
    KeyError
        If a wanted key is not in the graph.
    ValueError
        If a task object refers to a key that is not in the graph.
    TypeError
        If a key is no text, number or tuple of these.
    RuntimeError
        If the graph has a cycle; the message names its keys.
    """
    graph = as_dict(dsk)
    if cache is not None or callbacks:
        return local.get_async(local.synchronous_executor.submit, 1, graph, keys, cache=cache, callbacks=callbacks)
    runner = resolved(scheduler, kwargs)
    with shorten_traceback(), told(graph), remembered_by_errors(_run_task, graph):
        return _plait.get(graph, keys, runner, num_workers or 0, kwargs if callable(runner) else _of_workers(kwargs))


def _of_workers(kwargs: dict) -> dict:
    """What is said of worker processes. Dask's ``get`` functions are called with much else, which only others understand."""
    return {name: kwargs[name] for name in ("initializer",) if name in kwargs}


def save_graph(filename: str | os.PathLike, dsk: dict, keys: Any) -> None:
    """Write what a raw task graph needs to make some keys, for another process to run with :func:`get_saved`.

    Parameters
    ----------
    filename : str or path
        Where to write.
    dsk : dict
        Keys to computations.
    keys : key or list of keys
        What is wanted.

    Raises
    ------
    KeyError
        If a wanted key is not in the graph.
    TypeError
        If the graph holds what cannot be pickled.
    OSError
        If the file cannot be written.
    """
    _plait.write_graph_file(os.fspath(filename), dict(dsk), keys)


def get_saved(filename: str | os.PathLike, scheduler: Any = "sync", num_workers: int | None = None) -> tuple:
    """Run the graph that :func:`save_graph` wrote. Only run files from people whom you trust: functions are part of them.

    Parameters
    ----------
    filename : str or path
        What to run.
    scheduler, num_workers
        As for :func:`get`.

    Returns
    -------
    tuple
        The values of the wanted keys, one after the other.

    Raises
    ------
    OSError
        If the file cannot be read, or is damaged.
    """
    return tuple(_plait.run_graph_file(os.fspath(filename), resolved(scheduler), num_workers or 0))
