"""Forests of trees that the engine grows on binned rows: see ``plait/ml/forest.h``."""

from __future__ import annotations

import math
import numbers
from typing import Any

import joblib
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ... import _plait
from ...array import Array, bincount
from .._class_names import named
from .._labels import class_labels
from .._weights import row_weights
from ..base import ClassifierMixin, RegressorMixin
from .._inputs import features, is_lazy, targets
from .._running import run
from .._transforming import computed
from ..model_selection._folds import counted

# What a forest of the engine has an entry a tree or a node of; `starts` says which nodes are whose.
_BY_TREE = ("importances", "keys")
_BY_NODE = ("feature", "threshold", "left", "value", "rows", "impurity")


class _Forest(BaseEstimator):
    """What the forests have in common. Subclasses say what they learn, and whether cuts are random."""

    _random_cuts = False
    _classes_of_y = 0
    forest_: Any

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
        if self.ccp_alpha != 0:  # type: ignore[attr-defined]
            raise ValueError(f"ccp_alpha={self.ccp_alpha}: trees are not pruned; take 0, and bound them by max_depth or min_samples_leaf")  # type: ignore[attr-defined]
        if self.monotonic_cst is not None:  # type: ignore[attr-defined]
            raise ValueError("monotonic_cst: constraints of features are not there; take None")
        options = _plait.ml.ForestOptions()
        options.criterion = str(self.criterion)  # type: ignore[attr-defined]
        options.classes = self._classes_of_y
        options.max_features = _max_features(self.max_features, self.n_features_in_)  # type: ignore[attr-defined]
        options.max_depth = _number("max_depth", self.max_depth, 1)  # type: ignore[attr-defined]
        options.max_leaf_nodes = _number("max_leaf_nodes", self.max_leaf_nodes, 2)  # type: ignore[attr-defined]
        options.min_samples_split = _rows("min_samples_split", self.min_samples_split, 2, num_rows)  # type: ignore[attr-defined]
        options.min_samples_leaf = _rows("min_samples_leaf", self.min_samples_leaf, 1, num_rows)  # type: ignore[attr-defined]
        options.min_weight_fraction_leaf = _share("min_weight_fraction_leaf", self.min_weight_fraction_leaf, 0.5)  # type: ignore[attr-defined]
        options.min_impurity_decrease = _share("min_impurity_decrease", self.min_impurity_decrease, math.inf)  # type: ignore[attr-defined]
        _number("n_estimators", self.n_estimators, 1)  # type: ignore[attr-defined]
        options.random_cuts = self._random_cuts
        options.bootstrap = bool(self.bootstrap)  # type: ignore[attr-defined]
        options.sample_fraction = self._fraction(num_rows)
        return options

    def _fraction(self, num_rows: int) -> float:
        """The share of rows that a tree draws."""
        most = self.max_samples  # type: ignore[attr-defined]
        if not self.bootstrap and (most is not None or self.oob_score):  # type: ignore[attr-defined]
            raise ValueError("`max_samples` cannot be set if `bootstrap=False`" if most is not None else "Out of bag estimation only available if bootstrap=True")
        if most is None:
            return 1.0
        if _is_whole(most):
            if not 1 <= most <= num_rows:
                raise ValueError(f"`max_samples` must be <= n_samples={num_rows} but got value {most}")
            return int(most) / num_rows
        if not 0 < most <= 1:
            raise ValueError(f"max_samples={most!r}: a share of the rows is in (0, 1]")
        return float(most)

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


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral)


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real)


def _number(name: str, value: Any, least: int) -> int:
    """A whole number, or -1 for None."""
    if value is None and name != "n_estimators":
        return -1
    if not _is_whole(value) or value < least:
        raise ValueError(f"{name}={value!r}: expected a whole number from {least}" + ("" if name == "n_estimators" else ", or None"))
    return int(value)


def _rows(name: str, value: Any, least: int, num_rows: int) -> int:
    """A number of rows, which may be given as a share of them."""
    if _is_whole(value) and value >= least:
        return int(value)
    if _is_real(value) and not _is_whole(value) and 0 < value <= 1:
        return max(least, math.ceil(value * num_rows))
    raise ValueError(f"{name}={value!r}: expected a whole number from {least}, or a share of the rows in (0, 1]")


def _share(name: str, value: Any, most: float) -> float:
    if not _is_real(value) or not 0 <= value <= most:
        raise ValueError(f"{name}={value!r}: expected a number from 0" + (f" to {most}" if most < math.inf else ""))
    return float(value)


def _max_features(value: Any, num_features: int) -> int:
    if value is None:
        return num_features
    if value == "sqrt":
        return max(1, int(np.sqrt(num_features)))
    if value == "log2":
        return max(1, int(np.log2(num_features)))
    if _is_whole(value) and value >= 1:
        return min(int(value), num_features)
    if _is_real(value) and not _is_whole(value) and 0 < value <= 1:
        return max(1, int(value * num_features))
    raise ValueError(f"max_features={value!r}: expected 'sqrt', 'log2', None, a whole number from 1, or a share in (0, 1]")


