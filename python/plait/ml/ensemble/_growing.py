"""Growing forests by the engine and asking them: what all of them have in common, and what those of classes and of numbers add."""

from __future__ import annotations

from typing import Any

import joblib
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ... import _plait
from ...array import Array, bincount
from .._inputs import features, is_lazy, targets
from .._labels import class_labels, named
from .._running import run
from .._transforming import computed
from .._weights import row_weights
from ..base import ClassifierMixin, RegressorMixin
from ..model_selection._folds import counted
from ._tree_options import tree_options

# What a forest of the engine has an entry a tree or a node of; `starts` says which nodes are whose.
_BY_TREE = ("importances", "keys")
_BY_NODE = ("feature", "threshold", "left", "value", "rows", "impurity")


class Forest(BaseEstimator):
    """What the forests have in common. Subclasses say what they learn, and whether cuts are random."""

    _random_cuts = False
    _classes_of_y = 0
    forest_: Any

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Grow the trees.

        Parameters
        ----------
        X : array-like of shape (rows, features), lazy or not
            Numbers, without NaN and infinity.
        y : array-like of shape (rows,), lazy or not
            Labels of a classifier, numbers of a regressor.
        sample_weight : array-like of shape (rows,), optional
            None is negative.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For a parameter or data that has no meaning here.
        """
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        self._fit_rows(counted(features(self, X, reset=True)), y, sample_weight)
        return self

    def _fit_rows(self, rows: Array, y: Any, sample_weight: Any) -> None:
        raise NotImplementedError

    def _grow(self, X: Array, y: Array, sample_weight: Any, class_weights: list[float], balance_each_tree: bool) -> None:
        num_rows = int(X.shape[0])
        known = self.forest_ if self.warm_start and hasattr(self, "forest_") else None  # type: ignore[attr-defined]
        have = 0 if known is None else len(known["keys"])
        if self.n_estimators < have:  # type: ignore[attr-defined]
            raise ValueError(f"n_estimators={self.n_estimators} must be larger or equal to the {have} trees that there are when warm_start==True")  # type: ignore[attr-defined]
        options = self._options(num_rows)
        options.class_weights, options.balance_each_tree = class_weights, balance_each_tree
        if known is None:
            self._seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))  # type: ignore[attr-defined]
        options.seed, options.first_tree, options.n_estimators = self._seed, have, self.n_estimators - have  # type: ignore[attr-defined]
        if options.n_estimators > 0:
            weights = row_weights(X, sample_weight)
            workers = 0 if self.n_jobs in (None, -1) else joblib.effective_n_jobs(self.n_jobs)  # type: ignore[attr-defined]
            grown = run(_plait.ml.grow_forest, X._array, y._array, None if weights is None else weights._array, options, num_workers=workers)
            self.forest_ = grown if known is None else _joined(known, grown)
        self._sample_fraction = options.sample_fraction
        if self.oob_score:  # type: ignore[attr-defined]
            self._set_oob_score(X, y)

    def _options(self, num_rows: int) -> Any:
        options = _plait.ml.ForestOptions()
        options.classes, options.random_cuts = self._classes_of_y, self._random_cuts
        return tree_options(options, self, num_rows)

    def _values(self, X: Any) -> Array:
        check_is_fitted(self, "forest_")
        return Array(_plait.ml.forest_values(features(self, X, reset=False)._array, self.forest_))

    def _out_of_bag(self, X: Array) -> np.ndarray:
        return computed(Array(_plait.ml.out_of_bag_values(X._array, self.forest_, self._sample_fraction)))

    def _set_oob_score(self, X: Array, y: Array) -> None:
        raise NotImplementedError

    @property
    def feature_importances_(self) -> np.ndarray:
        """How much each feature's cuts have lowered the impurity, of 1 for all features together."""
        check_is_fitted(self, "forest_")
        each = self.forest_["importances"]
        each = each[each.sum(axis=1) > 0]
        if len(each) == 0:
            return np.zeros(self.n_features_in_)  # type: ignore[attr-defined]
        mean = each.mean(axis=0)
        return mean / mean.sum()

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "forest_")


