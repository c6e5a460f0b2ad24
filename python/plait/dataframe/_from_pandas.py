"""Frames from pandas objects."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _convert
from ._collection import FrameBase, build
from ._cuts import cuts_of, literal_divisions


def from_pandas(data: Any, npartitions: int | None = None, sort: bool = True, chunksize: int | None = None) -> FrameBase:
    """A lazy frame of a pandas frame or series.

    Parameters
    ----------
    data : DataFrame or Series
        Its memory is shared, not copied, where the layout allows.
    npartitions : int, optional
        Number of partitions; about that many where the index has equal labels, which stay together.
    sort : bool
        Whether to sort by the index, so that divisions are known.
    chunksize : int, optional
        Rows a partition, instead of ``npartitions``.
    """
    if isinstance(data, FrameBase):
        raise TypeError("from_pandas takes a pandas object, found a lazy one")
    if not isinstance(data, (pd.DataFrame, pd.Series)):
        raise TypeError("Input must be a pandas DataFrame or Series.")
    if isinstance(data.index, pd.MultiIndex):
        raise NotImplementedError("Dask does not support MultiIndex Dataframes.")
    if npartitions is not None and not isinstance(npartitions, (int, np.integer)):
        raise TypeError(f"Please provide npartitions as an int, or possibly as None if you specify chunksize; found {npartitions!r}")
    if npartitions is not None and npartitions < 1:
        raise ValueError(f"npartitions must be at least 1, found {npartitions}")
    if chunksize is not None and not isinstance(chunksize, (int, np.integer)):
        raise TypeError("Please provide chunksize as an int, or possibly as None if you specify npartitions.")
    if chunksize is not None and chunksize < 1:
        raise ValueError(f"chunksize must be at least 1, found {chunksize}")
    if npartitions is None and chunksize is None:
        npartitions = 1
    if sort and not data.index.is_monotonic_increasing:
        data = data.sort_index(ascending=True)
    divisions, cuts = cuts_of(data, npartitions if chunksize is None else None, sort, chunksize)
    table = _convert.to_table(data)
    if table is not None:
        parts: list = [table.slice(start, stop - start) for start, stop in zip(cuts, cuts[1:])]
        schema = table.empty()
    else:
        parts = [data.iloc[start:stop] for start, stop in zip(cuts, cuts[1:])]
        schema = _convert.schema_table(data)
    return build("frame_from_partitions", parts, schema, literal_divisions(divisions))
