"""What all clusters can do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator
from typing import Any

from ... import _plait
from .. import _reprs
from .._asking import as_dask_says
from .._context import answered
from .._scheduler import SchedulerState, info_of
from ..utils import Log, Logs
from .adaptive import Adaptive


_TIMEOUT_S = 30.0


class Cluster:
    """A scheduler and its workers. Derived classes start them.

    Attributes
    ----------
    name : str
        The cluster's name.
    scheduler_address : str
        Where clients find the scheduler.
    """

    _native: Any = None
    _own_client: Any = None
    _adaptive: Adaptive | None = None
    _dashboard: Any = None

    def __init__(self, asynchronous: bool = False, loop: Any = None, quiet: bool = False, name: Any = None, scheduler_sync_interval: float = 1):
        self.name = str(name) if name is not None else uuid.uuid4().hex[:8]
        self.asynchronous = asynchronous
        self._status = "created"

    @property
    def status(self) -> str:
        """``"created"``, ``"running"`` or ``"closed"``."""
        return self._status

    @property
    def scheduler_address(self) -> str:
        """Where clients find the scheduler."""
        return self._native.address if self._native is not None else "<Not Connected>"

    @property
    def dashboard_link(self) -> str:
        """Where the dashboard is; the empty text if there is none."""
        return self._dashboard.link if self._dashboard is not None else ""

    @property
    def scheduler_info(self) -> dict[str, Any]:
        """The scheduler and its workers, as `Client.scheduler_info` tells it."""
        if self._native is None or self._status == "closed":
            return {"type": "Scheduler", "workers": {}, "address": self.scheduler_address}
        return as_dask_says(self._info(), self._dashboard.port if self._dashboard is not None else None)

    @property
    def _asker(self) -> Any:
        """The engine's client of this cluster: what asks its scheduler."""
        if self._own_client is None:
            self._own_client = _plait.cluster.Client(self._native.address, None, _TIMEOUT_S, f"cluster {self.name}")
        return self._own_client

    def _info(self) -> dict[str, Any]:
        return info_of(self._asker)

    def _counts(self) -> dict[str, int]:
        """How many tasks there are by their states."""
        return self._asker.ask("counts", {})

    @property
    def scheduler(self) -> SchedulerState:
        """The scheduler as a program sees it: its ``address``, ``id``, ``port`` and ``workers``."""
        return SchedulerState(lambda: self._asker)

    @property
    def workers(self) -> dict[Any, Any]:
        """The workers that are there, by their names."""
        return {each.name: each for each in self.scheduler.workers.values()}

    # --- Size ---

    def scale(self, n: int) -> Any:
        """Have ``n`` workers."""
        raise NotImplementedError

    def adapt(self, Adaptive: type[Adaptive] = Adaptive, **kwargs: Any) -> Any:  # noqa: N803
        """Have as many workers as there is work for.

        Parameters
        ----------
        Adaptive : type
            What decides.
        minimum, maximum : int
            The fewest and the most workers.
        interval : float or str
            How often to look.
        wait_count : int
            How many looks must agree before a worker goes.
        target_duration : float or str
            In what time the work that is there should be done.

        Returns
        -------
        Adaptive
            What decides from now on; ``stop()`` ends it.
        """
        if self._adaptive is not None:
            self._adaptive.stop("another one takes its place")
            kwargs = {**self._adaptive.options, **kwargs}
        self._adaptive = Adaptive(self, **kwargs)
        return self._adaptive

    @property
    def observed(self) -> set:
        """The names of the workers that are there."""
        return {each["name"] for each in self.scheduler_info["workers"].values()}

    @property
    def requested(self) -> set:
        """The names of the workers that were started."""
        return self.observed

    @property
    def plan(self) -> set:
        """The names of the workers that are to be there."""
        return self.observed

    def wait_for_workers(self, n_workers: int, timeout: Any = None) -> Any:
        """Wait until there are that many workers; see `Client.wait_for_workers`."""
        return self.get_client().wait_for_workers(n_workers, timeout)

    # --- Clients ---

    # How a client of a cluster is made: what client.py gives.
    _client_of: Callable[[Cluster], Any]

    def get_client(self) -> Any:
        """A client of this cluster: the program's, if it is one of it, else a new one."""
        return type(self)._client_of(self)

    # --- Ending ---

    def close(self, timeout: Any = None) -> Any:
        """End the workers and the scheduler."""
        return answered(self.asynchronous, self._close, timeout)

    def _close(self, timeout: Any = None) -> None:
        raise NotImplementedError

    def get_logs(self, cluster: bool = True, scheduler: bool = True, workers: Any = True) -> Any:
        """What the workers have logged.

        Parameters
        ----------
        cluster, scheduler : bool
            Whether what is known of them is among it.
        workers : bool or list of str
            Whose; True is all.
        """

        def read() -> Logs:
            logs = Logs()
            if cluster:
                logs["Cluster"] = Log(repr(self))
            if scheduler:
                logs["Scheduler"] = Log(f"{self._native.scheduler_id} at {self.scheduler_address}")
            if workers:
                found = self.get_client()._worker_logs(None, None if workers is True else [str(each) for each in workers])
                logs.update({address: Log("\n".join(line for _, line in reversed(lines))) for address, lines in found.items()})
            return logs

        return answered(self.asynchronous, read)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Any:
        return await self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._started().__await__()

    async def _started(self) -> Any:
        await answered(True, self._start)
        return self

    def _start(self) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return _reprs.cluster_text(type(self).__name__, self.name, self.scheduler_address, self.scheduler_info)

    def _repr_html_(self) -> str:
        return _reprs.cluster_html(type(self).__name__, self.name, self.status, self.dashboard_link, self.scheduler_info)
