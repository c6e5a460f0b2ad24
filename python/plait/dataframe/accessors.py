"""``.str``, ``.dt`` and ``.cat``: methods of series of text, dates and categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import pandas as pd
from . import _convert
from ._collection import wrap
from ._pandas_calls import Method, answered, method_on_whole, no_form, on_partitions

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


class Accessor:
    """Methods of one kind of series; pandas checks on an empty series that they apply."""

    _name = ""

    def __init__(self, series: Any):
        # pandas says what is wrong with a series of another type.
        getattr(series._meta, self._name)
        self._series = series

    def _pandas(self, method: str, *args: Any, **kwargs: Any) -> Any:
        label = f"{self._name}.{method}"
        return on_partitions(Method(label), self._series, *args, label=label, **kwargs)

    def _property(self, name: str, reason: str = "") -> Any:
        label = f"{self._name}.{name}"
        return on_partitions(Attribute(label), self._series, label=label, reason=reason)

    def _native(self, op: str, *args: Any, **kwargs: Any) -> Any:
        """The engine's method or, where it has no native form, pandas' of the same name."""
        answer = wrap(getattr(getattr(self._series._engine, f"{self._name}_methods"), op)(*args, **kwargs))
        return answered(answer, self._pandas, op, *args, **kwargs)


class Attribute:
    """An attribute by its dotted name."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, obj: Any) -> Any:
        for part in self.name.split("."):
            obj = getattr(obj, part)
        return obj


def _joined_texts(series: pd.Series, sep: Any, na_rep: Any, *others: Any) -> pd.Series:
    return series.str.cat(list(others), sep=sep, na_rep=na_rep)


class _SplitColumns:
    def __init__(self, name: str, pat: Any, n: int):
        self.name, self.pat, self.n = name, pat, n

    def __call__(self, series: pd.Series) -> pd.DataFrame:
        return getattr(series.str, self.name)(self.pat, n=self.n, expand=True).reindex(columns=range(self.n + 1))


def _given(na: Any) -> dict:
    """``na=`` if the user says it: its default is pandas' business."""
    return {} if na is None else {"na": na}


_PLAIN_STR = (
    "lower", "upper", "title", "capitalize", "swapcase", "len", "isalpha", "isdigit", "isalnum", "isnumeric", "isdecimal",
    "isspace", "islower", "isupper", "istitle",
)  # fmt: skip
_PANDAS_STR = (
    "casefold", "center", "decode", "encode", "extract", "findall", "index", "join", "ljust",
    "normalize", "pad", "partition", "rfind", "rindex", "rjust", "rpartition", "translate", "wrap",
)  # fmt: skip


