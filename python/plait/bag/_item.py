"""Item: one lazy value."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from .._missing_names import missing
from ._collection import Collection, name_of, ops, traveling


class Item(Collection):
    """One lazy value, such as the sum of a bag.

    Examples
    --------
    >>> total = db.from_sequence(range(5)).sum()
    >>> total.compute(), total.apply(str).compute()
    (10, '10')
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # What `_methods` installs.
        from_delayed: Any
        to_delayed: Any

    @property
    def key(self) -> str:
        """The name of the task."""
        return self.name

    def __repr__(self) -> str:
        return f"plait.bag.Item<{self._expr.op}>"

    def __getattr__(self, name: str) -> Any:
        raise missing("Item", name, self)

    def __plait_postcompute__(self) -> Callable:
        return lambda values: values[0]

    def apply(self, func: Callable) -> Item:
        """A function of the value.

        Parameters
        ----------
        func : callable

        Returns
        -------
        Item
        """
        return Item._of(ops.call([self._expr], traveling(partial(_applied, func), func), name_of(func), True, True))

    def __int__(self) -> int:
        return int(self.compute())

    def __float__(self) -> float:
        return float(self.compute())

    def __complex__(self) -> complex:
        return complex(self.compute())

    def __bool__(self) -> bool:
        return bool(self.compute())


def _applied(function: Callable, value: Any) -> Any:
    return function(value)