def _joined(known: dict, more: dict) -> dict:
    """One forest of the trees of two."""
    joined = {name: np.concatenate([known[name], more[name]]) for name in (*_BY_TREE, *_BY_NODE)}
    return {**joined, "starts": np.concatenate([known["starts"], known["starts"][-1] + more["starts"][1:]])}


def _likeliest(values: Array) -> Array:
    """The place of the largest value of each row. The engine's argmax wants to know where blocks begin; here each row is one by itself."""
    if np.isnan(values.shape[0]):
        return values.map_blocks(_places_of_largest, dtype=np.int64, drop_axis=1)
    return values.argmax(axis=1)


def _places_of_largest(block: np.ndarray) -> np.ndarray:
    return block.argmax(axis=1)


class ForestClassifier(ClassifierMixin, Forest):
    def _fit_rows(self, rows: Array, y: Any, sample_weight: Any) -> None:
        labels, self.classes_ = class_labels(self, y, least=1)
        self.n_classes_, self.n_outputs_ = len(self.classes_), 1
        self._classes_of_y = self.n_classes_
        codes = labels.codes_like(rows, self.classes_)
        class_weights, balance_each_tree = self._class_weights(codes)
        self._grow(rows, codes, sample_weight, class_weights, balance_each_tree)

    def _class_weights(self, codes: Array) -> tuple[list[float], bool]:
        """A weight for each class, and whether each tree balances its own sample."""
        given = self.class_weight  # type: ignore[attr-defined]
        if given is None or (isinstance(given, str) and given == "balanced_subsample"):
            return [], given is not None
        if isinstance(given, dict):
            return [float(given.get(label, 1.0)) for label in self.classes_.tolist()], False
        if not isinstance(given, str) or given != "balanced":
            raise ValueError(f"class_weight={given!r}: expected 'balanced', 'balanced_subsample', a dict or None")
        counts = bincount(codes, minlength=self.n_classes_).compute()
        return (counts.sum() / (len(counts) * counts)).tolist(), False

    def predict_proba(self, X: Any) -> Any:
        """The share of each class, averaged over the trees: (rows, classes); lazy where ``X`` is."""
        values = self._values(X)
        return values if is_lazy(X) else computed(values)

    def predict_log_proba(self, X: Any) -> Any:
        """The logarithm of :meth:`predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> Any:
        """The class of the largest share for each row; lazy where ``X`` is."""
        places = _likeliest(self._values(X))
        return named(places, self.classes_) if is_lazy(X) else self.classes_[computed(places)]

    def _set_oob_score(self, X: Array, y: Array) -> None:
        self.oob_decision_function_ = self._out_of_bag(X)
        voted = ~np.isnan(self.oob_decision_function_[:, 0])
        metric = self.oob_score if callable(self.oob_score) else accuracy_score  # type: ignore[attr-defined]
        truth = self.classes_[computed(y).astype(np.int64)]
        self.oob_score_ = metric(truth[voted], self.classes_[self.oob_decision_function_[voted].argmax(axis=1)])


class ForestRegressor(RegressorMixin, Forest):
    def _fit_rows(self, rows: Array, y: Any, sample_weight: Any) -> None:
        self.n_outputs_ = 1
        y = y if is_lazy(y) else column_or_1d(y, warn=True)
        self._grow(rows, targets(y, rows), sample_weight, [], False)

    def predict(self, X: Any) -> Any:
        """The mean of the trees' values for each row; lazy where ``X`` is."""
        values = self._values(X)[:, 0]
        return values if is_lazy(X) else computed(values)

    def _set_oob_score(self, X: Array, y: Array) -> None:
        self.oob_prediction_ = self._out_of_bag(X)[:, 0]
        voted = ~np.isnan(self.oob_prediction_)
        metric = self.oob_score if callable(self.oob_score) else r2_score  # type: ignore[attr-defined]
        self.oob_score_ = metric(computed(y)[voted], self.oob_prediction_[voted])
