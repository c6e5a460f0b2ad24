"""Methods of collections that a setting may replace: for libraries whose collections follow Dask's protocol."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from . import config


def globalmethod(default: Callable | None = None, key: str | None = None, falsey: Callable | None = None) -> Any:
    """A static method in whose place a setting may put another function; may be used as a decorator.

    Parameters
    ----------
    default : callable
        What it does where the setting is not there.
    key : str
        The name of the setting.
    falsey : callable, optional
        What it does where the setting is something false, such as None; default is ``default``.

    Examples
    --------
    >>> class Row:
    ...     @plait.context.globalmethod(key="row_optimize", falsey=lambda dsk, keys: {})
    ...     def __dask_optimize__(dsk, keys):
    ...         return dsk
    >>> Row.__dask_optimize__({"x": 1}, "x")
    {'x': 1}
    >>> with plait.config.set(row_optimize=None):
    ...     Row.__dask_optimize__({"x": 1}, "x")
    {}
    """
    return partial(globalmethod, key=key, falsey=falsey) if default is None else GlobalMethod(default, key, falsey)


class GlobalMethod:
    """What :func:`globalmethod` makes, and takes the arguments of."""

    def __init__(self, default: Callable, key: str | None, falsey: Callable | None = None):
        self._default, self._key, self._falsey = default, key, falsey

    def __get__(self, instance: Any, owner: type | None = None) -> Callable:
        chosen = self._default if self._key is None else config.get(self._key, self._default)
        return chosen or self._falsey or self._default
