"""A cluster on this machine, started with one line."""

from __future__ import annotations

import logging
import warnings
from typing import Any

from ... import _plait
from ..nodes import Nanny, Worker
from ..security import checked
from .._sizes import worker_sizes
from .spec import SpecCluster

_LOOPBACK = ("127.0.0.1", "localhost", "::1", "tcp://127.0.0.1", "tcp://localhost", "inproc://", "")


class LocalCluster(SpecCluster):
    """A scheduler and workers on this machine.

    Programs need no ``if __name__ == "__main__"``: workers never run the user's program again.

    Parameters
    ----------
    name : str, optional
        The cluster's name.
    n_workers : int, optional
        How many workers; default is one process a core up to four cores, then fewer that have several threads.
    threads_per_worker : int, optional
        How many threads each has; default is what shares out the cores.
    processes : bool, optional
        Whether workers are processes (the default), or threads of this one.
    memory_limit : str, float, int or None
        Of each worker: ``"2GB"`` or a number of bytes, a float for a part of the machine's memory, ``"auto"`` (the default) to share
        it out, 0 or None for no limit.
    local_directory : str, optional
        Where spill files and uploaded files lie, in a folder for each worker that goes with it.
    resources : dict, optional
        Names and amounts that each worker has to spare.
    host : str, optional
        The loopback address, which is the only one.
    scheduler_port : int
        The scheduler's port; 0 is any that is free.
    dashboard_address : str or None
        Where the dashboard listens; default is ``":8787"``, or another port if that is taken. None is no dashboard.
    asynchronous : bool
        Whether the program awaits.
    silence_logs, security, protocol, interface, worker_class, worker_dashboard_address, service_kwargs, scheduler_kwargs : optional
        Taken as in Dask.

    Raises
    ------
    ValueError
        If ``host`` is not this machine's loopback address, or a number makes no sense.

    Examples
    --------
    >>> cluster = LocalCluster(n_workers=2, threads_per_worker=2, memory_limit="2GB")  # doctest: +SKIP
    >>> client = Client(cluster)  # doctest: +SKIP
    """

    def __init__(
        self,
        name: Any = None,
        n_workers: int | None = None,
        threads_per_worker: int | None = None,
        processes: bool | None = None,
        loop: Any = None,
        start: Any = None,
        host: str | None = None,
        ip: str | None = None,
        scheduler_port: int = 0,
        silence_logs: Any = logging.WARN,
        dashboard_address: str | None = ":8787",
        worker_dashboard_address: str | None = None,
        services: Any = None,
        worker_services: Any = None,
        service_kwargs: dict | None = None,
        asynchronous: bool = False,
        security: Any = None,
        protocol: str | None = None,
        blocked_handlers: Any = None,
        interface: str | None = None,
        worker_class: type | None = None,
        scheduler_kwargs: dict | None = None,
        scheduler_sync_interval: float = 1,
        **worker_kwargs: Any,
    ):
        checked(security)
        host = ip if host is None else host
        if host is not None and host not in _LOOPBACK:
            raise ValueError(
                f"LocalCluster: host is {host!r}, but a cluster of Plait listens on 127.0.0.1 only. "
                "Past one machine the same programs run on other engines: see docs/cluster.md"
            )
        if protocol is not None and protocol.removesuffix("://") not in ("tcp", "inproc"):
            raise ValueError(f"LocalCluster: protocol is {protocol!r}, expected 'tcp://' or 'inproc://'")
        unknown = sorted(set(worker_kwargs) - _TAKEN - _AS_IN_DASK)
        if unknown:
            near = _plait.did_you_mean(unknown[0], sorted(_ARGUMENTS))
            raise TypeError(f"LocalCluster has no argument {unknown[0]!r}{near}")
        if processes is None:
            processes = worker_class is None or getattr(worker_class, "runs_in_process", False)
        self.processes = processes
        limit = worker_kwargs.get("memory_limit", "auto")
        sizes = worker_sizes(n_workers, threads_per_worker, processes, limit)
        if sizes.n_workers and processes:
            _warn_of_too_many(sizes.n_workers)
        options = {
            "host": "127.0.0.1",
            "nthreads": sizes.threads_per_worker,
            # As the user gave it; "auto" in bytes, as in Dask.
            "memory_limit": sizes.memory_limit if limit == "auto" else limit,
            "dashboard": worker_dashboard_address is not None,
            "dashboard_address": worker_dashboard_address,
            "protocol": protocol or ("tcp://" if processes else "inproc://"),
            "silence_logs": silence_logs,
            **{key: value for key, value in worker_kwargs.items() if key != "memory_limit"},
        }
        worker = {"cls": worker_class or (Nanny if processes else Worker), "options": options}
        super().__init__(
            name=name,
            scheduler={"options": {"host": "127.0.0.1", "port": scheduler_port, "dashboard_address": dashboard_address, **(scheduler_kwargs or {})}},
            workers=dict.fromkeys(range(sizes.n_workers), worker),
            worker=worker,
            asynchronous=asynchronous,
            silence_logs=silence_logs,
        )

    def start_worker(self, *args: Any, **kwargs: Any) -> Any:
        """Gone, as in Dask: see `scale`."""
        raise NotImplementedError("start_worker is gone; start workers with cluster.scale(n)")


_TAKEN = {"memory_limit", "resources", "local_directory"}
_AS_IN_DASK = {"nanny", "death_timeout", "preload", "preload_argv", "env", "lifetime", "lifetime_stagger", "lifetime_restart", "heartbeat_interval", "validate"}
_ARGUMENTS = {"name", "n_workers", "threads_per_worker", "processes", "host", "scheduler_port", "silence_logs", "dashboard_address", "asynchronous", *_TAKEN}

# What a worker process takes before it has done anything.
_BYTES_OF_A_PROCESS = 64 << 20


def _warn_of_too_many(n_workers: int) -> None:
    memory = _plait.usable_memory()
    if n_workers * _BYTES_OF_A_PROCESS > memory:
        warnings.warn(f"{n_workers} worker processes take more memory than the {memory:,} bytes of this machine before they do anything", stacklevel=4)
