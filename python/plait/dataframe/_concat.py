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
    sort: bool = False,
    **kwargs: Any,
) -> FrameBase:
    """Frames one after the other (axis=0) or side by side (axis=1).

    Parameters
    ----------
    ignore_order : bool
        Whether categories of the frames may lose their order.
    ignore_unknown_divisions : bool
        For ``axis=1``: partitions of frames whose divisions are not known are put side by side by their numbers.
    interleave_partitions : bool
        For ``axis=0``: where all divisions are known, rows of the same range of labels come together in one partition.
    sort : bool
        For ``axis=0``: whether the columns come in order.

    Examples
    --------
    >>> len(dd.concat([df, df]))
    8
    """
    refuse_unknown("concat", kwargs)
    if not isinstance(dfs, list):
        raise TypeError("dfs must be a list of DataFrames/Series objects")
    if not dfs:
        raise ValueError("No objects to concatenate")
    if join not in ("inner", "outer"):
        raise ValueError("'join' must be 'inner' or 'outer'")
    frames = [lazy(df) for df in dfs]
    if ignore_order:
        frames = [_without_order(frame) for frame in frames]
    if len(frames) == 1:
        return frames[0].to_frame() if axis in (1, "columns") and frames[0].ndim == 1 else frames[0]
    is_frame = any(f.ndim == 2 for f in frames) or axis in (1, "columns")
    alike = [f.to_frame() if is_frame and f.ndim == 1 else f for f in frames]
    if axis in (1, "columns"):
        return answered(build("concat", alike, 1, join, ignore_unknown_divisions), on_partitions, _beside, *frames, label="concat", join=join)
    if interleave_partitions and all(f.known_divisions for f in alike):
        return on_partitions(_behind, *alike, label="concat", join=join)

    def behind(rows: list) -> Any:
        return build("concat", rows, 0, join, False) if is_frame else build("concat_series", rows)

    answer = behind(alike)
    if isinstance(answer, _plait.NoNativeForm):
        answer = behind(_of_one_type(alike, join))
    if isinstance(answer, _plait.NoNativeForm):
        raise NotImplementedError(f"concat: {answer.reason}")
    return _in_order(answer) if sort and is_frame else answer


def _in_order(frame: Any) -> Any:
    try:
        return frame[sorted(frame.columns)]
    except TypeError:  # labels of several kinds have no order
        return frame


def _without_order(frame: Any) -> Any:
    """With categories that have no order."""
    if frame.ndim == 1:
        return frame.cat.as_unordered() if isinstance(frame.dtype, pd.CategoricalDtype) else frame
    ordered = {label: frame[label].cat.as_unordered() for label, dtype in frame.dtypes.items() if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered}
    for label, column in ordered.items():
        frame = frame._assign(label, column)
    return frame


def _of_one_type(frames: list, join: str) -> list:
    """The frames with the columns, types and kind of labels that pandas gives them together, each on its own partitions."""
    meta = as_meta(pd.concat([nonempty(frame._meta) for frame in frames], join=join))
    call = _LikeTheWhole(meta)
    return [on_partitions(call, frame, label="concat", meta=call(frame._meta), keeps_divisions=not call.changes_labels(frame._meta)) for frame in frames]


class _LikeTheWhole:
    """A partition with the columns and types of an object without rows; with its labels, if those are objects."""

    def __init__(self, meta: Any):
        self.meta = meta

    def changes_labels(self, part: Any) -> bool:
        """Whether the labels become objects."""
        return self.meta.index.nlevels == 1 and self.meta.index.dtype == object and part.index.dtype != object

    def __call__(self, part: Any) -> Any:
        if part.ndim == 1:
            rows = part.astype(self.meta.dtype).rename(self.meta.name)
        else:
            rows = part.reindex(columns=self.meta.columns).astype(self.meta.dtypes.to_dict())
        return rows.set_axis(rows.index.astype(object), axis=0) if self.changes_labels(part) else rows


def _behind(*parts: Any, join: str) -> Any:
    return pd.concat(parts, join=join)


def _beside(*parts: Any, join: str) -> pd.DataFrame:
    return pd.concat(parts, axis=1, join=join)
