"""Missing values, with the names of ``dask_ml.impute``."""

from __future__ import annotations

import numbers
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import sklearn.impute

from ..array import Array, isnan, unique, where
from ..array._objects import ObjectArray
from ..base import compute
from ..dataframe import DataFrame
from ..delayed import delayed
from ._inputs import features, finite, precision, require_rows
from ._on_blocks import OnBlocks
from .preprocessing._learned import column_percentiles, counted_moments, refuse_infinity

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
        elif isinstance(X, ObjectArray) and self.strategy in ("most_frequent", "constant"):
            self._fit_objects(X)
        else:
            self._fit_numbers(X)

    def _fit_numbers(self, X: Any) -> None:
        given = rows = features(self, X, reset=True, ensure_all_finite="allow-nan")
        if not isinstance(self.missing_values, numbers.Real):
            raise NotImplementedError(
                f"SimpleImputer: missing_values={self.missing_values!r} takes data in memory; lazy numbers have NaN, or a number, where a value is missing"
            )
        mark = float(self.missing_values)
        if not np.isnan(mark):
            rows = finite(rows)
            rows = where(rows == mark, np.nan, rows)
        require_rows(self, rows)
        total, (count, mean, _, lowest, highest) = counted_moments(rows)
        refuse_infinity(lowest, highest)
        if self.strategy == "mean":
            statistics: Any = mean
        elif self.strategy == "median":
            statistics = column_percentiles(rows, [50])[0]
        elif self.strategy == "most_frequent":
            statistics = _most_frequent(rows)
        else:
            statistics = np.where(count == 0, np.nan, 0.0 if mark != 0 else 1.0)
        # A column that misses values misses one in the second row, so that indicators are the same.
        told: Any = np.stack([statistics, np.where(count < total, np.nan, statistics)])
        told = np.where(np.isnan(told), mark, told)
        # Means and medians of whole numbers are real ones, all else stays as it is.
        is_whole = given.dtype.kind in "iu" and self.strategy in ("most_frequent", "constant")
        self._fit_told(told.astype(given.dtype if is_whole else precision(given)), X)

    def _fit_told(self, told: np.ndarray, X: Any) -> None:
        names = X.columns if isinstance(X, DataFrame) else X.column_names
        super().fit(told if names is None else pd.DataFrame(told, columns=list(names)))

    def _fit_objects(self, X: ObjectArray) -> None:
        """Of Python objects, every column's values are counted."""
        if X.ndim != 2:
            raise ValueError(f"Expected 2D array, got {X.ndim}D array instead")
        parts = X.rechunk({1: -1}).to_delayed().ravel()
        counted = compute(*(delayed(_counts_of_columns)(part, self.missing_values) for part in parts))
        told = np.empty((2, X.shape[1]), dtype=object)
        for column in range(X.shape[1]):
            counts: Counter = sum((each[column][0] for each in counted), Counter())
            misses = any(each[column][1] for each in counted)
            most = max(counts.values(), default=0)
            best = min((value for value, count in counts.items() if count == most), default=self.missing_values)
            told[:, column] = best, self.missing_values if misses else best
        self._fit_told(told, X)

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


def _counts_of_columns(block: np.ndarray, missing: Any) -> list[tuple[Counter, bool]]:
    """How often each value is in each column, and whether the column misses values."""
    found = []
    for column in block.T:
        is_missing = column != column if isinstance(missing, float) and np.isnan(missing) else pd.isna(column) if missing is pd.NA else column == missing
        found.append((Counter(column[~is_missing].tolist()), bool(is_missing.any())))
    return found


def _most_frequent(rows: Array) -> np.ndarray:
    columns = [rows[:, j] for j in range(rows.shape[1])]
    if rows.dtype.kind == "f":
        columns = [each[~isnan(each)] for each in columns]
    found = compute(*(part for each in columns for part in unique(each, return_counts=True)))
    return np.array([value[np.argmax(count)] if len(value) else np.nan for value, count in zip(found[::2], found[1::2])], dtype=float)
