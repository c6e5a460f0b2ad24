"""The asynchronous scheduler in Python: runs a graph through any function ``submit``, and tells callbacks of every task.

`plait.get` and its like run graphs on the engine. The state of a run here is a dict:

- ``dependencies``, ``dependents``: for every key the keys that it needs, and those that need it;
- ``waiting``: for keys that cannot start yet, what they still wait for; ``waiting_data``: for every key who still needs its value;
- ``cache``: values that are there; ``ready``: keys that can start, the next one last;
- ``running``, ``finished``, ``released``: sets of keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from concurrent.futures import Executor, Future
from functools import partial
from queue import Queue
from typing import Any

from . import _plait, config
from ._schedulers import stands_for
from .callbacks import Callback, local_callbacks, normalize_callback, unpack_callbacks
from .core import flatten
from .order import order
from .task_spec import DataNode, convert_legacy_graph


def identity(x: Any) -> Any:
    """The argument."""
    return x


def queue_get(q: Queue) -> Any:
    """The next item of a queue, waited for."""
    return q.get()


def default_get_id() -> None:
    """The worker's name where there is none."""
    return None


def default_pack_exception(e: BaseException, dumps: Callable) -> Any:
    """Raises the exception: nothing lies between the task and its caller."""
    raise e


def reraise(exc: BaseException, tb: Any = None) -> None:
    """Raise an exception with a traceback."""
    raise exc if exc.__traceback__ is tb else exc.with_traceback(tb)


def sortkey(item: Any) -> tuple:
    """What keys of different types can be sorted by.

    Examples
    --------
    >>> sorted([("x", 1), "y"], key=plait.local.sortkey)
    ['y', ('x', 1)]
    """
    return type(item).__name__, item


def nested_get(ind: Any, coll: Any) -> Any:
    """The items of ``coll`` that nested lists name, as nested tuples.

    Examples
    --------
    >>> plait.local.nested_get([[1, 0], [0]], "ab")
    (('b', 'a'), ('a',))
    """
    return tuple(nested_get(each, coll) for each in ind) if isinstance(ind, list) else coll[ind]


def start_state_from_dask(dsk: Mapping, cache: MutableMapping | None = None, sortkey: Callable | None = None, keys: Any = None) -> dict:
    """The state of a run that is about to begin; see the module's text.

    Parameters
    ----------
    dsk : dict
        A graph.
    cache : dict, optional
        Values that are there already.
    sortkey : callable, optional
        Keys to ranks; default is `plait.order.order`.
    keys : iterable, optional
        What is wanted; default is everything.

    Raises
    ------
    ValueError
        If a task needs a key that is nowhere.
    """
    rank = sortkey or order(dsk).__getitem__
    values: MutableMapping = {} if cache is None else cache
    wanted = [key for key in dsk if key not in values] if keys is None else list(keys)
    nodes = convert_legacy_graph(dsk, all_keys={*dsk, *values})
    dependencies: dict = {}
    dependents: dict = {}
    while wanted:
        key = wanted.pop()
        if key in dependencies:
            continue
        node = nodes.get(key)
        is_known = key in values or node is None
        dependencies[key] = set() if is_known else set(node.dependencies)  # type: ignore[union-attr]
        users = dependents.setdefault(key, set())
        if node is None and key not in values and users:
            raise ValueError(f"Missing dependency {key!r}, which {sorted(map(repr, users))} take")
        if isinstance(node, DataNode) and key not in values:
            values[key] = node()
        for needed in dependencies[key]:
            dependents.setdefault(needed, set()).add(key)
            wanted.append(needed)
    waiting = {key: {needed for needed in needs if needed not in values} for key, needs in dependencies.items()}
    ready = [key for key, needs in waiting.items() if not needs and key in nodes and key not in values]
    return {
        "dependencies": dependencies,
        "dependents": dependents,
        "waiting": {key: needs for key, needs in waiting.items() if needs},
        "waiting_data": {key: set(users) for key, users in dependents.items()},
        "cache": values,
        "ready": sorted(ready, key=rank, reverse=True),
        "running": set(),
        "finished": set(),
        "released": set(),
    }