class _ForestClassifier(ClassifierMixin, _Forest):
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Grow the trees.

        Parameters
        ----------
        X : array-like of shape (rows, features), lazy or not
            Numbers, without NaN and infinity.
        y : array-like of shape (rows,)
            Labels.
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
        rows = counted(features(self, X, reset=True))
        labels, self.classes_ = class_labels(self, y, least=1)
        self.n_classes_, self.n_outputs_ = len(self.classes_), 1
        self._classes_of_y = self.n_classes_
        codes = labels.codes_like(rows, self.classes_)
        class_weights, balance_each_tree = self._class_weights(codes)
        self._grow(rows, codes, sample_weight, class_weights, balance_each_tree)
        return self

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
        places = self._values(X).argmax(axis=1)
        return named(places, self.classes_) if is_lazy(X) else self.classes_[computed(places)]

    def _set_oob_score(self, X: Array, y: Array) -> None:
        self.oob_decision_function_ = self._out_of_bag(X)
        voted = ~np.isnan(self.oob_decision_function_[:, 0])
        metric = self.oob_score if callable(self.oob_score) else accuracy_score  # type: ignore[attr-defined]
        truth = self.classes_[computed(y).astype(np.int64)]
        self.oob_score_ = metric(truth[voted], self.classes_[self.oob_decision_function_[voted].argmax(axis=1)])


class _ForestRegressor(RegressorMixin, _Forest):
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Grow the trees.

        Parameters
        ----------
        X : array-like of shape (rows, features), lazy or not
            Numbers, without NaN and infinity.
        y : array-like of shape (rows,), lazy or not
            Numbers to predict.
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
        rows = counted(features(self, X, reset=True))
        self.n_outputs_ = 1
        y = y if is_lazy(y) else column_or_1d(y, warn=True)
        self._grow(rows, targets(y, rows), sample_weight, [], False)
        return self

    def predict(self, X: Any) -> Any:
        """The mean of the trees' values for each row; lazy where ``X`` is."""
        values = self._values(X)[:, 0]
        return values if is_lazy(X) else computed(values)

    def _set_oob_score(self, X: Array, y: Array) -> None:
        self.oob_prediction_ = self._out_of_bag(X)[:, 0]
        voted = ~np.isnan(self.oob_prediction_)
        metric = self.oob_score if callable(self.oob_score) else r2_score  # type: ignore[attr-defined]
        self.oob_score_ = metric(computed(y)[voted], self.oob_prediction_[voted])


_PARAMETERS = """
    Parameters
    ----------
    n_estimators : int
        Number of trees.
    criterion : str
        {criteria}
    max_depth, max_leaf_nodes : int, optional
        Bounds of each tree.
    min_samples_split, min_samples_leaf : int or float
        Fewest rows of a node that is cut, and of a leaf; a float is a share of all rows.
    min_weight_fraction_leaf : float
        Least share of the weight in a leaf.
    max_features : "sqrt", "log2", int, float or None
        How many features are drawn for each cut.
    min_impurity_decrease : float
        What a cut must lower the impurity by.
    bootstrap : bool
        Whether each tree draws rows with replacement: each row as often as a Poisson number of its position says.
    oob_score : bool or callable
        Whether to score every row by the trees that have not drawn it.
    n_jobs : int, optional
        Workers at most; None and -1: all.
    random_state : int, RandomState or None
        Seed. The same seed gives the same trees, however rows are cut into blocks and whatever runs the tasks.
    verbose : int
        Taken for scikit-learn's sake.
    warm_start : bool
        Whether another ``fit`` adds trees to those there are.
    {class_weight}ccp_alpha, monotonic_cst
        Only 0 and None.
    max_samples : int or float, optional
        How many rows a tree draws, or their share.

    Attributes
    ----------
    {attributes}feature_importances_ : ndarray
        Of each feature, 1 together.
    forest_ : dict of ndarray
        The trees, node by node.
    oob_score_ : float
        With ``oob_score``.
"""
_OF_CLASSES = {
    "criteria": '"gini", "entropy" or "log_loss".',
    "class_weight": 'class_weight : dict, "balanced", "balanced_subsample" or None\n        Weights of the classes.\n    ',
    "attributes": "classes_ : ndarray\n        The labels, sorted.\n    ",
}
_OF_NUMBERS = {"criteria": '"squared_error".', "class_weight": "", "attributes": ""}


class RandomForestClassifier(_ForestClassifier):
    __doc__ = f"""Trees on samples of rows, with the best cut of a few drawn features in every node, which vote on a class.

    Data may be larger than memory: features are cut into 256 bins, and a tree's rows are gathered in bins.
    {_PARAMETERS.format(**_OF_CLASSES)}
    Examples
    --------
    >>> from plait.ml.ensemble import RandomForestClassifier
    >>> X = da.arange(100, chunks=30).reshape(100, 1)
    >>> RandomForestClassifier(10, random_state=0).fit(X, X[:, 0] > 50).predict([[20], [80]])
    array([False,  True])
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.monotonic_cst = monotonic_cst


class ExtraTreesClassifier(RandomForestClassifier):
    __doc__ = f"""Trees on all rows, with a random cut of each of a few drawn features in every node, which vote on a class.
    {_PARAMETERS.format(**_OF_CLASSES)}"""

    _random_cuts = True

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        super().__init__(**given)


class RandomForestRegressor(_ForestRegressor):
    __doc__ = f"""Trees on samples of rows, with the best cut of the drawn features in every node, whose means are averaged.
    {_PARAMETERS.format(**_OF_NUMBERS)}
    Examples
    --------
    >>> from plait.ml.ensemble import RandomForestRegressor
    >>> X = da.arange(100, chunks=30).reshape(100, 1)
    >>> RandomForestRegressor(10, random_state=0).fit(X, X[:, 0] > 50).predict([[20], [80]])
    array([0., 1.])
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.monotonic_cst = monotonic_cst


class ExtraTreesRegressor(RandomForestRegressor):
    __doc__ = f"""Trees on all rows, with a random cut of each drawn feature in every node, whose means are averaged.
    {_PARAMETERS.format(**_OF_NUMBERS)}"""

    _random_cuts = True

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        super().__init__(**given)


__all__ = ["ExtraTreesClassifier", "ExtraTreesRegressor", "RandomForestClassifier", "RandomForestRegressor"]
