"""Standard deviation and maximum of one random array, asked for together, so that it need be made only once."""

from benchmarks.systems import array_module, for_each

TITLE = "`std` and `max` of `random((10000, 10000, 10))` in one compute"
TARGET_DASK = 10
TARGET_PEAK_MB = 1000
RELATIVE_TOLERANCE = 1e-3  # Nobody gives a seed.


def shape(quick):
    return (10000, 10000, 1) if quick else (10000, 10000, 10)


def lazy(system, quick):
    import importlib

    da = array_module(system)
    compute = importlib.import_module(system).compute

    def run():
        x = da.random.random(shape(quick), chunks=(1000, 1000, shape(quick)[2]))
        return [float(value) for value in compute(x.std(), x.max())]

    return run


def numpy(quick):
    import numpy as np

    generator = np.random.default_rng()
    block = np.empty(shape(quick)[:2])

    def run():
        squares, largest = [], []
        for _ in range(shape(quick)[2]):
            generator.random(out=block)
            squares.append(block.var())
            largest.append(block.max())
        return [float(np.sqrt(np.mean(squares))), float(max(largest))]

    return run


SYSTEMS = for_each(lazy, "plait", "dask") | {"numpy": numpy}


def limit(machine, quick):
    rows, columns, depth = shape(quick)
    return rows * columns * depth * machine["mt19937_ns"] * 1e-9
