"""Bags of delayed values, and the partitions of bags as delayed values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import _plait
from ..delayed import Delayed, of_block, parts_of
from ._arguments import delayed_item
from ._bag import Bag
from ._collection import ops
from ._item import Item


def from_delayed(values: Any) -> Bag:
    """A bag of delayed values, one a partition.

    Parameters
    ----------
    values : Delayed or iterable of Delayed
        Each gives the items of a partition: any iterable.

    Returns
    -------
    Bag

    Raises
    ------
    TypeError
        If one of ``values`` is not delayed, or there is none; when it is computed: if one gives what cannot be iterated over.

    Examples
    --------
    >>> parts = [plait.delayed(range)(n) for n in (2, 3)]
    >>> db.from_delayed(parts).map(lambda x: x + 1).compute()
    [1, 2, 1, 2, 3]
    """
    parts = parts_of(values)
    return Bag._of(ops.call([_plait.delayed_values(parts)], _items_of, "from-delayed", False))


def to_delayed(bag: Bag, optimize_graph: bool = True) -> list[Delayed]:
    """The partitions as a list of delayed lists.

    Parameters
    ----------
    optimize_graph : bool
        Taken for Dask's sake: the plan is optimized when a value is computed, together with what is computed with it.

    Examples
    --------
    >>> [len(part.compute()) for part in db.from_sequence(range(5), npartitions=2).to_delayed()]
    [3, 2]
    """
    return [of_block(bag._expr, (bag.name, number), number) for number in range(bag.npartitions)]


def item_from_delayed(value: Delayed) -> Item:
    """A single value that is delayed, as an `Item`."""
    if not isinstance(value, Delayed):
        raise TypeError(f"Item.from_delayed: expected a Delayed object, got {type(value).__name__}")
    return Item._of(delayed_item(value))


def item_to_delayed(item: Item, optimize_graph: bool = True) -> Delayed:
    """The value as a delayed one."""
    return of_block(item._expr, item.key)


def _items_of(value: Any) -> list:
    if not isinstance(value, Iterable):
        raise TypeError(f"from_delayed: a partition is what can be iterated over; a delayed value gave a {type(value).__name__}")
    return list(value)
