"""(x + x.T).mean() where x is random and made on the way."""

from benchmarks.systems import array_module, for_each

TITLE = "`(x + x.T).mean()`, x = `random((10000, 10000))`"
TARGET_BEST = 1
TARGET_DASK = 4
RELATIVE_TOLERANCE = 1e-3  # Nobody gives a seed.


def side(quick):
    return 2000 if quick else 10000


def lazy(system, quick):
    da = array_module(system)

    def run():
        x = da.random.random((side(quick), side(quick)), chunks=(1000, 1000))
        return float((x + x.T).mean().compute())

    return run


def numpy(quick):
    import numpy as np

    generator = np.random.default_rng()

    def run():
        x = generator.random((side(quick), side(quick)))
        return float((x + x.T).mean())

    return run


SYSTEMS = for_each(lazy, "plait", "dask") | {"numpy": numpy}


def limit(machine, quick):
    return side(quick) ** 2 * machine["mt19937_ns"] * 1e-9
