"""Naive Bayes, with the names of ``dask_ml.naive_bayes``."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.naive_bayes
from scipy.special import logsumexp

from .. import _plait
from ..array import Array
from ._inputs import features, finite, is_lazy, kept, precision
from ._labels import class_labels
from ._on_blocks import on_blocks
from ._running import run
from ._weights import row_weights

__all__ = ["GaussianNB", "logsumexp"]


def _finite_weights(weights: Array | None) -> Array | None:
    return None if weights is None else finite(weights, name="sample_weight")


class GaussianNB(sklearn.naive_bayes.GaussianNB):
    """Classes whose features are normally distributed, each by itself. Parameters and attributes are scikit-learn's.

    Examples
    --------
    >>> from plait.ml.naive_bayes import GaussianNB
    >>> x = da.arange(10, chunks=3).reshape(10, 1)
    >>> GaussianNB().fit(x, x[:, 0] > 4).predict(x).sum().compute()
    np.int64(5)
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> GaussianNB:
        """Learn the mean and the variance of each feature in each class. Lazy rows are made once, and gone through once a class."""
        if not is_lazy(X):
            return super().fit(X, y, sample_weight)
        rows = features(self, X, reset=True)
        labels, self.classes_ = class_labels(self, y, least=1)
        codes = labels.codes_like(rows, self.classes_)
        rows, codes, weights = kept(finite(rows), codes, _finite_weights(row_weights(rows, sample_weight)))
        if weights is not None and not bool((weights > 0).any().compute()):
            raise ValueError("Sample weights must contain at least one non-zero number: all rows weigh nothing.")
        everywhere = self._moments(rows, None)
        of_classes = [self._moments(rows, self._in_class(codes, number, weights)) for number in range(len(self.classes_))]
        self.epsilon_ = self.var_smoothing * everywhere[2].max()
        self.class_count_ = np.array([count[0] for count, *_ in of_classes])
        # Of a class whose rows weigh nothing, zeros.
        self.theta_ = np.stack([np.where(count > 0, mean, 0.0) for count, mean, *_ in of_classes])
        self.var_ = np.stack([np.where(count > 0, variance, 0.0) for count, _, variance, *_ in of_classes]) + self.epsilon_
        self.class_prior_ = self._prior()
        for name in ("epsilon_", "class_count_", "theta_", "var_", "class_prior_"):
            setattr(self, name, getattr(self, name).astype(precision(rows), copy=False))
        return self

    def _prior(self) -> np.ndarray:
        if self.priors is None:
            return self.class_count_ / self.class_count_.sum()
        priors = np.asarray(self.priors, dtype=float)
        if len(priors) != len(self.classes_):
            raise ValueError("Number of priors must match number of classes.")
        if not np.isclose(priors.sum(), 1.0):
            raise ValueError("The sum of the priors should be 1.")
        if (priors < 0).any():
            raise ValueError("Priors must be non-negative.")
        return priors

    @staticmethod
    def _moments(rows: Array, weights: Array | None) -> tuple:
        return run(_plait.ml.column_moments, rows._array, None if weights is None else weights._array)

    @staticmethod
    def _in_class(codes: Array, number: int, weights: Array | None) -> Array:
        own = (codes == number).astype(np.float64)
        return own if weights is None else own * weights

    def predict(self, X: Any) -> Any:
        """The likeliest class of each row."""
        return super().predict(X) if not is_lazy(X) else on_blocks(self, "predict", X)

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class."""
        return super().predict_proba(X) if not is_lazy(X) else on_blocks(self, "predict_proba", X)

    def predict_log_proba(self, X: Any) -> Any:
        """Its logarithm."""
        return super().predict_log_proba(X) if not is_lazy(X) else on_blocks(self, "predict_log_proba", X)

    def predict_joint_log_proba(self, X: Any) -> Any:
        """The logarithm of the probability of each class together with the row."""
        return super().predict_joint_log_proba(X) if not is_lazy(X) else on_blocks(self, "predict_joint_log_proba", X)
