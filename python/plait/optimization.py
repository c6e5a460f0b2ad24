"""Raw graphs made smaller: keys that nobody wants, chains and small trees of tasks, values that are cheap to make again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import config
from ._key_names import default_fused_keys_renamer, default_fused_linear_keys_renamer
from .core import flatten, get_dependencies, ishashable, istask, reverse_dict, subs, toposort
from .graph import get
from .task_spec import DataNode, GraphNode
from .tokenize import tokenize

_default: Any = type("_Default", (), {"__repr__": lambda self: "<default>"})()


def _key_set(keys: Any) -> set:
    if keys is None:
        return set()
    return keys if isinstance(keys, set) else set(flatten(keys if isinstance(keys, list) else [keys]))


def cull(dsk: Mapping, keys: Any) -> tuple[dict, dict]:
    """The part of a graph that some keys need.

    Parameters
    ----------
    dsk : dict
        A graph.
    keys : key or list of keys
        What is wanted; lists may be nested.

    Returns
    -------
    dict, dict
        The part; and for each of its keys the list of those that it takes.

    Examples
    --------
    >>> plait.optimization.cull({"x": 1, "y": (abs, "x"), "z": 2}, "y")
    ({'y': (<built-in function abs>, 'x'), 'x': 1}, {'y': ['x'], 'x': []})
    """
    needs: dict = {}
    waiting = list(_key_set(keys))
    while waiting:
        key = waiting.pop()
        if key not in needs:
            needs[key] = get_dependencies(dsk, key, as_list=True)
            waiting.extend(needs[key])
    return {key: dsk[key] for key in needs}, needs


def _renamer(rename_keys: Any, standard: Callable) -> Callable | None:
    if rename_keys is True:
        return standard
    if rename_keys is False:
        return None
    if not callable(rename_keys):
        raise TypeError(f"rename_keys is True, False or a function of the fused keys; found {rename_keys!r}")
    return rename_keys


def fuse_linear(dsk: Mapping, keys: Any = None, dependencies: Mapping | None = None, rename_keys: Any = True) -> tuple[dict, dict]:
    """The graph with each chain of tasks, every one needed by the next alone, as one task.

    Parameters
    ----------
    dsk : dict
        A graph of tuples.
    keys : key or list of keys, optional
        What is not to be fused into others.
    dependencies : dict, optional
        For every key the list of those that it takes, as :func:`cull` gives it.
    rename_keys : bool or callable, optional
        Whether a fused task stands under a key that tells of all in it, with the old key as an alias; or the function that
        makes the key of those from the last to the first.

    Returns
    -------
    dict, dict
        The graph; and for each of its keys the set of those that it takes.
    """
    renamer = _renamer(rename_keys, default_fused_linear_keys_renamer)
    from_last = None if renamer is None else lambda fused: renamer(fused[::-1])
    fused, needs = _fused(dsk, keys, dependencies, from_last, _Limits(1, 0, math.inf, math.inf))
    kept = None if keys is None else _key_set(keys)
    for old in [key for key in dsk if key in fused and ishashable(fused[key]) and fused[key] in fused and fused[key] not in dsk]:
        new = fused[old]
        for user in [key for key in fused if old in needs[key]]:
            fused[user] = subs(fused[user], old, new)
            needs[user] = (needs[user] - {old}) | {new}
        if kept is not None and old not in kept:
            del fused[old], needs[old]
    return fused, needs


def fuse(
    dsk: Mapping,
    keys: Any = None,
    dependencies: Mapping | None = None,
    ave_width: Any = _default,
    max_width: Any = _default,
    max_height: Any = _default,
    max_depth_new_edges: Any = _default,
    rename_keys: Any = _default,
) -> tuple[Any, Any]:
    """The graph with chains and small trees of tasks, each needed by one other alone, as single tasks.

    Parameters
    ----------
    dsk : dict
        A graph; task objects in it stay as they are.
    keys : key or list of keys, optional
        What is to stay in the graph.
    dependencies : dict, optional
        For every key the list of those that it takes, as :func:`cull` gives it.
    ave_width : float, optional
        A tree is fused while its tasks are at most this many a level: 1 fuses chains only. Default is the setting
        ``optimization.fuse.ave-width``, or 1.
    max_width : float, optional
        The most leaves of a tree; default is the setting ``optimization.fuse.max-width``, or ``1.5 + ave_width * log(ave_width +
        1)``.
    max_height : float, optional
        The most levels of a tree; default is the setting ``optimization.fuse.max-height``, or no limit.
    max_depth_new_edges : float, optional
        From how many levels on a task that takes further keys is not fused; default is the setting
        ``optimization.fuse.max-depth-new-edges``, or ``ave_width * 1.5``.
    rename_keys : bool or callable, optional
        As for :func:`fuse_linear`; the function gets the keys with the last task's at the end. Default is the setting
        ``optimization.fuse.rename-keys``, or True.

    Returns
    -------
    dict, dict
        The graph; and for each of its keys the set of those that it takes.

    Raises
    ------
    TypeError
        If ``rename_keys`` is neither.

    Examples
    --------
    >>> dsk, _ = plait.optimization.fuse({"a": 1, "b": (abs, "a"), "c": (abs, "b")}, rename_keys=False)
    >>> dsk
    {'c': (<built-in function abs>, (<built-in function abs>, 1))}
    """

    def setting(given: Any, name: str, standard: Any) -> Any:
        value = config.get(f"optimization.fuse.{name}", None) if given is _default else given
        return standard if value is None else value

    if config.get("optimization.fuse.active", None) is False:
        return dsk, dependencies
    width = setting(ave_width, "ave-width", 1)
    height = setting(max_height, "max-height", math.inf)
    limits = _Limits(
        width, setting(max_width, "max-width", 1.5 + width * math.log(width + 1)), height, setting(max_depth_new_edges, "max-depth-new-edges", width * 1.5)
    )
    if not width or not height:
        return dsk, dependencies
    return _fused(dsk, keys, dependencies, _renamer(setting(rename_keys, "rename-keys", True), default_fused_keys_renamer), limits)


class _Limits:
    def __init__(self, ave_width: float, max_width: float, max_height: float, max_depth_new_edges: float):
        self.ave_width, self.max_width = ave_width, max_width
        self.max_height, self.max_depth_new_edges = max_height, max_depth_new_edges


class _Tree:
    """What stands under a key while trees are made: its task, those that were fused into it, and what they take."""

    def __init__(self, key: Any, task: Any, needs: set):
        self.task, self.keys, self.needs = task, [key], needs
        # How large it is: levels, leaves, tasks, and more tasks that stand for work that could go on side by side. ``edges`` is
        # what it takes, or would take if its inputs had been fused into it.
        self.height, self.width, self.num_tasks, self.num_extra, self.edges = 1, 1, 1, 0, needs


def _fused(dsk: Mapping, keys: Any, dependencies: Mapping | None, renamer: Callable | None, limits: _Limits) -> tuple[dict, dict]:
    kept = _key_set(keys)
    given = dependencies or {}
    lists = {key: given[key] if isinstance(given.get(key), list) else get_dependencies(dsk, key, as_list=True) for key in dsk}
    num_uses: dict = {}
    for needed in lists.values():
        for key in needed:
            num_uses[key] = num_uses.get(key, 0) + 1
    needs = {key: set(needed) for key, needed in lists.items()}

    def may_go_into(child: Any, parent: Any) -> bool:
        """Whether the child's task may stand in place of its key."""
        if child not in dsk or child in kept or num_uses[child] != 1:
            return False
        return isinstance(dsk[child], (tuple, str, int, float)) and not isinstance(dsk[parent], GraphNode)

    trees: dict = {}
    for key in toposort(dsk, dependencies={key: [each for each in needed if each in dsk] for key, needed in needs.items()}):
        tree = _Tree(key, dsk[key], needs[key])
        children = {each: trees[each] for each in lists[key] if may_go_into(each, key)}
        if children and _take_in(tree, children, limits):
            for child in children:
                del trees[child]
        trees[key] = tree
    new = {key: tree.task for key, tree in trees.items()}
    new_needs = {key: tree.needs for key, tree in trees.items()}
    if renamer is not None:
        for key, tree in trees.items():
            alias = renamer(tree.keys) if len(tree.keys) > 1 else None
            if alias is not None and alias not in new and alias not in dsk:
                new[alias], new[key] = tree.task, alias
                new_needs[alias], new_needs[key] = tree.needs, {alias}
    return new, new_needs


