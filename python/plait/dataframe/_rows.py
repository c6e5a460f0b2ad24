"""What frames, series and indexes have in common: rows, reductions, and pandas where there is no native kernel."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _labels
from ._collection import FrameBase, build
from ._literals import NotNative, literal
from ._operators import FlexibleMixin, OperatorsMixin, unary
from ._pandas_calls import (
    answered,
    make_meta,
    method_on_partitions,
    method_on_whole,
    native_or_pandas,
    on_partitions,
    on_whole,
)
from ._partitions import Partitions, repartitioned_objects
from ._row_order import check_same_partitions, labelled_by_columns, like_rows
from ._type_rules import all_have_native, are_plain_numbers, fits
from ._windows import PandasView

# Stands for an argument that was not given, where None means something.
no_default: Any = type("no_default", (), {"__repr__": lambda self: "<no_default>"})()


class RowsMixin(OperatorsMixin, FlexibleMixin, FrameBase):
    """Rows in partitions."""

    __slots__ = ()

    def __len__(self) -> int:
        if not self._is_native:
            return int(on_whole(len, self, label="len").compute())
        return int(build("frame_length", self).compute())

    def __bool__(self) -> bool:
        raise ValueError(
            f"The truth value of a {type(self).__name__} is ambiguous. Use a.any() or a.all()."
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self.compute(), dtype=dtype)

    # Rows

    def head(self, n: int = 5, npartitions: int = 1, compute: bool = True) -> Any:
        """The first ``n`` rows. Computed, it goes on past the first partition where that is short, and reads no more."""
        return self._end("head", n, npartitions, compute)

    def tail(self, n: int = 5, compute: bool = True) -> Any:
        """The last ``n`` rows."""
        return self._end("tail", n, 1, compute)

    def _end(self, which: str, n: int, npartitions: int, compute: bool) -> Any:
        everything = self.npartitions
        if npartitions == -1:
            npartitions = everything
        if npartitions > everything:
            raise ValueError(f"only {everything} partitions, {which} received {npartitions}")

        if n < 0:
            rows = method_on_whole(which, self, n)  # all but the last (first) ones: of all partitions together
            return rows.compute() if compute else rows

        def lazy(count: int) -> FrameBase:
            if self._is_native:
                return build(f"frame_{which}", self, n, count)
            numbers = list(range(count)) if which == "head" else list(range(everything - count, everything))
            parts = build("frame_partitions", method_on_partitions(which, self, n), numbers)
            return method_on_whole(which, parts, n)

        if not compute:
            return lazy(npartitions)
        while True:
            rows = lazy(npartitions).compute()
            if npartitions >= everything or (n >= 0 and len(rows) >= n):
                return rows
            npartitions = min(everything, npartitions * 4)

    @property
    def partitions(self) -> Any:
        """Partitions by position: ``df.partitions[0]``, ``df.partitions[:3]``; iterable."""
        return Partitions(self)

    def get_partition(self, n: int) -> Any:
        """One partition."""
        return self.partitions[n]

    @property
    def loc(self) -> Any:
        """Rows by label or condition: ``df.loc[a:b]``, ``df.loc[df.x > 0, ["x", "y"]]``."""
        from ._indexers import Loc

        return Loc(self)

    def rolling(self, window: Any, *args: Any, **kwargs: Any) -> PandasView:
        """A window that moves over the rows, before the aggregate is named."""
        return PandasView(self, "rolling", (window, *args), kwargs)

    def resample(self, rule: Any, *args: Any, **kwargs: Any) -> PandasView:
        """Rows grouped by spans of the time in their index, before the aggregate is named."""
        return PandasView(self, "resample", (rule, *args), kwargs)

    @property
    def index(self) -> Any:
        """The row labels."""
        return native_or_pandas(
            lambda: build("frame_index", self), lambda: on_partitions(_index_of, self, label="index"), self
        )

    @property
    def size(self) -> Any:
        """The number of elements, computed lazily."""
        return build("frame_length", self) * self._width

    @property
    def _width(self) -> int:
        return 1

    def isna(self) -> Any:
        """Whether values are missing."""
        return native_or_pandas(
            lambda: build("frame_unary", self, "isna"), lambda: method_on_partitions("isna", self), self
        )

    isnull = isna

    def notna(self) -> Any:
        """Whether values are not missing."""
        return native_or_pandas(
            lambda: build("frame_unary", self, "notna"), lambda: method_on_partitions("notna", self), self
        )

    notnull = notna

    def abs(self) -> Any:
        """Absolute values."""
        return unary(self, "abs")

    def round(self, decimals: Any = 0) -> Any:
        """Rounded numbers."""
        if not isinstance(decimals, int):
            return method_on_partitions("round", self, decimals)
        return native_or_pandas(
            lambda: build("frame_round", self, decimals), lambda: method_on_partitions("round", self, decimals), self
        )

    def clip(self, lower: Any = None, upper: Any = None, axis: Any = None, **kwargs: Any) -> Any:
        """Values held within bounds."""
        answer = build("frame_clip", self, lower, upper)
        return answered(answer, method_on_partitions, "clip", self, lower, upper, axis=axis, **kwargs)

    def fillna(self, value: Any = None, axis: Any = None) -> Any:
        """Missing values replaced by a constant, by one a column, or from another collection."""
        if value is None:
            raise ValueError("fillna needs a value")
        if isinstance(value, FrameBase) and value.ndim == 1 and self.ndim == 2 and value.npartitions == 1:
            return on_partitions(_filled, self, value, label="fillna", meta=self._meta)  # a value for each column
        check_same_partitions("fillna", self, value)

        def native() -> Any:
            if isinstance(value, FrameBase):
                return build("frame_fillna_from", self, value)
            given = value if isinstance(value, dict) and self.ndim == 2 else None
            for label, dtype in zip(self.columns if self.ndim == 2 else [None], self._dtypes):
                if (given is None or label in given) and not fits(given[label] if given else value, dtype):
                    raise NotNative("fillna")
            if isinstance(value, dict):
                return build("frame_fillna", self, {_labels.encode(k): literal(v) for k, v in value.items() if k in self.columns})
            return build("frame_fillna", self, {"": literal(value)})

        return native_or_pandas(native, lambda: method_on_partitions("fillna", self, value), self, value)

    def where(self, cond: Any, other: Any = float("nan")) -> Any:
        """Values where a condition holds, else ``other``."""
        return self._where("where", cond, other, False)

    def mask(self, cond: Any, other: Any = float("nan")) -> Any:
        """Values where a condition does not hold, else ``other``."""
        return self._where("mask", cond, other, True)

    def _where(self, name: str, cond: Any, other: Any, invert: bool) -> Any:
        check_same_partitions(name, self, cond, other)

        def native() -> Any:
            if not isinstance(cond, FrameBase):
                raise TypeError(name)
            is_number = pd.api.types.is_number(other) and not isinstance(other, (bool, np.bool_)) and other == other
            if is_number and any(d.kind == "b" for d in self._dtypes):
                raise NotNative(name)  # numbers among bools are objects
            filling = other if isinstance(other, FrameBase) else literal(other)
            return build("frame_where", self, cond, filling, invert)

        return native_or_pandas(native, lambda: method_on_partitions(name, self, cond, other), self, cond, other)

    def isin(self, values: Any) -> Any:
        """Whether values are among ``values``."""

        def native() -> Any:
            if isinstance(values, (dict, FrameBase)):
                raise TypeError("isin")
            if not all(v is not None and fits(v, dtype) for v in values for dtype in self._dtypes):
                raise NotNative("isin")
            return build("frame_isin", self, [literal(v) for v in values])

        if isinstance(values, FrameBase):
            raise NotImplementedError(f"isin takes values, not a lazy {type(values).__name__}: compute it first, or use merge")
        if not isinstance(values, (dict, FrameBase, list, tuple, set, frozenset, np.ndarray, pd.Series, pd.Index)):
            raise TypeError(f"isin takes a list-like of values; found {type(values).__name__}")
        kept = list(values) if isinstance(values, (set, frozenset, tuple)) else values
        return native_or_pandas(native, lambda: method_on_partitions("isin", self, kept), self)

    def replace(self, to_replace: Any = None, value: Any = no_default, regex: bool = False) -> Any:
        """Values replaced by others."""
        kwargs = {} if value is no_default else {"value": value}
        return method_on_partitions("replace", self, to_replace, regex=regex, **kwargs)

    # Partitions

    def repartition(
        self, divisions: Any = None, npartitions: Any = None, partition_size: Any = None, freq: Any = None, force: bool = False
    ) -> Any:
        """The same rows in ``npartitions`` partitions."""
        if sum(x is not None for x in (divisions, npartitions, partition_size, freq)) != 1:
            raise ValueError("Please provide exactly one of ``npartitions=``, ``freq=``, ``divisions=``, ``partition_size=`` keyword arguments")
        if npartitions is None:
            raise NotImplementedError("repartition: only npartitions= is there yet")
        if callable(npartitions):
            npartitions = npartitions(self.npartitions)
        if not isinstance(npartitions, (int, np.integer)) or npartitions < 1:
            raise ValueError(f"repartition: npartitions must be an integer of at least 1, found {npartitions!r}")
        if not self._is_native:
            return repartitioned_objects(self, int(npartitions))
        return build("frame_repartition", self, int(npartitions))

    def map_partitions(
        self,
        func: Callable,
        *args: Any,
        meta: Any = no_default,
        enforce_metadata: bool = True,
        transform_divisions: bool = True,
        clear_divisions: bool = False,
        align_dataframes: bool = False,
        parent_meta: Any = None,
        required_columns: Any = None,
        **kwargs: Any,
    ) -> Any:
        """``func`` of each partition, a pandas object.

        Parameters
        ----------
        func : callable
            Called with the partition first.
        *args, **kwargs
            Further arguments; collections give their partitions.
        meta : object, optional
            What the result looks like: an empty pandas object, a dict or pairs of column and dtype, or ``(name, dtype)``.
            By default ``func`` is run on two made-up rows to see.
        """
        known = None if meta is no_default or meta is None else make_meta(meta, self._meta)
        label = getattr(func, "__name__", "map_partitions").replace("<lambda>", "lambda")
        return on_partitions(
            func,
            self,
            *args,
            label=label,
            meta=known,
            is_pandas=False,
            keeps_divisions=not clear_divisions,
            enforce=enforce_metadata,
            **kwargs,
        )

    def to_delayed(self, optimize_graph: bool = True) -> list:
        """One delayed partition each."""
        raise NotImplementedError("plait.delayed is not there yet")

    # Reductions

    def _reduce(
        self, name: str, call: dict | None = None, skipna: bool = True, ddof: int = 1, min_count: int = 0, numeric_only: bool = False
    ) -> Any:
        def native() -> Any:
            if not are_plain_numbers(name, self._schema) and not all_have_native(name, self._dtypes, numeric_only):
                raise NotNative(name)
            reduced = build("frame_reduce", self, name, bool(skipna), int(ddof), int(min_count), bool(numeric_only))
            return labelled_by_columns(reduced, self)

        return native_or_pandas(native, lambda: method_on_whole(name, self, **(call or {})), self)

    @property
    def _dtypes(self) -> list:
        return [self._meta.dtype]


def _filled(frame: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    return frame.fillna(values)


def _index_of(obj: Any) -> pd.Index:
    return obj.index


def _row_reduction(name: str, doc: str, options: tuple) -> Callable:
    """A reduction with Dask's parameters; over columns (axis=1) it runs on pandas, row by row."""

    def reduce(self, axis=0, skipna=True, numeric_only=False, split_every=False, min_count=0, ddof=1, **kwargs):
        call = {"numeric_only": numeric_only} if numeric_only else {}
        if "skipna" in options:
            call["skipna"] = skipna
        if "min_count" in options:
            call["min_count"] = min_count
        if "ddof" in options:
            call["ddof"] = ddof
        if axis in (1, "columns"):
            return method_on_partitions(name, self, axis=1, **call)
        return self._reduce(name, call, skipna, ddof, min_count, numeric_only)

    reduce.__name__ = name
    reduce.__doc__ = doc
    return reduce


