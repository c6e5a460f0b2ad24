"""What a client has run: calls, collections, graphs; and what goes to the cluster and comes back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator
from functools import partial
from numbers import Number
from queue import Queue as LocalQueue
from typing import Any

from .. import _foreign, _plait, base, graph
from .._annotations import get_annotations
from .._protocol import is_dask_collection, is_plait_collection
from ..core import flatten
from ..delayed import delayed
from ..errors import shorten_traceback
from ..tokenize import tokenize
from ..utils import funcname, parse_bytes
from . import actor as actors_of
from ._context import answered, seconds_of
from .exceptions import FutureCancelledError
from .future import Future, text_of

_CONTAINERS = (list, tuple, set, frozenset)


# What a scheduler follows; a program may say other things of its operations, too.
_KNOWN = frozenset(["priority", "retries", "workers", "allow_other_workers", "resources", "memory"])


def demands_of(**annotations: Any) -> dict[str, Any] | None:
    """What is said of tasks, by arguments and around them; None if nothing is."""
    workers = annotations.get("workers")
    if isinstance(workers, (str, Number)):
        annotations["workers"] = [workers]
    elif workers is not None:
        annotations["workers"] = list(workers)
    if annotations.get("allow_other_workers") and workers is None:
        raise ValueError("allow_other_workers=True needs workers=: it says that those are only preferred")
    around = {name: value for name, value in get_annotations().items() if name in _KNOWN and not callable(value)}
    said = {**around, **{name: value for name, value in annotations.items() if value not in (None, False, 0, {})}}
    if "workers" in said:
        said["workers"] = [str(each) for each in said["workers"]]
    if "memory" in said:
        said["memory"] = parse_bytes(said["memory"])
    return said or None


def _with_replaced(x: Any, replace: Callable[[Future], Any]) -> Any:
    """The object with its futures replaced, in lists, tuples, sets and dicts."""
    if isinstance(x, Future):
        return replace(x)
    if type(x) in _CONTAINERS:
        return type(x)(_with_replaced(each, replace) for each in x)
    if type(x) is dict:
        return {key: _with_replaced(value, replace) for key, value in x.items()}
    return x


def _futures_in(x: Any) -> list[Future]:
    found: list[Future] = []
    _with_replaced(x, found.append)
    return found


class Submitting:
    """The part of `Client` that has work done."""

    _native: Any
    _executor: Any
    asynchronous: bool

    def _check_open(self) -> None:
        raise NotImplementedError

    # --- Calls ---

    def submit(
        self,
        func: Callable,
        *args: Any,
        key: Any = None,
        workers: Any = None,
        resources: dict | None = None,
        retries: int | None = None,
        priority: int = 0,
        fifo_timeout: Any = "100 ms",
        allow_other_workers: bool = False,
        actor: bool = False,
        actors: bool = False,
        pure: bool = True,
        **kwargs: Any,
    ) -> Future:
        """Call a function on the cluster.

        Parameters
        ----------
        func : callable
            What is called.
        *args, **kwargs : object
            Its arguments. Futures among them, also inside lists, tuples, sets and dicts, become their results.
        key : str, optional
            The name of the result; default is the function's with a token of the call.
        workers : str or list of str, optional
            The addresses or names of the workers that may run it.
        resources : dict, optional
            Names and amounts that the worker must have to spare.
        retries : int, optional
            How often it is tried again if it fails.
        priority : int
            Calls of higher priority come first.
        allow_other_workers : bool
            Whether ``workers`` are only preferred.
        actor : bool
            Whether the result is an object that stays on its worker and whose methods are called there; ``actors`` is the same.
        pure : bool
            Whether equal calls have equal results, and so are one; say False for functions such as `random.random`.
        fifo_timeout : object
            Taken as in Dask; the order of work does not depend on when it came.

        Returns
        -------
        Future
            The result to come.

        Examples
        --------
        >>> client.submit(pow, 2, 10).result()  # doctest: +SKIP
        1024
        """
        if not callable(func):
            raise TypeError(f"submit: the first argument is what is called; found {func!r}")
        if allow_other_workers not in (True, False, None):
            raise TypeError(f"submit: allow_other_workers is {allow_other_workers!r}, expected True or False")
        if key is None:
            is_one = pure and not (actor or actors)
            key = f"{funcname(func)}-{tokenize(func, kwargs, *args) if is_one else uuid.uuid4()}"
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=allow_other_workers)
        self._check_open()
        text = text_of(key)
        if actor or actors:
            func, args, kwargs = actors_of.make, (func, text, args, kwargs), {}
        self._native.submit_calls(func, [args], kwargs, [text], said)
        return Future._of_wanted(text, self)

    def map(
        self,
        func: Callable,
        *iterables: Collection,
        key: Any = None,
        workers: Any = None,
        retries: int | None = None,
        resources: dict | None = None,
        priority: int = 0,
        allow_other_workers: bool = False,
        fifo_timeout: Any = "100 ms",
        actor: bool = False,
        actors: bool = False,
        pure: bool = True,
        batch_size: int | None = None,
        **kwargs: Any,
    ) -> list[Future]:
        """Call a function with each item of sequences, as `map` does; see `submit` for the arguments.

        Parameters
        ----------
        func : callable
            What is called; it travels once.
        *iterables : list or other sequence
            The arguments. The shortest one ends the calls.
        key : str or list, optional
            The first part of the results' names, or a name for each.
        batch_size : int, optional
            How many calls are sent at a time; default is all.
        **kwargs : object
            The same for all calls.

        Returns
        -------
        list of Future
            The results to come, in the order of the arguments.

        Examples
        --------
        >>> client.gather(client.map(abs, [1, -2, 3]))  # doctest: +SKIP
        [1, 2, 3]
        """
        if not callable(func):
            raise TypeError(f"map: the first argument is what is called; found {func!r}")
        if iterables and all(isinstance(each, (Iterator, LocalQueue)) for each in iterables):
            raise TypeError("map: iterators and queues have no end to wait for; give lists, or call submit for each item")
        calls = list(zip(*iterables))  # noqa: B905  # the shortest ends them
        is_one = pure and not (actor or actors)
        name = key or funcname(func)
        if isinstance(name, str):
            keys = _keys_of_calls(name, func, kwargs, calls, is_one)
        else:
            keys = list(name)
            if len(keys) < len(calls):
                raise ValueError(f"map: {len(keys)} keys for {len(calls)} calls")
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=allow_other_workers)
        self._check_open()
        texts = [text_of(each) for each in keys]
        if actor or actors:
            calls = [(func, text, call, kwargs) for text, call in zip(texts, calls)]
            func, kwargs = actors_of.make, {}
        size = batch_size or len(calls) or 1
        for start in range(0, len(calls), size):
            self._native.submit_calls(func, calls[start : start + size], kwargs, texts[start : start + size], said)
        return [Future._of_wanted(each, self) for each in texts[: len(calls)]]

    # --- Collections ---

    def compute(
        self,
        collections: Any,
        sync: bool = False,
        optimize_graph: bool = True,
        workers: Any = None,
        allow_other_workers: bool = False,
        resources: dict | None = None,
        retries: int = 0,
        priority: int = 0,
        fifo_timeout: Any = "60s",
        actors: Any = None,
        traverse: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Compute collections on the cluster; returns at once.

        Parameters
        ----------
        collections : collection, or list, tuple or set of such
            What is computed; other objects are returned as they are.
        sync : bool
            Whether to wait and return the results.
        optimize_graph : bool
            Whether to optimize the plan first.
        workers, allow_other_workers, resources, retries, priority, fifo_timeout : optional
            As for `submit`, of all tasks.
        traverse : bool
            Whether to look for collections inside containers.

        Returns
        -------
        Future or list of Future
            For each collection its result to come.

        Examples
        --------
        >>> client.compute(da.ones(3).sum()).result()  # doctest: +SKIP
        np.float64(3.0)
        """
        is_one = not isinstance(collections, _CONTAINERS)
        wanted = [collections] if is_one else list(collections)
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=allow_other_workers)
        self._check_open()
        lazy = [delayed(each) if traverse and isinstance(each, (*_CONTAINERS, dict)) else each for each in wanted]
        ours = [each for each in lazy if is_plait_collection(each)]
        with shorten_traceback():
            if ours:
                texts = [text_of(_key_of(each)) for each in ours]
                held = self._native.submit_plans([_plait.delayed_values([delayed(each) for each in ours])], texts, optimize_graph, said)
            answers = [self._computed(each, optimize_graph, said) for each in lazy]
        if ours:
            del held  # now the futures hold the keys
        answer = answers[0] if is_one else answers
        return self.gather(answer) if sync else answer

    def _computed(self, x: Any, optimize_graph: bool, said: dict | None) -> Any:
        """The future of a collection's result; what is no collection stays as it is."""
        if is_plait_collection(x):
            return Future(_key_of(x), self)
        if not is_dask_collection(x):
            return x
        tasks = _foreign.merged_graph([x], optimize_graph)
        finish, args = x.__dask_postcompute__()
        key = f"finalize-{tokenize(x)}"
        tasks[key] = (partial(_finished, finish, args), x.__dask_keys__())
        self._native.submit_graph(tasks, [key], [key], said)
        return Future._of_wanted(key, self)

    def persist(
        self,
        collections: Any,
        optimize_graph: bool = True,
        workers: Any = None,
        allow_other_workers: bool | None = None,
        resources: dict | None = None,
        retries: int | None = None,
        priority: int = 0,
        fifo_timeout: Any = "60s",
        actors: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Compute the blocks of collections on the cluster and keep them there; returns at once.

        Takes the arguments of `compute`.

        Returns
        -------
        collection or list
            Collections of the same kinds, whose blocks are on the cluster, or will be.
        """
        is_one = not isinstance(collections, _CONTAINERS)
        wanted = (collections,) if is_one else tuple(collections)
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=bool(allow_other_workers))
        self._check_open()
        kept = base.persisted_by(lambda exprs: self._persisted(exprs, optimize_graph, said), wanted)
        return kept[0] if is_one else list(kept)

    def _persisted(self, exprs: list, optimize_graph: bool, said: dict | None) -> list:
        return self._native.submit_plans(exprs, [text_of(key) for key in _plait.block_keys(exprs)], optimize_graph, said)

    def get(
        self,
        dsk: Any,
        keys: Any,
        workers: Any = None,
        allow_other_workers: bool | None = None,
        resources: dict | None = None,
        sync: bool = True,
        asynchronous: bool | None = None,
        direct: bool | None = None,
        retries: int | None = None,
        priority: int = 0,
        fifo_timeout: Any = "60s",
        actors: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Run a raw task graph, as `plait.get` does.

        Parameters
        ----------
        dsk : dict
            The tasks by their keys.
        keys : object
            The keys whose values are wanted, in whatever nested lists.
        sync : bool
            Whether to wait for the values; else futures are returned.
        workers, allow_other_workers, resources, retries, priority : optional
            As for `submit`, of all tasks.
        """
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=bool(allow_other_workers))
        self._check_open()
        if sync and said is None and not self.asynchronous:
            return graph.get(dsk, keys, scheduler=self._executor)
        wanted = list(dict.fromkeys(flatten([keys])))
        texts = [text_of(key) for key in wanted]
        self._native.submit_graph(graph.as_dict(dsk), wanted, texts, said)
        by_key = {text: Future._of_wanted(text, self) for text in texts}

        def placed(x: Any) -> Any:
            return [placed(each) for each in x] if isinstance(x, list) else by_key[text_of(x)]

        answer = placed(keys)
        return self.gather(answer) if sync else answer

    def normalize_collection(self, collection: Any) -> Any:
        """The collection itself: work that the cluster has done already is found again by its keys."""
        return collection

    # --- Data ---

    def scatter(
        self,
        data: Any,
        workers: Any = None,
        broadcast: bool | int = False,
        direct: bool | None = None,
        hash: bool = True,
        timeout: Any = None,
        asynchronous: bool | None = None,
    ) -> Any:
        """Send data to the cluster.

        Parameters
        ----------
        data : list, dict or object
            The items of lists, tuples, sets and dicts are sent one by one; other objects whole.
        workers : list of str, optional
            Which workers take them.
        broadcast : bool or int
            Whether each item goes to all workers; or to how many.
        hash : bool
            Whether equal data has equal keys.

        Returns
        -------
        Future, or a container of futures as the data's
            What stands for the data.
        """
        if isinstance(workers, (str, Number)):
            workers = [workers]
        self._check_open()
        kind = type(data)
        if kind is dict:
            items = data
        else:
            objects = list(data) if kind in _CONTAINERS else [data]
            items = {f"{type(each).__name__}-{tokenize(each) if hash else uuid.uuid4()}": each for each in objects}
        texts = [text_of(key) for key in items]

        def send() -> Any:
            self._native.scatter(list(items.values()), texts, None if workers is None else [str(each) for each in workers], broadcast)
            if kind is dict:
                return {key: Future(key, self) for key in items}
            if kind not in _CONTAINERS:
                return Future(next(iter(items)), self)
            by_object = {id(each): key for key, each in items.items()}
            keys = [by_object.get(id(each)) or f"{type(each).__name__}-{tokenize(each)}" for each in objects]
            return kind(Future(key, self) for key in keys)

        return answered(self.asynchronous if asynchronous is None else asynchronous, send)

    def gather(self, futures: Any, errors: str = "raise", direct: bool | None = None, asynchronous: bool | None = None) -> Any:
        """Wait for results, and bring them here.

        Parameters
        ----------
        futures : Future, or a container of futures
            Lists, tuples, sets and dicts, in whatever depth; what is no future stays as it is.
        errors : {"raise", "skip"}
            Whether the first error is raised; else a list comes without the failed ones, elsewhere None stands for them.

        Returns
        -------
        object
            The same with results in the places of futures.
        """
        if errors not in ("raise", "skip"):
            raise ValueError(f"gather: errors is {errors!r}, expected 'raise' or 'skip'")
        if isinstance(futures, Iterator):
            futures = list(futures)
        return answered(self.asynchronous if asynchronous is None else asynchronous, self._gathered, futures, errors)

    def _gathered(self, futures: Any, errors: str) -> Any:
        is_plain = type(futures) is list and all(type(each) is Future for each in futures)
        wanted = futures if is_plain else _futures_in(futures)
        others = [each for each in wanted if each._client is not self]
        if others:
            raise ValueError(f"gather: the future {others[0].key} belongs to another cluster's client: {others[0]._client!r}")
        texts = list(dict.fromkeys(each.key for each in wanted))
        failed: set[str] = set()
        if errors == "skip" and texts:
            self._native.wait(texts, None, "ALL_COMPLETED")
            failed = {text for text, state in zip(texts, self._native.states(texts)) if state != "finished"}
        good = [text for text in texts if text not in failed]
        with shorten_traceback():
            values = dict(zip(good, self._values_of(good)))
        if is_plain:
            return [values[each.key] for each in futures if each.key not in failed]
        if failed and isinstance(futures, list):
            futures = [each for each in futures if not (isinstance(each, Future) and each.key in failed)]
        return _with_replaced(futures, lambda future: values.get(future.key))

    def _values_of(self, texts: list[str]) -> list:
        """The results of tasks, or the first error."""
        if not texts:
            return []
        self._check_open()
        try:
            return self._native.gather(texts)
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, KeyboardInterrupt) and not error.args:
                raise  # Ctrl-C; the engine's, which says that a task was cancelled, has a text
            if self.status == "closed":  # type: ignore[attr-defined]
                raise FutureCancelledError(texts[0], "the client was closed") from None
            for text, state in zip(texts, self._native.states(texts)):
                if state in ("cancelled", "lost"):
                    reason = "what it rests on is lost" if state == "lost" else None
                    raise FutureCancelledError(text, reason) from None
            raise

    def _result(self, future: Future, timeout: Any = None) -> Any:
        with shorten_traceback():
            if timeout is not None:
                self._waited(future, timeout)
            future._check_held()
            return self._values_of([future.key])[0]

    def _waited(self, future: Future, timeout: Any = None) -> str:
        """The status of a future that is done."""
        self._check_open()
        _, left = self._native.wait([future.key], None if timeout is None else seconds_of(timeout), "ALL_COMPLETED")
        if left:
            raise TimeoutError(f"the future {future.key} is not done after {timeout}")
        return future.status

    def cancel(self, futures: Any, asynchronous: bool | None = None, force: bool = False, reason: str | None = None, msg: str | None = None) -> Any:
        """Do not run the tasks of futures, and stop those that run; what needs their results is cancelled, too.

        Parameters
        ----------
        futures : Future, or a container of futures
            What nobody wants any more.
        force : bool
            Whether to cancel what other clients want, too.
        reason, msg : str, optional
            What the error of who asks for the result says.
        """
        texts = [each.key for each in self.futures_of(futures)]
        return answered(self.asynchronous if asynchronous is None else asynchronous, self._native.cancel, texts, force)

    def retry(self, futures: Any, asynchronous: bool | None = None) -> Any:
        """Run tasks again that have failed.

        Parameters
        ----------
        futures : Future, or a container of futures
            Whose tasks.
        """
        texts = [each.key for each in self.futures_of(futures)]
        return answered(self.asynchronous if asynchronous is None else asynchronous, self._native.retry, texts)

    def futures_of(self, futures: Any) -> list[Future]:
        """The futures in an object; see `plait.distributed.futures_of`."""
        raise NotImplementedError


def _keys_of_calls(name: str, func: Callable, kwargs: dict, calls: list, is_one: bool) -> list[str]:
    if not is_one:
        unique = uuid.uuid4()
        return [f"{name}-{unique}-{i}" for i in range(len(calls))]
    function = tokenize(func, kwargs)
    return [f"{name}-{tokenize(function, call)}" for call in calls]


def _key_of(collection: Any) -> Any:
    """The key of a computed collection's result: a delayed call's own, or one that says that it is put together of blocks."""
    return collection.key if isinstance(collection, _plait.DelayedCore) else f"finalize-{tokenize(collection)}"


def _finished(finish: Callable, args: tuple, values: list) -> Any:
    return finish(values, *args)
