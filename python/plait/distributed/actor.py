"""Objects that stay on one worker, whose methods are called there, one at a time."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import threading
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from .. import _plait

from ._context import answered, default_client, found_client, in_thread, seconds_of
from .worker import around_actor


class _Here(NamedTuple):
    """An actor of this process."""

    actor: Any
    lock: threading.RLock  # keeps its calls apart
    about: dict[str, Any]  # what its worker is


# By their keys.
_here: dict[str, _Here] = {}


def make(kind: Callable, key: str, args: tuple, kwargs: dict) -> Actor:
    """The task that makes an actor: the object stays here, what travels is its handle."""
    worker: Any = _plait.cluster.current_worker()
    _here[key] = _Here(kind(*args, **kwargs), threading.RLock(), worker)
    return Actor(kind, str(worker["name"]), key)


def _found(key: str) -> _Here:
    found = _here.get(key)
    if found is None:
        raise ValueError(f"the actor {key} is lost: the worker that it lived on has ended")
    return found


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """Where coroutines of this process's actors run, so that one that awaits lets the others go on."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True, name="plait-actors").start()
    return loop


def _call(key: str, name: str, args: tuple, kwargs: dict) -> Any:
    actor, lock, about = _found(key)
    method = getattr(actor, name)
    if inspect.iscoroutinefunction(method):

        async def awaited() -> Any:
            with around_actor(about, awaits=True):
                return await method(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(awaited(), _loop()).result()
    with lock, around_actor(about):
        return method(*args, **kwargs)


def _attribute(key: str, name: str) -> Any:
    actor, lock, about = _found(key)
    with lock, around_actor(about):
        return getattr(actor, name)


def forget(keys: list[str]) -> None:
    """Let go of actors that nobody has a future of."""
    for key in keys:
        _here.pop(key, None)


class Actor:
    """An object that lives on a worker: methods are called there and return an `ActorFuture`, attributes are fetched.

    It is what ``client.submit(SomeClass, actor=True)`` yields, may be sent to tasks, and is lost with its worker.

    Parameters
    ----------
    cls : type
        The object's class.
    worker : str
        The worker's name.
    key : str
        Of the task that made it.

    Examples
    --------
    >>> counter = client.submit(Counter, actor=True).result()  # doctest: +SKIP
    >>> counter.increment().result()  # doctest: +SKIP
    1
    """

    def __init__(self, cls: Callable, worker: str, key: str):
        self._cls = cls
        self._worker = worker
        self.key = key

    def __reduce__(self) -> tuple:
        return Actor, (self._cls, self._worker, self.key)

    def __repr__(self) -> str:
        return f"<Actor: {getattr(self._cls, '__name__', self._cls)}, key={self.key}>"

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *dir(self._cls)})

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "_asyncio")):  # what Python itself looks for, also where the handle is awaited
            raise AttributeError(name)
        what = getattr(self._cls, name, None)
        if not callable(what):
            client = found_client()
            return answered(client is not None and client.asynchronous, self._run, _attribute, self.key, name)

        def call(*args: Any, **kwargs: Any) -> ActorFuture:
            context = contextvars.copy_context()  # which client is meant is said where the call is made
            return ActorFuture(lambda: context.run(self._run, _call, self.key, name, args, kwargs))

        call.__name__, call.__doc__ = name, what.__doc__
        return call

    def _run(self, function: Callable, *args: Any) -> Any:
        if self.key in _here:
            return function(*args)
        return default_client()._run_on(self._worker, function, *args)


class ActorFuture:
    """The result of a method of an actor, which may still be on its way."""

    def __init__(self, call: Callable[[], Any]):
        self._is_done = threading.Event()
        self._value: Any = None
        self._error: BaseException | None = None
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], Any]] = []
        threading.Thread(target=self._run, args=(call,), daemon=True, name="plait-actor-call").start()

    def _run(self, call: Callable[[], Any]) -> None:
        try:
            self._value = call()
        except BaseException as error:  # noqa: BLE001
            self._error = error
        with self._lock:
            self._is_done.set()
            callbacks = self._callbacks
        for callback in callbacks:
            callback()

    def _when_done(self, callback: Callable[[], Any]) -> None:
        """Call back once it is done; at once if it is."""
        with self._lock:
            if not self._is_done.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def _outcome(self) -> Any:
        """The result, in a thread that may wait."""
        return self.result()

    def result(self, timeout: float | str | None = None) -> Any:
        """Wait for the result.

        Raises
        ------
        TimeoutError
            If it is not there in time.
        Exception
            What the method has raised.
        """
        if not self._is_done.wait(None if timeout is None else seconds_of(timeout)):
            raise TimeoutError(f"the actor's method has not returned after {timeout}")
        if self._error is not None:
            raise self._error
        return self._value

    def done(self) -> bool:
        """Whether the method has returned, or raised."""
        return self._is_done.is_set()

    def __await__(self) -> Generator[Any, Any, Any]:
        return in_thread(self.result).__await__()

    def __repr__(self) -> str:
        return "<ActorFuture>"


BaseActorFuture = ActorFuture