class StringAccessor(Accessor):
    """Methods of a series of text."""

    _name = "str"

    if TYPE_CHECKING:
        # What `_add` installs.
        def _plain(self) -> Series: ...
        def _by_pandas(self, *args: Any, **kwargs: Any) -> Any: ...

        lower = upper = title = capitalize = swapcase = len = isalpha = isdigit = isalnum = isnumeric = _plain
        isdecimal = isspace = islower = isupper = istitle = _plain
        casefold = center = decode = encode = extract = findall = index = join = ljust = _by_pandas
        normalize = pad = partition = rfind = rindex = rjust = rpartition = translate = wrap = _by_pandas

    def cat(self, others: Any = None, sep: Any = None, na_rep: Any = None) -> Any:
        """The texts of all rows as one or, with ``others`` (a lazy series or a list of them), row by row behind one another.

        Examples
        --------
        >>> df.k.str.cat(sep="-").compute()
        'a-b-a-b'
        >>> df.k.str.cat([df.k, df.k], sep="-").compute().tolist()
        ['a-a-a', 'b-b-b', 'a-a-a', 'b-b-b']
        """
        if others is None:
            return method_on_whole("str.cat", self._series, sep=sep, na_rep=na_rep)
        columns = others if isinstance(others, (list, tuple)) else [others]
        return on_partitions(_joined_texts, self._series, sep, na_rep, *columns, label="str.cat")

    def extractall(self, pat: str, flags: int = 0) -> DataFrame:
        """A row for each place where the pattern matches."""
        label = "str.extractall"  # rows are labelled by the number of the match, too
        return on_partitions(Method(label), self._series, pat, flags=flags, label=label, keeps_divisions=False)

    def contains(self, pat: str, case: bool = True, flags: int = 0, na: Any = None, regex: bool = True) -> Series:
        """Whether the pattern occurs."""
        return self._native("contains", pat, case=case, flags=flags, regex=regex, **_given(na))

    def match(self, pat: str, case: bool = True, flags: int = 0, na: Any = None) -> Series:
        """Whether the pattern matches at the start."""
        return self._pandas("match", pat, case=case, flags=flags, **_given(na))

    def fullmatch(self, pat: str, case: bool = True, flags: int = 0, na: Any = None) -> Series:
        """Whether the pattern matches all of the text."""
        return self._pandas("fullmatch", pat, case=case, flags=flags, **_given(na))

    def startswith(self, pat: Any, na: Any = None) -> Series:
        """Whether the text starts so."""
        return self._native("startswith", pat, **_given(na))

    def endswith(self, pat: Any, na: Any = None) -> Series:
        """Whether the text ends so."""
        return self._native("endswith", pat, **_given(na))

    def replace(self, pat: Any, repl: Any = None, n: int = -1, case: Any = None, flags: int = 0, regex: bool = False) -> Series:
        """The pattern replaced."""
        return self._native("replace", pat, repl, n=n, case=case, flags=flags, regex=regex)

    def strip(self, to_strip: Any = None) -> Series:
        """Without white space (or the given characters) at both ends."""
        return self._native("strip", to_strip)

    def lstrip(self, to_strip: Any = None) -> Series:
        """Without white space (or the given characters) at the start."""
        return self._native("lstrip", to_strip)

    def rstrip(self, to_strip: Any = None) -> Series:
        """Without white space (or the given characters) at the end."""
        return self._native("rstrip", to_strip)

    def slice(self, start: Any = None, stop: Any = None, step: Any = None) -> Series:
        """Part of the text."""
        return self._native("slice", start, stop, step)

    def get(self, i: int) -> Series:
        """One character."""
        return self._native("get", i)

    def zfill(self, width: int) -> Series:
        """Filled with zeros at the start."""
        return self._native("zfill", width)

    def repeat(self, repeats: Any) -> Series:
        """The text several times."""
        return self._native("repeat", repeats)

    def find(self, sub: str, start: int = 0, end: Any = None) -> Series:
        """The first position of a text, -1 if there is none."""
        return self._native("find", sub, start, end)

    def count(self, pat: str, flags: int = 0) -> Series:
        """How often the pattern occurs."""
        return self._native("count", pat, flags)

    def removeprefix(self, prefix: str) -> Series:
        """Without a prefix."""
        return self._native("removeprefix", prefix)

    def removesuffix(self, suffix: str) -> Series:
        """Without a suffix."""
        return self._native("removesuffix", suffix)

    def split(self, pat: Any = None, n: int = -1, expand: bool = False) -> Any:
        """Parts of the text: a list a row or, with ``expand=True``, ``n + 1`` columns."""
        return self._split("split", pat, n, expand)

    def rsplit(self, pat: Any = None, n: int = -1, expand: bool = False) -> Any:
        """As `split`, from the end."""
        return self._split("rsplit", pat, n, expand)

    def _split(self, name: str, pat: Any, n: int, expand: bool) -> Any:
        if not expand:
            return self._pandas(name, pat=pat, n=n)
        if n < 1:
            raise NotImplementedError("str.split: with expand=True, say n=, the number of splits: the columns must be known")
        meta = pd.DataFrame({i: pd.Series([], dtype=self._series._meta.dtype) for i in range(n + 1)})
        return on_partitions(_SplitColumns(name, pat, n), self._series, label=f"str.{name}", meta=meta)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.slice(index.start, index.stop, index.step)
        return self.get(index)


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
        # What `_add` installs.
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


