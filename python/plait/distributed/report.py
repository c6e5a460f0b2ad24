"""Reports of what a cluster did: one HTML file that holds all it needs."""

from __future__ import annotations

import html
import linecache
import os
import sys
import threading
from collections.abc import Iterable
from time import time
from typing import Any

from ..diagnostics.profile_visualize import COLORS, Page, Plot, page_of
from ..utils import format_bytes, format_time
from ._context import default_client, in_thread
from ._scheduler import info_of

# So many rectangles fit into a file of less than 2 MB.
_MAX_TASKS = 15_000
_SAMPLE_INTERVAL_S = 0.2


def _cpu_seconds(pids: Iterable[int]) -> float:
    """Seconds that processes have computed; those that are gone count nothing."""
    ticks = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


class _Samples:
    """Workers' memory and CPU over time, taken on a thread of their own. CPU is that of worker processes that this program has
    started; 0 of others."""

    def __init__(self, client: Any):
        self._native = client._native
        self._pids = getattr(getattr(client.cluster, "_native", None), "worker_pids", dict)
        self._last = (time(), _cpu_seconds(self._pids().values()))
        self.taken: list[tuple[float, int, float]] = []
        self._is_over = threading.Event()
        self._take()
        self._thread = threading.Thread(target=self._take_until_over, daemon=True, name="plait-report")
        self._thread.start()

    def _take(self) -> None:
        workers = info_of(self._native)["workers"].values()
        (before, computed), now = self._last, (time(), _cpu_seconds(self._pids().values()))
        percent = 100 * max(0.0, now[1] - computed) / max(1e-3, now[0] - before)
        self._last = now
        self.taken.append((now[0], sum(each.get("memory", 0) for each in workers), percent))

    def _take_until_over(self) -> None:
        while not self._is_over.wait(_SAMPLE_INTERVAL_S):
            try:
                self._take()
            except Exception:  # noqa: BLE001
                return  # the cluster is gone

    def finish(self) -> list[tuple[float, int, float]]:
        """The samples; no more are taken."""
        self._is_over.set()
        self._thread.join()
        return self.taken


def _coarser(tasks: list[list], duration: float) -> list[list]:
    """Tasks of one name that follow each other closely on one thread as one rectangle, until there are few enough."""
    gap = duration / _MAX_TASKS
    while len(tasks) > _MAX_TASKS:
        joined: list[list] = []
        for task in sorted(tasks, key=lambda each: (each[2], each[0])):
            last = joined[-1] if joined else None
            if last is not None and last[2:4] == task[2:4] and task[0] - last[0] - last[1] < gap:
                last[1] = max(last[1], task[0] + task[1] - last[0])
            else:
                joined.append(list(task))
        if len(joined) == len(tasks) and gap > duration:
            return joined[:_MAX_TASKS]
        tasks, gap = joined, gap * 4
    return tasks


def stream_plot(tasks: Iterable[dict[str, Any]], start: float, stop: float, names_of_workers: dict[str, Any]) -> Plot:
    """Rectangles of tasks, a row for each thread of each worker.

    Parameters
    ----------
    tasks : list of dict
        ``name``, ``worker``, ``thread``, ``start``, ``stop`` and ``key`` of each.
    start, stop : float
        From when to when.
    names_of_workers : dict
        Their names by their addresses.
    """
    tasks = list(tasks)
    rows = sorted({(each["worker"], each["thread"]) for each in tasks}, key=lambda row: (str(names_of_workers.get(row[0], row[0])), row[1]))
    place_of_row = {row: place for place, row in enumerate(rows)}
    names: dict[str, int] = {}
    seconds: dict[str, float] = {}
    drawn = []
    for each in tasks:
        place = names.setdefault(each["name"], len(names))
        took = each["stop"] - each["start"]
        seconds[each["name"]] = seconds.get(each["name"], 0.0) + took
        drawn.append([round(max(0.0, each["start"] - start), 6), round(took, 6), place_of_row[each["worker"], each["thread"]], place, str(each["key"])[:60]])
    colors = [COLORS[place % len(COLORS)] for place in range(len(names))]
    legend = sorted(zip(names, colors, strict=True), key=lambda each: -seconds[each[0]])[:24]
    return {
        "kind": "tasks",
        "title": "Task Stream",
        "end": stop - start,
        "rows": [f"{names_of_workers.get(worker, worker)}, thread {thread}" for worker, thread in rows],
        "names": list(names),
        "colors": colors,
        "tasks": _coarser(drawn, stop - start),
        "legend": [[color, f"{name} ({format_time(seconds[name])})"] for name, color in legend],
    }


