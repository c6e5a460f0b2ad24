"""What runs on one partition of a bag, in whatever process: functions that take a partition, an iterable, and give the next.

Where it can be an iterator it is, so that a chain of steps makes no list in between. What a step is told before, such as the
user's function, comes first (``functools.partial``); everything here travels by its name.
"""

from __future__ import annotations

import heapq
import itertools
import operator
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any


class _Mark:
    """A value like no other, in every process: it is pickled by its name."""

    def __init__(self, name: str):
        self._name = name

    def __repr__(self) -> str:
        return self._name.strip("_")

    def __reduce__(self) -> str:
        return self._name


no_default = _Mark("no_default")
_NO_RESULT = _Mark("_NO_RESULT")  # the partial of a partition without items


def listed(made: Any) -> Any:
    """A partition as others may look at it again and again: a list, where it is an iterator, and of lists where that has iterators."""
    if isinstance(made, Iterator):
        made = list(made)
        if made and isinstance(made[0], Iterator):
            made = list(map(list, made))
    return made


def with_keywords(function: Callable, keywords: dict) -> Callable:
    """``function`` with keywords."""
    return partial(function, **keywords) if keywords else function


class PerItem:
    """The place of a bag among the arguments of a function: each call gets an item of the partition ``number`` of those given."""

    def __init__(self, number: int):
        self.number = number


class Whole:
    """The place of an operand that every call gets whole."""

    def __init__(self, number: int):
        self.number = number


def _filled(place: Any, given: tuple) -> Any:
    return given[place.number] if isinstance(place, PerItem | Whole) else place


def mapped(function: Callable, part: Iterable) -> Iterator:
    """``function`` of every item."""
    return map(function, part)


def mapped_over(function: Callable, places: list, keywords: dict, num_bags: int, *given: Any) -> Iterator:
    """``function`` of the items of several bags side by side, and of other arguments."""
    bags = [part if hasattr(part, "__len__") else list(part) for part in given[:num_bags]] if num_bags > 1 else list(given[:num_bags])
    lengths = [len(part) for part in bags] if num_bags > 1 else []
    if len(set(lengths)) > 1:
        raise ValueError(f"map: the bags have partitions of different lengths, {', '.join(map(str, lengths))}; they must be partitioned identically")
    given = (*bags, *given[num_bags:])
    columns = [_filled(place, given) if isinstance(place, PerItem) else itertools.repeat(_filled(place, given)) for place in places]
    fixed = {name: _filled(place, given) for name, place in keywords.items() if not isinstance(place, PerItem)}
    function = with_keywords(function, fixed)
    named = [name for name, place in keywords.items() if isinstance(place, PerItem)]
    if not named:
        return map(function, *columns)
    columns += [_filled(keywords[name], given) for name in named]
    n = len(places)
    return (function(*row[:n], **dict(zip(named, row[n:], strict=True))) for row in zip(*columns))


def partition_mapped_over(function: Callable, places: list, keywords: dict, *given: Any) -> Any:
    """``function`` of whole partitions, and of other arguments."""
    given = tuple(listed(part) for part in given)
    arguments = [_filled(place, given) for place in places]
    return function(*arguments, **{name: _filled(place, given) for name, place in keywords.items()})


def starmapped(function: Callable, keywords: dict, part: Iterable, *given: Any) -> Iterator:
    """``function`` of the items of every item; keywords may be operands."""
    return itertools.starmap(with_keywords(function, {name: _filled(place, (part, *given)) for name, place in keywords.items()}), part)


def filtered(predicate: Callable, part: Iterable) -> Iterator:
    """The items for which it is true."""
    return filter(predicate, part)


def removed(predicate: Callable, part: Iterable) -> Iterator:
    """The items for which it is not true."""
    return itertools.filterfalse(predicate, part)


class _Items:
    """Items of a thing as a tuple."""

    def __init__(self, keys: list):
        self.keys = keys

    def __call__(self, thing: Any) -> tuple:
        return tuple([thing[key] for key in self.keys])


def getter(key: Any) -> Callable:
    """What gives the item ``key`` of a thing, or a tuple of items for a list of keys. Functions stay what they are."""
    if callable(key):
        return key
    return item_getter(key)


def item_getter(key: Any) -> Callable:
    """What gives the item ``key`` of a thing, or a tuple of items for a list of keys."""
    if isinstance(key, list):
        return operator.itemgetter(*key) if len(key) > 1 else _Items(key)
    return operator.itemgetter(key)


