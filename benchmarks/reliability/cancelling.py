"""How soon what is cancelled has stopped: figure 28."""

import time

from figure import bounded, cluster_of, end, spread, tell, until

import plait.array as da
from plait.distributed import wait


def endless() -> list:
    return [None for _ in iter(int, 1)]


def is_free(client) -> bool:
    counts = client._native.ask("counts", {})
    return counts["processing"] + counts["queued"] + counts["waiting"] == 0 and not any(each["executing"] for each in client.cluster._info()["workers"].values())


def has_begun(client) -> bool:
    return client._native.ask("counts", {})["processing"] > 0


def answers(client) -> None:
    client.submit(abs, -1, pure=False).result(timeout=20)


def python_tasks() -> None:
    seconds = []
    with cluster_of(1) as client:
        answers(client)
        for _ in range(20):
            future = client.submit(endless, pure=False)
            until(lambda: has_begun(client))
            time.sleep(0.02)  # into the loop
            start = time.perf_counter()
            future.cancel()
            answers(client)  # the only thread is free again
            seconds.append(time.perf_counter() - start)
    tell(28, "a Python task that runs, until its thread runs another one", spread(seconds), "at most 100 ms", max(seconds) <= 0.1)


def sleeping_tasks() -> None:
    seconds = []
    with cluster_of(1) as client:
        answers(client)
        for _ in range(6):
            future = client.submit(time.sleep, 60, pure=False)
            until(lambda: has_begun(client))
            time.sleep(0.02)  # into it
            start = time.perf_counter()
            future.cancel()
            answers(client)  # the only thread is busy still: another one has taken its place
            seconds.append(time.perf_counter() - start)
    tell(28, "a task that sleeps and cannot be interrupted, until its place is free", spread(seconds), "at most 100 ms", max(seconds) <= 0.1)


def queued() -> None:
    seconds = []
    with cluster_of(2) as client:
        answers(client)
        for _ in range(5):
            futures = client.map(lambda i: time.sleep(0.05), range(10_000), pure=False)
            until(lambda: has_begun(client))
            start = time.perf_counter()
            client.cancel(futures)
            seconds.append(time.perf_counter() - start + until(lambda: client._native.ask("counts", {})["queued"] == 0))
    tell(28, "10,000 queued tasks", spread(seconds), "at most 50 ms", sorted(seconds)[2] <= 0.05)


def native_tasks() -> None:
    seconds = []
    with cluster_of(1) as client:
        x = client.persist(da.random.default_rng(0).random((5000, 5000), chunks=5000))
        wait(x)
        for i in range(10):
            future = client.compute((x @ x + i).sum())
            until(lambda: has_begun(client))
            time.sleep(0.3)  # into the product
            start = time.perf_counter()
            future.cancel()
            answers(client)
            seconds.append(time.perf_counter() - start)
    tell(28, "a native task that runs (matrix product)", spread(seconds), "at most 10 ms", sorted(seconds)[5] <= 0.01)


if __name__ == "__main__":
    bounded(120)
    queued()
    python_tasks()
    sleeping_tasks()
    native_tasks()
    end()
