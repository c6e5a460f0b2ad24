"""A 12 GB array goes from row blocks to column blocks and is summed: Plait with a memory budget of 2 GB."""

from benchmarks.systems import array_module

TITLE = "rechunk 12 GB, rows to columns, sum; Plait with 2 GB"
TARGET_PEAK_MB = 2500
INTERLEAVED = False
REPEATS = 2
NEEDS_GB = {"dask": 18}


def total(system, quick):
    rows, columns, width = (4000, 3750, 375) if quick else (40000, 37500, 500)
    x = array_module(system).random.default_rng(1).random((rows, columns), chunks=(width, columns))
    return lambda: float(x.rechunk((rows, width)).sum().compute())


def plait(quick):
    import plait.config

    plait.config.set({"memory-budget": "64 MB" if quick else "2 GB"})
    return total("plait", quick)


def dask(quick):
    return total("dask", quick)


SYSTEMS = {"plait": plait, "dask": dask}


def limit(machine, quick):
    num_bytes = 4000 * 3750 * 8 if quick else 40000 * 37500 * 8
    # Made and summed without being stored: what the numbers themselves cost.
    return num_bytes / 8 * machine["mt19937_ns"] * 1e-9
