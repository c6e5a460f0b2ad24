"""Statistics that look at all rows: the engine reduces partition by partition; pandas does the rest on all rows."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import pandas as pd
from ._collection import FrameBase, build
from ._pandas_calls import answered, method_on_partitions, method_on_whole, on_whole
from ._row_order import labelled_by_columns


class StatisticsMixin(FrameBase):
    """Medians, shapes of distributions, labels of extremes, covariances."""

    __slots__ = ()

    def median(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, method: str = "default", **kwargs: Any) -> Any:
        """The median, exact."""
        if axis in (1, "columns"):
            return method_on_partitions("median", self, axis=1, skipna=skipna, numeric_only=numeric_only)
        return self._statistic("median", build("frame_median", self, bool(skipna), bool(numeric_only)), skipna=skipna, numeric_only=numeric_only)

    def skew(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, **kwargs: Any) -> Any:
        """The skewness."""
        return self._shape("skew", axis, skipna, numeric_only)

    def kurt(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, **kwargs: Any) -> Any:
        """The kurtosis, of which a normal distribution has none."""
        return self._shape("kurt", axis, skipna, numeric_only)

    kurtosis = kurt

    def _shape(self, name: str, axis: Any, skipna: bool, numeric_only: bool) -> Any:
        if axis in (1, "columns"):
            return method_on_partitions(name, self, axis=1, skipna=skipna, numeric_only=numeric_only)
        answer = build("frame_shape", self, name == "kurt", bool(skipna), bool(numeric_only))
        return self._statistic(name, answer, skipna=skipna, numeric_only=numeric_only)

    def idxmin(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, split_every: Any = False) -> Any:
        """The label of the smallest value (of each column)."""
        return self._label_of("idxmin", axis, skipna, numeric_only)

    def idxmax(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, split_every: Any = False) -> Any:
        """The label of the largest value (of each column)."""
        return self._label_of("idxmax", axis, skipna, numeric_only)

    def _label_of(self, name: str, axis: Any, skipna: bool, numeric_only: bool) -> Any:
        if axis in (1, "columns"):
            return method_on_partitions(name, self, axis=1, skipna=skipna, numeric_only=numeric_only)
        only = {"numeric_only": True} if numeric_only else {}
        answer = _plait.NoNativeForm("numeric_only") if only else build("frame_extreme_label", self, name == "idxmax", bool(skipna))
        return self._statistic(name, answer, skipna=skipna, **only)

    def _statistic(self, name: str, answer: Any, **kwargs: Any) -> Any:
        if isinstance(answer, _plait.NoNativeForm):
            return answered(answer, method_on_whole, name, self, **kwargs)
        return labelled_by_columns(answer, self)


def covariance_matrix(frame: Any, name: str, method: str, min_periods: Any, numeric_only: bool) -> Any:
    """``cov`` or ``corr`` of the columns of a frame."""
    given = {"method": method} if name == "corr" else {}
    if name == "corr" or min_periods is not None:
        given["min_periods"] = min_periods or 1
    numbers = frame.select_dtypes(["number", "bool"]) if numeric_only else frame
    if method != "pearson" or not all(isinstance(label, str) for label in numbers.columns):
        answer = _plait.NoNativeForm("other methods than Pearson's, or labels that are no text")
    else:
        answer = build("frame_covariance", numbers, name == "corr", 1, int(min_periods or 1), False)
    return answered(answer, method_on_whole, name, frame, numeric_only=numeric_only, **given)


def covariance_of_two(series: Any, other: Any, name: str, method: str, min_periods: Any) -> Any:
    """``cov`` or ``corr`` of two series of the same rows."""
    if not isinstance(other, type(series)):
        raise TypeError(f"other must be a lazy series, found {type(other).__name__}")
    pair = series.to_frame(name="left").assign(right=other)
    if method != "pearson":
        answer = _plait.NoNativeForm(f"method={method!r}")
    else:
        answer = build("frame_covariance", pair, name == "corr", 1, int(min_periods or 1), True)
    options = {"method": method} if name == "corr" else {}
    return answered(answer, on_whole, _PairStatistic(name, min_periods=min_periods, **options), pair, label=name)


class _PairStatistic:
    def __init__(self, name: str, **options: Any):
        self.name, self.options = name, options

    def __call__(self, pair: pd.DataFrame) -> Any:
        return getattr(pair.left, self.name)(pair.right, **self.options)