def _item(key: Any, default: Any, thing: Any) -> Any:
    try:
        return thing[key]
    except (KeyError, IndexError):
        return default


def plucked(key: Any, default: Any, part: Iterable) -> Iterator:
    """The item ``key`` of every item, or a tuple of items for a list of keys."""
    if default is no_default:
        return map(item_getter(key), part)
    if isinstance(key, list):
        return (tuple([_item(one, default, thing) for one in key]) for thing in part)
    return map(partial(_item, key, default), part)


def flattened(part: Iterable) -> Iterator:
    """The items of every item."""
    return itertools.chain.from_iterable(part)


def zipped(*parts: Iterable) -> Iterator:
    """The items of several bags side by side, as many as the shortest has."""
    return zip(*parts)


def first_of(pair: tuple) -> Any:
    """The first of two."""
    return pair[0]


def second_of(pair: tuple) -> Any:
    """The second of two."""
    return pair[1]


def chained(*parts: Iterable) -> Iterator:
    """One partition after the other."""
    return itertools.chain.from_iterable(parts)


def joined_lists(parts: list) -> list:
    """One list of several."""
    return list(itertools.chain.from_iterable(parts))


def piece(i: int, n: int) -> Callable:
    """What takes piece ``i`` of ``n`` of a partition."""
    return partial(_piece, i, n)


def _piece(i: int, n: int, part: Any) -> Any:
    items = part if isinstance(part, list | tuple) else list(part)
    width = len(items) / n
    return items[int(width * i) : int(width * (i + 1)) if i + 1 < n else len(items)]


def taken(k: int, part: Iterable) -> Iterator:
    """The first ``k`` items."""
    return itertools.islice(part, k)


def taken_in_all(k: int, warn: bool, *parts: Iterable) -> list:
    """The first ``k`` items of some partitions."""
    found = list(itertools.islice(chained(*parts), k))
    if len(found) < k and warn:
        warnings.warn(_too_few(k, len(found)), stacklevel=2)
    return found


def checked_take(k: int, warn: bool, found: list) -> tuple:
    """What was taken; warns if it is less than was asked for."""
    if len(found) < k and warn:
        warnings.warn(_too_few(k, len(found)), stacklevel=3)
    return tuple(found)


def _too_few(k: int, found: int) -> str:
    return f"take: {k} elements requested, only {found} are in the partitions that were looked at; try a larger `npartitions`"


def pairs_of(left: Iterable, right: Iterable) -> Iterator:
    """Every item of the one with every item of the other."""
    return itertools.product(left, right)


# --- Reductions


def partial_result(function: Callable, is_last: bool, is_users: bool, part: Any) -> Any:
    """What a reduction makes of one partition; nothing of one without items, unless it is the only one."""
    if is_users:
        part = listed(part)
    if not is_last:
        if isinstance(part, Iterator):
            for first in part:
                part = itertools.chain((first,), part)
                break
            else:
                return _NO_RESULT
        elif _is_empty(part):
            return _NO_RESULT
    return function(part)


def _is_empty(part: Any) -> bool:
    try:
        return len(part) == 0
    except TypeError:
        return False


def combined_result(function: Callable, is_last: bool, *partials: Any) -> Any:
    """What a reduction makes of partials."""
    there = [each for each in partials if each is not _NO_RESULT]
    return function(there) if there or is_last else _NO_RESULT


def count_items(part: Any) -> int:
    """How many there are."""
    if hasattr(part, "__len__"):
        return len(part)
    counter = itertools.count()
    deque(zip(part, counter, strict=False), maxlen=0)
    return next(counter)


def mean_partial(part: Iterable) -> tuple:
    """The sum of the items, and how many there are."""
    items = part if isinstance(part, list) else list(part)
    return sum(items, 0.0), len(items)


def mean_of(partials: list) -> float:
    """The mean of all, from the partials."""
    total, count = map(sum, zip(*partials)) if partials else (0.0, 0)
    if not count:
        raise ZeroDivisionError("mean: the bag has no items")
    return total / count


def variance_partial(part: Iterable) -> tuple:
    """How many items there are, their mean, and the sum of their squared distances from it."""
    items = part if isinstance(part, list) else list(part)
    if not items:
        return 0, 0.0, 0.0
    mean = sum(items) / len(items)
    return len(items), mean, sum([(item - mean) ** 2 for item in items])


