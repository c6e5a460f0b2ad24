"""States of Python's random numbers for the partitions of a bag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from .._lazy import numpy as np

_WORDS = 624  # of a state of the Mersenne twister


def random_states(n: int, random_state: int | Random | None) -> list:
    """``n`` states, the same each time for a seed: those that Dask takes."""
    source = random_state if isinstance(random_state, Random) else Random(random_state)
    data = np.random.default_rng(source.randint(0, 1 << 32)).bytes(_WORDS * 4 * n)
    words = np.frombuffer(data, dtype=np.uint32).reshape((n, _WORDS)).tolist()
    return [(3, (*row, _WORDS), None) for row in words]


def sampled(prob: float, part: Iterable, state: Any) -> Iterator:
    """Every item of a partition with a probability."""
    source = Random()
    source.setstate(state)
    draw = source.random
    return (item for item in part if draw() < prob)
