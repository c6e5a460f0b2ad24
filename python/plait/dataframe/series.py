"""Series: one lazy column."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, Callable, Self

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._missing_names import missing
from .. import _plait
from . import _labels
from ._along_rows import in_row_order
from ._between import BetweenMixin
from ._collection import FrameBase, register
from ._dtypes import dtype_name, meta_as
from ._format import series_html, series_text
from ._indexers import sliced
from ._iteration import IterateItemsMixin
from ._json import to_json
from ._options import QUANTILE_METHODS, check_choice
from ._pandas_calls import Method, answered, getitem, make_meta, method_on_partitions, method_on_whole, no_form, on_partitions, on_whole
from ._rows import RowsMixin, no_default
from .accessors import Attribute
from .categorical_accessor import CategoricalAccessor
from .datetime_accessor import DatetimeAccessor
from .string_accessor import StringAccessor
from .csv import to_csv
from .groupby import SeriesGroupBy
from .scalar import Scalar

if TYPE_CHECKING:
    from .frame import DataFrame


@register(_plait.Series)
class Series(IterateItemsMixin, BetweenMixin, RowsMixin):
    """One column in partitions, with pandas' methods."""

    __slots__ = ()
    ndim = 1

    def __repr__(self) -> str:
        return series_text(self, "Series")

    def _repr_html_(self) -> str:
        return series_html(self, "Series")

    @property
    def name(self) -> Any:
        """The name."""
        return _labels.decode_name(self._column)

    @name.setter
    def name(self, name: Any) -> None:
        self._become(self.rename(name))

    @property
    def _column(self) -> str:
        index = self._schema.schema[2][0]
        return next(name for name, *_ in self._schema.schema[1] if name not in index)

    @property
    def dtype(self) -> Any:
        """The type of the values."""
        return self._latest_meta.dtype

    dtypes = dtype

    @property
    def empty(self) -> bool:
        """Whether there are no rows; computes their number."""
        return len(self) == 0

    @property
    def shape(self) -> tuple:
        """The number of rows, lazily."""
        return (self.size,)

    @property
    def str(self) -> StringAccessor:
        """Methods of text."""
        return StringAccessor(self)

    @property
    def dt(self) -> DatetimeAccessor:
        """Methods of dates."""
        return DatetimeAccessor(self)

    @property
    def cat(self) -> CategoricalAccessor:
        """Methods of categories."""
        return CategoricalAccessor(self)

    def __getitem__(self, key: Any) -> Any:
        if callable(key) and not isinstance(key, FrameBase):
            key = key(self)
        if isinstance(key, FrameBase):
            return answered(self._ask("filter", key), on_partitions, getitem, self, key, label="getitem")
        return sliced(self, key)

    def rename(self, index: Any, sorted_index: bool = False) -> Self:
        """Another name; or other labels, from a function or a mapping.

        Parameters
        ----------
        index : label, callable, dict or Series
            The name, or what each label becomes.
        sorted_index : bool
            Whether the new labels are in order, so that divisions are known if they were.

        Raises
        ------
        ValueError
            If ``sorted_index=True``, and the labels of the divisions are in no order.

        Examples
        --------
        >>> df.x.rename('y').name
        'y'
        """
        if callable(index) or isinstance(index, (dict, pd.Series, FrameBase)):
            if isinstance(index, FrameBase):
                index = index.compute()
            renamed = method_on_partitions("rename", self, index, keeps_divisions=False)
            if not sorted_index or not self.known_divisions:
                return renamed
            ends = list(pd.Series(0, index=self.divisions).rename(index).index)
            if any(first > last for first, last in zip(ends, ends[1:])):
                raise ValueError(f"sorted_index=True, but the labels of the divisions are in no order: {ends}")
            return renamed._with_divisions(ends)
        return answered(self._ask("rename", _labels.encode_name(index)), method_on_partitions, "rename", self, index)

    def to_frame(self, name: Any = no_default) -> DataFrame:
        """A frame of one column.

        Examples
        --------
        >>> df.x.to_frame().columns.tolist()
        ['x']
        """
        label = (0 if self.name is None else self.name) if name is no_default else name
        return answered(self._ask("to_frame", _labels.encode(label)), method_on_partitions, "to_frame", self, label)

    def astype(self, dtypes: Any) -> Self:
        """The values in another type.

        Examples
        --------
        >>> df.x.astype(float).dtype
        dtype('float64')
        """
        name = dtype_name(dtypes)
        answer = no_form("astype: objects, or categories that are given") if name is None else self._ask("astype", name)
        return answered(answer, on_partitions, Method("astype"), self, dtypes, label="astype", meta=meta_as(self._meta, dtypes))

    def between(self, left: Any, right: Any, inclusive: builtins.str = "both") -> Self:
        """Whether values lie between two bounds.

        Examples
        --------
        >>> df.x.between(2, 3).compute().tolist()
        [False, True, True, False]
        """
        answer = self._ask("between", left, right, inclusive)
        return answered(answer, method_on_partitions, "between", self, left, right, inclusive=inclusive)

    def map(self, arg: Any, na_action: Any = None, meta: Any = None) -> Self:
        """Each value replaced by a mapping or by what a function gives.

        Examples
        --------
        >>> df.k.map({'a': 1, 'b': 2}, meta=('k', int)).compute().tolist()
        [1, 2, 1, 2]
        """
        known = None if meta is None or meta is no_default else make_meta(meta, self._meta)
        is_plain = isinstance(arg, dict) and na_action is None and not hasattr(arg, "__missing__") and meta is None
        answer = self._ask("map", dict(arg)) if is_plain else no_form("map: no plain dict")
        is_own = not callable(arg)
        return answered(answer, on_partitions, Method("map"), self, arg, na_action=na_action, label="map", meta=known, is_pandas=is_own)

    def apply(self, function: Callable, *args: Any, meta: Any = no_default, axis: int = 0, **kwargs: Any) -> Any:
        """What a function gives for each value."""
        known = None if meta is no_default else make_meta(meta, self._meta)
        kwargs = dict(kwargs, args=args) if args else kwargs
        return on_partitions(Method("apply"), self, function, label="apply", meta=known, is_pandas=False, **kwargs)

    def dropna(self) -> Self:
        """Without missing values."""
        return answered(self._ask("dropna"), method_on_partitions, "dropna", self)

    def reset_index(self, drop: bool = False) -> Any:
        """The index becomes a column, or is dropped."""
        if drop:
            return answered(self._ask("reset_index"), method_on_partitions, "reset_index", self, drop=True, keeps_divisions=False)
        return self.to_frame().reset_index()

    def case_when(self, caselist: list) -> Self:
        """Values replaced where conditions hold: of those, the first that holds.

        Parameters
        ----------
        caselist : list of tuple
            Pairs of a condition and what stands where it holds; either may be a lazy series of the same rows.

        Examples
        --------
        >>> df.x.case_when([(df.x > 3, 0), (df.x > 1, -1)]).compute().tolist()
        [1, -1, -1, 0]
        """
        if not isinstance(caselist, list) or not caselist or any(not isinstance(pair, tuple) or len(pair) != 2 for pair in caselist):
            raise TypeError(f"case_when: expected a list of pairs of condition and replacement, found {caselist!r}")
        return on_partitions(_case_when, self, *(side for pair in caselist for side in pair), label="case_when")

    def value_counts(
        self,
        sort: Any = None,
        ascending: bool = False,
        dropna: bool = True,
        normalize: bool = False,
        split_every: Any = None,
        split_out: Any = no_default,
        bins: Any = None,
    ) -> Any:
        """How often each value occurs, most frequent first; with ``bins``, how many lie in each of so many intervals, or between these bounds.

        Examples
        --------
        >>> df.k.value_counts().compute().to_dict()
        {'a': 2, 'b': 2}
        """
        options = {"sort": sort is None or bool(sort), "ascending": ascending, "dropna": dropna, "normalize": normalize}
        if bins is not None:
            return method_on_whole("value_counts", self, bins=bins, **options)
        return answered(self._ask("value_counts", *map(bool, options.values())), method_on_whole, "value_counts", self, **options)

    def unique(self, split_every: Any = None, split_out: Any = True, shuffle_method: Any = None) -> Series:
        """The different values, in order of appearance.

        Examples
        --------
        >>> df.k.unique().compute().tolist()
        ['a', 'b']
        """
        return answered(self._ask("unique"), on_whole, _unique, self, label="unique")

    def nunique(self, dropna: bool = True, split_every: Any = False, split_out: Any = True) -> Scalar:
        """The number of different values."""
        return self._reduce("nunique", {"dropna": dropna}, skipna=dropna)

    def duplicated(self, keep: Any = "first") -> Series:
        """Whether a value has been before (comes again)."""
        return answered(self._ask("duplicated", "none" if keep is False else keep), in_row_order, "duplicated", self, keep=keep)

    def mode(self, dropna: bool = True, split_every: Any = False) -> Series:
        """The most frequent values, in order."""
        return answered(self._ask("mode", bool(dropna)), method_on_whole, "mode", self, dropna=dropna)

    def drop_duplicates(
        self,
        ignore_index: bool = False,
        split_every: Any = None,
        split_out: Any = True,
        shuffle_method: Any = None,
        keep: Any = "first",
    ) -> Any:
        """The first (or last) of equal values."""
        answer = self._ask("drop_duplicates", "none" if keep is False else keep, bool(ignore_index))
        return answered(answer, method_on_whole, "drop_duplicates", self, keep=keep, ignore_index=ignore_index)

    def nlargest(self, n: int = 5, split_every: Any = None) -> Self:
        """The largest values."""
        return answered(self._ask("nlargest", n), method_on_whole, "nlargest", self, n)

    def nsmallest(self, n: int = 5, split_every: Any = None) -> Self:
        """The smallest values."""
        return answered(self._ask("nsmallest", n), method_on_whole, "nsmallest", self, n)

    def quantile(self, q: Any = 0.5, method: builtins.str = "default") -> Any:
        """Quantiles, exact."""
        check_choice("quantile", "method", method, QUANTILE_METHODS)
        answer = self._ask("quantile", float(q)) if pd.api.types.is_number(q) else self._ask("quantiles", [float(x) for x in q])
        return answered(answer, method_on_whole, "quantile", self, q)

    def describe(
        self,
        split_every: Any = False,
        percentiles: Any = None,
        percentiles_method: builtins.str = "default",
        include: Any = None,
        exclude: Any = None,
    ) -> Any:
        """Summary statistics."""
        check_choice("describe", "percentiles_method", percentiles_method, QUANTILE_METHODS)
        return answered(self._ask("describe", percentiles_of(percentiles)), method_on_whole, "describe", self, percentiles=percentiles)

    if TYPE_CHECKING:
        # What `_rows` installs.
        def _reduction(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, split_every: Any = False, min_count: int = 0, ddof: int = 1) -> Scalar: ...

        sum = prod = product = mean = min = max = var = std = sem = count = any = all = _reduction

    else:

        def __getattr__(self, name: str) -> Any:
            if name in ("str", "dt", "cat"):
                getattr(self._meta, name)  # pandas says what is wrong with the type
            raise missing("Series", name, self)

    def corr(self, other: Any, method: builtins.str = "pearson", min_periods: Any = None, split_every: Any = False) -> Scalar:
        """The correlation with another series of the same rows."""
        _require_series(other)
        answer = no_form("a function as method") if callable(method) else self._ask("corr", other, int(min_periods or 1), method)
        return answered(answer, _of_pair, self, other, "corr", method=method, min_periods=min_periods)

    def cov(self, other: Any, min_periods: Any = None, split_every: Any = False) -> Scalar:
        """The covariance with another series of the same rows."""
        _require_series(other)
        return answered(self._ask("cov", other, int(min_periods or 1)), _of_pair, self, other, "cov", min_periods=min_periods)

    @property
    def is_monotonic_increasing(self) -> Any:
        """Whether values never fall."""
        return self._is_monotonic("is_monotonic_increasing")

    @property
    def is_monotonic_decreasing(self) -> Any:
        """Whether values never rise."""
        return self._is_monotonic("is_monotonic_decreasing")

    def _is_monotonic(self, name: builtins.str) -> Any:
        return answered(self._ask("statistic", name, True, False), on_whole, Attribute(name), self, label=name)

    def autocorr(self, lag: int = 1, split_every: Any = False) -> Scalar:
        """The correlation with itself, some rows later."""
        if not pd.api.types.is_integer(lag):
            raise TypeError(f"lag must be an integer, found {lag!r}")
        return method_on_whole("autocorr", self, lag=lag)

    def memory_usage(self, deep: bool = False, index: bool = True) -> Scalar:
        """Bytes of the values and, unless ``index=False``, their labels."""
        return bytes_by_partition(self, deep, index).sum()

    @property
    def nbytes(self) -> Any:
        """Bytes of the values."""
        return self.memory_usage(index=False)

    def groupby(self, by: Any, **kwargs: Any) -> SeriesGroupBy:
        """Groups of rows."""
        return SeriesGroupBy(self, by, **kwargs)

    def isnull(self) -> Self:
        """Whether values are missing."""
        return self.isna()

    def to_csv(self, filename: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_csv`."""
        return to_csv(self.to_frame(), filename, **kwargs)

    def to_json(self, filename: Any, *args: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_json`."""
        return to_json(self, filename, *args, **kwargs)

    def add_prefix(self, prefix: builtins.str) -> Self:
        """Labels that begin with ``prefix``.

        Examples
        --------
        >>> df.x.add_prefix("row ").compute().index[0]
        'row 0'
        """
        return method_on_partitions("add_prefix", self, prefix, keeps_divisions=False)

    def add_suffix(self, suffix: builtins.str) -> Self:
        """Labels that end with ``suffix``."""
        return method_on_partitions("add_suffix", self, suffix, keeps_divisions=False)


def _case_when(series: pd.Series, *sides: Any) -> pd.Series:
    return series.case_when(list(zip(sides[::2], sides[1::2])))


def _require_series(other: Any) -> None:
    if not isinstance(other, Series):
        raise TypeError(f"other must be a lazy series, found {type(other).__name__}")


def _of_pair(series: Series, other: Series, name: str, reason: str, **options: Any) -> Any:
    pair = series.to_frame(name="left").assign(right=other)
    return on_whole(_PairStatistic(name, **options), pair, label=name, reason=reason)


class _PairStatistic:
    def __init__(self, name: str, **options: Any):
        self.name, self.options = name, options

    def __call__(self, pair: pd.DataFrame) -> Any:
        return getattr(pair.left, self.name)(pair.right, **self.options)


def bytes_by_partition(rows: Any, deep: bool, index: bool) -> Any:
    """What pandas says of each partition, one value or one a column; as in Dask, the sum is that of the partitions."""
    return on_partitions(_bytes_of, rows, deep, index, label="memory_usage", keeps_divisions=False)


def _bytes_of(part: Any, deep: bool, index: bool) -> Any:
    used = part.memory_usage(deep=deep, index=index)
    return used.to_frame().T.reset_index(drop=True) if isinstance(used, pd.Series) else pd.Series([used])


def percentiles_of(percentiles: Any) -> list[float]:
    """What ``describe(percentiles=...)`` says: one, several, or pandas' quartiles."""
    if percentiles is None:
        return [0.25, 0.5, 0.75]
    return [float(p) for p in ([percentiles] if np.isscalar(percentiles) else percentiles)]


def _unique(series: pd.Series) -> pd.Series:
    return pd.Series(series.unique(), name=series.name)
