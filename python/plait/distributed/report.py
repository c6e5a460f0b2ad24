"""Reports of what a cluster did: one HTML file that holds all it needs."""

from __future__ import annotations

import html
import linecache
import os
import sys
import textwrap
import threading
from collections.abc import Iterable
from time import time
from typing import Any, NamedTuple

from .._code_samples import Tree
from ..diagnostics.profile_visualize import Page, page_of
from ..utils import format_bytes, format_time
from . import profile
from ._bounds import bound_of, covered
from ._context import default_client, in_thread
from ._report_plots import stream_plot, system_plot, transfer_plot
from ._scheduler import info_of

_SAMPLE_INTERVAL_S = 0.2
# So many operations are listed by name.
_MAX_OPERATIONS = 25
_MAX_LINES_OF_CODE = 40


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


class _Sample(NamedTuple):
    time: float
    memory: int
    cpu: float
    spilled: int


class _Samples:
    """Workers' memory and CPU over time, taken on a thread of their own. CPU is that of worker processes that this program has
    started; 0 of others."""

    def __init__(self, client: Any):
        self._native = client._native
        self._pids = getattr(getattr(client.cluster, "_native", None), "worker_pids", dict)
        self._last = (time(), _cpu_seconds(self._pids().values()))
        self.taken: list[_Sample] = []
        self._is_over = threading.Event()
        self._take()
        self._thread = threading.Thread(target=self._take_until_over, daemon=True, name="plait-report")
        self._thread.start()

    def _take(self) -> None:
        workers = info_of(self._native)["workers"].values()
        (before, computed), now = self._last, (time(), _cpu_seconds(self._pids().values()))
        percent = 100 * max(0.0, now[1] - computed) / max(1e-3, now[0] - before)
        self._last = now
        memory, spilled = (sum(each.get(what, 0) for each in workers) for what in ("memory", "spilled"))
        self.taken.append(_Sample(now[0], memory, percent, spilled))

    def _take_until_over(self) -> None:
        while not self._is_over.wait(_SAMPLE_INTERVAL_S):
            try:
                self._take()
            except Exception:  # noqa: BLE001
                return  # the cluster is gone

    def finish(self) -> list[_Sample]:
        """The samples; no more are taken."""
        self._is_over.set()
        self._thread.join()
        return self.taken


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "<table>" + "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in rows) + "</table>"


def _operations(tasks: list[dict[str, Any]]) -> str:
    """What ran, the most time first: a row for each name of tasks."""
    found: dict[str, list[float]] = {}
    for each in tasks:
        counts = found.setdefault(each["name"], [0, 0.0, 0])
        for place, amount in enumerate((1, each["stop"] - each["start"], each["nbytes"])):
            counts[place] += amount
    by_time = sorted(found.items(), key=lambda each: -each[1][1])
    head = "<th>operation</th>" + "".join(f'<th class="number">{name}</th>' for name in ("tasks", "time", "time of one", "results"))
    rows = [
        f"<tr><td>{html.escape(name)}</td>"
        + "".join(f'<td class="number">{cell}</td>' for cell in (f"{int(number):,}", format_time(seconds), format_time(seconds / number), format_bytes(int(made))))
        + "</tr>"
        for name, (number, seconds, made) in by_time[:_MAX_OPERATIONS]
    ]
    left = f'<p class="dim">and {len(by_time) - _MAX_OPERATIONS} others</p>' if len(by_time) > _MAX_OPERATIONS else ""
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>{left}"


def page_of_run(native: Any, start: float, stop: float, samples: list[_Sample], calls: Tree, code: str = "") -> Page:
    """The report of what a cluster did between two times.

    Parameters
    ----------
    native : object
        The engine's client.
    start, stop : float
        Times of the clock.
    samples : list
        Workers' memory and CPU at times between.
    calls : dict
        Where Python code was seen at work, as `Client.profile` tells it.
    code : str
        The program around the run.
    """
    info = info_of(native)
    tasks = native.ask("task_stream", {"start": start, "stop": stop})
    transfers = native.ask("transfers", {"start": start, "stop": stop})
    workers = info["workers"]
    threads = sum(each["nthreads"] for each in workers.values())
    compute = sum(each["stop"] - each["start"] for each in tasks)
    spilled = max((each.spilled for each in samples), default=0)
    moved, moving = sum(each["nbytes"] for each in transfers), covered(transfers, start, stop)
    duration = stop - start
    summary = [
        ("Duration", format_time(duration)),
        ("Number of tasks", f"{len(tasks):,}"),
        ("Compute time", format_time(compute)),
        ("Idle time of threads", format_time(max(0.0, duration * threads - compute))),
        ("Transfer time", f"{format_time(moving)}, in which {len(transfers):,} values of {format_bytes(moved)} moved"),
        ("Bandwidth", f"{format_bytes(int(moved / moving))}/s while values moved" if moving else "nothing moved"),
        ("Results made", format_bytes(sum(each["nbytes"] for each in tasks))),
        ("Most on disk", format_bytes(spilled)),
        ("Most memory of all workers", format_bytes(max((each.memory for each in samples), default=0))),
        ("Workers", f"{len(workers)}, with {threads} threads"),
    ]
    bound = bound_of(duration, compute, threads, spilled, len(tasks), moving, moved)
    lines = [f"<p>{html.escape(bound)}</p>", "<h2>Summary</h2>", _table(summary), "<h2>Operations</h2>", _operations(tasks)]
    after = [f"<h2>Python code ({calls['count']:,} samples)</h2>", profile.drawn(calls)]
    if code:
        after.append(f"<h2>Calling code</h2><pre>{html.escape(code)}</pre>")
    names = {address: f"worker {each['name']}" for address, each in workers.items()}
    system = system_plot([each[:3] for each in samples], start, stop)
    plots = [stream_plot(tasks, start, stop, names), system, transfer_plot(transfers, start, stop)]
    return page_of(plots, "Plait performance report", "\n".join(lines), "\n".join(after))


def _write(filename: str, page: str, storage_options: dict | None = None) -> None:
    if "://" in str(filename):
        import fsspec  # slow to load, and not everywhere

        with fsspec.open(filename, "w", **(storage_options or {})) as file:
            file.write(page)
        return
    with open(filename, "w", encoding="utf-8") as file:
        file.write(page)


def _calling_code(depth: int) -> str:
    """The ``with`` statement ``depth`` frames above the caller, and what is inside it."""
    frame = sys._getframe(depth + 1)
    first = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
    margin = len(first) - len(first.lstrip())
    lines = [first]
    for number in range(frame.f_lineno + 1, frame.f_lineno + _MAX_LINES_OF_CODE):
        line = linecache.getline(frame.f_code.co_filename, number)
        if not line or (line.strip() and len(line) - len(line.lstrip()) <= margin):
            break
        lines.append(line)
    return textwrap.dedent("".join(lines)).rstrip()


class performance_report:  # noqa: N801
    """Write a report of what the cluster does in a ``with`` block: one HTML file that opens without a network.

    It has a summary, a sentence that says what bounded the run, the time of each operation, where Python code was seen at work, the
    task stream, the workers' memory and CPU over time, and what moved between them.

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
        self._client._calls_between(None, None)  # those who do not look at their stacks yet begin to
        self._samples = _Samples(self._client)
        self._start = time()

    def _end(self) -> None:
        samples, stop = self._samples.finish(), time()
        calls = profile.merge(*self._client._calls_between(self._start, stop).values())
        _write(self.filename, page_of_run(self._client._native, self._start, stop, samples, calls, self._code), self._storage_options)

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
