"""Linear models against scikit-learn: the same optimum, whatever the solver, the chunks, the weights and the executor."""

import pickle

import numpy as np
import pytest
import sklearn.linear_model as theirs
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.feature_selection import SelectFromModel

import plait
import plait.array as da
from plait.ml import linear_model as ours
from plait.ml.metrics import log_loss, r2_score
from plait.ml.model_selection import train_test_split

CHUNKS = [(400, 4), (90, 2), ((0, 1, 250, 149), (4,))]
SOLVERS = ["auto", "newton", "lbfgs", "gradient_descent", "proximal_grad", "admm", "newton-cholesky", "saga"]


def classes_of_rows(count=2, rows=400, columns=4):
    rng = np.random.default_rng(count)
    x = rng.normal(size=(rows, columns)) * [1, 3, 0.5, 1]
    y = (x @ rng.normal(size=(columns, count)) + rng.gumbel(size=(rows, count))).argmax(1)
    return x, y, rng.uniform(0.1, 2, rows)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("count", [2, 3])
def test_every_solver_finds_the_optimum_of_scikit_learn(solver, count):
    x, y, _ = classes_of_rows(count)
    expected = theirs.LogisticRegression(C=0.5, tol=1e-10, max_iter=10_000).fit(x, y)
    found = ours.LogisticRegression(C=0.5, tol=1e-8, max_iter=5_000, solver=solver).fit(da.from_array(x, chunks=(150, 4)), da.from_array(y, chunks=150))
    np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-5)
    np.testing.assert_allclose(found.intercept_, expected.intercept_, atol=1e-5)


@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 2.0, 1: 0.5}])
def test_weights_of_rows_and_classes_count(chunks, class_weight):
    x, y, weights = classes_of_rows()
    expected = theirs.LogisticRegression(tol=1e-10, max_iter=10_000, class_weight=class_weight).fit(x, y, sample_weight=weights)
    rows = da.from_array(x, chunks=chunks)
    found = ours.LogisticRegression(tol=1e-9, class_weight=class_weight).fit(rows, da.from_array(y, chunks=77), sample_weight=weights)
    np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-6)
    np.testing.assert_allclose(found.predict_proba(rows), expected.predict_proba(x), atol=1e-6)
    np.testing.assert_array_equal(found.predict(rows), expected.predict(x))
    np.testing.assert_allclose(found.decision_function(x), expected.decision_function(x), atol=1e-5)


@pytest.mark.parametrize(("penalty", "ratio"), [("l1", 1.0), ("elasticnet", 0.3)])
@pytest.mark.parametrize("solver", ["auto", "saga", "proximal_grad", "admm"])
def test_penalties_with_an_absolute_part_give_the_same_zeros(penalty, ratio, solver):
    x, y, _ = classes_of_rows()
    expected = theirs.LogisticRegression(C=0.02, l1_ratio=ratio, solver="saga", tol=1e-10, max_iter=100_000).fit(x, y)
    found = ours.LogisticRegression(penalty=penalty, l1_ratio=ratio, C=0.02, solver=solver, tol=1e-8, max_iter=20_000).fit(da.from_array(x, chunks=(150, 4)), y)
    np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-5)
    np.testing.assert_array_equal(found.coef_ == 0, np.abs(expected.coef_) < 1e-7)


def test_without_a_penalty_and_without_an_intercept():
    x, y, _ = classes_of_rows(3)
    expected = theirs.LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=10_000).fit(x, y)
    found = ours.LogisticRegression(penalty=None, fit_intercept=False, tol=1e-9).fit(da.from_array(x, chunks=(90, 4)), y)
    np.testing.assert_allclose(found.coef_, expected.coef_ - expected.coef_.mean(axis=0), atol=1e-5)


def test_liblinear_penalizes_the_intercept_by_its_scaling():
    x, y, _ = classes_of_rows()
    expected = theirs.LogisticRegression(solver="liblinear", C=0.05, intercept_scaling=0.5, tol=1e-12, max_iter=100_000).fit(x + 3, y)
    found = ours.LogisticRegression(solver="liblinear", C=0.05, intercept_scaling=0.5, tol=1e-10).fit(da.from_array(x + 3, chunks=(90, 4)), y)
    np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-5)
    np.testing.assert_allclose(found.intercept_, expected.intercept_, atol=1e-5)


