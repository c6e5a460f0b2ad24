"""What bags and single values share: the engine's node, and the ways from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Iterable
from itertools import chain
from typing import Any

from .. import _plait
from .._travel import able_to_travel
from ..base import PlaitMethodsMixin

ops = _plait.bags


def name_of(function: Any) -> str:
    """What people call a function."""
    while hasattr(function, "func"):  # a partial
        function = function.func
    return str(getattr(function, "__name__", type(function).__name__)).strip("<>")


class Collection(PlaitMethodsMixin):
    """A node of the plan, and its name."""

    __slots__ = ("_expr",)

    def __init__(self, expr: _plait.Expr):
        self._expr = expr

    @property
    def name(self) -> str:
        """The name of the layer of tasks."""
        return self._expr.name

    def __plait_exprs__(self) -> list:
        return [self._expr]

    def __dask_tokenize__(self) -> Any:
        return self.name

    def __plait_postpersist__(self) -> Callable:
        return lambda exprs: type(self)._of(exprs[0])

    @classmethod
    def _of(cls, expr: _plait.Expr) -> Any:
        made = cls.__new__(cls)
        made._expr = expr
        return made

    def __getstate__(self) -> Any:
        return self._expr

    def __setstate__(self, expr: Any) -> None:
        self._expr = expr


def whole_items(results: list) -> Any:
    """The items of all partitions; the partitions themselves, where they are none but single values."""
    if not results or isinstance(results[0], str):
        return results
    return list(chain.from_iterable(results)) if isinstance(results[0], Iterable | Iterator) else results


def traveling(step: Callable, *users: Any) -> Callable:
    """A step that holds functions of the user, which may not be able to leave this process."""
    return able_to_travel(step, *users)
