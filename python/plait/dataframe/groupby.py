"""Groups of rows: ``df.groupby(by)[columns].agg(...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, overload

from .. import _plait
from .._lazy import pandas as pd
from .._missing_names import missing
from . import _labels
from ._aggregation import Aggregation
from ._groups import GroupBy, aggregate_of, degrees_of, function_name, options_of
from ._pandas_calls import answered, no_form
from ._pandas_groups import Plain

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


class DataFrameGroupBy(GroupBy):
    """Groups of the rows of a frame."""

    _makes_frames = True

    if TYPE_CHECKING:
        # What `_add_aggregates` installs.
        def _aggregated(
            self, numeric_only: bool = False, min_count: int = 0, ddof: int = 1, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None
        ) -> DataFrame: ...

        def _by_pandas(self, *args: Any, **kwargs: Any) -> DataFrame: ...

        sum = mean = count = min = max = var = std = first = last = prod = any = all = median = sem = skew = _aggregated
        idxmin = idxmax = head = tail = quantile = describe = filter = _by_pandas
        cumsum = cumprod = cumcount = cummax = cummin = shift = ffill = bfill = rank = diff = _by_pandas

    def __init__(self, obj: Any, by: Any, columns: Any = None, **kwargs: Any):
        super().__init__(obj, by, **kwargs)
        self._columns = columns
        self._kwargs = kwargs

    @overload
    def __getitem__(self, key: list) -> DataFrameGroupBy: ...
    @overload
    def __getitem__(self, key: Any) -> SeriesGroupBy: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, list):
            for label in key:
                self._obj._name_of(label)
            return DataFrameGroupBy(self._obj, self._by, key, **self._kwargs)
        self._obj._name_of(key)
        return SeriesGroupBy(self._obj, self._by, column=key, **self._kwargs)

    def __getattr__(self, name: str) -> SeriesGroupBy:
        # A column: no method, so that a type checker finds a misspelt one.
        if not name.startswith("_") and name in self._obj.columns:
            return self[name]
        raise missing("DataFrameGroupBy", name, self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._obj._attribute_names()})

    @property
    def _value_names(self) -> list[str]:
        labels = self._columns if self._columns is not None else list(self._obj.columns)
        names = [self._obj._name_of(label) for label in labels]
        return names if self._columns is not None else [n for n in names if n not in self._keys]

    def _selection(self) -> Any:
        return self._columns

    def _one(self, function: str, numeric_only: bool, min_count: int, ddof: int) -> Any:
        names = self._value_names
        if numeric_only:
            types = self._obj._meta.dtypes
            names = [n for n in names if pd.api.types.is_numeric_dtype(types[_labels.decode(n)])]
        call = Plain(function, (), options_of(function, numeric_only, min_count, ddof))
        return self._native_or_whole([aggregate_of(n, function, n, ddof, min_count) for n in names], False, function, call)

    def size(self, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None) -> Any:
        """The number of rows of each group."""
        return self._native_or_whole([aggregate_of("", "size", _labels.UNNAMED)], True, "size", Plain("size", (), {}))

    def nunique(self, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None) -> Any:
        """The number of different values of each group."""
        return self._one("nunique", False, 0, 1)

    def aggregate(self, arg: Any = None, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None, **kwargs: Any) -> Any:
        """Aggregates by column: a name, a list of names, a dict of those, or ``out=("column", "name")``."""
        if isinstance(arg, str) and arg == "size":
            return self.size()
        if isinstance(arg, dict):
            self._require_chosen(arg)
            flat = [(label, function) for label, given in arg.items() for function in (given if isinstance(given, (list, tuple)) else [given])]
            if flat and all(isinstance(function, Aggregation) for _, function in flat):
                is_nested = any(isinstance(given, (list, tuple)) for given in arg.values())
                return self._by_aggregations(flat, [(label, function.__name__) if is_nested else label for label, function in flat], False)
        call = Plain("agg", () if arg is None else (arg,), kwargs)
        plan = self._plan(arg, kwargs)
        if plan is None:
            return self._by_group("agg", call, reason="agg: a function of Python or of pandas")
        return self._native_or_whole(plan, False, "agg", call)

    agg = aggregate

    def corr(self, method: Any = "pearson", min_periods: int = 1, numeric_only: bool = False, split_every: Any = None, split_out: Any = None) -> DataFrame:
        """The correlation of every two columns in each group: a matrix for each group, one below the other."""
        call = Plain("corr", (), {"method": method, "min_periods": min_periods, "numeric_only": numeric_only})
        return self._of_pairs(call, lambda groups: groups.corr(int(min_periods), bool(numeric_only), "" if callable(method) else method))

    def cov(
        self, min_periods: int | None = None, ddof: int = 1, numeric_only: bool = False, split_every: Any = None, split_out: Any = None
    ) -> DataFrame:
        """The covariance of every two columns in each group: a matrix for each group, one below the other."""
        call = Plain("cov", (), {"min_periods": min_periods, "ddof": ddof, "numeric_only": numeric_only})
        return self._of_pairs(call, lambda groups: groups.cov(int(min_periods or 1), int(ddof), bool(numeric_only)))

    def _of_pairs(self, call: Plain, ask: Callable) -> Any:
        return answered(self._asked(ask, self._value_names), self._by_group, call.name, call)

    def _require_chosen(self, labels: Any) -> None:
        """Raises KeyError for a label that is none of the columns that were chosen."""
        strange = [label for label in labels if self._columns is not None and label not in self._columns]
        if strange:
            raise KeyError(f"Label(s) {strange} do not exist among the chosen columns {self._columns}")

    def _plan(self, arg: Any, named: dict) -> list[tuple] | None:
        """The aggregates, or None where one of them is no native one."""
        pairs: list[tuple] = []  # label, function, label of the result
        if arg is None:
            if not named:
                raise TypeError("Must provide 'func' or tuples of '(column, aggfunc)'")
            for output, pair in named.items():
                label, function = (pair.column, pair.aggfunc) if isinstance(pair, pd.NamedAgg) else pair
                pairs.append((label, function, output))
        elif isinstance(arg, dict):
            is_nested = any(isinstance(f, (list, tuple, dict)) for f in arg.values())
            for label, functions in arg.items():
                for function in functions if isinstance(functions, (list, tuple)) else [functions]:
                    pairs.append((label, function, (label, _shown(function)) if is_nested else label))
        elif isinstance(arg, (list, tuple)):
            for name in self._value_names:
                label = _labels.decode(name)
                pairs.extend((label, function, (label, _shown(function))) for function in arg)
        else:
            pairs = [(_labels.decode(name), arg, _labels.decode(name)) for name in self._value_names]
        aggregates = []
        for label, function, output in pairs:
            name = self._obj._name_of(label)
            native = function_name(function)
            if native is None:
                if isinstance(function, str) and not hasattr(pd.core.groupby.DataFrameGroupBy, function):
                    raise ValueError(f"unknown aggregate {function!r}")
                return None
            aggregates.append(aggregate_of(name, native, _labels.encode(output), degrees_of(function)))
        return aggregates


class SeriesGroupBy(GroupBy):
    """Groups of the values of a series."""

    _makes_frames = False

    if TYPE_CHECKING:
        # What `_add_aggregates` installs.
        def _aggregated(
            self, numeric_only: bool = False, min_count: int = 0, ddof: int = 1, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None
        ) -> Series: ...

        def _by_pandas(self, *args: Any, **kwargs: Any) -> Series: ...

        sum = mean = count = min = max = var = std = first = last = prod = any = all = median = sem = skew = _aggregated
        idxmin = idxmax = head = tail = corr = cov = quantile = describe = _by_pandas
        cumsum = cumprod = cumcount = cummax = cummin = shift = ffill = bfill = rank = diff = _by_pandas

    else:

        def __getattr__(self, name: str) -> Any:
            raise missing("SeriesGroupBy", name, self)

    def __init__(self, obj: Any, by: Any, column: Any = None, **kwargs: Any):
        super().__init__(obj, by, **kwargs)
        self._label = column if obj.ndim == 2 else obj.name

    @property
    def _column(self) -> str:
        return self._obj._name_of(self._label) if self._obj.ndim == 2 else _labels.encode_name(self._label)

    @property
    def _value_names(self) -> list[str]:
        return [self._column]

    def _selection(self) -> Any:
        return _labels.UNNAMED if self._label is None else self._label

    def _one(self, function: str, numeric_only: bool = False, min_count: int = 0, ddof: int = 1) -> Any:
        call = Plain(function, (), options_of(function, False, min_count, ddof))
        return self._native_or_whole([aggregate_of(self._column, function, self._column, ddof, min_count)], True, function, call)

    def size(self, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None) -> Any:
        """The number of rows of each group."""
        sizes = aggregate_of(self._column, "size", _labels.encode_name(self._label))
        return self._native_or_whole([sizes], True, "size", Plain("size", (), {}))

    def nlargest(self, n: int = 5, keep: str = "first") -> Series:
        """The largest values of each group, labelled by the keys and the rows' own labels; of equal ones the first."""
        return self._top("nlargest", n, keep)

    def nsmallest(self, n: int = 5, keep: str = "first") -> Series:
        """The smallest values of each group, labelled by the keys and the rows' own labels; of equal ones the first."""
        return self._top("nsmallest", n, keep)

    def value_counts(
        self,
        normalize: bool = False,
        sort: bool = True,
        ascending: bool = False,
        bins: Any = None,
        dropna: bool = True,
        split_every: Any = None,
        split_out: Any = None,
        shuffle_method: Any = None,
    ) -> Series:
        """How often each value is in each group, the most frequent first; labelled by the keys and the value."""
        if normalize or not sort or ascending or bins is not None or not dropna:
            answer = no_form("shares, bins, missing values or another order")
        else:
            answer = self._asked(lambda groups: groups.value_counts(), [self._column])
        return answered(answer, self._by_group, "value_counts", Plain("value_counts", (normalize, sort, ascending, bins, dropna), {}))

    def unique(self, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None) -> Series:
        """The different values of each group in the order in which they come, as an array."""
        call = Plain("unique", (), {})
        rows = self._looked_at()
        different = rows if isinstance(rows, _plait.NoNativeForm) else rows._ask("drop_duplicates", [*self._keys, self._column], "first", False)
        return self._by_group("unique", call, rows=different)

    def _top(self, name: str, n: int, keep: str) -> Any:
        if keep != "first":
            answer = no_form(f"keep={keep!r}")
        elif not self._group_keys:
            answer = no_form("group_keys=False")
        else:
            answer = self._asked(lambda groups: getattr(groups, name)(n), [self._column])
        return answered(answer, self._by_group, name, Plain(name, (n, keep), {}))

    def nunique(self, split_every: Any = None, split_out: Any = None) -> Any:
        """The number of different values of each group."""
        return self._one("nunique")

    def aggregate(self, arg: Any = None, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None, **kwargs: Any) -> Any:
        """One aggregate as a series, several as a frame."""
        call = Plain("agg", () if arg is None else (arg,), kwargs)
        if arg is None and kwargs:
            pairs = [(function, output) for output, function in kwargs.items()]
        elif isinstance(arg, (list, tuple)):
            pairs = [(function, _shown(function)) for function in arg]
            if pairs and all(isinstance(function, Aggregation) for function in arg):
                return self._by_aggregations([(self._selection(), function) for function in arg], [label for _, label in pairs], False)
        elif isinstance(arg, dict):
            raise pd.errors.SpecificationError("nested renamer is not supported: name the aggregates as keywords")
        else:
            if isinstance(arg, Aggregation):
                return self._by_aggregations([(self._selection(), arg)], [self._label], True)
            native = function_name(arg)
            if native == "size":
                return self.size()
            if native is None and isinstance(arg, str) and not hasattr(pd.core.groupby.SeriesGroupBy, arg):
                raise ValueError(f"unknown aggregate {arg!r}")
            return self._one(native, ddof=degrees_of(arg)) if native else self._by_group("agg", call)
        named = [(function_name(function), output, degrees_of(function)) for function, output in pairs]
        aggregates = [aggregate_of(self._column, native, _labels.encode(output), ddof) for native, output, ddof in named if native is not None]
        if len(aggregates) < len(pairs):
            return self._by_group("agg", call)
        return self._native_or_whole(aggregates, False, "agg", call)

    agg = aggregate


def _shown(function: Any) -> str:
    return function if isinstance(function, str) else getattr(function, "__name__", str(function))


__all__ = ["Aggregation", "DataFrameGroupBy", "SeriesGroupBy"]
