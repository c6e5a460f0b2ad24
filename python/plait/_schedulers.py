"""What ``scheduler=`` may be: a name, an executor object, or a function with the signature of Dask's ``get``."""

from __future__ import annotations

import warnings
from typing import Any, Callable

from . import _plait, config
from ._lazy import LazyModule

local: Any = LazyModule("plait.local")

# What the setting ``scheduler`` says while a client is the program's default.
CLIENT = "dask.distributed"

_CLIENT_NAMES = (CLIENT, "distributed")

# How the program's client is found: what plait.distributed gives.
_find_client: list[Callable[[], Any]] = []


def client_from(find: Callable[[], Any]) -> None:
    """Say how the program's client is found."""
    _find_client.append(find)


def client_of(scheduler: Any = None) -> Any:
    """The client that a scheduler means, as the user gave it or by the setting; None if it means no client.

    Raises
    ------
    ValueError
        If it asks for the program's client, and there is none.
    """
    if scheduler is None:
        scheduler = config.get("scheduler", "")
    if isinstance(scheduler, str):
        if scheduler not in _CLIENT_NAMES:
            return None
        found = _find_client[0]() if _find_client else None
        if found is None:
            raise ValueError(f"scheduler={scheduler!r} asks for the program's client, and there is none; make one with plait.distributed.Client()")
        return found
    return scheduler if hasattr(type(scheduler), "__plait_executor__") else None


# Our own `get` functions, and the schedulers of the engine that they stand for.
_NAMES: dict[Any, str] = {}

# What names mean as ``scheduler=`` besides those of the engine: a program may add ``get`` functions and executors of its own.
named_schedulers: dict[str, Any] = {}


def stands_for(name: str) -> Callable[[Any], Any]:
    """Decorates a ``get`` function: given as ``scheduler=``, it means the engine's scheduler of that name."""

    def note(get: Any) -> Any:
        _NAMES[get] = name
        return get

    return note


def resolved(scheduler: Any = None, kwargs: dict | None = None) -> Any:
    """What runs the tasks: a name ("" is the setting's), an executor object, or a ``get`` function.

    Parameters
    ----------
    scheduler : str, executor, callable, client or None
        As the user gave it; None stands for the setting ``scheduler``. Names are checked by the engine.
    kwargs : dict, optional
        Other arguments of the run: ``pool`` is taken out, unless they go to a function.
    """
    client = client_of(scheduler)
    if client is not None:
        return client.__plait_executor__
    if scheduler is None:
        scheduler = config.get("scheduler", "")
    if isinstance(scheduler, str):
        scheduler = named_schedulers.get(scheduler, scheduler)
    if scheduler is None or isinstance(scheduler, str):
        scheduler = scheduler or ""
    elif "Client" in type(scheduler).__name__ and hasattr(scheduler, "get"):
        scheduler = scheduler.get
    else:
        scheduler = next((name for get, name in _NAMES.items() if get is scheduler), scheduler)
    if kwargs and not callable(scheduler):
        pool = kwargs.pop("pool", None)
        if pool is not None and kwargs.pop("initializer", None) is not None:
            warnings.warn("initializer= is for worker processes that Plait starts; pool= brings its own, so it has no effect", stacklevel=4)
        scheduler = scheduler if pool is None else executor_of_pool(pool)
    return scheduler


def initializer_in(kwargs: dict) -> Callable[[], Any] | None:
    """What worker processes call before their first task: ``initializer``, which is taken out, or the setting; None for nothing.

    Raises
    ------
    TypeError
        If it cannot be called.
    """
    given = kwargs.pop("initializer", None)
    initializer = config.get("multiprocessing.initializer", None) if given is None else given
    if initializer is not None and not callable(initializer):
        raise TypeError(f"initializer= and the setting multiprocessing.initializer take a function without arguments; found {initializer!r}")
    return initializer


def chosen(scheduler: Any = None) -> Any:
    """What runs the tasks, if the user has said so, here or by the setting; else None."""
    runner = resolved(scheduler)
    is_said = scheduler is not None or not isinstance(runner, str) or _plait.config_get("scheduler")
    return runner if is_said else None


def executor_of_pool(pool: Any) -> Any:
    """What ``pool=`` says: an executor, or a pool of `multiprocessing`.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if hasattr(pool, "submit"):
        return pool
    if hasattr(pool, "apply_async"):
        return local.MultiprocessingPoolExecutor(pool)
    raise TypeError(f"pool= takes an executor of concurrent.futures or a pool of multiprocessing; found {pool!r}")


def outcome(future: Any, is_cancelled: Callable[[], bool]) -> Any:
    """The result of a future of whatever executor, or its exception; gives up when the run is cancelled."""
    while True:
        try:
            return future.result(timeout=0.05)
        except TimeoutError:
            if future.done():
                return future.result()
            if is_cancelled():
                future.cancel()
                raise KeyboardInterrupt("the run was cancelled") from None


def presented(value: Any) -> Any:
    """A task's value as the user's: the task that yields a block of a collection in a graph that is shown to others."""
    return value.to_python() if hasattr(value, "to_python") else value
