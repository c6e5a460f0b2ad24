"""The objects that stand in graphs: references, nodes, tasks; see `plait.task_spec`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from . import _plait
from ._lazy import copy

_NONE: frozenset = frozenset()
_numbers = itertools.count()


def is_reference(obj: Any) -> bool:
    return isinstance(obj, TaskRef) or bool(getattr(obj, "__dask_future__", False))


def _key_of(reference: Any) -> Any:
    """The key that an Alias, a TaskRef or a key itself names."""
    return reference.target if isinstance(reference, Alias) else reference.key if isinstance(reference, TaskRef) else reference


class TaskRef:
    """Stands for the value of a key, among the arguments of a task."""

    __slots__ = ("key",)

    def __init__(self, key: Any):
        self.key = key

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key!r})"

    def __str__(self) -> str:
        return str(self.key)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TaskRef) and self.key == other.key

    def __reduce__(self):
        return type(self), (self.key,)

    def substitute(self, subs: Mapping, key: Any = None) -> Any:
        """This reference with its key replaced: by another key, or by a node."""
        if self.key not in subs:
            return self
        new = subs[self.key]
        if isinstance(new, GraphNode):
            return new.substitute({}, key=self.key)
        return new if isinstance(new, TaskRef) else TaskRef(new)


class GraphNode:
    """The base of what stands in a graph: it has a key, knows its dependencies, and is called with their values."""

    __slots__ = ("_dependencies", "key")
    key: Any
    _dependencies: frozenset

    @property
    def dependencies(self) -> frozenset:
        """The keys whose values this node needs."""
        return self._dependencies

    @property
    def data_producer(self) -> bool:
        """Whether it brings data into the graph, as readers of files do."""
        return False

    @property
    def block_fusion(self) -> bool:
        """Whether it is to stay a task of its own."""
        return False

    @property
    def is_coro(self) -> bool:
        """Whether its function is a coroutine's; such functions are not run here."""
        return False

    def ref(self) -> Alias:
        """A reference to this node, for other nodes."""
        return Alias(self.key)

    def copy(self) -> GraphNode:
        """A node of its own with the same content."""
        raise NotImplementedError

    def substitute(self, subs: Mapping, key: Any = None) -> GraphNode:
        """This node with some dependencies replaced.

        Parameters
        ----------
        subs : mapping
            Keys to what takes their place: another key, a reference or a node.
        key : key, optional
            The new node's key; default is this one's.
        """
        raise NotImplementedError

    @staticmethod
    def fuse(*tasks: GraphNode, key: Any = None) -> GraphNode:
        """Several nodes as one task, which runs them one after the other.

        Raises
        ------
        ValueError
            If they have no key, or if more than one of them is needed by none of the others.
        """
        if any(task.key is None for task in tasks):
            raise ValueError("fuse: every task needs a key")
        if len(tasks) == 1:
            return tasks[0].substitute({}, key=key)
        inner = {task.key: task for task in tasks}
        needed = frozenset().union(*(task.dependencies for task in tasks))
        last = inner.keys() - needed
        if len(last) != 1:
            raise ValueError(f"fuse: the tasks have multiple outputs: {sorted(map(repr, last))} are needed by none of the others")
        outside = tuple(sorted(needed - inner.keys(), key=repr))
        (result,) = last
        produces = any(task.data_producer for task in tasks)
        new_key = result if key is None else key
        return Task(new_key, run_inner_graph, inner, result, outside, *map(TaskRef, outside), _data_producer=produces)

    @classmethod
    def get_all_slots(cls) -> list[str]:
        """The names of all fields."""
        return sorted({slot for base in cls.__mro__ for slot in getattr(base, "__slots__", ())})

    def _check(self, values: Container) -> None:
        absent = [key for key in self.dependencies if key not in values]
        if absent:
            raise RuntimeError(f"{self.key!r} was called without some values that it needs: missing are {absent}")

    def __call__(self, values: Any = ()) -> Any:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _plait.tokenize(self) == _plait.tokenize(other)

    def __hash__(self) -> int:
        return hash((type(self), repr(self.key)))


class Alias(GraphNode):
    """Another name for a key's value.

    Parameters
    ----------
    key : key
        Of this node.
    target : key or reference, optional
        What it stands for; default is ``key``, as among the arguments of a task.
    """

    __slots__ = ("target",)

    def __init__(self, key: Any, target: Any = None):
        self.key = _key_of(key) if isinstance(key, TaskRef) else key
        self.target = self.key if target is None else _key_of(target)
        self._dependencies = frozenset((self.target,))

    def copy(self) -> Alias:
        return Alias(self.key, self.target)

    def substitute(self, subs: Mapping, key: Any = None) -> GraphNode:
        if self.key not in subs and self.target not in subs:
            return self if key is None or key == self.key else Alias(key, self.target)
        new_key = subs.get(self.key, self.key) if key is None else key
        target = subs.get(self.target, self.target)
        if isinstance(target, GraphNode):
            return target.substitute({}, key=key)
        if isinstance(new_key, GraphNode):
            raise RuntimeError(f"{self!r}: a node cannot take the place of its key")
        return Alias(new_key, target)

    def __call__(self, values: Any = ()) -> Any:
        self._check(values)
        return values[self.target]

    def __repr__(self) -> str:
        return f"Alias({self.key!r})" if self.key == self.target else f"Alias({self.key!r}->{self.target!r})"

    def __reduce__(self):
        return type(self), (self.key, self.target)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alias) and (self.key, self.target) == (other.key, other.target)

    def __hash__(self) -> int:
        return hash((Alias, self.key, self.target))

    def __dask_tokenize__(self):
        return ("Alias", self.key, self.target)


