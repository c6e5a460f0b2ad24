"""A hundred thousand delayed calls of a Python function that does nothing: noted, and computed together."""

import importlib

from benchmarks.systems import for_each

TITLE = "100k delayed Python no-ops"
TARGET_DASK = 100


def num_calls(quick):
    return 1000 if quick else 100_000


def no_op(x):
    return x


def lazy(system, quick):
    library = importlib.import_module(system)

    def run():
        call = library.delayed(no_op)
        return sum(library.compute(*[call(i) for i in range(num_calls(quick))]))

    return run


def loop(quick):
    """What the calls themselves cost."""
    return lambda: sum([no_op(i) for i in range(num_calls(quick))])


SYSTEMS = for_each(lazy, "plait", "dask") | {"loop": loop}
FLOORS = ("loop",)


def limit(machine, quick):
    import timeit

    return min(timeit.repeat(loop(quick), number=1, repeat=5))
