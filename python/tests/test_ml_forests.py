"""Forests: scikit-learn's accuracy, the same trees whatever runs them, and what they refuse."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import ensemble as sklearn_ensemble
from sklearn.base import clone
from sklearn.datasets import make_classification, make_regression
from sklearn.utils.estimator_checks import check_estimator

import plait
import plait.array as da
import plait.dataframe as dd
from plait.ml.ensemble import (
    BlockwiseVotingClassifier,
    BlockwiseVotingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    _growing,
)

CLASSIFIERS = [RandomForestClassifier, ExtraTreesClassifier]
REGRESSORS = [RandomForestRegressor, ExtraTreesRegressor]

WEIGHTED_ROWS = "a row of weight 2 is drawn once or not at all, two rows each on its own; cuts stand between the values of all rows, those of weight 0, too"


@pytest.fixture(scope="module")
def classes():
    X, y = make_classification(6000, 12, n_informative=6, n_classes=3, random_state=0)
    return X[:4000], y[:4000], X[4000:], y[4000:]


@pytest.fixture(scope="module")
def numbers():
    X, y = make_regression(4000, 8, n_informative=5, noise=1.0, random_state=0)
    return X[:3000], y[:3000], X[3000:], y[3000:]


def same_forest(a, b):
    return set(a.forest_) == set(b.forest_) and all(np.array_equal(a.forest_[name], b.forest_[name]) for name in a.forest_)


@pytest.mark.parametrize("make", CLASSIFIERS)
def test_classifiers_are_as_accurate_as_scikit_learns(make, classes):
    X, y, test, truth = classes
    ours = make(40, random_state=0).fit(X, y)
    theirs = getattr(sklearn_ensemble, make.__name__)(40, random_state=0).fit(X, y)
    assert ours.score(test, truth) >= theirs.score(test, truth) - 0.015
    assert abs(ours.feature_importances_ - theirs.feature_importances_).max() < 0.05
    assert ours.feature_importances_.sum() == pytest.approx(1)
    assert ours.predict_proba(test).sum(axis=1) == pytest.approx(np.ones(len(test)))


@pytest.mark.parametrize("make", REGRESSORS)
def test_regressors_are_as_accurate_as_scikit_learns(make, numbers):
    X, y, test, truth = numbers
    ours = make(30, random_state=0).fit(X, y)
    theirs = getattr(sklearn_ensemble, make.__name__)(30, random_state=0).fit(X, y)
    assert ours.score(test, truth) >= theirs.score(test, truth) - 0.02


def test_features_that_tell_nothing_are_cut_at_their_ends():
    # Where a cut tells nothing, the best one takes a few rows off an end; cuts amid the rows would part them for nothing.
    random = np.random.default_rng(0)
    X, y = random.normal(size=(20_000, 8)), random.integers(0, 2, 20_000)
    params = {"n_estimators": 100, "max_depth": 1, "max_features": 1, "random_state": 0}
    forest = RandomForestClassifier(**params).fit(X, y).forest_
    ours = [(forest["feature"][root], forest["threshold"][root]) for root in forest["starts"][:-1]]
    trees = [each.tree_ for each in sklearn_ensemble.RandomForestClassifier(**params).fit(X, y).estimators_]
    theirs = [(tree.feature[0], tree.threshold[0]) for tree in trees]

    def at_ends(cuts):
        shares = np.array([(X[:, feature] <= threshold).mean() for feature, threshold in cuts])
        return (np.minimum(shares, 1 - shares) < 0.003).sum()

    assert at_ends(ours) >= at_ends(theirs) / 2


@pytest.mark.parametrize("make", [*CLASSIFIERS, *REGRESSORS])
@pytest.mark.parametrize("weighted", [False, True])
def test_trees_do_not_depend_on_blocks_executor_or_the_way_they_are_grown(make, weighted, classes, monkeypatch):
    X, y, *_ = classes
    weights = np.random.default_rng(0).random(len(X)) if weighted else None
    model = make(2, random_state=3, min_samples_leaf=2)
    whole = clone(model).fit(X, y, sample_weight=weights)
    in_blocks = clone(model).fit(da.from_array(X, chunks=((1, 0, 999, 3000), 12)), da.from_array(y, chunks=1700), sample_weight=weights)
    assert same_forest(whole, in_blocks)
    with plait.config.set(scheduler="sync"):
        assert same_forest(whole, clone(model).fit(X, y, sample_weight=weights))
    options = _growing.Forest._options

    def few_rows_in_memory(self, num_rows):
        made = options(self, num_rows)
        made.rows_in_memory = 500
        return made

    monkeypatch.setattr(_growing.Forest, "_options", few_rows_in_memory)
    assert same_forest(whole, clone(model).fit(da.from_array(X, chunks=(1234, 12)), y, sample_weight=weights))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 80), st.lists(st.integers(0, 30), max_size=5), st.sampled_from([RandomForestClassifier, ExtraTreesRegressor]), st.integers(0, 99))
def test_any_rows_in_any_blocks(num_rows, cuts, make, seed):
    random = np.random.default_rng(seed)
    X, y = random.integers(0, 5, (num_rows, 3)).astype(float), random.integers(0, 3, num_rows)
    chunks = []
    for cut in cuts:
        chunks.append(min(cut, num_rows - sum(chunks)))
    chunks.append(num_rows - sum(chunks))
    whole = make(3, random_state=seed, bootstrap=False, max_features=None).fit(X, y)
    in_blocks = make(3, random_state=seed, bootstrap=False, max_features=None).fit(da.from_array(X, chunks=(tuple(chunks), 2)), y)
    assert same_forest(whole, in_blocks)
    # Without a bootstrap trees are grown until rows of a leaf are all alike.
    alike = [(X == row).all(axis=1) for row in X]
    if make is RandomForestClassifier:
        expected = [[(y[rows] == label).mean() for label in whole.classes_] for rows in alike]
        assert whole.predict_proba(X) == pytest.approx(np.array(expected))
    else:
        assert whole.predict(X) == pytest.approx([y[rows].mean() for rows in alike])


def test_trees_of_worker_processes_are_the_same(classes):
    X, y, *_ = classes
    here = RandomForestClassifier(3, random_state=0, oob_score=True).fit(X, y)
    with plait.config.set(scheduler="processes"):
        there = RandomForestClassifier(3, random_state=0, oob_score=True).fit(X, y)
    assert same_forest(here, there) and here.oob_score_ == there.oob_score_


def test_rows_several_times_the_memory_budget(numbers):
    rows = da.random.RandomState(0).random_sample((400_000, 10), chunks=(20_000, 10))
    y = rows[:, 0] > 0.5
    with plait.config.set({"memory-budget": "12MB"}):
        model = RandomForestClassifier(2, max_depth=6, max_features=None, random_state=0).fit(rows, y)
        assert float((model.predict(rows) == y).mean().compute()) > 0.99


def test_lazy_rows_give_lazy_predictions(classes):
    X, y, test, _ = classes
    model = RandomForestClassifier(5, random_state=0).fit(X, np.array(["a", "b", "c"])[y])
    lazy = da.from_array(test, chunks=(700, 12))
    assert isinstance(model.predict_proba(lazy), da.Array)
    assert np.array_equal(model.predict(lazy).compute(), model.predict(test))
    assert np.array_equal(model.predict_proba(lazy).compute(), model.predict_proba(test))
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.predict(test), model.predict(test))


def test_parameters_bound_the_trees(classes):
    X, y, *_ = classes

    def leaves(**params):
        model = RandomForestClassifier(1, random_state=0, **params).fit(X, y)
        return (model.forest_["feature"] < 0).sum(), model.forest_["rows"][model.forest_["feature"] < 0].min()

    assert leaves(max_depth=3)[0] <= 8
    assert leaves(max_leaf_nodes=5)[0] == 5
    assert leaves(min_samples_leaf=20)[1] >= 20
    assert leaves(min_weight_fraction_leaf=0.2)[0] <= 5
    assert leaves(min_impurity_decrease=0.05)[0] < leaves()[0] / 10
    assert leaves(max_samples=50)[0] < leaves()[0]


def test_warm_start_adds_trees(classes):
    X, y, *_ = classes
    model = RandomForestClassifier(3, random_state=0, warm_start=True).fit(X, y)
    model.set_params(n_estimators=7).fit(X, y)
    assert same_forest(model, RandomForestClassifier(7, random_state=0).fit(X, y))


def test_class_weights_move_the_vote(classes):
    X, y, *_ = classes
    rare = (y == 0) & (np.arange(len(y)) % 10 != 0)
    X, y = X[~rare], y[~rare]
    plain = RandomForestClassifier(20, max_depth=4, random_state=0).fit(X, y)
    for weights in ("balanced", "balanced_subsample", {0: 10.0, 1: 1.0, 2: 1.0}):
        weighted = RandomForestClassifier(20, max_depth=4, random_state=0, class_weight=weights).fit(X, y)
        assert (weighted.predict(X) == 0).sum() > (plain.predict(X) == 0).sum()


def test_out_of_bag_scores_are_near_those_of_new_rows(numbers):
    X, y, test, truth = numbers
    model = RandomForestRegressor(40, random_state=0, oob_score=True).fit(X, y)
    assert model.oob_score_ == pytest.approx(model.score(test, truth), abs=0.05)


@pytest.mark.parametrize(
    "params, message",
    [
        ({"criterion": "best"}, "criterion='best'"),
        ({"n_estimators": 0}, "n_estimators=0"),
        ({"max_features": 1.5}, "max_features=1.5"),
        ({"ccp_alpha": 0.1}, "ccp_alpha=0.1"),
        ({"bootstrap": False, "oob_score": True}, "Out of bag estimation"),
        ({"class_weight": "heavy"}, "class_weight='heavy'"),
        ({"max_samples": 10**6}, "max_samples"),
    ],
)
def test_parameters_without_meaning_are_refused(params, message, classes):
    X, y, *_ = classes
    with pytest.raises(ValueError, match=message):
        RandomForestClassifier(**{"n_estimators": 2, **params}).fit(X, y)


def test_bad_rows_are_named():
    X = da.from_array(np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]), chunks=(2, 2))
    with pytest.raises(ValueError, match="NaN.*column 1"):
        RandomForestClassifier(2).fit(X, [0, 1, 0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        RandomForestRegressor(2).fit(X[:2], [0.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="y contains NaN"):
        RandomForestRegressor(2).fit(X[:1], da.from_array(np.array([np.nan]), chunks=1))
    with pytest.raises(ValueError, match="negative"):
        RandomForestRegressor(2).fit(X[:1], [1.0], sample_weight=[-1.0])
    with pytest.raises(ValueError, match="sample"):
        RandomForestRegressor(2).fit(X[:0], da.ones(0, chunks=1))


@pytest.mark.parametrize("make", [*CLASSIFIERS, *REGRESSORS])
def test_scikit_learns_rules(make):
    expected = {"check_sample_weight_equivalence_on_dense_data": WEIGHTED_ROWS}
    for check in check_estimator(make(n_estimators=5), on_fail=None, on_skip=None, expected_failed_checks=expected):
        assert check["status"] != "failed", (check["check_name"], check["exception"])


def test_votes_of_models_of_blocks(classes, numbers):
    from sklearn.linear_model import LinearRegression, LogisticRegression

    X, y, test, truth = classes
    lazy, labels = da.from_array(X, chunks=(1000, 12)), da.from_array(y, chunks=1000)
    hard = BlockwiseVotingClassifier(LogisticRegression()).fit(lazy, labels)
    assert len(hard.estimators_) == 4 and hard.score(test, truth) > 0.6
    votes = np.array([model.predict(test) for model in hard.estimators_])
    assert np.array_equal(hard.predict(test), [np.bincount(each).argmax() for each in votes.T])
    soft = BlockwiseVotingClassifier(LogisticRegression(), voting="soft", classes=[0, 1, 2]).fit(lazy, labels)
    mean = np.mean([model.predict_proba(test) for model in soft.estimators_], axis=0)
    assert soft.predict_proba(da.from_array(test, chunks=(900, 12))).compute() == pytest.approx(mean)
    texts = BlockwiseVotingClassifier(LogisticRegression()).fit(lazy, np.array(["a", "b", "c"])[y])
    assert np.array_equal(texts.predict(lazy).compute(), np.array(["a", "b", "c"])[hard.predict(X)])
    X, y, test, truth = numbers
    model = BlockwiseVotingRegressor(LinearRegression()).fit(da.from_array(X, chunks=(1000, 8)), y)
    assert model.predict(test) == pytest.approx(np.mean([each.predict(test) for each in model.estimators_], axis=0))


def test_a_row_without_a_label_is_refused():
    rows = dd.from_pandas(pd.DataFrame({"a": np.arange(6.0)}), npartitions=2)
    labels = dd.from_pandas(pd.Series(["x", None, "y"] * 2), npartitions=2)
    with pytest.raises(ValueError, match="Input y contains NaN"):
        RandomForestClassifier(2).fit(rows, labels)
