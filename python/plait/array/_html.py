"""How a notebook shows an array: a table and a drawing of the blocks."""

from __future__ import annotations

import math
from typing import Any

from .._lazy import utils


def table(array: Any) -> str:
    """The HTML of an array."""
    rows = [
        ("Bytes", _bytes(array.nbytes), _bytes(math.prod(array.chunksize) * array.itemsize)),
        ("Shape", _tuple(array.shape), _tuple(array.chunksize)),
        ("Chunks", f"{array.npartitions} chunks in {_tuple(array.numblocks)}", ""),
        ("Data type", f"{array.dtype} numpy.ndarray", ""),
    ]
    body = "".join(f"<tr><th>{name}</th><td>{of_array}</td><td>{of_chunk}</td></tr>" for name, of_array, of_chunk in rows)
    head = "<thead><tr><td></td><th>Array</th><th>Chunk</th></tr></thead>"
    return f"<table><tr><td><table>{head}<tbody>{body}</tbody></table></td><td>{drawing(array.chunks)}</td></tr></table>"


def _bytes(count: float) -> str:
    return "unknown" if math.isnan(count) else utils.format_bytes(count)


def _tuple(extents: tuple) -> str:
    return f"({extents[0]},)" if len(extents) == 1 else f"({', '.join(map(str, extents))})"


def drawing(chunks: tuple, side: float = 120) -> str:
    """The last two axes as a grid, at most 20 lines each way; nothing where an extent is unknown."""
    axes = chunks[-2:]
    if not axes or any(math.isnan(extent) or extent == 0 for blocks in axes for extent in (sum(blocks),)):
        return ""
    if len(axes) == 1:
        axes = ((max(1, sum(axes[0]) // 8),), axes[0])
    extents = [sum(blocks) for blocks in axes]
    scale = side / max(extents)
    height, width = (max(12.0, extent * scale) for extent in extents)
    lines = [_line(0, at * height, width, at * height) for at in _boundaries(axes[0])]
    lines += [_line(at * width, 0, at * width, height) for at in _boundaries(axes[1])]
    style = "stroke:rgb(60,60,60);stroke-width:1"
    return (
        f'<svg width="{width + 20:.0f}" height="{height + 20:.0f}"><g transform="translate(10,10)" style="{style}">'
        f'<rect width="{width:.1f}" height="{height:.1f}" style="fill:#ecb172"/>{"".join(lines)}</g></svg>'
    )


def _boundaries(blocks: tuple) -> list[float]:
    total, position, all_of_them = sum(blocks), 0, [0.0]
    for block in blocks:
        position += block
        all_of_them.append(position / total)
    step = max(1, len(all_of_them) // 20)
    return all_of_them[::step]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
