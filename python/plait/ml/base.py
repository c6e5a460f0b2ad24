"""What estimators have in common beyond scikit-learn's base classes, with the names of ``dask_ml.base``."""

from __future__ import annotations

from typing import Any

import sklearn.base

from .metrics import accuracy_score, r2_score


class DaskMLBaseMixin:
    """Marks an estimator that takes lazy data."""


class ClassifierMixin(DaskMLBaseMixin, sklearn.base.ClassifierMixin):
    """A classifier whose score is found where the data is."""

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of rows whose label is predicted."""
        return accuracy_score(y, self.predict(X), sample_weight=sample_weight)  # type: ignore[attr-defined]


class RegressorMixin(DaskMLBaseMixin, sklearn.base.RegressorMixin):
    """A regressor whose score is found where the data is."""

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of the variance of ``y`` that is predicted: R²."""
        return r2_score(y, self.predict(X), sample_weight=sample_weight)  # type: ignore[attr-defined]
