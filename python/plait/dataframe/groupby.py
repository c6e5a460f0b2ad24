"""Groups of rows: ``df.groupby(by)[columns].agg(...)``."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any, Callable, overload

from .._lazy import pandas as pd
from .._missing_names import missing
from . import _labels
from ._aggregation import Aggregation, ChunksOf, Combined
from .. import _plait
from ._collection import FrameBase, is_lazy, wrap
from ._from_pandas import from_pandas
from ._group_functions import GroupFunctions, of_each_row, of_some_rows
from ._literals import is_scalar
from ._options import HINTS, refuse_unknown
from ._pandas_calls import answered, no_form, on_partitions, on_whole
from ._pandas_groups import Plain
from ._rows import no_default

_SYNONYMS = {"product": "prod", "amin": "min", "amax": "max"}

# Which of pandas' options the aggregates have.
_COUNTING = ("count", "size", "nunique")
_TRUTHS = ("any", "all")
_OF_FEW_VALUES = ("sum", "prod", "min", "max", "first", "last")
_OF_DEGREES = ("var", "std", "sem")


def _function_name(function: Any) -> str | None:
    """The native aggregate that a function stands for, as in pandas: ``"sum"``, ``sum``, ``np.sum``."""
    if isinstance(function, str):
        name = function
    elif function in (sum, min, max) or getattr(function, "__module__", "").startswith("numpy"):
        name = function.__name__
    else:
        return None
    name = _SYNONYMS.get(name, name)
    return name if name in _plait.aggregates() else None


def _degrees_of(function: Any) -> int:
    """The delta degrees of freedom: of a function of NumPy they are NumPy's."""
    return 0 if getattr(function, "__module__", "").startswith("numpy") else 1


def _aggregate_of(column: str, function: str, output: str, ddof: int = 1, min_count: int = 0) -> tuple:
    """One column of the result, as the engine takes it."""
    return column, function, output, ddof, min_count


if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


class _GroupBy(GroupFunctions):
    """What groups of a frame and of a series share."""

    def __init__(self, obj: Any, by: Any, sort: Any = None, observed: Any = None, dropna: Any = None, group_keys: Any = None, **kwargs: Any):
        if kwargs.pop("as_index", True) is not True:
            raise NotImplementedError("groupby: as_index=False is not there; use reset_index on the result")
        if kwargs:
            raise TypeError(f"groupby() got an unexpected keyword argument {next(iter(kwargs))!r}")
        self._by = by
        said = {"sort": sort, "observed": observed, "dropna": dropna}
        self._options = {option: True if value is None else bool(value) for option, value in said.items()}
        self._group_keys = True if group_keys is None else bool(group_keys)
        self._obj = obj
        self._frame, self._keys, self._key_names = self._with_keys(obj, by)

    def _with_keys(self, obj: Any, by: Any) -> tuple[Any, list[str], dict]:
        """The frame with every key as a column, the keys' names there, and the names that they get in the result."""
        frame = obj if obj.ndim == 2 else obj.to_frame(name=_labels.UNNAMED if obj.name is None else obj.name)
        keys, renamed = [], {}
        for i, key in enumerate(by if isinstance(by, list) else [by]):
            if type(key) is pd.Grouper and key.key is not None:
                key = key.key
            if isinstance(key, pd.Series):
                key = from_pandas(key, npartitions=1)
            if callable(key) and not is_lazy(key):
                key = frame.index.to_series().map(key)
            if is_lazy(key):
                if obj.ndim == 2 and key.name in frame.columns and _is_column(frame, key):
                    keys.append(frame._name_of(key.name))
                    continue
                temporary = f"__by_{i}__"
                frame = frame._assign(temporary, key)
                keys.append(temporary)
                renamed[temporary] = _labels.encode_level(key.name, i)
            elif isinstance(key, pd.Grouper):
                raise NotImplementedError("groupby by a Grouper of spans of time is not there; expected column labels or series")
            elif is_scalar(key) and key is not None and key == frame._meta.index.name and (obj.ndim == 1 or key not in frame.columns):
                temporary = f"__by_{i}__"
                frame = frame._assign(temporary, frame.index)
                keys.append(temporary)
                renamed[temporary] = _labels.encode_level(key, i)
            else:
                keys.append(frame._name_of(key))
        return frame, keys, renamed

    def _aggregate(self, aggregates: list[tuple], as_series: bool) -> Any:
        """What the engine answers to these aggregates."""
        groups = self._engine_groups(self._frame)
        if isinstance(groups, _plait.NoNativeForm):
            return groups
        return wrap(groups.aggregate_series(aggregates[0]) if as_series else groups.aggregate(aggregates))

    def _asked(self, ask: Callable, columns: list[str]) -> Any:
        """What the engine's groups of some columns answer."""
        groups = self._engine_groups(self._frame)
        answer = groups if isinstance(groups, _plait.NoNativeForm) else ask(groups.of_columns(columns))
        return answer if isinstance(answer, _plait.NoNativeForm) else wrap(answer)

    def _native_or_whole(self, aggregates: list[tuple], as_series: bool, name: str, call: Callable) -> Any:
        return answered(self._aggregate(aggregates, as_series), self._by_group, name, call)

    def _by_aggregations(self, pairs: list[tuple], labels: list, as_series: bool) -> Any:
        """The result of a user's own aggregations, each of values with a label: chunks of each partition, then the rest."""
        chunks = on_partitions(self._groups_of(None, ChunksOf(pairs)), self._frame, label="groupby.agg", keeps_divisions=False)
        return on_whole(Combined([aggregation for _, aggregation in pairs], labels, self._options, as_series), chunks, label="groupby.agg")

    def get_group(self, key: Any) -> Any:
        """The rows of one group."""
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) != len(self._keys):
            raise ValueError(f"get_group: the groups have {len(self._keys)} keys, found {key!r}")
        mask = functools.reduce(operator.and_, (self._frame[label] == k for label, k in zip(self._pandas_keys(), keys)))
        chosen = self._obj[mask]
        return chosen if self._selection() is None or chosen.ndim == 1 else chosen[self._selection()]

    def __iter__(self) -> Any:
        raise NotImplementedError("groups cannot be iterated over without computing all; use get_group, apply, or compute() first")

    def compute(self, **kwargs: Any) -> Any:
        """Groups have no value: say what to do with them."""
        raise NotImplementedError("DataFrameGroupBy does not allow compute method. Please chain it with an aggregation method like ``.mean()`` or get a specific group")


