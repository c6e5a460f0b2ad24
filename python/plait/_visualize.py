"""Pictures of task graphs in files of any format, and in notebooks."""

from __future__ import annotations

import os
import tempfile
from typing import Callable

_FORMATS = ("png", "svg", "pdf", "dot")


def draw(write: Callable[[str], None], filename: str | None, format: str | None):
    """Let ``write`` draw into a file of the wanted format, and return the picture where IPython is there.

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
    if filename is not None:
        path = f"{filename}.{format}"
        write(path)
        return _displayed(path, format)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"graph.{format}")
        write(path)
        return _displayed(path, format)


def _displayed(path: str, format: str):
    try:
        from IPython.display import SVG, Image
    except ImportError:
        return None
    if format == "svg":
        return SVG(filename=path)
    return Image(filename=path) if format == "png" else None
