"""Collections and graphs that a client has computed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from .. import _foreign, _plait, base, graph
from .._protocol import is_dask_collection, is_plait_collection
from ..core import flatten
from ..delayed import delayed
from ..errors import shorten_traceback
from ..tokenize import tokenize
from ._demands import CONTAINERS, demands_of
from ._moving import Moving
from .future import Future, text_of


class Computing(Moving):
    """The part of `Client` that computes collections and graphs."""

    def compute(
        self,
        collections: Any,
        sync: bool = False,
        optimize_graph: bool = True,
        workers: Any = None,
        allow_other_workers: bool = False,
        resources: dict | None = None,
        retries: int = 0,
        priority: int = 0,
        fifo_timeout: Any = "60s",
        actors: Any = None,
        traverse: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Compute collections on the cluster; returns at once.

        Parameters
        ----------
        collections : collection, or list, tuple or set of such
            What is computed; other objects are returned as they are.
        sync : bool
            Whether to wait and return the results.
        optimize_graph : bool
            Whether to optimize the plan first.
        workers, allow_other_workers, resources, retries, priority, fifo_timeout : optional
            As for `submit`, of all tasks.
        traverse : bool
            Whether to look for collections inside containers.

        Returns
        -------
        Future or list of Future
            For each collection its result to come.

        Examples
        --------
        >>> client.compute(da.ones(3).sum()).result()  # doctest: +SKIP
        np.float64(3.0)
        """
        is_one = not isinstance(collections, CONTAINERS)
        wanted = [collections] if is_one else list(collections)
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=allow_other_workers)
        self._check_open()
        lazy = [delayed(each) if traverse and isinstance(each, (*CONTAINERS, dict)) else each for each in wanted]
        ours = [each for each in lazy if is_plait_collection(each)]
        with shorten_traceback():
            if ours:
                texts = [text_of(_key_of(each)) for each in ours]
                held = self._native.submit_plans([_plait.delayed_values([delayed(each) for each in ours])], texts, optimize_graph, said)
            answers = [self._computed(each, optimize_graph, said) for each in lazy]
        if ours:
            del held  # now the futures hold the keys
        answer = answers[0] if is_one else answers
        return self.gather(answer) if sync else answer

    def _computed(self, x: Any, optimize_graph: bool, said: dict | None) -> Any:
        """The future of a collection's result; what is no collection stays as it is."""
        if is_plait_collection(x):
            return Future(_key_of(x), self)
        if not is_dask_collection(x):
            return x
        tasks = _foreign.merged_graph([x], optimize_graph)
        finish, args = x.__dask_postcompute__()
        key = f"finalize-{tokenize(x)}"
        tasks[key] = (partial(_finished, finish, args), x.__dask_keys__())
        self._native.submit_graph(tasks, [key], [key], said)
        return Future._of_wanted(key, self)

    def persist(
        self,
        collections: Any,
        optimize_graph: bool = True,
        workers: Any = None,
        allow_other_workers: bool | None = None,
        resources: dict | None = None,
        retries: int | None = None,
        priority: int = 0,
        fifo_timeout: Any = "60s",
        actors: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Compute the blocks of collections on the cluster and keep them there; returns at once.

        Takes the arguments of `compute`.

        Returns
        -------
        collection or list
            Collections of the same kinds, whose blocks are on the cluster, or will be.
        """
        is_one = not isinstance(collections, CONTAINERS)
        wanted = (collections,) if is_one else tuple(collections)
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=bool(allow_other_workers))
        self._check_open()
        kept = base.persisted_by(lambda exprs: self._persisted(exprs, optimize_graph, said), wanted)
        return kept[0] if is_one else list(kept)

    def _persisted(self, exprs: list, optimize_graph: bool, said: dict | None) -> list:
        return self._native.submit_plans(exprs, [text_of(key) for key in _plait.block_keys(exprs)], optimize_graph, said)

    def get(
        self,
        dsk: Any,
        keys: Any,
        workers: Any = None,
        allow_other_workers: bool | None = None,
        resources: dict | None = None,
        sync: bool = True,
        asynchronous: bool | None = None,
        direct: bool | None = None,
        retries: int | None = None,
        priority: int = 0,
        fifo_timeout: Any = "60s",
        actors: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Run a raw task graph, as `plait.get` does.

        Parameters
        ----------
        dsk : dict
            The tasks by their keys.
        keys : object
            The keys whose values are wanted, in whatever nested lists.
        sync : bool
            Whether to wait for the values; else futures are returned.
        workers, allow_other_workers, resources, retries, priority : optional
            As for `submit`, of all tasks.
        """
        said = demands_of(workers=workers, resources=resources, retries=retries, priority=priority, allow_other_workers=bool(allow_other_workers))
        self._check_open()
        if sync and said is None and not self.asynchronous:
            return graph.get(dsk, keys, scheduler=self._executor)
        wanted = list(dict.fromkeys(flatten([keys])))
        texts = [text_of(key) for key in wanted]
        self._native.submit_graph(graph.as_dict(dsk), wanted, texts, said)
        by_key = {text: Future._of_wanted(text, self) for text in texts}

        def placed(x: Any) -> Any:
            return [placed(each) for each in x] if isinstance(x, list) else by_key[text_of(x)]

        answer = placed(keys)
        return self.gather(answer) if sync else answer

    def normalize_collection(self, collection: Any) -> Any:
        """The collection itself: work that the cluster has done already is found again by its keys."""
        return collection


def _key_of(collection: Any) -> Any:
    """The key of a computed collection's result: a delayed call's own, or one that says that it is put together of blocks."""
    return collection.key if isinstance(collection, _plait.DelayedCore) else f"finalize-{tokenize(collection)}"


def _finished(finish: Callable, args: tuple, values: list) -> Any:
    return finish(values, *args)
