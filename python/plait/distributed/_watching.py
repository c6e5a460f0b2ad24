"""What a client can see of a cluster at work: what runs, where code spends its time, events as they come, what workers log."""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Callable
from time import time
from typing import Any

from .. import _code_samples
from .._code_samples import Tree
from ..diagnostics.profile_visualize import page_of
from . import profile as profiles
from ._asking import names_of
from ._context import answered, seconds_of
from ._running import Running
from ._scheduler import object_of_text
from .diagnostics.forwarding import FORWARDED, ForwardLogging
from .report import stream_page

_POLL_S = 0.05


class Watching(Running):
    """The part of `Client` that watches."""

    _handlers: dict[str, threading.Event]

    # --- Tasks that have run ---

    def get_task_stream(
        self,
        start: Any = None,
        stop: Any = None,
        count: int | None = None,
        plot: bool | str = False,
        filename: str = "task-stream.html",
        bokeh_resources: Any = None,
    ) -> Any:
        """The tasks that have run, the oldest first; see `plait.distributed.get_task_stream`.

        Parameters
        ----------
        start, stop : float or str, optional
            From when to when: times of the clock, or texts such as ``"10s"`` for so long ago.
        count : int, optional
            Only so many, the last ones.
        plot : bool or "save"
            Whether to draw them; the answer is then ``(tasks, page)``. ``"save"`` writes the page.
        filename : str
            Where to write it.
        """

        def read() -> Any:
            self._check_open()
            now = time()
            since, until = _times(start, stop, now)
            tasks = self._native.ask("task_stream", {"start": since, "stop": until})
            tasks = tasks if count is None else tasks[-count:]
            if not plot:
                return tasks
            first = min((each["start"] for each in tasks), default=now)
            page = stream_page(self._native, tasks, first if since is None else since, now if until is None else until)
            if plot == "save":
                _write(filename, page)
            return tasks, page

        return answered(self.asynchronous, read)

    # --- Code ---

    def profile(
        self,
        key: str | None = None,
        start: Any = None,
        stop: Any = None,
        workers: Any = None,
        merge_workers: bool = True,
        plot: bool | str = False,
        filename: str | None = None,
        server: bool = False,
        scheduler: bool = False,
    ) -> Any:
        """Where Python code of tasks has spent its time, as it was seen a hundred times a second.

        Parameters
        ----------
        key : str, optional
            The name of a function: only tasks that call it.
        start, stop : float or str, optional
            From when to when: times of the clock, or texts such as ``"10s"`` for so long ago.
        workers : list of str, optional
            Whose; default is all.
        merge_workers : bool
            Whether the samples of all workers are added up; else a dict by their addresses.
        plot : bool or "save"
            Whether to draw them; the answer is then ``(samples, page)``. ``"save"`` writes the page.
        filename : str, optional
            Where to write the page; implies ``plot``.
        server, scheduler : bool
            Whether the threads that serve messages are meant, which run no Python: refused.

        Returns
        -------
        dict
            ``count``, ``children``, ``identifier`` and ``description``: a tree of calls, as Dask has it.

        Examples
        --------
        >>> client.profile(filename="profile.html")  # doctest: +SKIP
        """
        if server or scheduler:
            raise NotImplementedError("profile: the scheduler and what serves workers run no Python; leave server= and scheduler= out")
        return answered(self.asynchronous, self._profile, key, start, stop, workers, merge_workers, plot, filename)

    def _profile(self, key: str | None, start: Any, stop: Any, workers: Any, merge_workers: bool, plot: bool | str, filename: str | None) -> Any:
        self._check_open()
        since, until = _times(start, stop, time())
        found = {address: profiles.of_function(tree, key) for address, tree in self._calls_between(since, until, names_of(workers)).items()}
        told = profiles.merge(*found.values()) if merge_workers else found
        if not plot and filename is None:
            return told
        whole = profiles.merge(*found.values())
        page = page_of([], "Python code at work", f"<p>{whole['count']:,} samples.</p>\n{profiles.drawn(whole)}")
        if plot == "save" or filename is not None:
            _write(filename or "plait-profile.html", page)
        return told, page

    def _calls_between(self, start: float | None, stop: float | None, workers: list[str] | None = None) -> dict[str, Tree]:
        """The trees of calls of workers, by their addresses."""
        return self._run(_code_samples.between, (start, stop), {}, workers)

    # --- Events as they come ---

    def subscribe_topic(self, topic: str, handler: Callable[[tuple], Any]) -> None:
        """Call a function for each event of a topic from now on, on a thread of its own; see `log_event`.

        Parameters
        ----------
        topic : str
            Which; a topic has one handler, and a new one takes the place of the old.
        handler : callable
            Called with ``(time, message)``; it may be a coroutine function.
        """
        self._check_open()
        self._stop_handler(topic)
        is_over = self._handlers[topic] = threading.Event()
        first = self._native.ask("events", {"topic": topic, "first": 0})["next"]
        threading.Thread(target=self._handle_events, args=(topic, handler, first, is_over), daemon=True, name=f"plait-topic-{topic}").start()

    def unsubscribe_topic(self, topic: str) -> None:
        """Call nothing for a topic any more.

        Raises
        ------
        ValueError
            If nothing is.
        """
        if not self._stop_handler(topic):
            raise ValueError(f"unsubscribe_topic: nothing is subscribed to {topic!r}")

    def _stop_handler(self, topic: str) -> bool:
        is_over = self._handlers.pop(topic, None)
        if is_over is not None:
            is_over.set()
        return is_over is not None

    def _handle_events(self, topic: str, handler: Callable[[tuple], Any], first: int, is_over: threading.Event) -> None:
        while not is_over.wait(_POLL_S) and self.status == "running":
            try:
                found = self._native.ask("events", {"topic": topic, "first": first})
            except Exception:  # noqa: BLE001
                return  # the cluster is gone
            first = found["next"]
            for when, text in found["events"]:
                _handle(handler, (when, object_of_text(text)))

    # --- What workers log ---

    def forward_logging(self, logger_name: str | None = None, level: int | str = logging.NOTSET) -> Any:
        """Have what tasks log handled here, too, by the logger of the same name.

        Parameters
        ----------
        logger_name : str, optional
            Whose records, and of those below it; default is all.
        level : int or str
            Only from this level on. A worker's logger lets pass what its own level lets pass; see `run` to set that.
        """
        self.subscribe_topic(FORWARDED, _handle_record)
        return self.register_plugin(ForwardLogging(logger_name, level))

    def unforward_logging(self, logger_name: str | None = None) -> Any:
        """Have a logger's records handled here no more."""
        return self.unregister_worker_plugin(ForwardLogging(logger_name).name)


def _times(start: Any, stop: Any, now: float) -> tuple[float | None, float | None]:
    since, until = (now - seconds_of(each) if isinstance(each, str) else each for each in (start, stop))
    return since, until


def _write(filename: str, page: str) -> None:
    with open(filename, "w", encoding="utf-8") as file:
        file.write(page)


def _handle(handler: Callable[[tuple], Any], event: tuple) -> None:
    try:
        found = handler(event)
        if inspect.iscoroutine(found):
            import asyncio  # slow to load

            asyncio.run(found)
    except Exception:
        logging.getLogger("plait.distributed").exception("a handler of events failed")


def _handle_record(event: tuple) -> None:
    record = logging.makeLogRecord(event[1])
    logging.getLogger(record.name).handle(record)
