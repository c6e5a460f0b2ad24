"""A forest of trees of bounded depth, of many rows."""

from benchmarks.learning import curved_classes
from benchmarks.workloads.forest_wide import plait_on, sklearn_on, xgboost_on

TITLE = "RandomForestClassifier, 5M x 4, 10 trees of depth 10"
TARGET_BEST = 1
# Of the accuracy.
RELATIVE_TOLERANCE = 0.005
INTERLEAVED = False
REPEATS = 2
COLUMNS = 4
TREES, DEPTH = 10, 10


def rows(quick):
    return 20_000 if quick else 5_000_000


def plait(quick):
    return plait_on(*curved_classes(rows(quick), COLUMNS), n_estimators=TREES, max_depth=DEPTH)


def sklearn(quick):
    return sklearn_on(*curved_classes(rows(quick), COLUMNS), n_estimators=TREES, max_depth=DEPTH)


def xgboost(quick):
    how = {"max_depth": DEPTH, "subsample": 0.63, "colsample_bynode": 0.5}
    return xgboost_on(*curved_classes(rows(quick), COLUMNS), n_estimators=TREES, **how)


SYSTEMS = {"plait": plait, "sklearn": sklearn, "xgboost": xgboost}


def limit(machine, quick):
    return TREES * DEPTH * rows(quick) * COLUMNS * 1e-9 / machine["read_gb_s"]
