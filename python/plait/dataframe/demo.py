"""Frames of random data for examples and tests, by a specification of their index and columns."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import Any

from .._lazy import numpy as np, pandas as pd
from ..datasets import NAMES, frame_of_parts, timeseries
from .._lazy import utils

__all__ = ["ColumnSpec", "DatasetSpec", "DatetimeIndexSpec", "RangeIndexSpec", "make_timeseries", "with_spec"]


@dataclass
class ColumnSpec:
    """Columns of one kind.

    Attributes
    ----------
    prefix : str, optional
        Their names begin so, with a number behind; default is the dtype's name.
    dtype : str or type
        ``int``, ``float``, ``str``, ``"category"``, or a dtype of NumPy for whole numbers and floats.
    number : int
        How many there are.
    nunique : int, optional
        Of categories, how many there are.
    choices : list
        Of texts and categories, which there are.
    low, high : int, optional
        Of whole numbers, the least, and the end of the range.
    length : int, optional
        Of random texts, their length.
    random : bool
        Whether whole numbers are drawn evenly, and texts are of random letters.
    method : str, optional
        Of whole numbers, the distribution that they are drawn from; default is ``"poisson"``.
    args, kwargs : tuple, dict
        Arguments of that distribution.
    """

    prefix: str | None = None
    dtype: str | type | None = None
    number: int = 1
    nunique: int | None = None
    choices: list = field(default_factory=list)
    low: int | None = None
    high: int | None = None
    length: int | None = None
    random: bool = False
    method: str | None = None
    args: tuple[Any, ...] = field(default_factory=tuple)
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass
class RangeIndexSpec:
    """An index of whole numbers, ``step`` apart."""

    dtype: str | type = int
    step: int = 1


@dataclass
class DatetimeIndexSpec:
    """An index of times from ``start`` on, ``freq`` apart, in partitions of ``partition_freq``."""

    dtype: str | type = int
    start: str | None = None
    freq: str = "1h"
    partition_freq: str | None = None


@dataclass
class DatasetSpec:
    """A frame: its partitions (where the index is not of times), its rows, its index and its columns."""

    npartitions: int = 1
    nrecords: int = 1000
    index_spec: RangeIndexSpec | DatetimeIndexSpec = field(default_factory=RangeIndexSpec)
    column_specs: list[ColumnSpec] = field(default_factory=list)


_DEFAULT_COLUMNS = [
    ColumnSpec(prefix="i", dtype="int64", low=0, high=1_000_000, random=True),
    ColumnSpec(prefix="f", dtype=float, random=True),
    ColumnSpec(prefix="c", dtype="category", choices=["a", "b", "c", "d"]),
    ColumnSpec(prefix="s", dtype=str),
]

# Arguments of distributions of whole numbers.
_DISTRIBUTIONS: dict[str, tuple[tuple, dict]] = {
    "poisson": ((), {"lam": 1000}),
    "normal": ((), {"scale": 1000}),
    "uniform": ((), {"high": 1000}),
    "binomial": ((1000, 0.5), {}),
}


def _floats(n: int, state: Any, column: ColumnSpec) -> Any:
    return state.random(size=n, **column.kwargs) if column.random else state.rand(n) * 2 - 1


def _integers(n: int, state: Any, column: ColumnSpec) -> Any:
    ends = {name: value for name, value in (("low", column.low), ("high", column.high)) if value is not None}
    if column.random:
        options = {"high": 1000, **ends, **column.kwargs}
        return state.randint(*(() if "low" in options else (0,)), size=n, **options)
    if callable(column.method):
        return column.method(*column.args, state=state, size=n, **column.kwargs)
    method = column.method or "poisson"
    arguments, options = _DISTRIBUTIONS.get(method, ((), {}))
    return getattr(state, method)(*(column.args or arguments), size=n, **{**options, **ends, **column.kwargs})


def _texts(n: int, state: Any, column: ColumnSpec) -> Any:
    if not column.random:
        return state.choice(column.choices or NAMES, size=n)
    letters = list(string.ascii_letters + string.digits + string.punctuation + " ")
    return ["".join(state.choice(letters, size=column.length or 25)) for _ in range(n)]


def _categories(n: int, state: Any, column: ColumnSpec) -> Any:
    choices = list(column.choices or NAMES)
    if column.nunique is not None:
        choices = [str(i + 1).zfill(len(str(column.nunique))) for i in range(column.nunique)]
    return pd.Categorical.from_codes(state.randint(0, len(choices), size=n), choices)


def _maker(dtype: Any) -> Any:
    if dtype == "category":
        return _categories
    if dtype in (str, object, "string", "str", "object"):
        return _texts
    return {"f": _floats, "i": _integers, "u": _integers}.get(np.dtype(dtype).kind)


class _Part:
    """Makes a partition from its first label, the label behind its last, and the state that its numbers are drawn from."""

    def __init__(self, index: RangeIndexSpec | DatetimeIndexSpec, columns: dict[str, ColumnSpec]):
        self.index = index
        self.columns = columns

    def __call__(self, start: Any, end: Any, state: Any) -> Any:
        if isinstance(self.index, DatetimeIndexSpec):
            labels = pd.date_range(start=start, end=end, freq=self.index.freq, name="timestamp")
        else:
            labels = pd.RangeIndex(start=start, stop=end + self.index.step, step=self.index.step).astype(self.index.dtype)
        numbers = np.random.RandomState(state)
        data = {name: _maker(column.dtype)(len(labels), numbers, column) for name, column in self.columns.items()}
        frame = pd.DataFrame(data, index=labels)
        wanted = {name: column.dtype for name, column in self.columns.items() if _maker(column.dtype) in (_integers, _floats)}
        return frame.astype(wanted)[labels < end]


def _named(columns: list[ColumnSpec]) -> dict[str, ColumnSpec]:
    named: dict[str, ColumnSpec] = {}
    for column in columns:
        dtype = column.dtype
        name = column.prefix or re.sub(r"[^a-zA-Z0-9]", "_", dtype if isinstance(dtype, str) else getattr(dtype, "__name__", str(dtype))).rstrip("_")
        for _ in range(column.number):
            number = next(i for i in range(1, len(named) + 2) if f"{name}{i}" not in named)
            named[f"{name}{number}"] = column
    return named


def _divisions(spec: DatasetSpec) -> list:
    index = spec.index_spec
    if isinstance(index, DatetimeIndexSpec):
        start = pd.Timestamp(index.start)
        end = start + spec.nrecords * pd.Timedelta(index.freq)
        divisions = list(pd.date_range(start=start, end=end, freq=index.partition_freq))
    elif isinstance(index, RangeIndexSpec):
        end = spec.nrecords * index.step
        divisions = list(range(0, end - 1, spec.nrecords * index.step // spec.npartitions))
    else:
        raise ValueError(f"with_spec: index_spec is {index!r}, expected a RangeIndexSpec or a DatetimeIndexSpec")
    return divisions if divisions[-1] >= end else [*divisions, end]


def with_spec(spec: DatasetSpec, seed: int | None = None) -> Any:
    """A lazy frame of random data; with a seed, the same as Dask makes.

    Parameters
    ----------
    spec : DatasetSpec
        What it is to be; without columns, it has one of whole numbers, floats, categories and texts each.
    seed : int, optional
        What the data are drawn from; default is another one each time.

    Raises
    ------
    ValueError
        If the index or a dtype is none of those that there are.

    Examples
    --------
    >>> spec = dd.demo.DatasetSpec(nrecords=10, npartitions=2, column_specs=[dd.demo.ColumnSpec(dtype=int, number=2, prefix="n")])
    >>> dd.demo.with_spec(spec, seed=1).columns.tolist()
    ['n1', 'n2']
    """
    columns = _named(spec.column_specs or _DEFAULT_COLUMNS)
    for name, column in columns.items():
        if column.dtype is None or _maker(column.dtype) is None:
            raise ValueError(f"with_spec: column {name!r} is to be of dtype {column.dtype!r}; expected whole numbers, floats, str or 'category'")
    divisions = _divisions(spec)
    num_partitions = len(divisions) - 1
    states = utils.random_state_data(num_partitions, seed) if seed is not None else list(np.random.randint(int(2e9), size=num_partitions))
    return frame_of_parts(divisions, states, _Part(spec.index_spec, columns))


def make_timeseries(
    start: Any = "2000-01-01",
    end: Any = "2000-12-31",
    dtypes: dict | None = None,
    freq: str = "10s",
    partition_freq: str = "1ME",
    seed: int | None = None,
    **kwargs: Any,
) -> Any:
    """A lazy frame of random data over time; see :func:`plait.datasets.timeseries`."""
    return timeseries(start, end, freq, partition_freq, dtypes, seed, **kwargs)
