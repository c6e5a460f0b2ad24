"""Forests and votes against scikit-learn: random rows and weights, however they are cut, held and computed."""

import numpy as np
import pytest
import sklearn.ensemble as theirs
import sklearn.linear_model as their_models
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_samples import SETTINGS, answer, runs, same
from plait.ml import ensemble as ours

seeds = st.integers(0, 10_000)
sizes = st.integers(1, 60)
weightings = st.sampled_from(["none", "random", "zeros"])
BOUNDS = [{}, {"max_leaf_nodes": 2}, {"min_samples_leaf": 4}, {"min_samples_leaf": 0.3}, {"min_weight_fraction_leaf": 0.2}, {"min_impurity_decrease": 0.05}]


def few_values(rng, num_rows, columns, dtype):
    """Rows of so few values that each has a bin of its own: cuts are then exact."""
    return rng.integers(0, 6, (num_rows, columns)).astype(dtype)


def weights_of(rng, num_rows, kind):
    return {"none": None, "random": rng.integers(1, 8, num_rows) / 4, "zeros": rng.integers(0, 3, num_rows).astype(float)}[kind]


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
@settings(max_examples=40, **SETTINGS)
@given(runs(), seeds, sizes, st.integers(1, 4), st.sampled_from([2, 3]), st.sampled_from(["float64", "float32", "int64"]), weightings, st.sampled_from(BOUNDS))
def test_the_first_cut_of_classes_is_the_best_one(criterion, run, seed, num_rows, columns, count, dtype, weighting, bounds):
    rng = np.random.default_rng(seed)
    x = few_values(rng, num_rows, columns, dtype)
    y = np.array(["no", "perhaps", "yes"])[(x[:, 0] + rng.integers(0, 4, num_rows)).astype(int) % count]
    weights = weights_of(rng, num_rows, weighting)
    if weighting == "zeros":
        weights[0] = 1
    how = {"n_estimators": 1, "bootstrap": False, "max_features": None, "max_depth": 1, "criterion": criterion, "random_state": 0, **bounds}
    expected = theirs.RandomForestClassifier(**how).fit(x, y, sample_weight=weights)
    with run.scope():
        found = ours.RandomForestClassifier(**how).fit(run.rows(x), run.column(y), sample_weight=None if weights is None else run.column(weights))
        assert found.classes_.tolist() == expected.classes_.tolist()
        likely = found.predict_proba(run.rows(x)).compute()
    # Two cuts may be as good as each other: what is compared is how pure they leave the rows.
    weights = np.ones(num_rows) if weights is None else weights

    def impurity(shares):
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(shares > 0, -shares * np.log2(shares), 0)
        return weights @ (1 - (shares**2).sum(axis=1) if criterion == "gini" else logs.sum(axis=1))

    same(impurity(likely), impurity(expected.predict_proba(x)))


@settings(max_examples=60, **SETTINGS)
@given(runs(), seeds, sizes, st.integers(1, 4), st.sampled_from(["float64", "float32", "int64"]), weightings, st.sampled_from(BOUNDS[:5]))
def test_the_first_cut_of_numbers_is_the_best_one(run, seed, num_rows, columns, dtype, weighting, bounds):
    rng = np.random.default_rng(seed)
    x = few_values(rng, num_rows, columns, dtype)
    y = x[:, 0] + rng.normal(size=num_rows).round(2)
    weights = weights_of(rng, num_rows, weighting)
    if weighting == "zeros":
        weights[0] = 1
    how = {"n_estimators": 1, "bootstrap": False, "max_features": None, "max_depth": 1, "random_state": 0, **bounds}
    expected = theirs.RandomForestRegressor(**how).fit(x, y, sample_weight=weights)
    with run.scope():
        found = ours.RandomForestRegressor(**how).fit(run.rows(x), run.column(y), sample_weight=None if weights is None else run.column(weights))
        predicted = found.predict(run.rows(x)).compute()
    weights = np.ones(num_rows) if weights is None else weights
    same(weights @ (predicted - y) ** 2, weights @ (expected.predict(x) - y) ** 2, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["RandomForestClassifier", "ExtraTreesClassifier", "RandomForestRegressor", "ExtraTreesRegressor"])
