"""The product of two matrices of 5000 rows and columns."""

from benchmarks.systems import array_module, for_each

TITLE = "matmul 5000²"
TARGET_BEST = 1


def side(quick):
    return 1000 if quick else 5000


def data(quick):
    import numpy as np

    generator = np.random.default_rng(1)
    return generator.random((side(quick), side(quick))), generator.random((side(quick), side(quick)))


def digest(product):
    return [float(product[0, 0]), float(product[-1, 0]), float(product[7, -1])]


def lazy(system, quick):
    da = array_module(system)
    a, b = (da.from_array(x, chunks=side(quick) // 2) for x in data(quick))
    return lambda: digest((a @ b).compute())


def numpy(quick):
    a, b = data(quick)
    return lambda: digest(a @ b)


SYSTEMS = for_each(lazy, "plait", "dask") | {"numpy": numpy}


def limit(machine, quick):
    return 2e-9 * side(quick) ** 3 / machine["fma_gflop_s"]
