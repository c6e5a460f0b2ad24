"""Tasks that take too much memory: figures 21 and 22."""

import time

import numpy as np
from figure import bounded, cluster_of, end, pids, tell

import plait


def hog(step: int, total: int) -> int:
    held = [bytearray(step) for _ in range(total // step)]
    return len(held)


def burst(total: int) -> int:
    return len(bytearray(total))


def too_much(number: int, what: str, function, *arguments: int) -> None:
    with cluster_of(2, memory_limit="400MiB") as client:
        before = pids(client)
        kept = client.map(lambda i: np.full(1000, i), range(20), pure=False)
        client.gather(kept)
        start = time.perf_counter()
        error = client.submit(function, *arguments, pure=False).exception()
        seconds = time.perf_counter() - start
        lost = sum(future.status != "finished" for future in kept)
        ended = len(set(before.values()) - set(pids(client).values()))
        is_named = isinstance(error, MemoryError) and "memory_limit" in "".join(getattr(error, "__notes__", ()))
        tell(
            number,
            what,
            f"{type(error).__name__} after {seconds:.2f} s; {ended} workers ended, {lost} results lost",
            "at most 1 s, 0, 0",
            is_named and seconds <= 1 and ended == lost == 0,
        )


def over_its_cap() -> None:
    with cluster_of(2, memory_limit="1GB") as client:
        before = pids(client)
        kept = client.map(lambda i: np.full(1000, i), range(20), pure=False)
        client.gather(kept)
        with plait.annotate(memory="200MB"):
            start = time.perf_counter()
            error = client.submit(hog, 4 << 20, 1 << 30, pure=False).exception()
            seconds = time.perf_counter() - start
        lost = sum(future.status != "finished" for future in kept)
        is_well = isinstance(error, MemoryError) and "(memory=)" in str(error) and pids(client) == before and lost == 0
        said = f"{type(error).__name__} after {seconds:.2f} s; {lost} results lost"
        tell(21, 'a task with memory="200MB" that takes 1 GiB', said, "at most 1 s, 0", is_well and seconds <= 1)


if __name__ == "__main__":
    bounded(150)
    too_much(21, "a task that takes 3.2 GiB in steps of 16 MiB, limit 400 MiB", hog, 16 << 20, 3277 << 20)
    too_much(22, "a task that takes 2 GiB at once, limit 400 MiB", burst, 2 << 30)
    over_its_cap()
    end()
