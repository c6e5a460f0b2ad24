"""scikit-learn's transformers, learnt from lazy data in one or two passes.

What a transformer needs to know of the columns is found by the engine, and told to scikit-learn's own class as a few rows that
say the same; so attributes, transformations, names of columns and errors are scikit-learn's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from sklearn import preprocessing as theirs

from ... import _plait
from ...array import Array, concatenate, nanpercentile, ones_like
from ...dataframe import DataFrame
from .._inputs import features, finite, precision, require_rows
from .._on_blocks import InParts, OnBlocks
from .._running import run


def column_moments(rows: Array) -> tuple:
    """Count, mean, variance, minimum and maximum of each column, without missing values."""
    return run(_plait.ml.column_moments, rows._array, None)


def counted_moments(rows: Array) -> tuple[int, tuple]:
    """The number of rows, and the moments of the columns: one pass for both."""
    if not np.isnan(rows.shape[0]):
        return int(rows.shape[0]), column_moments(rows)
    marked = concatenate([rows, ones_like(rows[:, :1])], axis=1, allow_unknown_chunksizes=True).rechunk({1: -1})
    found = column_moments(marked)
    return int(found[0][-1]), tuple(each[:-1] for each in found)


def known_moments(estimator: Any, rows: Array) -> tuple[int, tuple]:
    """The same of rows that a scaler may learn from. Raises ValueError where there are none, or where a column holds infinity."""
    count, moments = counted_moments(rows)
    if count == 0:
        require_rows(estimator, rows[:0])
    refuse_infinity(moments[3], moments[4])
    return count, moments


def refuse_infinity(lowest: np.ndarray, highest: np.ndarray) -> None:
    """Refuse columns of which an extreme is infinite."""
    bad = np.flatnonzero(np.isinf(lowest) | np.isinf(highest))
    if len(bad):
        raise ValueError(f"Input X contains infinity or a value too large for dtype('float64'): column {bad[0]}")


def column_percentiles(rows: Array, percents: Any, method: str = "linear") -> np.ndarray:
    """Percentiles of each column, exact, without missing values: one row each."""
    rows = rows.astype(np.float64) if rows.dtype.kind == "b" else rows
    return np.asarray(nanpercentile(rows, list(percents), axis=0, method=method).compute())


class _Rows:
    """Rows in memory that stand for lazy ones: with the names of their columns, if they have some."""

    def __init__(self, estimator: Any, X: Any):
        self.lazy = features(estimator, X, reset=True, ensure_all_finite="allow-nan")
        self.names = list(X.columns) if isinstance(X, DataFrame) else None if getattr(X, "column_names", None) is None else list(X.column_names)

    def told(self, values: Any) -> Any:
        """Few rows as what scikit-learn is told, as precise as the others."""
        values = np.asarray(values, dtype=precision(self.lazy))
        return values if self.names is None else pd.DataFrame(values, columns=self.names)


class MinMaxScaler(InParts, theirs.MinMaxScaler):
    """Columns brought into a range, by their minimum and maximum. Parameters and attributes are scikit-learn's.

    Examples
    --------
    >>> from plait.ml.preprocessing import MinMaxScaler
    >>> MinMaxScaler().fit_transform(da.arange(5, chunks=2).reshape(5, 1)).compute().ravel()
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        count, (_, _, _, lowest, highest) = known_moments(self, rows.lazy)
        super().fit(rows.told([lowest, highest]))
        self.n_samples_seen_ = count


class MaxAbsScaler(InParts, theirs.MaxAbsScaler):
    """Columns divided by their largest amount. Parameters and attributes are scikit-learn's."""

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        count, (_, _, _, lowest, highest) = known_moments(self, rows.lazy)
        super().fit(rows.told([lowest, highest]))
        self.n_samples_seen_ = count


class RobustScaler(OnBlocks, theirs.RobustScaler):
    """Columns less their medians, divided by the distance of two quantiles, which are exact. Parameters and attributes are scikit-learn's."""

    quantile_range: Any
    unit_variance: Any
    scale_: Any

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        low, high = self.quantile_range
        if not 0 <= low <= high <= 100:
            raise ValueError(f"Invalid quantile range: {self.quantile_range!r}")
        known_moments(self, rows.lazy)
        # Percentiles of three numbers are these numbers at 0, 50 and 100: scikit-learn is asked for those.
        found = column_percentiles(rows.lazy, [low, 50, high])
        wanted = self.quantile_range, self.unit_variance
        self.quantile_range, self.unit_variance = (0.0, 100.0), False
        try:
            super().fit(rows.told(found))
        finally:
            self.quantile_range, self.unit_variance = wanted
        if self.unit_variance and self.scale_ is not None:
            self.scale_ = self.scale_ / (stats.norm.ppf(high / 100.0) - stats.norm.ppf(low / 100.0))


