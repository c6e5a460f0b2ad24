"""The scaler that most programs begin with: lazy arrays are scaled by the engine's own arithmetic, in the pass that uses them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import preprocessing as theirs
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...array import Array
from ...dataframe import DataFrame
from .._inputs import features, finite, precision, require_rows, targets
from .._on_blocks import InParts
from .._running import run
from .._sparse import SparseArray
from ..model_selection._folds import counted
from ._learned import refuse_infinity


class StandardScaler(InParts, theirs.StandardScaler):
    """Columns less their means, divided by their standard deviations. Missing values are left out, and stay missing.

    Parameters
    ----------
    copy : bool
        Whether arrays in memory are left as they are; lazy ones always are.
    with_mean, with_std : bool
        Whether to do either.

    Attributes
    ----------
    mean_, var_, scale_ : ndarray of shape (n_features,)
    n_samples_seen_ : int or ndarray of shape (n_features,)
        Numbers of values, one for each column where they differ.

    Examples
    --------
    >>> from plait.ml.preprocessing import StandardScaler
    >>> StandardScaler().fit_transform(da.arange(3, chunks=2).reshape(3, 1)).compute().ravel()
    array([-1.22474487,  0.        ,  1.22474487])
    """

    with_mean: bool
    with_std: bool

    def _fit_lazy(self, X: Any, sample_weight: Any = None) -> None:
        rows = features(self, X, reset=True, ensure_all_finite="allow-nan")
        weights = None if sample_weight is None else targets(sample_weight, rows, name="sample_weight")._array
        count, mean, variance, lowest, highest = run(_plait.ml.column_moments, rows._array, weights)
        refuse_infinity(lowest, highest)
        if not count.any():
            require_rows(self, counted(rows))
        if weights is not None and not count.any():
            raise ValueError("the sample weights are all zero: no row is left to learn from")
        self.mean_ = mean if self.with_mean or self.with_std else None
        self.var_ = variance if self.with_std else None
        self.scale_ = _without_zeros(np.sqrt(variance), mean) if self.with_std else None
        self.n_samples_seen_ = count[0] if len(set(count)) == 1 else count

    def fit_transform(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Learn from rows and transform them; the fit has found lazy ones to be without infinity."""
        if not isinstance(X, Array) or isinstance(X, SparseArray):
            return super().fit_transform(X, y, **kwargs)
        self.fit(X, y, **kwargs)
        return self._scaled(features(self, X, reset=False))

    def _transform_lazy(self, X: Any) -> Any:
        if isinstance(X, (DataFrame, SparseArray)):
            return super()._transform_lazy(X)
        check_is_fitted(self, "n_samples_seen_")
        return self._scaled(self._checked(X))

    def _checked(self, X: Any) -> Array:
        return finite(features(self, X, reset=False), allows_missing=True)

    def _scaled(self, rows: Array) -> Array:
        made = rows - self.mean_ if self.with_mean else rows
        made = made / self.scale_ if self.with_std else made
        return made.astype(precision(rows))

    def _inverse_lazy(self, X: Any) -> Any:
        if isinstance(X, (DataFrame, SparseArray)):
            return super()._inverse_lazy(X)
        check_is_fitted(self, "n_samples_seen_")
        rows = self._checked(X)
        made = rows * self.scale_ if self.with_std else rows
        made = made + self.mean_ if self.with_mean else made
        return made.astype(precision(rows))


def _without_zeros(scale: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Scales to divide by: 1 for a column that is constant, up to what rounding makes of its mean."""
    is_constant = scale <= 10 * np.finfo(scale.dtype).eps * np.abs(mean)
    return np.where(is_constant, 1.0, scale)