def _take_in(tree: _Tree, children: dict, limits: _Limits) -> bool:
    """Put the tasks of children into a tree; whether that has not been too wide, too high, or has not taken too much."""
    below = list(children.values())
    edges = set().union(*(child.edges for child in below))
    takes_more = not (tree.needs - children.keys()) <= edges
    height, width = max(child.height for child in below), sum(child.width for child in below)
    num_tasks, num_extra = sum(child.num_tasks for child in below), sum(child.num_extra for child in below)
    if len(below) > 1:
        num_extra += min(len(below) - 1, max(0, len(edges) - max(len(child.edges) for child in below)))
    if num_extra > len(edges) - 1 >= 0:
        num_extra = len(edges) - 1
    num_extra += takes_more
    fits = (num_tasks + num_extra) / height <= limits.ave_width and not (takes_more and height >= limits.max_depth_new_edges)
    if len(below) > 1:
        num_leaves = sum(child.height == 1 for child in below)
        fits = fits and num_leaves <= limits.ave_width and width <= limits.max_width and height <= limits.max_height
    tree.edges = (tree.needs - children.keys()) | edges
    tree.width = width if len(below) == 1 else min(width, limits.max_width)
    if not fits:
        tree.num_extra = min(num_extra, int(limits.ave_width - 1))
        return False
    is_chain = len(below) == 1 and not takes_more
    tree.height, tree.num_tasks, tree.num_extra = height + (not is_chain), num_tasks + (not is_chain), num_extra
    tree.keys = [key for child in below for key in child.keys] + tree.keys
    tree.needs = (tree.needs - children.keys()).union(*(child.needs for child in below))
    for key, child in children.items():
        tree.task = subs(tree.task, key, child.task)
    return True


