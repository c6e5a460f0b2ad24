"""Results with one row for each row of a frame, computed by pandas on all rows and cut where the frame's partitions are cut.

Without that, a result in one partition could not stand beside the frame's columns.
"""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import pandas as pd
from .. import _plait
from . import _labels
from ._collection import FrameBase
from ._from_pandas import from_pandas
from ._pandas_calls import on_partitions, on_whole
from ._partitions import same


def like_rows(whole: FrameBase, frame: FrameBase) -> FrameBase:
    """``whole``, which is one partition, in the partitions of ``frame``."""
    count = frame.npartitions
    if count == 1:
        return whole
    lengths = on_partitions(_length, frame, label="lengths", meta=pd.Series([], dtype="int64"), keeps_divisions=False)
    return on_numbered(_own_rows, frame, lengths, whole, label="like_rows", meta=whole._meta)


def on_numbered(function: Callable, frame: FrameBase, of_all: FrameBase, *args: Any, label: str, meta: Any) -> FrameBase:
    """``function(part, number, of_all, *args)`` of each partition: a series of its number, and what all partitions told."""
    count = frame.npartitions
    numbers = from_pandas(pd.Series(range(count)), npartitions=count)
    gathered = on_whole(same, of_all, label=label, meta=of_all._meta)
    return on_partitions(function, frame, numbers, gathered, *args, label=label, meta=meta, aligns=False)


def _length(part: Any) -> pd.Series:
    return pd.Series([len(part)])


def _own_rows(part: Any, number: pd.Series, lengths: pd.Series, whole: Any) -> Any:
    if len(whole) != lengths.sum():
        raise ValueError(f"expected one row for each of {lengths.sum()} rows, found {len(whole)}")
    start = int(lengths.iloc[: int(number.iloc[0])].sum())
    return whole.iloc[start : start + len(part)]


def labelled_by_columns(reduced: Any, frame: Any) -> Any:
    """A value for each column: the engine labels them by text, which stands for other labels (see `_labels`)."""
    if isinstance(reduced, _plait.NoNativeForm) or frame.ndim == 1 or all(isinstance(label, str) for label in frame.columns):
        return reduced
    return on_partitions(_decoded, reduced, label="labels", meta=reduced._meta.set_axis(frame.columns[:0]))


def _decoded(series: pd.Series) -> pd.Series:
    return series.set_axis(_labels.columns_index(list(series.index)))
