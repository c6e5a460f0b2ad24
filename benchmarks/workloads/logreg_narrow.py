"""Logistic regression of few columns, to an optimum at which coefficients agree to four digits."""

from benchmarks.learning import in_blocks, noisy_classes, passes_over

TITLE = "LogisticRegression, 5M x 4"
TARGET_BEST = 8
RELATIVE_TOLERANCE = 1e-4
TOLERANCE = 1e-6
COLUMNS = 4


def rows(quick):
    return 50_000 if quick else 5_000_000


def answer(model):
    return [float(each) for each in [*model.coef_.ravel(), *model.intercept_]]


def plait_on(x, y):
    from plait.ml.linear_model import LogisticRegression

    blocks, classes = in_blocks("plait", x), in_blocks("plait", y).rechunk(in_blocks("plait", x).chunks[0])
    return lambda: answer(LogisticRegression(tol=TOLERANCE).fit(blocks, classes))


def sklearn_on(solver, x, y):
    from sklearn.linear_model import LogisticRegression

    return lambda: answer(LogisticRegression(tol=TOLERANCE, solver=solver).fit(x, y))


def systems(rows, columns):
    """Each system, on so many rows and columns."""

    def data(quick):
        return noisy_classes(rows(quick), columns)

    return {
        "plait": lambda quick: plait_on(*data(quick)),
        "sklearn_newton": lambda quick: sklearn_on("newton-cholesky", *data(quick)),
        "sklearn_lbfgs": lambda quick: sklearn_on("lbfgs", *data(quick)),
    }


SYSTEMS = systems(rows, COLUMNS)


def limit(machine, quick):
    # Whether the rows are finite, and two looks at all of them.
    return passes_over(8 * rows(quick) * (COLUMNS + 1), 3, machine)
