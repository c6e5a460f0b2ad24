"""In which order the tasks of a graph start."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, NamedTuple

from . import _plait
from .core import get_deps
from .task_spec import DataNode, GraphNode, convert_legacy_graph


class Order(NamedTuple):
    """A rank, and how critical the path through it is."""

    priority: int
    critical_path: float


class OrderInfo(NamedTuple):
    """What :func:`diagnostics` tells of a key: its rank; the rank up to which its value is kept; how many ranks those are;
    how many values are in memory when it runs; how many of them it frees."""

    order: int
    age: int
    num_data_when_run: int
    num_data_when_released: int
    num_dependencies_freed: int


def order(dsk: Mapping, dependencies: Mapping | None = None, *, return_stats: bool = False) -> dict:
    """A rank for every key: among tasks that are ready, those of lower rank start first.

    Tasks are ranked depth first from what nobody else needs, so that values are used soon after they are made.

    Parameters
    ----------
    dsk : dict
        A graph.
    dependencies : mapping, optional
        What each key needs, where it is known already; it replaces what the graph says.
    return_stats : bool
        Whether to give each key's `Order`, with the length of the longest path up to it, in place of its rank.

    Returns
    -------
    dict
        Keys to ranks, which are 0 to ``len(dsk) - 1``.

    Raises
    ------
    RuntimeError
        If the graph has a cycle.

    Examples
    --------
    >>> plait.order.order({"a": 1, "b": 2, "c": (max, "a", "b")})
    {'a': 0, 'b': 1, 'c': 2}
    """
    graph = dsk if dependencies is None else {key: list(dependencies[key]) for key in dsk}
    ranks = _plait.order(dict(graph))
    if not return_stats:
        return ranks
    needs = dependencies if dependencies is not None else get_deps(dsk)[0]
    lengths: dict = {}
    for key in sorted(ranks, key=ranks.__getitem__):
        lengths[key] = 1 + max((lengths[needed] for needed in needs[key] if needed in lengths), default=0)
    return {key: Order(rank, lengths[key]) for key, rank in ranks.items()}


def ndependencies(dependencies: Mapping, dependents: Mapping) -> tuple[dict, dict]:
    """How many keys each needs directly; and how many lie below it, itself among them, those of shared ones again.

    Returns
    -------
    tuple of dict
        The numbers of direct needs, and those of all.
    """
    direct = {key: len(needed) for key, needed in dependencies.items()}
    totals: dict = {}
    waiting = dict(direct)
    ready = [key for key, count in direct.items() if count == 0]
    while ready:
        key = ready.pop()
        totals[key] = 1 + sum(totals[needed] for needed in dependencies[key])
        for dependent in dependents[key]:
            waiting[dependent] -= 1
            if waiting[dependent] == 0:
                ready.append(dependent)
    return direct, totals


def diagnostics(dsk: MutableMapping, o: Mapping | None = None, dependencies: Mapping | None = None) -> tuple[dict, list[int]]:
    """What an order means for memory, if one task runs at a time.

    Parameters
    ----------
    dsk : dict
        A graph.
    o : dict, optional
        Keys to ranks; default is :func:`order`.
    dependencies : mapping, optional
        What each key needs.

    Returns
    -------
    dict of OrderInfo, list of int
        For every key; and how many values are in memory at each rank.
    """
    needs = dict(dependencies) if dependencies is not None else get_deps(dsk)[0]
    users: dict = {key: set() for key in needs}
    for key, needed in needs.items():
        for each in needed:
            users[each].add(key)
    ranks = order(dsk, dependencies) if o is None else o
    last_use = {key: max((ranks[user] for user in users[key]), default=ranks[key]) for key in dsk}
    held = 0
    pressure, when_run, freed = [], {}, {}
    for key in sorted(dsk, key=ranks.__getitem__):
        when_run[key] = held
        pressure.append(held)
        freed[key] = sum(last_use[needed] == ranks[key] for needed in needs[key])
        held += 1 - freed[key] if users[key] else -freed[key]
    infos = {key: OrderInfo(ranks[key], last_use[key] - ranks[key], when_run[key], pressure[last_use[key]], freed[key]) for key in dsk}
    return infos, pressure


def sanitize_dsk(dsk: Mapping) -> dict:
    """The graph as nodes, each under its key and without its values' content."""
    nodes: dict[Any, GraphNode] = convert_legacy_graph(dsk)
    return {key: DataNode(key, None) if isinstance(node, DataNode) else node for key, node in nodes.items()}
