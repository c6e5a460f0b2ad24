"""``resample``: the rows of a span of time are a group, and the engine aggregates groups.

pandas says on each partition which span a row belongs to, and at the end which spans there are, as those without rows are rows of the
result, too. What the engine has no aggregate of, pandas computes on all rows.
"""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._pandas_calls import on_partitions
from ._windows import PandasView

_SPAN = "__span__"

# What an aggregate makes of no rows, where that is not a missing value.
_OF_NO_ROWS = {"sum": 0, "count": 0, "size": 0, "nunique": 0, "prod": 1}
_ANY_TYPE = frozenset({"count", "size", "nunique"})
_IN_ORDER = frozenset({"first", "last"})


class Spans:
    """The spans of time of a rule."""

    def __init__(self, rule: Any, options: dict):
        self.rule = pd.tseries.frequencies.to_offset(rule)
        self.options = options

    def sizes(self, times: Any, ends: Any, of_all: bool) -> Any:
        """How many of the times are in each span, by its label. ``ends`` are the first and the last time of all rows."""
        options = dict(self.options)
        if isinstance(self.rule, pd.offsets.Tick) and not of_all and len(ends):
            # Where these spans lie, their origin tells; there may be very many between the ends.
            origin = options.get("origin", "start_day")
            options["origin"] = {"start_day": ends[0].normalize(), "start": ends[0]}.get(origin, origin)
            ends = ends[:0]
        counted = np.repeat([1, 0], [len(times), len(ends)])
        return pd.Series(counted, index=times.append(ends)).resample(self.rule, **options).sum()


class WithSpans:
    """Rows with the label of their span."""

    def __init__(self, spans: Spans):
        self.spans = spans

    def __call__(self, rows: Any, first: Any, last: Any) -> Any:
        frame = rows if isinstance(rows, pd.DataFrame) else rows.to_frame()
        known = np.flatnonzero(frame.index.notna())
        times = frame.index[known]
        sizes = self.spans.sizes(times, _ends(times, first, last), False)
        span = np.full(len(frame), -1)
        span[known[np.argsort(times.asi8, kind="stable")]] = np.repeat(np.arange(len(sizes)), sizes)
        return frame.assign(**{_SPAN: sizes.index.take(span, fill_value=pd.NaT) if len(sizes) else times[:0]})


class AllSpans:
    """The results of all spans, those without rows among them."""

    def __init__(self, spans: Spans, name: str, index_name: Any):
        self.spans, self.name, self.index_name = spans, name, index_name

    def __call__(self, groups: Any, first: Any, last: Any) -> Any:
        labels = self.spans.sizes(groups.index[:0], _ends(groups.index, first, last), True).index
        value = _OF_NO_ROWS.get(self.name)
        result = groups.reindex(labels) if value is None else groups.reindex(labels, fill_value=value)
        return result.rename_axis(self.index_name)


def _ends(like: Any, first: Any, last: Any) -> Any:
    ends = pd.DatetimeIndex([first, last]).dropna()
    ends = ends if ends.tz == like.tz else ends.tz_localize(like.tz)
    return ends.as_unit(like.unit)


class ResampleView(PandasView):
    """``collection.resample(...)``, before the aggregate is named."""

    def _aggregate(self, name: str, *args: Any, **kwargs: Any) -> Any:
        reason = self._why_not(name, bool(args or kwargs))
        return self._on_whole(name, *args, reason=reason, **kwargs) if reason else self._in_groups(name)

    def _why_not(self, name: str, has_arguments: bool) -> str:
        """Why the engine does not do it; empty if it does."""
        rows, options = self._collection, self._kwargs
        times = rows._meta.index
        if has_arguments:
            return f"resample.{name} with arguments"
        if len(self._args) != 1 or set(options) - {"closed", "label", "origin", "offset"} or options.get("origin") in ("end", "end_day"):
            return "resample with arguments that only pandas takes"
        if not isinstance(times, pd.DatetimeIndex):
            return "resample of labels that are no times"
        if name in _IN_ORDER and not rows.known_divisions:
            return f"resample.{name} of rows that may not be in order"
        values = rows._meta if self._selection is None else rows._meta[self._selection]
        types = [values.dtype] if values.ndim == 1 else list(values.dtypes)
        if name not in _ANY_TYPE and not all(isinstance(t, np.dtype) and t.kind in "iuf" for t in types):
            return f"resample.{name} of other values than numbers"
        return ""

    def _in_groups(self, name: str) -> Any:
        rows, selection = self._collection, self._selection
        spans = Spans(self._args[0], self._kwargs)
        first, last = rows.index.min(), rows.index.max()
        is_series = rows.ndim == 1
        if rows.ndim == 2 and selection is not None:
            rows = rows[selection if isinstance(selection, list) else [selection]]
        label = f"resample.{name}"
        frame = on_partitions(WithSpans(spans), rows, first, last, label=label, aligns=False)
        groups = frame.groupby(_SPAN)
        if is_series or (selection is not None and not isinstance(selection, list)):
            groups = groups[frame.columns[0]]
        result = getattr(groups, name)().repartition(npartitions=1)
        return on_partitions(AllSpans(spans, name, self._collection._meta.index.name), result, first, last, label=label, aligns=False)


def _add_aggregates() -> None:
    def of_spans(name: str) -> Any:
        def run(self: ResampleView, *args: Any, **kwargs: Any) -> Any:
            return self._aggregate(name, *args, **kwargs)

        return run

    for name in ("count", "first", "last", "max", "mean", "median", "min", "nunique", "prod", "sem", "size", "std", "sum", "var"):
        method = of_spans(name)
        method.__name__ = name
        method.__doc__ = f"``{name}`` of the rows of each span of time, as in pandas."
        setattr(ResampleView, name, method)


_add_aggregates()