def execute_task(key: Any, task_info: Any, dumps: Callable, loads: Callable, get_id: Callable, pack_exception: Callable) -> tuple:
    """Run one task where the workers are.

    Returns
    -------
    tuple
        The key, its result with the worker's name as ``dumps`` writes them, and whether it failed: the result is then what
        ``pack_exception`` made of the error.
    """
    try:
        task, data = loads(task_info)
        return key, dumps((task(data), get_id())), False
    except BaseException as error:
        return key, pack_exception(error, dumps), True


def batch_execute_tasks(it: Any) -> list:
    """Run several tasks: `execute_task` for each tuple of its arguments."""
    return [execute_task(*each) for each in it]


def release_data(key: Any, state: dict, delete: bool = True) -> None:
    """Drop a value that nobody needs any more."""
    state["waiting_data"].pop(key, None)
    state["released"].add(key)
    if delete:
        del state["cache"][key]


def finish_task(dsk: Mapping, key: Any, state: dict, results: Any, sortkey: Callable, delete: bool = True, release_data: Callable = release_data) -> dict:
    """Note that a task has finished: others may start now, and values may go.

    Parameters
    ----------
    results : container
        Keys whose values stay.
    """
    for user in sorted(state["dependents"][key], key=sortkey, reverse=True):
        missing = state["waiting"].get(user)
        if missing is None:
            continue
        missing.discard(key)
        if not missing:
            del state["waiting"][user]
            state["ready"].append(user)
    for needed in state["dependencies"][key]:
        users = state["waiting_data"].get(needed)
        if users is not None:
            users.discard(key)
        if not users and needed not in results and needed not in state["released"]:
            release_data(needed, state, delete=delete)
    state["finished"].add(key)
    state["running"].remove(key)
    return state