class QuantileTransformer(OnBlocks, theirs.QuantileTransformer):
    """Columns by the ranks of their values, which become evenly or normally distributed. Parameters and attributes are scikit-learn's.

    Quantiles of lazy rows are exact: all rows are looked at, ``subsample`` is not needed.
    """

    n_quantiles: Any
    quantiles_: Any
    references_: Any
    n_quantiles_: Any

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        count, _ = known_moments(self, rows.lazy)
        self._validate_params()
        quantiles = max(1, min(self.n_quantiles, count))
        references = np.linspace(0, 1, quantiles)
        found = column_percentiles(rows.lazy, references * 100)
        wanted, self.n_quantiles = self.n_quantiles, quantiles
        try:
            super().fit(rows.told(found))
        finally:
            self.n_quantiles = wanted
        self.quantiles_, self.references_, self.n_quantiles_ = found, references, quantiles


class PolynomialFeatures(OnBlocks, theirs.PolynomialFeatures):
    """Products of columns up to a degree. Parameters and attributes are scikit-learn's.

    Parameters
    ----------
    degree, interaction_only, include_bias, order
        As in scikit-learn.
    preserve_dataframe : bool
        Taken for dask-ml's sake: lazy frames stay frames.
    """

    def __init__(self, degree: Any = 2, *, interaction_only: bool = False, include_bias: bool = True, order: str = "C", preserve_dataframe: bool = False):
        super().__init__(degree, interaction_only=interaction_only, include_bias=include_bias, order=order)
        self.preserve_dataframe = preserve_dataframe

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        super().fit(rows.told(np.zeros((1, rows.lazy.shape[1]))))


class KBinsDiscretizer(OnBlocks, theirs.KBinsDiscretizer):
    """Columns as the numbers of bins. Parameters and attributes are scikit-learn's.

    Quantiles of lazy rows are exact. ``strategy="kmeans"`` takes data in memory only.
    """

    quantile_method: Any
    subsample: Any
    strategy: Any
    n_bins: Any

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        self._validate_params()
        rows.lazy = finite(rows.lazy)
        if self.strategy == "uniform":
            _, _, _, lowest, highest = column_moments(rows.lazy)
            told = np.stack([lowest, highest])
        elif self.strategy == "quantile":
            bins = np.unique(np.broadcast_to(self.n_bins, rows.lazy.shape[1]))
            if len(bins) > 1:
                raise NotImplementedError("KBinsDiscretizer: strategy='quantile' takes one number of bins for all columns of lazy data")
            # The edges themselves: quantiles of as many numbers as there are edges are these numbers.
            told = column_percentiles(rows.lazy, np.linspace(0, 100, int(bins[0]) + 1), self.quantile_method)
        else:
            raise NotImplementedError("KBinsDiscretizer: strategy='kmeans' takes data in memory; use 'uniform' or 'quantile' for lazy data")
        wanted = self.quantile_method, self.subsample
        self.quantile_method, self.subsample = "linear", None
        try:
            super().fit(rows.told(told))
        finally:
            self.quantile_method, self.subsample = wanted


class _Stateless(OnBlocks):
    def _fit_sparse(self, X: Any) -> None:
        super().fit(X._meta_of_rows(1))

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        super().fit(rows.told(np.ones((1, rows.lazy.shape[1]))))


class Normalizer(_Stateless, theirs.Normalizer):
    """Rows divided by their length. Parameters are scikit-learn's."""


class Binarizer(_Stateless, theirs.Binarizer):
    """1 for what is above a threshold, else 0. Parameters are scikit-learn's."""


class FunctionTransformer(OnBlocks, theirs.FunctionTransformer):
    """A function of rows: it gets blocks of lazy arrays as NumPy arrays, and partitions of frames as pandas frames. Parameters are scikit-learn's."""

    def _fit_lazy(self, X: Any) -> None:
        rows = _Rows(self, X)
        super().fit(rows.told(np.ones((1, rows.lazy.shape[1]))))
