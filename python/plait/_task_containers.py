"""Containers whose items may be nodes; see `plait.task_spec`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from . import _plait
from ._task_calls import build, build_dict
from ._task_nodes import Task


class NestedContainer(Task, Iterable):
    """A container whose items may be nodes."""

    __slots__ = ()
    klass: type
    _build: Callable = build

    def __init__(self, /, *args: Any, **kwargs: Any):
        given: Any = args[0] if len(args) == 1 and isinstance(args[0], self.klass) else args
        items = tuple(given)
        super().__init__(None, self._build, *items, **kwargs)

    def __iter__(self) -> Iterator:
        return iter(self.args)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.args})"

    def __dask_tokenize__(self):
        return (type(self).__name__, list(self.args))


def _list_of(*items: Any) -> list:
    return list(items)


def _tuple_of(*items: Any) -> tuple:
    return items


def _set_of(*items: Any) -> set:
    return set(items)


class List(NestedContainer):
    """A list whose items may be nodes."""

    __slots__ = ()
    klass = constructor = list
    _build = staticmethod(_list_of)


class Tuple(NestedContainer):
    """A tuple whose items may be nodes."""

    __slots__ = ()
    klass = constructor = tuple
    _build = staticmethod(_tuple_of)


class Set(NestedContainer):
    """A set whose items may be nodes."""

    __slots__ = ()
    klass = constructor = set
    _build = staticmethod(_set_of)

    def __dask_tokenize__(self):
        return ("Set", sorted(map(_plait.tokenize, self.args)))


class Dict(NestedContainer, Mapping):
    """A dict whose values may be nodes: of a dict, of pairs, of keys and values one after the other, or of keywords.

    Raises
    ------
    ValueError
        If a key has no value.
    """

    __slots__ = ()
    klass = dict
    _build = staticmethod(build_dict)

    def __init__(self, /, *args: Any, **kwargs: Any):
        items: Any = kwargs.items() if kwargs else args
        if len(args) == 1:
            items = args[0].items() if isinstance(args[0], Mapping) else args[0]
            if not isinstance(items, (list, tuple)) and not isinstance(args[0], Mapping):
                raise ValueError(f"Dict takes a dict, pairs, or keys and values; found {args[0]!r}")
        if kwargs or len(args) == 1:
            items = list(items)
            if all(isinstance(item, (list, tuple)) and len(item) == 2 for item in items):
                items = itertools.chain.from_iterable(items)
        items = tuple(items)
        if len(items) % 2:
            raise ValueError(f"Dict: {len(items)} keys and values; every key needs a value")
        Task.__init__(self, None, self._build, *items)

    def __iter__(self) -> Iterator:
        return iter(self.args[::2])

    def __len__(self) -> int:
        return len(self.args) // 2

    def __getitem__(self, key: Any) -> Any:
        for each, value in zip(self.args[::2], self.args[1::2], strict=True):
            if each == key:
                return value
        raise KeyError(key)

    def __dask_tokenize__(self):
        return ("Dict", dict(zip(self.args[::2], self.args[1::2], strict=True)))

    def __repr__(self) -> str:
        return f"Dict({', '.join(f'{key}: {value}' for key, value in zip(self.args[::2], self.args[1::2], strict=True))})"
