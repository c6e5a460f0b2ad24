"""Templates of other libraries for what notebooks show: they add folders to ``TEMPLATE_PATHS`` and functions to ``FILTERS``.

Plait's own collections are shown without templates.
"""

from __future__ import annotations

import datetime
import html
from collections.abc import Callable
from typing import Any

from .utils import format_bytes, format_time, format_time_ago, key_split, typename

__all__ = ["FILTERS", "TEMPLATE_PATHS", "get_environment", "get_template"]

# What templates may call, by name.
FILTERS: dict[str, Callable] = {
    "datetime_from_timestamp": datetime.datetime.fromtimestamp,
    "format_bytes": format_bytes,
    "format_time": format_time,
    "format_time_ago": format_time_ago,
    "html_escape": html.escape,
    "key_split": key_split,
    "type": type,
    "typename": typename,
}

# Folders of templates; the first one that has a template wins.
TEMPLATE_PATHS: list[str] = []


def get_environment() -> Any:
    """A ``jinja2.Environment`` of the folders and filters as they are now.

    Raises
    ------
    ImportError
        If the package jinja2 is not installed.
    """
    try:
        import jinja2  # not needed otherwise
    except ImportError:
        raise ImportError("plait.widgets: templates need the package jinja2 (pip install jinja2)") from None
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATE_PATHS))
    environment.filters.update(FILTERS)
    return environment


def get_template(name: str) -> Any:
    """The template of that name, a ``jinja2.Template``.

    Raises
    ------
    jinja2.TemplateNotFound
        If no folder has it; the message lists the folders.
    ImportError
        If the package jinja2 is not installed.
    """
    environment = get_environment()
    if name not in environment.list_templates():
        from jinja2 import TemplateNotFound

        raise TemplateNotFound(name, f"there is no template {name!r} in the folders of plait.widgets.TEMPLATE_PATHS: {TEMPLATE_PATHS}")
    return environment.get_template(name)
