"""Operations along the rows, which look into neighbouring partitions: running sums, shifts, differences, fills, windows."""

from __future__ import annotations

from typing import Any, Self

from .._lazy import pandas as pd
from ._collection import FrameBase
from ._pandas_calls import answered, method_on_partitions, method_on_whole, no_form
from ._row_order import like_rows
from ._windows import RollingView

# Stands for an argument that was not given, where None means something.
_not_given: Any = type("no_default", (), {"__repr__": lambda self: "<no_default>"})()


class AlongRowsMixin(FrameBase):
    """pandas' methods by which a row depends on rows before or after it."""

    __slots__ = ()

    def cumsum(self, axis: Any = 0, skipna: bool = True, **kwargs: Any) -> Self:
        """The running sum.

        Examples
        --------
        >>> df.x.cumsum().compute().tolist()
        [1, 3, 6, 10]
        """
        return self._cumulative("cumsum", axis, skipna, kwargs)

    def cumprod(self, axis: Any = 0, skipna: bool = True, **kwargs: Any) -> Self:
        """The running product."""
        return self._cumulative("cumprod", axis, skipna, kwargs)

    def cummin(self, axis: Any = 0, skipna: bool = True, **kwargs: Any) -> Self:
        """The smallest value so far."""
        return self._cumulative("cummin", axis, skipna, kwargs)

    def cummax(self, axis: Any = 0, skipna: bool = True, **kwargs: Any) -> Self:
        """The largest value so far."""
        return self._cumulative("cummax", axis, skipna, kwargs)

    def _cumulative(self, name: str, axis: Any, skipna: bool, kwargs: dict) -> Any:
        if _is_across(axis):
            return method_on_partitions(name, self, axis=1, skipna=skipna, **kwargs)
        answer = _unless(kwargs) or self._ask(name, bool(skipna))
        return answered(answer, in_row_order, name, self, skipna=skipna, **kwargs)

    def shift(self, periods: Any = 1, freq: Any = None, axis: Any = 0, fill_value: Any = _not_given, **kwargs: Any) -> Self:
        """The values of ``periods`` rows before; with ``freq``, other labels for the same rows.

        Examples
        --------
        >>> df.x.shift(1, fill_value=0).compute().tolist()
        [0, 1, 2, 3]
        """
        given = kwargs if fill_value is _not_given else {"fill_value": fill_value, **kwargs}
        if _is_across(axis):
            return method_on_partitions("shift", self, periods, axis=1, **given)
        if freq is not None:
            return self._with_other_times(periods, freq, given)
        answer = _unless(kwargs) or _unless_int(periods)
        if answer is None and fill_value is _not_given:
            answer = self._ask("shift", int(periods))
        elif answer is None:
            answer = self._ask("shift_filled", int(periods), fill_value)
        return answered(answer, in_row_order, "shift", self, periods, **given)

    def _with_other_times(self, periods: Any, freq: Any, given: dict) -> Any:
        """The same rows under labels that are moved by spans of time."""
        own: Any = self
        # Periods have no native form: the plan does not know their type.
        has_times = isinstance(own._meta.index, (pd.DatetimeIndex, pd.TimedeltaIndex))
        moved = method_on_partitions("shift", self, periods, freq=freq, keeps_divisions=False, meta=None if has_times else own._meta, **given)
        if not self.known_divisions or not isinstance(own._meta.index, pd.DatetimeIndex):
            return moved
        ends = pd.DatetimeIndex(self.divisions).shift(periods, freq=freq)
        return moved._with_divisions(list(ends)) if ends.is_monotonic_increasing and ends.is_unique else moved

    def diff(self, periods: Any = 1, axis: Any = 0) -> Self:
        """The difference to the row ``periods`` before.

        Examples
        --------
        >>> df.x.diff().fillna(0).compute().tolist()
        [0.0, 1.0, 1.0, 1.0]
        """
        if _is_across(axis):
            return method_on_partitions("diff", self, periods, axis=1)
        return answered(_unless_int(periods) or self._ask("diff", int(periods)), in_row_order, "diff", self, periods)

    def to_timestamp(self, freq: Any = None, how: str = "start") -> Self:
        """The same rows under the moments at which their periods start, or end.

        Parameters
        ----------
        freq : str, optional
            As what periods the labels are read.
        how : {"start", "end"}
            Which moment of a period.
        """
        own: Any = self
        labels = pd.PeriodIndex([], freq="D").to_timestamp().rename(own._meta.index.name)
        return method_on_partitions("to_timestamp", self, freq=freq, how=how, keeps_divisions=False, meta=own._meta.set_axis(labels))

    def pct_change(self, periods: Any = 1, fill_method: Any = None, freq: Any = None, **kwargs: Any) -> Self:
        """The change from the row ``periods`` before, as a fraction of its value."""
        given = {"fill_method": fill_method, "freq": freq, **kwargs}
        answer = _unless({k: v for k, v in given.items() if v is not None}) or _unless_int(periods)
        answer = answer or self._ask("pct_change", int(periods))
        return answered(answer, in_row_order, "pct_change", self, periods, **given)

    def ffill(self, axis: Any = 0, limit: Any = None, **kwargs: Any) -> Self:
        """Missing values become the last value before them, at most ``limit`` rows away.

        Examples
        --------
        >>> df.x.where(df.x != 2).ffill().compute().tolist()
        [1.0, 1.0, 3.0, 4.0]
        """
        return self._fill_along("ffill", axis, limit, kwargs)

    def bfill(self, axis: Any = 0, limit: Any = None, **kwargs: Any) -> Self:
        """Missing values become the next value after them, at most ``limit`` rows away."""
        return self._fill_along("bfill", axis, limit, kwargs)

    def _fill_along(self, name: str, axis: Any, limit: Any, kwargs: dict) -> Any:
        if _is_across(axis):
            return method_on_partitions(name, self, axis=1, limit=limit, **kwargs)
        if limit is not None and (not pd.api.types.is_integer(limit) or limit < 1):
            raise ValueError(f"Limit must be greater than 0, and an integer; found {limit!r}")
        answer = _unless(kwargs) or self._ask(name, int(limit or 0))
        return answered(answer, in_row_order, name, self, limit=limit, **kwargs)

    def interpolate(
        self, method: str = "linear", axis: Any = 0, limit: Any = None, inplace: bool = False, limit_direction: Any = None, limit_area: Any = None, **kwargs: Any
    ) -> Self:
        """Missing values become what lies on a straight line between the values around them.

        Parameters
        ----------
        method : str
            "linear" counts rows, whatever their labels. pandas does the others, on all rows in one task.
        axis : {0, 1}
        limit : int, optional
            How many missing values in a row are filled.
        limit_direction : {"forward", "backward", "both"}, default "forward"
            From which side they are counted; beyond the last value (with "backward" before the first one) that value goes on.
        limit_area : {"inside", "outside"}, optional
            Only between two values, or only beyond them.

        Returns
        -------
        DataFrame or Series

        Raises
        ------
        ValueError
            For a limit below 1, or an unknown direction or area.

        Examples
        --------
        >>> df.x.where(df.x != 2).interpolate().compute().tolist()
        [1.0, 2.0, 3.0, 4.0]
        """
        if inplace:
            raise NotImplementedError("interpolate: lazy frames do not change in place; take what interpolate() returns")
        if limit is not None and (not pd.api.types.is_integer(limit) or limit < 1):
            raise ValueError(f"Limit must be greater than 0, and an integer; found {limit!r}")
        given = {"method": method, "limit": limit, "limit_direction": limit_direction, "limit_area": limit_area, **kwargs}
        if _is_across(axis):
            return method_on_partitions("interpolate", self, axis=1, **given)
        answer = no_form(f"the method {method!r}") if method != "linear" else _unless(kwargs)
        answer = answer or self._ask("interpolate", int(limit or 0), str(limit_direction or ""), str(limit_area or ""))
        return answered(answer, in_row_order, "interpolate", self, **given)

    def rolling(self, window: Any, *args: Any, **kwargs: Any) -> RollingView:
        """A window that moves over the rows, before the aggregate is named."""
        return RollingView(self, "rolling", (window, *args), kwargs)


def in_row_order(name: str, frame: FrameBase, *args: Any, **kwargs: Any) -> FrameBase:
    """A method of pandas on all rows, whose result has a row for each, in the partitions of ``frame``."""
    return like_rows(method_on_whole(name, frame, *args, **kwargs), frame)


def _is_across(axis: Any) -> bool:
    return axis in (1, "columns")


def _unless(options: dict) -> Any:
    """The answer where options are given that only pandas has."""
    return no_form(f"with {', '.join(options)}") if options else None


def _unless_int(periods: Any) -> Any:
    if pd.api.types.is_integer(periods) or isinstance(periods, float) and periods.is_integer():
        return None
    return no_form(f"periods={periods!r}")
