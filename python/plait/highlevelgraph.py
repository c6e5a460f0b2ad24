"""Graphs made of layers: the tasks of one operation each, with the layers that they build on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from . import _annotations
from ._binding import chunks
from ._protocol import clone_key, get_collection_names, is_dask_collection
from .core import flatten, istask, keys_in_tasks, reverse_dict
from .task_spec import GraphNode, Task, TaskRef


def compute_layer_dependencies(layers: Mapping[str, Mapping]) -> dict[str, set[str]]:
    """For every layer the names of those whose keys it takes."""
    layer_of = {key: name for name, layer in layers.items() for key in layer}
    return {name: {layer_of[key] for key in keys_in_tasks(layer_of.keys() - layer.keys(), layer.values())} for name, layer in layers.items()}


class Layer(Mapping):
    """The tasks of one operation: a mapping of keys to tasks.

    Parameters
    ----------
    annotations : mapping, optional
        What is said of its tasks; default are those that are in force, see `plait.annotate`.
    collection_annotations : mapping, optional
        What is said of the collection that it makes, for pictures.
    """

    annotations: Mapping[str, Any] | None
    collection_annotations: Mapping[str, Any] | None

    def __init__(self, annotations: Mapping | None = None, collection_annotations: Mapping | None = None):
        self.annotations = (_annotations.get_annotations() if annotations is None else dict(annotations)) or None
        self.collection_annotations = collection_annotations

    @property
    def has_legacy_tasks(self) -> bool:
        """Whether some tasks are tuples rather than objects."""
        return any(not isinstance(task, GraphNode) for task in self.values())

    def is_materialized(self) -> bool:
        """Whether its tasks are there already."""
        return True

    def get_output_keys(self) -> Collection:
        """The keys that other layers may take."""
        return self.keys()

    def get_dependencies(self, key: Any, all_hlg_keys: Collection) -> set:
        """Those of all keys of the graph that one key's task takes."""
        return keys_in_tasks(all_hlg_keys, [self[key]])

    def cull(self, keys: Iterable, all_hlg_keys: Collection) -> tuple[Layer, dict]:
        """The layer with what some keys need; and for each of its keys what it takes, from any layer.

        Parameters
        ----------
        keys : iterable
            What is wanted; keys of other layers do not matter.
        all_hlg_keys : collection
            All keys of the graph.
        """
        needs: dict = {}
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key in self and key not in needs:
                needs[key] = self.get_dependencies(key, all_hlg_keys)
                waiting.extend(needs[key])
        kept = self if len(needs) == len(self) else MaterializedLayer({key: self[key] for key in needs}, annotations=self.annotations or {})
        return kept, needs

    def clone(self, keys: Collection, seed: Any, bind_to: Any = None) -> tuple[Layer, bool]:
        """The layer with other keys.

        Parameters
        ----------
        keys : collection
            Which keys are replaced, of this layer and of others that it takes.
        seed : object
            What new keys are made of; see `plait.base.clone_key`.
        bind_to : key, optional
            What has to be there before a task starts that takes none of ``keys``.

        Returns
        -------
        Layer, bool
            And whether a task was bound.
        """
        tasks: dict = {}
        is_bound = False
        for key, task in self.items():
            takes = keys_in_tasks(keys, [task])
            new_key = clone_key(key, seed) if key in keys else key
            new_task = _with_new_keys(task, {each: clone_key(each, seed) for each in takes}, new_key) if takes or new_key != key else task
            if bind_to is not None and not takes and key in keys:
                new_task = _bound(new_task, new_key, bind_to)
                is_bound = True
            tasks[new_key] = new_task
        return MaterializedLayer(tasks, annotations=getattr(self, "annotations", None) or {}), is_bound

    def __copy__(self) -> Layer:
        new = type(self).__new__(type(self))
        new.__dict__.update(self.__dict__)
        return new

    def layer_info_dict(self) -> dict[str, str]:
        """What a notebook shows of it."""
        info = {"layer_type": type(self).__name__, "is_materialized": str(self.is_materialized()), "number of outputs": str(len(self))}
        return {**info, **{name: str(value) for name, value in (self.annotations or {}).items()}}


def _bound(task: Any, key: Any, bind_to: Any) -> Any:
    """A task that begins only when another value is there."""
    if isinstance(task, GraphNode):
        return Task(key, chunks.bind, task, TaskRef(bind_to))
    return (chunks.bind, task, bind_to)


def _with_new_keys(task: Any, new: Mapping, key: Any) -> Any:
    """A task, old or new, that takes other keys."""
    if isinstance(task, GraphNode):
        return task.substitute(new, key=key)
    if hasattr(task, "substitute") and hasattr(task, "dependencies"):
        return task.substitute(dict(new), key=key)
    if isinstance(task, TaskRef):
        return task.substitute(new)
    if istask(task):
        return (task[0], *(_with_new_keys(item, new, None) for item in task[1:]))
    if type(task) is list:
        return [_with_new_keys(item, new, None) for item in task]
    if type(task) is dict:
        return {name: _with_new_keys(item, new, None) for name, item in task.items()}
    try:
        return new.get(task, task)
    except TypeError:
        return task  # what cannot be hashed is no key


