"""Lazy dataframes with the API of ``dask.dataframe``: pandas' methods on partitions of Arrow memory."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from .. import compat
from .._lazy import pandas as pd
from .._missing_names import missing
from ..base import compute
from . import index, scalar  # noqa: F401  (they register themselves)
from ._arrays import from_array, from_dask_array, from_map, to_dask_array, to_records
from ._delayed import from_delayed
from ._late import with_values
from ._pandas_calls import make_meta, on_partitions
from ._rows import no_default
from .frame import DataFrame
from .groupby import Aggregation
from .index import Index
from .io import from_dict, from_pandas, read_csv, read_fwf, read_json, read_orc, read_parquet, read_sql, read_sql_query, read_sql_table, read_table
from .io import to_csv, to_json, to_orc, to_parquet, to_sql
from .merge import concat, merge, merge_asof
from .scalar import Scalar
from .series import Series

__all__ = [
    "Aggregation",
    "DataFrame",
    "Index",
    "Scalar",
    "Series",
    "compute",
    "concat",
    "from_array",
    "from_dask_array",
    "from_delayed",
    "from_dict",
    "from_map",
    "from_pandas",
    "get_dummies",
    "isna",
    "map_overlap",
    "map_partitions",
    "melt",
    "merge",
    "merge_asof",
    "pivot_table",
    "read_csv",
    "read_fwf",
    "read_json",
    "read_orc",
    "read_parquet",
    "read_sql",
    "read_sql_query",
    "read_sql_table",
    "read_table",
    "repartition",
    "to_bag",
    "to_csv",
    "to_datetime",
    "to_json",
    "to_numeric",
    "to_orc",
    "to_parquet",
    "to_records",
    "to_sql",
    "to_timedelta",
]

for _kind in (DataFrame, Series, Index):
    _kind.to_dask_array = to_dask_array
    _kind.to_records = to_records


def map_partitions(
    func: Any,
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
    """``func`` of the partitions of its arguments; see :meth:`DataFrame.map_partitions`."""
    like = next((a._meta for a in args if hasattr(a, "_meta")), None)
    known = None if meta is no_default or meta is None else make_meta(meta, like)
    label = str(kwargs.pop("token", None) or getattr(func, "__name__", "map_partitions").replace("<lambda>", "lambda"))
    func, args, kwargs = with_values(func, args, kwargs, known)
    keeps_divisions = False if clear_divisions else None
    options: dict[str, Any] = {"label": label, "meta": known, "is_pandas": False, "keeps_divisions": keeps_divisions}
    options |= {"enforce": enforce_metadata, "aligns": align_dataframes}
    return on_partitions(func, *args, **options, **kwargs)


def map_overlap(func: Any, df: Any, before: Any, after: Any, *args: Any, **kwargs: Any) -> Any:
    """``func`` of each partition together with rows around it; see :meth:`DataFrame.map_overlap`."""
    rows: Any = df if hasattr(df, "__plait_exprs__") else from_pandas(df, npartitions=1)
    return rows.map_overlap(func, before, after, *args, **kwargs)


def repartition(df: Any, divisions: Any, force: bool = False) -> Any:
    """The same rows cut at labels; a pandas object becomes lazy. See :meth:`DataFrame.repartition`."""
    if hasattr(df, "__plait_exprs__"):
        return df.repartition(divisions=divisions, force=force)
    rows: Any = from_pandas(df, npartitions=1)
    return rows.repartition(divisions=divisions, force=True)  # there are no divisions yet that it could go beyond


def to_bag(df: Any, index: bool = False, format: str = "tuple") -> Any:
    """A bag of the rows; see :meth:`DataFrame.to_bag`."""
    return df.to_bag(index, format)


def isna(arg: Any) -> Any:
    """Whether values are missing."""
    return arg.isna()


def to_datetime(arg: Any, meta: Any = None, **kwargs: Any) -> Any:
    """Text or numbers as dates."""
    if isinstance(arg, (tuple, list)):
        raise NotImplementedError("to_datetime of a list is pandas' business: use pandas.to_datetime")
    if meta is None:
        # Made-up text is no date; the result's unit is what pandas gives for real ones.
        is_text = arg.ndim == 1 and (arg._meta.dtype == object or isinstance(arg._meta.dtype, pd.StringDtype))
        sample = pd.Series(["2000-01-01"], dtype=arg._meta.dtype, name=arg.name) if is_text and "format" not in kwargs else None
        if is_text and "format" in kwargs:
            sample = pd.Series([pd.Timestamp("2000-01-01").strftime(kwargs["format"])], name=arg.name) if "%" in kwargs["format"] else None
        meta = pd.to_datetime(sample, **kwargs).iloc[:0] if sample is not None else None
    return on_partitions(pd.to_datetime, arg, label="to_datetime", meta=meta, **kwargs)


def to_numeric(arg: Any, errors: str = "raise", downcast: Any = None, meta: Any = None) -> Any:
    """Text as numbers."""
    is_text = getattr(arg, "ndim", 0) == 1 and (arg._meta.dtype == object or isinstance(arg._meta.dtype, pd.StringDtype))
    if meta is None and is_text:
        meta = pd.to_numeric(pd.Series(["1"], dtype=arg._meta.dtype, name=arg.name), downcast=downcast).iloc[:0]
    return on_partitions(pd.to_numeric, arg, errors=errors, downcast=downcast, label="to_numeric", meta=meta)


def to_timedelta(arg: Any, unit: Any = None, errors: str = "raise") -> Any:
    """Text or numbers as spans of time."""
    if getattr(arg, "ndim", 0) != 1:
        return pd.to_timedelta(arg, unit=unit, errors=errors)
    is_text = arg._meta.dtype == object or isinstance(arg._meta.dtype, pd.StringDtype)
    sample = pd.Series(["1"] if is_text else [1], dtype=arg._meta.dtype, name=arg.name)  # any text may count nanoseconds
    meta = pd.to_timedelta(sample if sample.dtype.kind != "f" else sample * 1.5, unit=unit).iloc[:0]
    return on_partitions(_spans, arg, label="to_timedelta", meta=meta, unit=unit, errors=errors, dtype=meta.dtype)


def _spans(values: Any, unit: Any, errors: str, dtype: Any) -> Any:
    # pandas chooses the resolution by the values: partitions need the same.
    return pd.to_timedelta(values, unit=unit, errors=errors).astype(dtype)


def melt(frame: Any, id_vars: Any = None, value_vars: Any = None, var_name: Any = None, value_name: str = "value", col_level: Any = None) -> Any:
    """Columns as rows; see :meth:`DataFrame.melt`."""
    return frame.melt(id_vars, value_vars, var_name, value_name, col_level)


def pivot_table(df: Any, index: Any, columns: Any, values: Any, aggfunc: Any = "mean") -> Any:
    """Aggregates by two columns; see :meth:`DataFrame.pivot_table`."""
    return df.pivot_table(index, columns, values, aggfunc)


def get_dummies(
    data: Any,
    prefix: Any = None,
    prefix_sep: str = "_",
    dummy_na: bool = False,
    columns: Any = None,
    sparse: bool = False,
    drop_first: bool = False,
    dtype: Any = bool,
    **kwargs: Any,
) -> Any:
    """A column of bools for each category; categories must be known. Of a pandas object it is pandas' own."""
    if isinstance(data, (pd.DataFrame, pd.Series)):
        return pd.get_dummies(data, prefix, prefix_sep, dummy_na, columns, sparse, drop_first, dtype=dtype, **kwargs)
    meta = data._meta if data.ndim == 2 else data._meta.to_frame()
    wanted = list(meta.columns) if columns is None else columns
    for label in wanted:
        kind = meta[label].dtype
        if isinstance(kind, pd.CategoricalDtype) and not len(kind.categories):
            raise NotImplementedError(f"get_dummies: the categories of column {label!r} are not known; use .cat.as_known() first")
        if not isinstance(kind, pd.CategoricalDtype) and (columns is not None or kind == object or isinstance(kind, pd.StringDtype)):
            raise NotImplementedError(f"get_dummies: column {label!r} has dtype {kind}, expected categories; use astype('category').cat.as_known()")
    options = {"prefix": prefix, "prefix_sep": prefix_sep, "dummy_na": dummy_na, "columns": columns, "sparse": sparse, "drop_first": drop_first, "dtype": dtype}
    if data.ndim == 1:
        del options["columns"]
    return on_partitions(pd.get_dummies, data, label="get_dummies", **options)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in ("demo", "extensions", "utils"):
            return importlib.import_module(f"{__name__}.{name}")
        if name == "assert_eq":
            return importlib.import_module(f"{__name__}.utils").assert_eq
        if (facade := compat.facade_of(__name__, name)) is not None:
            return facade
        raise missing(__name__, name, sys.modules[__name__])
