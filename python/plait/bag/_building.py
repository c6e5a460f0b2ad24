"""Bags of what is there already, and of several bags."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from typing import Any

from . import _steps
from ._arguments import is_bag, mapped, partitions_mapped
from ._bag import Bag
from ._collection import ops


def from_sequence(seq: Iterable, partition_size: int | None = None, npartitions: int | None = None) -> Bag:
    """A bag of the items of a sequence.

    Parameters
    ----------
    seq : iterable
    partition_size : int, optional
        How many items a partition has.
    npartitions : int, optional
        About how many partitions there are. Without both, 100 items make 100 partitions and more items about ten times the square root
        of their number.

    Examples
    --------
    >>> db.from_sequence(["Alice", "Bob", "Charlie"], npartitions=2).npartitions
    2
    """
    items = list(seq)
    size = ops.partition_size(len(items), partition_size, npartitions)
    parts = [items[start : start + size] for start in builtins.range(0, len(items), size)] or [[]]
    return Bag._of(ops.from_partitions(parts, "from_sequence"))


def range(n: int, npartitions: int) -> Bag:
    """The whole numbers from 0 up to ``n``.

    Raises
    ------
    ValueError
        If there are more partitions than numbers.

    Examples
    --------
    >>> db.range(5, npartitions=2).compute()
    [0, 1, 2, 3, 4]
    """
    if not 1 <= npartitions <= n:
        raise ValueError(f"range: npartitions is {npartitions}, expected 1 to {n}, the number of items")
    size = n // npartitions
    starts = builtins.range(0, size * npartitions, size)
    ends = [*starts[1:], n]
    parts = [builtins.range(start, end) for start, end in builtins.zip(starts, ends)]
    return Bag._of(ops.from_partitions(parts, "range"))


def map(func: Callable, *args: Any, **kwargs: Any) -> Bag:
    """A function of the items of bags side by side; see `Bag.map`.

    Raises
    ------
    ValueError
        If no argument is a bag, or if bags have different numbers of partitions.

    Examples
    --------
    >>> b = db.from_sequence([0, 1, 2, 3, 4], npartitions=2)
    >>> db.map(lambda x, y: x + y, b, b).compute()
    [0, 2, 4, 6, 8]
    """
    return Bag._of(mapped(func, args, kwargs))


def map_partitions(func: Callable, *args: Any, **kwargs: Any) -> Bag:
    """A function of the partitions of bags side by side; see `Bag.map_partitions`."""
    return Bag._of(partitions_mapped(func, args, kwargs))


def zip(*bags: Bag) -> Bag:
    """The items of bags side by side, as tuples.

    Raises
    ------
    ValueError
        If the bags have different numbers of partitions.

    Examples
    --------
    >>> evens, odds = db.from_sequence([0, 2], npartitions=1), db.from_sequence([1, 3], npartitions=1)
    >>> db.zip(evens, odds).compute()
    [(0, 1), (2, 3)]
    """
    return Bag._of(ops.call([bag._expr for bag in _checked("zip", bags)], _steps.zipped, "zip", False))


def concat(bags: Iterable[Bag]) -> Bag:
    """Bags one after the other.

    Examples
    --------
    >>> db.concat([db.from_sequence([1, 2, 3]), db.from_sequence([4])]).compute()
    [1, 2, 3, 4]
    """
    return Bag._of(ops.concat([bag._expr for bag in _checked("concat", bags)]))


def _checked(what: str, bags: Iterable) -> list:
    found = list(bags)
    if not found or not all(builtins.map(is_bag, found)):
        raise TypeError(f"{what}: expected at least one bag and nothing else, found {[type(bag).__name__ for bag in found]}")
    return found
