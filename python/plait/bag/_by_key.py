"""Bags by key: what the items of each group make, the groups themselves, and items of two bags that go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from ..base import is_plait_collection
from . import _steps
from ._arguments import is_bag, single_value
from ._collection import Collection, ops, traveling
from ._exchange import merged_groups, split_by_key
from ._steps import no_default

if TYPE_CHECKING:
    from ._bag import Bag

_SHUFFLES = ("disk", "tasks")


class ByKey(Collection):
    """The methods of a bag that compare keys."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def npartitions(self) -> int: ...

        _next: Callable[..., Bag]

    def foldby(
        self,
        key: Any,
        binop: Callable,
        initial: Any = no_default,
        combine: Callable | None = None,
        combine_initial: Any = no_default,
        split_every: Any = None,
    ) -> Bag:
        """Group by a key and put the items of each group together two by two: a bag of pairs of key and result.

        Parameters
        ----------
        key : callable or object
            Of an item: a function, or which of its items.
        binop : callable
            Of what was found so far and an item.
        initial : object or callable, optional
            What each group begins with, in every partition.
        combine : callable, optional
            Of what was found in two partitions; ``binop`` by default.
        combine_initial : object or callable, optional
            What each group begins with when results of partitions are combined.
        split_every : int or False, optional
            How many partitions are combined at a time.

        Examples
        --------
        >>> b = db.from_sequence(range(10))
        >>> b.foldby(lambda x: x % 2 == 0, lambda x, y: x + y).compute()
        [(True, 20), (False, 25)]
        """
        users = (key, binop, initial, combine, combine_initial)
        perpartition = partial(_steps.folded_by, _steps.getter(key), binop, initial)
        steps = (
            perpartition,
            partial(_steps.combined_by, combine or binop, combine_initial),
            partial(_steps.combined_pairs, combine or binop, combine_initial),
        )
        begin, combine_step, last = (traveling(step, *users) for step in steps)
        return self._of(ops.reduction(self._expr, begin, combine_step, last, "foldby", True, split_every, False))

    def groupby(
        self,
        grouper: Any,
        method: Any = None,
        npartitions: int | None = None,
        blocksize: int = 2**20,
        max_branch: int | None = None,
        shuffle: str | None = None,
    ) -> Bag:
        """Group items by a key: a bag of pairs of key and list of items, in no order.

        All items move; where a group can be put together step by step, `foldby` is cheaper.

        Parameters
        ----------
        grouper : callable or object
            Of an item: a function, or which of its items.
        npartitions : int, optional
            Of the result.
        blocksize : int
            How many items are looked at at a time.
        max_branch : int, optional
            With more partitions than this, 32 by default, and without ``npartitions``, the result of ``shuffle="tasks"`` has the partitions
            of an exchange in stages, which may be more than the bag's.
        shuffle : {"disk", "tasks"}, optional
            Both move items through memory, and to disk where it is scarce.

        Raises
        ------
        NotImplementedError
            For another ``shuffle``.

        Examples
        --------
        >>> sorted(db.from_sequence(range(5)).groupby(lambda x: x % 2).compute())
        [(0, [0, 2, 4]), (1, [1, 3])]
        """
        if method is not None:
            raise TypeError("groupby: there is no argument 'method'; shuffle is what was meant")
        if shuffle is not None and shuffle not in _SHUFFLES:
            raise NotImplementedError(f"groupby: shuffle is {shuffle!r}, expected 'disk' or 'tasks'")
        if blocksize < 1:
            raise ValueError(f"groupby: blocksize must be at least 1, found {blocksize}")
        n = npartitions
        if n is None:
            n = ops.num_groups_partitions(self.npartitions, max_branch or 32) if shuffle == "tasks" else self.npartitions
        split = traveling(partial(split_by_key, _steps.getter(grouper), n, blocksize), grouper)
        return self._of(ops.exchange(self._expr, split, merged_groups, n, "groupby", True))

    def join(self, other: Any, on_self: Any, on_other: Any = None) -> Bag:
        """Pairs of an item of ``other`` and an item of this bag that have the same key.

        Parameters
        ----------
        other : Bag of one partition, single lazy value, or iterable
            The smaller side.
        on_self, on_other : callable or object
            The key of an item: a function, or which of its items.

        Raises
        ------
        NotImplementedError
            If ``other`` is a bag of several partitions.

        Examples
        --------
        >>> people = db.from_sequence(["Alice", "Bob", "Charlie"])
        >>> list(people.join(["Adam", "Dora"], on_self=lambda name: name[0]))
        [('Adam', 'Alice')]
        """
        if is_bag(other) and other.npartitions != 1:
            raise NotImplementedError(f"join: the other bag has {other.npartitions} partitions, expected one: repartition(1) it, or use dataframes, which join any")
        if is_bag(other):
            whole = other._expr
        elif is_plait_collection(other):
            whole = single_value("join", other)
        elif isinstance(other, Iterable):
            whole = ops.from_partitions([list(other)], "join-other")
        else:
            raise TypeError(f"join: other is a {type(other).__name__}, expected a bag of one partition, a single lazy value or an iterable")
        left_key = on_self if on_other is None else on_other
        groups = ops.call([whole], traveling(partial(_steps.grouped, _steps.getter(left_key)), left_key), "join-other", True, True)
        return self._next(partial(_steps.matched, _steps.getter(on_self)), "join", True, (on_self,), [groups])
