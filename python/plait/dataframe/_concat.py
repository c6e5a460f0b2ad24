"""Frames one after the other, and side by side."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from .. import _plait
from ._collection import FrameBase, build
from ._from_pandas import from_pandas
from ._options import refuse_unknown
from ._pandas_calls import answered, as_meta, nonempty, on_partitions


def lazy(frame: Any) -> Any:
    """The collection, or one partition of a pandas object."""
    if isinstance(frame, FrameBase):
        return frame
    if isinstance(frame, (pd.DataFrame, pd.Series)):
        return from_pandas(frame, npartitions=1, sort=False)
    raise TypeError(f"merge takes frames; found {type(frame).__name__}")


def concat(
    dfs: Any,
    axis: Any = 0,
    join: str = "outer",
    ignore_unknown_divisions: bool = False,
    ignore_order: bool = False,
    interleave_partitions: bool = False,
    **kwargs: Any,
) -> FrameBase:
    """Frames one after the other (axis=0) or side by side (axis=1).

    Parameters
    ----------
    ignore_unknown_divisions : bool
        For ``axis=1``: partitions of frames whose divisions are not known are put side by side by their numbers.
    interleave_partitions : bool
        For ``axis=0``: where all divisions are known, rows of the same range of labels come together in one partition.

    Examples
    --------
    >>> len(dd.concat([df, df]))
    8
    """
    refuse_unknown("concat", kwargs)
    if ignore_order:
        raise NotImplementedError("concat: ignore_order=True is not there yet")
    if not isinstance(dfs, list):
        raise TypeError("dfs must be a list of DataFrames/Series objects")
    if not dfs:
        raise ValueError("No objects to concatenate")
    if join not in ("inner", "outer"):
        raise ValueError("'join' must be 'inner' or 'outer'")
    frames = [lazy(df) for df in dfs]
    if len(frames) == 1:
        return frames[0]
    is_frame = any(f.ndim == 2 for f in frames) or axis in (1, "columns")
    alike = [f.to_frame() if is_frame and f.ndim == 1 else f for f in frames]
    if axis in (1, "columns"):
        return answered(build("concat", alike, 1, join, ignore_unknown_divisions), on_partitions, _beside, *frames, label="concat", join=join)
    if interleave_partitions and all(f.known_divisions for f in alike):
        return on_partitions(_behind, *alike, label="concat", join=join)
    answer = build("concat", alike, 0, join, False) if is_frame else build("concat_series", alike)
    if is_frame and isinstance(answer, _plait.NoNativeForm):
        answer = build("concat", _of_one_type(alike, join), 0, join, False)
    if isinstance(answer, _plait.NoNativeForm):
        raise NotImplementedError(f"concat: {answer.reason}")
    return answer


def _of_one_type(frames: list, join: str) -> list:
    """The frames with the columns and types that pandas gives them together, each on its own partitions."""
    meta = as_meta(pd.concat([nonempty(frame._meta) for frame in frames], join=join))
    return [on_partitions(_with_columns_of, frame, meta, label="concat", meta=meta.set_axis(frame._meta.index, axis=0)) for frame in frames]


def _with_columns_of(part: pd.DataFrame, meta: pd.DataFrame) -> pd.DataFrame:
    return part.reindex(columns=meta.columns).astype(meta.dtypes.to_dict())


def _behind(*parts: Any, join: str) -> Any:
    return pd.concat(parts, join=join)


def _beside(*parts: Any, join: str) -> pd.DataFrame:
    return pd.concat(parts, axis=1, join=join)
