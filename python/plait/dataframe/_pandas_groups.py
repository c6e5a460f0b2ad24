"""What pandas makes of its own groups: calls that go to wherever the rows are."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _labels
from ._pandas_calls import conform


class Plain:
    """A method of groups, with its arguments."""

    def __init__(self, name: str, args: tuple, kwargs: dict):
        self.name, self.args, self.kwargs = name, args, kwargs

    def __call__(self, groups: Any) -> Any:
        return getattr(groups, self.name)(*self.args, **self.kwargs)


class ResultKinds:
    """A function whose results' types are noted."""

    def __init__(self, function: Callable):
        self.function = function
        self.kinds: set[type] = set()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self.function(*args, **kwargs)
        self.kinds.add(type(result))
        return result


class GroupsOf:
    """Makes pandas' groups of a frame that holds the keys as columns."""

    def __init__(self, keys: list, selection: Any, options: dict, call: Any, names: list):
        self.keys, self.selection, self.options, self.call, self.names = keys, selection, options, call, names

    def __call__(self, frame: pd.DataFrame) -> Any:
        groups = self.groups_of(frame)
        return self.call(groups if self.selection is None else groups[self.selection])

    def added_keys(self) -> list:
        """The columns that hold keys which are no columns of the user's."""
        return [key for key in self.keys if isinstance(key, str) and key.startswith("__by_")]

    def groups_of(self, frame: pd.DataFrame) -> Any:
        """All columns but the keys that were added."""
        added = self.added_keys()
        # A copy: pandas takes a key for a column of its name, and leaves that out, if both are in the same memory.
        by = [frame[key].copy(deep=key in added).rename(name) if key in frame.columns else key for key, name in zip(self.keys, self.names)]
        return frame.drop(columns=added).groupby(by if len(by) > 1 else by[0], **self.options)


class OfEachRow:
    """A call that gives every row of its groups a result, with the positions of the rows, which are the frame's last column."""

    def __init__(self, groups: GroupsOf, meta: Any):
        self.groups, self.meta = groups, meta

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        positions = frame.columns[-1]
        # Of no rows, pandas refuses some calls; of rows that all have no group, it makes nothing.
        result = conform(self.groups(frame.drop(columns=positions)), self.meta, True) if len(frame) else self.meta
        if not len(result):
            result = self.meta.reindex(frame.index)
        if len(result) != len(frame):
            raise ValueError(f"expected one row for each of {len(frame)} rows, found {len(result)}")
        return as_frame(result).assign(**{positions: frame[positions].to_numpy()})


class OfSomeRows:
    """A call that chooses some rows of its groups (head, tail, filter), with the positions of the rows."""

    def __init__(self, groups: GroupsOf, meta: Any):
        self.groups, self.meta = groups, meta

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        positions, chosen = frame.columns[-1], self.groups.selection
        call = self.groups.call
        if call.name == "filter":
            condition, *args = call.args or (call.kwargs["func"],)
            kwargs = {name: value for name, value in call.kwargs.items() if name != "func"}
            call = Plain("filter", (_WithoutPositions(condition, positions, chosen), *args), kwargs)
        groups = self.groups.groups_of(frame)
        columns = list(frame.columns[:-1]) if chosen is None else chosen if isinstance(chosen, list) else [chosen]
        return call(groups)[[*(c for c in columns if c not in self.groups.added_keys()), positions]]


class WithoutKeys:
    """``apply`` without the keys as labels, with the positions of the rows, which are the frame's last column.

    Results that have the labels of their groups go to the places of the rows, others stand one after the other. What has no
    place of its own gets the position -1.
    """

    def __init__(self, groups: GroupsOf, meta: Any):
        self.groups, self.meta = groups, meta

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        positions = frame.columns[-1]
        of, apply = self.groups, self.groups.call
        seen = _Results(apply.args[0])
        call = Plain("apply", (seen, *apply.args[1:]), apply.kwargs)
        rows = frame.drop(columns=positions)
        result = as_frame(conform(GroupsOf(of.keys, of.selection, of.options, call, of.names)(rows), self.meta, True))
        if not seen.are_like_the_rows:
            return result.assign(**{positions: -1})
        if not seen.results:
            return result.assign(**{positions: pd.Series([], dtype="int64")})
        groups = of.groups_of(rows).ngroup().to_numpy()
        order = np.argsort(groups, kind="stable")[: np.count_nonzero(groups >= 0)]  # rows without a group are NaN
        in_order = as_frame(conform(pd.concat(seen.results), self.meta, True))
        return in_order.assign(**{positions: frame[positions].to_numpy()[order]})


class _Results:
    """A function of groups that keeps its results, and whether all of them have the labels of their groups."""

    def __init__(self, function: Callable):
        self.function = function
        self.results: list = []
        self.are_like_the_rows = True

    def __call__(self, group: Any, *args: Any, **kwargs: Any) -> Any:
        labels = group.index
        result = self.function(group, *args, **kwargs)
        self.results.append(result)
        self.are_like_the_rows &= result.index.equals(labels)
        return result


def have_places(part: pd.DataFrame) -> pd.Series:
    """Whether every row has a place: one value for a partition of what `WithoutKeys` gives."""
    return pd.Series([bool((part.iloc[:, -1] >= 0).all())])


def in_places(part: pd.DataFrame, number: pd.Series, have: pd.Series) -> pd.DataFrame:
    """The rows with the places that they go to: their own where every group's rows have some, else where they are."""
    if have.all():
        return part
    return part.assign(**{part.columns[-1]: (int(number.iloc[0]) << 32) + np.arange(len(part))})


class _WithoutPositions:
    def __init__(self, condition: Callable, positions: str, chosen: Any):
        self.condition, self.positions, self.chosen = condition, positions, chosen

    def __call__(self, group: pd.DataFrame, *args: Any, **kwargs: Any) -> Any:
        rows = group.drop(columns=self.positions) if self.chosen is None else group[self.chosen]
        return self.condition(rows, *args, **kwargs)


def as_frame(result: Any) -> pd.DataFrame:
    """A series as a frame of one column."""
    if result.ndim == 2:
        return result
    return result.to_frame(name=_labels.UNNAMED if result.name is None else result.name)
