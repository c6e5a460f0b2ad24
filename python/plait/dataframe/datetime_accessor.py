"""``.dt``: methods of series of dates and of spans of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._collection import wrap
from ._pandas_calls import answered
from .accessors import Accessor, by_pandas

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series

_NATIVE_DT = (
    "year", "month", "day", "hour", "minute", "second", "microsecond", "nanosecond", "dayofweek", "weekday", "dayofyear",
    "quarter", "days_in_month", "is_month_start", "is_month_end", "is_quarter_start", "is_quarter_end", "is_year_start",
    "is_year_end", "is_leap_year",
)  # fmt: skip
_DT_ALIASES = {"day_of_week": "dayofweek", "day_of_year": "dayofyear", "daysinmonth": "days_in_month"}
DATE_PARTS = frozenset((*_NATIVE_DT, *_DT_ALIASES, "days", "seconds", "date", "time"))
_SPAN_DT = ("days", "seconds")
_PANDAS_DT_PROPERTIES = ("date", "time", "timetz", "microseconds", "nanoseconds", "components")
_PANDAS_DT_METHODS = ("isocalendar", "to_period", "as_unit", "to_pydatetime")


class DatetimeAccessor(Accessor):
    """Methods of a series of dates or spans of time."""

    _name = "dt"

    if TYPE_CHECKING:
        # What is installed below.
        year: Series
        month: Series
        day: Series
        hour: Series
        minute: Series
        second: Series
        microsecond: Series
        nanosecond: Series
        dayofweek: Series
        day_of_week: Series
        weekday: Series
        dayofyear: Series
        day_of_year: Series
        quarter: Series
        days_in_month: Series
        daysinmonth: Series
        is_month_start: Series
        is_month_end: Series
        is_quarter_start: Series
        is_quarter_end: Series
        is_year_start: Series
        is_year_end: Series
        is_leap_year: Series
        days: Series
        seconds: Series
        date: Series
        time: Series
        timetz: Series
        microseconds: Series
        nanoseconds: Series
        components: DataFrame

        def _by_pandas(self, *args: Any, **kwargs: Any) -> Any: ...

        isocalendar = to_period = as_unit = to_pydatetime = _by_pandas

    def _native_method(self, op: str, text: str, *args: Any, **kwargs: Any) -> Any:
        if kwargs:
            return self._pandas(op, *args, **kwargs)
        return answered(self._ask(op, text), self._pandas, op, *args)

    def _ask(self, op: str, text: str = "") -> Any:
        return wrap(self._series._engine.dt_methods.apply(op, text))

    def floor(self, freq: str, **kwargs: Any) -> Series:
        """Rounded down to a frequency."""
        return self._native_method("floor", freq, freq, **kwargs)

    def ceil(self, freq: str, **kwargs: Any) -> Series:
        """Rounded up to a frequency."""
        return self._native_method("ceil", freq, freq, **kwargs)

    def round(self, freq: str, **kwargs: Any) -> Series:
        """Rounded to a frequency."""
        return self._native_method("round", freq, freq, **kwargs)

    def normalize(self) -> Series:
        """At midnight."""
        return self._native_method("normalize", "")

    def strftime(self, date_format: str) -> Series:
        """Written in a format."""
        return self._pandas("strftime", date_format)

    def day_name(self, locale: Any = None) -> Series:
        """The name of the weekday."""
        return self._pandas("day_name", locale) if locale else self._native_method("day_name", "")

    def month_name(self, locale: Any = None) -> Series:
        """The name of the month."""
        return self._pandas("month_name", locale) if locale else self._native_method("month_name", "")

    def total_seconds(self) -> Series:
        """The span in seconds."""
        return self._native_method("total_seconds", "")

    def tz_localize(self, tz: Any, **kwargs: Any) -> Series:
        """The same wall time in a time zone."""
        return self._pandas("tz_localize", tz, **kwargs)

    def tz_convert(self, tz: Any) -> Series:
        """The same moment in another time zone."""
        return self._pandas("tz_convert", tz)

    @property
    def tz(self) -> Any:
        """The time zone."""
        return self._series._meta.dt.tz


def _native_property(name: str, op: str) -> property:
    return property(lambda self: answered(self._ask(op), self._property, name))


def _pandas_property(name: str) -> property:
    return property(lambda self: self._property(name))


for _name in (*_NATIVE_DT, *_SPAN_DT):
    setattr(DatetimeAccessor, _name, _native_property(_name, _name))
for _name, _op in _DT_ALIASES.items():
    setattr(DatetimeAccessor, _name, _native_property(_name, _op))
for _name in _PANDAS_DT_PROPERTIES:
    setattr(DatetimeAccessor, _name, _pandas_property(_name))
for _name in _PANDAS_DT_METHODS:
    setattr(DatetimeAccessor, _name, by_pandas(_name))
