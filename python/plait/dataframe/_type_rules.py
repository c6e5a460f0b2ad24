"""Which types have native kernels for what; pandas does, or refuses, the rest."""

from __future__ import annotations

import datetime
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd

_COUNTS = {"count", "size", "nunique"}
_ORDER = {"min", "max", "first", "last"}
_SUMS = {"sum", "prod", "mean", "var", "std", "sem", "any", "all"}


def _kind(dtype: Any) -> str:
    if isinstance(dtype, pd.CategoricalDtype):
        return "category"
    if isinstance(dtype, pd.StringDtype):
        return "text"
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "datetime"
    kind = getattr(dtype, "kind", "O")
    if isinstance(dtype, pd.ArrowDtype):
        return "number" if kind in "iuf" else "arrow"
    return {"M": "datetime", "m": "timedelta", "i": "number", "u": "number", "f": "number", "b": "number"}.get(kind, "object")


_NATIVE = {
    "number": _COUNTS | _ORDER | _SUMS,
    "datetime": _COUNTS | _ORDER | {"mean"},
    "timedelta": _COUNTS | _ORDER | {"mean", "sum"},
    "text": _COUNTS | _ORDER,
    "arrow": _COUNTS | _ORDER,
    "category": _COUNTS,
    "object": set(),
}


_PLAIN_NUMBERS = {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)} | {"float32", "float64"}


def are_plain_numbers(function: str, schema: Any) -> bool:
    """Whether all columns are NumPy numbers, which the engine reduces by this function. Asks without loading pandas."""
    return function in _NATIVE["number"] and all(type_text in _PLAIN_NUMBERS for _, type_text, *_ in schema.schema[1])


def has_native(function: str, dtype: Any) -> bool:
    """Whether the engine reduces columns of this type so."""
    return function in _NATIVE[_kind(dtype)]


def all_have_native(function: str, dtypes: Any, numeric_only: bool = False) -> bool:
    """Whether the engine reduces a frame with columns of these types so."""
    if numeric_only and any(_kind(d) == "arrow" for d in dtypes):
        return False  # pandas counts Arrow's bools among the others
    kept = [d for d in dtypes if not numeric_only or _kind(d) == "number"]
    mixes_bools = {"min", "max"} & {function} and len({d.kind == "b" for d in kept}) > 1
    return all(has_native(function, d) for d in kept) and not mixes_bools


def check_order(method: str, label: Any, dtype: Any) -> None:
    """Raises TypeError, as pandas does, where nlargest and nsmallest have no meaning."""
    if _kind(dtype) in ("number", "datetime", "timedelta") or dtype == object:
        return
    raise TypeError(f"Column {label!r} has dtype {dtype}, cannot use method {method!r} with this dtype; expected numbers or dates")


def counted_dtype(dtype: Any, normalize: bool = False) -> str:
    """The type of counts of values of a type, as ``value_counts`` has it."""
    is_text_of_arrow = isinstance(dtype, pd.StringDtype) and dtype.na_value is pd.NA and dtype.storage == "pyarrow"
    if isinstance(dtype, pd.ArrowDtype) or is_text_of_arrow:
        return "double[pyarrow]" if normalize else "int64[pyarrow]"
    if isinstance(dtype, np.dtype) or isinstance(dtype, pd.StringDtype) or isinstance(dtype, pd.DatetimeTZDtype):
        return "float64" if normalize else "int64"
    return "Float64" if normalize else "Int64"


def sized_dtype(dtype: Any) -> str:
    """The type of the sizes of groups of a series, as ``SeriesGroupBy.size`` has it."""
    if isinstance(dtype, pd.ArrowDtype):
        return "int64[pyarrow]"
    if isinstance(dtype, pd.StringDtype):
        return "Int64" if dtype.na_value is pd.NA else "int64"
    return "Int64" if hasattr(dtype, "numpy_dtype") or isinstance(dtype, pd.BooleanDtype) else "int64"


def fits(value: Any, dtype: Any) -> bool:
    """Whether a constant is of the kind of a column, so that the engine compares it with values or puts it among them."""
    kind = _kind(dtype)
    if value is None or value is pd.NA or value is pd.NaT:
        return kind != "object"
    if kind == "number":
        is_bool = isinstance(dtype, pd.BooleanDtype) or isinstance(dtype, pd.ArrowDtype) and dtype.kind == "b"
        return isinstance(value, (bool, np.bool_)) if is_bool else pd.api.types.is_number(value) or isinstance(value, (bool, np.bool_))
    if kind == "text":
        return isinstance(value, str)
    if kind == "datetime":
        return isinstance(value, (datetime.datetime, np.datetime64)) or isinstance(value, str) and _is_moment(value)
    if kind == "timedelta":
        return isinstance(value, (datetime.timedelta, np.timedelta64))
    return kind == "category" and value in dtype.categories


def _is_moment(text: str) -> bool:
    try:
        pd.Timestamp(text)
    except ValueError:
        return False
    return True


def has_native_astype(source: Any, target: Any) -> bool:
    """Whether the engine converts so; pandas' texts of times, and its categories of other types than NumPy's, are its own."""
    from_kind, to_kind = _kind(source), _kind(pd.api.types.pandas_dtype(target))
    if from_kind == "category":
        return False
    if to_kind == "category":
        return isinstance(source, np.dtype) or isinstance(source, pd.StringDtype) and source.na_value is np.nan
    return not (to_kind == "text" and (from_kind in ("datetime", "timedelta", "arrow") or source == np.uint64))
