"""Pictures of profiles: one HTML page that holds all it needs."""

from __future__ import annotations

import html
import json
import os
import sys
import webbrowser
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from ..utils import format_time, funcname

__all__ = ["visualize"]

# What the script of the page draws: see profile_page.js.
Plot = dict[str, Any]

COLORS = ("#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#eeca3b", "#9d755d", "#ff9da6", "#79706e", "#439894", "#d67195")

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #222; --dim: #666; --paper: #fff; --line: #8884; --shade: #8881; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #ddd; --dim: #999; --paper: #16181c; }} }}
body {{ font: 14px system-ui, sans-serif; margin: 20px auto; padding: 0 20px; max-width: 1400px; color: var(--ink); background: var(--paper); }}
canvas {{ width: 100%; display: block; }}
h1 {{ font-size: 20px; }}
h2 {{ font-size: 15px; margin: 24px 0 6px; }}
table {{ border-collapse: collapse; margin: 6px 0; }}
td, th {{ text-align: left; padding: 3px 18px 3px 0; font-weight: normal; border-bottom: 1px solid var(--line); }}
th, .dim {{ color: var(--dim); }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
pre {{ background: var(--shade); padding: 8px; overflow-x: auto; }}
.legend span {{ margin-right: 14px; white-space: nowrap; display: inline-block; }}
.legend i {{ display: inline-block; width: 10px; height: 10px; margin-right: 5px; }}
.calls {{ position: relative; overflow: hidden; }}
.calls b {{ position: absolute; height: 17px; font: 11px/17px system-ui, sans-serif; color: #fff; text-shadow: 0 0 2px #000a; padding-left: 3px;
  box-sizing: border-box; border-right: 1px solid var(--paper); overflow: hidden; white-space: nowrap; }}
#tip {{ position: absolute; display: none; background: #222; color: white; padding: 3px 7px; border-radius: 3px; font-size: 12px; }}
</style>
</head>
<body>
<h1>{title}</h1>
{sections}
<div id="tip"></div>
<script>
const plots = {plots};
{script}
</script>
</body>
</html>
"""


def _origin(times: Iterable[float], start: float | None) -> float:
    return min((time for time in (start, *times) if time is not None), default=0.0)


def task_plot(results: Sequence, ops: dict[Any, str], start: float | None, end: float | None) -> Plot:
    """Rectangles of tasks, a row for each worker."""
    origin = _origin((task.start_time for task in results), start)
    workers = sorted({task.worker_id for task in results}, key=str)
    names: list[str] = []
    place_of: dict[str, int] = {}
    tasks = []
    seconds: dict[str, float] = {}
    for task in results:
        name = _name(task.key, task.task, ops)
        place = place_of.setdefault(name, len(names))
        if place == len(names):
            names.append(name)
        took = task.end_time - task.start_time
        seconds[name] = seconds.get(name, 0.0) + took
        tasks.append([round(task.start_time - origin, 7), round(took, 7), workers.index(task.worker_id), place, str(task.key)])
    colors = [COLORS[place % len(COLORS)] for place in range(len(names))]
    last = max((task.end_time for task in results), default=origin)
    return {
        "kind": "tasks",
        "title": f"{len(tasks)} tasks",
        "end": max(last, end or 0.0) - origin,
        "rows": [f"worker {worker}" for worker in workers],
        "names": names,
        "colors": colors,
        "tasks": tasks,
        "legend": [[color, f"{name} ({format_time(seconds[name])})"] for name, color in zip(names, colors, strict=True)],
    }


def _name(key: Any, task: Any, ops: dict[Any, str]) -> str:
    """What a task does: its function, if the user wrote it, else its operation."""
    if isinstance(task, tuple) and task and callable(task[0]) and not type(task[0]).__name__ == "TaskCall":
        return funcname(task[0])
    return ops.get(key, "task")


def resource_plot(results: Sequence, start: float | None, end: float | None) -> Plot:
    """Lines of memory and CPU over time."""
    origin = _origin((sample.time for sample in results), start)
    memory, cpu = COLORS[0], COLORS[1]
    series = [
        {"color": memory, "points": [[sample.time - origin, sample.mem] for sample in results]},
        {"color": cpu, "points": [[sample.time - origin, sample.cpu] for sample in results]},
    ]
    last = max((sample.time for sample in results), default=origin)
    legend = [[memory, "memory (MB, left)"], [cpu, "CPU (% of one core, right)"]]
    return {"kind": "lines", "title": "Resources", "end": max(last, end or 0.0) - origin, "series": series, "legend": legend}


def cache_plot(results: Sequence, metric_name: str, start: float | None, end: float | None) -> Plot:
    """The sum of a metric over the values that are kept, over time."""
    origin = _origin((value.cache_time for value in results), start)
    changes = sorted([(value.cache_time, value.metric) for value in results] + [(value.free_time, -value.metric) for value in results])
    points = [[0.0, 0.0]]
    for time, change in changes:
        points.append([time - origin, points[-1][1] + float(change)])
    color = COLORS[2]
    return {
        "kind": "lines",
        "title": "Values that are kept",
        "end": max(points[-1][0], (end or 0.0) - origin),
        "series": [{"color": color, "points": points, "steps": True}],
        "legend": [[color, metric_name]],
    }


class Page(str):
    """A page as text; a notebook shows it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<page of {len(self)} characters>"

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{html.escape(self)}" width="100%" height="520" frameborder="0"></iframe>'


def page_of(plots: list[Plot], title: str = "Profile of Plait", introduction: str = "", conclusion: str = "") -> Page:
    """One page that holds all it needs: plots along one axis of time, and HTML before and after them."""
    sections = [introduction] if introduction else []
    for place, plot in enumerate(plots):
        legend = "".join(f'<span><i style="background:{color}"></i>{html.escape(text)}</span>' for color, text in plot["legend"])
        sections.append(f'<h2>{html.escape(plot["title"])}</h2>\n<div class="legend">{legend}</div>\n<canvas id="plot{place}"></canvas>')
    sections.append(conclusion)
    script = files(__package__).joinpath("profile_page.js").read_text()
    data = json.dumps(plots).replace("</", "<\\/")  # a text of the data must not end the script
    return Page(_PAGE.format(title=html.escape(title), sections="\n".join(sections), plots=data, script=script))


def visualize(profilers: Any, filename: str | os.PathLike = "profile.html", show: bool = True, save: bool | None = None, **kwargs: Any) -> Page:
    """Draw profiles into one HTML page that needs nothing else, one below the other along the same time.

    Parameters
    ----------
    profilers : Profiler, ResourceProfiler, CacheProfiler or list of them
        What to draw.
    filename : str or path
        Where to write the page.
    show : bool
        Whether to open it in a browser, where the program runs in a terminal.
    save : bool, optional
        Whether to write the file; default is yes.
    **kwargs : object
        Accepted for programs that style Dask's plots; without effect.

    Returns
    -------
    Page
        The page as text, which a notebook shows.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    profilers = list(profilers) if isinstance(profilers, (list, tuple)) else [profilers]
    page = page_of([profiler._plot() for profiler in profilers])
    if save is None or save:
        with open(filename, "w", encoding="utf-8") as file:
            file.write(page)
        if show and sys.stdout is not None and sys.stdout.isatty():
            webbrowser.open("file://" + os.path.abspath(filename))
    return page
