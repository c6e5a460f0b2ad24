"""(x + x.T).mean() of an array of 800 MB in memory."""

from benchmarks.systems import array_module, for_each

TITLE = "`(x + x.T).mean()`, x of 800 MB in memory"
TARGET_BEST = 1
TARGET_DASK = 4


def data(quick):
    import numpy as np

    side = 2000 if quick else 10000
    return np.random.default_rng(1).random((side, side))


def lazy(system, quick):
    x = array_module(system).from_array(data(quick), chunks=(1000, 1000))
    return lambda: float((x + x.T).mean().compute())


def numpy(quick):
    x = data(quick)
    return lambda: float((x + x.T).mean())


def numexpr(quick):
    import numexpr

    x = data(quick)
    return lambda: float(numexpr.evaluate("sum(a + b)", {"a": x, "b": x.T})) / x.size


SYSTEMS = for_each(lazy, "plait", "dask") | {"numpy": numpy, "numexpr": numexpr}


def limit(machine, quick):
    return (2000 if quick else 10000) ** 2 * 8e-9 / machine["read_gb_s"]
