"""Of the process: locks that travel, the garbage collector, tracebacks, versions."""

from __future__ import annotations

import contextlib
import gc
import importlib
import threading
from collections.abc import Hashable
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from .. import config
from .._lazy import LazyModule, json
from ..errors import shorten_traceback as shorten_traceback

metadata: Any = LazyModule("importlib.metadata")
platform: Any = LazyModule("platform")
uuid: Any = LazyModule("uuid")


class SerializableLock:
    """A lock that can be pickled: what is read back in a process is the same lock as others of its token there.

    Parameters
    ----------
    token : hashable, optional
        What it is known by; default is a new one.

    Examples
    --------
    >>> import pickle
    >>> lock = plait.utils.SerializableLock()
    >>> with lock:
    ...     pickle.loads(pickle.dumps(lock)).locked()
    True
    """

    _locks: ClassVar[WeakValueDictionary] = WeakValueDictionary()
    _making: ClassVar[Any] = threading.Lock()

    def __init__(self, token: Hashable | None = None):
        self.token = token or str(uuid.uuid4())
        with self._making:
            self._kept = self._locks.setdefault(self.token, _Lock())
        self.lock = self._kept.lock

    def acquire(self, *args: Any, **kwargs: Any) -> bool:
        """Take the lock; see `threading.Lock.acquire`."""
        return self.lock.acquire(*args, **kwargs)

    def release(self) -> None:
        """Let the lock go."""
        self.lock.release()

    def locked(self) -> bool:
        """Whether somebody holds the lock."""
        return self.lock.locked()

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *exc: object) -> None:
        self.lock.release()

    def __reduce__(self) -> tuple:
        return SerializableLock, (self.token,)

    def __repr__(self) -> str:
        return f"<SerializableLock: {self.token}>"


class _Lock:
    """A lock that can be referred to weakly."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


class disable_gc(contextlib.ContextDecorator):
    """No garbage collection until the end, if there was any before."""

    def __init__(self, collect: bool = False):
        self.collect = collect
        self._was_enabled = gc.isenabled()

    def __enter__(self) -> disable_gc:
        gc.disable()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._was_enabled:
            gc.enable()


def versions() -> dict[str, str | None]:
    """The versions of Python, the system, Plait, and the packages that it works with; None for one that is not installed."""
    packages = ("numpy", "pandas", "pyarrow", "cloudpickle", "fsspec", "psutil", "bokeh", "zarr")
    found: dict[str, str | None] = {"Python": platform.python_version(), "Platform": platform.system()}
    for name in ("plait", *packages):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = importlib.import_module("plait").__version__ if name == "plait" else None
    return found


def show_versions() -> None:
    """Print versions for a report of a fault."""
    print(json.dumps(versions(), indent=2))


def get_default_shuffle_method() -> str:
    """How rows are exchanged between partitions: the setting ``dataframe.shuffle.method``, else ``"tasks"``."""
    return config.get("dataframe.shuffle.method", None) or "tasks"


def get_scheduler_lock(collection: Any = None, scheduler: Any = None) -> SerializableLock:
    """A lock for what the tasks of a run do to one thing."""
    return SerializableLock()
