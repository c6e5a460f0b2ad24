"""Listing 11: ten candidates, three folds, on rows in memory."""

from benchmarks.learning import noisy_classes, passes_over

TITLE = "GridSearchCV, 10 candidates, 3 folds, 100k rows"
TARGET_BEST = 2
# Of the score.
RELATIVE_TOLERANCE = 1e-3
COLUMNS, CANDIDATES, FOLDS = 4, 10, 3
STRENGTHS = [0.001, 0.01, 0.1, 1, 10]


def rows(quick):
    return 3_000 if quick else 100_000


def answer(search):
    return [float(search.best_score_), sorted(float(each) for each in search.cv_results_["mean_test_score"])]


def plait(quick):
    from plait.ml.linear_model import LogisticRegression
    from plait.ml.model_selection import GridSearchCV

    x, y = noisy_classes(rows(quick), COLUMNS)
    grid = {"C": STRENGTHS, "penalty": ["l1", "l2"], "solver": ["saga"]}
    model = LogisticRegression(max_iter=100, random_state=42)
    return lambda: answer(GridSearchCV(model, grid, cv=FOLDS, scoring="accuracy", n_jobs=-1).fit(x, y))


def sklearn(quick):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    x, y = noisy_classes(rows(quick), COLUMNS)
    # The names of penalties are gone: these are l1 and l2.
    grid = {"C": STRENGTHS, "l1_ratio": [1, 0], "solver": ["saga"]}
    model = LogisticRegression(max_iter=100, random_state=42)
    return lambda: answer(GridSearchCV(model, grid, cv=FOLDS, scoring="accuracy", n_jobs=2).fit(x, y))


SYSTEMS = {"plait": plait, "sklearn": sklearn}


def limit(machine, quick):
    # Each candidate looks at least twice at the rows of each fold.
    return passes_over(8 * rows(quick) * COLUMNS, 2 * CANDIDATES * (FOLDS - 1), machine)
