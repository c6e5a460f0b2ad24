"""Callbacks: functions that hear what the runs of a program do.

A callback hears the runs of ``compute``, ``persist`` and ``get``, on the thread that called these. A run inside a task belongs
to that task: only the outermost one is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from . import _plait

__all__ = ["Callback", "add_callbacks"]

_HOOKS = ("_start", "_start_state", "_pretask", "_posttask", "_finish")


class Callback:
    """Functions that are called at the steps of runs: as a context manager, or for good after :meth:`register`.

    Subclasses may define the methods ``_start``, ``_start_state``, ``_pretask``, ``_posttask`` and ``_finish`` instead.

    Parameters
    ----------
    start : callable, optional
        ``start(dsk)``, with the tasks of the run by their keys.
    start_state : callable, optional
        ``start_state(dsk, state)``. The state is a dict with the keys of tasks as they stand: ``"waiting"``, ``"ready"``,
        ``"running"``, ``"finished"``, ``"released"``, ``"cache"``, ``"dependencies"``, ``"dependents"``, ``"waiting_data"``; and
        ``"time"``, when the last of them changed (as `time.perf_counter` counts).
    pretask : callable, optional
        ``pretask(key, dsk, state)``, for every task that starts.
    posttask : callable, optional
        ``posttask(key, value, dsk, state, worker)``, for every task that has yielded its value.
    finish : callable, optional
        ``finish(dsk, state, failed)``, at the end of the run.

    Examples
    --------
    >>> keys = []
    >>> with plait.callbacks.Callback(posttask=lambda key, value, dsk, state, worker: keys.append(key)):
    ...     da.ones(3).sum().compute()
    np.float64(3.0)
    >>> len(keys) > 0
    True
    """

    active: ClassVar[set[tuple]] = set()

    def __init__(
        self,
        start: Callable | None = None,
        start_state: Callable | None = None,
        pretask: Callable | None = None,
        posttask: Callable | None = None,
        finish: Callable | None = None,
    ):
        for hook, function in zip(_HOOKS, (start, start_state, pretask, posttask, finish), strict=True):
            if function:
                setattr(self, hook, function)

    @property
    def _callback(self) -> tuple:
        """The functions of this callback, in the order of the arguments of ``__init__``; None for each that is not there."""
        return tuple(getattr(self, hook, None) for hook in _HOOKS)

    def __enter__(self):
        self._added = add_callbacks(self)
        self._added.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._added.__exit__(*exc)

    def register(self) -> None:
        """Hear every run from now on."""
        Callback.active.add(self._callback)

    def unregister(self) -> None:
        """Hear no more.

        Raises
        ------
        KeyError
            If the callback is not registered.
        """
        if not any(self._callback in each for each in (Callback.active, *_of_runs)):
            raise KeyError(self._callback)
        _end(self._callback)


class Observer(Callback):
    """A callback that needs no call for each task of the engine: ``_begin`` is called when the first of the program's runs
    begins, ``_end`` when none is left, and between them it looks at the engine. Schedulers in Python tell it of their tasks as
    they tell any callback."""

    def _begin(self) -> None:
        raise NotImplementedError

    def _end(self, failed: bool) -> None:
        raise NotImplementedError

    def __enter__(self):
        _watch(self)
        return super().__enter__()

    def __exit__(self, *exc: object) -> None:
        super().__exit__(*exc)
        _watches.pop(self, None)

    def register(self) -> None:
        """Watch every run from now on."""
        _watch(self)
        super().register()

    def unregister(self) -> None:
        """Watch no more."""
        super().unregister()
        _watches.pop(self, None)


class _Watch:
    """The runs that an observer looks at now, of all threads."""

    def __init__(self, observer: Observer):
        self.observer = observer
        self.functions = observer._callback
        self._lock = threading.Lock()
        self._num_runs = 0

    def enter(self) -> None:
        with self._lock:
            self._num_runs += 1
            if self._num_runs == 1:
                self.observer._begin()

    def leave(self, failed: bool) -> None:
        with self._lock:
            self._num_runs -= 1
            if self._num_runs == 0:
                self.observer._end(failed)


_watches: dict[Observer, _Watch] = {}
_active_lock = threading.Lock()
# The callbacks that are told of the runs which are under way; `Callback.active` has those of runs to come.
_of_runs: list[set[tuple]] = []


def _end(functions: tuple) -> None:
    """A callback is active no more, whatever runs are under way on other threads."""
    with _active_lock:
        for each in (Callback.active, *_of_runs):
            each.discard(functions)


# The raw graphs that are being run, as their users wrote them.
given_graphs: list[dict] = []


def _watch(observer: Observer) -> None:
    _watches[observer] = _Watch(observer)


def normalize_callback(callback: Callback | tuple) -> tuple:
    """The tuple of functions of a callback, or of such a tuple itself.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(callback, Callback):
        return callback._callback
    if isinstance(callback, tuple):
        return callback
    raise TypeError(f"a callback is a plait.callbacks.Callback or a tuple of its functions, not a {type(callback).__name__}")


class add_callbacks:
    """Adds callbacks, or tuples of their functions, until the end of the ``with`` block.

    Examples
    --------
    >>> with plait.callbacks.add_callbacks(plait.callbacks.Callback(finish=lambda dsk, state, failed: print("over"))):
    ...     da.ones(3).sum().compute()
    over
    np.float64(3.0)
    """

    def __init__(self, *callbacks: Callback | tuple):
        self.callbacks = [normalize_callback(each) for each in callbacks]
        Callback.active.update(self.callbacks)

    def __enter__(self) -> None:
        return

    def __exit__(self, *exc: object) -> None:
        for each in self.callbacks:
            _end(each)