def _memory_plot(samples: list[tuple[float, int, float]], start: float, stop: float) -> Plot:
    series = [
        {"color": COLORS[0], "points": [[when - start, memory / 1e6] for when, memory, _ in samples]},
        {"color": COLORS[1], "points": [[when - start, cpu] for when, _, cpu in samples]},
    ]
    legend = [[COLORS[0], "memory of all workers (MB, left)"], [COLORS[1], "CPU of all workers (% of one core, right)"]]
    return {"kind": "lines", "title": "System", "end": stop - start, "series": series, "legend": legend}


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "<table>" + "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in rows) + "</table>"


def bound_of(duration: float, compute: float, threads: int, spilled: int, num_tasks: int) -> str:
    """A sentence that says what bounded a run.

    Parameters
    ----------
    duration : float
        Seconds that it took.
    compute : float
        Seconds of all its tasks together.
    threads : int
        How many could run at a time.
    spilled : int
        Bytes on disk at its end.
    num_tasks : int
        How many ran.

    Examples
    --------
    >>> bound_of(10.0, 38.0, 4, 0, 100)
    'The run was bound by computing: tasks filled 95 % of the time of 4 threads.'
    """
    share = compute / (duration * threads) if duration and threads else 0.0
    filled = f"tasks filled {share:.0%} of the time of {threads} threads".replace("%", " %")
    if not num_tasks:
        return "No task ran."
    if spilled:
        return f"The run was short of memory: {format_bytes(spilled)} lie on disk, and {filled}."
    if share > 0.7:
        return f"The run was bound by computing: {filled}."
    if compute / num_tasks < 0.001:
        return f"The run was bound by its many short tasks: they took {format_time(compute / num_tasks)} each, and {filled}. Larger chunks would help."
    if share < 1.2 / threads:
        return f"The run was bound by what ran one after the other: {filled}. It may wait for the program itself, or for a chain of tasks."
    return f"The run had threads to spare: {filled}. More, smaller chunks would fill them."


def page_of_run(native: Any, start: float, stop: float, samples: list[tuple[float, int, float]], code: str = "") -> Page:
    """The report of what a cluster did between two times."""
    info = info_of(native)
    tasks = native.ask("task_stream", {"start": start, "stop": stop})
    workers = info["workers"]
    threads = sum(each["nthreads"] for each in workers.values())
    compute = sum(each["stop"] - each["start"] for each in tasks)
    spilled = sum(each["spilled"] for each in workers.values())
    duration = stop - start
    summary = [
        ("Duration", format_time(duration)),
        ("Number of tasks", f"{len(tasks):,}"),
        ("Compute time", format_time(compute)),
        ("Idle time of threads", format_time(max(0.0, duration * threads - compute))),
        ("Results made", format_bytes(sum(each["nbytes"] for each in tasks))),
        ("On disk at the end", format_bytes(spilled)),
        ("Most memory of all workers", format_bytes(max((memory for _, memory, _ in samples), default=0))),
        ("Workers", f"{len(workers)}, with {threads} threads"),
    ]
    lines = [f"<p>{html.escape(bound_of(duration, compute, threads, spilled, len(tasks)))}</p>", "<h2>Summary</h2>", _table(summary)]
    if code:
        lines.append(f"<h2>Calling code</h2><pre>{html.escape(code)}</pre>")
    names = {address: f"worker {each['name']}" for address, each in workers.items()}
    plots = [stream_plot(tasks, start, stop, names), _memory_plot(samples, start, stop)]
    return page_of(plots, "Plait performance report", "\n".join(lines))


