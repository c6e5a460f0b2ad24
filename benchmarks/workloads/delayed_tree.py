"""The sum of 2^13 numbers as a tree of delayed additions."""

import importlib

from benchmarks.systems import for_each

TITLE = "Tree of 2^13 delayed leaves"
TARGET_DASK = 50


def num_leaves(quick):
    return 2 ** (7 if quick else 13)


def leaf(i):
    return i


def add(a, b):
    return a + b


def tree(call_leaf, call_add, quick):
    row = [call_leaf(i) for i in range(num_leaves(quick))]
    while len(row) > 1:
        row = [call_add(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def lazy(system, quick):
    delayed = importlib.import_module(system).delayed
    return lambda: tree(delayed(leaf), delayed(add), quick).compute()


def loop(quick):
    """What the calls themselves cost."""
    return lambda: tree(leaf, add, quick)


SYSTEMS = for_each(lazy, "plait", "dask") | {"loop": loop}
FLOORS = ("loop",)


def limit(machine, quick):
    import timeit

    return min(timeit.repeat(loop(quick), number=1, repeat=5))
