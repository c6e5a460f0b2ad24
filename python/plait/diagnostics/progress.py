"""The progress bar."""

from __future__ import annotations

import importlib
import sys
import threading
from time import perf_counter
from typing import Any, TextIO

from .. import _plait
from ..callbacks import Observer
from ..utils import format_time

__all__ = ["ProgressBar"]


def _kernel() -> bool:
    """Whether the program is the kernel of a notebook."""
    shell = sys.modules.get("IPython")
    instance = shell.get_ipython() if shell is not None else None
    return instance is not None and hasattr(instance, "kernel")


class _Line:
    """One line of text that is written over and over."""

    def __init__(self, out: TextIO, width: int):
        self._out = out
        self._width = width
        self._length = 0

    def show(self, fraction: float, text: str) -> None:
        marks = "#" * int(self._width * fraction)
        line = f"[{marks:<{self._width}}] | {text}"
        self._write("\r" + line.ljust(self._length))
        self._length = len(line)

    def end(self) -> None:
        self._write("\n")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except ValueError:
            pass  # somebody has closed it


class _Widget:
    """The bar of a notebook."""

    def __init__(self, widgets: Any):
        self._bar = widgets.FloatProgress(value=0, min=0, max=1)
        self._label = widgets.HTML()
        importlib.import_module("IPython.display").display(widgets.HBox([self._bar, self._label]))

    def show(self, fraction: float, text: str) -> None:
        self._bar.value = fraction
        self._label.value = text

    def end(self) -> None:
        self._bar.bar_style = "success" if self._bar.value >= 1 else "danger"


def _shown_on(out: TextIO | None, width: int) -> _Line | _Widget | None:
    """Where the bar is drawn; nowhere, if standard output is not a terminal."""
    if out is not None:
        return _Line(out, width)
    if _kernel():
        try:
            return _Widget(importlib.import_module("ipywidgets"))
        except ImportError:
            return _Line(sys.stdout, width)
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return _Line(sys.stdout, width)


class _Counts:
    """The progress of a scheduler in Python, by the state that it tells callbacks."""

    def __init__(self, state: dict):
        self._state = state
        self._start = perf_counter()

    def status(self) -> tuple:
        num_finished = len(self._state["finished"])
        num_tasks = num_finished + sum(len(self._state[each]) for each in ("ready", "waiting", "running"))
        return num_tasks, num_finished, perf_counter() - self._start, False, False


class ProgressBar(Observer):
    """Shows the progress of every run on a line, with the rate and the time that is left.

    It draws in a terminal, and as a widget in a notebook that has `ipywidgets`; where standard output is neither (a file, a
    pipe), it draws nothing. A file that is given as ``out`` is always written to.

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

    Attributes
    ----------
    last_duration : float
        Seconds that the last run took.

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
        self._file = out
        self.last_duration = 0.0

    def _begin(self) -> None:
        self._follow(_plait.Progress())

    def _start_state(self, dsk: dict, state: dict) -> None:
        self._follow(_Counts(state))

    def _finish(self, dsk: dict, state: dict, failed: bool) -> None:
        self._end(failed)

    def _follow(self, progress: Any) -> None:
        self._progress = progress
        self._display: _Line | _Widget | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._draw_until_over, daemon=True, name="plait-progress-bar")
        self._thread.start()

    def _end(self, failed: bool) -> None:
        self._is_over.set()
        self._thread.join()
        num_tasks, num_finished, seconds, _, _ = self._progress.status()
        del self._progress
        self.last_duration = seconds
        if seconds < self._minimum:
            return
        self._draw(num_tasks, num_tasks if not failed else num_finished, seconds)
        if self._display is not None:
            self._display.end()

    def _draw_until_over(self) -> None:
        progress = self._progress
        while not self._is_over.wait(self._dt):
            num_tasks, num_finished, seconds, is_over, _ = progress.status()
            if num_tasks and not is_over and seconds >= self._minimum:
                self._draw(num_tasks, num_finished, seconds)

    def _draw(self, num_tasks: int, num_finished: int, seconds: float) -> None:
        if self._display is None:
            self._display = _shown_on(self._file, self._width)
        if self._display is None:
            return
        fraction = num_finished / num_tasks if num_tasks else 1.0
        text = f"{int(100 * fraction)}% Completed | {format_time(seconds)}"
        if 0 < num_finished and seconds > 0:
            text += f" | {num_finished / seconds:,.4g} tasks/s"
            if num_finished < num_tasks:
                text += f" | {format_time(seconds / num_finished * (num_tasks - num_finished))} left"
        self._display.show(fraction, text)
