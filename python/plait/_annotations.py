"""What a user says of the operations made inside a ``with`` block: priorities, retries and the like."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Number
from typing import Any

from . import _plait


class _Said(dict):
    """What is said in a block, and whether anything in it asked for that."""

    was_asked_for = False


_current: ContextVar[_Said] = ContextVar("plait annotations", default=_Said())  # noqa: B039

# What means something to a cluster, and must be of these types.
_EXPECTED: dict[str, tuple[Any, str]] = {
    "workers": ((list, set, tuple, str), "a worker's address, or a list, set or tuple of such"),
    "priority": (Number, "a number"),
    "retries": (Number, "a number"),
    "resources": (dict, "a dict of names and amounts"),
    "allow_other_workers": (bool, "True or False"),
    "memory": ((Number, str), "a number of bytes, or a text such as '2GB'"),
}


def taken_annotations(kwargs: dict) -> dict[str, Any]:
    """What arguments of a run say of its tasks, taken out of them; for :func:`annotate`."""
    said = {name: kwargs.pop(name) for name in _EXPECTED if name in kwargs}
    return {name: value for name, value in said.items() if value is not None}


def get_annotations() -> dict[str, Any]:
    """The annotations of operations that are made now."""
    said = _current.get()
    said.was_asked_for = True
    return dict(said)


def retries_of_run(scheduler: Any) -> int:
    """How often a task that fails may run again, in a run on this machine that begins now.

    Warns of what is said around it that only a cluster follows.
    """
    if not _current.get() or isinstance(scheduler, _plait.cluster.Executor):  # a client has told its scheduler already
        return 0
    said = get_annotations()
    retries = said.get("retries", 0)
    is_followed = not callable(retries) and not callable(scheduler)
    ignored = [name for name in _EXPECTED if name in said and (name != "retries" or not is_followed)]
    if ignored:
        warnings.warn(
            f"annotate: {', '.join(ignored)} mean nothing to this run: on one machine a number of retries is followed; a cluster "
            "(plait.distributed.Client) follows more",
            stacklevel=2,
        )
    return max(int(retries), 0) if is_followed else 0


@contextmanager
def annotate(**annotations: Any) -> Iterator[None]:
    """Say something of what is computed inside the ``with`` block.

    A run on threads, in processes or on this thread follows ``retries``; a cluster follows all of the names below. What is neither
    is kept: layers of `plait.highlevelgraph.HighLevelGraph` that are made in the block have it as their ``annotations``.
    Operations do not remember in which block they were made. So a warning says when nothing in the block asked for what it
    says, and when a run cannot follow it.

    Parameters
    ----------
    **annotations : object
        Names with their values; a value may be a function of the key, which only layers keep. Inner blocks add to outer ones.
        Those that mean something: ``retries``, how often a task that has failed runs again before its error is raised;
        ``priority``, ``workers``, ``allow_other_workers``, ``resources``, and ``memory``, a cap for each task.

    Raises
    ------
    TypeError
        If the value of a name that means something to a cluster is of a wrong type.

    Examples
    --------
    >>> with plait.annotate(priority=10), plait.annotate(retries=2):
    ...     plait.get_annotations()
    {'priority': 10, 'retries': 2}
    >>> with plait.annotate(retries=3):
    ...     result = plait.delayed(sum)([1, 2]).compute()
    """
    for name, (kinds, expected) in _EXPECTED.items():
        if name in annotations and not isinstance(annotations[name], kinds) and not callable(annotations[name]):
            raise TypeError(f"annotate: {name} is {annotations[name]!r}, expected {expected}, or a function of the key")
    workers = annotations.get("workers")
    if workers is not None and not callable(workers):
        annotations["workers"] = [workers] if isinstance(workers, str) else list(workers)
    outer = _current.get()
    said = _Said({**outer, **annotations})
    token = _current.set(said)
    try:
        yield
    finally:
        _current.reset(token)
        outer.was_asked_for |= said.was_asked_for
    if not said.was_asked_for and not annotations.keys().isdisjoint(_EXPECTED):
        warnings.warn(
            f"annotate: nothing was computed in the block, so that {', '.join(annotations)} had no effect: operations do not remember "
            "in which block they were made; compute in it",
            stacklevel=3,
        )
