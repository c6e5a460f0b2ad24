"""What a program says of tasks, and the containers that its arguments may be."""

from __future__ import annotations

from numbers import Number
from typing import Any

from .._annotations import get_annotations
from ..utils import parse_bytes

CONTAINERS = (list, tuple, set, frozenset)

# What a scheduler follows; a program may say other things of its operations, too.
_KNOWN = frozenset(["priority", "retries", "workers", "allow_other_workers", "resources", "memory"])


def demands_of(**annotations: Any) -> dict[str, Any] | None:
    """What is said of tasks, by arguments and around them; None if nothing is."""
    workers = annotations.get("workers")
    if isinstance(workers, (str, Number)):
        annotations["workers"] = [workers]
    elif workers is not None:
        annotations["workers"] = list(workers)
    if annotations.get("allow_other_workers") and workers is None:
        raise ValueError("allow_other_workers=True needs workers=: it says that those are only preferred")
    around = {name: value for name, value in get_annotations().items() if name in _KNOWN and not callable(value)}
    said = {**around, **{name: value for name, value in annotations.items() if value not in (None, False, 0, {})}}
    if "workers" in said:
        said["workers"] = [str(each) for each in said["workers"]]
    if "memory" in said:
        said["memory"] = parse_bytes(said["memory"])
    return said or None
