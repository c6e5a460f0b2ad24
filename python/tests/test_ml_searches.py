"""Folds, scores on folds and searches: scikit-learn's numbers, shared steps, any executor."""

import threading

import numpy as np
import pytest
from sklearn import model_selection as sklearn_selection
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import plait.array as da
from plait.ml.ensemble import RandomForestClassifier
from plait.ml.model_selection import (
    GridSearchCV,
    HyperbandSearchCV,
    IncrementalSearchCV,
    InverseDecaySearchCV,
    KFold,
    RandomizedSearchCV,
    ShuffleSplit,
    StratifiedKFold,
    SuccessiveHalvingSearchCV,
    check_cv,
    compute_n_splits,
    cross_val_score,
    cross_validate,
)

X, Y = make_classification(600, 8, random_state=0)
LAZY = da.from_array(X, chunks=((1, 0, 250, 349), 8)), da.from_array(Y, chunks=200)


def same_results(ours, theirs):
    assert [name for name in ours if "time" not in name] == [name for name in theirs if "time" not in name]
    for name in theirs:
        if name == "params":
            assert ours[name] == theirs[name]
        elif name.startswith("param_"):
            assert ours[name].tolist() == theirs[name].tolist()
        elif "time" not in name:
            assert np.asarray(ours[name], float) == pytest.approx(np.asarray(theirs[name], float)), name


PIPELINE = Pipeline([("scale", StandardScaler()), ("pca", PCA(random_state=0)), ("model", LogisticRegression())])
GRID = [{"pca__n_components": [2, 4], "model__C": [0.1, 1.0]}, {"model": [SVC(), Ridge()], "pca": ["passthrough"]}]


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("scoring", [None, "neg_log_loss"])
def test_results_are_scikit_learns(scheduler, scoring):
    grid = GRID[:1] if scoring else [GRID[0], {"model": [SVC()], "pca": ["passthrough"]}]
    ours = GridSearchCV(PIPELINE, grid, cv=3, scoring=scoring, iid=False, return_train_score=True, scheduler=scheduler).fit(X, Y)
    theirs = sklearn_selection.GridSearchCV(PIPELINE, grid, cv=3, scoring=scoring, return_train_score=True).fit(X, Y)
    same_results(ours.cv_results_, theirs.cv_results_)
    assert str(ours.best_params_) == str(theirs.best_params_) and ours.best_score_ == pytest.approx(theirs.best_score_)
    assert np.array_equal(ours.predict(X), theirs.predict(X)) and ours.score(X, Y) == pytest.approx(theirs.score(X, Y))


def test_several_metrics():
    scoring = {"accuracy": "accuracy", "auc": "roc_auc"}
    args = LogisticRegression(), {"C": [1e-4, 1.0]}
    ours = GridSearchCV(*args, cv=3, scoring=scoring, refit="auc", iid=False).fit(X, Y)
    theirs = sklearn_selection.GridSearchCV(*args, cv=3, scoring=scoring, refit="auc").fit(X, Y)
    same_results(ours.cv_results_, theirs.cv_results_)
    assert ours.best_params_ == theirs.best_params_
    with pytest.raises(ValueError, match="refit=True: with several metrics"):
        GridSearchCV(*args, scoring=["accuracy", "roc_auc"]).fit(X, Y)
    chosen = GridSearchCV(*args, scoring=["accuracy", "roc_auc"], refit=lambda results: 1).fit(X, Y)
    assert chosen.best_index_ == 1


class Counting(TransformerMixin, BaseEstimator):
    """Counts how often it is fitted."""

    fits = 0
    lock = threading.Lock()

    def __init__(self, shift=0):
        self.shift = shift

    def fit(self, X, y=None):
        with self.lock:
            Counting.fits += 1
        return self

    def transform(self, X):
        return X + self.shift

    def __sklearn_is_fitted__(self):
        return True


def test_steps_that_candidates_share_are_fitted_once_a_fold():
    Counting.fits = 0
    pipeline = Pipeline([("first", Counting()), ("model", LogisticRegression())])
    GridSearchCV(pipeline, {"first__shift": [0, 1], "model__C": [0.1, 1.0, 10.0]}, cv=4, refit=False).fit(X, Y)
    assert Counting.fits == 2 * 4


def test_lazy_rows_and_our_own_estimators():
    model = RandomForestClassifier(5, random_state=0)
    lazy = GridSearchCV(model, {"max_depth": [2, 5]}, cv=3).fit(*LAZY)
    whole = GridSearchCV(model, {"max_depth": [2, 5]}, cv=3).fit(X, Y)
    assert lazy.cv_results_["mean_test_score"].tolist() == whole.cv_results_["mean_test_score"].tolist()
    theirs = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3).fit(*LAZY)
    assert theirs.best_score_ == GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3).fit(X, Y).best_score_


def test_fits_that_fail():
    with pytest.raises(ValueError, match="'C' parameter"):
        GridSearchCV(LogisticRegression(), {"C": [1.0, -1.0]}).fit(X, Y)
    with pytest.warns(FitFailedWarning, match="3 fits failed out of a total of 6"):
        search = GridSearchCV(LogisticRegression(), {"C": [1.0, -1.0]}, error_score=0.25).fit(X, Y)
    assert search.cv_results_["mean_test_score"][1] == 0.25 and search.best_params_ == {"C": 1.0}
    with pytest.raises(ValueError, match="All the 3 fits failed"):
        GridSearchCV(LogisticRegression(), {"C": [-1.0]}, error_score=np.nan).fit(X, Y)


