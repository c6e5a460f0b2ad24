"""What a task can ask of the worker that it runs on."""

from __future__ import annotations

import builtins
import io
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import _plait
from ._context import as_current, found_client
from .exceptions import Reschedule as Reschedule


class Worker:
    """The worker around a task, as :func:`get_worker` gives it and functions that `Client.run` calls get it as ``dask_worker``.

    Attributes
    ----------
    address : str
        Under which the cluster knows it.
    name : object
        Its name.
    local_directory : str
        A folder that is removed when it ends.
    """

    def __init__(self, native: Any):
        self.address: str = native.address
        self.name: Any = int(native.name) if str(native.name).isdecimal() else native.name
        self.local_directory: str = native.local_directory
        self.id = self.name
        self.worker_address = self.address

    @property
    def client(self) -> Any:
        """A client of the worker's cluster."""
        return found_client()

    def get_current_task(self) -> str:
        """The key of the task that runs on this thread."""
        return _plait.cluster.current_worker().key

    def log_event(self, topic: Any, msg: Any) -> Any:
        """Note an event on the scheduler."""
        return found_client().log_event(topic, msg)

    def __repr__(self) -> str:
        return f"<Worker: {self.address}, name: {self.name}>"


def get_worker() -> Worker:
    """The worker that the task runs on.

    Raises
    ------
    ValueError
        If the caller is no task.
    """
    try:
        return Worker(_plait.cluster.current_worker())
    except RuntimeError:
        raise ValueError("get_worker: this is not inside a task of a cluster") from None


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
    return _make_client[0](address, timeout)


# How a client of an address is made: what client.py gives.
_make_client: list[Any] = []


def make_client_with(make: Any) -> None:
    """Say how a client of a scheduler's address is made."""
    _make_client.append(make)


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


def print(*args: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False) -> None:
    """Print here, and in a task in the client's program, too; see the built-in function.

    Raises
    ------
    TypeError
        If ``file`` is neither standard output nor standard error.
    """
    client = _client_of_task()
    if client is not None:
        if file not in (None, sys.stdout, sys.stderr, 1, 2):
            raise TypeError(f"print: file is {file!r}, expected sys.stdout or sys.stderr, which every process has")
        text = io.StringIO()
        builtins.print(*args, sep=sep, end=end, file=text)
        client.log_event("print", {"text": text.getvalue(), "is_error": file in (sys.stderr, 2)})
    target = {1: sys.stdout, 2: sys.stderr}.get(file, file) if isinstance(file, int) else file
    builtins.print(*args, sep=sep, end=end, file=target, flush=flush)


def warn(message: str | Warning, category: type[Warning] | None = UserWarning, stacklevel: int = 1, source: Any = None) -> None:
    """Warn here, and in a task in the client's program, too; see `warnings.warn`."""
    client = _client_of_task()
    if client is not None:
        client.log_event("warn", {"message": message, "category": category})
    warnings.warn(message, category, stacklevel=stacklevel + 1, source=source)


def _client_of_task() -> Any:
    try:
        _plait.cluster.current_worker()
    except RuntimeError:
        return None
    return found_client()


