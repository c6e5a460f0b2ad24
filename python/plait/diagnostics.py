"""What a program can see of its runs: a progress bar, and profiles of tasks and resources.

Each is a context manager; ``register()`` and ``unregister()`` switch it on and off for the rest of the program.
"""

from __future__ import annotations

import sys
import threading
from collections import namedtuple
from typing import Any, TextIO

from . import _plait

__all__ = ["ProgressBar", "Profiler", "ResourceProfiler"]

TaskData = namedtuple("TaskData", ("key", "task", "start_time", "end_time", "worker_id"))
ResourceData = namedtuple("ResourceData", ("time", "mem", "cpu"))


class _Registered:
    """Something that watches runs between ``register`` and ``unregister``."""

    def _start(self) -> None:
        raise NotImplementedError

    def _stop(self) -> None:
        raise NotImplementedError

    def register(self) -> None:
        """Watch every run from now on."""
        self._start()

    def unregister(self) -> None:
        """Watch no more."""
        self._stop()

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop()


class ProgressBar(_Registered):
    """Shows the progress of the runs inside the ``with`` block on one line.

    Parameters
    ----------
    minimum : float
        Runs that take fewer seconds show nothing.
    width : int
        Characters of the bar.
    dt : float
        Seconds between two looks.
    out : file, optional
        Where to write; default is standard output.

    Examples
    --------
    >>> with plait.diagnostics.ProgressBar(minimum=60):  # quick runs draw nothing
    ...     da.ones(3).sum().compute()
    np.float64(3.0)
    """

    def __init__(self, minimum: float = 0, width: int = 40, dt: float = 0.1, out: TextIO | None = None):
        self._minimum = minimum
        self._width = width
        self._dt = dt
        self._out = out
        self._progress: Any = None

    def _start(self) -> None:
        if self._progress is not None:
            return
        self._progress = _plait.Progress()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="plait-progress-bar")
        self._thread.start()

    def _stop(self) -> None:
        if self._progress is None:
            return
        try:
            self._wake.set()
            self._thread.join()
            num_tasks, _, seconds, _, _ = self._progress.status()
            if num_tasks and seconds >= self._minimum:
                self._draw()
                self._write("\n")
        finally:
            self._progress = None

    def _watch(self) -> None:
        while not self._wake.wait(self._dt):
            num_tasks, _, seconds, is_over, _ = self._progress.status()
            if num_tasks and not is_over and seconds >= self._minimum:
                self._draw()

    def _draw(self) -> None:
        self._write("\r" + self._progress.text(self._width))

    def _write(self, text: str) -> None:
        out = self._out if self._out is not None else sys.stdout
        out.write(text)
        out.flush()


class Profiler(_Registered):
    """Notes every task that runs inside the ``with`` block.

    Attributes
    ----------
    results : list of TaskData
        ``key``, ``task`` (the operation's name), ``start_time`` and ``end_time`` in seconds since the profiler was
        registered, ``worker_id``; in the order in which the tasks finished.
    """

    def __init__(self) -> None:
        self.results: list[TaskData] = []
        self._profiler: Any = None

    def _start(self) -> None:
        if self._profiler is None:
            self._profiler = _plait.Profiler()

    def _stop(self) -> None:
        if self._profiler is None:
            return
        self.results += [TaskData(*task[:5]) for task in self._profiler.tasks()]
        self._profiler = None

    def clear(self) -> None:
        """Forget all results."""
        self.results.clear()


class ResourceProfiler(_Registered):
    """Samples what the process uses inside the ``with`` block.

    Parameters
    ----------
    dt : float
        Seconds between two samples.

    Attributes
    ----------
    results : list of ResourceData
        ``time`` in seconds since the profiler was registered, ``mem`` in MB (10**6 bytes), ``cpu`` in percent of one core.
    """

    def __init__(self, dt: float = 1) -> None:
        self._dt = dt
        self.results: list[ResourceData] = []
        self._profiler: Any = None

    def _start(self) -> None:
        if self._profiler is None:
            self._profiler = _plait.ResourceProfiler(self._dt)

    def _stop(self) -> None:
        if self._profiler is None:
            return
        self.results += [ResourceData(time, memory / 1e6, cpu) for time, memory, cpu in self._profiler.samples()]
        self._profiler = None

    def clear(self) -> None:
        """Forget all results."""
        self.results.clear()
