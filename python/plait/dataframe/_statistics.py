"""Statistics that look at all values at once: medians, shapes of distributions, labels of extremes."""

from __future__ import annotations

from typing import Any

from ._along_rows import in_row_order
from ._collection import FrameBase
from ._options import HINTS, QUANTILE_METHODS, check_choice, refuse_unknown
from ._pandas_calls import answered, method_on_partitions, method_on_whole
from ._row_order import labelled_by_columns


class StatisticsMixin(FrameBase):
    """One value for a series, one a column for a frame; over columns (axis=1) pandas computes them, row by row."""

    __slots__ = ()

    def median(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, method: str = "default", **kwargs: Any) -> Any:
        """The median, exact.

        Examples
        --------
        >>> df.x.median().compute()
        np.float64(2.5)
        """
        refuse_unknown("median", kwargs, HINTS)
        check_choice("median", "method", method, QUANTILE_METHODS)
        return self._statistic("median", axis, skipna, numeric_only)

    def skew(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, **kwargs: Any) -> Any:
        """The skewness."""
        refuse_unknown("skew", kwargs, HINTS)
        return self._statistic("skew", axis, skipna, numeric_only)

    def kurt(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, **kwargs: Any) -> Any:
        """The kurtosis, of which a normal distribution has none."""
        refuse_unknown("kurt", kwargs, HINTS)
        return self._statistic("kurt", axis, skipna, numeric_only)

    kurtosis = kurt

    def idxmin(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, split_every: Any = False) -> Any:
        """The label of the smallest value (of each column)."""
        return self._statistic("idxmin", axis, skipna, numeric_only and self.ndim == 2)

    def idxmax(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, split_every: Any = False) -> Any:
        """The label of the largest value (of each column).

        Examples
        --------
        >>> df.x.idxmax().compute()
        np.int64(3)
        """
        return self._statistic("idxmax", axis, skipna, numeric_only and self.ndim == 2)

    def rank(self, axis: Any = 0, method: str = "average", numeric_only: bool = False, na_option: str = "keep", ascending: bool = True, pct: bool = False) -> Any:
        """The rank of each value among all rows."""
        options = {"method": method, "numeric_only": numeric_only, "na_option": na_option, "ascending": ascending, "pct": pct}
        if axis in (1, "columns"):
            return method_on_partitions("rank", self, axis=1, **options)
        answer = self._ask("rank", method, bool(ascending), na_option, bool(pct), bool(numeric_only))
        return answered(answer, in_row_order, "rank", self, **options)

    def _statistic(self, name: str, axis: Any, skipna: bool, numeric_only: bool) -> Any:
        options = {"skipna": skipna, "numeric_only": True} if numeric_only else {"skipna": skipna}
        if axis in (1, "columns"):
            return method_on_partitions(name, self, axis=1, **options)
        if axis is None and self.ndim == 2 and name not in ("idxmin", "idxmax"):
            return method_on_whole(name, self, axis=None, **options)  # one value for all columns
        answer = labelled_by_columns(self._ask("statistic", name, bool(skipna), bool(numeric_only)), self)
        return answered(answer, method_on_whole, name, self, **options)