class MaterializedLayer(Layer):
    """A layer whose tasks are there.

    Parameters
    ----------
    mapping : mapping
        Keys to tasks.
    annotations, collection_annotations : mapping, optional
        As for `Layer`.

    Raises
    ------
    TypeError
        If ``mapping`` is none.
    """

    def __init__(self, mapping: Mapping, annotations: Mapping | None = None, collection_annotations: Mapping | None = None):
        super().__init__(annotations=annotations, collection_annotations=collection_annotations)
        if not isinstance(mapping, Mapping):
            raise TypeError(f"a layer is a mapping of keys to tasks; found {type(mapping).__name__}")
        self.mapping = mapping

    def __contains__(self, key: object) -> bool:
        return key in self.mapping

    def __getitem__(self, key: Any) -> Any:
        return self.mapping[key]

    def __iter__(self) -> Iterator:
        return iter(self.mapping)

    def __len__(self) -> int:
        return len(self.mapping)


def _layers_of(collection: Any) -> tuple[dict, dict, set]:
    """A collection's layers, what each builds on, and those that its blocks are in."""
    if not is_dask_collection(collection):
        raise TypeError(f"expected a collection; found {type(collection).__name__}")
    graph = collection.__dask_graph__()
    if hasattr(graph, "layers") and hasattr(graph, "dependencies"):
        tops = set(collection.__dask_layers__()) if hasattr(collection, "__dask_layers__") else get_collection_names(collection)
        return dict(graph.layers), {name: set(needed) for name, needed in graph.dependencies.items()}, tops
    name = collection.__dask_layers__()[0] if hasattr(collection, "__dask_layers__") else str(id(graph))
    return {name: graph}, {name: set()}, {name}


def _add_layers(layers: dict, more: Mapping[str, Mapping]) -> None:
    """Adds layers to others. Two of one name are parts of one operation: the graph of a collection has only the tasks that it needs."""
    for name, layer in more.items():
        known = layers.get(name)
        if known is None or known is layer or known.keys() <= layer.keys():
            layers[name] = layer
        elif not layer.keys() <= known.keys():
            layers[name] = MaterializedLayer({**known, **layer}, annotations=getattr(layer, "annotations", None) or {})


def _add_needs(needs: dict[str, set], more: Mapping[str, Iterable]) -> None:
    for name, needed in more.items():
        needs[name] = needs.get(name, set()) | set(needed)


