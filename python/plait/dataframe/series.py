"""Series: one lazy column."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import pandas as pd
from . import _labels
from ._collection import FrameBase, build, register
from ._format import series_html, series_text
from ._indexers import sliced
from ._iteration import IterateItemsMixin
from ._literals import NotNative, literal
from ._not_there import missing_attribute
from ._pandas_calls import Method, make_meta, method_on_partitions, method_on_whole, native_or_pandas, on_partitions, on_whole
from ._type_rules import check_order, counted_dtype, has_native_astype
from ._row_order import check_same_partitions
from ._rows import RowsMixin, no_default
from ._statistics import covariance_of_two
from ._summaries import native_describe
from .accessors import CategoricalAccessor, DatetimeAccessor, StringAccessor


@register("series")
class Series(IterateItemsMixin, RowsMixin):
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

    @property
    def _column(self) -> str:
        index = self._schema.schema[2][0]
        return next(name for name, *_ in self._schema.schema[1] if name not in index)

    @property
    def dtype(self) -> Any:
        """The type of the values."""
        return self._latest()._meta.dtype

    dtypes = dtype

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
        if isinstance(key, FrameBase):
            check_same_partitions("getitem", self, key)
            return native_or_pandas(
                lambda: build("frame_filter", self, key), lambda: on_partitions(_getitem, self, key, label="getitem"), self, key
            )
        return sliced(self, key)

    def rename(self, index: Any, sorted_index: bool = False) -> Any:
        """Another name."""
        if callable(index) or isinstance(index, (dict, FrameBase)):
            return method_on_partitions("rename", self, index)
        return native_or_pandas(
            lambda: build("frame_set_form", self, "series", _labels.encode_name(index)),
            lambda: method_on_partitions("rename", self, index),
            self,
        )

    def to_frame(self, name: Any = no_default) -> Any:
        """A frame of one column."""
        label = (0 if self.name is None else self.name) if name is no_default else name

        return native_or_pandas(
            lambda: build("frame_set_form", self, "frame", _labels.encode(label)),
            lambda: method_on_partitions("to_frame", self, label),
            self,
        )

    def astype(self, dtypes: Any) -> Any:
        """The values in another type."""
        def native() -> Any:
            if not has_native_astype(self._meta.dtype, dtypes):
                raise NotNative("astype")
            return build("frame_astype", self, {"": _dtype_name(dtypes)})

        return native_or_pandas(
            native,
            lambda: method_on_partitions("astype", self, dtypes),
            self,
        )

    def between(self, left: Any, right: Any, inclusive: str = "both") -> Any:
        """Whether values lie between two bounds."""
        return native_or_pandas(
            lambda: build("frame_between", self, literal(left), literal(right), inclusive),
            lambda: method_on_partitions("between", self, left, right, inclusive=inclusive),
            self,
        )

    def map(self, arg: Any, na_action: Any = None, meta: Any = None) -> Any:
        """Each value replaced by a mapping or by what a function gives."""

        def native() -> Any:
            if not isinstance(arg, dict) or na_action is not None or hasattr(arg, "__missing__") or meta is not None:
                raise TypeError("map")
            return build("frame_map_values", self, [(literal(k), literal(v)) for k, v in arg.items()])

        known = None if meta is None or meta is no_default else make_meta(meta, self._meta)
        return native_or_pandas(
            native,
            lambda: on_partitions(Method("map"), self, arg, na_action=na_action, label="map", meta=known, is_pandas=False),
            self,
        )

    def apply(self, function: Callable, *args: Any, meta: Any = no_default, axis: int = 0, **kwargs: Any) -> Any:
        """What a function gives for each value."""
        known = None if meta is no_default else make_meta(meta, self._meta)
        kwargs = dict(kwargs, args=args) if args else kwargs
        return on_partitions(Method("apply"), self, function, label="apply", meta=known, is_pandas=False, **kwargs)

    def dropna(self) -> Any:
        """Without missing values."""
        return native_or_pandas(
            lambda: build("frame_dropna", self, [], False, -1), lambda: method_on_partitions("dropna", self), self
        )

    def reset_index(self, drop: bool = False) -> Any:
        """The index becomes a column, or is dropped."""
        if drop:
            return native_or_pandas(
                lambda: build("frame_reset_index", self, True), lambda: method_on_partitions("reset_index", self, drop=True), self
            )
        return self.to_frame().reset_index()

    def value_counts(
        self,
        sort: Any = None,
        ascending: bool = False,
        dropna: bool = True,
        normalize: bool = False,
        split_every: Any = None,
        split_out: Any = no_default,
    ) -> Any:
        """How often each value occurs, most frequent first."""
        wants_sort = sort is None or bool(sort)
        index_name = "" if self.name is None else self._column
        dtype = self._meta.dtype

        def native() -> Any:
            if isinstance(dtype, pd.CategoricalDtype):
                raise NotNative("value_counts")  # categories without values count, too
            counts = build("frame_value_counts", self, wants_sort, ascending, dropna, normalize, index_name)
            return counts.astype(counted_dtype(dtype, normalize))

        return native_or_pandas(
            native,
            lambda: method_on_whole(
                "value_counts", self, sort=wants_sort, ascending=ascending, dropna=dropna, normalize=normalize
            ),
            self,
        )

    def unique(self, split_every: Any = None, split_out: Any = True, shuffle_method: Any = None) -> Any:
        """The different values, in order of appearance."""
        return native_or_pandas(lambda: build("frame_unique", self), lambda: on_whole(_unique, self, label="unique"), self)

    def nunique(self, dropna: bool = True, split_every: Any = False, split_out: Any = True) -> Any:
        """The number of different values."""
        if not dropna:
            return method_on_whole("nunique", self, dropna=False)
        return self._reduce("nunique")

    def drop_duplicates(
        self,
        ignore_index: bool = False,
        split_every: Any = None,
        split_out: Any = True,
        shuffle_method: Any = None,
        keep: Any = "first",
    ) -> Any:
        """The first (or last) of equal values."""
        return native_or_pandas(
            lambda: build("frame_drop_duplicates", self, [], "none" if keep is False else keep, ignore_index),
            lambda: method_on_whole("drop_duplicates", self, keep=keep, ignore_index=ignore_index),
            self,
        )

    def nlargest(self, n: int = 5, split_every: Any = None) -> Any:
        """The largest values."""
        check_order("nlargest", self.name, self._meta.dtype)
        return native_or_pandas(
            lambda: build("frame_top", self, n, [], True), lambda: method_on_whole("nlargest", self, n), self
        )

    def nsmallest(self, n: int = 5, split_every: Any = None) -> Any:
        """The smallest values."""
        check_order("nsmallest", self.name, self._meta.dtype)
        return native_or_pandas(
            lambda: build("frame_top", self, n, [], False), lambda: method_on_whole("nsmallest", self, n), self
        )

    def quantile(self, q: Any = 0.5, method: str = "default") -> Any:
        """Quantiles: merged from those of the partitions, so approximate for more than one."""
        single = pd.api.types.is_number(q)
        return native_or_pandas(
            lambda: build("frame_quantile", self, [float(q)] if single else [float(x) for x in q], single),
            lambda: method_on_whole("quantile", self, q),
            self,
        )

    def describe(
        self,
        split_every: Any = False,
        percentiles: Any = None,
        percentiles_method: str = "default",
        include: Any = None,
        exclude: Any = None,
    ) -> Any:
        """Summary statistics."""
        return native_or_pandas(
            lambda: native_describe(self, percentiles),
            lambda: method_on_whole("describe", self, percentiles=percentiles),
            self,
        )

    def __getattr__(self, name: str) -> Any:
        raise missing_attribute("Series", name)

    def corr(self, other: Any, method: str = "pearson", min_periods: Any = None, split_every: Any = False) -> Any:
        """The correlation with another series of the same rows."""
        return covariance_of_two(self, other, "corr", method, min_periods)

    def cov(self, other: Any, min_periods: Any = None, split_every: Any = False) -> Any:
        """The covariance with another series of the same rows."""
        return covariance_of_two(self, other, "cov", "pearson", min_periods)

    def autocorr(self, lag: int = 1, split_every: Any = False) -> Any:
        """The correlation with itself, some rows later."""
        return method_on_whole("autocorr", self, lag=lag)

    def memory_usage(self, deep: bool = False, index: bool = True) -> Any:
        """Bytes of the values and, unless ``index=False``, their labels."""
        return method_on_whole("memory_usage", self, deep=deep, index=index)

    @property
    def nbytes(self) -> Any:
        """Bytes of the values."""
        return self.memory_usage(index=False)

    def groupby(self, by: Any, **kwargs: Any) -> Any:
        """Groups of rows."""
        from .groupby import SeriesGroupBy

        return SeriesGroupBy(self, by, **kwargs)

    def isnull(self) -> Any:
        """Whether values are missing."""
        return self.isna()

    def to_csv(self, filename: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_csv`."""
        return self.to_frame().to_csv(filename, **kwargs)

    @property
    def values(self) -> Any:
        """The values as a NumPy array, computed."""
        return self.compute().to_numpy()


def _getitem(obj: Any, key: Any) -> Any:
    return obj[key]


def _unique(series: pd.Series) -> pd.Series:
    return pd.Series(series.unique(), name=series.name)


def _dtype_name(dtype: Any) -> str:
    """pandas' name of a type; what has none is pandas' own business."""
    if dtype in (int, float, bool, str):
        return {int: "int64", float: "float64", bool: "bool", str: "str"}[dtype]
    parsed = pd.api.types.pandas_dtype(dtype)
    if isinstance(parsed, pd.CategoricalDtype) and parsed.categories is not None or parsed == object:
        raise TypeError("astype")
    return str(parsed)

