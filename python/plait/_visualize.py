"""Pictures of task graphs: to a file of any format, and as what a notebook shows."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from . import _plait, config
from ._lazy import tempfile

_FORMATS = ("png", "svg", "pdf", "dot", "jpg", "jpeg")

# More tasks than this are drawn as their layers.
_MOST_TASKS = 20_000

_PLASMA = ("#0d0887", "#4c02a1", "#7e03a8", "#aa2395", "#cc4778", "#e66c5c", "#f89540", "#fdc527", "#f0f921")

_COLORS = ("order", "age", "freed", "memoryincreases", "memorydecreases", "memorypressure", "critical", "cpath")


def draw(
    picture: Any,
    filename: str | os.PathLike | None = "mydask",
    format: str | None = None,
    *,
    rankdir: str = "BT",
    color: str | None = None,
    cmap: Any = None,
    maxval: float | None = None,
    limit: int | None = None,
    engine: str | None = None,
    verbose: bool = False,
    collapse_outputs: bool = False,
    data_attributes: Mapping[Hashable, Mapping] | None = None,
    function_attributes: Mapping[Hashable, Mapping] | None = None,
    graph_attr: Mapping[str, Any] | None = None,
    node_attr: Mapping[str, Any] | None = None,
    edge_attr: Mapping[str, Any] | None = None,
    **attributes: Any,
) -> Any:
    """Draw a `_plait.Picture`; see :func:`plait.visualize` for the arguments.

    Raises
    ------
    ValueError
        If the format, the direction, the color or the engine is none of those that there are.
    OSError
        If the file cannot be written, or png or pdf is asked for without Graphviz's program ``dot``.
    """
    path, format = _path_and_format(filename, format)
    if rankdir not in ("BT", "TB", "LR", "RL"):
        raise ValueError(f"visualize: rankdir '{rankdir}' is not one of BT, TB, LR, RL")
    functions = dict(function_attributes or {})
    data = dict(data_attributes or {})
    if color is not None:
        for key, shown in _colored(picture, color, cmap, maxval).items():
            functions[key] = {**shown, **functions.get(key, {})}
            data[key] = {"color": shown["color"], **data.get(key, {})}
    most = _MOST_TASKS if limit is None else limit
    if len(picture) > most:
        warnings.warn(
            f"visualize: {len(picture):,} tasks are too many to draw (limit={most:,}); the picture shows their {picture.num_layers():,} layers",
            stacklevel=4,
        )
        picture.group_by_layer()
        functions, data = {}, {}
    keys = picture.keys() if functions or data else []
    options = {
        "rankdir": rankdir,
        "verbose": bool(verbose),
        "collapse_outputs": bool(collapse_outputs),
        "with_graphviz": _with_graphviz(engine),
        "graph": _texts({**(graph_attr or {}), **attributes}),
        "nodes": _texts({**({"penwidth": 4} if color else {}), **(node_attr or {})}),
        "edges": _texts(edge_attr or {}),
        "functions": [_texts(functions.get(key, {})) for key in keys],
        "data": [_texts(data.get(key, {})) for key in keys],
    }
    if path is not None:
        picture.draw(path, **options)
        return _displayed(path, format)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"graph.{format}")
        picture.draw(path, **options)
        return _displayed(path, format)


def _path_and_format(filename: str | os.PathLike | None, format: str | None) -> tuple[str | None, str]:
    stem = None if filename is None else os.fspath(filename)
    if stem is not None and format is None:
        start, suffix = os.path.splitext(stem)
        if suffix[1:].lower() in _FORMATS:
            stem, format = start, suffix[1:]
    format = (format or "png").lower()
    if format not in _FORMATS:
        raise ValueError(f"visualize: format '{format}' is not one of {', '.join(_FORMATS)}")
    if stem is not None and stem.lower().endswith(f".{format}"):
        return stem, format
    return None if stem is None else f"{stem}.{format}", format


def _with_graphviz(engine: str | None) -> bool:
    engine = engine or config.get("visualization.engine", None) or "graphviz"
    if engine not in ("graphviz", "plait"):
        raise ValueError(f"visualize: there is no engine '{engine}'; expected 'graphviz', or 'plait' for pictures that need no other program")
    return engine == "graphviz"


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in attributes.items()}


def _displayed(path: str, format: str) -> Any:
    try:
        from IPython.display import SVG, Image
    except ImportError:
        return None
    if format == "svg":
        return SVG(filename=path)
    return Image(filename=path) if format in ("png", "jpg", "jpeg") else None


def _colored(picture: Any, color: str, cmap: Any, maxval: float | None) -> dict[Any, dict[str, str]]:
    """Color and label of each task's circle."""
    measure = color.removeprefix("order-")
    measure = {"ages": "age", "cpath": "critical"}.get(measure, measure)
    if measure not in _COLORS or color == "order-order":
        raise ValueError(f"visualize: color '{color}' is not one of {', '.join(_COLORS)}, or one of these after 'order-'")
    ranks = picture.ranks()
    values = ranks if measure == "order" else _measured(picture.inputs(), ranks, measure)
    most = max([1, *values]) if maxval is None else maxval
    paint = _painter(cmap)
    shown = {}
    for key, rank, value in zip(picture.keys(), ranks, values, strict=True):
        label = f"{rank}-{value}" if color.startswith("order-") else str(value)
        shown[key] = {"color": paint(min(1.0, value / most) if most else 0.0), "label": label}
    return shown


