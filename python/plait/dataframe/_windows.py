"""Views that wait for an aggregate: ``rolling``, ``resample``. The engine slides windows; pandas computes the rest on all rows."""

from __future__ import annotations

from typing import Any, Callable

from .. import _plait
from .._lazy import pandas as pd
from ._pandas_calls import answered, no_form, on_whole
from ._row_order import like_rows


class _AggregateOfView:
    def __init__(self, view: str, view_args: tuple, view_kwargs: dict, selection: Any, name: str):
        self.view, self.view_args, self.view_kwargs, self.selection, self.name = view, view_args, view_kwargs, selection, name

    def __call__(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        view = getattr(obj, self.view)(*self.view_args, **self.view_kwargs)
        if self.selection is not None:
            view = view[self.selection]
        return getattr(view, self.name)(*args, **kwargs)


class PandasView:
    """``collection.resample(...)`` and the like, before the aggregate is named."""

    def __init__(self, collection: Any, view: str, args: tuple, kwargs: dict, selection: Any = None):
        self._collection, self._view, self._args, self._kwargs, self._selection = collection, view, args, kwargs, selection
        self._on_meta = getattr(collection._meta, view)(*args, **kwargs)  # pandas says on the user's line what is wrong

    def __getitem__(self, selection: Any) -> Any:
        return type(self)(self._collection, self._view, self._args, self._kwargs, selection)

    def _on_whole(self, name: str, *args: Any, reason: str = "", **kwargs: Any) -> Any:
        call = _AggregateOfView(self._view, self._args, self._kwargs, self._selection, name)
        return on_whole(call, self._collection, *args, label=f"{self._view}.{name}", reason=reason, **kwargs)


class RollingView(PandasView):
    """``collection.rolling(...)``, before the aggregate is named."""

    def _given(self, place: int, name: str) -> Any:
        """An argument of ``rolling``, as it was given."""
        return self._args[place] if len(self._args) > place else self._kwargs.get(name)

    @property
    def window(self) -> Any:
        """The number of rows, or the span of time, that a window covers."""
        return self._args[0]

    @property
    def min_periods(self) -> Any:
        """How many values a window must have; None where nothing was said."""
        return self._given(1, "min_periods")

    @property
    def center(self) -> bool:
        """Whether windows lie around their rows."""
        return bool(self._given(2, "center"))

    @property
    def win_type(self) -> Any:
        """The weights of windows; None where nothing was said."""
        return self._given(3, "win_type")

    def sum(self, **kwargs: Any) -> Any:
        """The sum of the values in the window."""
        return self._aggregate("sum", {}, **kwargs)

    def mean(self, **kwargs: Any) -> Any:
        """The mean of the values in the window."""
        return self._aggregate("mean", {}, **kwargs)

    def min(self, **kwargs: Any) -> Any:
        """The smallest value in the window."""
        return self._aggregate("min", {}, **kwargs)

    def max(self, **kwargs: Any) -> Any:
        """The largest value in the window."""
        return self._aggregate("max", {}, **kwargs)

    def count(self, **kwargs: Any) -> Any:
        """The number of values in the window."""
        return self._aggregate("count", {}, **kwargs)

    def median(self, **kwargs: Any) -> Any:
        """The median of the values in the window."""
        return self._aggregate("median", {}, **kwargs)

    def var(self, ddof: int = 1, **kwargs: Any) -> Any:
        """The variance of the values in the window."""
        return self._aggregate("var", {"ddof": ddof}, **kwargs)

    def std(self, ddof: int = 1, **kwargs: Any) -> Any:
        """The standard deviation of the values in the window."""
        return self._aggregate("std", {"ddof": ddof}, **kwargs)

    def sem(self, ddof: int = 1, **kwargs: Any) -> Any:
        """The standard error of the mean of the values in the window."""
        return self._aggregate("sem", {"ddof": ddof}, **kwargs)

    def quantile(self, q: float, interpolation: str = "linear", **kwargs: Any) -> Any:
        """A quantile of the values in the window."""
        return self._aggregate("quantile", {"q": q, "interpolation": interpolation}, **kwargs)

    def _aggregate(self, name: str, options: dict, *args: Any, **kwargs: Any) -> Any:
        answer = no_form("with arguments that only pandas takes") if args or kwargs else self._native(name, options)
        return answered(answer, self._in_row_order, name, *args, **options, **kwargs)

    def _native(self, name: str, options: dict) -> Any:
        view = self._on_meta
        if view.win_type is not None or view.on is not None or view.step is not None or view.method != "single":
            return no_form("rolling with win_type, on, step or method")
        window = _engine_window(view)
        if isinstance(window, _plait.NoNativeForm):
            return window
        rows = self._collection if self._selection is None else self._collection[self._selection]
        where = (window, view.min_periods, bool(view.center), view.closed or "right")
        if name == "quantile":
            return rows._ask("rolling_quantile", *where, float(options["q"]), options["interpolation"])
        return rows._ask("rolling", name, *where, int(options.get("ddof", 1)))

    def _in_row_order(self, name: str, *args: Any, reason: str = "", **kwargs: Any) -> Any:
        result = self._on_whole(name, *args, reason=reason, **kwargs)
        return result if name in ("corr", "cov") else like_rows(result, self._collection)


def _engine_window(view: Any) -> Any:
    """The window of a pandas view: a number of rows, or a span of time."""
    if isinstance(view.window, int):
        return view.window
    span = getattr(view, "_win_freq_i8", None)
    if span is None:
        return no_form(f"a window of {type(view.window).__name__}")
    return pd.Timedelta(span, unit=view._on.unit)


def _add_aggregates() -> None:
    def on_pandas(name: str) -> Callable:
        def run(self, *args: Any, **kwargs: Any) -> Any:
            return self._on_whole(name, *args, **kwargs)

        return run

    def of_window(name: str) -> Callable:
        def run(self, *args: Any, **kwargs: Any) -> Any:
            return self._aggregate(name, {}, *args, **kwargs) if not args and not kwargs else self._in_row_order(name, *args, **kwargs)

        return run

    names = (
        "agg", "aggregate", "apply", "corr", "count", "cov", "first", "kurt", "last", "max", "mean", "median", "min", "nunique",
        "ohlc", "prod", "quantile", "sem", "size", "skew", "std", "sum", "var",
    )  # fmt: skip
    for cls, make in ((PandasView, on_pandas), (RollingView, of_window)):
        for name in names:
            if name not in vars(cls):
                method = make(name)
                method.__name__ = name
                method.__doc__ = "As in pandas, which computes it (see ``explain``)."
                setattr(cls, name, method)


_add_aggregates()