def _write(filename: str, page: str, storage_options: dict | None = None) -> None:
    if "://" in str(filename):
        import fsspec  # slow to load, and not everywhere

        with fsspec.open(filename, "w", **(storage_options or {})) as file:
            file.write(page)
        return
    with open(filename, "w", encoding="utf-8") as file:
        file.write(page)


def _calling_code(depth: int) -> str:
    """The lines around the ``with`` statement ``depth`` frames above the caller."""
    frame = sys._getframe(depth + 1)
    lines = [linecache.getline(frame.f_code.co_filename, frame.f_lineno + i) for i in range(20)]
    return "".join(lines)


class performance_report:  # noqa: N801
    """Write a report of what the cluster does in a ``with`` block: one HTML file that opens without a network.

    It has a summary, a sentence that says what bounded the run, the task stream, and the workers' memory and CPU over time.

    Parameters
    ----------
    filename : str
        Where to write; an address that `fsspec` knows will do.
    stacklevel : int
        How many frames above the block the code is that the report shows.
    mode : object
        Taken as in Dask; the file holds all it needs.
    storage_options : dict, optional
        For `fsspec`.

    Examples
    --------
    >>> with performance_report("report.html"):  # doctest: +SKIP
    ...     x.sum().compute()
    """

    def __init__(self, filename: str = "dask-report.html", stacklevel: int = 1, mode: str | None = None, storage_options: dict | None = None):
        self.filename = filename
        self._stacklevel = stacklevel
        self._storage_options = storage_options
        self._code = ""

    def _begin(self) -> None:
        self._client = default_client()
        self._client._check_open()
        self._samples = _Samples(self._client)
        self._start = time()

    def _end(self) -> None:
        samples = self._samples.finish()
        _write(self.filename, page_of_run(self._client._native, self._start, time(), samples, self._code), self._storage_options)

    def __enter__(self) -> performance_report:
        self._code = _calling_code(self._stacklevel)
        self._begin()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    async def __aenter__(self) -> performance_report:
        await in_thread(self._begin)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await in_thread(self._end)


def stream_page(native: Any, tasks: list[dict[str, Any]], start: float, stop: float) -> Page:
    """The task stream alone, as a page."""
    names = {address: f"worker {each['name']}" for address, each in info_of(native)["workers"].items()}
    return page_of([stream_plot(tasks, start, stop, names)], "Task stream")


class get_task_stream:  # noqa: N801
    """Note the tasks that run in a ``with`` block.

    Parameters
    ----------
    client : Client, optional
        Whose cluster; default is the program's.
    plot : bool or "save"
        Whether to draw them; ``"save"`` writes the page.
    filename : str
        Where to write it.

    Attributes
    ----------
    data : list of dict
        ``key``, ``name``, ``worker``, ``thread``, ``start``, ``stop`` and ``nbytes`` of each task.
    figure : Page or None
        The page as text, which a notebook shows.

    Examples
    --------
    >>> with get_task_stream(plot="save", filename="tasks.html") as stream:  # doctest: +SKIP
    ...     x.sum().compute()
    """

    def __init__(self, client: Any = None, plot: bool | str = False, filename: str = "task-stream.html"):
        self.data: list[dict[str, Any]] = []
        self.figure: Page | None = None
        self.client = default_client(client)
        self._plot = plot
        self._filename = filename

    def _end(self) -> None:
        stop = time()
        self.data += self.client._native.ask("task_stream", {"start": self._start, "stop": stop})
        if self._plot:
            self.figure = stream_page(self.client._native, self.data, self._start, stop)
        if self._plot == "save":
            _write(self._filename, str(self.figure))

    def __enter__(self) -> get_task_stream:
        self._start = time()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    async def __aenter__(self) -> get_task_stream:
        return self.__enter__()

    async def __aexit__(self, *exc: object) -> None:
        await in_thread(self._end)
