"""What the engine calls in place of task objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def build(kind: type, *items: Any) -> Any:
    """A list, tuple, set or the like of computed items."""
    return kind(items)


def build_named(kind: type, *items: Any) -> Any:
    """A named tuple of computed items."""
    return kind(*items)


def build_dict(*keys_and_values: Any) -> dict:
    """A dict of keys and values, one after the other."""
    return dict(zip(keys_and_values[::2], keys_and_values[1::2], strict=True))


def call_with_keywords(func: Callable, names: tuple, *values: Any) -> Any:
    """Call ``func``; the last values are those of the names."""
    at = len(values) - len(names)
    return func(*values[:at], **dict(zip(names, values[at:], strict=True)))


def call_node(node: Callable, keys: tuple, *values: Any) -> Any:
    """Call a node with a dict of what it depends on."""
    return node(dict(zip(keys, values, strict=True)))
