"""Frames from pandas objects, dicts and files, and files of frames."""

from __future__ import annotations

from ._arrays import from_array, from_dask_array, from_map
from ._delayed import from_delayed
from ._from_pandas import from_dict, from_pandas
from ._json import read_json, to_json
from ._orc import read_orc, to_orc
from ._read_fwf import read_fwf
from ._sql import read_sql, read_sql_query, read_sql_table, to_sql
from .csv import read_csv, read_table, to_csv
from .parquet import read_parquet, to_parquet

__all__ = [
    "from_array",
    "from_dask_array",
    "from_delayed",
    "from_dict",
    "from_map",
    "from_pandas",
    "read_csv",
    "read_fwf",
    "read_json",
    "read_orc",
    "read_parquet",
    "read_sql",
    "read_sql_query",
    "read_sql_table",
    "read_table",
    "to_csv",
    "to_json",
    "to_orc",
    "to_parquet",
    "to_sql",
]
