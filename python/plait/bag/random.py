"""Random items of bags."""

from __future__ import annotations

import heapq
import math
import random as rnd
from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any

from ._bag import Bag

__all__ = ["choices", "sample"]


def sample(population: Bag, k: int, split_every: int | None = None) -> Bag:
    """``k`` items of a bag, each at most once.

    Parameters
    ----------
    population : Bag
    k : int
    split_every : int, optional
        How many partitions are combined at a time.

    Raises
    ------
    ValueError
        For a negative ``k``; when it is computed, if there are fewer items.

    Examples
    --------
    >>> len(db.random.sample(db.from_sequence(range(100), npartitions=4), 10).distinct().compute())
    10
    """
    return _drawn("sample", population, k, split_every, _some_items, _weighted_sample)


def choices(population: Bag, k: int = 1, split_every: int | None = None) -> Bag:
    """``k`` items of a bag; an item may come more than once.

    Parameters
    ----------
    population : Bag
    k : int
    split_every : int, optional
        How many partitions are combined at a time.

    Raises
    ------
    ValueError
        For a negative ``k``; when it is computed, if the bag has no item.

    Examples
    --------
    >>> len(db.random.choices(db.from_sequence(range(3), npartitions=2), 10).compute())
    10
    """
    return _drawn("choices", population, k, split_every, _some_with_replacement, _weighted_choices)


def _drawn(what: str, population: Bag, k: int, split_every: Any, from_partition: Any, from_drawn: Any) -> Bag:
    if k < 0:
        raise ValueError(f"{what}: Cannot take a negative number of samples, found {k}")
    combine = partial(_combined, from_drawn, k)
    return population._reduced(what, (partial(from_partition, k), combine, partial(_final, what, combine, k)), None, split_every, is_item=False)


def _some_items(k: int, part: Iterable) -> tuple:
    """A sample of a partition, and how many items that has."""
    items = part if isinstance(part, list) else list(part)
    return rnd.sample(items, min(k, len(items))), len(items)


def _some_with_replacement(k: int, part: Iterable) -> tuple:
    items = part if isinstance(part, list) else list(part)
    return (rnd.choices(items, k=k) if items else []), len(items)


def _combined(draw: Any, k: int, partials: list) -> tuple:
    """A sample of samples: an item stands for as many as its own sample was taken from."""
    items, weights = [], []
    for drawn, count in partials:
        items += drawn
        weights += [count / len(drawn)] * len(drawn) if drawn else []
    return draw(items, weights, k), sum(count for _, count in partials)


def _weighted_sample(items: list, weights: list, k: int) -> list:
    keys = ((math.log(1 - rnd.random()) / weight, i) for i, weight in enumerate(weights))
    return [items[i] for _, i in heapq.nlargest(k, keys)]


def _weighted_choices(items: list, weights: list, k: int) -> list:
    return rnd.choices(items, weights, k=k) if items else []


def _final(what: str, combine: Any, k: int, partials: list) -> list:
    drawn, count = combine(partials)
    if len(drawn) < k:
        raise ValueError(f"{what}: Sample larger than population: {k} of {count} items")
    return list(islice(drawn, k))
