"""Programs of the user that run in a scheduler's or a worker's process before it begins: ``--preload``."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


def _loaded(name: str) -> ModuleType:
    """A module by its name, by its file, or as text.

    Raises
    ------
    ValueError
        If it is an address of the network: programs of this machine only.
    FileNotFoundError
        If there is no such file.
    ImportError
        If there is no such module.
    """
    if "://" in name.split("\n", 1)[0].split(" ", 1)[0]:
        raise ValueError(f"--preload: {name!r} is an address; expected a file, a module or the text of a program")
    if name.endswith(".py"):
        return _loaded_from(name)
    if not any(each.isspace() for each in name):
        return importlib.import_module(name)
    module = ModuleType("plait_preload")
    exec(compile(name, "<preload>", "exec"), module.__dict__)
    return module


def _loaded_from(path: str) -> ModuleType:
    if not os.path.exists(path):
        raise FileNotFoundError(f"--preload: there is no file {path!r}")
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"--preload: {path!r} cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # so that what it defines is found again by its name
    spec.loader.exec_module(module)
    return module


def _call(function: Any, about: Any, arguments: list[str]) -> None:
    """Call a function of the module; a command of click gets the arguments."""
    if function is None:
        return
    if hasattr(function, "make_context"):
        context = function.make_context(function.name, list(arguments), allow_extra_args=False)
        found = function.callback(about, *context.args, **context.params)
    else:
        found = function(about)
    if inspect.iscoroutine(found):
        import asyncio  # slow to load

        asyncio.run(found)


@contextmanager
def preloaded(names: Iterable[str], arguments: list[str], about: Any) -> Iterator[None]:
    """Load modules and call their ``dask_setup``; at the end of the block their ``dask_teardown``, the last one first.

    Parameters
    ----------
    names : list of str
        Modules, files, or texts of programs.
    arguments : list of str
        For those whose ``dask_setup`` is a command of click.
    about : object
        What the functions are called with: the scheduler or the worker.
    """
    modules: list[ModuleType] = []
    try:
        for name in names:
            module = _loaded(name)
            _call(getattr(module, "dask_setup", None), about, arguments)
            modules.append(module)
        yield
    finally:
        for module in reversed(modules):
            _call(getattr(module, "dask_teardown", None), about, [])
