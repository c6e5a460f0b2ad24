"""``.loc`` and ``.iloc``: rows by label or condition, columns by label or position."""

from __future__ import annotations

import bisect
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._collection import FrameBase
from ._concat import concat
from ._literals import is_scalar
from ._pandas_calls import on_partitions

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
            labels = columns if is_scalar(columns) or isinstance(columns, list) else list(chosen._meta.loc[:, columns].columns)
            chosen = chosen[labels]
        return self._rows(chosen, rows)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            ".loc takes no assignment: lazy frames do not change in place. Assign a column instead: "
            "df['x'] = df['x'].mask(condition, value)"
        )

    def _rows(self, chosen: Any, rows: Any) -> Any:
        if callable(rows) and not isinstance(rows, FrameBase):
            rows = rows(chosen)
        if isinstance(rows, FrameBase):
            return chosen[rows]
        if isinstance(rows, slice):
            return chosen if rows == _ALL else _between(chosen, rows)
        if is_scalar(rows):
            if isinstance(rows, str) and isinstance(chosen._meta.index, pd.DatetimeIndex):
                return _between(chosen, slice(rows, rows))
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
    if rows.step not in (None, 1):
        raise ValueError(f".loc: a slice of labels has no step; found {rows.step}")
    first, last = 0, chosen.npartitions - 1
    divisions = _comparable_divisions(chosen, [rows.start, rows.stop])
    if divisions is not None:
        if rows.start is not None:
            first = max(0, bisect.bisect_left(divisions, rows.start) - 1)
        if rows.stop is not None:
            last = min(last, bisect.bisect_right(divisions, rows.stop) - 1)
        first = min(first, chosen.npartitions - 1)
        chosen = chosen.partitions[first : max(first, last) + 1]
    return on_partitions(_slice_of, chosen, rows.start, rows.stop, label="loc", meta=chosen._meta)


def _comparable_divisions(chosen: Any, labels: list) -> list | None:
    """The divisions, where they are known and the labels compare with them."""
    if not chosen.known_divisions:
        return None
    divisions = list(chosen.divisions)
    try:
        for label in labels:
            _ = label is None or label < divisions[0]
    except TypeError:
        return None
    return divisions


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
    divisions = _comparable_divisions(chosen, labels)
    if divisions is None:
        return on_partitions(_present_labels, chosen, labels, label="loc", meta=chosen._meta)
    by_partition: dict[int, list] = {}
    for label in labels:
        if not divisions[0] <= label <= divisions[-1]:
            raise KeyError(f"{label!r} is not in the index, whose labels go from {divisions[0]!r} to {divisions[-1]!r}")
        number = min(bisect.bisect_right(divisions, label) - 1, chosen.npartitions - 1)
        by_partition.setdefault(number, []).append(label)
    pieces = [
        on_partitions(_labels_of, chosen.partitions[number], wanted, label="loc", meta=chosen._meta)
        for number, wanted in sorted(by_partition.items() or [(0, [])])
    ]
    return concat(pieces)


def _labels_of(part: Any, labels: list) -> Any:
    return part.loc[labels]


def _present_labels(part: Any, labels: list) -> Any:
    return part.loc[[label for label in labels if label in part.index]]
