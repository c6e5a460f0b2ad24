"""Frames from pandas objects and dicts; files are read and written in csv.py and parquet.py."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from ._collection import FrameBase
from ._from_pandas import from_pandas
from .csv import read_csv, read_table, to_csv
from .parquet import read_parquet, to_parquet


def from_dict(data: dict, npartitions: int, orient: str = "columns", dtype: Any = None, columns: Any = None, constructor: Any = None) -> FrameBase:
    """A lazy frame of a dict of columns.

    Examples
    --------
    >>> dd.from_dict({'x': [1, 2, 3]}, npartitions=2).x.sum().compute()
    np.int64(6)
    """
    return from_pandas(pd.DataFrame.from_dict(data, orient, dtype, columns), npartitions)


__all__ = ["from_dict", "from_pandas", "read_csv", "read_parquet", "read_table", "to_csv", "to_parquet"]
