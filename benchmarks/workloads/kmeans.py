"""Centres of clusters: twenty rounds of Lloyd's from given centres."""

from benchmarks.learning import in_blocks, passes_over

TITLE = "KMeans, 5M x 10, k=20"
TARGET_BEST = 2
RELATIVE_TOLERANCE = 1e-6
COLUMNS, CLUSTERS, ROUNDS = 10, 20, 20


def rows(quick):
    return 20_000 if quick else 5_000_000


def data(quick):
    import numpy as np

    generator = np.random.default_rng(1)
    centres = generator.uniform(-5, 5, (CLUSTERS, COLUMNS))
    x = generator.standard_normal((rows(quick), COLUMNS)) * 1.5
    x += centres[generator.integers(0, CLUSTERS, rows(quick))]
    return x, x[:: rows(quick) // CLUSTERS][:CLUSTERS].copy()


def plait(quick):
    from plait.ml.cluster import KMeans

    x, start = data(quick)
    blocks = in_blocks("plait", x)
    return lambda: float(KMeans(CLUSTERS, init=start, max_iter=ROUNDS, tol=0).fit(blocks).inertia_)


def sklearn(quick):
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    warnings.simplefilter("ignore", ConvergenceWarning)
    x, start = data(quick)
    return lambda: float(KMeans(CLUSTERS, init=start, n_init=1, max_iter=ROUNDS, tol=0).fit(x).inertia_)


SYSTEMS = {"plait": plait, "sklearn": sklearn}


def limit(machine, quick):
    distances = 2e-9 * rows(quick) * COLUMNS * CLUSTERS / machine["fma_gflop_s"]
    return ROUNDS * max(distances, passes_over(8 * rows(quick) * COLUMNS, 1, machine))