class CategoricalAccessor(Accessor):
    """Methods of a series of categories."""

    _name = "cat"

    @property
    def known(self) -> bool:
        """Whether the categories are known before the series is computed."""
        return len(self._series._meta.cat.categories) > 0

    @property
    def ordered(self) -> bool:
        """Whether the categories have an order."""
        return bool(self._series._meta.cat.ordered)

    @property
    def categories(self) -> Any:
        """The categories, which must be known."""
        if not self.known:
            raise NotImplementedError("the categories are not known; use .cat.as_known(), which computes them")
        return self._series._meta.cat.categories

    @property
    def codes(self) -> Any:
        """The positions of the categories, which must be known: else every partition would count its own."""
        if not self.known:
            raise NotImplementedError("the categories are not known; use .cat.as_known(), which computes them")
        return answered(wrap(self._series._engine.cat_methods.codes()), self._property, "codes")

    def as_known(self, **kwargs: Any) -> Series:
        """The series with known categories; computes them where they are not."""
        if self.known:
            return self._series
        found = self._series.dropna().drop_duplicates().compute(**kwargs).cat.categories
        return self._pandas("set_categories", found)

    def set_categories(self, new_categories: Any, ordered: Any = None, rename: bool = False) -> Series:
        """Other categories; values that are none of them are missing."""
        return self._recoded("set_categories", new_categories, (ordered, rename), ordered=ordered, rename=rename)

    def add_categories(self, new_categories: Any) -> Series:
        """With more categories, after those that there are."""
        return self._recoded("add_categories", new_categories)

    def remove_categories(self, removals: Any) -> Series:
        """Without some categories; their values are missing."""
        return self._recoded("remove_categories", removals)

    def reorder_categories(self, new_categories: Any, ordered: Any = None) -> Series:
        """The same categories in another order."""
        return self._recoded("reorder_categories", new_categories, (ordered,), ordered=ordered)

    def rename_categories(self, new_categories: Any) -> Series:
        """The categories under other names: a list, a dict, or what a function gives for each."""
        if self.known and (isinstance(new_categories, dict) or callable(new_categories)):
            name_of = new_categories if callable(new_categories) else lambda old: new_categories.get(old, old)
            new_categories = [name_of(old) for old in self.categories]
        return self._recoded("rename_categories", new_categories)

    def as_ordered(self) -> Series:
        """The categories with an order."""
        return answered(wrap(self._series._engine.cat_methods.as_ordered()), self._pandas, "as_ordered")

    def as_unordered(self) -> Series:
        """The categories without an order."""
        return answered(wrap(self._series._engine.cat_methods.as_unordered()), self._pandas, "as_unordered")

    def remove_unused_categories(self) -> Series:
        """Without categories that no value has; which those are is computed now."""
        known = self.as_known()
        used = set(known.dropna().drop_duplicates().compute())
        categories = known.cat.categories
        return known.cat.set_categories(categories[[category in used for category in categories]])

    def _recoded(self, name: str, categories: Any, asked: tuple = (), **kwargs: Any) -> Any:
        table = _table_of_categories(categories)
        if table is None:
            answer = no_form("categories that are no list of plain values")
        else:
            answer = wrap(getattr(self._series._engine.cat_methods, name)(table, *asked))
        return answered(answer, self._pandas, name, categories, **kwargs)

    def as_unknown(self) -> Series:
        """The series itself: that categories are known does no harm."""
        return self._series


def _table_of_categories(categories: Any) -> Any:
    """The engine's table of one column; None for what has no native form."""
    if callable(categories) or isinstance(categories, dict):
        return None
    values = pd.Index(categories if pd.api.types.is_list_like(categories) else [categories])
    return None if isinstance(values, pd.MultiIndex) else _convert.to_table(pd.Series(values))


def _add() -> None:
    def plain(name: str) -> Any:
        def method(self) -> Any:
            return answered(wrap(self._series._engine.str_methods.apply(name)), self._pandas, name)

        method.__name__ = name
        return method

    def by_pandas(name: str) -> Any:
        def method(self, *args: Any, **kwargs: Any) -> Any:
            return self._pandas(name, *args, **kwargs)

        method.__name__ = name
        return method

    def native_property(name: str, op: str) -> property:
        return property(lambda self: answered(self._ask(op), self._property, name))

    def pandas_property(name: str) -> property:
        return property(lambda self: self._property(name))

    for name in _PLAIN_STR:
        setattr(StringAccessor, name, plain(name))
    for name in _PANDAS_STR:
        setattr(StringAccessor, name, by_pandas(name))
    for name in _NATIVE_DT:
        setattr(DatetimeAccessor, name, native_property(name, name))
    for name, op in _DT_ALIASES.items():
        setattr(DatetimeAccessor, name, native_property(name, op))
    for name in _SPAN_DT:
        setattr(DatetimeAccessor, name, native_property(name, name))
    for name in _PANDAS_DT_PROPERTIES:
        setattr(DatetimeAccessor, name, pandas_property(name))
    for name in _PANDAS_DT_METHODS:
        setattr(DatetimeAccessor, name, by_pandas(name))


_add()
