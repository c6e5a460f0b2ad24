"""Clients that are found rather than made: the one of a task's worker, of an address, of a cluster."""

from __future__ import annotations

import atexit
import threading
from typing import Any

from .. import _schedulers
from ._context import client_of_worker_from, found_client
from .client import Client, open_clients
from .deploy import Cluster
from .future import client_at_from
from .worker import about_worker, make_client_with

_of_worker: dict[str, Client] = {}
_of_worker_lock = threading.Lock()


def _client_of_worker() -> Client | None:
    """The client of the worker around the task, or the actor's method, that runs here; one for each process."""
    worker = about_worker()
    if worker is None:
        return None
    address = worker["scheduler"]
    with _of_worker_lock:  # a second one would give back, when it goes, what the tasks that found it hold
        found = _of_worker.get(address)
        if found is None or found.status == "closed":
            found = _of_worker[address] = Client(address, name=f"worker {worker['name']}", set_as_default=False)
        return found


def _client_at(address: str) -> Client:
    """A client of this process for the scheduler at an address: the worker's, one that is there, or a new one."""
    found = _client_of_worker()
    if found is not None and found.address == address:
        return found
    for each in list(open_clients):
        if each._address == address and each.status == "running":
            return each
    return Client(address, set_as_default=False)


def _client_of_cluster(cluster: Any) -> Client:
    for each in list(open_clients):
        if each.cluster is cluster and each.status == "running":
            return each
    return Client(cluster)


@atexit.register
def _close_all() -> None:
    """End what the program has left open, while Python can still do it."""
    for client in list(open_clients):
        client._close()


client_of_worker_from(_client_of_worker)
client_at_from(_client_at)
make_client_with(lambda address, timeout: Client(address, timeout=timeout, set_as_default=False))
Cluster._client_of = staticmethod(_client_of_cluster)  # type: ignore[method-assign,assignment]
_schedulers.client_from(found_client)