@pytest.mark.parametrize("columns", [3, 40])
@pytest.mark.parametrize("weighted", [False, True])
def test_least_squares_and_ridge(columns, weighted):
    rng = np.random.default_rng(columns)
    x = rng.normal(100, 1, (500, columns))
    y = x @ rng.normal(size=(columns, 2)) + rng.normal(size=(500, 2))
    weights = rng.uniform(0, 2, 500) if weighted else None
    for ours_model, theirs_model in [(ours.LinearRegression(), theirs.LinearRegression()), (ours.Ridge(3.0), theirs.Ridge(3.0))]:
        for target in (y, y[:, 0]):
            expected = theirs_model.fit(x, target, sample_weight=weights)
            found = ours_model.fit(da.from_array(x, chunks=(130, 2)), da.from_array(target), sample_weight=weights)
            np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-8)
            np.testing.assert_allclose(found.intercept_, expected.intercept_, rtol=1e-8)
            np.testing.assert_allclose(found.predict(da.from_array(x)), expected.predict(x), rtol=1e-8)
            assert found.score(da.from_array(x), target) == pytest.approx(expected.score(x, target), abs=1e-8)


def test_of_collinear_columns_the_shortest_coefficients_are_taken():
    x = np.random.default_rng(0).normal(size=(50, 2))
    x = np.hstack([x, x[:, :1]])
    y = x[:, 0] + x[:, 1]
    np.testing.assert_allclose(ours.LinearRegression().fit(x, y).coef_, [0.5, 1, 0.5], atol=1e-10)


@pytest.mark.parametrize("name", ["PoissonRegressor", "GammaRegressor"])
def test_generalized_linear_models(name):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(600, 3))
    y = rng.poisson(np.exp(x @ [0.3, -0.2, 0.5] + 1)) + (1.0 if name == "GammaRegressor" else 0.0)
    weights = rng.uniform(0.5, 2, 600)
    expected = getattr(theirs, name)(alpha=0.1, tol=1e-10, max_iter=10_000).fit(x, y, weights)
    found = getattr(ours, name)(alpha=0.1, tol=1e-9).fit(da.from_array(x, chunks=(250, 3)), y, weights)
    np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-6)
    assert found.intercept_ == pytest.approx(expected.intercept_, abs=1e-6)
    np.testing.assert_allclose(found.predict(x), expected.predict(x), rtol=1e-6)
    assert found.score(x, y) == pytest.approx(expected.score(x, y), abs=1e-6)


def test_poisson_regression_has_the_penalty_of_dask_ml():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 2))
    y = rng.poisson(np.exp(x @ [0.4, -0.3]))
    expected = theirs.PoissonRegressor(alpha=1 / (0.5 * 300), tol=1e-10).fit(x, y)
    np.testing.assert_allclose(ours.PoissonRegression(C=0.5, tol=1e-9).fit(da.from_array(x, chunks=(90, 2)), y).coef_, expected.coef_, atol=1e-6)


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_the_executor_changes_no_bit(scheduler):
    x, y, weights = classes_of_rows()
    rows = da.from_array(x, chunks=(33, 4))
    with plait.config.set(scheduler="sync"):
        expected = ours.LogisticRegression(solver="lbfgs").fit(rows, y, weights).coef_
    with plait.config.set(scheduler=scheduler):
        np.testing.assert_array_equal(ours.LogisticRegression(solver="lbfgs").fit(rows, y, weights).coef_, expected)


def test_float32_rows_are_learnt_from_as_they_are():
    x, y, _ = classes_of_rows()
    expected = ours.LogisticRegression().fit(x.astype(np.float32).astype(float), y).coef_
    np.testing.assert_allclose(ours.LogisticRegression().fit(da.from_array(x.astype(np.float32), chunks=(90, 4)), y).coef_, expected)


def test_labels_are_given_back_as_they_came():
    x, y, _ = classes_of_rows(3)
    names = np.array(["red", "green", "blue"])[y]
    model = ours.LogisticRegression().fit(da.from_array(x, chunks=(90, 4)), da.from_array(names, chunks=100))
    assert model.classes_.tolist() == ["blue", "green", "red"]
    np.testing.assert_array_equal(model.predict(da.from_array(x)).compute(), model.predict(x))
    assert model.score(da.from_array(x), da.from_array(names)) > 0.6
    assert ours.LogisticRegression().fit(x, y == 0).predict(da.from_array(x)).dtype == bool


