"""Rows dealt out at random, as Dask deals them out for the same seed."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..utils import pseudorandom, random_state_data
from ._from_pandas import from_pandas
from ._pandas_calls import on_partitions


def random_split(frame: Any, frac: Any, random_state: Any, shuffle: bool) -> list:
    """The rows in as many frames as there are shares."""
    shares = [float(share) for share in frac]
    if not shares or any(share < 0 for share in shares) or not np.allclose(sum(shares), 1):
        raise ValueError(f"random_split: frac must be shares that sum to 1, found {list(frac)}")
    states = random_state_data(frame.npartitions, random_state)
    numbers = from_pandas(pd.Series(range(frame.npartitions)), npartitions=frame.npartitions)
    return [
        on_partitions(_Dealt(states, shares, number, shuffle), frame, numbers, label="random_split", meta=frame._meta, aligns=False) for number in range(len(shares))
    ]


class _Dealt:
    """The rows of a partition that belong to one share."""

    def __init__(self, states: list, shares: list, number: int, shuffle: bool):
        self.states, self.shares, self.number, self.shuffle = states, shares, number, shuffle

    def __call__(self, part: Any, number: pd.Series) -> Any:
        state = np.random.RandomState(self.states[int(number.iloc[0])])
        if self.shuffle:
            part = part.sample(frac=1.0, random_state=state)
        return part[pseudorandom(len(part), self.shares, state) == self.number]
