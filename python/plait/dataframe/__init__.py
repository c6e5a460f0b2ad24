"""Lazy dataframes with the API of ``dask.dataframe``: pandas' methods on partitions of Arrow memory."""

from __future__ import annotations

from typing import Any

from . import index, scalar  # noqa: F401  (they register themselves)
from ._pandas_calls import make_meta, on_partitions
from ._rows import no_default
from .frame import DataFrame
from .groupby import Aggregation
from .index import Index
from .io import from_dict, from_pandas, read_csv, read_parquet, to_csv, to_parquet
from .merge import concat, merge
from .scalar import Scalar
from .series import Series

__all__ = [
    "Aggregation",
    "DataFrame",
    "Index",
    "Scalar",
    "Series",
    "concat",
    "from_dict",
    "from_pandas",
    "isna",
    "map_partitions",
    "merge",
    "read_csv",
    "read_parquet",
    "to_csv",
    "to_datetime",
    "to_numeric",
    "to_parquet",
]


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
    label = getattr(func, "__name__", "map_partitions").replace("<lambda>", "lambda")
    return on_partitions(
        func, *args, label=label, meta=known, is_pandas=False, keeps_divisions=not clear_divisions, enforce=enforce_metadata, **kwargs
    )


def isna(arg: Any) -> Any:
    """Whether values are missing."""
    return arg.isna()


def to_datetime(arg: Any, meta: Any = None, **kwargs: Any) -> Any:
    """Text or numbers as dates."""
    import pandas as pd

    return on_partitions(pd.to_datetime, arg, label="to_datetime", meta=meta, **kwargs)


def to_numeric(arg: Any, errors: str = "raise", downcast: Any = None, meta: Any = None) -> Any:
    """Text as numbers."""
    import pandas as pd

    return on_partitions(pd.to_numeric, arg, errors=errors, downcast=downcast, label="to_numeric", meta=meta)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"plait.dataframe.{name} is not there yet")
