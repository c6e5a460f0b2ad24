"""What a report of a cluster draws: its tasks, its memory, what went from worker to worker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..diagnostics.profile_visualize import COLORS, Plot
from ..utils import format_time

# So many rectangles fit into a file of less than 2 MB.
_MAX_TASKS = 15_000
_NUM_BINS = 200


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


def system_plot(samples: list[tuple[float, int, float]], start: float, stop: float) -> Plot:
    """Workers' memory and CPU over time.

    Parameters
    ----------
    samples : list of tuple
        Time, bytes of all workers, CPU in percent of one core.
    start, stop : float
        From when to when.
    """
    series = [
        {"color": COLORS[0], "points": [[when - start, memory / 1e6] for when, memory, _ in samples]},
        {"color": COLORS[1], "points": [[when - start, cpu] for when, _, cpu in samples]},
    ]
    legend = [[COLORS[0], "memory of all workers (MB, left)"], [COLORS[1], "CPU of all workers (% of one core, right)"]]
    return {"kind": "lines", "title": "System", "end": stop - start, "series": series, "legend": legend}


def transfer_plot(transfers: Iterable[dict[str, Any]], start: float, stop: float) -> Plot:
    """How much moved over time.

    Parameters
    ----------
    transfers : list of dict
        ``start``, ``stop`` and ``nbytes`` of each value that went from a worker to others.
    start, stop : float
        From when to when.
    """
    width = max(stop - start, 1e-9) / _NUM_BINS
    moved = [0.0] * _NUM_BINS
    for each in transfers:
        first, last = (min(_NUM_BINS - 1, max(0, int((when - start) / width))) for when in (each["start"], each["stop"]))
        for place in range(first, last + 1):
            moved[place] += each["nbytes"] / (last - first + 1)
    points = [[place * width, num_bytes / width / 1e6] for place, num_bytes in enumerate(moved)]
    series = [{"color": COLORS[2], "points": points, "steps": True}]
    legend = [[COLORS[2], "values that move between workers and to clients (MB a second)"]]
    return {"kind": "lines", "title": "Bandwidth", "end": stop - start, "series": series, "legend": legend}