def _options_of(function: str, numeric_only: bool, min_count: int, ddof: int) -> dict:
    """What pandas takes for an aggregate."""
    given = {"ddof": ddof} if function in _OF_DEGREES else {}
    if numeric_only and function not in (*_COUNTING, *_TRUTHS):
        given["numeric_only"] = True
    return given | ({"min_count": min_count} if min_count else {})


def _is_column(frame: Any, series: Any) -> bool:
    column = frame._ask("column", frame._name_of(series.name))
    return isinstance(column, FrameBase) and column.expr.token == series.expr.token


def _add_aggregates(cls: Any) -> None:
    def method(name: str) -> Callable:
        def aggregate(self, numeric_only=False, min_count=None, ddof=1, split_every=None, split_out=None, shuffle_method=None, skipna=True, **kwargs):
            refuse_unknown(f"groupby.{name}", kwargs, HINTS)
            if ddof != 1 and name not in _OF_DEGREES:
                refuse_unknown(f"groupby.{name}", {"ddof": ddof})
            if min_count is not None and name not in _OF_FEW_VALUES:
                refuse_unknown(f"groupby.{name}", {"min_count": min_count})
            if skipna is not True and name in _COUNTING:
                refuse_unknown(f"groupby.{name}", {"skipna": skipna})
            needs_several = (min_count or 0) > 1 and name not in ("sum", "prod")
            if skipna is not True or needs_several:
                kept = _options_of(name, numeric_only, min_count or 0, ddof) | ({} if skipna is True else {"skipna": bool(skipna)})
                return self._by_group(name, Plain(name, (), kept), reason=f"{name}: {'min_count' if needs_several else 'skipna=False'}")
            return self._one(name, numeric_only=numeric_only, min_count=max(min_count or 0, 0), ddof=ddof)

        aggregate.__name__ = name
        aggregate.__doc__ = f"The {name} of each group."
        return aggregate

    def by_pandas(name: str, way: Callable) -> Callable:
        def call(self, *args, meta=no_default, **kwargs):
            return way(self, name, Plain(name, args, {option: value for option, value in kwargs.items() if option not in HINTS}), meta)

        call.__name__ = name
        call.__doc__ = "As in pandas, which computes it (see ``explain``)."
        return call

    for name in _plait.aggregates():
        setattr(cls, name, method(name))

    ways = {
        cls._by_group: ("idxmin", "idxmax", "quantile", "describe"),
        of_some_rows: ("head", "tail", "filter"),
        of_each_row: ("cumsum", "cumprod", "cumcount", "cummax", "cummin", "shift", "ffill", "bfill", "rank", "diff"),
    }
    for way, names in ways.items():
        for name in names:
            setattr(cls, name, by_pandas(name, way))


_add_aggregates(_GroupBy)


class DataFrameGroupBy(_GroupBy):
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
        call = Plain(function, (), _options_of(function, numeric_only, min_count, ddof))
        return self._native_or_whole([_aggregate_of(n, function, n, ddof, min_count) for n in names], False, function, call)

    def size(self, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None) -> Any:
        """The number of rows of each group."""
        return self._native_or_whole([_aggregate_of("", "size", _labels.UNNAMED)], True, "size", Plain("size", (), {}))

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
            native = _function_name(function)
            if native is None:
                if isinstance(function, str) and not hasattr(pd.core.groupby.DataFrameGroupBy, function):
                    raise ValueError(f"unknown aggregate {function!r}")
                return None
            aggregates.append(_aggregate_of(name, native, _labels.encode(output), _degrees_of(function)))
        return aggregates


class SeriesGroupBy(_GroupBy):
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
        call = Plain(function, (), _options_of(function, False, min_count, ddof))
        return self._native_or_whole([_aggregate_of(self._column, function, self._column, ddof, min_count)], True, function, call)

    def size(self, split_every: Any = None, split_out: Any = None, shuffle_method: Any = None) -> Any:
        """The number of rows of each group."""
        sizes = _aggregate_of(self._column, "size", _labels.encode_name(self._label))
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
            native = _function_name(arg)
            if native == "size":
                return self.size()
            if native is None and isinstance(arg, str) and not hasattr(pd.core.groupby.SeriesGroupBy, arg):
                raise ValueError(f"unknown aggregate {arg!r}")
            return self._one(native, ddof=_degrees_of(arg)) if native else self._by_group("agg", call)
        named = [(_function_name(function), output, _degrees_of(function)) for function, output in pairs]
        aggregates = [_aggregate_of(self._column, native, _labels.encode(output), ddof) for native, output, ddof in named if native is not None]
        if len(aggregates) < len(pairs):
            return self._by_group("agg", call)
        return self._native_or_whole(aggregates, False, "agg", call)

    agg = aggregate


def _shown(function: Any) -> str:
    return function if isinstance(function, str) else getattr(function, "__name__", str(function))


__all__ = ["Aggregation", "DataFrameGroupBy", "SeriesGroupBy"]