def test_sample_weights_are_cut_like_the_rows():
    weights = np.random.default_rng(0).random(len(X))
    ours = GridSearchCV(LogisticRegression(), {"C": [0.01, 1.0]}, cv=3, iid=False).fit(X, Y, sample_weight=weights)
    theirs = sklearn_selection.GridSearchCV(LogisticRegression(), {"C": [0.01, 1.0]}, cv=3).fit(X, Y, sample_weight=weights)
    same_results(ours.cv_results_, theirs.cv_results_)


def test_random_candidates_are_scikit_learns():
    args = LogisticRegression(), {"C": np.logspace(-4, 4, 50)}
    ours = RandomizedSearchCV(*args, n_iter=5, random_state=3, cv=3, n_jobs=1).fit(X, Y)
    theirs = sklearn_selection.RandomizedSearchCV(*args, n_iter=5, random_state=3, cv=3).fit(X, Y)
    assert ours.cv_results_["params"] == theirs.cv_results_["params"] and ours.best_params_ == theirs.best_params_


def test_scores_on_folds_are_scikit_learns():
    assert cross_val_score(PIPELINE, X, Y) == pytest.approx(sklearn_selection.cross_val_score(PIPELINE, X, Y))
    ours = cross_validate(PIPELINE, X, Y, cv=3, scoring=["accuracy", "f1"], return_train_score=True)
    theirs = sklearn_selection.cross_validate(PIPELINE, X, Y, cv=3, scoring=["accuracy", "f1"], return_train_score=True)
    assert set(ours) == set(theirs)
    for name in ("test_accuracy", "train_accuracy", "test_f1", "train_f1"):
        assert ours[name] == pytest.approx(theirs[name])
    with pytest.raises(ValueError, match="one metric"):
        cross_val_score(PIPELINE, X, Y, scoring=["accuracy"])


@pytest.mark.parametrize("make", [KFold, StratifiedKFold])
@pytest.mark.parametrize("shuffle", [False, True])
def test_folds_do_not_depend_on_blocks(make, shuffle):
    splitter = make(4, shuffle=shuffle, random_state=0 if shuffle else None)
    theirs = getattr(sklearn_selection, make.__name__)(4, shuffle=shuffle, random_state=0 if shuffle else None)
    for ours, expected in zip(splitter.split(*LAZY), theirs.split(X, Y)):
        assert all(np.array_equal(a, b) for a, b in zip(ours, expected))
    unknown = LAZY[0][LAZY[0][:, 0] > 0]
    train, test = next(KFold(2).split(unknown))
    assert len(train) + len(test) == (X[:, 0] > 0).sum()


def test_shuffled_splits():
    for train, test in ShuffleSplit(3, random_state=0).split(LAZY[0]):
        assert len(test) == 60 and not set(train) & set(test)
    assert compute_n_splits(4, *LAZY) == 4 and check_cv().get_n_splits() == 3


PARAMETERS = {"alpha": np.logspace(-5, 0, 40), "penalty": ["l1", "l2"]}
MODEL = SGDClassifier(random_state=0)
INCREMENTAL = [
    HyperbandSearchCV(MODEL, PARAMETERS, max_iter=9, random_state=0),
    SuccessiveHalvingSearchCV(MODEL, PARAMETERS, 9, 2, random_state=0),
    IncrementalSearchCV(MODEL, PARAMETERS, 4, max_iter=6, random_state=0),
    InverseDecaySearchCV(MODEL, PARAMETERS, 8, max_iter=6, random_state=0),
]


@pytest.mark.parametrize("search", INCREMENTAL, ids=lambda search: type(search).__name__)
def test_models_that_learn_batch_by_batch(search):
    search.fit(*LAZY, classes=[0, 1])
    assert search.best_score_ == max(search.cv_results_["test_score"]) and search.best_score_ > 0.7
    assert search.best_params_ == search.cv_results_["params"][search.best_index_]
    assert np.array_equal(search.predict(LAZY[0]).compute(), search.predict(X))
    assert search.score(X, Y) == pytest.approx((search.predict(X) == Y).mean())
    first = search.cv_results_["test_score"].tolist()
    assert search.fit(*LAZY, classes=[0, 1]).cv_results_["test_score"].tolist() == first
    for records in search.model_history_.values():
        calls = [each["partial_fit_calls"] for each in records]
        assert calls == sorted(set(calls))


def test_halving_leaves_the_worse_models_behind():
    search = SuccessiveHalvingSearchCV(MODEL, PARAMETERS, 9, 2, random_state=0).fit(X, Y, classes=[0, 1])
    assert sorted(search.cv_results_["partial_fit_calls"]) == [2] * 6 + [6] * 2 + [18]
    with pytest.raises(ValueError, match="n_initial_iter"):
        SuccessiveHalvingSearchCV(MODEL, PARAMETERS).fit(X, Y)


def test_hyperband_says_before_what_it_will_do():
    search = HyperbandSearchCV(MODEL, PARAMETERS, max_iter=27, random_state=0)
    before = search.metadata
    search.fit(X, Y, classes=[0, 1])
    assert before == search.metadata_ and before["n_models"] == len(search.cv_results_["params"])


def test_patience_stops_models_that_do_not_improve():
    patient = IncrementalSearchCV(MODEL, PARAMETERS, 4, max_iter=30, patience=3, tol=1.0, random_state=0).fit(X, Y, classes=[0, 1])
    assert max(patient.cv_results_["partial_fit_calls"]) < 10


def test_models_without_partial_fit_are_refused():
    with pytest.raises(TypeError, match="no partial_fit"):
        IncrementalSearchCV(LogisticRegression(), {"C": [1.0]}).fit(X, Y)
