"""The directions of the largest variance."""

from benchmarks.learning import in_blocks, passes_over

TITLE = "PCA, 2M x 50, 10 components"
TARGET_BEST = 2
RELATIVE_TOLERANCE = 1e-6
COLUMNS, COMPONENTS = 50, 10


def rows(quick):
    return 20_000 if quick else 2_000_000


def data(quick):
    import numpy as np

    generator = np.random.default_rng(1)
    x = generator.standard_normal((rows(quick), COLUMNS))
    x *= 0.9 ** np.arange(COLUMNS)
    return x + generator.uniform(-1, 1, COLUMNS)


def answer(model):
    return [float(each) for each in model.explained_variance_]


def plait(quick):
    from plait.ml.decomposition import PCA

    blocks = in_blocks("plait", data(quick))
    return lambda: answer(PCA(COMPONENTS).fit(blocks))


def sklearn(quick):
    from sklearn.decomposition import PCA

    x = data(quick)
    return lambda: answer(PCA(COMPONENTS).fit(x))


SYSTEMS = {"plait": plait, "sklearn": sklearn}


def limit(machine, quick):
    # Half of the products of each two columns.
    return max(1e-9 * rows(quick) * COLUMNS**2 / machine["fma_gflop_s"], passes_over(8 * rows(quick) * COLUMNS, 1, machine))
