"""A rank for each of a million tasks: pipelines of ten steps whose ends are joined to a step in their middle."""

import importlib
from operator import add

from benchmarks.systems import for_each

TITLE = "order of 1M tasks"
TARGET_DASK = 10
REPEATS = 2
INTERLEAVED = False
NUM_STEPS = 10


def graph(quick):
    tasks = {}
    for i in range(100 if quick else 100_000):
        tasks["load", i] = i
        for step in range(1, NUM_STEPS - 1):
            tasks[f"step{step}", i] = (abs, ("load" if step == 1 else f"step{step - 1}", i))
        tasks["join", i] = (add, ("step8", i), ("step4", i))
    return tasks


def lazy(system, quick):
    order = importlib.import_module(f"{system}.order").order
    tasks = graph(quick)

    def run():
        ranks = order(tasks)
        # Inputs first, every rank once, and no pipeline begun before the one before it is done.
        span = max(ranks["join", i] - ranks["load", i] for i in range(0, len(tasks) // NUM_STEPS, 97))
        return len(set(ranks.values())), span

    return run


SYSTEMS = for_each(lazy, "plait", "dask")


def limit(machine, quick):
    return (1000 if quick else 1_000_000) * 50e-9  # to look at each key once
