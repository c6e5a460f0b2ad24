"""Votes of models, each of which has learnt one block of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from ...array import Array
from ...base import compute
from ...delayed import delayed
from .._inputs import features, is_lazy, like_rows, targets
from .._labels import Labels, classes_of, named
from .._transforming import computed
from .._weights import row_weights
from ..model_selection._folds import counted
from ..base import ClassifierMixin, RegressorMixin


def _fitted(model: Any, X: np.ndarray, y: np.ndarray, classes: np.ndarray | None, weights: np.ndarray | None, kwargs: dict) -> Any:
    if len(X) == 0:
        return None
    more = kwargs if weights is None else kwargs | {"sample_weight": weights}
    return clone(model).fit(X, y if classes is None else classes[y], **more)


class _BlockwiseVoting(BaseEstimator):
    def _fit(self, rows: Array, y: Array, classes: np.ndarray | None, sample_weight: Any = None, **kwargs: Any) -> None:
        """A model of each block of ``rows``. ``y``: cut as they are; numbers among ``classes`` where there are some."""
        weights = row_weights(rows, sample_weight)
        parts = [list(each.to_delayed().ravel()) for each in (rows, y, *(() if weights is None else (weights,)))]
        learnt = [
            delayed(_fitted, pure=False)(self.estimator, block, labels, classes, *(of_block or (None,)), kwargs)  # type: ignore[attr-defined]
            for block, labels, *of_block in zip(*parts, strict=True)
        ]
        self.estimators_ = [model for model in compute(learnt)[0] if model is not None]
        if not self.estimators_:
            raise ValueError(f"{type(self).__name__}: every block of X is empty; a model needs rows to learn from")

    def _of_blocks(self, X: Any, function: Any, dtype: Any, columns: int | None = None) -> Any:
        """A function of the models and of a block of rows, for every block."""
        check_is_fitted(self, "estimators_")
        rows = features(self, X, reset=False)
        shape: dict = {"drop_axis": 1} if columns is None else {"chunks": (rows.chunks[0], (columns,))}
        made = rows.map_blocks(function, self.estimators_, dtype=dtype, **shape)
        return made if is_lazy(X) else computed(made)


def _mean(X: np.ndarray, models: list) -> np.ndarray:
    return np.asarray(np.mean([model.predict(X) for model in models], axis=0, dtype=np.float64)) if len(X) else np.empty(0)


class BlockwiseVotingRegressor(RegressorMixin, _BlockwiseVoting):
    """The mean of models, each of which has learnt one block of rows.

    Parameters
    ----------
    estimator : estimator
        Fitted anew on each block.

    Attributes
    ----------
    estimators_ : list
        The models.
    """

    def __init__(self, estimator: Any):
        self.estimator = estimator

    def fit(self, X: Any, y: Any, **kwargs: Any) -> BlockwiseVotingRegressor:
        """Fit a model on each block of rows; ``kwargs`` go to the models' ``fit``, of ``sample_weight`` the block's."""
        rows = counted(features(self, X, reset=True))
        self._fit(rows, targets(y, rows), None, **kwargs)
        return self

    def predict(self, X: Any) -> Any:
        """The mean of the models' predictions; lazy where ``X`` is."""
        return self._of_blocks(X, _mean, np.float64)


class BlockwiseVotingClassifier(ClassifierMixin, _BlockwiseVoting):
    """The vote of models, each of which has learnt one block of rows.

    Parameters
    ----------
    estimator : estimator
        Fitted anew on each block.
    voting : "hard" or "soft"
        The class that most models predict, or that of the largest mean probability.
    classes : sequence, optional
        All labels. Without it they are found, and every block may have some of them only.

    Attributes
    ----------
    estimators_ : list
        The models.
    classes_ : ndarray
        The labels, sorted.
    """

    def __init__(self, estimator: Any, voting: str = "hard", classes: Any = None):
        self.estimator = estimator
        self.voting = voting
        self.classes = classes

    def fit(self, X: Any, y: Any, **kwargs: Any) -> BlockwiseVotingClassifier:
        """Fit a model on each block of rows; ``kwargs`` go to the models' ``fit``, of ``sample_weight`` the block's."""
        if self.voting not in ("hard", "soft"):
            raise ValueError(f"voting={self.voting!r}: expected 'hard' or 'soft'")
        rows = counted(features(self, X, reset=True))
        labels = Labels(y, warn=True)
        self.classes_ = classes_of(labels) if self.classes is None else np.unique(np.asarray(self.classes))
        codes = like_rows(labels.codes(self.classes_, is_known=self.classes is None), rows)
        self._fit(rows, codes, self.classes_, **kwargs)
        return self

    def predict(self, X: Any) -> Any:
        """The class that is voted for; lazy where ``X`` is."""
        check_is_fitted(self, "estimators_")
        places = self._of_blocks(X, _Voted(self.classes_, self.voting == "soft"), np.int64)
        return named(places, self.classes_) if is_lazy(X) else self.classes_[places]

    def predict_proba(self, X: Any) -> Any:
        """The mean of the models' probabilities, for ``voting="soft"``; lazy where ``X`` is."""
        if self.voting == "hard":
            raise AttributeError("predict_proba is not available when voting='hard'")
        check_is_fitted(self, "estimators_")
        return self._of_blocks(X, _Shares(self.classes_), np.float64, len(self.classes_))


class _Shares:
    """Mean probabilities of all classes; a model gives 0 to those that it has not seen."""

    def __init__(self, classes: np.ndarray):
        self.classes = classes

    def __call__(self, X: np.ndarray, models: list) -> np.ndarray:
        total = np.zeros((len(X), len(self.classes)))
        for model in models if len(X) else ():
            total[:, np.searchsorted(self.classes, model.classes_)] += model.predict_proba(X)
        return total / len(models)


class _Voted:
    """The number of the class that is voted for."""

    def __init__(self, classes: np.ndarray, is_soft: bool):
        self.classes, self.is_soft = classes, is_soft

    def __call__(self, X: np.ndarray, models: list) -> np.ndarray:
        if self.is_soft:
            return _Shares(self.classes)(X, models).argmax(axis=1)
        votes = np.zeros((len(X), len(self.classes)), dtype=np.int64)
        for model in models if len(X) else ():
            votes[np.arange(len(X)), np.searchsorted(self.classes, model.predict(X))] += 1
        return votes.argmax(axis=1)
