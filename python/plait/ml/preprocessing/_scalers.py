"""Scalers: each column by what one pass has found of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...dataframe import DataFrame
from .._inputs import features, targets
from .._on_blocks import on_blocks
from .._running import run
from .._transforming import Transformer


def without_zeros(scale: np.ndarray) -> np.ndarray:
    """Scales to divide by: 1 for a column that is constant."""
    return np.where(scale == 0, 1.0, scale)


class StandardScaler(OneToOneFeatureMixin, Transformer):
    """Columns less their means, divided by their standard deviations. Missing values are left out, and stay missing.

    Parameters
    ----------
    copy : bool
        Taken for scikit-learn's sake: what is given is never changed.
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

    def __init__(self, *, copy: bool = True, with_mean: bool = True, with_std: bool = True):
        self.copy = copy
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> StandardScaler:
        """Learn means and variances, in one pass."""
        rows = features(self, X, reset=True, ensure_all_finite="allow-nan")
        weights = None if sample_weight is None else targets(sample_weight, rows, name="sample_weight")._array
        count, mean, variance, _, _ = run(_plait.ml.column_moments, rows._array, weights)
        if weights is not None and not count.any():
            raise ValueError("the sample weights are all zero: no row is left to learn from")
        self.mean_, self.var_ = (mean if self.with_mean or self.with_std else None), (variance if self.with_std else None)
        self.scale_ = without_zeros(np.sqrt(variance)) if self.with_std else None
        self.n_samples_seen_ = count[0] if len(set(count)) == 1 else count
        return self

    def transform(self, X: Any, copy: Any = None) -> Any:
        """The scaled columns."""
        check_is_fitted(self, "n_samples_seen_")
        rows = features(self, X, reset=False, ensure_all_finite="allow-nan")
        if isinstance(X, DataFrame):
            return on_blocks(self, "transform", X)
        if self.with_mean:
            rows = rows - self.mean_
        if self.with_std:
            rows = rows / self.scale_
        return self._given_back(X, rows)

    def inverse_transform(self, X: Any, copy: Any = None) -> Any:
        """What :meth:`transform` has scaled as it was."""
        check_is_fitted(self, "n_samples_seen_")
        rows = features(self, X, reset=False, ensure_all_finite="allow-nan")
        if isinstance(X, DataFrame):
            return on_blocks(self, "inverse_transform", X)
        if self.with_std:
            rows = rows * self.scale_
        if self.with_mean:
            rows = rows + self.mean_
        return self._given_back(X, rows)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
