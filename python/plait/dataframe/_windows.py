"""Views of pandas that wait for an aggregate: ``rolling``, ``expanding``, ``resample``. pandas computes them, on all rows at once."""

from __future__ import annotations

from typing import Any, Callable

from ._pandas_calls import on_whole
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
    """``collection.rolling(...)`` and the like, before the aggregate is named."""

    def __init__(self, collection: Any, view: str, args: tuple, kwargs: dict, selection: Any = None):
        self._collection, self._view, self._args, self._kwargs, self._selection = collection, view, args, kwargs, selection
        getattr(collection._meta, view)(*args, **kwargs)  # pandas says on the user's line what is wrong

    def __getitem__(self, selection: Any) -> PandasView:
        return PandasView(self._collection, self._view, self._args, self._kwargs, selection)


def _add_aggregates() -> None:
    def method(name: str) -> Callable:
        def run(self, *args: Any, **kwargs: Any) -> Any:
            call = _AggregateOfView(self._view, self._args, self._kwargs, self._selection, name)
            result = on_whole(call, self._collection, *args, label=f"{self._view}.{name}", **kwargs)
            return like_rows(result, self._collection) if self._view == "rolling" and name not in ("corr", "cov") else result

        run.__name__ = name
        run.__doc__ = "As in pandas, which computes it (see ``explain``)."
        return run

    for name in (
        "agg", "aggregate", "apply", "corr", "count", "cov", "first", "kurt", "last", "max", "mean", "median", "min", "nunique",
        "ohlc", "prod", "quantile", "sem", "size", "skew", "std", "sum", "var",
    ):  # fmt: skip
        setattr(PandasView, name, method(name))


_add_aggregates()