def test_a_fitted_model_is_cloned_and_pickled():
    x, y, _ = classes_of_rows()
    model = ours.LogisticRegression(C=3).fit(x, y)
    assert clone(model).get_params() == model.get_params() and not hasattr(clone(model), "coef_")
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(x), model.predict(x))


def test_what_cannot_be_learnt_from_is_said():
    x, y, _ = classes_of_rows()
    rows = da.from_array(x, chunks=(90, 4))
    holes = x.copy()
    holes[100, 2] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN: row 10 of block 1, column 2"):
        ours.LogisticRegression().fit(da.from_array(holes, chunks=(90, 4)), y)
    with pytest.raises(ValueError, match="only one class"):
        ours.LogisticRegression().fit(rows, y * 0)
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[400, 399\]"):
        ours.LogisticRegression().fit(rows, y[:-1])
    with pytest.raises(ValueError, match="'lbfgs' does not take an l1 penalty"):
        ours.LogisticRegression(penalty="l1", solver="lbfgs").fit(rows, y)
    with pytest.raises(ValueError, match="expected one of auto, lbfgs"):
        ours.LogisticRegression(solver="newtn").fit(rows, y)
    with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
        ours.LogisticRegression().fit(rows, y, sample_weight=-np.ones(400))
    with pytest.raises(ValueError, match="X has 3 features, but LogisticRegression is expecting 4"):
        ours.LogisticRegression().fit(rows, y).predict(rows[:, :3])
    with pytest.raises(NotFittedError):
        ours.LogisticRegression().predict(rows)
    with pytest.raises(ValueError, match="out of the valid range"):
        ours.PoissonRegressor().fit(rows, -y - 1.0)


def test_a_fit_that_stops_early_or_separates_perfectly_warns():
    x, y, _ = classes_of_rows()
    with pytest.warns(ConvergenceWarning, match="increase max_iter"):
        ours.LogisticRegression(max_iter=1, tol=1e-9).fit(x, y)
    with pytest.warns(UserWarning, match="perfectly separated"):
        ours.LogisticRegression(penalty=None).fit(x, x[:, 0] > 0)


def test_what_is_made_lazily_may_be_pickled():
    x, y, _ = classes_of_rows()
    rows, labels = da.from_array(x, chunks=(90, 4)), da.from_array(y, chunks=90)
    model = ours.LogisticRegression().fit(rows, labels)
    made = [model.predict(rows), model.predict_proba(rows), *train_test_split(rows, random_state=0)]
    made += [log_loss(labels, made[1], compute=False), r2_score(labels, made[0], compute=False)]
    for each in made:
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(each)), each)


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_rows_that_the_budget_does_not_hold_are_kept_on_disk(scheduler):
    x = da.random.default_rng(0).normal(size=(60_000, 4), chunks=(3_000, 4))
    y = x[:, 0] > 0.3 * x[:, 1]
    expected = ours.LogisticRegression(C=0.01).fit(x, y)
    with plait.config.set({"memory-budget": "600KiB", "scheduler": scheduler}):
        np.testing.assert_array_equal(ours.LogisticRegression(C=0.01).fit(x, y).coef_, expected.coef_)


def test_rows_to_predict_that_are_not_finite_are_named():
    x, y, _ = classes_of_rows()
    model = ours.LogisticRegression().fit(x, y)
    x[100, 2] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN: row 10 of block 1, column 2"):
        model.predict(da.from_array(x, chunks=(90, 4))).compute()


def test_a_share_of_l1_acts_whatever_the_penalty_is_called():
    x, y, _ = classes_of_rows()
    expected = theirs.LogisticRegression(C=0.05, l1_ratio=0.7, solver="saga", tol=1e-10, max_iter=20_000).fit(x, y)
    for penalty in ("l2", "elasticnet"):
        found = ours.LogisticRegression(penalty=penalty, C=0.05, l1_ratio=0.7, tol=1e-9).fit(da.from_array(x, chunks=(90, 4)), da.from_array(y, chunks=90))
        np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-5)
    with pytest.raises(ValueError, match="does not take an l1 penalty"):
        ours.LogisticRegression(l1_ratio=0.7, solver="lbfgs").fit(x, y)
    assert SelectFromModel(ours.LogisticRegression()).fit(x, y).get_support().shape == (4,)
