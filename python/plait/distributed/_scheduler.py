"""What a scheduler is asked, in the engine's words."""

from __future__ import annotations

from typing import Any

from .. import _pickle


def info_of(native: Any) -> dict[str, Any]:
    """What the scheduler tells of itself, and of its workers by their addresses.

    Parameters
    ----------
    native : object
        The engine's client, or its cluster.
    """
    found = native.ask("info", {})
    return {**found, "workers": {each["address"]: _worker(each) for each in found["workers"]}}


def _worker(found: dict[str, Any]) -> dict[str, Any]:
    name = str(found["name"])
    executing = len(found.get("executing", ()))
    return {
        **found,
        "name": int(name) if name.isdecimal() else name,
        "managed": found.get("managed_bytes", 0),
        "spilled": found.get("spilled_bytes", 0),
        "executing": executing,
        "ready": max(0, found.get("num_processing", 0) - executing),
    }


def text_of_object(value: Any) -> str:
    """A small object as a text that the scheduler keeps without reading it."""
    return _pickle.dumps(value).decode("latin-1")


def object_of_text(text: str) -> Any:
    """The object of :func:`text_of_object`."""
    return _pickle.loads(text.encode("latin-1"))
