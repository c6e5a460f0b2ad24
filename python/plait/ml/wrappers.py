"""Estimators of scikit-learn on lazy data, with the names of ``dask_ml.wrappers``."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..base import compute
from ._block_fits import fit_blocks, row_blocks
from ._inputs import is_lazy
from ._on_blocks import on_blocks
from .metrics.scorer import check_scoring

__all__ = ["Incremental", "ParallelPostFit"]


def _has(method: str) -> Any:
    def check(self: Any) -> bool:
        getattr(self._own, method)
        return True

    return check


class ParallelPostFit(MetaEstimatorMixin, BaseEstimator):
    """An estimator that is fitted in memory, and predicts and transforms lazy data block by block.

    Parameters
    ----------
    estimator : estimator
        Fitted already, or to be fitted by ``fit``.
    scoring : str or callable, optional
        The scorer of ``score``; default is the estimator's own.
    predict_meta, predict_proba_meta, transform_meta : array_like, optional
        Something of the type and the columns of a result; default is found by one row of ones.

    Examples
    --------
    >>> import sklearn.linear_model
    >>> from plait.ml.wrappers import ParallelPostFit
    >>> model = ParallelPostFit(sklearn.linear_model.LinearRegression()).fit([[0], [1]], [0, 2])
    >>> model.predict(da.array([[2.0], [3.0]])).compute()
    array([4., 6.])
    """

    def __init__(self, estimator: Any = None, scoring: Any = None, predict_meta: Any = None, predict_proba_meta: Any = None, transform_meta: Any = None):
        self.estimator = estimator
        self.scoring = scoring
        self.predict_meta = predict_meta
        self.predict_proba_meta = predict_proba_meta
        self.transform_meta = transform_meta

    @property
    def _own(self) -> Any:
        """The fitted estimator, or the one that was given."""
        return self.__dict__.get("estimator_", self.estimator)

    def __getattr__(self, name: str) -> Any:
        # What the estimator has learnt.
        if name.endswith("_") and not name.startswith("_") and name != "estimator_" and "estimator" in self.__dict__:
            return getattr(self._own, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def fit(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Fit a copy of the estimator to data in memory; lazy data is computed."""
        X, y = compute(X, y)
        self.estimator_ = clone(self.estimator).fit(X, *(() if y is None else (y,)), **kwargs)
        return self

    @available_if(_has("partial_fit"))
    def partial_fit(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Fit the estimator to some rows more."""
        X, y = compute(X, y)
        self.estimator_ = self._own.partial_fit(X, *(() if y is None else (y,)), **kwargs)
        return self

    def _on(self, X: Any, method: str, like: Any = None) -> Any:
        check_is_fitted(self._own)
        return on_blocks(self._own, method, X, like) if is_lazy(X) else getattr(self._own, method)(X)

    @available_if(_has("predict"))
    def predict(self, X: Any) -> Any:
        """What the estimator predicts."""
        return self._on(X, "predict", self.predict_meta)

    @available_if(_has("predict_proba"))
    def predict_proba(self, X: Any) -> Any:
        """The probability of each class."""
        return self._on(X, "predict_proba", self.predict_proba_meta)

    @available_if(_has("predict_log_proba"))
    def predict_log_proba(self, X: Any) -> Any:
        """Its logarithm."""
        return np.log(self.predict_proba(X))

    @available_if(_has("decision_function"))
    def decision_function(self, X: Any) -> Any:
        """How far each row is on the side of a class."""
        return self._on(X, "decision_function")

    @available_if(_has("transform"))
    def transform(self, X: Any) -> Any:
        """The transformed rows."""
        return self._on(X, "transform", self.transform_meta)

    @available_if(_has("score"))
    def score(self, X: Any, y: Any, compute: bool = True) -> Any:
        """The score of the predictions, by ``scoring``."""
        if self.scoring is not None:
            return check_scoring(self, self.scoring)(self, X, y)
        kind = self._own.__sklearn_tags__().estimator_type
        if kind in ("classifier", "regressor") and is_lazy(X):
            return check_scoring(self, "accuracy" if kind == "classifier" else "r2")(self, X, y)
        return self._own.score(X, y)

    def __sklearn_is_fitted__(self) -> bool:
        try:
            check_is_fitted(self._own)
        except Exception:
            return False
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        own = self.estimator.__sklearn_tags__()
        tags.estimator_type, tags.classifier_tags, tags.regressor_tags = own.estimator_type, own.classifier_tags, own.regressor_tags
        tags.target_tags, tags.input_tags, tags.transformer_tags = own.target_tags, own.input_tags, own.transformer_tags
        return tags


class Incremental(ParallelPostFit):
    """An estimator with ``partial_fit`` that learns from one block of rows after the other.

    Parameters
    ----------
    estimator : estimator
    scoring : str or callable, optional
    shuffle_blocks : bool
        Whether blocks are taken in a random order.
    random_state : int, RandomState or None
    assume_equal_chunks : bool
        Taken for dask-ml's sake.
    predict_meta, predict_proba_meta, transform_meta : optional
        As of `ParallelPostFit`.

    Examples
    --------
    >>> import sklearn.naive_bayes
    >>> from plait.ml.wrappers import Incremental
    >>> x = da.arange(10, chunks=3).reshape(10, 1)
    >>> Incremental(sklearn.naive_bayes.GaussianNB()).fit(x, x[:, 0] > 4).score(x, x[:, 0] > 4)
    1.0
    """

    def __init__(
        self,
        estimator: Any = None,
        scoring: Any = None,
        shuffle_blocks: bool = True,
        random_state: Any = None,
        assume_equal_chunks: bool = True,
        predict_meta: Any = None,
        predict_proba_meta: Any = None,
        transform_meta: Any = None,
    ):
        super().__init__(estimator, scoring, predict_meta, predict_proba_meta, transform_meta)
        self.shuffle_blocks = shuffle_blocks
        self.random_state = random_state
        self.assume_equal_chunks = assume_equal_chunks

    def fit(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Fit a copy of the estimator, block by block."""
        return self._learn(clone(self.estimator), X, y, kwargs)

    def partial_fit(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Go through these blocks, too."""
        own = self._own if hasattr(self, "estimator_") else clone(self.estimator)
        return self._learn(own, X, y, kwargs)

    def _learn(self, own: Any, X: Any, y: Any, kwargs: dict) -> Any:
        if is_lazy(X):
            order = np.arange(len(row_blocks(X)))
            if self.shuffle_blocks:
                np.random.default_rng(self.random_state if isinstance(self.random_state, (int, np.integer)) else None).shuffle(order)
            self.estimator_ = fit_blocks(own, X, y, order=order, **kwargs)
            return self
        if y is not None and own.__sklearn_tags__().estimator_type == "classifier" and not hasattr(own, "classes_"):
            kwargs.setdefault("classes", np.unique(y))
        self.estimator_ = own.partial_fit(X, *(() if y is None else (y,)), **kwargs)
        return self
