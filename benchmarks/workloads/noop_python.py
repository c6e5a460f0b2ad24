"""A hundred thousand calls of a Python function through a raw task graph, a dictionary."""

import importlib

from benchmarks.systems import for_each

TITLE = "100k Python no-ops through a raw graph"
TARGET_DASK = 50


def num_tasks(quick):
    return 1000 if quick else 100_000


def no_op():
    return 1


def lazy(system, quick):
    get = importlib.import_module(f"{system}.threaded").get
    keys = [("no-op", i) for i in range(num_tasks(quick))]
    graph = {key: (no_op,) for key in keys}
    return lambda: sum(get(graph, keys))


def loop(quick):
    """What the calls themselves cost."""

    def run():
        total = 0
        for _ in range(num_tasks(quick)):
            total += no_op()
        return total

    return run


SYSTEMS = for_each(lazy, "plait", "dask") | {"loop": loop}
FLOORS = ("loop",)


def limit(machine, quick):
    import timeit

    return min(timeit.repeat(loop(quick), number=1, repeat=5))
