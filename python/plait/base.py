"""What every collection can do: compute, persist, visualize, explain, tokenize.

A collection is an object with ``__plait_exprs__()`` (the plan nodes that it needs), ``__plait_postcompute__()`` (a function
that makes the user's result of the computed values) and ``__plait_postpersist__()`` (one that makes a collection of nodes).
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

from . import _foreign, _kept, _plait, config
from ._annotations import annotate, get_annotations, taken_annotations
from ._foreign import collections_to_dsk, compute_as_if_collection, get_scheduler
from ._protocol import (
    clone_key,
    dont_optimize,
    get_collection_names,
    get_name_from_key,
    is_dask_collection,
    is_plait_collection,
    optimization_function,
    replace_name_in_key,
    unpack_collections,
)
from ._schedulers import client_of, named_schedulers, resolved
from ._visualize import draw, picture_of
from .callbacks import told
from .errors import remembered_by_errors, shorten_traceback
from .highlevelgraph import HighLevelGraph
from .tokenize import normalize_function, normalize_token, tokenize


def _worker_command() -> list[str]:
    """How a worker process is started: it finds modules where this process does now, and ``import dask`` in a task what it finds here."""
    compat = sys.modules.get("plait.compat")
    install = "import plait.compat; plait.compat.install(); " if compat is not None and compat._is_installed else ""
    return [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {install}import plait._worker; plait._worker.main()"]


_plait.set_worker_command(_worker_command)


class _Gathered:
    """The collections inside nested arguments, and how the results go back into their places.

    Delayed values, of which there may be very many, are one node together, the last one.
    """

    def __init__(self, traverse: bool, post: str):
        self.traverse, self.post = traverse, post
        self.collected: list[_plait.Expr] = []
        self.delayed: list[Any] = []
        self.foreign: list[Any] = []  # collections of other libraries
        self.foreign_values: list[list] = []

    @property
    def exprs(self) -> list[_plait.Expr]:
        return [*self.collected, _plait.delayed_values(self.delayed)] if self.delayed else self.collected

    def repack_of(self, x: Any) -> Callable[[list], Any]:
        """A function that takes the results of all ``exprs`` and gives ``x`` with its collections replaced."""
        if isinstance(x, _plait.DelayedCore):
            take = self._delayed_of([x])
            return lambda results: take(results)[0]
        if is_plait_collection(x):
            exprs = x.__plait_exprs__()
            start = len(self.collected)
            self.collected.extend(exprs)
            finish = getattr(x, self.post)()
            return lambda results: finish(results[start : start + len(exprs)])
        if is_dask_collection(x):
            place = len(self.foreign)
            self.foreign.append(x)
            done = _foreign.computed if self.post == "__plait_postcompute__" else _foreign.persisted
            return lambda results: done(x, self.foreign_values[place])
        if self.traverse and type(x) in (list, tuple, set):
            return self.repack_of_items(x, type(x))
        if self.traverse and type(x) is dict:
            keys = list(x)
            values = self.repack_of_items(list(x.values()), list)
            return lambda results: dict(zip(keys, values(results), strict=True))
        return lambda results: x

    def repack_of_items(self, items: Any, kind: Callable) -> Callable[[list], Any]:
        items = list(items)
        if items and _plait.all_delayed(items):
            take = self._delayed_of(items)
            return lambda results: kind(take(results))
        repacks = [self.repack_of(item) for item in items]
        return lambda results: kind(repack(results) for repack in repacks)

    def _delayed_of(self, items: list) -> Callable[[list], list]:
        start = len(self.delayed)
        self.delayed.extend(items)
        if self.post == "__plait_postcompute__":
            return lambda results: results[-1][start : start + len(items)]
        return lambda results: [item.__plait_kept__(results[-1], start + number) for number, item in enumerate(items)]


def _chosen(scheduler: Any, exprs: list[_plait.Expr], kwargs: dict) -> Any:
    """What runs the tasks. Functions of the user on the items of bags run in worker processes, unless something says otherwise."""
    chosen = resolved(scheduler, kwargs)
    is_default = scheduler is None and chosen == "threads" and _plait.config_get("scheduler") is None
    return "processes" if is_default and _plait.bags.calls_users_python(exprs) else chosen


# Dask's settings of how the graphs of collections are optimized, by what the engine calls these.
_OPTIMIZERS = {"array": "array_optimize", "bag": "bag_optimize", "item": "bag_optimize", "tasks": "delayed_optimize"}


def _is_optimized(exprs: list[_plait.Expr], optimize_graph: bool) -> bool:
    """Whether plans are optimized, by the argument and by Dask's settings."""
    for key in {_OPTIMIZERS[expr.kind] for expr in exprs if expr.kind in _OPTIMIZERS}:
        said = config.get(key, True)
        if callable(said):
            raise NotImplementedError(f"the setting {key} is a function, which is not followed: the engine optimizes plans; None switches that off")
        optimize_graph = optimize_graph and bool(said)
    return optimize_graph