for _name, _doc, _options in (
    ("sum", "The sum.", ("skipna", "min_count")),
    ("prod", "The product.", ("skipna", "min_count")),
    ("mean", "The mean.", ("skipna",)),
    ("min", "The smallest value.", ("skipna",)),
    ("max", "The largest value.", ("skipna",)),
    ("var", "The variance.", ("skipna", "ddof")),
    ("std", "The standard deviation.", ("skipna", "ddof")),
    ("sem", "The standard error of the mean.", ("skipna", "ddof")),
    ("count", "The number of values that are not missing.", ()),
    ("any", "Whether any value is true.", ("skipna",)),
    ("all", "Whether all values are true.", ("skipna",)),
):
    setattr(RowsMixin, _name, _row_reduction(_name, _doc, _options))
RowsMixin.product = RowsMixin.prod

# Methods of pandas that look at one row at a time, and methods that look at all of them: no native kernel yet.
PARTITION_METHODS = ("explode", "to_timestamp", "convert_dtypes", "infer_objects", "rename_axis", "combine_first")
WHOLE_METHODS = ("mode", "skew", "kurtosis", "kurt", "median", "truncate", "to_string", "sample", "squeeze", "to_records")
# Of these, every row has its own result.
ORDERED_METHODS = (
    "cumsum", "cumprod", "cummax", "cummin", "diff", "shift", "ffill", "bfill", "rank", "pct_change", "interpolate",
)  # fmt: skip


def _in_row_order(name: str, frame: FrameBase, *args: Any, **kwargs: Any) -> FrameBase:
    if kwargs.get("axis") in (1, "columns"):
        return method_on_partitions(name, frame, *args, **kwargs)
    return like_rows(method_on_whole(name, frame, *args, **kwargs), frame)



def _add_pandas_methods(cls: type, names: tuple, call: Callable) -> None:
    def method(name: str) -> Callable:
        def run(self, *args, **kwargs):
            kwargs.pop("split_every", None)
            return call(name, self, *args, **kwargs)

        run.__name__ = name
        run.__doc__ = "As in pandas, which computes it (see ``explain``)."
        return run

    for name in names:
        setattr(cls, name, method(name))


_add_pandas_methods(RowsMixin, PARTITION_METHODS, method_on_partitions)
_add_pandas_methods(RowsMixin, WHOLE_METHODS, method_on_whole)
_add_pandas_methods(RowsMixin, ORDERED_METHODS, _in_row_order)

__all__ = ["RowsMixin", "no_default"]
