"""``.loc`` and ``.iloc``: rows by label or condition, columns by label or position."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._collection import FrameBase
from ._literals import is_scalar
from ._pandas_calls import answered, on_partitions, on_whole

_ALL = slice(None)


class Loc:
    """``df.loc[rows]`` and ``df.loc[rows, columns]``. Where divisions are known, only partitions that can hold the rows are read."""

    def __init__(self, collection: Any):
        self._collection = collection

    def __getitem__(self, key: Any) -> Any:
        rows, columns = key if isinstance(key, tuple) else (key, None)
        chosen = self._collection
        if columns is not None:
            if chosen.ndim == 1:
                raise KeyError(f"a series has rows only; found {key!r}")
            rows = rows(chosen) if callable(rows) and not isinstance(rows, FrameBase) else rows
            are_labels = is_scalar(columns) or (isinstance(columns, list) and not pd.api.types.is_bool_dtype(np.asarray(columns)))
            labels = columns if are_labels else list(chosen._meta.loc[:, columns].columns)
            chosen = chosen[labels]
        return self._rows(chosen, rows)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(".loc takes no assignment: lazy frames do not change in place. Assign a column instead: df['x'] = df['x'].mask(condition, value)")

    def _rows(self, chosen: Any, rows: Any) -> Any:
        if callable(rows) and not isinstance(rows, FrameBase):
            rows = rows(chosen)
        if isinstance(rows, FrameBase):
            return chosen[rows]
        if isinstance(rows, slice):
            return chosen if rows == _ALL else _between(chosen, rows)
        if is_scalar(rows):
            if isinstance(rows, str) and isinstance(chosen._meta.index, pd.DatetimeIndex):
                return _between(chosen, slice(rows, rows))  # a year, a month, a day
            return _labelled(chosen, [rows])
        if isinstance(rows, (list, np.ndarray, pd.Index)):
            if pd.api.types.is_bool_dtype(np.asarray(rows)):
                raise NotImplementedError(".loc: a list of bools has no partitions; expected a lazy condition such as df.x > 0")
            return _labelled(chosen, list(rows))
        raise TypeError(f".loc takes a label, a list or slice of labels, or a lazy condition; found {type(rows).__name__}")


class ILoc:
    """``df.iloc[:, columns]``: columns by position."""

    def __init__(self, frame: Any):
        self._frame = frame

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, tuple) or len(key) != 2 or key[0] != _ALL:
            raise NotImplementedError(".iloc selects columns only, as in df.iloc[:, 0:2]; rows have no known positions")
        chosen = self._frame.columns[key[1]]
        return self._frame[list(chosen) if isinstance(chosen, pd.Index) else chosen]


def sliced(collection: Any, key: Any) -> Any:
    """``collection[a:b]`` of labels; slices of whole numbers mean positions in pandas, which are not known here."""
    bounds = (key.start, key.stop, key.step) if isinstance(key, slice) else (key,)
    if isinstance(key, slice) and all(b is None or isinstance(b, (int, np.integer)) for b in bounds):
        raise NotImplementedError("rows have no known positions: use .loc for labels, .head and .tail, or .partitions")
    return collection.loc[key]


def _between(chosen: Any, rows: slice) -> Any:
    if rows.step == 0:
        raise ValueError(".loc: the step of a slice cannot be zero")
    if rows.step not in (None, 1):  # every so many rows of all
        return on_whole(_labels_of, chosen, rows, label="loc", meta=chosen._meta)
    start, stop = _bound(chosen, rows.start, "left"), _bound(chosen, rows.stop, "right")
    return answered(chosen._ask("loc_between", start, stop), on_partitions, _slice_of, chosen, start, stop, label="loc", meta=chosen._meta)


def _bound(chosen: Any, label: Any, side: str) -> Any:
    """The label itself; of dates as text ("2020-01"), the first or last moment that it names."""
    index = chosen._meta.index
    if label is None or not isinstance(index, (pd.DatetimeIndex, pd.TimedeltaIndex)):
        return label
    return index._maybe_cast_slice_bound(label, side)


def _slice_of(part: Any, start: Any, stop: Any) -> Any:
    if part.index.is_monotonic_increasing:
        return part.loc[start:stop]
    keep = np.ones(len(part), dtype=bool)
    if start is not None:
        keep &= np.asarray(part.index >= start)
    if stop is not None:
        keep &= np.asarray(part.index <= stop)
    return part.loc[keep]


def _labelled(chosen: Any, labels: list) -> Any:
    if isinstance(chosen._meta.index, (pd.DatetimeIndex, pd.TimedeltaIndex)):
        labels = [_moment(chosen._meta.index, label) if isinstance(label, str) else label for label in labels]
    return answered(chosen._ask("loc_labels", labels), on_whole, _labels_of, chosen, labels, label="loc", meta=chosen._meta)


def _moment(index: Any, text: str) -> Any:
    """The label that a text means in an index of dates or spans of time."""
    try:
        if isinstance(index, pd.TimedeltaIndex):
            return pd.Timedelta(text)
        moment = pd.Timestamp(text)
        return moment.tz_localize(index.tz) if index.tz is not None and moment.tzinfo is None else moment
    except ValueError:
        raise KeyError(text) from None


def _labels_of(part: Any, labels: list | slice) -> Any:
    return part.loc[labels]
