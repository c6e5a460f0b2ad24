"""The kinds of workers that a cluster's specification names."""

from __future__ import annotations

from enum import Enum

from .worker import Worker as WorkerOfTask


class Status(Enum):
    """States of clusters and workers, as Dask names them."""

    created = "created"
    init = "init"
    starting = "starting"
    running = "running"
    paused = "paused"
    stopping = "stopping"
    stopped = "stopped"
    closing = "closing"
    closing_gracefully = "closing_gracefully"
    closed = "closed"
    failed = "failed"
    undefined = "undefined"


class Worker(WorkerOfTask):
    """In a specification: a worker that is threads of this process. In a task: see `get_worker`."""

    runs_in_process = False


class Nanny:
    """In a specification: a worker in a process of its own, which is watched and started again when it ends."""

    runs_in_process = True


class Scheduler:
    """In a specification: the scheduler, which runs in this process."""