def inline(dsk: Mapping, keys: Any = None, inline_constants: bool = True, dependencies: Mapping | None = None) -> dict:
    """The graph with the computations of some keys in place of these.

    Parameters
    ----------
    dsk : dict
        A graph of tuples.
    keys : key or collection of keys, optional
        What goes into the tasks that take it.
    inline_constants : bool
        Whether values, and other names of keys, go, too. They stay in the graph all the same; see :func:`cull`.
    dependencies : dict, optional
        For every key those that it takes.

    Examples
    --------
    >>> plait.optimization.inline({"x": 1, "y": (abs, "x")})
    {'x': 1, 'y': (<built-in function abs>, 1)}
    """
    going = set(_key_set(list(keys) if isinstance(keys, (tuple, frozenset)) else keys))
    needs = {key: get_dependencies(dsk, key) if dependencies is None else set(dependencies[key]) for key in dsk}
    if inline_constants:
        going |= {key for key, task in dsk.items() if (ishashable(task) and task in dsk) or (not needs[key] and not istask(task))}
    inlined: dict = {}
    for key in toposort({key: dsk[key] for key in going if key in dsk}, dependencies={key: needs[key] & going for key in going}):
        inlined[key] = _with_inlined(dsk[key], needs[key] & going, inlined)
    return {key: inlined[key] if key in inlined else _with_inlined(task, needs[key] & going, inlined) for key, task in dsk.items()}


