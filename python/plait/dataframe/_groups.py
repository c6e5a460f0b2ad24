"""What groups of the rows of a frame and of the values of a series share: keys, aggregates, the way to pandas."""

from __future__ import annotations

import functools
import operator
from typing import Any, Callable

from .. import _plait
from .._lazy import pandas as pd
from . import _labels
from ._aggregation import ChunksOf, Combined
from ._collection import FrameBase, is_lazy, wrap
from ._from_pandas import from_pandas
from ._group_functions import GroupFunctions, of_each_row, of_some_rows
from ._literals import is_scalar
from ._options import HINTS, refuse_unknown
from ._pandas_calls import answered, on_partitions, on_whole
from ._pandas_groups import Plain
from ._rows import no_default

_SYNONYMS = {"product": "prod", "amin": "min", "amax": "max"}

# Which of pandas' options the aggregates have.
_COUNTING = ("count", "size", "nunique")
_TRUTHS = ("any", "all")
_OF_FEW_VALUES = ("sum", "prod", "min", "max", "first", "last")
_OF_DEGREES = ("var", "std", "sem")


def function_name(function: Any) -> str | None:
    """The native aggregate that a function stands for, as in pandas: ``"sum"``, ``sum``, ``np.sum``."""
    if isinstance(function, str):
        name = function
    elif function in (sum, min, max) or getattr(function, "__module__", "").startswith("numpy"):
        name = function.__name__
    else:
        return None
    name = _SYNONYMS.get(name, name)
    return name if name in _plait.aggregates() else None


def degrees_of(function: Any) -> int:
    """The delta degrees of freedom: of a function of NumPy they are NumPy's."""
    return 0 if getattr(function, "__module__", "").startswith("numpy") else 1


def aggregate_of(column: str, function: str, output: str, ddof: int = 1, min_count: int = 0) -> tuple:
    """One column of the result, as the engine takes it."""
    return column, function, output, ddof, min_count


class GroupBy(GroupFunctions):
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


def options_of(function: str, numeric_only: bool, min_count: int, ddof: int) -> dict:
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
                kept = options_of(name, numeric_only, min_count or 0, ddof) | ({} if skipna is True else {"skipna": bool(skipna)})
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


_add_aggregates(GroupBy)
