"""Joins and concatenation of frames."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from . import _labels
from ._collection import FrameBase, build
from ._literals import is_scalar
from ._pandas_calls import as_meta, native_or_pandas, nonempty, on_partitions
from ._convert import schema_table


def _labels_of(keys: Any) -> list:
    if keys is None:
        return []
    return [keys] if is_scalar(keys) or isinstance(keys, tuple) else list(keys)


def _lazy(frame: Any) -> FrameBase:
    if isinstance(frame, FrameBase):
        return frame
    from .io import from_pandas

    if isinstance(frame, (pd.DataFrame, pd.Series)):
        return from_pandas(frame, npartitions=1, sort=False)
    raise TypeError(f"merge takes frames; found {type(frame).__name__}")


def _with_keys(frame: FrameBase, keys: list, side: str) -> tuple[FrameBase, list[str]]:
    """Key columns by name; a series becomes a column of its own name."""
    names = []
    for key in keys:
        if isinstance(key, FrameBase):
            frame = frame._assign(key.name, key)
            key = key.name
        if key in frame.columns:
            names.append(frame._name_of(key))
        elif key is not None and key == frame._meta.index.name:
            names.append(_labels.encode(key))
        else:
            frame._name_of(key)
    return frame, names


def merge_frames(
    left: Any,
    right: Any,
    how: str = "inner",
    on: Any = None,
    left_on: Any = None,
    right_on: Any = None,
    left_index: bool = False,
    right_index: bool = False,
    suffixes: tuple = ("_x", "_y"),
    indicator: Any = False,
    validate: Any = None,
) -> FrameBase:
    """``pd.merge`` of lazy frames: a small side goes to every partition of the other, two large ones are shuffled."""
    left, right = _lazy(left), _lazy(right)
    left = left.to_frame() if left.ndim == 1 else left
    right = right.to_frame() if right.ndim == 1 else right
    if how == "cross":
        if on is not None or left_on is not None or right_on is not None or left_index or right_index:
            raise ValueError("how='cross' pairs all rows and takes no keys")
        return _pandas_merge(left, right, how="cross", suffixes=suffixes, indicator=indicator)
    if how not in ("inner", "left", "right", "outer", "leftsemi", "leftanti"):
        raise ValueError(f"how must be 'inner', 'left', 'right', 'outer', 'cross', 'leftsemi' or 'leftanti'; found {how!r}")
    if on is None and left_on is None and right_on is None and not left_index and not right_index:
        on = [c for c in left.columns if c in right.columns]
        if not on:
            raise ValueError("the frames have no column in common: say on=, left_on= and right_on=, or left_index= and right_index=")
    if on is not None:
        left_on = right_on = on
    left_keys, right_keys = _labels_of(left_on), _labels_of(right_on)
    if not left_index and not right_index and len(left_keys) != len(right_keys):
        raise ValueError(f"len(right_on) must equal len(left_on): found {len(right_keys)} and {len(left_keys)}")
    left, left_names = _with_keys(left, left_keys, "left")
    right, right_names = _with_keys(right, right_keys, "right")
    is_plain = left._is_native and right._is_native and indicator in (False, True) and validate is None
    shared = {label for label in left.columns if label in right.columns} - {*left_keys, *right_keys}
    is_plain = is_plain and all(isinstance(label, str) for label in shared)  # a suffix makes text of other labels
    if is_plain and not (left_index ^ right_index):
        return build(
            "frame_merge", left, right, how, left_names, right_names, left_index, right_index,
            (suffixes[0] or "", suffixes[1] or ""), bool(indicator),
        )  # fmt: skip
    return _pandas_merge(
        left, right, how=how, left_on=left_keys or None, right_on=right_keys or None, left_index=left_index,
        right_index=right_index, suffixes=suffixes, indicator=indicator, validate=validate,
    )  # fmt: skip


class _MergeWhole:
    """pd.merge of two frames whose partitions come one after the other."""

    def __init__(self, num_left: int, kwargs: dict):
        self.num_left = num_left
        self.kwargs = kwargs

    def __call__(self, *partitions: Any) -> pd.DataFrame:
        left = pd.concat(partitions[: self.num_left])
        right = pd.concat(partitions[self.num_left :])
        return pd.merge(left, right, **self.kwargs)


def _pandas_merge(left: FrameBase, right: FrameBase, **kwargs: Any) -> FrameBase:
    meta = as_meta(pd.merge(nonempty(left._meta), nonempty(right._meta), **kwargs))
    call = _MergeWhole(left.npartitions, kwargs)
    return build("frame_python_whole", [left, right], call, schema_table(meta), "merge", "")


def merge(
    left: Any,
    right: Any,
    how: str = "inner",
    on: Any = None,
    left_on: Any = None,
    right_on: Any = None,
    left_index: bool = False,
    right_index: bool = False,
    sort: bool = False,
    suffixes: tuple = ("_x", "_y"),
    copy: Any = None,
    indicator: Any = False,
    validate: Any = None,
) -> FrameBase:
    """Rows of two frames with equal keys, side by side: ``pd.merge``."""
    return merge_frames(left, right, how, on, left_on, right_on, left_index, right_index, suffixes, indicator, validate)


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
    frames = [_lazy(df) for df in dfs]
    if len(frames) == 1:
        return frames[0]
    if axis in (1, "columns"):
        return native_or_pandas(
            lambda: build("frame_concat_columns", [f if f.ndim == 2 else f.to_frame() for f in frames]),
            lambda: on_partitions(_beside, *frames, label="concat", join=join),
            *frames,
        )
    is_frame = any(f.ndim == 2 for f in frames)
    alike = [f.to_frame() if is_frame and f.ndim == 1 else f for f in frames]
    if not all(f._is_native for f in alike) and any(f._schema.schema != alike[0]._schema.schema for f in alike):
        raise NotImplementedError("concat: frames with object columns must have the same columns and types; convert them with astype")
    return build("frame_concat", alike, join == "outer")


def _beside(*parts: Any, join: str) -> pd.DataFrame:
    return pd.concat(parts, axis=1, join=join)


__all__ = ["concat", "merge", "merge_frames"]
