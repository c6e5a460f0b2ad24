"""Summaries of the columns of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _plait
from .._lazy import pandas as pd
from ._options import QUANTILE_METHODS, check_choice
from ._pandas_calls import answered, method_on_partitions, method_on_whole, no_form
from ._row_order import labelled_by_columns
from ._rows import RowsMixin
from .series import bytes_by_partition, percentiles_of

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


class SummariesMixin(RowsMixin):
    """One value, or a few, for each column."""

    __slots__ = ()

    if TYPE_CHECKING:

        def select_dtypes(self, include: Any = None, exclude: Any = None) -> DataFrame: ...

    def describe(
        self,
        split_every: Any = False,
        percentiles: Any = None,
        percentiles_method: str = "default",
        include: Any = None,
        exclude: Any = None,
    ) -> DataFrame:
        """Summary statistics of the columns.

        Examples
        --------
        >>> df.describe().compute().loc['mean', 'x']
        np.float64(2.5)
        """
        check_choice("describe", "percentiles_method", percentiles_method, QUANTILE_METHODS)
        if include is not None or exclude is not None:
            return method_on_whole("describe", self, percentiles=percentiles, include=include, exclude=exclude)
        return answered(self._ask("describe", percentiles_of(percentiles)), method_on_whole, "describe", self, percentiles=percentiles)

    def nunique(self, axis: int = 0, dropna: bool = True, split_every: Any = False) -> Series:
        """The number of different values of each column.

        Examples
        --------
        >>> df.nunique().compute().to_dict()
        {'x': 4, 'k': 2}
        """
        if axis == 1:
            return method_on_partitions("nunique", self, axis=1, dropna=dropna)
        return self._reduce("nunique", {"dropna": dropna}, skipna=dropna)

    def quantile(self, q: Any = 0.5, axis: int = 0, numeric_only: bool = False, method: str = "default") -> Any:
        """Quantiles of the columns, exact.

        Examples
        --------
        >>> df[['x']].quantile(0.5).compute()['x']
        np.float64(2.5)
        """
        check_choice("quantile", "method", method, QUANTILE_METHODS)
        if axis == 1:
            return method_on_partitions("quantile", self, q, axis=1, numeric_only=numeric_only)
        frame = self.select_dtypes("number") if numeric_only else self
        if pd.api.types.is_number(q):
            answer = _named(labelled_by_columns(frame._ask("quantile", float(q)), frame), q)
        else:
            answer = frame._ask("quantiles", [float(x) for x in q])
        return answered(answer, method_on_whole, "quantile", self, q, numeric_only=numeric_only)

    def corr(self, method: str = "pearson", min_periods: Any = None, numeric_only: bool = False, split_every: Any = False) -> DataFrame:
        """The correlation of the columns."""
        answer = no_form("a function as method") if callable(method) else self._ask("corr", int(min_periods or 1), bool(numeric_only), method)
        return answered(answer, method_on_whole, "corr", self, method=method, min_periods=min_periods or 1, numeric_only=numeric_only)

    def cov(self, min_periods: Any = None, numeric_only: bool = False, split_every: Any = False) -> DataFrame:
        """The covariance of the columns."""
        answer = self._ask("cov", int(min_periods or 1), bool(numeric_only))
        return answered(answer, method_on_whole, "cov", self, min_periods=min_periods, numeric_only=numeric_only)

    def memory_usage(self, deep: bool = False, index: bool = True) -> Series:
        """Bytes of the columns."""
        return bytes_by_partition(self, deep, index).sum()


def _named(answer: Any, name: Any) -> Any:
    return answer if isinstance(answer, _plait.NoNativeForm) else answer.rename(name)
