"""Pictures of task graphs: to a file of any format, and as what a notebook shows."""

from __future__ import annotations

import os

from . import _plait

_FORMATS = ("png", "svg", "pdf", "dot")


def draw(exprs: list, optimize: bool, filename: str | None, format: str | None):
    """Draw the task graph of ``exprs``, and return it as a picture where IPython is there.

    Raises
    ------
    ValueError
        If the format is none of png, svg, pdf and dot.
    OSError
        If the file cannot be written, or png or pdf is asked for without Graphviz's program ``dot``.
    """
    if filename is not None:
        stem, suffix = os.path.splitext(os.fspath(filename))
        if suffix[1:].lower() in _FORMATS:
            filename, format = stem, suffix[1:].lower()
    format = (format or "png").lower()
    if format not in _FORMATS:
        raise ValueError(f"visualize: format '{format}' is not one of {', '.join(_FORMATS)}")
    if filename is None:
        import tempfile  # slow to load

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, f"graph.{format}")
            _plait.draw(exprs, optimize, path)
            return _displayed(path, format)
    path = f"{filename}.{format}"
    _plait.draw(exprs, optimize, path)
    return _displayed(path, format)


def _displayed(path: str, format: str):
    try:
        from IPython.display import SVG, Image
    except ImportError:
        return None
    if format == "svg":
        return SVG(filename=path)
    return Image(filename=path) if format == "png" else None
