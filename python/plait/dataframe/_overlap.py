"""Functions on partitions that see the rows around them: map_overlap."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._collection import FrameBase
from ._from_pandas import from_pandas
from ._pandas_calls import infer, make_meta, on_partitions
from ._partition_info import numbers
from ._partitions import cut_alike


def map_overlap(
    func: Callable, df: Any, before: Any, after: Any, *args: Any, meta: Any = None, enforce: bool = True, keeps_divisions: bool | None = None, **kwargs: Any
) -> Any:
    """``func`` of each partition together with rows before and after it; see `plait.dataframe.map_overlap`."""
    if not isinstance(df, FrameBase):
        raise TypeError(f"map_overlap: expected a lazy frame or series, found {type(df).__name__}")
    reach = (_reach(before, df), _reach(after, df))
    given: list[FrameBase] = [df]

    def place(value: Any) -> Any:
        if isinstance(value, (pd.DataFrame, pd.Series)):
            value = from_pandas(value, npartitions=1)
        if not isinstance(value, FrameBase) or value.ndim == 0:
            return value
        given.append(value)
        return _Grown(len(given) - 1)

    places, named = tuple(place(each) for each in args), {name: place(each) for name, each in kwargs.items()}
    frames = cut_alike("map_overlap", given)
    label = getattr(func, "__name__", "map_overlap").strip("<>")
    call = _Overlapping(func, places, named)
    if meta is None:
        meta = infer(call.of_partitions, frames, label)
    places_of_all = numbers(frames[0].npartitions)
    around = [_edges(frame, places_of_all, span, is_before) for frame in frames for span, is_before in zip(reach, (True, False), strict=True)]
    grow = _Grow(call, reach, len(frames))
    return on_partitions(
        grow,
        frames[0],
        *frames[1:],
        *around,
        label=label,
        meta=make_meta(meta, df._meta),
        is_pandas=False,
        keeps_divisions=keeps_divisions,
        enforce=enforce,
        aligns=False,
    )


def _reach(span: Any, frame: FrameBase) -> Any:
    """A number of rows, or a span of time."""
    if isinstance(span, (datetime.timedelta, np.timedelta64, str)):
        if not isinstance(frame._meta.index, pd.DatetimeIndex):
            raise TypeError("map_overlap: Must have a `DatetimeIndex` when using string offset for `before` and `after`")
        return pd.Timedelta(span)
    if not pd.api.types.is_integer(span) or span < 0:
        raise ValueError(f"map_overlap: before and after must be positive integers, or spans of time; found {span!r}")
    return int(span)


def _edges(frame: FrameBase, places: FrameBase, span: Any, is_before: bool) -> FrameBase:
    """For each partition the rows before (behind) it, as many as are looked at.

    What stands before a partition may lie in several of them: in every round, edges reach twice as far.
    """
    count = frame.npartitions
    edge = _Edge(span, is_before)

    def joined(edges: FrameBase, step: int, call: Any) -> FrameBase:
        sources = [max(i - step, 0) if is_before else min(i + step, count - 1) for i in range(count)]
        moved = edges._ask("partitions", sources)
        return on_partitions(call, edges, moved, places, label="edges", meta=frame._meta, keeps_divisions=False, aligns=False)

    edges = on_partitions(edge, frame, label="edges", meta=frame._meta, keeps_divisions=False)
    step = 1
    while step < count - 1:
        edges = joined(edges, step, _Joined(edge, step, count, True))
        step *= 2
    return joined(edges, 1, _Joined(edge, 1, count, False))


class _Edge:
    """The rows at the end (beginning) of some rows that their neighbour may look at."""

    def __init__(self, span: Any, is_before: bool):
        self.span, self.is_before = span, is_before

    def __call__(self, rows: Any) -> Any:
        if isinstance(self.span, int):
            return rows.iloc[max(len(rows) - self.span, 0) :] if self.is_before else rows.iloc[: self.span]
        if not len(rows):
            return rows
        labels = rows.index
        return rows[labels > labels.max() - self.span] if self.is_before else rows[labels < labels.min() + self.span]

    def of(self, part: Any, rows: Any) -> Any:
        """Of rows beside a partition, those that it looks at."""
        if isinstance(self.span, int):
            return rows
        if not len(part):
            return rows.iloc[:0]
        labels = rows.index
        return rows[labels > part.index.min() - self.span] if self.is_before else rows[labels < part.index.max() + self.span]


class _Joined:
    """An edge with the one that lies a step further, or that one alone; there is none beyond the first and last partitions."""

    def __init__(self, edge: _Edge, step: int, count: int, with_own: bool):
        self.edge, self.step, self.count, self.with_own = edge, step, count, with_own

    def __call__(self, own: Any, further: Any, number: pd.Series) -> Any:
        place = int(number.iloc[0])
        is_there = place >= self.step if self.edge.is_before else place + self.step < self.count
        if not is_there:
            return own if self.with_own else own.iloc[:0]
        if not self.with_own:
            return further
        if isinstance(self.edge.span, int) and len(own) >= self.edge.span:
            return own
        return self.edge(pd.concat([further, own] if self.edge.is_before else [own, further]))


class _Grown:
    """The place of a grown partition among the arguments."""

    def __init__(self, number: int):
        self.number = number


class _Overlapping:
    """A function with its arguments, of which some are grown partitions."""

    def __init__(self, func: Callable, args: tuple, kwargs: dict):
        self.func, self.args, self.kwargs = func, args, kwargs

    def of_partitions(self, *parts: Any) -> Any:
        """What the function gives for partitions as they are."""

        def taken(value: Any) -> Any:
            return parts[value.number] if isinstance(value, _Grown) else value

        return self.func(parts[0], *map(taken, self.args), **{name: taken(value) for name, value in self.kwargs.items()})


class _Grow:
    """Puts rows around partitions, calls the function, and cuts off what it gave for them."""

    def __init__(self, call: _Overlapping, reach: tuple, count: int):
        self.call, self.count = call, count
        self.edges = (_Edge(reach[0], True), _Edge(reach[1], False))

    def __call__(self, *pieces: Any) -> Any:
        parts, around = pieces[: self.count], pieces[self.count :]
        grown = []
        for number, part in enumerate(parts):
            before, after = (edge.of(part, rows) for edge, rows in zip(self.edges, around[2 * number : 2 * number + 2], strict=True))
            grown.append(pd.concat([each for each in (before, part, after) if len(each)] or [part]))
            if number == 0:
                first, last = len(before), len(after)
        return _trimmed(self.call.of_partitions(*grown), len(grown[0]), first, last)


def _trimmed(result: Any, count: int, first: int, last: int) -> Any:
    """The result without what was made of the rows around: a row for each of them, or several."""
    if not isinstance(result, (pd.DataFrame, pd.Series, pd.Index)) or not count:
        return result
    times = len(result) // count
    kept = slice(first * times, len(result) - last * times)
    return result[kept] if isinstance(result, pd.Index) else result.iloc[kept]
