"""What a task can ask of the worker that it runs on."""

from __future__ import annotations

import atexit
import builtins
import concurrent.futures
import functools
import glob
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from .. import _plait
from ._context import as_current, awaiting, found_client
from ._scheduler import info_of
from .exceptions import Reschedule as Reschedule


_PREFIX = "plait-worker-"


@functools.cache
def _own_folder() -> str:
    """A folder of this process, which goes with it. What processes have left behind that were killed goes, too."""
    for left in glob.glob(os.path.join(tempfile.gettempdir(), f"{_PREFIX}*-*")):
        pid = os.path.basename(left).removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not os.path.exists(f"/proc/{pid}"):
            shutil.rmtree(left, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Worker:
    """The worker around a task, as :func:`get_worker` gives it and functions that `Client.run` calls get it as ``dask_worker``.

    Attributes
    ----------
    name : object
        Its name.
    local_directory : str
        A folder that is removed when it ends.
    """

    def __init__(self, about: dict[str, Any]):
        self.name: Any = int(about["name"]) if str(about["name"]).isdecimal() else about["name"]
        self.local_directory: str = about["local_directory"] or _own_folder()
        self.nthreads: int = about["nthreads"]
        self.memory_limit: int = about["memory_limit"]
        self.scheduler_address: str = about["scheduler"]
        self.id = self.name
        self._known_address: str | None = None

    @property
    def address(self) -> str:
        """Under which the cluster knows it."""
        if self._known_address is None:
            workers = info_of(self.client._native)["workers"]
            self._known_address = next((address for address, each in workers.items() if str(each["name"]) == str(self.name)), None)
        if self._known_address is None:
            raise ValueError(f"the worker {self.name!r} is not with its scheduler: it has not joined it yet, or has ended")
        return self._known_address

    worker_address = address

    @property
    def client(self) -> Any:
        """A client of the worker's cluster."""
        return get_client(self.scheduler_address)

    def log_event(self, topic: Any, msg: Any) -> Any:
        """Note an event on the scheduler."""
        return self.client.log_event(topic, msg)

    def __repr__(self) -> str:
        return f"<Worker: {self._known_address or 'not known yet'}, name: {self.name}>"


# What the worker is on which the actor lives whose method runs here, beside the worker's tasks.
_of_actor: ContextVar[dict[str, Any] | None] = ContextVar("plait actor's worker", default=None)


def about_worker() -> Any:
    """What the worker around the caller is, a task or a method of an actor; None outside of both."""
    return _plait.cluster.current_worker() or _of_actor.get()


@contextmanager
def around_actor(about: dict[str, Any], awaits: bool = False) -> Iterator[None]:
    """A method of an actor runs inside: its worker is this one, and its client that of the worker.

    Parameters
    ----------
    about : dict
        What the worker is.
    awaits : bool
        Whether the method is a coroutine: it awaits what clients give.
    """
    token = _of_actor.set(about)
    try:
        with awaiting() if awaits else nullcontext():
            yield
    finally:
        _of_actor.reset(token)


def get_worker() -> Worker:
    """The worker that the task runs on.

    Raises
    ------
    ValueError
        If the caller is no task.
    """
    about = about_worker()
    if about is None:
        raise ValueError("get_worker: this is not inside a task of a cluster")
    return _workers.setdefault((about["scheduler"], about["name"]), Worker(about))


# The workers of this process: each is one object, on which tasks and plugins may keep what they share.
_workers: dict[tuple[str, Any], Worker] = {}


def secede() -> None:
    """Leave the worker's threads, so that another task may run in the place of this one: for tasks that wait for others.

    Raises
    ------
    ValueError
        If the caller is no task.
    """
    get_worker()
    _plait.cluster.secede()


def rejoin() -> None:
    """Take a place among the worker's threads again, after :func:`secede`; waits for one.

    Raises
    ------
    ValueError
        If the caller is no task.
    """
    get_worker()
    _plait.cluster.rejoin()


def get_client(address: str | None = None, timeout: Any = None, resolve_address: bool = True) -> Any:
    """The client that is meant here: in a task that of its worker, with which it can submit tasks itself.

    Parameters
    ----------
    address : str, optional
        Of a scheduler; a client of it is made if there is none.
    timeout : float or str, optional
        Seconds to wait for the scheduler.

    Raises
    ------
    ValueError
        If there is no client and no address.

    Examples
    --------
    >>> def total(n):
    ...     client = get_client()
    ...     return sum(client.gather(client.map(abs, range(n))))
    >>> client.submit(total, 3).result()  # doctest: +SKIP
    3
    """
    found = found_client()
    if found is not None and (address is None or found.address == address):
        return found
    if address is None:
        raise ValueError("get_client: there is no client; make one first, or give the address of a scheduler")
    return _make_client.result()(address, timeout)


# How a client of an address is made: what _found.py gives; another thread may still be importing the package.
_make_client: concurrent.futures.Future[Callable[[str, Any], Any]] = concurrent.futures.Future()


def make_client_with(make: Callable[[str, Any], Any]) -> None:
    """Say how a client of a scheduler's address is made."""
    _make_client.set_result(make)


@contextmanager
def worker_client(timeout: Any = None, separate_thread: bool = True) -> Iterator[Any]:
    """A client for a task that waits for tasks that it submits.

    Parameters
    ----------
    separate_thread : bool
        Whether the task leaves the worker's threads meanwhile, so that the others can run on them.

    Examples
    --------
    >>> def total(n):
    ...     with worker_client() as client:
    ...         return sum(client.gather(client.map(abs, range(n))))
    """
    get_worker()
    if separate_thread:
        secede()
    try:
        with as_current(get_client(timeout=timeout)) as client:
            yield client
    finally:
        if separate_thread:
            rejoin()


def print(*args: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = True) -> None:
    """Print to the program's output, also from a task: workers write where the program that started them does.

    Parameters
    ----------
    *args, sep, end, flush : object
        As for the built-in function.
    file : object
        Standard output (the default, or 1) or standard error (or 2).

    Raises
    ------
    TypeError
        If ``file`` is another one: what is open here is not in every process.
    """
    stream = {None: sys.stdout, 1: sys.stdout, 2: sys.stderr}.get(file) if file is None or isinstance(file, int) else file
    if stream not in (sys.stdout, sys.stderr):
        raise TypeError(f"print: file is {file!r}, expected sys.stdout or sys.stderr, which every process has")
    builtins.print(*args, sep=sep, end=end, file=stream, flush=flush)


def warn(message: str | Warning, category: type[Warning] | None = UserWarning, stacklevel: int = 1, source: Any = None) -> None:
    """Warn, also from a task: workers write where the program that started them does. See `warnings.warn`."""
    warnings.warn(message, category, stacklevel=stacklevel + 1, source=source)