def _measured(inputs: list[list[int]], ranks: list[int], measure: str) -> list[int]:
    """A number for each task, as if the tasks ran one by one in their order."""
    num_tasks = len(inputs)
    num_users = [0] * num_tasks
    for taken in inputs:
        for each in taken:
            num_users[each] += 1
    age, freed, at_run, at_release = ([0] * num_tasks for _ in range(4))
    waiting = list(num_users)
    in_memory = 0
    for time, task in enumerate(sorted(range(num_tasks), key=ranks.__getitem__)):
        at_run[task] = in_memory
        for each in inputs[task]:
            waiting[each] -= 1
            if waiting[each] == 0:
                age[each] = time - ranks[each]
                at_release[each] = in_memory
                freed[task] += 1
        if num_users[task] == 0:
            at_release[task] = in_memory
        in_memory += (1 if num_users[task] else 0) - freed[task]
    if measure == "critical":
        return _longest_chains(inputs)
    changes = [after - before for before, after in zip(at_run, at_release, strict=True)]
    return {
        "age": age,
        "freed": freed,
        "memorypressure": at_run,
        "memoryincreases": [max(0, change) for change in changes],
        "memorydecreases": [max(0, -change) for change in changes],
    }[measure]


def _longest_chains(inputs: list[list[int]]) -> list[int]:
    """How many tasks stand on the longest chain through each task."""
    below = [1] * len(inputs)
    above = [1] * len(inputs)
    for task, taken in enumerate(inputs):
        below[task] = 1 + max((below[each] for each in taken), default=0)
    for task in reversed(range(len(inputs))):
        for each in inputs[task]:
            above[each] = max(above[each], above[task] + 1)
    return [down + up - 1 for down, up in zip(below, above, strict=True)]


def _painter(cmap: Any) -> Callable[[float], str]:
    """A function from 0..1 to a color; ``cmap`` is a colormap of matplotlib or its name."""
    if cmap is None:
        return _plasma
    if isinstance(cmap, str):
        import matplotlib  # only for its colormaps

        cmap = matplotlib.colormaps[cmap]
    return lambda value: "#{:02x}{:02x}{:02x}".format(*(int(part) for part in cmap(value, bytes=True)[:3]))


def _plasma(value: float) -> str:
    place = value * (len(_PLASMA) - 1)
    low = min(int(place), len(_PLASMA) - 2)
    part = place - low
    channels = zip(bytes.fromhex(_PLASMA[low][1:]), bytes.fromhex(_PLASMA[low + 1][1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in channels)


def picture_of(exprs: list, optimize: bool) -> Any:
    """The picture of plan nodes."""
    return _plait.Picture.of_plan(exprs, optimize)
