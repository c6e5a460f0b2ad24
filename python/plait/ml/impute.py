"""Missing values, with the names of ``dask_ml.impute``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import sklearn.impute

from ..array import Array, isnan, unique
from ..base import compute
from ..dataframe import DataFrame
from ._inputs import features
from ._on_blocks import OnBlocks
from .preprocessing._learned import column_percentiles, counted_moments

__all__ = ["SimpleImputer"]


class SimpleImputer(OnBlocks, sklearn.impute.SimpleImputer):
    """Missing values replaced by the mean, the median, the most frequent value or a constant of their column.

    Parameters and attributes are scikit-learn's. Medians of lazy data are exact.

    Examples
    --------
    >>> from plait.ml.impute import SimpleImputer
    >>> SimpleImputer().fit_transform(da.array([[1.0], [np.nan], [3.0]])).compute().ravel()
    array([1., 2., 3.])
    """

    def _fit_lazy(self, X: Any) -> None:
        if self.strategy not in ("mean", "median", "most_frequent", "constant"):
            raise ValueError(f"strategy is {self.strategy!r}, expected 'mean', 'median', 'most_frequent' or 'constant'")
        if isinstance(X, DataFrame) and not all(pd.api.types.is_numeric_dtype(kind) for kind in X._meta.dtypes):
            self._fit_frame(X)
            return
        rows = features(self, X, reset=True, ensure_all_finite="allow-nan")
        if not (isinstance(self.missing_values, float) and np.isnan(self.missing_values)):
            raise NotImplementedError(f"SimpleImputer: missing_values={self.missing_values!r} takes data in memory; lazy data has NaN where a value is missing")
        total, (count, mean, _, _, _) = counted_moments(rows)
        if self.strategy == "mean":
            statistics = mean
        elif self.strategy == "median":
            statistics = column_percentiles(rows, [50])[0]
        elif self.strategy == "most_frequent":
            statistics = _most_frequent(rows)
        else:
            statistics = np.where(count == 0, np.nan, 0.0)
        # A column that misses values misses one in the second row, so that indicators are the same.
        second = np.where(count < total, np.nan, statistics)
        names = list(X.columns) if isinstance(X, DataFrame) else X.column_names
        told = np.stack([statistics, second])
        super().fit(told if names is None else pd.DataFrame(told, columns=list(names)))

    def _fit_frame(self, X: DataFrame) -> None:
        if self.strategy in ("mean", "median"):
            bad = [name for name, kind in X._meta.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
            raise ValueError(f"Cannot use {self.strategy} strategy with non-numeric data: column {bad[0]!r} is {X._meta.dtypes[bad[0]]}")
        counted = compute(*(X[name].value_counts(dropna=True) for name in X.columns))
        missing = compute(*(X[name].isna().any() for name in X.columns))
        column = {}
        for name, counts, misses in zip(X.columns, counted, missing):
            best = min(counts.index[counts.to_numpy() == counts.max()]) if len(counts) else np.nan
            column[name] = pd.Series([best, None if misses else best], dtype=X._meta.dtypes[name])
        super().fit(pd.DataFrame(column))


def _most_frequent(rows: Array) -> np.ndarray:
    columns = [rows[:, j] for j in range(rows.shape[1])]
    if rows.dtype.kind == "f":
        columns = [each[~isnan(each)] for each in columns]
    found = compute(*(part for each in columns for part in unique(each, return_counts=True)))
    return np.array([value[np.argmax(count)] if len(value) else np.nan for value, count in zip(found[::2], found[1::2])], dtype=float)
