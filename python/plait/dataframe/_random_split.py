"""Rows dealt out or drawn at random, as Dask does for the same seed."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._lazy import utils
from ._pandas_calls import on_partitions
from ._partition_info import numbers


def random_split(frame: Any, frac: Any, random_state: Any, shuffle: bool) -> list:
    """The rows in as many frames as there are shares."""
    shares = [float(share) for share in frac]
    if not shares or any(share < 0 for share in shares) or not np.allclose(sum(shares), 1):
        raise ValueError(f"random_split: frac must be shares that sum to 1, found {list(frac)}")
    states = utils.random_state_data(frame.npartitions, random_state)
    places = numbers(frame.npartitions)
    return [
        on_partitions(_Dealt(states, shares, number, shuffle), frame, places, label="random_split", meta=frame._meta, aligns=False) for number in range(len(shares))
    ]


def sample(frame: Any, frac: float, replace: bool, random_state: Any) -> Any:
    """A share of the rows of each partition."""
    drawn = _Drawn(utils.random_state_data(frame.npartitions, random_state), frac, replace)
    return on_partitions(drawn, frame, numbers(frame.npartitions), label="sample", meta=frame._meta, aligns=False)


class _Drawn:
    """Some rows of a partition."""

    def __init__(self, states: list, frac: float, replace: bool):
        self.states, self.frac, self.replace = states, frac, replace

    def __call__(self, part: Any, number: pd.Series) -> Any:
        state = np.random.RandomState(self.states[int(number.iloc[0])])
        return part.sample(random_state=state, frac=self.frac, replace=self.replace) if len(part) else part


class _Dealt:
    """The rows of a partition that belong to one share."""

    def __init__(self, states: list, shares: list, number: int, shuffle: bool):
        self.states, self.shares, self.number, self.shuffle = states, shares, number, shuffle

    def __call__(self, part: Any, number: pd.Series) -> Any:
        state = np.random.RandomState(self.states[int(number.iloc[0])])
        if self.shuffle:
            part = part.sample(frac=1.0, random_state=state)
        return part[utils.pseudorandom(len(part), self.shares, state) == self.number]