def _run(run: Any, hook: str, args: tuple, traverse: bool, optimize_graph: bool, scheduler: Any, num_workers: int | None, kwargs: dict) -> tuple:
    if "get" in kwargs and not callable(scheduler):
        raise TypeError("get= is gone; give the function as scheduler=")
    gathered = _Gathered(traverse, hook)
    repack = gathered.repack_of_items(args, tuple)
    workers = 0 if num_workers is None else num_workers
    exprs = gathered.exprs
    results: list = []
    said = taken_annotations(kwargs) if kwargs and not callable(resolved(scheduler, dict(kwargs))) else {}
    with shorten_traceback(), told(), annotate(**said):
        if gathered.foreign:
            gathered.foreign_values, exprs = _foreign.run(gathered.foreign, exprs, scheduler, workers, optimize_graph, kwargs)
            scheduler, kwargs = "sync", {}  # what is left is to put blocks together
        if exprs:
            optimize_graph = _is_optimized(exprs, optimize_graph)
            with remembered_by_errors(_plait.run_task, exprs, optimize_graph):
                results = run(exprs, _chosen(scheduler, exprs, kwargs), workers, optimize_graph, kwargs)
    return repack(results)


def compute(
    *args: Any,
    traverse: bool = True,
    optimize_graph: bool = True,
    scheduler: Any = None,
    num_workers: int | None = None,
    **kwargs: Any,
) -> tuple:
    """Compute several collections at once; work that they share runs once.

    Parameters
    ----------
    *args : object
        Collections, or lists, tuples, sets and dicts that hold some. Other objects are passed through.
    traverse : bool
        Whether to look for collections inside built-in containers.
    optimize_graph : bool
        Whether to optimize the plan first.
    scheduler : {"threads", "processes", "sync"}, executor or callable, optional
        Where the tasks run; default is the setting ``scheduler``, else threads of this process. An object with a method
        ``submit``, such as a `concurrent.futures.Executor`, runs the tasks one by one; a function with the signature of
        Dask's ``get(dsk, keys, **kwargs)`` is handed the whole graph.
    num_workers : int, optional
        Number of threads or processes; default is one a core.
    pool : executor, optional
        What runs the tasks in place of a scheduler: an executor, or a pool of `multiprocessing`.
    initializer : callable, optional
        Of ``scheduler="processes"``: what each worker process calls before its first task.
    retries, priority, workers, allow_other_workers, resources, memory : optional
        What :func:`annotate` says of the run's tasks: one machine follows ``retries``, a cluster all of them.
    **kwargs : object
        Passed to a function that is given as scheduler.

    Returns
    -------
    tuple
        One result for each argument: NumPy arrays, pandas objects, scalars.
    """
    return _run(_kept.compute if _kept.active else _plait.compute, "__plait_postcompute__", args, traverse, optimize_graph, scheduler, num_workers, kwargs)


def persist(
    *args: Any,
    traverse: bool = True,
    optimize_graph: bool = True,
    scheduler: Any = None,
    num_workers: int | None = None,
    **kwargs: Any,
) -> tuple:
    """Compute several collections and keep their blocks in memory, as collections of the same kind.

    On a cluster it returns at once, and the blocks are there, or will be. Takes the arguments of :func:`compute`.
    """
    client = client_of(scheduler)
    if client is not None:
        with annotate(**taken_annotations(kwargs)):
            if kwargs:
                raise TypeError(f"persist: there is no argument {next(iter(kwargs))!r} of a run on a cluster")
            return tuple(client.persist(list(args), optimize_graph=optimize_graph))
    return _run(_plait.persist, "__plait_postpersist__", args, traverse, optimize_graph, scheduler, num_workers, kwargs)


