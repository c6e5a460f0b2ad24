"""Frames one after the other, and side by side."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from ._collection import FrameBase, build
from ._from_pandas import from_pandas
from ._pandas_calls import answered, on_partitions


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
    """Frames one after the other (axis=0) or side by side (axis=1)."""
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
        return answered(build("concat", alike, 1, join), on_partitions, _beside, *frames, label="concat", join=join)
    return build("concat", alike, 0, join) if is_frame else build("concat_series", alike)


def _beside(*parts: Any, join: str) -> pd.DataFrame:
    return pd.concat(parts, axis=1, join=join)
