"""Penalties, solvers and models that learn step by step against scikit-learn: random rows, however they are cut, held and computed."""

import numpy as np
import pytest
import sklearn.cluster
import sklearn.decomposition
import sklearn.linear_model as theirs
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import mean_poisson_deviance

from ml_samples import SETTINGS, answer, matrix, runs, same
from plait.ml import cluster, decomposition, linear_model

seeds = st.integers(0, 10_000)
weightings = st.sampled_from(["none", "random"])
NEAR = {"rtol": 1e-5, "atol": 1e-5}


def samples(seed, num_rows, columns):
    """Rows of one scale, and scores that are linear in them, with noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(num_rows, columns))
    return x, x @ rng.normal(size=columns) + rng.normal(size=num_rows), rng


def weights_of(rng, num_rows, kind):
    return rng.uniform(0.2, 2, num_rows) if kind == "random" else None


@pytest.mark.parametrize("solver", ["auto", "newton", "lbfgs", "admm", "proximal_grad", "gradient_descent", "saga", "liblinear"])
@settings(max_examples=12, **SETTINGS)
@given(runs(), seeds, st.integers(20, 60), st.integers(1, 4), weightings, st.sampled_from(["l1", "l2", "elasticnet"]), st.sampled_from([1.0, 5.0]))
def test_every_solver_finds_the_optimum_of_its_penalty(solver, run, seed, num_rows, columns, weighting, penalty, strength):
    x, scores, rng = samples(seed, num_rows, columns)
    y = (scores > 0).astype(int)
    y[:2] = 0, 1
    weights = weights_of(rng, num_rows, weighting)
    ratio = {"l1": 1.0, "l2": 0.0, "elasticnet": 0.4}[penalty]
    own = linear_model.LogisticRegression(penalty=penalty, C=strength, l1_ratio=ratio, solver=solver, tol=1e-8, max_iter=20_000)
    smooth_only = penalty != "l2" and solver in ("lbfgs", "gradient_descent")
    if solver == "liblinear":  # which penalizes the intercept: the others' way to do so is a column of ones
        x_of_theirs = np.hstack([x, np.ones((num_rows, 1))])
    else:
        x_of_theirs = x
    expected = theirs.LogisticRegression(C=strength, l1_ratio=ratio, solver="saga", tol=1e-10, max_iter=50_000, fit_intercept=solver != "liblinear")
    expected.fit(x_of_theirs, y, sample_weight=weights)
    if not expected.coef_.any():
        return  # theirs stops where coefficients do not move, wherever the intercept is
    with run.scope():
        found = answer(own.fit, run.rows(x), run.column(y), sample_weight=None if weights is None else run.column(weights))
        if smooth_only:
            assert isinstance(found, ValueError)
            return
        coefficients = np.append(found.coef_, found.intercept_) if solver == "liblinear" else found.coef_[0]
        same(coefficients, expected.coef_[0], **NEAR)
        if solver != "liblinear":
            same(found.intercept_, expected.intercept_, **NEAR)
            same(found.predict_proba(run.rows(x)).compute(), expected.predict_proba(x), **NEAR)


@settings(max_examples=25, **SETTINGS)
@given(runs(), seeds, st.integers(10, 60), st.integers(1, 4), weightings, st.sampled_from(["l1", "l2", "elasticnet"]), st.booleans())
def test_least_squares_with_the_penalties_of_dask_ml(run, seed, num_rows, columns, weighting, penalty, intercept):
    x, y, rng = samples(seed, num_rows, columns)
    weights = weights_of(rng, num_rows, weighting)
    ratio = {"l1": 1.0, "l2": 0.0, "elasticnet": 0.3}[penalty]
    total = num_rows if weights is None else weights.sum()
    # Theirs divides the errors' sum by the number of rows.
    expected = theirs.ElasticNet(alpha=1 / (0.5 * total), l1_ratio=ratio, fit_intercept=intercept, tol=1e-14, max_iter=1_000_000)
    answer(expected.fit, x, y, sample_weight=weights)
    with run.scope():
        found = linear_model.LinearRegression(penalty=penalty, C=0.5, l1_ratio=ratio, fit_intercept=intercept, tol=1e-9, max_iter=10_000)
        found.fit(run.rows(x), run.column(y), sample_weight=None if weights is None else run.column(weights))
        same(found.coef_, expected.coef_, rtol=1e-4, atol=1e-4)
        same(found.intercept_, expected.intercept_, rtol=1e-4, atol=1e-4)
        same(found.predict(run.rows(x)).compute(), expected.predict(x), rtol=1e-3, atol=1e-3)


@settings(max_examples=25, **SETTINGS)
@given(runs(), seeds, st.integers(5, 60), st.integers(1, 4), weightings)
def test_counts_with_the_penalty_of_dask_ml(run, seed, num_rows, columns, weighting):
    x, scores, rng = samples(seed, num_rows, columns)
    y = rng.poisson(np.exp(scores.clip(-2, 2))).astype(float)
    y[0] += 1
    weights = weights_of(rng, num_rows, weighting)
    # The same penalty against the sum of the losses, not their mean.
    alpha = 1 / (2.0 * (num_rows if weights is None else weights.sum()))
    expected = theirs.PoissonRegressor(alpha=alpha, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(x, y, sample_weight=weights)
    with run.scope():
        found = linear_model.PoissonRegression(C=2.0, tol=1e-10, max_iter=1000)
        found.fit(run.rows(x), run.column(y), sample_weight=None if weights is None else run.column(weights))
        same(found.coef_, expected.coef_, **NEAR)
        same(found.intercept_, expected.intercept_, **NEAR)
        made = found.predict(run.rows(x)).compute()
        same(made, expected.predict(x), **NEAR)
        assert found.get_deviance(run.rows(x), run.column(y)) == pytest.approx(num_rows * mean_poisson_deviance(y, made))


@settings(max_examples=25, **SETTINGS)
@given(runs(), seeds, st.integers(4, 60), st.sampled_from(["SGDClassifier", "SGDRegressor"]), weightings)
def test_steps_down_the_gradient_go_block_by_block(run, seed, num_rows, name, weighting):
    x, scores, rng = samples(seed, num_rows, 3)
    y = (scores > 0).astype(int) if name == "SGDClassifier" else scores
    known = {"classes": [0, 1]} if name == "SGDClassifier" else {}
    expected = getattr(theirs, name)(random_state=0)
    bounds = np.cumsum([0, *run.chunks(num_rows)])
    for first, last in zip(bounds, bounds[1:]):
        if last > first:
            expected.partial_fit(x[first:last], y[first:last], **known)
    with run.scope():
        found = getattr(linear_model, name)(random_state=0).partial_fit(run.rows(x), run.column(y), **known)
        same(found.coef_, expected.coef_)
        same(found.intercept_, expected.intercept_)
        same(found.predict(run.rows(x)).compute(), expected.predict(x))
        same(found.score(run.rows(x), run.column(y)), expected.score(x, y))
        if name == "SGDClassifier":
            same(found.decision_function(run.rows(x)).compute(), expected.decision_function(x))


@settings(max_examples=25, **SETTINGS)
@given(runs(), seeds, st.integers(8, 60), st.sampled_from(["float64", "float32"]))
def test_small_batches_find_groups_that_lie_apart(run, seed, num_rows, dtype):
    rng = np.random.default_rng(seed)
    places = np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 50.0]])
    groups = rng.integers(0, 3, num_rows)
    groups[:3] = 0, 1, 2
    x = (places[groups] + rng.normal(size=(num_rows, 2))).astype(dtype)
    with run.scope():
        found = cluster.MiniBatchKMeans(3, n_init=1, init=places, random_state=seed, batch_size=16).fit(run.rows(x))
        labels = found.labels_.compute()
        same(labels, groups)
        same(found.predict(run.rows(x)).compute(), groups)
        own = np.asarray(found.cluster_centers_)
        assert abs(own - places).max() < 5
        distances = np.linalg.norm(x[:, None] - own, axis=2)
        same(found.transform(run.rows(x)).compute(), distances, rtol=1e-3, atol=1e-3)
        assert found.inertia_ == pytest.approx((distances.min(axis=1) ** 2).sum(), rel=1e-3)


@settings(max_examples=15, **SETTINGS)
@given(runs(as_frame=[False]), seeds, st.integers(20, 60))
def test_groups_by_their_spectrum(run, seed, num_rows):
    rng = np.random.default_rng(seed)
    groups = np.arange(num_rows) % 2
    x = rng.normal(size=(num_rows, 2)) * 0.2 + groups[:, None] * 6
    with run.scope():
        labels = np.asarray(cluster.SpectralClustering(2, n_components=20, random_state=seed).fit(run.rows(x)).labels_)
    assert len(np.unique(labels)) == 2 and len({(int(one), int(other)) for one, other in zip(labels, groups)}) == 2


@settings(max_examples=25, **SETTINGS)
@given(runs(), seeds, st.integers(12, 60), st.sampled_from(["PCA", "TruncatedSVD"]), st.sampled_from(["float64", "int64"]))
def test_directions_from_a_random_sample_of_them(run, seed, num_rows, name, dtype):
    x = (matrix(seed, num_rows, 5) * [9, 5, 3, 0.1, 0.1] * (10 if dtype == "int64" else 1)).round(6).astype(dtype)
    own = {"svd_solver": "randomized", "iterated_power": 9} if name == "PCA" else {"algorithm": "randomized", "n_iter": 9}
    full = {"svd_solver": "full"} if name == "PCA" else {"algorithm": "arpack"}
    expected = getattr(sklearn.decomposition, name)(2, **full).fit(x.astype(float))
    with run.scope():
        found = getattr(decomposition, name)(2, random_state=seed, **own).fit(run.rows(x))
        for attribute in ("explained_variance_", "explained_variance_ratio_", "singular_values_"):
            same(getattr(found, attribute), getattr(expected, attribute), rtol=1e-4, atol=1e-6)
        same(abs((found.components_ * expected.components_).sum(axis=1)), np.ones(2), rtol=1e-4)
        made = found.transform(run.rows(x)).compute()
        same(abs(made), abs(expected.transform(x.astype(float))), rtol=1e-2, atol=1e-2 * abs(made).max())
