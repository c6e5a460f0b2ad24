"""Schedulers and workers as parts: what a cluster's specification names, and what a program may run by itself.

``async with Scheduler() as s, Worker(s.address) as w, Client(s.address, asynchronous=True) as client: ...``
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator
from time import monotonic, sleep
from typing import Any, Self

from .. import _plait
from .._missing_names import missing
from ..system import CPU_COUNT
from ._context import in_thread
from ._scheduler import SchedulerState, info_of
from .comm import normalize_address
from . import _dashboard
from ._sizes import memory_limit_of
from .security import checked
from ._status import Status as Status
from .worker import Worker as WorkerOfTask

_TIMEOUT_S = 30.0
_LOOK_S = 0.01


class _Node:
    """Runs once it is awaited, and ends with its ``async with`` block, or when it is closed."""

    def __init__(self) -> None:
        self.status = Status.created

    def __await__(self) -> Generator[Any, Any, Self]:
        return self._started().__await__()

    async def _started(self) -> Self:
        if self.status is Status.created:
            await in_thread(self._start)
            self.status = Status.running
        return self

    def _start(self) -> None:
        raise NotImplementedError

    async def close(self, *args: Any, **kwargs: Any) -> None:
        """End it."""
        if self.status is not Status.closed:
            self.status = Status.closed
            await in_thread(self._close)

    def _close(self) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return await self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    def __getattr__(self, name: str) -> Any:
        raise missing(type(self).__name__, name, type(self))


class Scheduler(_Node):
    """A scheduler of this process. In a cluster's specification, where it need not be made, it says no more.

    Parameters
    ----------
    host : str, optional
        The loopback address, which is the only one.
    port : int
        Where it listens; 0 is any that is free.
    dashboard_address : str, optional
        Where its dashboard listens; default is no dashboard.
    loop, security, validate, **kwargs : object
        Taken as in Dask.

    Examples
    --------
    >>> async def program():
    ...     async with Scheduler() as scheduler, Worker(scheduler.address):
    ...         async with Client(scheduler.address, asynchronous=True) as client:
    ...             return await client.submit(abs, -1)
    """

    def __init__(self, loop: Any = None, *, host: str | None = None, port: int = 0, dashboard_address: Any = None, security: Any = None, **kwargs: Any):
        super().__init__()
        checked(security)
        self._given = (host or "127.0.0.1", int(port or 0), dashboard_address)

    def _start(self) -> None:
        host, port, dashboard_address = self._given
        self._cluster = _plait.cluster.LocalCluster(n_workers=0, host=host, port=port)
        self._client = _plait.cluster.Client(self._cluster.address, None, _TIMEOUT_S, "scheduler")
        self._state = SchedulerState(lambda: self._client)
        self._dashboard = None if dashboard_address is None else _dashboard.serve_at(self._cluster.address, dashboard_address)
        if self._dashboard is not None:
            _dashboard.note(self._client, self._dashboard.link)

    def _close(self) -> None:
        if self._dashboard is not None:
            self._dashboard.close()
        self._client.close()
        self._cluster.close()

    @property
    def address(self) -> str:
        """Where workers and clients find it."""
        return self._of_state("address")

    @property
    def id(self) -> str:
        """What it is called."""
        return self._of_state("id")

    @property
    def port(self) -> int:
        """Where it listens, on the loopback address."""
        return self._of_state("port")

    @property
    def workers(self) -> dict[str, Any]:
        """The workers by their addresses."""
        return self._of_state("workers")

    @property
    def total_nthreads(self) -> int:
        """How many threads the workers have together."""
        return self._of_state("total_nthreads")

    def _of_state(self, name: str) -> Any:
        if self.status is Status.created and "_state" not in self.__dict__:
            raise ValueError("the scheduler has not been started: await it, or use it as `async with Scheduler() as scheduler`")
        return getattr(self._state, name)

    def __repr__(self) -> str:
        return f"<Scheduler {self.status.value}>" if self.status is not Status.running else repr(self._state)


class _WorkerNode(_Node):
    """A worker for the scheduler at an address."""

    _kind = ""

    def __init__(
        self,
        scheduler_ip: str | None = None,
        scheduler_port: int | None = None,
        *,
        scheduler_file: str | None = None,
        nthreads: int | None = None,
        name: Any = None,
        memory_limit: Any = "auto",
        local_directory: str | None = None,
        resources: dict[str, float] | None = None,
        loop: Any = None,
        security: Any = None,
        **kwargs: Any,
    ):
        super().__init__()
        checked(security)
        if (scheduler_ip is None) == (scheduler_file is None):
            raise ValueError(f"{type(self).__name__}: expected the scheduler's address, or scheduler_file=")
        place = scheduler_ip if scheduler_port is None else f"{scheduler_ip}:{scheduler_port}"
        self._scheduler_file = scheduler_file
        self.scheduler_address: str = "" if place is None else normalize_address(place)
        self.name = name if name is not None else f"{type(self).__name__.lower()}-{uuid.uuid4().hex[:8]}"
        self.nthreads = nthreads or CPU_COUNT
        self.memory_limit = memory_limit_of(memory_limit, 1) or 0
        self.local_directory = str(local_directory or "")
        self.resources = {each: float(amount) for each, amount in (resources or {}).items()}

    def _start(self) -> None:
        if self._scheduler_file is not None:
            with open(self._scheduler_file) as file:
                self.scheduler_address = json.load(file)["address"]
        make = getattr(_plait.cluster, self._kind)
        self._native = make(self.scheduler_address, None, str(self.name), self.nthreads, self.memory_limit, self.local_directory, self.resources)
        self._address = self._found_address()

    def _found_address(self) -> str:
        """Under which the scheduler knows it, once it has joined."""
        client = _plait.cluster.Client(self.scheduler_address, None, _TIMEOUT_S, "worker")
        try:
            end = monotonic() + _TIMEOUT_S
            while monotonic() < end and not (failure := getattr(self._native, "failure", "")):
                for address, each in info_of(client)["workers"].items():
                    if str(each["name"]) == str(self.name):
                        return address
                sleep(_LOOK_S)
            raise TimeoutError(failure or f"the worker {self.name!r} has not joined the scheduler at {self.scheduler_address} within {_TIMEOUT_S:g} s")
        finally:
            client.close()

    def _close(self) -> None:
        self._native.close()

    @property
    def address(self) -> str:
        """Under which the scheduler knows it."""
        if "_address" not in self.__dict__:
            raise ValueError("the worker has not been started: await it, or use it in an `async with` block")
        return self._address

    worker_address = address

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, {self.status.value}, nthreads: {self.nthreads}>"


class Worker(_WorkerNode, WorkerOfTask):
    """A worker that is threads of this process; in a task, the worker around it (see `get_worker`).

    Parameters
    ----------
    scheduler_ip : str
        The scheduler's address.
    scheduler_port : int, optional
        Its port, if the address has none.
    scheduler_file : str, optional
        A file that says where the scheduler is, instead of the address.
    nthreads : int, optional
        How many tasks run at a time; default is the number of cores.
    name : object, optional
        What it is called; default is made up.
    memory_limit : str, float, int or None
        As for `LocalCluster`.
    local_directory : str, optional
        Where it spills.
    resources : dict, optional
        Names and amounts that it has to spare.
    loop, security, **kwargs : object
        Taken as in Dask.
    """

    runs_in_process = False
    _kind = "WorkerThread"


class Nanny(_WorkerNode):
    """A worker in a process of its own, which is watched and started again when it ends. Its parameters are those of `Worker`."""

    runs_in_process = True
    _kind = "WorkerProcess"

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._native.pid
