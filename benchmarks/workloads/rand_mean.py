"""The mean of an array of 80 GB that never stands in memory (listing 04)."""

from benchmarks.systems import array_module, for_each

TITLE = "`random((10000, 10000, 100)).mean()`, 80 GB"
TARGET_DASK = 10
TARGET_PEAK_MB = 1000
RELATIVE_TOLERANCE = 1e-3  # Nobody gives a seed.


def shape(quick):
    return (10000, 10000, 2) if quick else (10000, 10000, 100)


def lazy(system, quick):
    da = array_module(system)
    return lambda: float(da.random.random(shape(quick), chunks=(1000, 1000, min(100, shape(quick)[2]))).mean().compute())


def numpy(quick):
    import numpy as np

    generator = np.random.default_rng()
    block = np.empty(shape(quick)[:2])

    def run():
        means = [generator.random(out=block).mean() for _ in range(shape(quick)[2])]
        return float(np.mean(means))

    return run


SYSTEMS = for_each(lazy, "plait", "dask") | {"numpy": numpy}


def limit(machine, quick):
    rows, columns, depth = shape(quick)
    return rows * columns * depth * machine["mt19937_ns"] * 1e-9
