"""Data for examples, made at random where it is needed."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._lazy import numpy as np
from ._lazy import pandas as pd
from ._missing_names import missing
from ._people import people

__all__ = ["make_people", "timeseries"]

NAMES = (
    *("Alice", "Bob", "Charlie", "Dan", "Edith", "Frank", "George", "Hannah", "Ingrid", "Jerry", "Kevin", "Laura", "Michael"),
    *("Norbert", "Oliver", "Patricia", "Quinn", "Ray", "Sarah", "Tim", "Ursula", "Victor", "Wendy", "Xavier", "Yvonne", "Zelda"),
)


def _floats(n: int, state: Any) -> Any:
    return state.rand(n) * 2 - 1


def _integers(n: int, state: Any, lam: float = 1000) -> Any:
    return state.poisson(lam, size=n)


def _texts(n: int, state: Any) -> Any:
    return state.choice(NAMES, size=n)


def _categories(n: int, state: Any) -> Any:
    return pd.Categorical.from_codes(state.randint(0, len(NAMES), size=n), list(NAMES))


_MAKERS: dict[Any, Any] = {float: _floats, int: _integers, str: _texts, object: _texts, "string": _texts, "category": _categories}


class _Part:
    """Makes a partition of a time series."""

    def __init__(self, dtypes: dict, freq: str, options: dict):
        self.dtypes = dtypes
        self.freq = freq
        self.options = options

    def __call__(self, start: Any, end: Any, seed: Any) -> Any:
        state = np.random.RandomState(seed)
        times = pd.date_range(start=start, end=end, freq=self.freq, name="timestamp")
        columns = {name: _MAKERS[dtype](len(times), state, **self.options.get(name, {})) for name, dtype in self.dtypes.items()}
        frame = pd.DataFrame(columns, index=times, columns=list(columns))
        return frame.iloc[:-1] if times[-1] == pd.Timestamp(end) else frame


class _OfRows:
    """Makes a partition of the row that says where it begins and ends and, as hexadecimal digits, what it is drawn from."""

    def __init__(self, make: Callable[[Any, Any, Any], Any], empty: Any):
        self.make = make
        self.empty = empty

    def __call__(self, rows: Any) -> Any:
        if len(rows) == 0:
            return self.empty
        ((start, end, state),) = rows[["start", "end", "state"]].itertuples(index=False)
        words = np.frombuffer(bytes.fromhex(state), dtype="<u4")
        return self.make(start, end, words if len(words) > 1 else int(words[0]))


def frame_of_parts(divisions: list, states: list, make: Callable[[Any, Any, Any], Any]) -> Any:
    """A lazy frame whose partitions a function makes.

    Parameters
    ----------
    divisions : list
        The labels at which partitions begin, and the end of the last one.
    states : list
        What each partition is drawn from: a number or an array of 32 bits each.
    make : callable
        ``make(start, end, state)`` gives the rows from the label ``start`` up to ``end``, as pandas has them.
    """
    digits = [np.atleast_1d(np.asarray(state)).astype("<u4").tobytes().hex() for state in states]
    # One row a partition; the last row only says where the last partition ends.
    rows = pd.DataFrame({"start": divisions, "end": [*divisions[1:], divisions[-1]], "state": [*digits, "00000000"]}, index=divisions)
    empty = make(divisions[0], divisions[1], 0).iloc[:0]
    frames = importlib.import_module("plait.dataframe")
    parts = frames.from_pandas(rows, chunksize=1).partitions[: len(states)]
    return parts.map_partitions(_OfRows(make, empty), meta=empty)


def make_people(npartitions: int = 10, records_per_partition: int = 1000, seed: int | None = None, locale: str = "en") -> Any:
    """A bag of dicts about people who do not exist: age, name, occupation, telephone, address and credit card.

    Parameters
    ----------
    npartitions : int
        The number of partitions.
    records_per_partition : int
        The number of records in each.
    seed : int, optional
        What they are drawn from; default is another one each time.
    locale : str
        The language of the names; there is "en".

    Raises
    ------
    ValueError
        If a number is negative, there is no partition, or the locale is another one.

    Examples
    --------
    >>> plait.datasets.make_people(npartitions=2, records_per_partition=3, seed=1).count().compute()
    6
    """
    if npartitions < 1 or records_per_partition < 0:
        raise ValueError(f"make_people: expected partitions and no negative number of records, found {npartitions} and {records_per_partition}")
    if locale != "en":
        raise ValueError(f"make_people: the locale {locale!r} is not there; expected 'en'")
    bag = importlib.import_module("plait.bag")
    root = random.randrange(2**32) if seed is None else seed  # noqa: S311
    numbers = bag.from_sequence(range(npartitions), npartitions=npartitions)
    return numbers.map_partitions(_people_of, root, records_per_partition)


def _people_of(numbers: list[int], seed: int, count: int) -> list[dict]:
    return [person for number in numbers for person in people(seed, number, count)]


def timeseries(
    start: Any = "2000-01-01",
    end: Any = "2000-01-31",
    freq: str = "1s",
    partition_freq: str = "1D",
    dtypes: dict | None = None,
    seed: int | None = None,
    **kwargs: Any,
) -> Any:
    """A lazy frame of random numbers and names over time; with a seed, the same as Dask makes.

    Parameters
    ----------
    start, end : datetime or str
        From when to when.
    freq : str
        From a row to the next.
    partition_freq : str
        From the beginning of a partition to the next.
    dtypes : dict, optional
        Names of columns to ``float``, ``int``, ``str`` or ``"category"``; default is name, id, x and y.
    seed : int, optional
        What the numbers are drawn from; default is another one each time.
    **kwargs : object
        Arguments of columns, such as ``id_lam=500`` for the mean of the column ``id``.

    Returns
    -------
    DataFrame
        Divided by the index, ``timestamp``.

    Raises
    ------
    ValueError
        If a dtype is none of those, or there is not one whole partition between start and end.

    Examples
    --------
    >>> plait.datasets.timeseries("2000-01-01", "2000-01-03", freq="1h", seed=1).id.count().compute()
    np.int64(48)
    """
    dtypes = {"name": str, "id": int, "x": float, "y": float} if dtypes is None else dict(dtypes)
    for name, dtype in dtypes.items():
        if dtype not in _MAKERS:
            raise ValueError(f"timeseries: column {name!r} is to be of dtype {dtype!r}; expected float, int, str or 'category'")
    divisions = pd.date_range(start=start, end=end, freq=partition_freq)
    num_partitions = len(divisions) - 1
    if num_partitions < 1:
        raise ValueError(f"timeseries: from {start} to {end} there is no whole partition of {partition_freq}")
    options: dict[str, dict] = {}
    for name, value in kwargs.items():
        column, _, argument = name.rpartition("_")
        options.setdefault(column, {})[argument] = value
    draws = np.random.RandomState(seed).bytes(num_partitions * max(len(dtypes), 1) * 4)
    seeds = np.frombuffer(draws, dtype=np.uint32)[:: max(len(dtypes), 1)]
    return frame_of_parts(list(divisions), list(seeds), _Part(dtypes, freq, options))


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name, sys.modules[__name__])
