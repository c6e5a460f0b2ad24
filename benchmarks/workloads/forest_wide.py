"""A forest of trees that grow until they are pure."""

from benchmarks.learning import curved_classes, in_blocks

TITLE = "RandomForestClassifier, 200k x 20, 20 trees"
TARGET_BEST = 1
# Of the accuracy.
RELATIVE_TOLERANCE = 0.005
COLUMNS = 20
TREES = 20


def rows(quick):
    return 5_000 if quick else 200_000


def plait_on(x, y, x_test, y_test, **how):
    from plait.ml.ensemble import RandomForestClassifier

    blocks = in_blocks("plait", x)
    classes = in_blocks("plait", y).rechunk(blocks.chunks[0])

    def run():
        model = RandomForestClassifier(random_state=0, **how).fit(blocks, classes)
        return float((model.predict(x_test) == y_test).mean())

    return run


def sklearn_on(x, y, x_test, y_test, **how):
    from sklearn.ensemble import RandomForestClassifier

    def run():
        model = RandomForestClassifier(random_state=0, n_jobs=2, **how).fit(x, y)
        return float((model.predict(x_test) == y_test).mean())

    return run


def xgboost_on(x, y, x_test, y_test, **how):
    import xgboost

    def run():
        model = xgboost.XGBRFClassifier(random_state=0, n_jobs=2, tree_method="hist", **how).fit(x, y)
        return float((model.predict(x_test) == y_test).mean())

    return run


def plait(quick):
    return plait_on(*curved_classes(rows(quick), COLUMNS), n_estimators=TREES)


def sklearn(quick):
    return sklearn_on(*curved_classes(rows(quick), COLUMNS), n_estimators=TREES)


def xgboost(quick):
    how = {"max_depth": 16, "subsample": 0.63, "colsample_bynode": 0.22}
    return xgboost_on(*curved_classes(rows(quick), COLUMNS), n_estimators=TREES, **how)


SYSTEMS = {"plait": plait, "sklearn": sklearn, "xgboost": xgboost}


def limit(machine, quick):
    # Of rows of a byte a column, each is read once a level by each tree.
    return TREES * 16 * rows(quick) * COLUMNS * 1e-9 / machine["read_gb_s"]