@settings(max_examples=20, **SETTINGS)
@given(runs(), seeds, sizes, st.integers(1, 4), weightings)
def test_trees_that_grow_until_rows_are_alike(name, run, seed, num_rows, columns, weighting):
    rng = np.random.default_rng(seed)
    x = few_values(rng, num_rows, columns, "float64")
    y = rng.integers(0, 3, num_rows) if name.endswith("Classifier") else rng.normal(size=num_rows)
    weights = weights_of(rng, num_rows, weighting if weighting != "zeros" else "random")
    how = {"n_estimators": 2, "bootstrap": False, "random_state": seed}
    expected = getattr(theirs, name)(**how).fit(x, y, sample_weight=weights)
    with run.scope():
        found = getattr(ours, name)(**how).fit(run.rows(x), run.column(y), sample_weight=None if weights is None else run.column(weights))
        if name.endswith("Classifier"):
            same(found.predict_proba(run.rows(x)).compute(), expected.predict_proba(x), rtol=1e-6, atol=1e-6)
        else:
            same(found.predict(run.rows(x)).compute(), expected.predict(x), rtol=1e-6, atol=1e-6)
        if num_rows > 1:
            same(found.score(run.rows(x), run.column(y)), expected.score(x, y), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("voting", ["hard", "soft"])
@settings(max_examples=30, **SETTINGS)
@given(runs(), seeds, st.integers(6, 60), st.sampled_from(["int64", "text"]), st.sampled_from(["none", "random"]))
def test_votes_of_models_of_blocks(voting, run, seed, num_rows, kind, weighting):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(num_rows, 3))
    codes = (x[:, 0] + rng.normal(size=num_rows) > 0).astype(int)
    y = np.array(["no", "yes"])[codes] if kind == "text" else codes
    weights = weights_of(rng, num_rows, weighting)
    model = their_models.SGDClassifier(loss="log_loss", random_state=0)
    bounds = np.cumsum([0, *run.chunks(num_rows)])
    blocks = [slice(first, last) for first, last in zip(bounds, bounds[1:]) if last > first]
    if any(len(np.unique(codes[rows])) < 2 for rows in blocks):
        return  # the model wants two classes
    classes = np.unique(y)
    models = [
        their_models.SGDClassifier(loss="log_loss", random_state=0).fit(x[rows], y[rows], sample_weight=None if weights is None else weights[rows]) for rows in blocks
    ]
    shares = np.mean([each.predict_proba(x) for each in models], axis=0)
    votes = np.sum([each.predict(x)[:, None] == classes for each in models], axis=0)
    with run.scope():
        fit = ours.BlockwiseVotingClassifier(model, voting=voting).fit
        found = fit(run.rows(x), run.column(y), **({} if weights is None else {"sample_weight": run.column(weights)}))
        predicted = found.predict(run.rows(x)).compute()
        same(predicted, classes[(shares if voting == "soft" else votes).argmax(axis=1)])
        if voting == "soft":
            same(found.predict_proba(run.rows(x)).compute(), shares)
        assert found.score(run.rows(x), run.column(y)) == pytest.approx((predicted == y).mean())


@settings(max_examples=30, **SETTINGS)
@given(runs(), seeds, st.integers(1, 60), st.sampled_from(["none", "random"]), st.sampled_from(["float64", "float32", "int64"]))
def test_means_of_models_of_blocks(run, seed, num_rows, weighting, dtype):
    rng = np.random.default_rng(seed)
    x = (5 * rng.normal(size=(num_rows, 3))).astype(dtype)
    y = rng.normal(size=num_rows)
    weights = weights_of(rng, num_rows, weighting)
    bounds = np.cumsum([0, *run.chunks(num_rows)])
    blocks = [slice(first, last) for first, last in zip(bounds, bounds[1:]) if last > first]
    models = [their_models.Ridge().fit(x[rows], y[rows], sample_weight=None if weights is None else weights[rows]) for rows in blocks]
    with run.scope():
        fit = ours.BlockwiseVotingRegressor(their_models.Ridge()).fit
        found = fit(run.rows(x), run.column(y), **({} if weights is None else {"sample_weight": run.column(weights)}))
        near = {"rtol": 1e-5, "atol": 1e-5} if dtype == "float32" else {}
        same(found.predict(run.rows(x)).compute(), np.mean([each.predict(x) for each in models], axis=0), **near)
        assert answer(found.predict, run.rows(x[:, :2])).__class__ is ValueError
