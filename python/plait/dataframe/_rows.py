"""What frames, series and indexes have in common: rows, reductions, and pandas where there is no native kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Self

from .._lazy import LazyModule
from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _labels
from ._along_rows import AlongRowsMixin
from ._collection import FrameBase
from ._cuts import CutsMixin, no_default
from ._indexers import Loc
from ._late import with_values
from ._options import HINTS, refuse_unknown
from ._operators import FlexibleMixin, OperatorsMixin, unary
from ._pandas_calls import answered, make_meta, method_on_partitions, method_on_whole, no_form, nonempty, on_partitions, on_whole
from ._partition_info import WithPartitionInfo, numbers, takes_partition_info
from ._replacements import replacements
from ._resample import ResampleView
from ._row_order import labelled_by_columns
from ._statistics import StatisticsMixin

_bags: Any = LazyModule("plait.bag._frames")


class RowsMixin(AlongRowsMixin, CutsMixin, StatisticsMixin, OperatorsMixin, FlexibleMixin, FrameBase):
    """Rows in partitions."""

    __slots__ = ()

    if TYPE_CHECKING:
        # What the end of this module installs.
        def _method(self, *args: Any, **kwargs: Any) -> Any: ...

        explode = convert_dtypes = infer_objects = rename_axis = combine_first = _method
        mode = truncate = to_string = squeeze = _method

    def __len__(self) -> int:
        return int(answered(self._ask("length"), on_whole, len, self, label="len").compute())

    def __bool__(self) -> bool:
        raise ValueError(f"The truth value of a {type(self).__name__} is ambiguous. Use a.any() or a.all().")

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self.compute(), dtype=dtype)

    def to_bag(self, index: bool = False, format: str = "tuple") -> Any:
        """A bag of the rows, or of the values.

        Parameters
        ----------
        index : bool
            Whether the label of its row is part of an item.
        format : {"tuple", "dict", "frame"}
            What an item is; for "frame" the bag's partitions are those of the frame.

        Returns
        -------
        plait.bag.Bag

        Raises
        ------
        ValueError
            For another format.

        Examples
        --------
        >>> df.to_bag().take(2)
        ((1, 'a'), (2, 'b'))
        """
        return _bags.bag_of_frame(self, index, format)

    # Rows

    def head(self, n: int = 5, npartitions: int = 1, compute: bool = True) -> Self:
        """The first ``n`` rows. Computed, it goes on past the first partition where that is short, and reads no more.

        Examples
        --------
        >>> df.head(2)
           x  k
        0  1  a
        1  2  b
        """
        return self._end("head", n, npartitions, compute)

    def tail(self, n: int = 5, compute: bool = True) -> Self:
        """The last ``n`` rows.

        Examples
        --------
        >>> df.tail(1)
           x  k
        3  4  b
        """
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
            return answered(self._ask(which, n, count), _end_of_objects, which, self, n, count)

        if not compute:
            return lazy(npartitions)
        while True:
            rows = lazy(npartitions).compute()
            if npartitions >= everything or len(rows) >= n:
                return rows
            npartitions = self._engine.more_partitions(npartitions)

    @property
    def loc(self) -> Any:
        """Rows by label or condition: ``df.loc[a:b]``, ``df.loc[df.x > 0, ["x", "y"]]``."""
        return Loc(self)

    def resample(self, rule: Any, *args: Any, **kwargs: Any) -> ResampleView:
        """Rows grouped by spans of the time in their index, before the aggregate is named."""
        return ResampleView(self, "resample", (rule, *args), kwargs)

    @property
    def index(self) -> Any:
        """The row labels."""
        return answered(self._ask("index"), on_partitions, _index_of, self, label="index", keeps_divisions=True)

    @index.setter
    def index(self, labels: Any) -> None:
        if not isinstance(labels, FrameBase):
            raise TypeError(f"the index must be a lazy series or index, found {type(labels).__name__}; make it one with from_pandas, or use set_index")
        self._become(on_partitions(_with_labels, self, labels, label="set_axis", keeps_divisions=False))

    @property
    def size(self) -> Any:
        """The number of elements, computed lazily."""
        return answered(self._ask("length"), on_whole, len, self, label="len") * self._width

    @property
    def _width(self) -> int:
        return 1

    def isna(self) -> Self:
        """Whether values are missing.

        Examples
        --------
        >>> df.x.isna().any().compute()
        np.False_
        """
        return answered(self._ask("unary", "isna"), method_on_partitions, "isna", self)

    isnull = isna

    def notna(self) -> Self:
        """Whether values are not missing."""
        return answered(self._ask("unary", "notna"), method_on_partitions, "notna", self)

    notnull = notna

    def abs(self) -> Self:
        """Absolute values."""
        return unary(self, "abs")

    def round(self, decimals: Any = 0) -> Self:
        """Rounded numbers."""
        answer = self._ask("round", decimals) if isinstance(decimals, int) else no_form("round: decimals by column")
        return answered(answer, method_on_partitions, "round", self, decimals)

    def clip(self, lower: Any = None, upper: Any = None, axis: Any = None, **kwargs: Any) -> Self:
        """Values held within bounds.

        Examples
        --------
        >>> df.x.clip(2, 3).compute().tolist()
        [2, 2, 3, 3]
        """
        refuse_unknown("clip", kwargs)
        answer = self._ask("clip", lower, upper)
        return answered(answer, method_on_partitions, "clip", self, lower, upper, axis=axis)

    def fillna(self, value: Any = None, axis: Any = None) -> Self:
        """Missing values replaced by a constant, by one a column, or from another collection.

        Examples
        --------
        >>> df.x.shift(1).fillna(0).compute().tolist()
        [0.0, 1.0, 2.0, 3.0]
        """
        if value is None:
            raise ValueError("fillna needs a value")
        if self.ndim == 1 and axis not in (None, 0, "index"):
            raise ValueError(f"No axis named {axis} for object type Series")
        if isinstance(value, FrameBase) and value.ndim == 1 and self.ndim == 2 and value.npartitions == 1:
            return on_partitions(_filled, self, value, label="fillna", meta=self._meta, aligns=False)  # a value for each column
        if isinstance(value, dict) and self.ndim == 2:
            answer = self._ask("fillna_columns", {_labels.encode(k): v for k, v in value.items() if k in self._meta.columns})
        else:
            answer = self._ask("fillna", value)
        return answered(answer, method_on_partitions, "fillna", self, value)

    def where(self, cond: Any, other: Any = float("nan")) -> Self:
        """Values where a condition holds, else ``other``.

        Examples
        --------
        >>> df.x.where(df.x > 2, 0).compute().tolist()
        [0, 0, 3, 4]
        """
        return self._where("where", cond, other)

    def mask(self, cond: Any, other: Any = float("nan")) -> Self:
        """Values where a condition does not hold, else ``other``.

        Examples
        --------
        >>> df.x.mask(df.x > 2, 0).compute().tolist()
        [1, 2, 0, 0]
        """
        return self._where("mask", cond, other)

    def _where(self, name: str, cond: Any, other: Any) -> Any:
        answer = self._ask(name, cond, other) if isinstance(cond, FrameBase) else no_form(f"{name}: the condition is not lazy")

        def by_pandas(reason: str) -> Any:
            rows = nonempty(self._meta)  # some of which are replaced
            meta = rows.mask(np.ones(rows.shape, dtype=bool), nonempty(getattr(other, "_meta", other)))
            return method_on_partitions(name, self, cond, other, meta=meta, reason=reason)

        return answered(answer, by_pandas)

    def isin(self, values: Any) -> Self:
        """Whether values are among ``values``.

        Examples
        --------
        >>> df.k.isin(['a']).compute().tolist()
        [True, False, True, False]
        """

        if isinstance(values, FrameBase) or (self.ndim == 2 and isinstance(values, (pd.Series, pd.DataFrame))):
            kind = f"lazy {type(values).__name__}" if isinstance(values, FrameBase) else type(values).__name__
            raise NotImplementedError(f"isin takes values, not a {kind}: give a list or a dict of lists, or use merge")
        if not isinstance(values, (dict, list, tuple, set, frozenset, range, np.ndarray, pd.Series, pd.Index)):
            raise TypeError(f"isin takes a list-like of values; found {type(values).__name__}")
        answer = no_form("isin: values by column") if isinstance(values, dict) else self._ask("isin", list(values))
        kept = list(values) if isinstance(values, (set, frozenset, tuple, range)) else values
        return answered(answer, method_on_partitions, "isin", self, kept)

    def replace(self, to_replace: Any = None, value: Any = no_default, regex: bool = False) -> Self:
        """Values replaced by others.

        Examples
        --------
        >>> df.x.replace(1, 10).compute().tolist()
        [10, 2, 3, 4]
        """
        kwargs = {} if value is no_default else {"value": value}
        pairs = None if regex is not False else replacements(to_replace, value, value is not no_default, self.ndim == 2)
        answer = no_form("replace: patterns, or other than plain constants") if pairs is None else self._ask("replace", pairs)
        return answered(answer, method_on_partitions, "replace", self, to_replace, regex=regex, **kwargs)

    # Partitions

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
            Further arguments; collections give their partitions, delayed values what they are. ``token`` is what the layer of tasks
            is called.
        meta : object, optional
            What the result looks like: an empty pandas object, a dict or pairs of column and dtype, or ``(name, dtype)``.
            By default ``func`` is run on two made-up rows to see.

        A function with a parameter ``partition_info`` gets a dict with the ``"number"`` of the partition and its ``"division"``, the
        label at which it begins.

        Examples
        --------
        >>> df.map_partitions(lambda part: len(part)).compute().tolist()
        [2, 2]
        """
        known = None if meta is no_default or meta is None else make_meta(meta, self._meta)
        label = str(kwargs.pop("token", None) or getattr(func, "__name__", "map_partitions").replace("<lambda>", "lambda"))
        if takes_partition_info(func) and kwargs.get("partition_info") is None and not align_dataframes:
            kwargs.pop("partition_info", None)
            func, args = WithPartitionInfo(func, self.divisions), (*args, numbers(self.npartitions))
        func, given, kwargs = with_values(func, (self, *args), kwargs, known)
        return on_partitions(
            func,
            *given,
            label=label,
            meta=known,
            is_pandas=False,
            keeps_divisions=False if clear_divisions else None,
            enforce=enforce_metadata,
            aligns=align_dataframes,
            **kwargs,
        )

    # Reductions

    def _reduce(self, name: str, call: dict | None = None, skipna: bool = True, ddof: int = 1, min_count: int = 0, numeric_only: bool = False) -> Any:
        answer = self._ask("reduce", name, bool(skipna), int(ddof), int(min_count), bool(numeric_only))
        return answered(labelled_by_columns(answer, self), method_on_whole, name, self, **(call or {}))

    @property
    def _dtypes(self) -> list:
        return [self._meta.dtype]


