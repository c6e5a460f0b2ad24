"""How far futures and persisted collections are."""

from __future__ import annotations

import sys
import threading
from time import perf_counter
from typing import Any

from ...diagnostics.progress import _kernel, _Line, _Widget
from ...utils import format_time
from .._context import found_client
from ..future import Future, futures_of

_INTERVAL_S = 0.1


class _Count:
    """How many of a set of futures are done, as the client hears it."""

    def __init__(self, futures: list[Future]):
        self.num_futures = len(futures)
        self.num_done = 0
        self.is_over = threading.Event()
        self._lock = threading.Lock()
        self._start = perf_counter()
        for each in futures:
            each.client._watch(each, self._note)
        if not futures:
            self.is_over.set()

    def _note(self) -> None:
        with self._lock:
            self.num_done += 1
            if self.num_done == self.num_futures:
                self.is_over.set()

    def show(self, display: Any) -> None:
        """Draw where it stands."""
        fraction = self.num_done / self.num_futures if self.num_futures else 1.0
        display.show(fraction, f"{int(100 * fraction)}% Completed | {format_time(perf_counter() - self._start)}")

    def draw_until_over(self, display: Any) -> None:
        """Draw until all are done."""
        while not self.is_over.wait(_INTERVAL_S):
            self.show(display)
        self.show(display)
        display.end()


def progress(
    *futures: Any,
    notebook: bool | None = None,
    multi: bool = True,
    complete: bool = True,
    group_by: str = "prefix",
    **kwargs: Any,
) -> None:
    """Show how far futures are. In a terminal it draws a line until all are done; in a notebook a bar goes on beside the program.

    Parameters
    ----------
    *futures : Future, collection, or container of such
        What is followed: futures, and collections that were persisted.
    notebook : bool, optional
        Whether to draw a notebook's bar; default is to look.
    multi, complete, group_by : object
        Taken as in Dask; the bar is one for all.

    Examples
    --------
    >>> progress(client.map(slow, range(100)))  # doctest: +SKIP
    [########################################] | 100% Completed | 1.2 s
    """
    found = futures_of(list(futures))
    if found and found[0].client.asynchronous:
        raise ValueError("progress waits; with an asynchronous client await the futures")
    if not found and found_client() is None:
        raise ValueError("progress: there is neither a future nor a client")
    count = _Count(found)
    if _kernel() if notebook is None else notebook:
        display = _notebook_bar()
        threading.Thread(target=count.draw_until_over, args=(display,), daemon=True, name="plait-progress").start()
    else:
        count.draw_until_over(_Line(sys.stdout, 40))


def _notebook_bar() -> Any:
    try:
        import ipywidgets  # slow to load, and not everywhere

        return _Widget(ipywidgets)
    except ImportError:
        return _Line(sys.stdout, 40)
