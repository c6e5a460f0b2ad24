"""Bag: items of any kind in partitions."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import _plait
from .._missing_names import missing
from ..graph import as_dict
from . import _steps
from ._arguments import (
    is_bag,
    mapped,
    partitions_mapped,
    starmapped,
)
from ._by_key import ByKey
from ._collection import name_of, ops, traveling, whole_items
from ._native import form_of_pluck
from ._random_states import random_states, sampled
from ._reductions import Reductions
from ._sizes import bytes_argument, size_of_partition
from ._steps import no_default
from ._strings import StringAccessor


class Bag(Reductions, ByKey):
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
        keys = [(name, i) for i in range(npartitions)]
        super().__init__(_plait.rebuilt(ops.from_partitions(keys, name), as_dict(dsk), name, keys))

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
        return type(self)._of(ops.call([self._expr, *others], step, label, is_users, form=list(form)))

    def _partitions(self) -> list:
        """Each partition as a bag."""
        return [type(self)._of(expr) for expr in ops.partitions(self._expr)]

    def _other(self, expr: Any) -> Bag:
        """The bag of another node."""
        return type(self)._of(expr)

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
        return type(self)._of(mapped(func, (self, *args), kwargs))

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
        return type(self)._of(starmapped(func, self, kwargs))

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
        return type(self)._of(partitions_mapped(func, (self, *args), kwargs))

    def product(self, other: Bag) -> Bag:
        """Every item with every item of another bag, as pairs.

        Raises
        ------
        TypeError
            If ``other`` is no bag.
        """
        if not is_bag(other):
            raise TypeError(f"product: the other side is a {type(other).__name__}, expected a Bag")
        return type(self)._of(ops.pairs(self._expr, other._expr, _steps.pairs_of, "product"))

    def accumulate(self, binop: Callable, initial: Any = no_default) -> Bag:
        """All results on the way of putting items together two by two; partition waits for partition.

        Examples
        --------
        >>> db.from_sequence([1, 2, 3, 4, 5], npartitions=2).accumulate(lambda x, y: x + y).compute()
        [1, 3, 6, 10, 15]
        """
        first, following = (traveling(partial(step, binop, initial), binop, initial) for step in (_steps.accumulated, _steps.accumulated_on))
        return type(self)._of(ops.scan(self._expr, first, following, _steps.first_of, _steps.second_of, f"accumulate-{name_of(binop)}"))

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
            return type(self)._of(expr)
        return _steps.checked_take(k, warn, type(self)._of(expr).compute())

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
            return type(self)._of(ops.repartition(self._expr, npartitions, _steps.chained, _steps.piece))
        limit = bytes_argument("repartition", "partition_size", partition_size)
        sizes = self.map_partitions(size_of_partition).compute()
        return type(self)._of(ops.repartition_by_size(self._expr, sizes, limit, _steps.chained, _steps.piece))
