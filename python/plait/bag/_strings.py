"""Methods of str on every item of a bag."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fnmatch import fnmatch
from functools import partial
from typing import TYPE_CHECKING, Any

from .._missing_names import missing
from . import _steps
from ._native import form_of_map

if TYPE_CHECKING:
    from ._bag import Bag


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
