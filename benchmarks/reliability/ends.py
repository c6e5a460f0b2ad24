"""A scheduler or a driver that is killed: figures 10 and 11."""

import glob
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from figure import bounded, end, is_alive, kill, tell, until

from plait.distributed import Client

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parents[2] / "python")}


def start(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, start_new_session=True)


def pid_of(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def scheduler_lost(folder: str) -> None:
    errors, orphans = [], []
    for i in range(5):
        file = os.path.join(folder, f"{i}.json")
        scheduler = start("-m", "plait", "scheduler", "--port", "0", "--scheduler-file", file)
        worker = None
        try:
            scheduler.stdout.readline()
            worker = start("-m", "plait", "worker", "--scheduler-file", file, "--nworkers", "2", "--nthreads", "1")
            with Client(scheduler_file=file) as client:
                client.wait_for_workers(2, timeout=30)
                processes = set(client.run(os.getpid).values()) | {worker.pid}
                futures = client.map(pid_of, range(200), pure=False)
                futures[0].result()
                kill(scheduler.pid)
                begin = time.perf_counter()
                try:
                    client.gather(futures)
                    raise AssertionError("a result without a scheduler")
                except AssertionError:
                    raise
                except Exception:
                    errors.append(time.perf_counter() - begin)
                worker_ends = until(lambda: worker.poll() is not None, 30)
                orphans.append(worker_ends + until(lambda: not any(is_alive(pid) for pid in processes), 30))
        finally:
            for program in (scheduler, worker):
                if program is not None:
                    kill(program.pid)
                    program.wait()
    tell(10, "the scheduler's SIGKILL is an error in its client", f"{max(errors) * 1e3:.0f} ms at most (n={len(errors)})", "at most 1 s", max(errors) <= 1)
    tell(10, "its worker processes have ended", f"{max(orphans):.2f} s at most", "at most 2 s", max(orphans) <= 2)
    tell(10, "finished results kept over the scheduler's end", "none: there is no journal", "at least 99 %", False)


DRIVER = """
import os, sys, time
import numpy as np
from plait.distributed import Client, wait
client = Client(n_workers=2, threads_per_worker=1, memory_limit="64MB", dashboard_address=None, local_directory=sys.argv[1])
kept = client.map(lambda i: np.random.default_rng(i).random(1_000_000), range(16))
wait(kept)
endless = client.map(lambda i: [None for _ in iter(int, 1)], range(2))
print(client.cluster.scheduler_address.rpartition(":")[2], *client.cluster._native.worker_pids().values(), flush=True)
time.sleep(60)
"""


def left_of(folder: str, port: str, processes: list[int], shared: set[str]) -> list[str]:
    with open("/proc/net/unix") as unix, open("/proc/net/tcp") as tcp:
        sockets = [line for line in unix if line.rstrip().endswith(f"-{port}")]
        sockets += [line for line in tcp if f":{int(port):04X} 00000000:0000 0A" in line]
    files = [path for path in glob.glob(folder + "/**", recursive=True) if os.path.isfile(path)]
    return [str(pid) for pid in processes if is_alive(pid)] + files + sockets + sorted(set(os.listdir("/dev/shm")) - shared)


def driver_lost(folder: str) -> None:
    left = []
    for i in range(3):
        spills = os.path.join(folder, f"spill-{i}")
        os.mkdir(spills)
        shared = set(os.listdir("/dev/shm"))
        driver = start("-c", DRIVER, spills)
        port, *processes = driver.stdout.readline().split()
        kill(driver.pid)
        driver.wait()
        numbers = [int(pid) for pid in processes]
        try:
            until(lambda: not left_of(spills, port, numbers, shared), 5, 0.02)
        except TimeoutError:
            left += left_of(spills, port, numbers, shared)
    tell(11, "left 5 s after the driver's SIGKILL: processes, spilled files, sockets, shared memory", f"{len(left)} (n=3)", "0", not left)


if __name__ == "__main__":
    bounded(150)
    with tempfile.TemporaryDirectory() as folder:
        scheduler_lost(folder)
        driver_lost(folder)
    end()
