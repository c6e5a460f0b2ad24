"""Random graphs on a real cluster under a watchdog, and what the process has grown by: figures 16 and 17."""

import os
import random
import threading
import time

from figure import bounded, cluster_of, end, tell

NUM_TASKS = 200
SECONDS = 30


def mixed(number: int, *inputs: int) -> int:
    value = number
    for each in inputs:
        value = (value * 1_000_003 + each) % (1 << 61)
    return value


def graph_of(dice: random.Random) -> tuple[dict, int]:
    """A graph of tasks, and what its last one gives."""
    graph, answers = {}, []
    for number in range(NUM_TASKS):
        inputs = dice.sample(range(number), min(number, dice.randrange(4)))
        graph[f"t{number}"] = (mixed, number, *(f"t{each}" for each in inputs))
        answers.append(mixed(number, *(answers[each] for each in inputs)))
    return graph, answers[-1]


def resident_mb() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def main() -> None:
    dice = random.Random(16)
    runs = wrong = 0
    with cluster_of(2, 2) as client:
        client.gather(client.map(abs, range(110_000)))  # the scheduler's notes of the last 100,000 tasks are full now
        sizes = []
        begin = time.perf_counter()
        while time.perf_counter() - begin < SECONDS:
            graph, answer = graph_of(dice)
            watchdog = threading.Timer(30, os._exit, (3,))
            watchdog.start()
            wrong += client.get(graph, f"t{NUM_TASKS - 1}") != answer
            watchdog.cancel()
            runs += 1
            if runs % 20 == 0:
                sizes.append((resident_mb(), len(os.listdir("/proc/self/fd")), threading.active_count()))
    tell(16, f"random graphs of {NUM_TASKS} tasks: wrong answers, hangs", f"{wrong}, 0 of {runs} in {SECONDS} s", "0, 0", wrong == 0)
    half = len(sizes) // 2
    hourly = (sizes[-1][0] - sizes[half][0]) * 3600 / (SECONDS / 2)
    flat = sizes[-1][1:] == sizes[half][1:]
    said = f"{hourly:.0f} MB an hour, by the last {SECONDS / 2:g} s ({runs // 2} runs); descriptors and threads {'flat' if flat else sizes[-1][1:]}"
    tell(17, "growth of the driver at full rate (short form)", said, "below 1 MB an hour; flat", hourly < 1 and flat)


if __name__ == "__main__":
    bounded(SECONDS + 60)
    main()
    end()
