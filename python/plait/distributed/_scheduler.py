"""What a scheduler is asked, in the engine's words, and what it looks like to a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .. import _pickle
from .._missing_names import missing
from .comm import get_address_host_port
from ._status import Status


def info_of(native: Any) -> dict[str, Any]:
    """What the scheduler tells of itself, and of its workers by their addresses.

    Parameters
    ----------
    native : object
        The engine's client, or its cluster.
    """
    found = native.ask("info", {})
    return {**found, "workers": {each["address"]: _worker(each) for each in found["workers"]}}


def _worker(found: dict[str, Any]) -> dict[str, Any]:
    name = str(found["name"])
    executing = len(found.get("executing", ()))
    return {
        **found,
        "name": int(name) if name.isdecimal() else name,
        "managed": found.get("managed_bytes", 0),
        "spilled": found.get("spilled_bytes", 0),
        "executing": executing,
        "ready": max(0, found.get("num_processing", 0) - executing),
    }


class WorkerState(NamedTuple):
    """A worker as its scheduler knows it.

    Attributes
    ----------
    address, name : object
        What it is called.
    nthreads : int
        How many tasks it runs at a time.
    memory_limit : int
        In bytes; 0 is no limit.
    resources : dict
        What it has to spare, by name.
    status : Status
        ``running`` or ``paused``.
    nbytes : int
        Bytes of the values that it holds.
    occupancy : float
        Seconds that its tasks are expected to take.
    """

    address: str
    name: Any
    nthreads: int
    memory_limit: int
    resources: dict[str, float]
    status: Status
    nbytes: int
    occupancy: float

    @classmethod
    def of(cls, told: dict[str, Any]) -> WorkerState:
        """What :func:`info_of` tells of one."""
        status = Status.paused if told.get("is_paused") else Status.running
        limits = told["memory_limit"] or 0, dict(told.get("resources") or {})
        return cls(told["address"], told["name"], told["nthreads"], *limits, status, told["managed"], float(told.get("occupancy", 0.0)))

    @property
    def host(self) -> str:
        """This machine."""
        return "127.0.0.1"


class SchedulerState:
    """A scheduler as a program sees it: what it tells is asked for each time.

    Attributes
    ----------
    address, id : str
        Where it is, and what it is called.
    """

    def __init__(self, native: Callable[[], Any]):
        self._ask = native
        found = native()
        self.address: str = found.address
        self.id: str = found.scheduler_id

    @property
    def port(self) -> int:
        """Where it listens, on the loopback address."""
        return get_address_host_port(self.address)[1]

    @property
    def workers(self) -> dict[str, WorkerState]:
        """The workers by their addresses."""
        return {address: WorkerState.of(each) for address, each in info_of(self._ask())["workers"].items()}

    @property
    def total_nthreads(self) -> int:
        """How many threads the workers have together."""
        return sum(each.nthreads for each in self.workers.values())

    def __getattr__(self, name: str) -> Any:
        raise missing("Scheduler", name, type(self))

    def __repr__(self) -> str:
        return f"<Scheduler {self.address!r}, workers: {len(self.workers)}, cores: {self.total_nthreads}>"


def text_of_object(value: Any) -> str:
    """A small object as a text that the scheduler keeps without reading it."""
    return _pickle.dumps(value).decode("latin-1")


def object_of_text(text: str) -> Any:
    """The object of :func:`text_of_object`."""
    return _pickle.loads(text.encode("latin-1"))
