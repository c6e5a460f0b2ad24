"""Functions of groups that pandas computes: one result for each group, one for each row, or some of the rows.

Every partition works on whole groups of its own (see `src/collections/dataframe/group_rows.h`). Where pandas must see all groups
first, and where there is one partition, it gets all rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .._lazy import pandas as pd
from .. import _plait
from . import _labels
from ._collection import wrap
from ._pandas_calls import infer, make_meta, no_form, on_partitions, on_whole
from ._pandas_groups import GroupsOf, OfEachRow, OfSomeRows, Plain, ResultKinds, WithoutKeys, as_frame, have_places, in_places
from ._row_order import like_rows, on_numbered
from ._rows import no_default


class GroupFunctions:
    """What groups of a frame and of a series have of these."""

    _obj: Any  # whose rows are grouped
    _frame: Any  # with every key as a column
    _keys: list[str]  # their names there
    _key_names: dict  # and in the result, where they differ
    _options: dict
    _group_keys: bool
    _makes_frames: bool  # whether functions get frames

    @property
    def _value_names(self) -> list[str]:
        raise NotImplementedError

    def _selection(self) -> Any:
        raise NotImplementedError

    def _engine_groups(self, frame: Any) -> Any:
        keys = [(key, self._key_names.get(key, key)) for key in self._keys]
        return _plait.frame_groupby(frame._engine, keys, **self._options)

    def _pandas_keys(self) -> list:
        return [_labels.decode(key) for key in self._keys]

    def _pandas_names(self) -> list:
        return [_labels.decode_level(self._key_names.get(key, key)) for key in self._keys]

    def _groups_of(self, selection: Any, call: Callable) -> GroupsOf:
        return GroupsOf(self._pandas_keys(), selection, self._options | {"group_keys": self._group_keys}, call, self._pandas_names())

    def apply(self, func: Callable, *args: Any, meta: Any = no_default, **kwargs: Any) -> Any:
        """What a function gives for each group, in the order of the groups.

        Parameters
        ----------
        func : callable
            Takes a pandas object, the rows of one group, and gives a pandas object or a scalar.
        meta : optional
            What the result looks like; default is what ``func`` makes of two made-up rows.
        *args, **kwargs
            Further arguments of ``func``.

        Examples
        --------
        >>> df.groupby("k").apply(lambda rows: rows.x.max() - rows.x.min()).compute().to_dict()
        {'a': 2, 'b': 2}
        """
        call = Plain("apply", (func, *args), kwargs)
        kinds = self._result_kinds(func, args, kwargs)
        # Series become the rows of a frame if the labels of all agree.
        if kinds is None or (self._makes_frames and pd.Series in kinds):
            return self._whole("apply", call, meta, reason="pandas sees all groups before it knows what the results make")
        if self._group_keys or not kinds & {pd.Series, pd.DataFrame}:
            return self._by_group("apply", call, meta)
        return self._without_keys(call, meta)

    def _result_kinds(self, func: Callable, args: tuple, kwargs: dict) -> set[type] | None:
        """The types of what a function gives for made-up groups; None where it does not take them."""
        seen = ResultKinds(func)
        try:
            infer(self._groups_of(self._selection(), Plain("apply", (seen, *args), kwargs)), [self._frame], "groupby.apply")
        except Exception:
            return None
        return seen.kinds

    def _without_keys(self, call: Plain, meta: Any) -> Any:
        """The results of groups without the keys as labels: in the places of their rows if they have the labels of these."""
        frame = self._looked_at()
        positioned = frame if isinstance(frame, _plait.NoNativeForm) else frame._ask("with_positions")
        rows = positioned if isinstance(positioned, _plait.NoNativeForm) else self._in_order_of_keys(positioned)
        if isinstance(rows, _plait.NoNativeForm):
            return self._whole("apply", call, meta, rows.reason)
        groups = self._groups_of(self._selection(), call)
        expected = self._expected(groups, frame, "apply", meta)
        results = on_partitions(
            WithoutKeys(groups, expected), rows, label="groupby.apply", meta=_with_positions(expected, rows.columns[-1]), keeps_divisions=False
        )
        have = on_partitions(have_places, results, label="have_places", meta=pd.Series([], dtype="bool"), keeps_divisions=False)
        return _placed(on_numbered(in_places, results, have, label="in_places", meta=results._meta), self._obj, expected, False)

    def transform(self, func: Any, *args: Any, meta: Any = no_default, **kwargs: Any) -> Any:
        """Like the rows, from each group. Takes the arguments of :meth:`apply`; ``func`` may be the name of an aggregate.

        Examples
        --------
        >>> df.groupby("k").x.transform("max").compute().tolist()
        [3, 4, 3, 4]
        """
        return self._of_rows("transform", Plain("transform", (func, *args), kwargs), OfEachRow, meta)

    def rolling(self, window: Any, min_periods: int | None = None, center: bool = False, win_type: Any = None, axis: Any = 0, **kwargs: Any) -> GroupRolling:
        """A window that moves over the rows of each group, before the aggregate is named.

        Parameters
        ----------
        window : int, str or offset
            How many rows, or which span of time.
        min_periods : int, optional
            The least number of values; else the result is missing.
        center : bool
            Whether the row is in the middle of its window, rather than its end.
        win_type : str, optional
            The weights of the values.
        axis : int
            0.
        **kwargs
            ``closed``, ``on``, as in pandas.

        Examples
        --------
        >>> df.groupby("k").x.rolling(2).sum().dropna().compute().tolist()
        [4.0, 6.0]
        """
        if axis not in (0, "index", None):
            raise NotImplementedError(f"groupby.rolling: axis={axis!r} is not there; expected 0")
        given = {"min_periods": min_periods, "center": center, "win_type": win_type, **kwargs}
        return GroupRolling(self, (window,), {name: value for name, value in given.items() if value not in (None, False)})

    def _whole(self, name: str, call: Callable, meta: Any = None, reason: str = "") -> Any:
        """What pandas makes of all rows; the result has one partition."""
        meta = None if meta is None or meta is no_default else make_meta(meta)
        return on_whole(self._groups_of(self._selection(), call), self._frame, label=f"groupby.{name}", meta=meta, reason=reason)

    def _by_group(self, name: str, call: Plain, meta: Any = None, reason: str = "", rows: Any = None) -> Any:
        """What pandas makes of each group, one group after the other: of rows in the order of their keys, on each partition."""
        rows = self._in_order_of_keys(self._looked_at() if rows is None else rows)
        if isinstance(rows, _plait.NoNativeForm):
            return self._whole(name, call, meta, reason or rows.reason)
        groups = self._groups_of(self._selection(), call)
        try:
            expected = self._expected(groups, rows, name, meta)
        except Exception:  # made-up rows do not suit the function
            return self._whole(name, call, meta, reason)
        return on_partitions(groups, rows, label=f"groupby.{name}", meta=expected, keeps_divisions=False, reason=reason)

    def _of_rows(self, name: str, call: Plain, kind: type, meta: Any = None) -> Any:
        """What pandas makes of the rows of each group, in their places: one result for each row, or some of the rows."""
        together = self._rows_together()
        groups = self._groups_of(self._selection(), call)
        try:
            expected = None if isinstance(together, _plait.NoNativeForm) else self._expected(groups, self._frame, name, meta)
        except Exception:
            expected = None
        if expected is None:
            whole = self._whole(name, call, meta, getattr(together, "reason", ""))
            return like_rows(whole, self._obj) if kind is OfEachRow else whole
        meta = _with_positions(expected, together.columns[-1])
        results = on_partitions(kind(groups, expected), together, label=f"groupby.{name}", meta=meta, keeps_divisions=False)
        return _placed(results, self._obj, expected, kind is OfEachRow)

    @staticmethod
    def _expected(groups: GroupsOf, rows: Any, name: str, meta: Any) -> Any:
        """The empty result of a call on groups: what the user says, or what pandas makes of made-up rows."""
        return infer(groups, [rows], f"groupby.{name}") if meta is None or meta is no_default else make_meta(meta)

    def _in_order_of_keys(self, frame: Any) -> Any:
        """Rows sorted by the keys, or why groups are not worked on partition by partition."""
        if isinstance(frame, _plait.NoNativeForm):
            return frame
        if not self._options["sort"]:
            return no_form("the order of the result is that of all rows")
        if not self._options["observed"] and any(isinstance(frame._meta[key].dtype, pd.CategoricalDtype) for key in self._pandas_keys()):
            return no_form("groups without rows are in the result")
        groups = self._engine_groups(frame)
        return groups if isinstance(groups, _plait.NoNativeForm) else wrap(groups.rows_in_order())

    def _rows_together(self) -> Any:
        """The rows that are looked at, each group whole in one partition, or why not."""
        frame = self._looked_at()
        groups = frame if isinstance(frame, _plait.NoNativeForm) else self._engine_groups(frame)
        return groups if isinstance(groups, _plait.NoNativeForm) else wrap(groups.rows_together())

    def _looked_at(self) -> Any:
        """The frame of the keys and the columns that were chosen, or why its groups are worked on together."""
        names = self._frame._names
        if self._frame.npartitions == 1:
            return no_form("one partition holds all groups")
        if _labels.are_nested(names) or not set(self._keys) <= set(names):
            return no_form("keys that are labels, or columns of several levels")
        if self._selection() is None:
            return self._frame
        wanted = {*self._keys, *self._value_names}
        return self._frame._ask("select", [name for name in names if name in wanted])


def of_each_row(groups: GroupFunctions, name: str, call: Plain, meta: Any) -> Any:
    return groups._of_rows(name, call, OfEachRow, meta)


def of_some_rows(groups: GroupFunctions, name: str, call: Plain, meta: Any) -> Any:
    return groups._of_rows(name, call, OfSomeRows, meta)


def _with_positions(meta: Any, positions: str) -> pd.DataFrame:
    return as_frame(meta).assign(**{positions: pd.Series([], dtype="int64")})


def _placed(results: Any, obj: Any, meta: Any, has_all_rows: bool) -> Any:
    """Results with positions in the places of the rows of `obj`."""
    placed = results._ask("in_place", obj, has_all_rows)
    return placed if meta.ndim == 2 else placed._ask("column", _labels.encode_name(meta.name))


class _WindowCall(Plain):
    """An aggregate of windows of groups."""

    def __init__(self, view: tuple, selection: Any, name: str, args: tuple, kwargs: dict):
        super().__init__(name, args, kwargs)
        self.view, self.selection = view, selection

    def __call__(self, groups: Any) -> Any:
        args, kwargs = self.view
        windows = groups.rolling(*args, **kwargs)
        return super().__call__(windows if self.selection is None else windows[self.selection])


class GroupRolling:
    """``groups.rolling(...)``, before the aggregate is named: pandas computes it, group by group."""

    def __init__(self, groups: GroupFunctions, args: tuple, kwargs: dict, selection: Any = None):
        self._groups, self._view, self._selection = groups, (args, kwargs), selection

    def __getitem__(self, selection: Any) -> GroupRolling:
        return GroupRolling(self._groups, *self._view, selection)

    if TYPE_CHECKING:

        def _aggregated(self, *args: Any, **kwargs: Any) -> Any: ...

        agg = aggregate = apply = count = kurt = max = mean = median = min = quantile = sem = skew = std = sum = var = _aggregated


def _of_windows(name: str) -> Callable:
    def aggregate(self: GroupRolling, *args: Any, **kwargs: Any) -> Any:
        return self._groups._by_group(f"rolling.{name}", _WindowCall(self._view, self._selection, name, args, kwargs))

    aggregate.__name__ = name
    aggregate.__doc__ = f"The {name} of the values in the window, as in pandas."
    return aggregate


for _name in "agg aggregate apply count kurt max mean median min quantile sem skew std sum var".split():
    setattr(GroupRolling, _name, _of_windows(_name))
