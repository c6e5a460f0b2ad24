"""States of clusters and workers, as Dask names them."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """What a cluster, a scheduler or a worker is doing."""

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
