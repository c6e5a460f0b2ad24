"""What pandas makes of its own groups: calls that go to wherever the rows are."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import pandas as pd


class Plain:
    """A method of groups, with its arguments."""

    def __init__(self, name: str, args: tuple, kwargs: dict):
        self.name, self.args, self.kwargs = name, args, kwargs

    def __call__(self, groups: Any) -> Any:
        return getattr(groups, self.name)(*self.args, **self.kwargs)


class GroupsOf:
    """Makes pandas' groups of a frame that holds the keys as columns."""

    def __init__(self, keys: list, selection: Any, options: dict, call: Callable, names: list):
        self.keys, self.selection, self.options, self.call, self.names = keys, selection, options, call, names

    def __call__(self, frame: pd.DataFrame) -> Any:
        by = [frame[key].rename(name) if key in frame.columns else key for key, name in zip(self.keys, self.names)]
        added = [key for key in self.keys if isinstance(key, str) and key.startswith("__by_")]
        groups = frame.drop(columns=added).groupby(by if len(by) > 1 else by[0], **self.options)
        return self.call(groups if self.selection is None else groups[self.selection])
