"""Pictures of task graphs: DOT text to a file of any format."""

from __future__ import annotations

import os

from . import _plait

_FORMATS = ("png", "svg", "pdf", "dot")


def draw(dot: str, filename: str | None, format: str | None):
    """Write the graph that ``dot`` describes, and return it as a picture where IPython is there.

    Raises
    ------
    ValueError
        If the format is none of png, svg, pdf and dot.
    """
    if filename is not None:
        stem, suffix = os.path.splitext(os.fspath(filename))
        if suffix[1:].lower() in _FORMATS:
            filename, format = stem, suffix[1:].lower()
    format = (format or "png").lower()
    if format not in _FORMATS:
        raise ValueError(f"visualize: format '{format}' is not one of {', '.join(_FORMATS)}")
    path = None if filename is None else f"{filename}.{format}"
    data = _plait.draw_dot(dot, format)
    if path is not None:
        with open(path, "wb") as file:
            file.write(data)
    return _displayed(data, format)


def _displayed(data: bytes, format: str):
    try:
        from IPython.display import SVG, Image
    except ImportError:
        return None
    if format == "svg":
        return SVG(data=data.decode())
    return Image(data=data, format="png") if format == "png" else None
