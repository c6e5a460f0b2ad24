"""Collections that wait for others, and collections that are computed anew.

All work on collections of Plait and of other libraries, on their graphs: what they give are collections of the same kinds.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Iterable
from typing import Any

from ._binding import chunks
from ._protocol import clone_key, get_collection_names, get_name_from_key, replace_name_in_key, unpack_collections
from .base import DaskMethodsMixin
from .core import flatten
from .highlevelgraph import HighLevelGraph, Layer
from .tokenize import tokenize

__all__ = ["bind", "checkpoint", "chunks", "clone", "wait_on"]


class Checkpoint(DaskMethodsMixin):
    """A value, None, that is there when the blocks of some collections are: what :func:`checkpoint` gives."""

    __slots__ = ("dask", "key")

    def __init__(self, key: str, dsk: HighLevelGraph):
        self.key = key
        self.dask = dsk

    def __dask_graph__(self) -> HighLevelGraph:
        return self.dask

    def __dask_keys__(self) -> list:
        return [self.key]

    def __dask_layers__(self) -> tuple:
        return (self.key,)

    def __dask_tokenize__(self):
        return ("Checkpoint", self.key)

    def __dask_postcompute__(self) -> tuple:
        return _nothing, ()

    def __dask_postpersist__(self) -> tuple:
        return _checkpoint_again, (self.key,)

    def __repr__(self) -> str:
        return f"<plait checkpoint: {self.key}>"


def _nothing(values: Any) -> None:
    return None


def _checkpoint_again(dsk: Any, key: str, rename: Any = None) -> Checkpoint:
    new = replace_name_in_key(key, rename or {})
    return Checkpoint(new, dsk if isinstance(dsk, HighLevelGraph) else HighLevelGraph.from_collections(new, dsk))


def checkpoint(*collections: Any, split_every: float | bool | None = None) -> Checkpoint:
    """A value, None, that is there when all blocks of the collections are: to wait for, or to make others wait with :func:`bind`.

    Parameters
    ----------
    *collections : object
        Collections, or containers that hold some.
    split_every : int or False, optional
        How many blocks a task of the tree that waits for them takes; False waits for all in one task. Default is 8.

    Raises
    ------
    ValueError
        If ``split_every`` is less than 2.

    Examples
    --------
    >>> plait.graph_manipulation.checkpoint(da.ones(4, chunks=2)).compute()
    """
    each = 8 if split_every is None else split_every
    if each is not False and int(each) < 2:
        raise ValueError(f"checkpoint: split_every is {split_every!r}, expected 2 or more, or False")
    found, _ = unpack_collections(*collections)
    keys = list(dict.fromkeys(key for one in found for key in flatten([one.__dask_keys__()])))
    name = f"checkpoint-{tokenize(keys, each)}"
    # A block is let go of as soon as its own task has seen it.
    layer: dict = {(name, i): (chunks.checkpoint, key) for i, key in enumerate(keys)}
    waiting = deque(layer)
    while each is not False and len(waiting) > each:
        part = [waiting.popleft() for _ in range(int(each))]
        waiting.append((name, len(layer)))
        layer[waiting[-1]] = (chunks.checkpoint, *part)
    layer[name] = (chunks.checkpoint, *waiting)
    return Checkpoint(name, HighLevelGraph.from_collections(name, layer, dependencies=found))


def wait_on(*collections: Any, split_every: float | bool | None = None) -> Any:
    """The same collections, whose blocks are given on only when all blocks of all of them are there.

    Parameters
    ----------
    *collections : object
        Collections, or containers that hold some.
    split_every : optional
        As for :func:`checkpoint`.

    Examples
    --------
    >>> u, v = plait.graph_manipulation.wait_on(da.ones(4, chunks=2), da.zeros(2))
    >>> (u[0] + v[0]).compute()
    np.float64(1.0)
    """
    blocker = checkpoint(*collections, split_every=split_every)
    found, repack = unpack_collections(*collections)
    waiting = repack([_waiting_for(one, blocker) for one in found])
    return waiting[0] if len(collections) == 1 else waiting


def _waiting_for(collection: Any, blocker: Checkpoint) -> Any:
    graphs, rename = [], {}
    keys = list(flatten([collection.__dask_keys__()]))
    for name in sorted(get_collection_names(collection)):
        rename[name] = f"wait_on-{tokenize(name, blocker)}"
        own = [key for key in keys if get_name_from_key(key) == name]
        layer = {replace_name_in_key(key, rename): (chunks.bind, key, blocker.key) for key in own}
        graphs.append(HighLevelGraph.from_collections(rename[name], layer, dependencies=[collection, blocker]))
    rebuild, args = collection.__dask_postpersist__()
    return rebuild(HighLevelGraph.merge(*graphs), *args, rename=rename)


def bind(children: Any, parents: Any, *, omit: Any = None, seed: Any = None, assume_layers: bool = True, split_every: float | bool | None = None) -> Any:
    """Copies of collections, whose work begins only when other ones are there.

    Parameters
    ----------
    children : collection, or containers of such
        What is copied: all that it is made of is computed anew, apart from what is shared with ``omit``.
    parents : collection, or containers of such
        What has to be computed before.
    omit : collection, or containers of such, optional
        What is not copied.
    seed : object, optional
        What the copies' keys are made of; default is another for every call.
    assume_layers : bool
        Whether what is shared with ``omit`` is told by the layers of the graphs, rather than key by key.
    split_every : optional
        As for :func:`checkpoint`.

    Returns
    -------
    object
        As ``children``.

    Examples
    --------
    >>> first = da.ones(4, chunks=2)
    >>> plait.graph_manipulation.bind(da.arange(3), first).compute()
    array([0, 1, 2])
    """
    blocker = None if parents is None else checkpoint(parents, split_every=split_every)
    omitted, _ = unpack_collections(omit)
    found, repack = unpack_collections(children)
    kept = {key for one in omitted for key in _keys_below(one, assume_layers)}
    seed = uuid.uuid4().hex if seed is None else seed
    return repack([_bound(one, blocker, kept, seed) for one in found])[0]


def _keys_below(collection: Any, assume_layers: bool) -> Iterable:
    graph = collection.__dask_graph__()
    if not (assume_layers and hasattr(graph, "layers")):
        return graph
    tops = collection.__dask_layers__() if hasattr(collection, "__dask_layers__") else get_collection_names(collection)
    return [key for key in graph.cull_layers(tops)]


def _bound(collection: Any, blocker: Checkpoint | None, kept: set, seed: Any) -> Any:
    names = get_collection_names(collection)
    if not names:
        return collection
    graph = collection.__dask_graph__()
    if not hasattr(graph, "layers"):
        graph = HighLevelGraph({"-".join(sorted(names)): graph}, {"-".join(sorted(names)): set()})
    cloned = graph.get_all_external_keys() - kept
    layers: dict = {}
    needs: dict = {}
    renamed = {name: name if set(layer) <= kept else clone_key(name, seed) for name, layer in graph.layers.items()}
    for name, layer in graph.layers.items():
        new = renamed[name]
        needs[new] = {renamed[each] for each in graph.dependencies[name]}
        if new == name:
            layers[name] = layer
            continue
        # Layers of other libraries name keys in their own way.
        clone_layer = type(layer).clone if isinstance(layer, Layer) else Layer.clone
        layers[new], is_bound = clone_layer(layer, keys=cloned, seed=seed, bind_to=None if blocker is None else blocker.key)
        if is_bound and blocker is not None:
            needs[new].add(blocker.key)
    new_graph = HighLevelGraph(layers, needs)
    if blocker is not None:
        new_graph = HighLevelGraph.merge(new_graph, blocker.dask)
    rebuild, args = collection.__dask_postpersist__()
    return rebuild(new_graph, *args, rename={name: clone_key(name, seed) for name in names if renamed.get(name) != name})


def clone(*collections: Any, omit: Any = None, seed: Any = None, assume_layers: bool = True) -> Any:
    """Copies of collections, which share no work with them.

    Parameters
    ----------
    *collections : object
        Collections, or containers that hold some.
    omit, seed, assume_layers : optional
        As for :func:`bind`.

    Examples
    --------
    >>> x = da.ones(4, chunks=2)
    >>> bool((plait.graph_manipulation.clone(x) == x).all().compute())
    True
    """
    copies = bind(collections, None, omit=omit, seed=seed, assume_layers=assume_layers)
    return copies[0] if len(collections) == 1 else copies
