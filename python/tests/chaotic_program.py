"""A program whose workers are killed and stopped, and whose disk is full, at random, while it shuffles, rechunks, reduces and spills.

    chaotic_program.py SECONDS SEED [FOLDER]

FOLDER is a small disk for what workers spill; without it no disk is full. Prints what came of it.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd

import plait.array as da
import plait.dataframe as dd
from plait.distributed import Client


def command(seconds: float, seed: int, folder: str) -> list[str]:
    """How the program is started, with a disk of 24 MB at the folder that it alone sees; without one where that is not allowed."""
    program = [sys.executable, __file__, str(seconds), str(seed)]
    mounted = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=24m none "$0" && exec "$@"', folder]
    try:
        is_allowed = subprocess.run([*mounted, "true"], capture_output=True, timeout=20).returncode == 0
    except FileNotFoundError:
        is_allowed = False
    return [*mounted, *program, folder] if is_allowed else program


class Chaos(threading.Thread):
    """Kills or stops one of the workers now and then, or fills the disk. A stopped one goes on, or is ended by the cluster."""

    def __init__(self, client: Client, seed: int, disk: str | None):
        super().__init__(daemon=True)
        self.native = client.cluster._native
        self.dice = random.Random(seed)
        self.disk = disk
        self.is_over = threading.Event()
        self.faults = 0
        self.times_full = 0

    def run(self) -> None:
        while not self.is_over.wait(self.dice.uniform(0.1, 0.5)):
            if self.disk and self.dice.random() < 0.2:
                self.fill(os.path.join(self.disk, "filler"))
                continue
            processes = list(self.native.worker_pids().values())
            if not processes:
                continue
            victim = self.dice.choice(processes)
            with contextlib.suppress(ProcessLookupError):
                if self.dice.random() < 0.7:
                    os.kill(victim, signal.SIGKILL)
                else:
                    os.kill(victim, signal.SIGSTOP)
                    self.is_over.wait(self.dice.uniform(0.05, 0.3))
                    os.kill(victim, signal.SIGCONT)
                self.faults += 1

    def fill(self, path: str) -> None:
        with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
        self.is_over.wait(self.dice.uniform(0.05, 0.3))
        os.unlink(path)
        self.faults += 1
        self.times_full += 1


def tree_sum(client: Client, numbers: list[int]) -> int:
    level = client.map(lambda n: n * n, numbers, pure=False)
    while len(level) > 1:
        level = [client.submit(lambda *parts: sum(parts), *level[i : i + 4], pure=False) for i in range(0, len(level), 4)]
    return level[0].result()


def block_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1000, 500_000)


def total_of(block: np.ndarray) -> int:
    return int(block.sum())


def totals_of_spilled(client: Client, seeds: range) -> list[int]:
    """Of more than fits into the workers' memory."""
    blocks = client.map(block_of, seeds, pure=False)
    return client.gather(client.map(total_of, blocks, pure=False))


def main(seconds: float, seed: int, disk: str | None = None) -> None:
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"k": rng.integers(0, 1000, 50_000), "v": rng.integers(0, 100, 50_000)})
    sums = data.groupby("k").v.sum()
    ordered = np.sort(data.v.to_numpy())
    rows = rng.integers(0, 1000, (600, 600))
    seeds = range(seed, seed + 60)
    totals = [total_of(block_of(each)) for each in seeds]
    with Client(n_workers=2, threads_per_worker=1, memory_limit="256MB", local_directory=disk, dashboard_address=None) as client:
        frame = dd.from_pandas(data, npartitions=6)
        chaos = Chaos(client, seed, disk)
        chaos.start()
        end = time.monotonic() + seconds
        rounds = 0
        while rounds == 0 or time.monotonic() < end:
            assert (frame.groupby("k").v.sum().compute().sort_index() == sums).all()
            assert (frame.sort_values("v").v.compute().to_numpy() == ordered).all()
            columns = da.from_array(rows, chunks=(100, 600)).rechunk((600, 100))
            assert (columns.sum(axis=0).compute() == rows.sum(axis=0)).all()
            assert tree_sum(client, list(range(100))) == sum(n * n for n in range(100))
            if disk:
                assert totals_of_spilled(client, seeds) == totals
            rounds += 1
        chaos.is_over.set()
        chaos.join()
        pids = list(client.cluster._native.worker_pids().values())
    assert not disk or os.listdir(disk) == [], f"left on the disk: {os.listdir(disk)}"
    print("rounds", rounds, "faults", chaos.faults, "full", chaos.times_full, "pids", *pids, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
