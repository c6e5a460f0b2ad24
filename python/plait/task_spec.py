"""Tasks as objects: what a graph says beside tuples.

A graph may hold, under its keys, objects that know what they need: `Task` (a function with its arguments), `Alias` (another
name for a key), `DataNode` (a value). Among a task's arguments, `TaskRef`, `Alias` and other nodes stand for values; plain
texts and tuples stand for themselves, unlike in graphs of tuples. All ``get`` functions take both kinds, and Dask's own
objects of these types.

>>> from plait.task_spec import Task, TaskRef
>>> dsk = {"x": 1, "y": Task("y", max, TaskRef("x"), 10)}
>>> plait.get(dsk, "y")
10
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from ._key_names import default_fused_keys_renamer
from ._task_calls import build, build_dict, build_named, call_node, call_with_keywords
from ._task_containers import Dict, List, NestedContainer, Set, Tuple
from ._task_nodes import Alias, DataNode, GraphNode, Task, TaskRef, execute_graph, is_reference

__all__ = [
    "Alias",
    "DataNode",
    "DependenciesMapping",
    "Dict",
    "GraphNode",
    "List",
    "NestedContainer",
    "Set",
    "Task",
    "TaskRef",
    "Tuple",
    "batched",
    "build",
    "build_dict",
    "build_named",
    "call_node",
    "call_with_keywords",
    "convert_legacy_graph",
    "convert_legacy_task",
    "cull",
    "execute_graph",
    "fuse_linear_task_spec",
    "identity",
    "kind_of_node",
    "parse_input",
    "resolve_aliases",
]

_OURS = Task.__module__


def kind_of_node(obj: Any) -> str:
    """How an object, and all of its type, is read in a graph: "reference", "data", "task", "node", or "" for plain values."""
    kind = type(obj)
    ours = {base.__name__: base for base in kind.__mro__ if base.__module__ in (_OURS, "dask._task_spec")}
    if "TaskRef" in ours or getattr(kind, "__dask_future__", False):
        return "reference"
    for name, what in (("Alias", "reference"), ("DataNode", "data"), ("Task", "task")):
        if name in ours:  # a subclass that is called in its own way is asked
            return what if kind.__call__ is ours[name].__call__ else "node"  # type: ignore[operator]
    is_node = "GraphNode" in ours or all(hasattr(obj, each) for each in ("dependencies", "key", "__call__"))
    return "node" if is_node else ""


# --- From plain objects and from tuples ---


def _is_named(obj: Any) -> bool:
    return isinstance(obj, tuple) and hasattr(obj, "_fields")


def parse_input(obj: Any) -> Any:
    """``obj`` as an argument of a task: containers with nodes inside become nodes. Tuples and texts stand for themselves."""
    if isinstance(obj, GraphNode):
        return obj
    if is_reference(obj):
        return Alias(obj.key)
    if isinstance(obj, dict):
        values = {key: parse_input(value) for key, value in obj.items()}
        return Dict(values) if any(isinstance(value, GraphNode) for value in values.values()) else obj
    if isinstance(obj, (list, set, tuple)):
        items = [parse_input(item) for item in obj]
        if any(isinstance(item, GraphNode) for item in items):
            return _container_node(None, obj, items)
    return obj


_CONTAINERS: dict[type, Any] = {list: List, tuple: Tuple, set: Set}


def _container_node(key: Any, obj: Any, items: list) -> Task:
    if key is None and type(obj) in _CONTAINERS:
        return _CONTAINERS[type(obj)](*items)
    return Task(key, build_named if _is_named(obj) else build, type(obj), *items)


def convert_legacy_task(key: Any, task: Any, all_keys: Container) -> Any:
    """What a graph of tuples holds under ``key`` as a node; plain values stay what they are.

    Parameters
    ----------
    key : key or None
        Of the node; None for one among the arguments of another.
    task : object
        A task (a tuple whose first item is callable), a key, a container of such, or a value.
    all_keys : container
        What is a key.
    """
    if isinstance(task, GraphNode):
        return task
    if type(task) is tuple and task and callable(task[0]):
        args = [Dict(arg) if isinstance(arg, dict) else convert_legacy_task(None, arg, all_keys) for arg in task[1:]]
        return Task(key, task[0], *args)
    if isinstance(task, (int, float, str, tuple)):
        try:
            if task in all_keys:
                return Alias(task if key is None else key, target=task)
        except TypeError:
            pass  # what cannot be hashed is no key
    if isinstance(task, (list, tuple, set, frozenset)):
        items = [convert_legacy_task(None, item, all_keys) for item in task]
        return _container_node(key, task, items) if any(isinstance(item, GraphNode) for item in items) else task
    if is_reference(task):
        return Alias(task.key if key is None else key, target=task.key)
    return task


def convert_legacy_graph(dsk: Mapping, all_keys: Container | None = None) -> dict:
    """A graph of tuples as one of nodes.

    Examples
    --------
    >>> plait.task_spec.convert_legacy_graph({"x": 1, "y": "x"})
    {'x': DataNode(1), 'y': Alias('y'->'x')}
    """
    keys = set(dsk) if all_keys is None else all_keys
    converted = {}
    for key, task in dsk.items():
        node = convert_legacy_task(key, task, keys)
        if isinstance(node, Alias) and node.target == key:
            continue  # the value is somewhere else
        converted[key] = node if isinstance(node, GraphNode) else DataNode(key, node)
    return converted


# --- Graphs of nodes ---


class DependenciesMapping(MutableMapping):
    """Keys to the keys that they need, found when they are asked for."""

    def __init__(self, dsk: Mapping):
        self.dsk = dsk
        self._removed: set = set()
        self._found: dict = {}

    def __getitem__(self, key: Any) -> Any:
        if key not in self._found:
            task = self.dsk[key]
            needed = task.dependencies if hasattr(task, "dependencies") else keys_in_task(self.dsk, task)
            self._found[key] = needed - self._removed if self._removed else needed
        return self._found[key]

    def __iter__(self) -> Iterator:
        return iter(self.dsk)

    def __len__(self) -> int:
        return len(self.dsk)

    def __delitem__(self, key: Any) -> None:
        self._found.clear()
        self._removed.add(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise NotImplementedError("the dependencies follow from the graph")


def keys_in_task(keys: Container, task: Any) -> set:
    """The keys that a task, old or new, takes."""
    return set(keys_in_tasks_listed(keys, [task]))


def keys_in_tasks_listed(keys: Container, tasks: Iterable) -> list:
    """The keys that tasks take, again where they take one twice."""
    found: list = []
    waiting = list(tasks)
    while waiting:
        inner: list = []
        for item in waiting:
            if type(item) is tuple and item and callable(item[0]):
                inner.extend(item[1:])
            elif type(item) is list:
                inner.extend(item)
            elif type(item) is dict:
                inner.extend(item.values())
            elif isinstance(item, TaskRef):
                inner.append(item.key)
            elif kind_of_node(item):
                found.extend(key for key in item.dependencies if key in keys)
            else:
                try:
                    if item in keys:
                        found.append(item)
                except TypeError:
                    pass  # what cannot be hashed is no key
        waiting = inner
    return found


def cull(dsk: dict, keys: Collection) -> dict:
    """The nodes that some keys need.

    Raises
    ------
    TypeError
        If ``keys`` is no list, set or tuple.
    """
    if not isinstance(keys, (list, set, tuple)):
        raise TypeError(f"cull: keys is a {type(keys).__name__}, expected a list, set or tuple")
    wanted, needed = list(keys), {}
    while wanted:
        key = wanted.pop()
        if key in dsk and key not in needed:
            needed[key] = dsk[key]
            wanted.extend(dsk[key].dependencies)
    return needed


def resolve_aliases(dsk: dict, keys: set, dependents: Mapping) -> dict:
    """The graph without aliases of nodes that nobody else needs: each such node takes its alias's key.

    Raises
    ------
    ValueError
        If no key is wanted.
    """
    if not keys:
        raise ValueError("resolve_aliases: no key is wanted")
    new = dict(dsk)
    waiting, seen = list(keys), set()
    while waiting:
        key = waiting.pop()
        if key in seen or key not in new:
            continue
        seen.add(key)
        node = new[key]
        while isinstance(node, Alias) and node.target not in keys and node.target in new and len(dependents[node.target]) == 1:
            node = new.pop(node.target).copy()
            node.key = key
            new[key] = node
        waiting.extend(node.dependencies)
    return new


def fuse_linear_task_spec(dsk: dict, keys: Iterable) -> dict:
    """The graph with chains of nodes, each needed by the next alone, as one task each.

    Parameters
    ----------
    dsk : dict
        Keys to nodes.
    keys : iterable
        Keys that are to stay.

    Returns
    -------
    dict
        A fused chain stands under a joined name, and the last key of the chain is an alias of it.
    """
    kept = set(keys)
    dependents: dict = {}
    for key, node in dsk.items():
        for needed in node.dependencies:
            dependents.setdefault(needed, []).append(key)

    def only_input(key: Any) -> Any:
        """The node that can be joined with ``key`` because it serves it alone; None if there is none."""
        needed = dsk[key].dependencies
        if len(needed) != 1 or dsk[key].block_fusion:
            return None
        (before,) = needed
        is_free = before in dsk and before not in kept and len(dependents[before]) == 1 and not dsk[before].block_fusion
        return before if is_free else None

    before_of = {key: only_input(key) for key in dsk}
    inner = {before for before in before_of.values() if before is not None}
    fused = {}
    for key in dsk:
        if key in inner:
            continue
        chain = [key]
        while (before := before_of[chain[-1]]) is not None:
            chain.append(before)
        chain.reverse()
        if len(chain) == 1:
            fused[key] = dsk[key]
            continue
        name = default_fused_keys_renamer(chain)
        name = key if name is None else name
        fused[name] = GraphNode.fuse(*(dsk[each] for each in chain), key=name)
        if name != key:
            fused[key] = Alias(key, target=name)
    return fused


def identity(*args: Any) -> tuple:
    """The arguments."""
    return args


def batched(iterable: Iterable, n: int, *, strict: bool = False) -> Iterator[tuple]:
    """Tuples of ``n`` items each; the last may have fewer.

    Raises
    ------
    ValueError
        If ``n`` is less than one, or with ``strict`` if the last tuple has fewer.
    """
    if n < 1:
        raise ValueError(f"batched: n is {n}, expected at least one")
    items = iter(iterable)
    while batch := tuple(itertools.islice(items, n)):
        if strict and len(batch) != n:
            raise ValueError(f"batched: the last batch has {len(batch)} of {n} items")
        yield batch
