"""Which client a program means when it does not say: that of a ``with`` block, that of the worker in a task, the newest one.

Also how answers are given to programs that wait and to those that ``await``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..utils import parse_timedelta

_current: ContextVar[Any] = ContextVar("plait client", default=None)
_awaits: ContextVar[bool] = ContextVar("plait awaits", default=False)  # in an asynchronous function that `synchronized` runs
_defaults: list[Any] = []

# The client of the worker that runs the task on this thread, or None: what client.py gives.
_of_worker: list[Callable[[], Any]] = []


def client_of_worker_from(find: Callable[[], Any]) -> None:
    """Say how the client of the worker around a task is found."""
    _of_worker.append(find)


def add_default(client: Any) -> None:
    """The client that is meant from now on."""
    _defaults.append(client)


def remove_default(client: Any) -> bool:
    """Forget the client; whether no other one is left."""
    if client in _defaults:
        _defaults.remove(client)
    return not _defaults


def found_client() -> Any:
    """The client that is meant here; None if there is none."""
    client = _current.get()
    if client is not None and client.status != "closed":
        return client
    for find in _of_worker:
        client = find()
        if client is not None:
            return client
    for client in reversed(_defaults):
        if client.status != "closed":
            return client
    return None


def current_of_block() -> Any:
    """The client of the ``with client.as_current()`` block around the caller; None outside of one."""
    return _current.get()


def default_client(c: Any = None) -> Any:
    """The client that is meant here.

    Parameters
    ----------
    c : Client, optional
        Returned as it is, if given.

    Raises
    ------
    ValueError
        If the program has no client.
    """
    found = c if c is not None else found_client()
    if found is None:
        raise ValueError("no client found; make one first, such as plait.distributed.Client()")
    return found


@contextmanager
def as_current(client: Any) -> Iterator[Any]:
    """The client is meant inside the block."""
    token = _current.set(client)
    try:
        yield client
    finally:
        _current.reset(token)


def seconds_of(timeout: Any) -> float:
    """Seconds of a number or a text such as ``"2s"``."""
    return float(parse_timedelta(timeout) or 0.0)


def answered(is_asynchronous: bool, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a function returns that waits: itself, or for a program that awaits, something to ``await``.

    Each call that is awaited has a thread of its own, so that one that waits for another does not keep it from running.
    """
    return in_thread(function, *args, **kwargs) if is_asynchronous or _awaits.get() else function(*args, **kwargs)


@contextmanager
def awaiting() -> Iterator[None]:
    """Inside, what clients give is awaited."""
    token = _awaits.set(True)
    try:
        yield
    finally:
        _awaits.reset(token)


def synchronized(function: Callable[..., Any], *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
    """What an asynchronous function returns in whose body clients are awaited; in an event loop of its own.

    Raises
    ------
    TimeoutError
        If it has not returned after ``timeout`` seconds.
    """

    async def awaited() -> Any:
        _awaits.set(True)
        return await asyncio.wait_for(function(*args, **kwargs), timeout)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(awaited())
    with ThreadPoolExecutor(1, "plait-sync") as beside:  # this thread has a loop that runs, as in a notebook
        return beside.submit(asyncio.run, awaited()).result()


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a function returns that waits, without holding up the event loop."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future = loop.create_future()

    def finish(set_outcome: Callable[[Any], None], outcome: Any) -> None:
        if not done.done():
            set_outcome(outcome)

    def run() -> None:
        try:
            outcome, set_outcome = function(*args, **kwargs), done.set_result
        except BaseException as error:  # noqa: BLE001
            outcome, set_outcome = error, done.set_exception
        if not loop.is_closed():
            loop.call_soon_threadsafe(finish, set_outcome, outcome)

    threading.Thread(target=run, daemon=True, name="plait-await").start()
    return await done