def unpack_callbacks(callbacks: Iterable[tuple] | None) -> list:
    """The functions of several callbacks: a list of the ``start`` functions, one of the ``start_state`` functions and so on."""
    callbacks = list(callbacks or ())
    return [[each[place] for each in callbacks if place < len(each) and each[place]] for place in range(len(_HOOKS))]


@contextmanager
def local_callbacks(callbacks: Any = None) -> Iterator[Any]:
    """The callbacks that the run inside the block tells: those that are given, else all active ones, which runs inside that run
    do not tell then."""
    if callbacks is not None:
        yield callbacks
        return
    with _active_lock:
        active, Callback.active = Callback.active, set()
        _of_runs.append(active)
    try:
        yield active
    finally:
        with _active_lock:
            _of_runs[:] = [each for each in _of_runs if each is not active]
            Callback.active = active | Callback.active


class _Teller:
    """Tells callbacks what the engine's runs on this thread do."""

    def __init__(self, callbacks: Iterable[tuple], dsk: dict | None):
        self._start, self._start_state, self._pretask, self._posttask, self._finish = unpack_callbacks(callbacks)
        self._given = dsk
        self._dsk: dict = {}
        self._state: dict[str, Any] = {}
        self._events: Any = None

    def is_needed(self) -> bool:
        return bool(self._start or self._start_state or self._pretask or self._posttask or self._finish)

    def listen(self) -> None:
        self._events = _plait.RunEvents(True, bool(self._posttask))
        _plait.push_listener(self.deliver)

    def close(self) -> None:
        _plait.pop_listener()
        self._events.close()

    def deliver(self) -> None:
        for what, _, *rest in self._events.take():
            getattr(self, f"_on_{what}")(*rest)

    def _on_start(self, tasks: dict, ops: dict, data: list) -> None:
        self._dsk = tasks if self._given is None else self._given
        is_data = set(data)
        dependencies = {key: set(task[1:]) for key, task in tasks.items()}
        dependents: dict[Any, set] = {key: set() for key in tasks}
        for key, inputs in dependencies.items():
            for each in inputs:
                dependents[each].add(key)
        self._state = {
            "dependencies": dependencies,
            "dependents": dependents,
            "waiting": {key: inputs - is_data for key, inputs in dependencies.items() if inputs - is_data},
            "waiting_data": {key: set(users) for key, users in dependents.items()},
            "cache": dict.fromkeys(data),
            "ready": [key for key, inputs in dependencies.items() if key not in is_data and not inputs - is_data],
            "running": set(),
            "finished": set(),
            "released": set(),
            "time": 0.0,
        }
        for start in self._start:
            start(self._dsk)
        for start_state in self._start_state:
            start_state(self._dsk, self._state)

    def _on_pretask(self, key: Any, worker: int, time: float) -> None:
        state = self._state
        if key in state["ready"]:
            state["ready"].remove(key)
        state["waiting"].pop(key, None)
        state["running"].add(key)
        state["time"] = time
        for pretask in self._pretask:
            pretask(key, self._dsk, state)

    def _on_posttask(self, key: Any, worker: int, time: float, num_bytes: int, value: Any) -> None:
        state = self._state
        state["running"].discard(key)
        state["finished"].add(key)
        state["time"] = time
        state["cache"][key] = value
        for user in state["dependents"][key]:
            if user in state["waiting"]:
                state["waiting"][user].discard(key)
                if not state["waiting"][user]:
                    del state["waiting"][user]
                    state["ready"].append(user)
        for each in state["dependencies"][key]:
            users = state["waiting_data"][each]
            users.discard(key)
            if not users:
                state["released"].add(each)
                state["cache"].pop(each, None)
        for posttask in self._posttask:
            posttask(key, value, self._dsk, state, worker)

    def _on_failed(self, key: Any, worker: int, time: float) -> None:
        self._state["running"].discard(key)

    def _on_finish(self, failed: bool) -> None:
        for finish in self._finish:
            finish(self._dsk, self._state, failed)


@contextmanager
def told(dsk: dict | None = None) -> Iterator[None]:
    """The active callbacks hear the runs that this thread starts inside the block.

    Parameters
    ----------
    dsk : dict, optional
        The graph as the user wrote it, which callbacks get; default is the tasks of the engine.
    """
    if not Callback.active and not _watches:
        yield
        return
    watches = list(_watches.values())
    if dsk is not None:
        given_graphs.append(dsk)
    has_failed = True
    for watch in watches:
        watch.enter()
    try:
        with _told_of_tasks(watches, dsk):
            yield
        has_failed = False
    finally:
        for watch in watches:
            watch.leave(has_failed)
        if dsk is not None:
            given_graphs.remove(dsk)


@contextmanager
def _told_of_tasks(watches: list[_Watch], dsk: dict | None) -> Iterator[None]:
    with local_callbacks() as active:
        teller = _Teller(active - {watch.functions for watch in watches}, dsk)
        if not teller.is_needed():
            yield
            return
        teller.listen()
        try:
            yield
        finally:
            teller.close()
            teller.deliver()
