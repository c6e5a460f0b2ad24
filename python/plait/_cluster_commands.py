"""``plait scheduler`` and ``plait worker``: a cluster of this machine out of programs of their own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from typing import Any

from . import _plait
from ._lazy import LazyModule
from .system import CPU_COUNT

sizes: Any = LazyModule("plait.distributed.deploy.sizes")


def add_to(commands: Any) -> None:
    """Add both commands to those of ``plait``."""
    scheduler = commands.add_parser("scheduler", help="start a scheduler of this machine; it runs until Ctrl-C")
    scheduler.add_argument("--port", type=int, default=8786, help="where clients and workers reach it; 0 is any free one (default 8786)")
    scheduler.add_argument("--scheduler-file", metavar="FILE", help="a file that says where it is, for `plait worker` and Client(scheduler_file=...)")
    scheduler.set_defaults(do=_run_scheduler)

    worker = commands.add_parser("worker", help="start workers for a scheduler of this machine; they run until it is gone")
    worker.add_argument("address", nargs="?", help="the scheduler's, such as tcp://127.0.0.1:8786")
    worker.add_argument("--scheduler-file", metavar="FILE", help="the file that the scheduler has written, instead of its address")
    worker.add_argument("--nworkers", type=int, default=1, help="how many processes (default 1)")
    worker.add_argument("--nthreads", type=int, default=0, help="threads of each (default: its share of the cores)")
    worker.add_argument("--memory-limit", default="auto", help="of each, such as 2GB; a fraction of the memory, 'auto' (its share) or 0 (none)")
    worker.add_argument("--name", default="", help="default is made up")
    worker.add_argument("--local-directory", default="", metavar="FOLDER", help="where it spills")
    worker.add_argument("--resources", default="", metavar="NAME=NUMBER", help="what tasks may ask for: 'GPU=2 LICENCE=1'")
    worker.set_defaults(do=_run_workers)


def _end_on_signals() -> None:
    """Ctrl-C and a request to end come as one KeyboardInterrupt, and only once."""

    def end(*_: Any) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)


def _run_scheduler(options: argparse.Namespace) -> int:
    _end_on_signals()
    cluster = _plait.cluster.LocalCluster(n_workers=0, port=options.port)
    try:
        if cluster.has_moved:
            print(f"plait scheduler: port {options.port} is in use, took another", file=sys.stderr)
        if options.scheduler_file:
            _write(options.scheduler_file, {"type": "Scheduler", "id": cluster.scheduler_id, "address": cluster.address, "pid": os.getpid()})
        print(f"Scheduler at {cluster.address}", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        cluster.close()
        if options.scheduler_file and os.path.exists(options.scheduler_file):
            os.remove(options.scheduler_file)
    return 0


def _write(path: str, told: dict) -> None:
    staged = f"{path}.{os.getpid()}"
    with open(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(told, file)
    os.replace(staged, path)


def _address_of(options: argparse.Namespace) -> str:
    if (options.address is None) == (options.scheduler_file is None):
        raise ValueError("worker: expected the scheduler's address, or --scheduler-file")
    if options.address is not None:
        return options.address
    with open(options.scheduler_file) as file:
        return json.load(file)["address"]


def _resources_of(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for each in text.replace(",", " ").split():
        name, _, number = each.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            raise ValueError(f"worker: --resources has {each!r}, expected NAME=NUMBER such as GPU=2") from None
    return found


def _run_workers(options: argparse.Namespace) -> int:
    if options.nworkers < 1:
        raise ValueError(f"worker: --nworkers is {options.nworkers}, expected at least 1")
    address, resources = _address_of(options), _resources_of(options.resources)
    nthreads = options.nthreads or max(1, CPU_COUNT // options.nworkers)
    limit = options.memory_limit
    memory = sizes.memory_limit_of(int(limit) if limit.isdigit() else limit, options.nworkers) or 0
    if options.nworkers > 1:
        return _run_processes(options, address, nthreads, memory)
    _end_on_signals()
    try:
        _plait.cluster.run_worker(address, None, options.name, nthreads, memory, options.local_directory, resources)
    except KeyboardInterrupt:
        pass
    return 0


def _run_processes(options: argparse.Namespace, address: str, nthreads: int, memory: int) -> int:
    """One process for each worker; Ctrl-C reaches them all."""
    words = [sys.executable, "-m", "plait", "worker", address, "--nthreads", str(nthreads), "--memory-limit", str(memory)]
    words += ["--local-directory", options.local_directory, "--resources", options.resources]
    names = [f"{options.name}-{i}" if options.name else "" for i in range(options.nworkers)]
    workers = [subprocess.Popen([*words, "--name", name]) for name in names]
    _end_on_signals()
    try:
        return max(abs(worker.wait()) for worker in workers)
    except KeyboardInterrupt:
        for worker in workers:
            worker.terminate()
        return max(abs(worker.wait()) for worker in workers)
