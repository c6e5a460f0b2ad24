"""Attributes that other libraries add to frames, series and labels."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from .frame import DataFrame
from .index import Index
from .series import Series

__all__ = ["register_dataframe_accessor", "register_index_accessor", "register_series_accessor"]


class _Accessor:
    """Makes an accessor of whatever it is asked of; of the class, it is the accessor itself."""

    def __init__(self, name: str, accessor: Any):
        self.name, self.accessor = name, accessor

    def __get__(self, obj: Any, owner: Any) -> Any:
        return self.accessor if obj is None else self.accessor(obj)


def _registering(cls: type, name: str) -> Callable[[Any], Any]:
    def register(accessor: Any) -> Any:
        if hasattr(cls, name):
            warnings.warn(f"the accessor {name!r} of {accessor.__name__} takes the place of what {cls.__name__} has under that name", UserWarning, stacklevel=2)
        setattr(cls, name, _Accessor(name, accessor))
        return accessor

    return register


def register_dataframe_accessor(name: str) -> Callable[[Any], Any]:
    """A decorator of a class, of which frames then have one: ``df.<name>`` is the class called with the frame.

    Parameters
    ----------
    name : str
        The name of the attribute.

    Examples
    --------
    >>> @dd.extensions.register_dataframe_accessor("sizes")
    ... class Sizes:
    ...     def __init__(self, frame):
    ...         self.frame = frame
    ...
    ...     def rows(self):
    ...         return len(self.frame)
    >>> df.sizes.rows()
    4
    >>> del dd.DataFrame.sizes
    """
    return _registering(DataFrame, name)


def register_series_accessor(name: str) -> Callable[[Any], Any]:
    """The same for series; see :func:`register_dataframe_accessor`."""
    return _registering(Series, name)


def register_index_accessor(name: str) -> Callable[[Any], Any]:
    """The same for the labels of rows; see :func:`register_dataframe_accessor`."""
    return _registering(Index, name)
