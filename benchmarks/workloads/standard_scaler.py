"""Columns scaled by what is learnt of them, made in memory."""

from benchmarks.learning import in_blocks, passes_over

TITLE = "StandardScaler().fit_transform, 5M x 20"
TARGET_BEST = 2
COLUMNS = 20


def rows(quick):
    return 20_000 if quick else 5_000_000


def data(quick):
    import numpy as np

    generator = np.random.default_rng(1)
    return generator.uniform(1, 3, (rows(quick), COLUMNS)) * generator.uniform(1, 10, COLUMNS)


def answer(scaled):
    return [*scaled.shape, *(float(each) for each in scaled[-1])]


def plait(quick):
    from plait.ml.preprocessing import StandardScaler

    blocks = in_blocks("plait", data(quick))
    return lambda: answer(StandardScaler().fit_transform(blocks).compute())


def sklearn(quick):
    from sklearn.preprocessing import StandardScaler

    x = data(quick)
    return lambda: answer(StandardScaler().fit_transform(x))


SYSTEMS = {"plait": plait, "sklearn": sklearn}


def limit(machine, quick):
    num_bytes = 8 * rows(quick) * COLUMNS
    return passes_over(num_bytes, 1, machine) + 2e-9 * num_bytes / machine["copy_gb_s"]
