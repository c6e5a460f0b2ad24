"""``.str``: methods of series of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import pandas as pd
from ._collection import wrap
from ._pandas_calls import Method, answered, method_on_whole, on_partitions
from .accessors import Accessor, by_pandas

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


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
        # What is installed below.
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


def _plain(name: str) -> Any:
    def method(self: StringAccessor) -> Any:
        return answered(wrap(self._series._engine.str_methods.apply(name)), self._pandas, name)

    method.__name__ = name
    return method


for _name in _PLAIN_STR:
    setattr(StringAccessor, _name, _plain(_name))
for _name in _PANDAS_STR:
    setattr(StringAccessor, _name, by_pandas(_name))
