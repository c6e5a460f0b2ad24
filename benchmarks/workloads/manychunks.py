"""A sum over 40,000 small chunks: 53,000 tasks where an engine makes one for each step of each chunk."""

from benchmarks.systems import array_module, for_each

TITLE = "`ones(4000², chunks=20²).sum()`, 53k tasks"
TARGET_DASK = 100
NUM_TASKS = 53_000


def side(quick):
    return 400 if quick else 4000


def lazy(system, quick):
    da = array_module(system)
    return lambda: float(da.ones((side(quick), side(quick)), chunks=(20, 20)).sum().compute())


SYSTEMS = for_each(lazy, "plait", "dask")


def limit(machine, quick):
    return NUM_TASKS * (side(quick) / 4000) ** 2 * machine["task_ns"] * 1e-9