def persisted_by(keep: Callable[[list[_plait.Expr]], list[_plait.Expr]], args: tuple) -> tuple:
    """The collections among the arguments, of nodes that ``keep`` gives in the place of theirs."""
    return _run(lambda exprs, *_: keep(exprs), "__plait_postpersist__", args, True, True, "sync", None, {})


def _exprs_in(args: tuple) -> list[_plait.Expr]:
    gathered = _Gathered(True, "__plait_postcompute__")
    gathered.repack_of_items(args, tuple)
    exprs = gathered.exprs + _foreign.exprs_of(gathered.foreign)
    if not exprs:
        raise TypeError("there is no collection among the arguments")
    return exprs


def optimize(*args: Any, traverse: bool = True, **kwargs: Any) -> tuple:
    """The same collections: those of other libraries on one optimized graph. Plans of Plait's collections are optimized together
    when they are computed; see :func:`explain`.

    Parameters
    ----------
    *args : object
        Collections, or containers that hold some.
    traverse : bool
        Whether to look into containers.
    **kwargs : object
        Passed to the functions that optimize the graphs of other libraries' collections.
    """
    return _foreign.optimized(*args, traverse=traverse, **kwargs)


class Explanation(str):
    """A plan as text; ``print`` shows it, and so does a notebook or an interactive Python."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        import html  # slow to load

        return f"<pre>{html.escape(self)}</pre>"


def explain(*args: Any, analyze: bool = False, scheduler: Any = None, num_workers: int | None = None) -> Explanation:
    """The plan of collections, as it was written and after each pass of the optimizer.

    Parameters
    ----------
    *args : object
        Collections, or lists, tuples, sets and dicts that hold some.
    analyze : bool
        Whether to run the plan, and to show the one that ran with the tasks of each step, their rows, bytes and time.
    scheduler, num_workers : optional
        Of that run, as for :func:`compute`.

    Returns
    -------
    Explanation
        A text.

    Examples
    --------
    >>> print(plait.explain(plait.array.ones(10).sum()))  # doctest: +ELLIPSIS
    As written:
    1. sum...
    """
    exprs = _exprs_in(args)
    if analyze:
        return Explanation(_plait.analyze(exprs, resolved(scheduler), 0 if num_workers is None else num_workers))
    return Explanation(_plait.explain(exprs))


def visualize(
    *args: Any,
    filename: str | os.PathLike | None = "mydask",
    format: str | None = None,
    traverse: bool = True,
    optimize_graph: bool = False,
    **kwargs: Any,
):
    """Draw the task graph of collections: circles are functions, boxes are their values.

    A graph of many tasks has a layout of our own, which is quick; one that is too big to look at is drawn as its layers, and a
    warning says so.

    Parameters
    ----------
    *args : object
        Collections, or lists, tuples, sets and dicts that hold some.
    filename : str or path, optional
        Where to write; the suffix says the format (``.png``, ``.svg``, ``.pdf``, ``.dot``, ``.jpg``; none is png). None only
        returns the picture.
    format : str, optional
        The format where the file name does not say it.
    traverse : bool
        Whether to look for collections inside built-in containers.
    optimize_graph : bool
        Whether to draw the graph that runs rather than the one that was written.
    rankdir : {"BT", "TB", "LR", "RL"}
        The direction of time.
    color : str, optional
        What colors and labels say of each task: ``"order"`` in which it runs, ``"age"`` (how long its value is kept),
        ``"freed"`` (inputs that it is the last to need), ``"memoryincreases"``, ``"memorydecreases"``, ``"memorypressure"``
        (values that are there when it runs), ``"critical"`` (the longest chain through it); each also after ``"order-"``.
    cmap : str or colormap of matplotlib, optional
        The colors, and ``maxval``, the value of the last one.
    engine : {"graphviz", "plait"}, optional
        What draws; default is the setting ``visualization.engine``, else Graphviz where it is installed.
    verbose : bool
        Whether boxes show whole keys.
    collapse_outputs : bool
        Whether a function and its value are one circle.
    limit : int, optional
        The most tasks that are drawn one by one; default is 20,000.
    function_attributes, data_attributes : dict, optional
        Keys to attributes of their circles and boxes, such as ``{"color": "red"}``.
    graph_attr, node_attr, edge_attr : dict, optional
        Attributes of Graphviz for all; other keyword arguments are attributes of the graph, too.

    Returns
    -------
    IPython.display.Image, IPython.display.SVG or None
        The picture where IPython is there to show it.

    Raises
    ------
    ValueError
        If an argument is none of its choices.
    OSError
        If the file cannot be written, or Graphviz's program ``dot`` is needed and not installed.

    Examples
    --------
    >>> da.ones((4, 4), chunks=2).sum().visualize("graph.svg", color="order")  # doctest: +SKIP
    """
    exprs = _exprs_in(args) if traverse else [expr for each in args for expr in each.__plait_exprs__()]
    return draw(picture_of(exprs, optimize_graph), filename, format, **kwargs)


class PlaitMethodsMixin:
    """The methods that every collection has; see the functions of the same name."""

    __slots__ = ()

    def __plait_exprs__(self) -> list:
        """The plan nodes that this collection needs."""
        raise NotImplementedError

    def compute(self, **kwargs: Any):
        """Compute this collection: a NumPy array, a pandas object or a scalar. Takes the arguments of `plait.compute`."""
        (result,) = compute(self, traverse=False, **kwargs)
        return result

    def persist(self, **kwargs: Any):
        """Compute this collection and keep its blocks in memory. Takes the arguments of `plait.persist`."""
        (result,) = persist(self, traverse=False, **kwargs)
        return result

    def visualize(self, filename: str | None = "mydask", format: str | None = None, optimize_graph: bool = False, **kwargs):
        """Draw this collection's task graph. Takes the arguments of `plait.visualize`."""
        return visualize(self, filename=filename, format=format, optimize_graph=optimize_graph, **kwargs)

    def explain(self, analyze: bool = False, scheduler: Any = None, num_workers: int | None = None) -> Explanation:
        """This collection's plan as text. Takes the arguments of `plait.explain`."""
        return explain(self, analyze=analyze, scheduler=scheduler, num_workers=num_workers)

    # What other libraries ask of a collection.

    def __dask_graph__(self) -> HighLevelGraph:
        """The tasks that compute this collection: key -> (task, *keys), which Dask's ``get`` functions run."""
        return _foreign.graph_of(self)

    def __dask_keys__(self) -> list:
        """The keys of the blocks in :meth:`__dask_graph__`."""
        return _plait.block_keys(self.__plait_exprs__())

    def __dask_layers__(self) -> tuple:
        """The names of the layers that the blocks are in."""
        return tuple(expr.name for expr in self.__plait_exprs__())

    def __dask_postcompute__(self) -> tuple:
        """A function that makes the result of the values of the keys, and its other arguments."""
        return _foreign.finalize, (self,)

    def __dask_postpersist__(self) -> tuple:
        """A function that makes such a collection of a graph, and its other arguments."""
        return _foreign.rebuild, (self,)

    __dask_optimize__ = staticmethod(dont_optimize)

    @staticmethod
    def __dask_scheduler__(dsk: Any, keys: Any, **kwargs: Any) -> Any:
        """Runs the graph."""
        return _plait.get(_foreign.as_dict(dsk), keys, resolved(), 0)

    @property
    def dask(self) -> HighLevelGraph:
        """The tasks that compute this collection: see :meth:`__dask_graph__`."""
        return self.__dask_graph__()


class DaskMethodsMixin:
    """The methods of a collection that another library makes, as a base class of it: see the functions of the same name."""

    __slots__ = ("__weakref__",)

    compute = PlaitMethodsMixin.compute
    persist = PlaitMethodsMixin.persist
    visualize = PlaitMethodsMixin.visualize


__all__ = [
    "DaskMethodsMixin",
    "Explanation",
    "PlaitMethodsMixin",
    "annotate",
    "clone_key",
    "collections_to_dsk",
    "compute",
    "compute_as_if_collection",
    "dont_optimize",
    "explain",
    "get_annotations",
    "get_collection_names",
    "get_name_from_key",
    "get_scheduler",
    "is_dask_collection",
    "is_plait_collection",
    "named_schedulers",
    "normalize_function",
    "normalize_token",
    "optimization_function",
    "optimize",
    "persist",
    "replace_name_in_key",
    "tokenize",
    "unpack_collections",
    "visualize",
]
