"""Reductions of bags: what is made of every partition, put together a few at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from . import _steps
from ._arguments import takes_multiple_arguments
from ._collection import Collection, name_of, ops, traveling
from ._item import Item
from ._steps import no_default

if TYPE_CHECKING:
    from ._bag import Bag


class Reductions(Collection):
    """The reductions that a bag has as methods."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def npartitions(self) -> int: ...

    def _reduced(self, label: str, functions: tuple, users: tuple | None, split_every: Any, is_item: bool = True, form: Iterable = ()) -> Any:
        """A reduction by what to do with a partition, with partials, and with the last partials."""
        is_users = users is not None
        perpartition, combine, aggregate = functions
        steps = (
            partial(_steps.partial_result, perpartition, self.npartitions == 1, is_users),
            partial(_steps.combined_result, combine, False),
            partial(_steps.combined_result, aggregate, True),
        )
        partial_step, combine_step, last_step = steps if users is None else (traveling(step, *users) for step in steps)
        expr = ops.reduction(self._expr, partial_step, combine_step, last_step, label, is_users, split_every, is_item, list(form))
        return Item._of(expr) if is_item else self._of(expr)

    def reduction(self, perpartition: Callable, aggregate: Callable, split_every: Any = None, out_type: type = Item, name: Any = None) -> Any:
        """Reduce partitions, and then what was made of them.

        Parameters
        ----------
        perpartition : callable
            Takes a partition.
        aggregate : callable
            Takes a list of results, of ``perpartition`` and its own.
        split_every : int or False, optional
            How many results ``aggregate`` gets at a time; 8 by default, False for all.
        out_type : {Item, Bag}
            What the result is; a bag has one partition.
        name : str, optional
            What the layers of tasks are called.

        Examples
        --------
        >>> db.from_sequence(range(10)).reduction(sum, sum).compute()
        45
        """
        functions = (perpartition, aggregate, aggregate)
        label = name or name_of(aggregate)
        return self._reduced(label, functions, (perpartition, aggregate), split_every, is_item=not issubclass(out_type, type(self)))

    def fold(self, binop: Callable, combine: Callable | None = None, initial: Any = no_default, split_every: Any = None, out_type: type = Item) -> Any:
        """Put items together two by two.

        Parameters
        ----------
        binop : callable
            Of what was found so far and an item.
        combine : callable, optional
            Of what was found in two partitions; ``binop`` by default.
        initial : object, optional
            What each partition begins with.
        split_every : int or False, optional
            How many partitions are combined at a time.
        out_type : {Item, Bag}

        Examples
        --------
        >>> db.from_sequence(range(5)).fold(lambda x, y: x + y).compute()
        10
        """
        perpartition = partial(_steps.folded, binop, initial)
        aggregate = partial(_steps.folded, combine or binop, no_default)
        users = (binop, combine, initial)
        return self._reduced("fold", (perpartition, aggregate, aggregate), users, split_every, is_item=not issubclass(out_type, type(self)))

    def sum(self, split_every: Any = None) -> Item:
        """The sum of all items."""
        return self._reduced("sum", (sum, sum, sum), None, split_every)

    def max(self, split_every: Any = None) -> Item:
        """The largest item."""
        return self._reduced("max", (max, max, max), None, split_every)

    def min(self, split_every: Any = None) -> Item:
        """The smallest item."""
        return self._reduced("min", (min, min, min), None, split_every)

    def any(self, split_every: Any = None) -> Item:
        """Whether any item is true."""
        return self._reduced("any", (any, any, any), None, split_every)

    def all(self, split_every: Any = None) -> Item:
        """Whether all items are true."""
        return self._reduced("all", (all, all, all), None, split_every)

    def count(self, split_every: Any = None) -> Item:
        """How many items there are."""
        return self._reduced("count", (_steps.count_items, sum, sum), None, split_every)

    def mean(self) -> Item:
        """The mean of all items."""
        return self._reduced("mean", (_steps.mean_partial, _steps.mean_of, _steps.mean_of), None, False)

    def var(self, ddof: int = 0) -> Item:
        """The variance of all items."""
        aggregate = partial(_steps.variance_of, ddof)
        return self._reduced("var", (_steps.variance_partial, aggregate, aggregate), None, False)

    def std(self, ddof: int = 0) -> Item:
        """The standard deviation of all items."""
        return Item._of(ops.call([self.var(ddof)._expr], math.sqrt, "std", False, True))

    def frequencies(self, split_every: Any = None, sort: bool = False) -> Bag:
        """How often each item is there, as a bag of pairs.

        Parameters
        ----------
        split_every : int or False, optional
            How many partitions are combined at a time.
        sort : bool
            Whether the most frequent item comes first, rather than the one that was seen first.

        Examples
        --------
        >>> db.from_sequence(["Alice", "Bob", "Alice"]).frequencies().compute()
        [('Alice', 2), ('Bob', 1)]
        """
        functions = (_steps.counts, _steps.counts_of, partial(_steps.sorted_counts, bool(sort)))
        return self._reduced("frequencies", functions, None, split_every, is_item=False, form=["counts"])

    def topk(self, k: int, key: Any = None, split_every: Any = None) -> Bag:
        """The ``k`` largest items, the largest first.

        Parameters
        ----------
        k : int
        key : callable or object, optional
            What is compared: a function of the item, or one of its items.
        split_every : int or False, optional
            How many partitions are combined at a time.

        Examples
        --------
        >>> db.from_sequence([10, 3, 5, 7, 11, 4]).topk(2).compute()
        [11, 10]
        """
        if callable(key) and takes_multiple_arguments(key):
            key = partial(_steps.spread, key)
        functions = (partial(_steps.largest, k, key), *[partial(_steps.largest_of, k, key)] * 2)
        return self._reduced("topk", functions, (key,) if callable(key) else None, split_every, is_item=False)

    def distinct(self, key: Any = None) -> Bag:
        """The items without those that are there before.

        Parameters
        ----------
        key : callable or object, optional
            What is compared: a function of the item, or one of its items.

        Examples
        --------
        >>> db.from_sequence([1, 2, 1]).distinct().compute()
        [1, 2]
        """
        functions = (partial(_steps.distinct_items, key), *[partial(_steps.distinct_of, key)] * 2)
        return self._reduced("distinct", functions, (key,) if callable(key) else None, None, is_item=False)
