"""A program whose workers are killed and stopped at random while it shuffles, rechunks and reduces. Prints what came of it."""

import contextlib
import os
import random
import signal
import sys
import threading
import time

import numpy as np
import pandas as pd

import plait.array as da
import plait.dataframe as dd
from plait.distributed import Client


class Killer(threading.Thread):
    """Kills or stops one of the workers now and then. A stopped one goes on, or is ended by the cluster."""

    def __init__(self, client: Client, seed: int):
        super().__init__(daemon=True)
        self.native = client.cluster._native
        self.dice = random.Random(seed)
        self.is_over = threading.Event()
        self.faults = 0

    def run(self) -> None:
        while not self.is_over.wait(self.dice.uniform(0.1, 0.5)):
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


def tree_sum(client: Client, numbers: list[int]) -> int:
    level = client.map(lambda n: n * n, numbers, pure=False)
    while len(level) > 1:
        level = [client.submit(lambda *parts: sum(parts), *level[i : i + 4], pure=False) for i in range(0, len(level), 4)]
    return level[0].result()


def main(seconds: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"k": rng.integers(0, 1000, 50_000), "v": rng.integers(0, 100, 50_000)})
    sums = data.groupby("k").v.sum()
    ordered = np.sort(data.v.to_numpy())
    rows = rng.integers(0, 1000, (600, 600))
    with Client(n_workers=2, threads_per_worker=1, memory_limit="256MB", dashboard_address=None) as client:
        frame = dd.from_pandas(data, npartitions=6)
        killer = Killer(client, seed)
        killer.start()
        end = time.monotonic() + seconds
        rounds = 0
        while rounds == 0 or time.monotonic() < end:
            assert (frame.groupby("k").v.sum().compute().sort_index() == sums).all()
            assert (frame.sort_values("v").v.compute().to_numpy() == ordered).all()
            columns = da.from_array(rows, chunks=(100, 600)).rechunk((600, 100))
            assert (columns.sum(axis=0).compute() == rows.sum(axis=0)).all()
            assert tree_sum(client, list(range(100))) == sum(n * n for n in range(100))
            rounds += 1
        killer.is_over.set()
        killer.join()
        pids = list(client.cluster._native.worker_pids().values())
        print("rounds", rounds, "faults", killer.faults, "pids", *pids, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
