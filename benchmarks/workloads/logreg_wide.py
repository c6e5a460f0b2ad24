"""Logistic regression of many columns, to an optimum at which coefficients agree to four digits."""

from benchmarks.learning import noisy_classes, passes_over
from benchmarks.workloads.logreg_narrow import plait_on, sklearn_on

TITLE = "LogisticRegression, 1M x 100"
TARGET_BEST = 8
RELATIVE_TOLERANCE = 1e-4
COLUMNS = 100


def rows(quick):
    return 20_000 if quick else 1_000_000


def plait(quick):
    return plait_on(*noisy_classes(rows(quick), COLUMNS))


def sklearn_newton(quick):
    return sklearn_on("newton-cholesky", *noisy_classes(rows(quick), COLUMNS))


def sklearn_lbfgs(quick):
    return sklearn_on("lbfgs", *noisy_classes(rows(quick), COLUMNS))


SYSTEMS = {"plait": plait, "sklearn_newton": sklearn_newton, "sklearn_lbfgs": sklearn_lbfgs}


def limit(machine, quick):
    # Whether the rows are finite, and three looks at all of them.
    return passes_over(8 * rows(quick) * (COLUMNS + 1), 4, machine)
