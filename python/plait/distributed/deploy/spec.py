"""Clusters whose workers are said one by one."""

from __future__ import annotations

import itertools
import math
from typing import Any

from ... import _plait
from ...utils import parse_bytes
from .._context import answered, seconds_of
from ..security import checked
from .adaptive import Adaptive as _Adaptive
from .cluster import Cluster
from .._dashboard import serve
from .._sizes import memory_limit_of


# How long workers may take to start.
_START_S = 60.0


class SpecCluster(Cluster):
    """A cluster on this machine whose workers are said one by one. `LocalCluster` says them itself.

    Parameters
    ----------
    workers : dict, optional
        For each name of a worker ``{"cls": Nanny or Worker, "options": {...}}``: a process of its own or threads of this one, with
        ``nthreads``, ``memory_limit``, ``resources`` and ``local_directory``.
    scheduler : dict, optional
        ``{"cls": Scheduler, "options": {"port": 8786, "dashboard_address": ":8787"}}``.
    worker : dict, optional
        What further workers are like that `scale` starts.
    name : str, optional
        The cluster's name.
    """

    def __init__(
        self,
        workers: dict[Any, dict] | None = None,
        scheduler: dict | None = None,
        worker: dict | None = None,
        asynchronous: bool = False,
        loop: Any = None,
        security: Any = None,
        silence_logs: Any = False,
        name: Any = None,
        shutdown_on_close: bool = True,
        scheduler_sync_interval: float = 1,
        shutdown_scheduler: bool = True,
    ):
        super().__init__(asynchronous=asynchronous, loop=loop, name=name)
        checked(security)
        self.worker_spec: dict[Any, dict] = dict(workers or {})
        self.scheduler_spec = scheduler or {"options": {}}
        self.new_spec: dict[str, Any] = worker or next(iter(self.worker_spec.values()), {"options": {}})
        self._numbers = itertools.count(len(self.worker_spec))
        for found, spec in self.worker_spec.items():
            _check_spec(found, spec)
        if not asynchronous:
            self._start()

    def _start(self) -> None:
        if self._native is not None:
            return
        options = self.new_spec.get("options", {})
        port = self.scheduler_spec.get("options", {}).get("port") or 0
        given = options.get("resources") or {}
        if not isinstance(given, dict):
            raise TypeError(f"LocalCluster: resources is {given!r}, expected a dict of numbers such as {{'GPU': 2}}")
        resources = {name: float(amount) for name, amount in given.items()}
        self._native = _plait.cluster.LocalCluster(
            n_workers=len(self.worker_spec),
            threads_per_worker=options.get("nthreads") or 1,
            processes=self._are_processes,
            memory_limit=memory_limit_of(options.get("memory_limit"), len(self.worker_spec)) or _plait.usable_memory(),
            local_directory=str(options.get("local_directory") or ""),
            resources=resources,
            port=int(port),
            worker_names=[str(each) for each in self.worker_spec],
        )
        if not self._native.wait_for_workers(len(self.worker_spec), _START_S):
            found = len(self._native.worker_names())
            self._native.close(0)
            raise TimeoutError(f"only {found} of {len(self.worker_spec)} workers have started within {_START_S:g} s")
        self._status = "running"
        address = self.scheduler_spec.get("options", {}).get("dashboard_address", ":8787")
        self._dashboard = None if address is None else serve(self, address)

    @property
    def _are_processes(self) -> bool:
        kinds = {getattr(spec.get("cls"), "runs_in_process", True) for spec in [*self.worker_spec.values(), self.new_spec]}
        return kinds.pop() if len(kinds) == 1 else True

    # --- Size ---

    def new_worker_spec(self) -> dict[Any, dict]:
        """The name of a further worker, and what it is like."""
        number = next(self._numbers)
        while number in self.worker_spec:
            number = next(self._numbers)
        return {number: self.new_spec}

    def scale(self, n: int = 0, memory: Any = None, cores: int | None = None) -> Any:  # type: ignore[override]
        """Have a number of workers: start some, or retire those that hold least.

        Parameters
        ----------
        n : int
            How many.
        memory : str, optional
            As many as have so much memory together.
        cores : int, optional
            As many as have so many threads together.
        """
        wanted = max(n, self._workers_with(memory, cores))

        def change() -> None:
            self._forget_those_that_left()
            if wanted >= len(self.worker_spec):
                self.scale_up(wanted)
                return
            workers = self._info()["workers"].values()
            by_size = sorted(workers, key=lambda each: each.get("managed", 0))
            named = {str(name): name for name in self.worker_spec}
            self.scale_down([named[str(each["name"])] for each in by_size if str(each["name"]) in named][: len(self.worker_spec) - wanted])

        return answered(self.asynchronous, change)

    def _forget_those_that_left(self) -> None:
        """Workers that a client has retired."""
        there = set(self._native.worker_names())
        for name in [each for each in self.worker_spec if str(each) not in there]:
            del self.worker_spec[name]

    def _workers_with(self, memory: Any, cores: int | None) -> int:
        options = self.new_spec.get("options", {})
        wanted = 0
        if cores is not None:
            wanted = math.ceil(cores / (options.get("nthreads") or 1))
        if memory is not None:
            limit = memory_limit_of(options.get("memory_limit"), 1)
            if not limit:
                raise ValueError("scale: memory= is given, but the workers have no memory_limit")
            wanted = max(wanted, math.ceil(parse_bytes(memory) / limit))
        return wanted

    def scale_up(self, n: int = 0, memory: Any = None, cores: int | None = None) -> None:
        """Start workers until there are ``n``."""
        while len(self.worker_spec) < n:
            ((name, spec),) = self.new_worker_spec().items()
            self.worker_spec[name] = spec
            self._native.add_worker(str(name))

    def scale_down(self, workers: list) -> None:
        """Retire workers of these names; what they hold moves to others first."""
        named = {str(name): name for name in self.worker_spec}
        going = [str(each) for each in workers if str(each) in named]
        addresses = [address for address, each in self._info()["workers"].items() if str(each["name"]) in going]
        if addresses:
            self._asker.ask("retire", {"workers": addresses, "close": True})
        for each in going:
            self._native.remove_worker(each)
            self.worker_spec.pop(named[each], None)

    def adapt(  # type: ignore[override]
        self,
        Adaptive: type[_Adaptive] = _Adaptive,  # noqa: N803
        minimum: float | None = None,
        maximum: float | None = None,
        minimum_cores: int | None = None,
        maximum_cores: int | None = None,
        minimum_memory: Any = None,
        maximum_memory: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Have as many workers as there is work for; see `Cluster.adapt`. Bounds may be said as threads and memory, too."""
        fewest = [minimum or 0, self._workers_with(minimum_memory, minimum_cores)]
        most = [each for each in (maximum, *self._most(maximum_memory, maximum_cores)) if each is not None]
        bounds: dict[str, Any] = {}
        if minimum is not None or max(fewest):
            bounds["minimum"] = max(fewest)
        if most:
            bounds["maximum"] = min(most)
        return super().adapt(Adaptive, **bounds, **kwargs)

    def _most(self, memory: Any, cores: int | None) -> list[int | None]:
        options = self.new_spec.get("options", {})
        by_cores = None if cores is None else max(1, cores // (options.get("nthreads") or 1))
        limit = memory_limit_of(options.get("memory_limit"), 1)
        by_memory = None if memory is None or not limit else max(1, parse_bytes(memory) // limit)
        return [by_cores, by_memory]

    @property
    def plan(self) -> set:
        """The names of the workers that are to be there."""
        return set(self.worker_spec)

    @property
    def requested(self) -> set:
        """The names of the workers that were started."""
        return set(self.worker_spec)

    # --- Ending ---

    def _close(self, timeout: Any = None) -> None:
        if self._status == "closed":
            return
        if self._adaptive is not None:
            self._adaptive.stop("the cluster closes")
        self._status = "closed"
        if self._dashboard is not None:
            self._dashboard.close()
        if self._own_client is not None:
            self._own_client.close()
        if self._native is not None:
            self._native.close(seconds_of(timeout) if timeout is not None else 30.0)

    @classmethod
    def from_name(cls, name: str) -> Any:
        """A cluster that runs already.

        Raises
        ------
        NotImplementedError
            Always: a cluster of this machine is found by its scheduler file, with ``Client(scheduler_file=...)``.
        """
        raise NotImplementedError("from_name: a cluster of this machine is found by its scheduler file: Client(scheduler_file=...)")


def _check_spec(name: Any, spec: dict) -> None:
    kind = spec.get("cls")
    if kind is not None and not hasattr(kind, "runs_in_process"):
        raise TypeError(f"SpecCluster: the worker {name!r} is of {kind!r}; expected Nanny (a process) or Worker (threads of this process)")
