"""Pictures of where Python code spends its time: trees of calls, as Dask has them, drawn as one HTML element."""

from __future__ import annotations

import html
from collections.abc import Iterator
from os.path import basename
from typing import Any

from .._code_samples import Tree, empty, merged
from ..diagnostics.profile_visualize import COLORS

_ROW = 18
# Narrower ones would not be seen.
_LEAST_SHARE = 0.002
_MAX_DEPTH = 40


def create() -> Tree:
    """A tree of no samples."""
    return empty()


def merge(*trees: Tree) -> Tree:
    """One tree with the samples of several."""
    return merged(trees)


def of_function(tree: Tree, name: str | None) -> Tree:
    """The samples of tasks whose function has that name; all if there is none.

    Examples
    --------
    >>> of_function(empty(), "inc")["count"]
    0
    """
    if name is None:
        return tree
    children = {each: child for each, child in tree["children"].items() if child["description"]["name"] == name}
    return {**tree, "children": children, "count": sum(child["count"] for child in children.values())}


def _boxes(tree: Tree, whole: int, start: int = 0, depth: int = 0) -> Iterator[tuple[float, float, int, dict[str, Any], int]]:
    """Where each call is drawn: from where to where as shares of all, how deep, what it is, and how often it was seen."""
    if depth >= _MAX_DEPTH:
        return
    for child in sorted(tree["children"].values(), key=lambda each: -each["count"]):
        if child["count"] < _LEAST_SHARE * whole:
            continue
        yield start / whole, child["count"] / whole, depth, child["description"], child["count"]
        yield from _boxes(child, whole, start, depth + 1)
        start += child["count"]


def _color(description: dict[str, Any]) -> str:
    """One for each file, in all processes the same."""
    return COLORS[sum(description["filename"].encode()) % len(COLORS)]


def _label(description: dict[str, Any]) -> str:
    """A function's name; a module that is being imported is called by its file."""
    return basename(description["filename"]) if description["name"] == "<module>" else description["name"]


def drawn(tree: Tree) -> str:
    """A tree as an HTML element: callers above those that they call, as wide as they took time.

    Examples
    --------
    >>> drawn(empty())
    '<p class="dim">No Python code was seen at work.</p>'
    """
    whole = tree["count"]
    if not whole:
        return '<p class="dim">No Python code was seen at work.</p>'
    boxes = list(_boxes(tree, whole))
    drawn_boxes = []
    for left, width, depth, description, count in boxes:
        where = f"{basename(description['filename'])}:{description['line_number']}"
        title = f"{description['name']} ({where})\n{description['line']}\n{count:,} of {whole:,} samples ({count / whole:.1%})"
        style = f"left:{100 * left:.2f}%;width:{100 * width:.2f}%;top:{depth * _ROW}px;background:{_color(description)}"
        drawn_boxes.append(f'<b style="{style}" title="{html.escape(title)}">{html.escape(_label(description))}</b>')
    height = _ROW * (1 + max(depth for _, _, depth, _, _ in boxes))
    return f'<div class="calls" style="height:{height}px">{"".join(drawn_boxes)}</div>'