def get_async(
    submit: Callable,
    num_workers: int,
    dsk: Any,
    result: Any,
    cache: MutableMapping | None = None,
    get_id: Callable = default_get_id,
    rerun_exceptions_locally: bool | None = None,
    pack_exception: Callable = default_pack_exception,
    raise_exception: Callable = reraise,
    callbacks: Any = None,
    dumps: Callable = identity,
    loads: Callable = identity,
    chunksize: int | None = None,
    **kwargs: Any,
) -> Any:
    """Run a graph through a function ``submit``.

    Parameters
    ----------
    submit : callable
        As that of a `concurrent.futures.Executor`.
    num_workers : int
        How many tasks run at a time.
    dsk : dict
        A graph, or a collection's object.
    result : key or list of keys
        What is wanted; lists may be nested.
    cache : dict, optional
        Values that are there already, and where those of the run are kept.
    get_id : callable, optional
        Gives the name of the worker that calls it.
    rerun_exceptions_locally : bool, optional
        Whether a task that has failed runs again in this thread, for a debugger; default is the setting of that name.
    pack_exception, raise_exception : callable, optional
        ``pack_exception(error, dumps)`` makes a tuple of an error where the workers are, ``raise_exception(*tuple)`` raises it
        here. By default the error is raised inside ``submit``.
    callbacks : list of tuples, optional
        Who hears of the tasks; default are those that are active, see `plait.callbacks`.
    dumps, loads : callable, optional
        How tasks and values are written for the workers, and read.
    chunksize : int, optional
        How many tasks are submitted together; -1 shares those that are ready out over the workers. Default is the setting
        ``chunksize``, or 1.

    Returns
    -------
    object
        The value of the key; nested tuples for lists.

    Raises
    ------
    KeyError
        If a wanted key is not in the graph.
    ValueError
        If a task needs a key that is nowhere.
    RuntimeError
        If the graph has a cycle.
    """
    size = chunksize or config.get("chunksize", None) or 1
    if rerun_exceptions_locally is None:
        rerun_exceptions_locally = config.get("rerun-exceptions-locally", None) or False
    results = set(flatten(result)) if isinstance(result, list) else {result}
    graph = dsk if isinstance(dsk, Mapping) else dsk.__dask_graph__()
    nodes = convert_legacy_graph(graph, all_keys={*graph, *(cache or ())})
    with local_callbacks(callbacks) as heard:
        heard = [normalize_callback(each) for each in ([heard] if isinstance(heard, (Callback, tuple)) else heard)]
        _, _, pretasks, posttasks, _ = unpack_callbacks(heard)
        started: list = []
        state: dict = {}
        succeeded = False
        queue: Queue = Queue()
        try:
            for callback in heard:
                if callback[0]:
                    callback[0](nodes)
                started.append(callback)
            rank = order(nodes).__getitem__
            state.update(start_state_from_dask(nodes, cache=cache, sortkey=rank, keys=results))
            for callback in heard:
                if callback[1]:
                    callback[1](nodes, state)

            def start_tasks() -> None:
                num_ready = len(state["ready"])
                batch = -(num_ready // -num_workers) if size == -1 else size
                busy = -(len(state["running"]) // -max(batch, 1))
                tasks = []
                for _ in range(min(num_ready, batch * max(num_workers - busy, 0))):
                    key = state["ready"].pop()
                    state["running"].add(key)
                    for pretask in pretasks:
                        pretask(key, nodes, state)
                    data = {needed: state["cache"][needed] for needed in state["dependencies"][key]}
                    tasks.append((key, dumps((nodes[key], data)), dumps, loads, get_id, pack_exception))
                for i in range(0, len(tasks), max(batch, 1)):
                    submit(batch_execute_tasks, tasks[i : i + batch]).add_done_callback(queue.put)

            while state["ready"] or state["running"]:
                start_tasks()
                for key, made, failed in queue_get(queue).result():
                    if failed:
                        error, traceback = loads(made)
                        if rerun_exceptions_locally:
                            nodes[key]({needed: state["cache"][needed] for needed in state["dependencies"][key]})
                        raise_exception(error, traceback)
                    value, worker = loads(made)
                    state["cache"][key] = value
                    finish_task(nodes, key, state, results, rank)
                    for posttask in posttasks:
                        posttask(key, value, nodes, state, worker)
            succeeded = True
        finally:
            for callback in started:
                if callback[4]:
                    callback[4](nodes, state, not succeeded)
    return nested_get(result, state["cache"])


class SynchronousExecutor(Executor):
    """Runs what is submitted at once, on this thread."""

    _max_workers = 1

    def submit(self, fn, /, *args, **kwargs):
        """Run a function; its error is the future's."""
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


synchronous_executor = SynchronousExecutor()


@stands_for("sync")
def get_sync(dsk: Any, keys: Any, **kwargs: Any) -> Any:
    """Run a graph on this thread, one task after the other; takes the arguments of :func:`get_async`.

    Without callbacks and values that are there already the engine does it.
    """
    kwargs.pop("num_workers", None)
    if Callback.active or any(kwargs.get(name) is not None for name in ("callbacks", "cache", "rerun_exceptions_locally", "pack_exception")):
        return get_async(synchronous_executor.submit, 1, dsk, keys, **kwargs)
    return _plait.get(dict(dsk if isinstance(dsk, Mapping) else dsk.__dask_graph__()), keys, "sync")


class MultiprocessingPoolExecutor(Executor):
    """A pool of `multiprocessing` as an executor of `concurrent.futures`.

    Parameters
    ----------
    pool : multiprocessing.pool.Pool
        Of processes or threads.
    """

    def __init__(self, pool: Any):
        self.pool = pool
        self._max_workers = len(pool._pool)

    def submit(self, fn, /, *args, **kwargs):
        """Run a function in the pool."""
        return submit_apply_async(self.pool.apply_async, fn, *args, **kwargs)


def submit_apply_async(apply_async: Callable, fn: Callable, *args: Any, **kwargs: Any) -> Future:
    """The future of a call through a pool's method ``apply_async``."""
    future: Future = Future()
    apply_async(fn, args, kwargs, future.set_result, future.set_exception)
    return future


def get_apply_async(apply_async: Callable, num_workers: int, *args: Any, **kwargs: Any) -> Any:
    """:func:`get_async` through a pool's method ``apply_async``."""
    return get_async(partial(submit_apply_async, apply_async), num_workers, *args, **kwargs)
