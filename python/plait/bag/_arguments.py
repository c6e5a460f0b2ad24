"""The arguments of functions on bags: which are bags, which are single lazy values, and which are what they are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from .. import _plait
from ..base import is_plait_collection
from ..delayed import Delayed
from . import _steps
from ._collection import Collection, name_of, ops, traveling
from ._native import form_of_map, parsed
from ._steps import PerItem, Whole


def is_bag(x: Any) -> bool:
    """Whether it is a bag."""
    return isinstance(x, Collection) and x._expr.kind == "bag"


def single_value(what: str, x: Any) -> _plait.Expr:
    """The node of a lazy single value that is an argument of a function."""
    if isinstance(x, Delayed):
        return delayed_item(x)
    exprs = x.__plait_exprs__()
    if len(exprs) == 1 and exprs[0].num_blocks == 1:
        return exprs[0]
    raise TypeError(f"{what}: an argument is a {type(x).__name__} of several parts; expected bags, single lazy values and other objects")


def delayed_item(value: Delayed) -> _plait.Expr:
    """A delayed value as the node of a single value."""
    return ops.call([_plait.delayed_values([value])], _same, "from-delayed", False, True)


def _same(value: Any) -> Any:
    return value


class _Given:
    """Arguments as a step takes them: places for what is lazy, and the nodes that fill them, bags first."""

    def __init__(self, what: str, args: tuple, kwargs: dict, first: tuple = ()):
        lazy = [x for x in (*args, *kwargs.values()) if is_plait_collection(x)]
        bags = [*first, *(x for x in lazy if is_bag(x))]
        self.num_bags = len(bags)
        if not bags:
            raise ValueError(f"{what}: at least one argument must be a Bag")
        self.exprs = [bag._expr for bag in bags] + [single_value(what, x) for x in lazy if not is_bag(x)]
        self._next_bag, self._next_value = len(first), len(bags)
        self.places = [self._place_of(x) for x in args]
        self.keywords = {name: self._place_of(x) for name, x in kwargs.items()}
        self.users = [x for x in (*args, *kwargs.values()) if not is_plait_collection(x)]

    def _place_of(self, x: Any) -> Any:
        if is_bag(x):
            self._next_bag += 1
            return PerItem(self._next_bag - 1)
        if is_plait_collection(x):
            self._next_value += 1
            return Whole(self._next_value - 1)
        return x


def mapped(func: Callable, args: tuple, kwargs: dict) -> _plait.Expr:
    """A function of the items of bags side by side."""
    given = _Given("map", args, kwargs)
    form = form_of_map(func) if len(args) == 1 and not kwargs else []
    if form == ["json"]:
        return ops.call(given.exprs, partial(parsed, func), "json", False, form=form)
    if len(args) == 1 and not kwargs:
        step = partial(_steps.mapped, func)
    else:
        step = partial(_steps.mapped_over, func, given.places, given.keywords, given.num_bags)
    return ops.call(given.exprs, traveling(step, func, given.users), name_of(func), not form, form=form)


def starmapped(func: Callable, bag: Any, kwargs: dict) -> _plait.Expr:
    """A function of the items of every item."""
    if any(map(is_bag, kwargs.values())):
        raise TypeError("starmap: a keyword is a Bag, expected single lazy values and other objects")
    given = _Given("starmap", (), kwargs, first=(bag,))
    return ops.call(given.exprs, traveling(partial(_steps.starmapped, func, given.keywords), func, given.users), name_of(func), True)


def partitions_mapped(func: Callable, args: tuple, kwargs: dict) -> _plait.Expr:
    """A function of whole partitions."""
    label = kwargs.pop("token", None) or name_of(func)
    given = _Given("map_partitions", args, kwargs)
    step = partial(_steps.partition_mapped_over, func, given.places, given.keywords)
    return ops.call(given.exprs, traveling(step, func, given.users), label, True)


def takes_multiple_arguments(func: Callable) -> bool:
    """Whether a function wants more than one argument."""
    try:
        parameters = inspect.signature(func).parameters.values()
    except (TypeError, ValueError):  # functions that do not tell
        return False
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty]
    return len(positional) > 1 or any(p.kind is p.VAR_POSITIONAL for p in parameters)
