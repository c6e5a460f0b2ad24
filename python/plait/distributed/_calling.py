"""Calls of functions that a client has run."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Collection, Iterator
from queue import Queue as LocalQueue
from typing import Any

from ..tokenize import tokenize
from ..utils import funcname
from . import actor as actors_of
from ._connected import Connected
from ._context import synchronized
from ._demands import demands_of
from .future import Future, text_of


class Calling(Connected):
    """The part of `Client` that calls functions."""

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
        elif inspect.iscoroutinefunction(func):
            func = Awaited(func)
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
        elif inspect.iscoroutinefunction(func):
            func = Awaited(func)
        size = batch_size or len(calls) or 1
        for start in range(0, len(calls), size):
            self._native.submit_calls(func, calls[start : start + size], kwargs, texts[start : start + size], said)
        return [Future._of_wanted(each, self) for each in texts[: len(calls)]]


class Awaited:
    """A coroutine function as one that tasks call: it is awaited there, and awaits what clients give."""

    def __init__(self, function: Callable):
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return synchronized(self._function, *args, **kwargs)


def _keys_of_calls(name: str, func: Callable, kwargs: dict, calls: list, is_one: bool) -> list[str]:
    if not is_one:
        unique = uuid.uuid4()
        return [f"{name}-{unique}-{i}" for i in range(len(calls))]
    function = tokenize(func, kwargs)
    return [f"{name}-{tokenize(function, call)}" for call in calls]
