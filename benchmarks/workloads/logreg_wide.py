"""Logistic regression of many columns, to an optimum at which coefficients agree to four digits."""

from benchmarks.learning import passes_over
from benchmarks.workloads.logreg_narrow import systems

TITLE = "LogisticRegression, 1M x 100"
TARGET_BEST = 8
RELATIVE_TOLERANCE = 1e-4
COLUMNS = 100


def rows(quick):
    return 20_000 if quick else 1_000_000


SYSTEMS = systems(rows, COLUMNS)


def limit(machine, quick):
    # Whether the rows are finite, and three looks at all of them.
    return passes_over(8 * rows(quick) * (COLUMNS + 1), 4, machine)
