"""Functions that hear of every task of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

__all__ = ["Callback", "add_callbacks"]

_FIELDS = ("_start", "_start_state", "_pretask", "_posttask", "_finish")


class Callback:
    """A set of functions that hear of runs: inside a ``with`` block, or between ``register`` and ``unregister``.

    Parameters
    ----------
    start : callable, optional
        ``start(dsk)``, before anything else.
    start_state : callable, optional
        ``start_state(dsk, state)``, when the state of the run is there: a dict, see `plait.local.start_state_from_dask`.
    pretask : callable, optional
        ``pretask(key, dsk, state)``, before a task starts.
    posttask : callable, optional
        ``posttask(key, result, dsk, state, worker_id)``, after a task.
    finish : callable, optional
        ``finish(dsk, state, failed)``, at the end, after errors, too.

    Notes
    -----
    Subclasses may have methods ``_start``, ``_start_state``, ``_pretask``, ``_posttask`` and ``_finish`` instead.

    Examples
    --------
    >>> from plait.callbacks import Callback
    >>> with Callback(pretask=lambda key, dsk, state: print("now", key)):
    ...     plait.local.get_sync({"x": 1, "y": (abs, "x")}, "y")
    now y
    1
    """

    active: ClassVar[set[tuple]] = set()

    def __init__(self, start=None, start_state=None, pretask=None, posttask=None, finish=None):
        for field, function in zip(_FIELDS, (start, start_state, pretask, posttask, finish), strict=True):
            if function:
                setattr(self, field, function)

    @property
    def _callback(self) -> tuple[Callable | None, ...]:
        return tuple(getattr(self, field, None) for field in _FIELDS)

    def __enter__(self):
        self._added = add_callbacks(self)
        self._added.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._added.__exit__(*exc)

    def register(self) -> None:
        """Hear of every run from now on."""
        Callback.active.add(self._callback)

    def unregister(self) -> None:
        """Hear no more."""
        Callback.active.remove(self._callback)


class add_callbacks:
    """Context manager: some callbacks, each a `Callback` or a tuple of five functions, hear of the runs inside.

    Raises
    ------
    TypeError
        If something else is given.
    """

    def __init__(self, *callbacks: Any):
        self.callbacks = [normalize_callback(each) for each in callbacks]
        Callback.active.update(self.callbacks)

    def __enter__(self) -> None:
        return

    def __exit__(self, *exc: object) -> None:
        Callback.active.difference_update(self.callbacks)


def normalize_callback(cb: Any) -> tuple:
    """A callback as a tuple of its five functions.

    Raises
    ------
    TypeError
        If ``cb`` is no callback.
    """
    if isinstance(cb, Callback):
        return cb._callback
    if isinstance(cb, tuple):
        return cb
    raise TypeError(f"a callback is a Callback or a tuple of functions; found {cb!r}")


def unpack_callbacks(cbs: Iterable[tuple] | None) -> list:
    """Five lists, one a kind of callback, of the functions that are there."""
    if not cbs:
        return [(), (), (), (), ()]
    return [[function for function in kind if function] for kind in zip(*cbs, strict=True)]


@contextmanager
def local_callbacks(callbacks: Iterable[tuple] | None = None) -> Iterator[Iterable[tuple]]:
    """The callbacks of a run: those that are given, or the active ones, which the runs inside do not hear again."""
    if callbacks is not None:
        yield callbacks
        return
    active, Callback.active = Callback.active, set()
    try:
        yield active
    finally:
        Callback.active = active