def variance_of(ddof: int, partials: list) -> float:
    """The variance of all, from the partials."""
    count, mean, squares = 0, 0.0, 0.0
    for own_count, own_mean, own_squares in partials:
        if own_count:
            together = count + own_count
            distance = own_mean - mean
            squares += own_squares + distance**2 * count * own_count / together
            mean += distance * own_count / together
            count = together
    return squares / (count - ddof)


def folded(binop: Callable, initial: Any, part: Iterable) -> Any:
    """The items put together two by two."""
    import functools

    return functools.reduce(binop, part) if initial is no_default else functools.reduce(binop, part, initial)


def distinct_items(key: Any, part: Iterable) -> list:
    """The first of those that are alike, or whose keys are."""
    if key is None:
        return list(dict.fromkeys(part))
    first: dict = {}
    key = getter(key)
    for item in part:
        first.setdefault(key(item), item)
    return list(first.values())


def distinct_of(key: Any, partials: list) -> list:
    """The same of the partials."""
    return distinct_items(key, chained(*partials))


def largest(k: int, key: Any, part: Iterable) -> tuple:
    """The largest items, in descending order."""
    return tuple(heapq.nlargest(k, part, key=None if key is None else getter(key)))


def largest_of(k: int, key: Any, partials: list) -> tuple:
    """The same of the partials."""
    return largest(k, key, chained(*partials))


def spread(function: Callable, arguments: tuple) -> Any:
    """A function of several arguments as one of a tuple."""
    return function(*arguments)


def counts(part: Iterable) -> dict:
    """How often each item is there."""
    import collections

    return dict(collections.Counter(part))


def counts_of(partials: list) -> dict:
    """How often each item is there in all."""
    total = dict(partials[0]) if partials else {}
    for partial_counts in partials[1:]:
        for item, count in partial_counts.items():
            total[item] = total.get(item, 0) + count
    return total


def sorted_counts(is_sorted: bool, partials: list) -> list:
    """Pairs of item and count."""
    pairs = list(counts_of(partials).items())
    return sorted(pairs, key=operator.itemgetter(1), reverse=True) if is_sorted else pairs


# --- By key


def folded_by(key: Callable, binop: Callable, initial: Any, part: Iterable) -> dict:
    """For every key, its items put together two by two."""
    found: dict = {}
    begin = initial if callable(initial) and initial is not no_default else None
    for item in part:
        k = key(item)
        if k in found:
            found[k] = binop(found[k], item)
        elif initial is no_default:
            found[k] = item
        else:
            found[k] = binop(initial if begin is None else begin(), item)
    return found


def combined_by(combine: Callable, initial: Any, *partials: dict) -> dict:
    """For every key, what the partitions have for it put together two by two."""
    found: dict = {}
    for partial_result in partials:
        for k, value in partial_result.items():
            if k in found:
                found[k] = combine(found[k], value)
            elif initial is no_default:
                found[k] = value
            else:
                found[k] = combine(initial() if callable(initial) else initial, value)
    return found


def combined_pairs(combine: Callable, initial: Any, *partials: dict) -> list:
    """The same as pairs of key and value."""
    return list(combined_by(combine, initial, *partials).items())


def grouped(key: Callable, part: Iterable) -> dict:
    """The items of every key."""
    groups: dict = {}
    for k, item in zip(*_with_keys(key, part)):
        try:
            groups[k].append(item)
        except KeyError:
            groups[k] = [item]
    return groups


def _with_keys(key: Callable, part: Iterable) -> tuple:
    items = part if isinstance(part, list) else list(part)
    return map(key, items), items


def matched(key: Callable, part: Iterable, groups: dict) -> Iterator:
    """Pairs of an item of the groups and an item of the partition that have the same key."""
    nothing: list = []
    return ((match, item) for item in part for match in groups.get(key(item), nothing))


def accumulated(binop: Callable, initial: Any, part: Iterable) -> tuple:
    """All results on the way of putting items together, and what the next partition begins with."""
    made = list(itertools.accumulate(part, binop) if initial is no_default else itertools.accumulate(part, binop, initial=initial))
    return made, made[-1] if made else _NO_RESULT


def accumulated_on(binop: Callable, initial: Any, part: Iterable, carried: Any) -> tuple:
    """The same from where the partition before ended."""
    if carried is _NO_RESULT:
        return accumulated(binop, initial, part)
    made = list(itertools.accumulate(part, binop, initial=carried))
    return made[1:], made[-1]
