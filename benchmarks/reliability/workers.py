"""Workers that are killed, poisoned or hung: figures 1, 2, 4 and 5."""

import os
import signal
import time

import numpy as np
from figure import bounded, cluster_of, end, kill, p99, pids, spread, tell, until

from plait.distributed import wait


def block_of(i: int) -> np.ndarray:
    return np.full(10_000, i)


def total_of(blocks: list[np.ndarray]) -> int:
    return int(sum(block.sum() for block in blocks))


def numbers_of(client) -> dict[str, int]:
    """The scheduler's number of each worker: another one after it has started again."""
    return {each["name"]: each["number"] for each in client._native.ask("info", {})["workers"]}


def killed() -> None:
    noticed, replaced, recomputed = [], [], []
    with cluster_of(2) as client:
        for i in range(40):
            name = str(i % 2)
            before, process = numbers_of(client), pids(client)[name]
            kill(process)
            noticed.append(until(lambda: numbers_of(client).get(name) != before[name]))
            replaced.append(noticed[-1] + until(lambda: name in numbers_of(client)))
        tell(1, "a worker's SIGKILL noticed", spread(noticed), "p99 at most 50 ms", p99(noticed) <= 0.05)
        for i in range(10):
            name = str(i % 2)
            blocks = client.map(block_of, range(40), workers=[name], allow_other_workers=True, pure=False)
            wait(blocks)
            client.wait_for_workers(2)
            kill(pids(client)[name])
            start = time.perf_counter()
            assert client.submit(total_of, blocks, pure=False).result() == 10_000 * sum(range(40))
            recomputed.append(time.perf_counter() - start)
        tell(2, "40 lost results made again and added up", spread(recomputed), "median at most 150 ms", sorted(recomputed)[5] <= 0.15)
        tell(2, "another worker in the place of the killed one", spread(replaced), "median at most 300 ms", sorted(replaced)[20] <= 0.3)


def note_and_end(path: str) -> None:
    with open(path, "a") as file:
        file.write("x")
    os._exit(3)


def poisoned(folder: str) -> None:
    with cluster_of(2, 4) as client:
        path = os.path.join(folder, "deaths")
        innocents = client.map(lambda i: (time.sleep(0.02), i)[1], range(60), pure=False)
        start = time.perf_counter()
        poison = client.submit(note_and_end, path)
        error = poison.exception()
        seconds = time.perf_counter() - start
        failed = sum(future.exception() is not None for future in innocents)
        with open(path) as file:
            deaths = len(file.read())
        tell(4, "deaths until a task that ends its process is blamed", f"{deaths}, {seconds:.2f} s", "at most 2", error is not None and deaths <= 2)
        tell(4, "innocent tasks that failed with it", f"{failed} of 60", "0", failed == 0)


def is_given_up(client, name: str) -> bool:
    return any(each["name"] == name and each["is_silent"] for each in client._native.ask("info", {})["workers"])


def long_native(n: int) -> float:
    a = np.ones((n, n))
    for _ in range(6):
        a = a @ a / n
    return float(a[0, 0])


def holds_the_gil() -> int:
    return sum(1 for _ in range(30_000_000)) + len(str(7**400_000))


def hung() -> None:
    with cluster_of(2) as client:
        process = pids(client)["0"]
        kept = client.map(block_of, range(10), workers=["0"], allow_other_workers=True, pure=False)
        wait(kept)
        kill(process, signal.SIGSTOP)
        start = time.perf_counter()
        is_right = client.submit(total_of, kept, pure=False).result() == 10_000 * sum(range(10))
        answered = time.perf_counter() - start
        seconds = time.perf_counter() - start + until(lambda: pids(client).get("0", process) != process)
        tell(5, "a worker that is stopped (SIGSTOP) is replaced", f"{seconds:.1f} s", "at most 5 s", seconds <= 5)
        tell(5, "results that it held, meanwhile", f"{'right' if is_right else 'wrong'} after {answered:.1f} s", "right", is_right)
        client.wait_for_workers(2)
        work = [client.submit(long_native, 900, workers=["0"]), client.submit(holds_the_gil, workers=["1"])]
        alarms = 0
        while not all(future.done() for future in work):
            alarms += is_given_up(client, "0") + is_given_up(client, "1")
            time.sleep(0.05)
        tell(5, "false alarms while a task is native or holds the GIL", str(alarms), "0", alarms == 0)


if __name__ == "__main__":
    import tempfile

    bounded(150)
    killed()
    with tempfile.TemporaryDirectory() as folder:
        poisoned(folder)
    hung()
    end()