class HighLevelGraph(Mapping):
    """A graph of layers: a mapping of all keys to their tasks, which knows of which operation each is.

    Parameters
    ----------
    layers : mapping
        Names to layers, or to dicts of tasks.
    dependencies : mapping
        Names to the names of the layers that each builds on.
    key_dependencies : dict, optional
        What is known already of the keys that keys take.

    Examples
    --------
    >>> from plait.highlevelgraph import HighLevelGraph
    >>> graph = HighLevelGraph.from_collections("twice", {"twice": (sum, [("x", 0), ("x", 0)])})
    >>> list(graph.layers), dict(graph)
    (['twice'], {'twice': (<built-in function sum>, [('x', 0), ('x', 0)])})
    """

    def __init__(self, layers: Mapping[str, Mapping], dependencies: Mapping[str, Iterable], key_dependencies: dict | None = None):
        self.layers: dict[str, Any] = {name: layer if hasattr(layer, "get_output_keys") else MaterializedLayer(layer) for name, layer in layers.items()}
        self.dependencies: dict[str, set] = {name: set(needed) for name, needed in dependencies.items()}
        self.key_dependencies: dict = key_dependencies or {}
        self._dict: dict | None = None

    @classmethod
    def from_collections(cls, name: str, layer: Mapping, dependencies: Sequence = ()) -> HighLevelGraph:
        """The graph of a new layer on those of collections.

        Parameters
        ----------
        name : str
            Of the layer.
        layer : mapping
            Its tasks.
        dependencies : sequence
            The collections whose keys it takes.

        Raises
        ------
        TypeError
            If something else than a collection is among them.
        """
        layers: dict = {}
        needs: dict[str, set] = {}
        tops: set = set()
        for collection in {id(each): each for each in dependencies}.values():
            its_layers, its_needs, its_tops = _layers_of(collection)
            _add_layers(layers, its_layers)
            _add_needs(needs, its_needs)
            tops |= its_tops
        return cls({**layers, name: layer}, {**needs, name: tops})

    @classmethod
    def merge(cls, *graphs: Mapping) -> HighLevelGraph:
        """The layers of several graphs; a dict is a layer of its own.

        Raises
        ------
        TypeError
            If something else than a graph is given.
        """
        layers: dict = {}
        needs: dict = {}
        for graph in graphs:
            if hasattr(graph, "layers") and hasattr(graph, "dependencies"):
                _add_layers(layers, graph.layers)
                _add_needs(needs, graph.dependencies)
            elif isinstance(graph, Mapping):
                layers[str(id(graph))] = graph
                needs[str(id(graph))] = set()
            else:
                raise TypeError(f"merge takes graphs; found {type(graph).__name__}")
        return cls(layers, needs)

    def to_dict(self) -> dict:
        """All keys and their tasks."""
        if self._dict is None:
            self._dict = {}
            for layer in self.layers.values():
                self._dict.update(layer)
        return self._dict

    def __getitem__(self, key: Any) -> Any:
        for name in (key, key[0] if isinstance(key, tuple) and key else None):
            if isinstance(name, str) and name in self.layers and key in self.layers[name]:
                return self.layers[name][key]
        return self.to_dict()[key]

    def __contains__(self, key: object) -> bool:
        return key in self.to_dict()

    def __iter__(self) -> Iterator:
        return iter(self.to_dict())

    def __len__(self) -> int:
        return sum(len(layer) for layer in self.layers.values())

    def keys(self):
        """All keys."""
        return self.to_dict().keys()

    def items(self):
        """All keys with their tasks."""
        return self.to_dict().items()

    def values(self):
        """All tasks."""
        return self.to_dict().values()

    def get_all_external_keys(self) -> set:
        """The keys that layers give to others."""
        return {key for layer in self.layers.values() for key in layer.get_output_keys()}

    def get_all_dependencies(self) -> dict:
        """For every key those that it takes."""
        keys = self.keys()
        for layer in self.layers.values():
            for key in layer.keys() - self.key_dependencies.keys():
                self.key_dependencies[key] = layer.get_dependencies(key, keys)
        return self.key_dependencies

    @property
    def dependents(self) -> dict[str, set[str]]:
        """For every layer those that build on it."""
        return reverse_dict(self.dependencies)

    def copy(self) -> HighLevelGraph:
        """A graph of its own with the same layers."""
        return HighLevelGraph(self.layers, self.dependencies, dict(self.key_dependencies))

    def _inputs_first(self) -> list[str]:
        waiting = {name: {each for each in needed if each in self.layers} for name, needed in self.dependencies.items()}
        users = reverse_dict(waiting)
        ready = [name for name, needed in waiting.items() if not needed]
        ordered = []
        while ready:
            name = ready.pop()
            ordered.append(name)
            for user in users[name]:
                waiting[user].discard(name)
                if not waiting[user]:
                    ready.append(user)
        return ordered

    def cull(self, keys: Iterable) -> HighLevelGraph:
        """The graph with what some keys need.

        Parameters
        ----------
        keys : iterable
            Keys; lists may be nested.
        """
        all_keys = self.get_all_external_keys()
        wanted = set(flatten(keys))
        layers: dict = {}
        needs: dict = {}
        for name in reversed(self._inputs_first()):
            layer, takes = self.layers[name].cull(set(wanted), all_keys)
            if not takes:
                continue
            layers[name] = layer
            needs.update({key: set(needed) for key, needed in takes.items()})
            wanted.update(*takes.values())
        kept = {name: {each for each in self.dependencies[name] if each in layers} for name in layers}
        return HighLevelGraph(layers, kept, needs)

    def cull_layers(self, layers: Iterable[str]) -> HighLevelGraph:
        """The graph with some layers and those that they build on."""
        kept: dict = {}
        waiting = list(layers)
        while waiting:
            name = waiting.pop()
            if name not in kept:
                kept[name] = self.layers[name]
                waiting.extend(self.dependencies[name])
        return HighLevelGraph(kept, {name: self.dependencies[name] for name in kept})

    def validate(self) -> None:
        """Check that what layers say of each other is so.

        Raises
        ------
        ValueError
            If a layer names one that is not there, or does not name one whose keys it takes.
        """
        for name, needed in self.dependencies.items():
            for each in needed:
                if each not in self.layers:
                    raise ValueError(f"layer {name!r} builds on {each!r}, which is not in the graph")
        for name, found in compute_layer_dependencies(self.layers).items():
            if not found <= self.dependencies.get(name, set()):
                said = sorted(self.dependencies.get(name, set()))
                raise ValueError(f"layer {name!r} takes keys of {sorted(found)}, and is said to build on {said}")

    def __repr__(self) -> str:
        lines = [f" {i}. {name}" for i, name in enumerate(self._inputs_first())]
        return "\n".join([f"{type(self).__name__} with {len(self.layers)} layers.", *lines])

    def _repr_html_(self) -> str:
        """What a notebook shows: each layer with what is known of it."""
        from html import escape  # slow to load

        rows = []
        for name in self._inputs_first():
            info = "; ".join(f"{escape(what)}: {escape(value)}" for what, value in self.layers[name].layer_info_dict().items())
            rows.append(f"<tr><td>{escape(name)}</td><td>{info}</td></tr>")
        return f"<table><caption>{type(self).__name__} with {len(self.layers)} layers</caption><tbody>{''.join(rows)}</tbody></table>"