class DataNode(GraphNode):
    """A value, which is not looked into.

    Parameters
    ----------
    key : key or None
        Of this node.
    value : object
        What it holds.
    """

    __slots__ = ("typ", "value")

    def __init__(self, key: Any, value: Any):
        self.key = (type(value).__name__, next(_numbers)) if key is None else key
        self.value = value
        self.typ = type(value)
        self._dependencies = _NONE

    @property
    def data_producer(self) -> bool:
        return True

    def copy(self) -> DataNode:
        return DataNode(self.key, self.value)

    def substitute(self, subs: Mapping, key: Any = None) -> DataNode:
        return self if key is None or key == self.key else DataNode(key, self.value)

    def __call__(self, values: Any = ()) -> Any:
        return self.value

    def __iter__(self) -> Iterator:
        return iter(self.value)

    def __repr__(self) -> str:
        return f"DataNode({self.value!r})"

    def __reduce__(self):
        return type(self), (self.key, self.value)

    def __dask_tokenize__(self):
        return ("DataNode", self.value)


def _replaced(item: Any, subs: Mapping) -> Any:
    return item.substitute(subs) if isinstance(item, (GraphNode, TaskRef)) else item


def _needed_by(items: Iterable) -> frozenset:
    """The keys that arguments refer to."""
    needed: set = set()
    for item in items:
        if isinstance(item, TaskRef):
            needed.add(item.key)
        elif isinstance(item, GraphNode):
            needed |= item.dependencies
    return frozenset(needed) if needed else _NONE


class Task(GraphNode):
    """A function with its arguments.

    Parameters
    ----------
    key : key or None
        Of this node; None for a task among the arguments of another.
    func : callable
        What is called.
    *args, **kwargs : object
        Its arguments; `TaskRef`, `Alias` and other nodes among them are replaced by their values.

    Raises
    ------
    TypeError
        If ``func`` is a task itself.
    """

    __slots__ = ("_data_producer", "args", "func", "kwargs")

    def __init__(self, key: Any, func: Callable, /, *args: Any, _data_producer: bool = False, **kwargs: Any):
        if isinstance(func, Task):
            raise TypeError(f"Task: the function of {key!r} is a task; give that one as an argument")
        self.key = key
        self.func = func
        self.args = args
        self.kwargs = kwargs
        self._data_producer = _data_producer
        self._dependencies = _needed_by(itertools.chain(args, kwargs.values()))

    @property
    def data_producer(self) -> bool:
        return self._data_producer

    def copy(self) -> Task:
        return self._made_of(self.key, self.args, self.kwargs)

    def _made_of(self, key: Any, args: tuple, kwargs: dict) -> Task:
        """A task of the same kind with other arguments."""
        new = copy.copy(self)
        new.key, new.args, new.kwargs = key, args, kwargs
        new._dependencies = _needed_by(itertools.chain(args, kwargs.values()))
        return new

    def substitute(self, subs: Mapping, key: Any = None) -> Task:
        wanted = {each: subs[each] for each in self.dependencies if each in subs and subs[each] is not each}
        new_key = self.key if key is None else key
        if not wanted:
            return self if new_key is self.key or new_key == self.key else self._made_of(new_key, self.args, self.kwargs)
        args = tuple(_replaced(arg, wanted) for arg in self.args)
        return self._made_of(new_key, args, {name: _replaced(value, wanted) for name, value in self.kwargs.items()})

    def __call__(self, values: Any = ()) -> Any:
        self._check(values)

        def value_of(item: Any) -> Any:
            if isinstance(item, TaskRef):
                return values[item.key]
            if isinstance(item, GraphNode):
                return item({key: values[key] for key in item.dependencies})
            return item

        return self.func(*map(value_of, self.args), **{name: value_of(item) for name, item in self.kwargs.items()})

    def __repr__(self) -> str:
        arguments = ", ".join([*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())])
        shown = arguments if len(arguments) <= 60 else "..."
        return f"<{type(self).__name__} {self.key!r} {getattr(self.func, '__name__', self.func)}({shown})>"

    def __getstate__(self):
        return tuple(getattr(self, slot) for slot in self.get_all_slots())

    def __setstate__(self, state: tuple):
        for slot, value in zip(self.get_all_slots(), state, strict=True):
            setattr(self, slot, value)

    def __dask_tokenize__(self):
        return (type(self).__qualname__, self.func, self.key, self._data_producer, list(self.args), self.kwargs)


def run_inner_graph(inner: Mapping, result: Any, outside: tuple, *values: Any) -> Any:
    """Run the nodes that `GraphNode.fuse` has made one: the value of ``result``, given those of the keys ``outside``."""
    return execute_graph(dict(inner), cache=dict(zip(outside, values, strict=True)), keys={result})[result]


def execute_graph(dsk: Any, cache: MutableMapping | None = None, keys: Container | None = None) -> MutableMapping:
    """Run nodes one after the other, in this thread.

    Parameters
    ----------
    dsk : dict or collection of nodes
        What to run.
    cache : dict, optional
        Values that are there already; the results are added.
    keys : container, optional
        What is wanted; other values are dropped when they are used up.

    Returns
    -------
    dict
        Keys to values.
    """
    nodes = dict(dsk) if isinstance(dsk, Mapping) else {node.key: node for node in dsk}
    values: MutableMapping = {} if cache is None else cache
    uses: dict = {}
    for node in nodes.values():
        for key in node.dependencies:
            uses[key] = uses.get(key, 0) + 1
    ranks = _plait.order(nodes)
    for key in sorted(nodes, key=ranks.__getitem__):
        values[key] = nodes[key](values)
        for needed in nodes[key].dependencies:
            uses[needed] -= 1
            if uses[needed] == 0 and keys and needed not in keys:
                del values[needed]
    return values
