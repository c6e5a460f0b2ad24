"""Clusters that Dask has beside `LocalCluster`: one that is the same here, and one that other engines make."""

from __future__ import annotations

import logging
from typing import Any

from .local import LocalCluster


def SubprocessCluster(  # noqa: N802
    host: str | None = None,
    scheduler_port: int = 0,
    scheduler_kwargs: dict | None = None,
    dashboard_address: str = ":8787",
    worker_class: str = "distributed.Nanny",
    n_workers: int | None = None,
    threads_per_worker: int | None = None,
    worker_kwargs: dict | None = None,
    silence_logs: int = logging.WARN,
    **kwargs: Any,
) -> LocalCluster:
    """A `LocalCluster`, whose workers are processes of their own anyway.

    Parameters
    ----------
    host, scheduler_port, scheduler_kwargs, dashboard_address, n_workers, threads_per_worker, silence_logs : optional
        As for `LocalCluster`.
    worker_class : str
        Taken as in Dask.
    worker_kwargs : dict, optional
        Further arguments of `LocalCluster` about workers.
    **kwargs : object
        Further arguments of `LocalCluster`.
    """
    return LocalCluster(
        n_workers=n_workers,
        threads_per_worker=threads_per_worker,
        processes=True,
        host=host,
        scheduler_port=scheduler_port,
        scheduler_kwargs=scheduler_kwargs,
        dashboard_address=dashboard_address,
        silence_logs=silence_logs,
        **(worker_kwargs or {}),
        **kwargs,
    )


def SSHCluster(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """Says which engine to use instead.

    Raises
    ------
    NotImplementedError
        Always.
    """
    raise NotImplementedError(
        "SSHCluster: Plait's own cluster is on one machine: plait.distributed.LocalCluster. Over several machines the same programs run on a Ray cluster, "
        "or on an existing dask.distributed cluster"
    )
