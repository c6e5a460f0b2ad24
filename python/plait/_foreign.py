"""Collections of other libraries: their graphs run on the engine, in one run with Plait's collections that are computed with them.

All of a run becomes one raw graph. The tasks of Plait's collections are in it as `__dask_graph__` shows them, under keys that are
made of their content; so what an object of another library took from a collection, and the collection itself, is one work.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from . import _plait
from ._key_names import derived_name
from ._protocol import get_name_from_key, is_plait_collection, optimization_function, replace_name_in_key, unpack_collections
from ._schedulers import chosen, presented, resolved
from .core import flatten
from .graph import as_dict
from .graph import get as graph_get
from .highlevelgraph import HighLevelGraph, MaterializedLayer

# Dask's own `get` functions, which collections name as the scheduler that they are made for.
_DASKS = {
    ("dask.threaded", "get"): "threads",
    ("dask.multiprocessing", "get"): "processes",
    ("dask.local", "get_sync"): "sync",
}

# Our own, by the engine's names; they bring much of the standard library along, and most programs need none.
_GETS = {"sync": ("plait.local", "get_sync"), "threads": ("plait.threaded", "get"), "processes": ("plait.multiprocessing", "get")}


def keys_of(collection: Any) -> list:
    """The keys of a collection's blocks, one after the other."""
    keys = collection.__dask_keys__()
    return list(flatten(keys)) if isinstance(keys, list) else [keys]


def merged_graph(collections: Iterable, optimize_graph: bool = True, **kwargs: Any) -> dict:
    """The graphs of collections as one dict; those that are optimized by one function are optimized together."""
    groups: dict = {}
    for collection in collections:
        groups.setdefault(optimization_function(collection), []).append(collection)
    merged: dict = {}
    for optimize, group in groups.items():
        graphs = [each.__dask_graph__() for each in group]
        keys = [each.__dask_keys__() for each in group]
        if not optimize_graph:
            graph: Any = HighLevelGraph.merge(*graphs) if len(graphs) > 1 else graphs[0]
        elif len(group) == 1:
            graph = optimize(graphs[0], keys[0], **kwargs)
        elif all(hasattr(each, "layers") for each in graphs):
            graph = optimize(type(graphs[0]).merge(*graphs), keys, **kwargs)
        else:
            graph = optimize({key: task for each in graphs for key, task in as_dict(each).items()}, keys, **kwargs)
        merged.update(as_dict(graph))
    return merged


def default_scheduler(collections: Iterable) -> Any:
    """The scheduler that collections are made for; None if they do not say.

    Raises
    ------
    ValueError
        If they name different ones.
    """
    named = [getattr(each, "__dask_scheduler__", None) for each in collections]
    named = [_DASKS.get((getattr(get, "__module__", ""), getattr(get, "__name__", "")), get) for get in named if get is not None]
    if any(each != named[0] for each in named):
        raise ValueError("the collections are made for different schedulers; say which with scheduler=")
    return named[0] if named else None


def run(collections: list, exprs: list, scheduler: Any, num_workers: Any, optimize_graph: bool, kwargs: dict) -> tuple[list, list]:
    """Compute collections of other libraries and nodes of Plait's plans together.

    Returns
    -------
    list, list
        For each collection the values of its keys; and the nodes with their blocks in memory.
    """
    graph = merged_graph(collections, optimize_graph)
    if exprs:
        graph.update(_plait.task_graph(exprs, optimize_graph))
    wanted = [keys_of(each) for each in collections] + [_plait.block_keys([expr]) for expr in exprs]
    said = chosen(scheduler)
    runner = resolved(default_scheduler(collections) if said is None else said, kwargs)
    values: Any = _plait.get(graph, wanted, runner, num_workers or 0, kwargs if callable(runner) else {}, True)
    theirs = [[value.to_python() for value in each] for each in values[: len(collections)]]
    return theirs, _plait.kept(exprs, list(values[len(collections) :])) if exprs else []


def nested_as(keys: Any, values: Iterable) -> Any:
    """Values in the nested lists in which keys stand."""
    following = iter(values)

    def placed(item: Any) -> Any:
        return [placed(each) for each in item] if isinstance(item, list) else next(following)

    return placed(keys)


def computed(collection: Any, values: list) -> Any:
    """A collection's result, of the values of its keys."""
    finish, args = collection.__dask_postcompute__()
    return finish(nested_as(collection.__dask_keys__(), values), *args)


def persisted(collection: Any, values: list) -> Any:
    """A collection of the same kind whose blocks are there."""
    rebuild, args = collection.__dask_postpersist__()
    return rebuild(dict(zip(keys_of(collection), values, strict=True)), *args)


def optimized(*args: Any, traverse: bool = True, **kwargs: Any) -> tuple:
    """The arguments with the collections of other libraries in them on one optimized graph; those of Plait as they are, whose
    plans are optimized together when they are computed."""
    collections, repack = unpack_collections(*args, traverse=traverse)
    theirs = [each for each in collections if not is_plait_collection(each)]
    graph = merged_graph(theirs, **kwargs)
    done = []
    for each in collections:
        if is_plait_collection(each):
            done.append(each)
        else:
            rebuild, rest = each.__dask_postpersist__()
            done.append(rebuild(graph, *rest))
    return repack(done)


