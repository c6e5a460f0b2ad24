"""Bag: items of any kind in partitions."""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from functools import partial
from typing import TYPE_CHECKING, Any

from .._missing_names import missing
from ..base import is_plait_collection
from ..graph import get as get_of_graph
from . import _steps
from ._arguments import is_bag, mapped, partitions_mapped, single_value, starmapped, takes_multiple_arguments
from ._collection import Collection, name_of, ops, traveling, whole_items
from ._exchange import merged_groups, split_by_key
from ._item import Item
from ._native import form_of_map, form_of_pluck
from ._random_states import random_states, sampled
from ._sizes import bytes_argument, size_of_partition
from ._steps import no_default

_SHUFFLES = ("disk", "tasks")


class Bag(Collection):
    """Items of any kind in partitions, with functions on them; nothing is computed before ``compute()``.

    Parameters
    ----------
    dsk : dict
        A raw task graph that has the partitions.
    name : str
        The keys of the partitions are ``(name, 0)``, ``(name, 1)``, ...
    npartitions : int

    Examples
    --------
    >>> b = db.from_sequence(range(5))
    >>> b.filter(lambda x: x % 2 == 0).map(lambda x: x * 10).compute()
    [0, 20, 40]
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # What `_methods` installs.
        to_avro: Any
        to_dataframe: Any
        to_delayed: Any
        to_textfiles: Any

    def __init__(self, dsk: dict, name: builtins.str, npartitions: int):
        keys = ops.from_partitions([(name, i) for i in range(npartitions)], name)
        super().__init__(ops.call([keys], traveling(partial(_partition_of_graph, dict(dsk)), dsk), name, True))

    @property
    def npartitions(self) -> int:
        """The number of partitions."""
        return self._expr.num_blocks

    def __repr__(self) -> str:
        return f"plait.bag<{self._expr.op}, npartitions={self.npartitions}>"

    def __plait_postcompute__(self) -> Callable:
        return lambda values: whole_items(values[0])

    def __iter__(self) -> Iterator:
        return iter(self.compute())

    def __getattr__(self, name: builtins.str) -> Any:
        raise missing("Bag", name, self)

    @property
    def str(self) -> StringAccessor:
        """Methods of str on every item."""
        return StringAccessor(self)

    def _next(self, step: Callable, label: builtins.str, is_users: bool = False, users: tuple = (), others: Iterable = (), form: Iterable = ()) -> Bag:
        """The bag whose partitions ``step`` makes of this one's, and of the nodes of others."""
        step = traveling(step, *users) if is_users else step
        return Bag._of(ops.call([self._expr, *others], step, label, is_users, form=list(form)))

    def _partitions(self) -> list:
        """Each partition as a bag."""
        return [Bag._of(expr) for expr in ops.partitions(self._expr)]

    def _other(self, expr: Any) -> Bag:
        """The bag of another node."""
        return Bag._of(expr)

    # --- Item by item

    def map(self, func: Callable, *args: Any, **kwargs: Any) -> Bag:
        """A function of every item.

        Parameters
        ----------
        func : callable
        *args, **kwargs : object
            Further arguments: bags that are partitioned in the same way, of which each call gets the item that goes with
            its own; single lazy values, and other objects, which every call gets.

        Returns
        -------
        Bag

        Raises
        ------
        ValueError
            If bags have different numbers of partitions; when it is computed, if partitions have different lengths.

        Examples
        --------
        >>> b = db.from_sequence(range(5), npartitions=2)
        >>> b.map(lambda x, y=0: x + y, y=b.max()).compute()
        [4, 5, 6, 7, 8]
        """
        return Bag._of(mapped(func, (self, *args), kwargs))

    def starmap(self, func: Callable, **kwargs: Any) -> Bag:
        """A function whose arguments are the items of every item.

        Parameters
        ----------
        func : callable
        **kwargs : object
            Further arguments of every call: single lazy values and other objects.

        Examples
        --------
        >>> db.from_sequence([(1, 2), (3, 4)]).starmap(lambda x, y: x + y).compute()
        [3, 7]
        """
        return Bag._of(starmapped(func, self, kwargs))

    def filter(self, predicate: Callable) -> Bag:
        """The items for which a function is true.

        Examples
        --------
        >>> db.from_sequence(range(5)).filter(lambda x: x % 2 == 0).compute()
        [0, 2, 4]
        """
        return self._next(partial(_steps.filtered, predicate), f"filter-{name_of(predicate)}", True, (predicate,))

    def remove(self, predicate: Callable) -> Bag:
        """The items for which a function is not true.

        Examples
        --------
        >>> db.from_sequence(range(5)).remove(lambda x: x % 2 == 0).compute()
        [1, 3]
        """
        return self._next(partial(_steps.removed, predicate), f"remove-{name_of(predicate)}", True, (predicate,))

    def pluck(self, key: Any, default: Any = no_default) -> Bag:
        """One item of every item, or some of them as a tuple.

        Parameters
        ----------
        key : object or list
            A key or a position; a list of them gives tuples.
        default : object, optional
            What stands for an item that is not there; without it, that is an error of the run.

        Examples
        --------
        >>> b = db.from_sequence([{"name": "Alice", "credits": [1, 2, 3]}, {"name": "Bob", "credits": [10, 20]}])
        >>> b.pluck("name").compute()
        ['Alice', 'Bob']
        >>> b.pluck("credits").pluck(2, default=0).compute()
        [3, 0]
        """
        return self._next(partial(_steps.plucked, key, default), "pluck", form=form_of_pluck(key, default is not no_default))

    def unzip(self, n: int) -> tuple:
        """The first ``n`` items of every item, as a bag each."""
        return tuple(self.pluck(i) for i in range(n))

    def flatten(self) -> Bag:
        """The items of every item.

        Examples
        --------
        >>> db.from_sequence([[1], [2, 3]]).flatten().compute()
        [1, 2, 3]
        """
        return self._next(_steps.flattened, "flatten", form=["flatten"])

    def random_sample(self, prob: float, random_state: Any = None) -> Bag:
        """Every item with a probability.

        Parameters
        ----------
        prob : float
            From 0 to 1.
        random_state : int or random.Random, optional
            Makes the choice the same each time.

        Raises
        ------
        ValueError
            If ``prob`` is not from 0 to 1.
        """
        if not 0 <= prob <= 1:
            raise ValueError(f"random_sample: prob is {prob!r}, expected a number from 0 to 1")
        states = ops.from_partitions(random_states(self.npartitions, random_state), "random_states")
        return self._next(partial(sampled, prob), "random-sample", others=[states])

    def map_partitions(self, func: Callable, *args: Any, **kwargs: Any) -> Bag:
        """A function of every partition.

        Parameters
        ----------
        func : callable
            Takes a partition, most often a list, and gives one.
        *args, **kwargs : object
            Further arguments: bags of as many partitions, single lazy values, other objects. ``token`` is what the layer of
            tasks is called.

        Examples
        --------
        >>> db.from_sequence(range(4), npartitions=2).map_partitions(len).compute()
        [2, 2]
        """
        return Bag._of(partitions_mapped(func, (self, *args), kwargs))

    # --- Reductions

    def _reduced(self, label: builtins.str, functions: tuple, users: tuple | None, split_every: Any, is_item: bool = True, form: Iterable = ()) -> Any:
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
        return Item._of(expr) if is_item else Bag._of(expr)

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
        return self._reduced(label, functions, (perpartition, aggregate), split_every, is_item=not issubclass(out_type, Bag))

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
        return self._reduced("fold", (perpartition, aggregate, aggregate), users, split_every, is_item=not issubclass(out_type, Bag))

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

    # --- By key

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
        return Bag._of(ops.reduction(self._expr, begin, combine_step, last, "foldby", True, split_every, False))

    def groupby(
        self,
        grouper: Any,
        method: Any = None,
        npartitions: int | None = None,
        blocksize: int = 2**20,
        max_branch: int | None = None,
        shuffle: builtins.str | None = None,
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
        return Bag._of(ops.exchange(self._expr, split, merged_groups, n, "groupby", True))

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

    def product(self, other: Bag) -> Bag:
        """Every item with every item of another bag, as pairs.

        Raises
        ------
        TypeError
            If ``other`` is no bag.
        """
        if not is_bag(other):
            raise TypeError(f"product: the other side is a {type(other).__name__}, expected a Bag")
        return Bag._of(ops.pairs(self._expr, other._expr, _steps.pairs_of, "product"))

    def accumulate(self, binop: Callable, initial: Any = no_default) -> Bag:
        """All results on the way of putting items together two by two; partition waits for partition.

        Examples
        --------
        >>> db.from_sequence([1, 2, 3, 4, 5], npartitions=2).accumulate(lambda x, y: x + y).compute()
        [1, 3, 6, 10, 15]
        """
        first, following = (traveling(partial(step, binop, initial), binop, initial) for step in (_steps.accumulated, _steps.accumulated_on))
        return Bag._of(ops.scan(self._expr, first, following, _steps.first_of, _steps.second_of, f"accumulate-{name_of(binop)}"))

    # --- Partitions

    def take(self, k: int, npartitions: int = 1, compute: bool = True, warn: bool = True) -> Any:
        """The first ``k`` items of the first partitions.

        Parameters
        ----------
        k : int
        npartitions : int
            How many partitions are looked at; -1 for all.
        compute : bool
            Whether to compute them now.
        warn : bool
            Whether to warn if those partitions have fewer.

        Returns
        -------
        tuple or Bag

        Raises
        ------
        ValueError
            If there are fewer partitions.

        Examples
        --------
        >>> db.from_sequence(range(1000)).take(3)
        (0, 1, 2)
        """
        expr = ops.take(self._expr, partial(_steps.taken, k), partial(_steps.taken_in_all, k, compute is False and warn), npartitions)
        if not compute:
            return Bag._of(expr)
        return _steps.checked_take(k, warn, Bag._of(expr).compute())

    def repartition(self, npartitions: int | None = None, partition_size: int | builtins.str | None = None) -> Bag:
        """The same items in other partitions.

        Parameters
        ----------
        npartitions : int, optional
            How many: neighbours are joined, or partitions are cut.
        partition_size : int or str, optional
            About how many bytes a partition has at most, such as "100MB". Computes the bag to find out.

        Raises
        ------
        ValueError
            Unless one of them is given.
        """
        if (npartitions is None) == (partition_size is None):
            raise ValueError("repartition: give exactly one of npartitions and partition_size")
        if npartitions is not None:
            return Bag._of(ops.repartition(self._expr, npartitions, _steps.chained, _steps.piece))
        limit = bytes_argument("repartition", "partition_size", partition_size)
        sizes = self.map_partitions(size_of_partition).compute()
        return Bag._of(ops.repartition_by_size(self._expr, sizes, limit, _steps.chained, _steps.piece))


class StringAccessor:
    """Methods of str on every item of a bag.

    Examples
    --------
    >>> db.from_sequence(["Alice Smith", "Bob Jones"]).str.lower().compute()
    ['alice smith', 'bob jones']
    """

    def __init__(self, bag: Bag):
        self._bag = bag

    def __dir__(self) -> list:
        return sorted({*super().__dir__(), *dir(str)})

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("_") or not hasattr(str, name):
            raise missing("Bag.str", name, self)
        bag = self._bag

        def method(*args: Any, **kwargs: Any) -> Bag:
            call = operator.methodcaller(name, *args, **kwargs)
            return bag._next(partial(_steps.mapped, call), name, form=form_of_map(call))

        method.__name__ = name
        method.__doc__ = getattr(str, name).__doc__
        return method

    def match(self, pattern: str) -> Bag:
        """The texts that match a pattern of the shell.

        Examples
        --------
        >>> db.from_sequence(["Alice Smith", "Bob Jones"]).str.match("*Smith").compute()
        ['Alice Smith']
        """
        return self._bag._next(partial(_steps.filtered, partial(fnmatch, pat=pattern)), "match")


def _partition_of_graph(dsk: dict, key: Any) -> Any:
    return get_of_graph(dsk, key, scheduler="sync")
