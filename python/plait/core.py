"""Raw graphs of tuples: what is a task, which keys it takes, walks over graphs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from . import _plait
from .task_spec import DataNode, DependenciesMapping, GraphNode, keys_in_tasks_listed

_NOTHING = object()


def ishashable(x: Any) -> bool:
    """Whether ``x`` can be hashed.

    Examples
    --------
    >>> plait.core.ishashable([1])
    False
    """
    try:
        hash(x)
    except TypeError:
        return False
    return True


def istask(x: Any) -> bool:
    """Whether ``x`` is something to run: a tuple whose first item is callable, or a task object.

    Examples
    --------
    >>> plait.core.istask((abs, -1)), plait.core.istask(-1)
    (True, False)
    """
    if isinstance(x, GraphNode):
        return not isinstance(x, DataNode)
    return type(x) is tuple and bool(x) and callable(x[0])


def iskey(key: object) -> bool:
    """Whether ``key`` can be a key: a text, a number or a tuple of such."""
    if type(key) is tuple:
        return all(iskey(item) for item in key)
    return type(key) in (int, float, str)


def validate_key(key: object) -> None:
    """Refuse what cannot be a key.

    Raises
    ------
    TypeError
        If ``key``, or something inside it, is no text, number or tuple.
    """
    if iskey(key):
        return
    if type(key) is tuple:
        index = next(i for i, item in enumerate(key) if not iskey(item))
        raise TypeError(f"the key {key!r} has an unexpected key type at index={index}: {type(key[index]).__name__}; tuples hold texts, numbers or tuples")
    raise TypeError(f"Unexpected key type {type(key).__name__}: {key!r}; keys are texts, numbers or tuples of these")


def preorder_traversal(task: Iterable) -> Iterator:
    """What a task is made of, from the outside in; ``list`` stands before the items of a list."""
    for item in task:
        if istask(item):
            yield from preorder_traversal(item)
        elif isinstance(item, list):
            yield list
            yield from preorder_traversal(item)
        else:
            yield item


def lists_to_tuples(res: Any, keys: Any) -> Any:
    """``res`` with tuples where ``keys`` has lists."""
    if isinstance(keys, list):
        return tuple(lists_to_tuples(item, key) for item, key in zip(res, keys, strict=False))
    return res


def get(dsk: Mapping, out: Any, cache: MutableMapping | None = None) -> Any:
    """The value of a key, or of lists of keys, computed in this thread.

    Parameters
    ----------
    dsk : dict
        A graph.
    out : key or list of keys
        What is wanted.
    cache : dict, optional
        Values that are there already.

    Raises
    ------
    KeyError
        If a wanted key is not in the graph.
    """
    known = {key: DataNode(key, value) for key, value in (cache or {}).items()}
    return _plait.get({**known, **dsk}, out, "sync")


def keys_in_tasks(keys: Collection, tasks: Iterable, as_list: bool = False) -> Any:
    """Those of ``keys`` that tasks take: a set, or a list that repeats them.

    Examples
    --------
    >>> plait.core.keys_in_tasks({"x", "y"}, [(sum, ["x", "z"])])
    {'x'}
    """
    found = keys_in_tasks_listed(keys, tasks)
    return found if as_list else set(found)


def get_dependencies(dsk: Mapping, key: Any = None, task: Any = _NOTHING, as_list: bool = False) -> Any:
    """The keys that one key's computation, or a task, takes.

    Parameters
    ----------
    dsk : dict
        A graph.
    key : key, optional
        Whose computation is looked at.
    task : object, optional
        What is looked at where no key is given.
    as_list : bool
        Whether to give a list, which repeats a key that is taken twice.

    Raises
    ------
    ValueError
        If neither is given.

    Examples
    --------
    >>> plait.core.get_dependencies({"x": 1, "y": (abs, "x")}, "y")
    {'x'}
    """
    if key is None and task is _NOTHING:
        raise ValueError("get_dependencies takes a key or a task, and was given neither")
    return keys_in_tasks(dsk, [dsk[key] if key is not None else task], as_list=as_list)  # type: ignore[arg-type]


def get_deps(dsk: Mapping) -> tuple[dict, dict]:
    """Two dicts of sets: what each key takes, and by which each is taken."""
    dependencies = {key: get_dependencies(dsk, task=task) for key, task in dsk.items()}
    return dependencies, reverse_dict(dependencies)


def flatten(seq: Any, container: Any = list) -> Iterator:
    """The items of nested lists, one after the other.

    Parameters
    ----------
    seq : iterable
        What is walked over; a text is one item.
    container : type or tuple of types
        What counts as nested.

    Examples
    --------
    >>> list(plait.core.flatten([[1, 2], [[3]]]))
    [1, 2, 3]
    """
    if isinstance(seq, str):
        yield seq
        return
    for item in seq:
        if isinstance(item, container):
            yield from flatten(item, container=container)
        else:
            yield item


def reverse_dict(d: Mapping) -> dict:
    """For every value in the collections of ``d`` the set of keys that hold it.

    Examples
    --------
    >>> plait.core.reverse_dict({"a": ["b"]})
    {'a': set(), 'b': {'a'}}
    """
    reversed_: dict = {}
    for key, values in d.items():
        reversed_.setdefault(key, set())
        for value in values:
            reversed_.setdefault(value, set()).add(key)
    return reversed_


def _is_same(item: Any, key: Any) -> bool:
    try:
        return type(item) is type(key) and bool(item == key)
    except Exception:
        return False  # such as an array, of which there are many answers


def subs(task: Any, key: Any, val: Any) -> Any:
    """A task with ``val`` in every place of ``key``.

    Examples
    --------
    >>> plait.core.subs((sum, ["x", "y"]), "x", 1)
    (<built-in function sum>, [1, 'y'])
    """
    if istask(task) and type(task) is tuple:
        return (task[0], *(subs(item, key, val) for item in task[1:]))
    if _is_same(task, key):
        return val
    return [subs(item, key, val) for item in task] if type(task) is list else task


def _walk(dsk: Mapping, keys: Iterable, dependencies: Mapping) -> tuple[list, list]:
    """The keys that ``keys`` need, each after all that it needs; and a cycle, if there is one."""
    done: dict = {}
    for root in keys:
        path: dict = {}  # keys that are open, with what of them is still to be walked
        waiting = [root]
        while waiting:
            key = waiting[-1]
            if key in done:
                waiting.pop()
                continue
            if key not in path:
                path[key] = iter(dependencies[key])
            for needed in path[key]:
                if needed in path:
                    cycle = list(path)
                    return list(done), [*cycle[cycle.index(needed) :], needed]
                if needed not in done:
                    waiting.append(needed)
                    break
            else:
                waiting.pop()
                del path[key]
                done[key] = None
    return list(done), []


def toposort(dsk: Mapping, dependencies: Mapping | None = None) -> list:
    """The keys, each after all that it needs.

    Raises
    ------
    RuntimeError
        If there is a cycle; the message names its keys.
    """
    ordered, cycle = _walk(dsk, dsk, DependenciesMapping(dsk) if dependencies is None else dependencies)
    if cycle:
        raise RuntimeError(f"Cycle detected in the graph: {'->'.join(map(str, cycle))}")
    return ordered


def getcycle(d: Mapping, keys: Any) -> list:
    """The keys of a cycle below a key or a list of keys, the first one again at the end; empty if there is none.

    Examples
    --------
    >>> plait.core.getcycle({"x": (abs, "y"), "y": (abs, "x")}, "x")
    ['x', 'y', 'x']
    """
    return _walk(d, keys if isinstance(keys, list) else [keys], DependenciesMapping(d))[1]


def isdag(d: Mapping, keys: Any) -> bool:
    """Whether there is no cycle below a key or a list of keys."""
    return not getcycle(d, keys)


class literal:
    """A value that a graph does not look into."""

    __slots__ = ("data",)

    def __init__(self, data: Any):
        self.data = data

    def __repr__(self) -> str:
        return f"literal<type={type(self.data).__name__}>"

    def __reduce__(self):
        return literal, (self.data,)

    def __call__(self) -> Any:
        return self.data

    def __dask_tokenize__(self):
        return ("literal", self.data)


def quote(x: Any) -> Any:
    """``x`` so that it stays what it is inside a graph.

    Examples
    --------
    >>> plait.core.quote((abs, -1))
    (literal<type=tuple>,)
    """
    return (literal(x),) if istask(x) or type(x) in (list, dict) else x


def reshapelist(shape: tuple, seq: Collection) -> list:
    """The items of a flat collection as nested lists.

    Examples
    --------
    >>> plait.core.reshapelist((2, 3), range(6))
    [[0, 1, 2], [3, 4, 5]]
    """
    if len(shape) == 1:
        return list(seq)
    items = list(seq)
    size = len(items) // shape[0] if shape[0] else 0
    return [reshapelist(shape[1:], items[i * size : (i + 1) * size]) for i in range(shape[0])]
