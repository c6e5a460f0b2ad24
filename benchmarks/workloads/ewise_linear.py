"""2 * a + 3 * b over arrays in memory; the result, 800 MB, is made anew each time."""

from benchmarks.systems import array_module, for_each

TITLE = "`2a + 3b` of 10⁸ elements"
TARGET_BEST = 1
TARGET_DASK = 4


def size(quick):
    return 10**6 if quick else 10**8


def data(quick):
    import numpy as np

    generator = np.random.default_rng(1)
    return generator.random(size(quick)), generator.random(size(quick))


def digest(result):
    """Enough of the result to compare it, and little work beside making it."""
    return [float(result[0]), float(result[len(result) // 3]), float(result[-1])]


def lazy(system, quick):
    da = array_module(system)
    a, b = (da.from_array(x, chunks=size(quick) // 20) for x in data(quick))
    return lambda: digest((2 * a + 3 * b).compute())


def numpy(quick):
    a, b = data(quick)
    return lambda: digest(2 * a + 3 * b)


def numexpr(quick):
    import numexpr

    a, b = data(quick)
    return lambda: digest(numexpr.evaluate("2 * a + 3 * b", {"a": a, "b": b}))


SYSTEMS = for_each(lazy, "plait", "dask") | {"numpy": numpy, "numexpr": numexpr}


def limit(machine, quick):
    return size(quick) * 24e-9 / machine["copy_gb_s"]
