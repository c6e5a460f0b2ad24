"""Data for examples, made at random where it is needed."""

from __future__ import annotations

import importlib
from typing import Any

from ._lazy import numpy as np
from ._lazy import pandas as pd

__all__ = ["timeseries"]

_NAMES = (
    *("Alice", "Bob", "Charlie", "Dan", "Edith", "Frank", "George", "Hannah", "Ingrid", "Jerry", "Kevin", "Laura", "Michael"),
    *("Norbert", "Oliver", "Patricia", "Quinn", "Ray", "Sarah", "Tim", "Ursula", "Victor", "Wendy", "Xavier", "Yvonne", "Zelda"),
)


def _floats(n: int, state: Any) -> Any:
    return state.rand(n) * 2 - 1


def _integers(n: int, state: Any, lam: float = 1000) -> Any:
    return state.poisson(lam, size=n)


def _texts(n: int, state: Any) -> Any:
    return state.choice(_NAMES, size=n)


def _categories(n: int, state: Any) -> Any:
    return pd.Categorical.from_codes(state.randint(0, len(_NAMES), size=n), list(_NAMES))


_MAKERS: dict[Any, Any] = {float: _floats, int: _integers, str: _texts, object: _texts, "string": _texts, "category": _categories}


class _Part:
    """Makes a partition of a time series, from a row that says when it begins and ends and what its numbers are drawn from."""

    def __init__(self, dtypes: dict, freq: str, options: dict):
        self.dtypes = dtypes
        self.freq = freq
        self.options = options

    def __call__(self, rows: Any) -> Any:
        if len(rows) == 0:
            return self.between("2000", "2000", 0).iloc[:0]
        ((start, end, seed),) = rows[["start", "end", "seed"]].itertuples(index=False)
        return self.between(start, end, seed)

    def between(self, start: Any, end: Any, seed: int) -> Any:
        state = np.random.RandomState(seed)
        times = pd.date_range(start=start, end=end, freq=self.freq, name="timestamp")
        columns = {name: _MAKERS[dtype](len(times), state, **self.options.get(name, {})) for name, dtype in self.dtypes.items()}
        frame = pd.DataFrame(columns, index=times, columns=list(columns))
        return frame.iloc[:-1] if times[-1] == pd.Timestamp(end) else frame


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
    # One row a partition; the last row only says where the last partition ends.
    parts = pd.DataFrame({"start": divisions, "end": [*divisions[1:], divisions[-1]], "seed": [*map(int, seeds), 0]}, index=divisions)
    frames = importlib.import_module("plait.dataframe")
    part = _Part(dtypes, freq, options)
    rows = frames.from_pandas(parts, chunksize=1).partitions[:num_partitions]
    return rows.map_partitions(part, meta=part.between("2000", "2000", 0).iloc[:0])