def _end_of_objects(which: str, frame: FrameBase, n: int, count: int, reason: str) -> FrameBase:
    """The first or last rows of the first or last partitions of pandas objects."""
    everything = frame.npartitions
    numbers = list(range(count)) if which == "head" else list(range(everything - count, everything))
    parts = method_on_partitions(which, frame, n, reason=reason)._ask("partitions", numbers)
    return method_on_whole(which, parts, n, reason=reason)


def _filled(frame: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    return frame.fillna(values)


def _with_labels(rows: Any, labels: Any) -> Any:
    return rows.set_axis(pd.Index(labels), axis=0)


def _index_of(obj: Any) -> pd.Index:
    return obj.index


# Reductions of all values are these of the columns' ones.
_OF_THEMSELVES = ("sum", "prod", "min", "max", "any", "all")


def _missing_count_as_true(self: Any, name: str, skipna: bool) -> bool:
    """Whether any() and all() look at missing values, of types that have some."""
    return name in ("any", "all") and not skipna and any(getattr(dtype, "kind", "O") not in "iub" or not isinstance(dtype, np.dtype) for dtype in self._dtypes)


def _row_reduction(name: str, doc: str, options: tuple) -> Callable:
    """A reduction with Dask's parameters; over columns (axis=1) it runs on pandas, row by row."""

    def reduce(self, axis=0, skipna=True, numeric_only=False, split_every=False, min_count=0, ddof=1, **kwargs):
        by_numpy = [option for option in ("dtype", "out") if kwargs.get(option, 0) is None]  # np.sum(df) says them
        refuse_unknown(name, {option: value for option, value in kwargs.items() if option not in by_numpy}, HINTS)
        given = {"skipna": (skipna, True), "min_count": (min_count, 0), "ddof": (ddof, 1)}
        refuse_unknown(name, {option: value for option, (value, default) in given.items() if option not in options and value != default})
        call = {"numeric_only": numeric_only} if numeric_only else {}
        if "skipna" in options:
            call["skipna"] = skipna
        if "min_count" in options:
            call["min_count"] = min_count
        if "ddof" in options:
            call["ddof"] = ddof
        if axis in (1, "columns"):
            return method_on_partitions(name, self, axis=1, **call)
        if axis not in (0, "index", "rows", None):
            raise ValueError(f"No axis named {axis} for object type {type(self).__name__}")
        if axis is None and self.ndim == 2:
            return _of_all_values(self, name, call)
        if _missing_count_as_true(self, name, skipna):
            return method_on_whole(name, self, **call)
        return self._reduce(name, call, skipna, ddof, min_count, numeric_only)

    reduce.__name__ = name
    reduce.__doc__ = doc
    return reduce


def _of_all_values(frame: Any, name: str, call: dict) -> Any:
    """One value for a whole frame (axis=None)."""
    if name not in _OF_THEMSELVES or call.get("min_count") or call.get("skipna") is False:
        return method_on_whole(name, frame, axis=None, **call)
    return getattr(getattr(frame, name)(**call), name)()


for _name, _doc, _options in (
    ("sum", "The sum.", ("skipna", "min_count")),
    ("prod", "The product.", ("skipna", "min_count")),
    ("product", "The product.", ("skipna", "min_count")),
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
    setattr(RowsMixin, _name, _row_reduction("prod" if _name == "product" else _name, _doc, _options))

# Methods of pandas that look at one row at a time, and methods that look at all of them: no native kernel yet.
PARTITION_METHODS = ("explode", "convert_dtypes", "infer_objects", "rename_axis", "combine_first")
WHOLE_METHODS = ("mode", "truncate", "to_string", "squeeze")


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

__all__ = ["RowsMixin", "no_default"]