def _with_inlined(task: Any, keys: Iterable, inlined: Mapping) -> Any:
    for key in keys:
        task = subs(task, key, inlined[key])
    return task


def inline_functions(
    dsk: Mapping, output: Iterable, fast_functions: Iterable | None = None, inline_constants: bool = False, dependencies: Mapping | None = None
) -> Any:
    """The graph with the tasks that call only fast functions inside those that take them.

    Parameters
    ----------
    dsk : dict
        A graph.
    output : iterable of keys
        What is to stay.
    fast_functions : iterable of callables, optional
        Functions that are cheap to call again.
    inline_constants, dependencies : optional
        As for :func:`inline`.
    """
    if not fast_functions:
        return dsk
    fast, wanted = set(fast_functions), set(output)
    needs = {key: get_dependencies(dsk, key) for key in dsk} if dependencies is None else dependencies
    users = reverse_dict(needs)

    def is_fast(key: Any, task: Any) -> bool:
        if isinstance(task, GraphNode) or not istask(task) or key in wanted or not users[key]:
            return False
        try:
            is_known = functions_of(task) <= fast
        except TypeError:  # a function that cannot be hashed is none of the fast ones
            return False
        return is_known and not any(isinstance(dsk[user], GraphNode) for user in users[key])

    going = {key for key, task in dsk.items() if is_fast(key, task)}
    if not going:
        return dsk
    inlined = inline(dsk, going, inline_constants=inline_constants, dependencies=needs)
    return {key: task for key, task in inlined.items() if key not in going}


def unwrap_partial(func: Any) -> Any:
    """The function inside partial ones."""
    while hasattr(func, "func"):
        func = func.func
    return func


def functions_of(task: Any) -> Any:
    """The set of functions that a task of nested tuples calls.

    Examples
    --------
    >>> plait.optimization.functions_of((abs, [(abs, 1)]))
    {<built-in function abs>}
    """
    functions = set()
    waiting = [task]
    while waiting:
        item = waiting.pop()
        if type(item) in (list, tuple):
            if istask(item):
                functions.add(unwrap_partial(item[0]))
                waiting.extend(item[1:])
            else:
                waiting.extend(item)
    return functions


class SubgraphCallable:
    """A graph as a function of some of its keys.

    Parameters
    ----------
    dsk : dict
        A graph.
    outkey : key
        Whose value is the result.
    inkeys : list of keys
        The arguments, in their order.
    name : str, optional
        Default is made of the graph.

    Examples
    --------
    >>> add = plait.optimization.SubgraphCallable({"sum": (max, "x", "y")}, "sum", ["x", "y"])
    >>> add(1, 2)
    2
    """

    __slots__ = ("dsk", "inkeys", "name", "outkey")

    def __init__(self, dsk: Mapping, outkey: Any, inkeys: Iterable, name: str | None = None):
        self.dsk = dsk
        self.outkey = outkey
        self.inkeys = tuple(inkeys)
        self.name = name or f"subgraph_callable-{tokenize(dsk, outkey, self.inkeys)}"

    def __call__(self, *args: Any) -> Any:
        if len(args) != len(self.inkeys):
            raise ValueError(f"{self.name} takes {len(self.inkeys)} arguments, and was given {len(args)}")
        values = {key: DataNode(key, value) for key, value in zip(self.inkeys, args, strict=True)}
        return get({**self.dsk, **values}, self.outkey)

    def __repr__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and (self.name, self.outkey, set(self.inkeys)) == (other.name, other.outkey, set(other.inkeys))

    def __hash__(self) -> int:
        return hash((self.outkey, frozenset(self.inkeys), self.name))

    def __reduce__(self):
        return type(self), (self.dsk, self.outkey, self.inkeys, self.name)

    def __dask_tokenize__(self):
        return ("SubgraphCallable", self.name)
