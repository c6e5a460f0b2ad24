"""Profiles: what tasks ran when and where, what the process used, and how long values were kept."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from time import perf_counter
from typing import Any

from .. import _plait
from ..callbacks import Callback, Observer, given_graphs
from .profile_visualize import Plot, cache_plot, resource_plot, task_plot, visualize

__all__ = ["CacheProfiler", "Profiler", "ResourceProfiler"]

TaskData = namedtuple("TaskData", ("key", "task", "start_time", "end_time", "worker_id"))
ResourceData = namedtuple("ResourceData", ("time", "mem", "cpu"))
CacheData = namedtuple("CacheData", ("key", "task", "metric", "cache_time", "free_time"))


class _Profile(Callback):
    """A callback that keeps results, from an earliest to a latest time."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all results."""
        self.results: list = []
        self.start_time: float | None = None
        self.end_time: float | None = None

    def __enter__(self):
        self.clear()
        self.start_time = perf_counter()
        return super().__enter__()

    def __exit__(self, *exc: object) -> None:
        self.end_time = perf_counter()
        super().__exit__(*exc)

    def _plot(self) -> Plot:
        raise NotImplementedError

    def visualize(self, **kwargs: Any) -> str | None:
        """Draw the profile; see :func:`plait.diagnostics.visualize`."""
        return visualize(self, **kwargs)


class Profiler(_Profile, Observer):
    """Notes every task that runs inside the ``with`` block, or after :meth:`register`.

    Attributes
    ----------
    results : list of TaskData
        ``key``, ``task`` (a tuple of what is called and the keys that it takes), ``start_time`` and ``end_time`` in seconds as
        `time.perf_counter` counts them, ``worker_id``; in the order in which the tasks finished.
    start_time, end_time : float or None
        When the ``with`` block began and ended.

    Examples
    --------
    >>> with plait.diagnostics.Profiler() as profiler:
    ...     da.ones(3).sum().compute()
    np.float64(3.0)
    >>> len(profiler.results) > 0
    True
    """

    def clear(self) -> None:
        """Forget all results."""
        super().clear()
        self._ops: dict[Any, str] = {}
        self._began: dict[Any, float] = {}

    def _begin(self) -> None:
        self._events = _plait.RunEvents(False, False)

    def _end(self, failed: bool) -> None:
        self._events.close()
        tasks: dict[int, dict] = {}
        started: dict[tuple, float] = {}
        for what, run, *rest in self._events.take():
            if what == "start":
                tasks[run] = next((given for given in given_graphs if given.keys() >= rest[0].keys()), rest[0])
                self._ops.update(rest[1])
            elif what == "pretask":
                key, _, time = rest
                started[run, key] = time
            elif what == "posttask":
                key, worker, time, *_ = rest
                self.results.append(TaskData(key, tasks[run][key], started.pop((run, key), time), time, worker))
        del self._events

    def _pretask(self, key: Any, dsk: dict, state: dict) -> None:
        self._began[key] = perf_counter()

    def _posttask(self, key: Any, value: Any, dsk: dict, state: dict, worker: Any) -> None:
        now = perf_counter()
        self.results.append(TaskData(key, dsk[key], self._began.pop(key, now), now, worker))

    def _plot(self) -> Plot:
        return task_plot(self.results, self._ops, self.start_time, self.end_time)


class ResourceProfiler(_Profile, Observer):
    """Samples what the process and its children use: inside the ``with`` block, or after :meth:`register` during every run.

    Parameters
    ----------
    dt : float
        Seconds between two samples.

    Attributes
    ----------
    results : list of ResourceData
        ``time`` in seconds as `time.perf_counter` counts them, ``mem`` in MB (10**6 bytes), ``cpu`` in percent of one core.
    start_time, end_time : float or None
        When the ``with`` block began and ended.
    """

    def __init__(self, dt: float = 1) -> None:
        super().__init__()
        self._dt = dt
        self._sampler: Any = None
        self._is_entered = False

    def __enter__(self):
        super().__enter__()
        self._is_entered = True
        self._collect()
        return self

    def __exit__(self, *exc: object) -> None:
        self._is_entered = False
        self.close()
        super().__exit__(*exc)

    def _begin(self) -> None:
        self._collect()

    def _end(self, failed: bool) -> None:
        if not self._is_entered:
            self.close()

    def _start(self, dsk: dict) -> None:
        self._collect()

    def _finish(self, dsk: dict, state: dict, failed: bool) -> None:
        self._end(failed)

    def _collect(self) -> None:
        if self._sampler is None:
            self._origin = perf_counter()
            self._sampler = _plait.ResourceProfiler(self._dt)

    def close(self) -> None:
        """Take no more samples."""
        if self._sampler is None:
            return
        samples = self._sampler.finish()
        self._sampler = None
        self.results += [ResourceData(self._origin + time, memory / 1e6, cpu) for time, memory, cpu in samples]

    def _plot(self) -> Plot:
        return resource_plot(self.results, self.start_time, self.end_time)


def _count(value: Any) -> int:
    return 1


class CacheProfiler(_Profile):
    """Notes from when to when the value of each task was kept.

    Parameters
    ----------
    metric : callable, optional
        The size of a value; default is 1 for each.
    metric_name : str, optional
        What the metric is called in pictures.

    Attributes
    ----------
    results : list of CacheData
        ``key``, ``task``, ``metric``, and ``cache_time`` and ``free_time`` in seconds as `time.perf_counter` counts them.
    start_time, end_time : float or None
        When the ``with`` block began and ended.
    """

    def __init__(self, metric: Callable[[Any], float] | None = None, metric_name: str | None = None):
        super().__init__()
        self._metric = metric or _count
        named = metric_name or getattr(metric, "__name__", "metric")
        self._metric_name = str(named) if metric or metric_name else "count"

    def clear(self) -> None:
        """Forget all results."""
        super().clear()
        self._kept: dict[Any, tuple[float, float]] = {}

    def _posttask(self, key: Any, value: Any, dsk: dict, state: dict, worker: Any) -> None:
        now = state.get("time") or perf_counter()
        self._kept[key] = (self._metric(value), now)
        for released in state["released"] & self._kept.keys():
            metric, start = self._kept.pop(released)
            self.results.append(CacheData(released, dsk[released], metric, start, now))

    def _finish(self, dsk: dict, state: dict, failed: bool) -> None:
        now = state.get("time") or perf_counter()
        for key, (metric, start) in self._kept.items():
            self.results.append(CacheData(key, dsk[key], metric, start, now))
        self._kept.clear()

    def _plot(self) -> Plot:
        return cache_plot(self.results, self._metric_name, self.start_time, self.end_time)
