"""XGBoost's models with scikit-learn's interface, which take lazy rows, too."""

from __future__ import annotations

from typing import Any

import numpy as np
import xgboost

from .._inputs import is_lazy
from ._training import DaskDMatrix, predict, train


class _LazyRows:
    """What the models add to XGBoost's own."""

    def _train(self, X: Any, y: Any, sample_weight: Any, params: dict) -> None:
        params = {**self.get_xgb_params(), **params}  # type: ignore[attr-defined]
        options = {} if self.max_bin is None else {"max_bin": self.max_bin}  # type: ignore[attr-defined]
        matrix = DaskDMatrix(None, X, y, weight=sample_weight, missing=self.missing, **options)  # type: ignore[attr-defined]
        booster = train(None, params, matrix, num_boost_round=self.get_num_boosting_rounds())["booster"]  # type: ignore[attr-defined]
        self.load_model(booster.save_raw("ubj"))  # type: ignore[attr-defined]

    def _said(self, X: Any, **kwargs: Any) -> Any:
        return predict(None, self.get_booster(), X, **kwargs)  # type: ignore[attr-defined]


class XGBRegressor(_LazyRows, xgboost.XGBRegressor):
    """XGBoost's regressor: rows may be lazy, and are then handed over block by block. Parameters are XGBoost's."""

    def fit(self, X: Any, y: Any, *, sample_weight: Any = None, **kwargs: Any) -> XGBRegressor:
        """Train; ``kwargs`` are XGBoost's, for rows in memory."""
        if not is_lazy(X):
            return super().fit(X, y, sample_weight=sample_weight, **kwargs)
        _refuse(kwargs)
        self._train(X, y, sample_weight, {"objective": self.objective or "reg:squarederror"})
        return self

    def predict(self, X: Any, **kwargs: Any) -> Any:
        """The prediction of each row; lazy where ``X`` is."""
        return self._said(X) if is_lazy(X) else super().predict(X, **kwargs)


class XGBClassifier(_LazyRows, xgboost.XGBClassifier):
    """XGBoost's classifier: rows may be lazy, and are then handed over block by block. Parameters are XGBoost's; labels are 0, 1, ..."""

    def fit(self, X: Any, y: Any, *, sample_weight: Any = None, classes: Any = None, **kwargs: Any) -> XGBClassifier:
        """Train; ``classes`` are the labels, if they are known, ``kwargs`` XGBoost's, for rows in memory."""
        if not is_lazy(X):
            return super().fit(X, y, sample_weight=sample_weight, **kwargs)
        _refuse(kwargs)
        labels = np.unique(y.compute() if is_lazy(y) else y) if classes is None else np.asarray(classes)
        if not np.array_equal(labels, np.arange(len(labels))):
            raise ValueError(f"Invalid classes inferred from unique values of `y`. Expected: {np.arange(len(labels))}, got {labels}; encode them with LabelEncoder")
        params: dict = {"objective": "binary:logistic"} if len(labels) <= 2 else {"objective": "multi:softprob", "num_class": len(labels)}
        self._train(X, y, sample_weight, params)
        return self

    def predict(self, X: Any, **kwargs: Any) -> Any:
        """The label of each row; lazy where ``X`` is."""
        if not is_lazy(X):
            return super().predict(X, **kwargs)
        said = self._said(X)
        return said.argmax(axis=1) if said.ndim == 2 else (said > 0.5).astype(np.int64)

    def predict_proba(self, X: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """The probability of each label; lazy where ``X`` is."""
        if not is_lazy(X):
            return super().predict_proba(X, **kwargs)
        said = self._said(X)
        return said if said.ndim == 2 else said.map_blocks(_both, dtype=np.float32, new_axis=1, chunks=(said.chunks[0], (2,)))


def _both(said: np.ndarray) -> np.ndarray:
    return np.stack([1 - said, said], axis=1)


def _refuse(kwargs: dict) -> None:
    if kwargs:
        raise TypeError(f"fit: {', '.join(kwargs)} are for rows in memory; with lazy rows use plait.ml.xgboost.train, which takes evals and callbacks")
