"""The filters of ``read_parquet`` as a condition on rows."""

from __future__ import annotations

import functools
import operator
from typing import Any, Callable

from .._lazy import pandas as pd


_COMPARISONS = {"==": "eq", "=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def _is_among(value: Any, values: Any) -> bool:
    return value in values


_TESTS: dict[str, Callable] = {op: getattr(operator, name) for op, name in _COMPARISONS.items()} | {"in": _is_among, "not in": _is_among}


def condition_of(frame: Any, filters: Any) -> Any:
    """The rows that filters in Dask's form select; a missing value is not equal to any, as in pandas."""
    if not isinstance(filters, (list, tuple)) or not all(isinstance(part, (list, tuple)) for part in filters):
        raise TypeError(f"read_parquet: filters= takes tuples (column, op, value) in a list or list of lists; found {filters!r}")
    groups = [filters] if isinstance(filters[0], tuple) else filters
    return functools.reduce(operator.or_, (functools.reduce(operator.and_, (_term(frame, *t) for t in group)) for group in groups))


def _term(frame: Any, *parts: Any) -> Any:
    if len(parts) != 3:
        raise ValueError(f"read_parquet: a filter is (column, op, value), found {parts!r}")
    column, op, value = parts
    if op in ("is", "is not"):
        if not pd.isna(value):
            raise ValueError(f"read_parquet: the filter {op!r} is for missing values, found {value!r}")
        missing = _values_of(frame, column).isna()
        return missing if op == "is" else ~missing
    if op not in _TESTS:
        raise ValueError(f"read_parquet: unknown filter {op!r}; expected one of {', '.join(_TESTS)}")
    values = _values_of(frame, column)
    if isinstance(values.dtype, pd.CategoricalDtype) and (values.cat.known or op in ("<", "<=", ">", ">=")):
        values = values if values.cat.known else values.cat.as_known()
        chosen = values.isin([category for category in values.dtype.categories if _TESTS[op.removeprefix("not ")](category, value)])
        return ~chosen if op == "not in" else chosen
    if op in ("in", "not in"):
        chosen = values.isin(list(value))
        return chosen if op == "in" else ~chosen
    return getattr(values, _COMPARISONS[op])(value)


def _values_of(frame: Any, column: Any) -> Any:
    """A column, or the labels."""
    return frame.index.to_series() if column not in frame.columns and column == frame._meta.index.name else frame[column]