def exprs_of(collections: Iterable) -> list:
    """The tasks that make the blocks of collections of other libraries, as nodes of a plan: to be drawn and explained."""
    collections = list(collections)
    graph = merged_graph(collections, optimize_graph=False)
    return _plait.raw_exprs(graph, [key for each in collections for key in keys_of(each)]) if collections else []


def collections_to_dsk(collections: Iterable, optimize_graph: bool = True, **kwargs: Any) -> dict:
    """The graphs of collections, ours among them, as one dict."""
    return merged_graph(collections, optimize_graph, **kwargs)


def get_scheduler(get: Any = None, scheduler: Any = None, collections: Any = None, cls: Any = None) -> Any:
    """The function ``get(dsk, keys, **kwargs)`` that runs graphs where ``scheduler=``, the setting, or the collections say.

    Raises
    ------
    TypeError
        If ``get`` is given, or ``scheduler`` is none.
    ValueError
        If the collections are made for different schedulers.
    """
    if get is not None:
        raise TypeError("get= is gone; give the function as scheduler=")
    if callable(scheduler):
        return scheduler
    made_for = [each for each in (collections or ([] if cls is None else [cls])) if each is not None]
    said = chosen(scheduler)
    runner = default_scheduler(made_for) if said is None else said
    if runner is None:
        return None
    if isinstance(runner, str) and runner in _GETS:
        module, name = _GETS[runner]
        return getattr(importlib.import_module(module), name)
    return runner if callable(runner) else partial(graph_get, scheduler=runner)


def compute_as_if_collection(cls: Any, dsk: Any, keys: Any, scheduler: Any = None, get: Any = None, **kwargs: Any) -> Any:
    """Run a graph as one of a collection of that class: with its optimization, on its scheduler."""
    run_graph = get_scheduler(scheduler=scheduler, cls=cls, get=get)
    return run_graph(optimization_function(cls)(dsk, keys, **kwargs), keys, **kwargs)


# --- Plait's collections, as other libraries see them ---


def graph_of(collection: Any) -> HighLevelGraph:
    """The tasks that compute a collection of Plait, layer by layer."""
    exprs = collection.__plait_exprs__()
    tasks = _plait.task_graph(exprs)
    shown = collection.__plait_shown__() if hasattr(collection, "__plait_shown__") else presented
    keys, blocks = keys_of(collection), _plait.block_keys(exprs)
    for number, key in enumerate(keys):
        if key != blocks[number]:  # under a name of its own
            tasks[key] = (shown, *blocks[number :: len(keys)])
    return layered(tasks)


def layered(tasks: dict) -> HighLevelGraph:
    """Tasks of Plait, key -> (task, *keys), layer by layer."""
    layers: dict = {}
    for key, task in tasks.items():
        layers.setdefault(key[0] if isinstance(key, tuple) else key, {})[key] = task
    needs = {name: {_name_of(key) for task in layer.values() for key in task[1:]} - {name} for name, layer in layers.items()}
    # What is said of operations that are made now is not said of these, which are there already.
    return HighLevelGraph({name: MaterializedLayer(layer, annotations={}) for name, layer in layers.items()}, needs)


def _name_of(key: Any) -> str:
    return key[0] if isinstance(key, tuple) else key


def rebuild(dsk: Mapping, like: Any, rename: Mapping[str, str] | None = None) -> Any:
    """A collection of Plait like another one, whose blocks a graph makes."""
    graph = as_dict(dsk)
    keys = [replace_name_in_key(key, rename or {}) for key in keys_of(like)]
    if hasattr(like, "__plait_held__"):
        return _rebuilt_of_shown(graph, keys, like)
    exprs = []
    for expr in like.__plait_exprs__():
        own, keys = keys[: expr.num_blocks], keys[expr.num_blocks :]
        exprs.append(_plait.rebuilt(expr, graph, get_name_from_key(own[0]) if own else expr.name, own))
    return like.__plait_postpersist__()(exprs)


def _rebuilt_of_shown(graph: dict, keys: list, like: Any) -> Any:
    """The same of a collection whose blocks are shown otherwise than the engine holds them."""
    name, hold = get_name_from_key(keys[0]), like.__plait_held__()
    exprs = []
    for number, expr in enumerate(like.__plait_exprs__()):
        part = derived_name(name, number)
        held = {(part, *key[1:]): (_part_of, hold, number, key) for key in keys}
        exprs.append(_plait.rebuilt(expr, graph | held, part, list(held)))
    return like.__plait_postpersist__()(exprs)._with_name(name)


def _part_of(hold: Any, number: int, block: Any) -> Any:
    return hold(block)[number]


def finalize(results: Any, like: Any) -> Any:
    """The result of a collection of Plait, of the values of its keys."""
    values = list(flatten([results], (list, tuple)))
    if hasattr(like, "__plait_held__"):
        hold = like.__plait_held__()
        values = [part for parts in zip(*map(hold, values), strict=True) for part in parts]
    kept = []
    for expr in like.__plait_exprs__():
        kept.append(_plait.kept([expr], [values[: expr.num_blocks]])[0])
        del values[: expr.num_blocks]
    return like.__plait_postcompute__()(_plait.compute(kept, "sync", 0, False, {}))
