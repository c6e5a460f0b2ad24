"""Clusters on this machine: a scheduler, workers, and clients with futures.

``Client()`` starts one; from then on the program's collections, delayed calls, bags and raw graphs are computed there. Programs need no
``if __name__ == "__main__"``.
"""

from __future__ import annotations

import importlib
import sys
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from .. import config
from .._missing_names import missing
from . import _found as _found
from ._context import default_client
from .actor import Actor, ActorFuture, BaseActorFuture
from .cfexecutor import CompatibleExecutor
from .client import Client, local_client
from .deploy import Adaptive, LocalCluster, SpecCluster, SSHCluster, SubprocessCluster
from .diagnostics.plugin import CondaInstall, Environ, InstallPlugin, NannyPlugin, PipInstall, SchedulerPlugin, UploadDirectory, UploadFile, WorkerPlugin
from .diagnostics.progressbar import progress
from .exceptions import KilledWorker, Reschedule, TimeoutError
from .future import Future, fire_and_forget, futures_of
from .locks import Event, Lock, MultiLock, Semaphore
from .nodes import Nanny, Scheduler, Status, Worker
from .queues import Queue, Variable
from .report import get_task_stream, performance_report
from .security import Security
from .task_metadata import get_task_metadata
from .waiting import as_completed, wait
from .worker import get_client, get_worker, print, rejoin, secede, warn, worker_client

_SUBMODULES = ("actor", "cfexecutor", "client", "comm", "deploy", "diagnostics", "exceptions", "metrics", "nodes", "profile", "security", "utils", "worker")

if TYPE_CHECKING:
    from . import actor as actor
    from . import cfexecutor as cfexecutor
    from . import client as client
    from . import comm as comm
    from . import deploy as deploy
    from . import diagnostics as diagnostics
    from . import exceptions as exceptions
    from . import metrics as metrics
    from . import nodes as nodes
    from . import profile as profile
    from . import security as security
    from . import utils as utils
    from . import worker as worker

__all__ = [
    "Actor",
    "ActorFuture",
    "Adaptive",
    "BaseActorFuture",
    "CancelledError",
    "Client",
    "CompatibleExecutor",
    "CondaInstall",
    "Environ",
    "Event",
    "Future",
    "InstallPlugin",
    "KilledWorker",
    "LocalCluster",
    "Lock",
    "MultiLock",
    "Nanny",
    "NannyPlugin",
    "PipInstall",
    "Queue",
    "Reschedule",
    "SSHCluster",
    "Scheduler",
    "SchedulerPlugin",
    "Security",
    "Semaphore",
    "SpecCluster",
    "Status",
    "SubprocessCluster",
    "TimeoutError",
    "UploadDirectory",
    "UploadFile",
    "Variable",
    "Worker",
    "WorkerPlugin",
    "as_completed",
    "config",
    "default_client",
    "fire_and_forget",
    "futures_of",
    "get_client",
    "get_task_metadata",
    "get_task_stream",
    "get_worker",
    "local_client",
    "performance_report",
    "print",
    "progress",
    "rejoin",
    "secede",
    "wait",
    "warn",
    "worker_client",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _SUBMODULES:
            return importlib.import_module(f"{__name__}.{name}")
        raise missing(__name__, name, sys.modules[__name__])
