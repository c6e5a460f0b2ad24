"""Pictures of raw task graphs, and the labels in them."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from . import _plait
from ._visualize import draw
from .utils import apply, funcname, key_split

__all__ = ["box_label", "dot_graph", "has_sub_tasks", "label", "name", "task_label"]

_TOKENS = re.compile("[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}|[0-9a-z]{32}")


def _is_task(x: Any) -> bool:
    return hasattr(x, "dependencies") or (type(x) is tuple and bool(x) and callable(x[0]))


def has_sub_tasks(task: Any) -> bool:
    """Whether something is a task, or a list that holds one."""
    return _is_task(task) or (isinstance(task, list) and any(map(has_sub_tasks, task)))


def task_label(task: Any) -> str:
    """What a task calls, with ``(...)`` behind it if tasks stand in it.

    Examples
    --------
    >>> plait.dot.task_label((sum, [(abs, -1), 2]))
    'sum(...)'
    """
    if hasattr(task, "dependencies"):
        return str(task.key)
    function = task[1] if task[0] is apply else task[0]
    functions = getattr(function, "funcs", (function,))  # of toolz' compose
    has_more = len(functions) > 1 or any(map(has_sub_tasks, task[1:]))
    return funcname(functions[0]) + ("(...)" if has_more else "")


def box_label(key: Any, verbose: bool = False) -> str:
    """What the box of a key shows: its place, ``(0, 3)``; of a key that is a text nothing, unless ``verbose``."""
    if isinstance(key, tuple):
        return str(key[1]) if len(key) == 2 else str(key[1:])
    return str(key) if verbose else ""


def name(x: Any) -> str:
    """A name of a node that is the same for equal keys."""
    return str(hash(x)) if isinstance(x, Hashable) else str(hash(str(x)))


def label(x: Any, cache: dict[str, int] | None = None) -> str:
    """A key as text in which ``#`` stands for its token; with a cache, each token has a number: ``#0``, ``#1``."""

    def short(match: re.Match) -> str:
        return "#" if cache is None else f"#{cache.setdefault(match.group(), len(cache))}"

    return _TOKENS.sub(short, str(x))


def _inputs_of(task: Any, dsk: Mapping) -> Iterator[Any]:
    """The keys of a graph that a computation takes."""
    waiting = [task]
    while waiting:
        each = waiting.pop()
        if hasattr(each, "dependencies"):
            yield from each.dependencies
        elif type(each) is tuple and each and callable(each[0]):
            waiting += each[1:]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, Hashable):
            try:
                is_key = each in dsk
            except TypeError:  # a tuple that holds what cannot be hashed
                continue
            if is_key:
                yield each


def _inputs_first(inputs: dict[Any, list]) -> list:
    """The keys in an order in which each comes after those that it takes."""
    order: list = []
    state: dict[Any, str] = {}
    for root in inputs:
        path = [root]
        while path:
            key = path[-1]
            if state.get(key) == "done":
                path.pop()
                continue
            missing = [each for each in inputs[key] if state.get(each) != "done"]
            if not missing:
                state[key] = "done"
                order.append(path.pop())
                continue
            cycle = next((each for each in missing if state.get(each) == "open"), None)
            if cycle is not None:
                raise RuntimeError(f"dot_graph: the graph has a cycle through {cycle!r}")
            state[key] = "open"
            path += missing
    return order


def dot_graph(dsk: Mapping, filename: str | os.PathLike | None = "mydask", format: str | None = None, **kwargs: Any) -> Any:
    """Draw a raw task graph: circles are functions, boxes are their values.

    Parameters
    ----------
    dsk : mapping
        Keys to computations.
    filename, format, **kwargs
        As for :func:`plait.visualize`.

    Returns
    -------
    IPython.display.Image, IPython.display.SVG or None
        The picture where IPython is there to show it.

    Raises
    ------
    RuntimeError
        If the graph has a cycle.
    """
    inputs = {key: list(dict.fromkeys(each for each in _inputs_of(task, dsk) if each in dsk)) for key, task in dsk.items()}
    order = _inputs_first(inputs)
    number_of = {key: number for number, key in enumerate(order)}
    tasks = []
    for key in order:
        is_data = not inputs[key] and not _is_task(dsk[key]) and not has_sub_tasks(dsk[key])
        tasks.append((str(key), key_split(key), [number_of[each] for each in inputs[key]], is_data))
    return draw(_Keyed(_plait.Picture.of_tasks(tasks), order), filename, format, **kwargs)


class _Keyed:
    """A picture whose tasks have keys of the user."""

    def __init__(self, picture: Any, keys: list):
        self._picture = picture
        self._keys = keys

    def __len__(self) -> int:
        return len(self._picture)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._picture, attribute)

    def keys(self) -> list:
        """The keys, by the numbers of their tasks."""
        return self._keys
