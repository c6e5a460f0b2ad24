"""What a user says of the operations made inside a ``with`` block: priorities, retries and the like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Number
from typing import Any

_current: ContextVar[dict[str, Any]] = ContextVar("plait annotations", default={})  # noqa: B039

# What means something to a cluster, and must be of these types.
_EXPECTED: dict[str, tuple[Any, str]] = {
    "workers": ((list, set, tuple, str), "a worker's address, or a list, set or tuple of such"),
    "priority": (Number, "a number"),
    "retries": (Number, "a number"),
    "resources": (dict, "a dict of names and amounts"),
    "allow_other_workers": (bool, "True or False"),
    "memory": ((Number, str), "a number of bytes, or a text such as '2GB'"),
}


def get_annotations() -> dict[str, Any]:
    """The annotations of operations that are made now."""
    return dict(_current.get())


@contextmanager
def annotate(**annotations: Any) -> Iterator[None]:
    """Say something of the operations that are made inside the ``with`` block.

    Layers of `plait.highlevelgraph.HighLevelGraph` that are made there keep the annotations; what runs them may follow. The
    executors of one machine do not.

    Parameters
    ----------
    **annotations : object
        Names with their values; a value may be a function of the key. Inner blocks add to outer ones. Those that mean
        something to a cluster: ``priority``, ``workers``, ``retries``, ``allow_other_workers``, ``resources``,
        and ``memory``, a cap for each task.

    Raises
    ------
    TypeError
        If the value of a name that means something to a cluster is of a wrong type.

    Examples
    --------
    >>> with plait.annotate(priority=10), plait.annotate(retries=2):
    ...     plait.get_annotations()
    {'priority': 10, 'retries': 2}
    """
    for name, (kinds, expected) in _EXPECTED.items():
        if name in annotations and not isinstance(annotations[name], kinds) and not callable(annotations[name]):
            raise TypeError(f"annotate: {name} is {annotations[name]!r}, expected {expected}, or a function of the key")
    workers = annotations.get("workers")
    if workers is not None and not callable(workers):
        annotations["workers"] = [workers] if isinstance(workers, str) else list(workers)
    token = _current.set({**_current.get(), **annotations})
    try:
        yield
    finally:
        _current.reset(token)
