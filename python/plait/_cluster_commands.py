"""``plait scheduler``, ``plait worker`` and ``plait top``: a cluster of this machine out of programs of their own."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import uuid
from typing import Any

from . import _plait, _preload, _top, config
from ._lazy import LazyModule
from .system import CPU_COUNT

sizes: Any = LazyModule("plait.distributed._sizes")
dashboard: Any = LazyModule("plait.distributed._dashboard")
states: Any = LazyModule("plait.distributed._scheduler")
workers: Any = LazyModule("plait.distributed.worker")

_TIMEOUT_S = 10.0


def add_to(commands: Any) -> None:
    """Add the commands to those of ``plait``."""
    scheduler = commands.add_parser("scheduler", help="start a scheduler of this machine; it runs until Ctrl-C")
    scheduler.add_argument("--port", type=int, default=8786, help="where clients and workers reach it; 0 is any free one (default 8786)")
    scheduler.add_argument("--scheduler-file", metavar="FILE", help="a file that says where it is, for `plait worker` and Client(scheduler_file=...)")
    scheduler.add_argument("--dashboard-address", default=":8787", metavar=":PORT", help="where the dashboard is; :0 is any free port (default :8787)")
    scheduler.add_argument("--no-dashboard", action="store_true", help="without a dashboard")
    _add_preload(scheduler, "scheduler")
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
    _add_preload(worker, "worker")
    worker.set_defaults(do=_run_workers)

    top = commands.add_parser("top", help="show a cluster at work: workers, memory, tasks by state")
    top.add_argument("address", nargs="?", help="the scheduler's (default: the setting scheduler-address, else tcp://127.0.0.1:8786)")
    top.add_argument("--scheduler-file", metavar="FILE", help="the file that the scheduler has written, instead of its address")
    top.add_argument("--once", action="store_true", help="show it once")
    top.add_argument("--interval", type=float, default=1.0, metavar="SECONDS", help="from one look to the next (default 1)")
    top.set_defaults(do=_run_top)


def _add_preload(command: Any, what: str) -> None:
    command.add_argument("--preload", action="append", metavar="MODULE", help=f"a module or file whose dask_setup({what}) is called first; may stand several times")
    command.add_argument("--preload-argv", default="", metavar="WORDS", help="arguments for a dask_setup that is a command of click")


def _preloaded(options: argparse.Namespace, what: str, about: Any) -> Any:
    names = options.preload or config.get(f"distributed.{what}.preload", None) or []
    return _preload.preloaded([names] if isinstance(names, str) else names, shlex.split(options.preload_argv), about)


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
    served = None
    try:
        if cluster.has_moved:
            print(f"plait scheduler: port {options.port} is in use, took another", file=sys.stderr)
        native = _plait.cluster.Client(cluster.address, None, _TIMEOUT_S, "plait scheduler")
        if not options.no_dashboard:
            served = dashboard.serve_at(cluster.address, options.dashboard_address)
            dashboard.note(native, served.link)
        with _preloaded(options, "scheduler", states.SchedulerState(lambda: native)):
            if options.scheduler_file:
                _write(options.scheduler_file, {"type": "Scheduler", "id": cluster.scheduler_id, "address": cluster.address, "pid": os.getpid()})
            print(f"Scheduler at {cluster.address}", flush=True)
            if served:
                print(f"Dashboard at {served.link}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        if served:
            served.close()
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
    return options.address if options.address is not None else _address_in(options.scheduler_file)


def _address_in(scheduler_file: str) -> str:
    with open(scheduler_file) as file:
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
    name = options.name or f"worker-{uuid.uuid4().hex[:8]}"
    about = {"name": name, "local_directory": options.local_directory, "nthreads": nthreads, "memory_limit": memory, "scheduler": address}
    try:
        with _preloaded(options, "worker", workers.Worker(about)):
            _plait.cluster.run_worker(address, None, name, nthreads, memory, options.local_directory, resources)
    except KeyboardInterrupt:
        pass
    return 0


def _run_processes(options: argparse.Namespace, address: str, nthreads: int, memory: int) -> int:
    """One process for each worker; Ctrl-C reaches them all."""
    words = [sys.executable, "-m", "plait", "worker", address, "--nthreads", str(nthreads), "--memory-limit", str(memory)]
    words += ["--local-directory", options.local_directory, "--resources", options.resources]
    words += [word for name in options.preload or () for word in ("--preload", name)] + ["--preload-argv", options.preload_argv]
    names = [f"{options.name}-{i}" if options.name else "" for i in range(options.nworkers)]
    processes = [subprocess.Popen([*words, "--name", name]) for name in names]
    _end_on_signals()
    try:
        return max(abs(process.wait()) for process in processes)
    except KeyboardInterrupt:
        for process in processes:
            process.terminate()
        return max(abs(process.wait()) for process in processes)


def _run_top(options: argparse.Namespace) -> int:
    if options.interval <= 0:
        raise ValueError(f"top: --interval is {options.interval:g}, expected more than 0")
    if options.address is not None and options.scheduler_file is not None:
        raise ValueError("top: expected the scheduler's address or --scheduler-file, not both")
    address = _address_in(options.scheduler_file) if options.scheduler_file is not None else options.address
    address = address or config.get("scheduler-address", None) or "tcp://127.0.0.1:8786"
    _end_on_signals()
    try:
        native = _plait.cluster.Client(address, None, _TIMEOUT_S, "plait top")
        _top.show(native, options.once, options.interval, options.json)
    except KeyboardInterrupt:
        pass
    return 0
