"""Frames from pandas objects."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from . import _convert
from ._collection import FrameBase, build, with_columns_of


def from_pandas(data: Any, npartitions: int | None = None, sort: bool = True, chunksize: int | None = None) -> FrameBase:
    """A lazy frame of a pandas frame or series.

    Parameters
    ----------
    data : DataFrame or Series
        It may be changed in place later: its memory is shared, where the layout allows, and copied by pandas before it writes to it.
    npartitions : int, optional
        Number of partitions; about that many where the index has equal labels, which stay together.
    sort : bool
        Whether to sort by the index, so that divisions are known.
    chunksize : int, optional
        Rows a partition, instead of ``npartitions``.

    Examples
    --------
    >>> dd.from_pandas(pd.DataFrame({'x': [1, 2, 3]}), npartitions=2).npartitions
    2
    """
    if isinstance(data, FrameBase):
        raise TypeError("from_pandas takes a pandas object, found a lazy one")
    if not isinstance(data, (pd.DataFrame, pd.Series)):
        raise TypeError("Input must be a pandas DataFrame or Series.")
    if isinstance(data.index, pd.MultiIndex):
        raise NotImplementedError("Dask does not support MultiIndex Dataframes.")
    if npartitions is not None and not isinstance(npartitions, (int, np.integer)):
        raise TypeError(f"Please provide npartitions as an int, or possibly as None if you specify chunksize; found {npartitions!r}")
    if chunksize is not None and not isinstance(chunksize, (int, np.integer)):
        raise TypeError("Please provide chunksize as an int, or possibly as None if you specify npartitions.")
    how = _plait.CutOptions(1 if npartitions is None else int(npartitions), None if chunksize is None else int(chunksize), bool(sort))
    table = _convert.snapshot(data)
    return with_columns_of(_from_objects(data, how, sort) if table is None else build("frame_from_table", table, how), data)


def from_dict(data: dict, npartitions: int, orient: str = "columns", dtype: Any = None, columns: Any = None, constructor: Any = None) -> FrameBase:
    """A lazy frame of a dict of columns.

    Examples
    --------
    >>> dd.from_dict({'x': [1, 2, 3]}, npartitions=2).x.sum().compute()
    np.int64(6)
    """
    return from_pandas(pd.DataFrame.from_dict(data, orient, dtype, columns), npartitions)


def _from_objects(data: Any, how: _plait.CutOptions, sort: bool) -> FrameBase:
    """Partitions that stay pandas objects; the engine cuts by their labels, if it has a form of those."""
    if sort and not data.index.is_monotonic_increasing:
        data = data.sort_index(kind="stable")
    labels = _convert.to_table(pd.DataFrame(index=data.index.infer_objects()))
    rows: Any = _convert.to_table(pd.DataFrame(index=pd.RangeIndex(len(data)))) if labels is None else labels
    cuts = _plait.RowCuts(rows, how)
    parts = [data.iloc[start:stop] for start, stop in zip(cuts.starts, cuts.starts[1:])]
    return build("frame_from_objects", parts, _convert.schema_table(data), None if labels is None else cuts)
