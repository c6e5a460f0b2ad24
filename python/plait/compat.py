"""Makes ``import dask`` resolve to Plait, so that a program written for Dask runs unchanged.

``plait run program.py`` does the same for a whole program from the command line, ``%load_ext plait`` for a notebook. A real Dask
in the same environment stays as it is: the names resolve to Plait in this process only, until :func:`uninstall`.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import pkgutil
import sys
import types
from typing import Any

from . import _plait, config

# Dask's modules that have another name here.
_MODULES = {
    "dask": "plait",
    "dask._task_spec": "plait.task_spec",
    "distributed": "plait.distributed",
    "dask_kubernetes": "plait.dask_kubernetes",
    "dask_jobqueue": "plait.dask_jobqueue",
    "dask_ml": "plait.ml",
}

# Modules of Dask whose names stand in several modules of ours.
_FACADES = {
    "dask.array.api": ("plait.array", "plait.array._chunks"),
    "dask.array.blockwise": ("plait.array",),
    "dask.array.chunk_types": ("plait.array",),
    "dask.array.core": ("plait.array", "plait.base", "plait.array._chunks", "plait.array._nested"),
    "dask.array.creation": ("plait.array",),
    "dask.array.einsumfuncs": ("plait.array",),
    "dask.array.gufunc": ("plait.array._gufunc",),
    "dask.array.numpy_compat": ("numpy",),
    "dask.array.percentile": ("plait.array",),
    "dask.array.rechunk": ("plait.array",),
    "dask.array.reshape": ("plait.array",),
    "dask.array.routines": ("plait.array",),
    "dask.array.ufunc": ("plait.array",),
    "dask.array.wrap": ("plait.array",),
    "dask.bag.core": ("plait.bag",),
    "dask.bag.text": ("plait.bag",),
    "dask.bytes.core": ("plait.bytes",),
    "dask.dataframe.core": ("plait.dataframe", "plait.base"),
    "dask.dataframe.dask_expr": ("plait.dataframe",),
    "dask.dataframe.dask_expr._collection": ("plait.dataframe",),
    "dask.dataframe.dispatch": ("plait.dataframe",),
    "dask.dataframe.groupby": ("plait.dataframe", "plait.dataframe.groupby"),
    "dask.dataframe.io": ("plait.dataframe",),
    "dask.dataframe.io.csv": ("plait.dataframe",),
    "dask.dataframe.accessor": ("plait.dataframe.extensions",),
    "dask.dataframe.io.demo": ("plait.dataframe.demo",),
    "dask.dataframe.io.io": ("plait.dataframe",),
    "dask.dataframe.io.json": ("plait.dataframe",),
    "dask.dataframe.io.orc": ("plait.dataframe",),
    "dask.dataframe.io.orc.core": ("plait.dataframe",),
    "dask.dataframe.io.parquet": ("plait.dataframe",),
    "dask.dataframe.io.parquet.core": ("plait.dataframe",),
    "dask.dataframe.io.sql": ("plait.dataframe",),
    "dask.dataframe.multi": ("plait.dataframe", "plait.dataframe.merge"),
    "dask_kubernetes.classic": ("plait.dask_kubernetes",),
    "dask_kubernetes.operator": ("plait.dask_kubernetes",),
    "distributed.core": ("plait.distributed", "plait.distributed.exceptions"),
    "distributed.deploy.ssh": ("plait.distributed.deploy",),
    "distributed.deploy.subprocess": ("plait.distributed.deploy",),
    "distributed.diagnostics.task_stream": ("plait.distributed.report",),
    "distributed.event": ("plait.distributed.locks",),
    "distributed.lock": ("plait.distributed.locks",),
    "distributed.multi_lock": ("plait.distributed.locks",),
    "distributed.nanny": ("plait.distributed.nodes",),
    "distributed.scheduler": ("plait.distributed.nodes", "plait.distributed._scheduler", "plait.distributed.exceptions"),
    "distributed.semaphore": ("plait.distributed.locks",),
    "distributed.sizeof": ("plait.sizeof",),
    "distributed.variable": ("plait.distributed.queues",),
    "distributed.worker_client": ("plait.distributed.worker",),
    "joblib._dask": ("plait.ml._joblib",),
}

# Packages that are Dask's: the real ones would not work on Plait's collections.
_PACKAGES = ("dask", "dask_jobqueue", "dask_kubernetes", "dask_ml", "distributed")


def _in_place_of(name: str) -> str:
    package, _, rest = name.partition(".")
    return f"{_MODULES.get(package, f'plait.{package}')}.{rest}" if rest else f"plait.{package}"


def _ours(name: str) -> str | None:
    """The module of Plait that a module of Dask resolves to; None if there is none."""
    is_private = any(part.startswith("_") for part in name.split("."))
    if name not in _MODULES and (is_private or name.startswith("dask.ml")):  # Dask has no module of that name
        return None
    ours = _MODULES.get(name) or _in_place_of(name)
    try:
        return ours if importlib.util.find_spec(ours) is not None else None
    except ModuleNotFoundError:
        return None


def _sources(name: str) -> list[str]:
    """The modules in which a facade looks for names."""
    return [ours for ours in _FACADES.get(name, ()) if importlib.util.find_spec(ours.partition(".")[0]) and _is_there(ours)]


def _is_there(ours: str) -> bool:
    try:
        return importlib.util.find_spec(ours) is not None
    except ModuleNotFoundError:
        return False


class _Facade(types.ModuleType):
    """A module of Dask whose names stand in modules of Plait."""

    def __init__(self, name: str, sources: list[str]):
        super().__init__(name, f"What Plait has of {name}.")
        self.__path__: list[str] = []
        self._sources = sources
        # Importing the module sets it in the place of a function or class of its name, which it must still find.
        package, _, own = name.rpartition(".")
        self._of_its_name = {own: vars(sys.modules[package]).get(own)} if package in sys.modules else {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if (found := self._of_its_name.get(name)) is not None:
            return found
        modules = [importlib.import_module(source) for source in self._sources]
        for module in modules:
            if hasattr(module, name):
                return getattr(module, name)
        known = sorted({each for module in modules for each in dir(module) if not each.startswith("_")})
        raise AttributeError(f"Plait has no '{self.__name__}.{name}' yet{_plait.did_you_mean(name, known)}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # `da.gufunc` may still be called after `import dask.array.gufunc`.
        return getattr(self, self.__name__.rpartition(".")[2])(*args, **kwargs)

    def __dir__(self) -> list[str]:
        return sorted({each for source in self._sources for each in dir(importlib.import_module(source)) if not each.startswith("_")})


def _modules_in(folder: str) -> list[str]:
    """The public modules of a folder of the package."""
    found = pkgutil.iter_modules([os.path.join(os.path.dirname(__file__), folder)])
    return [module.name for module in found if module.name[0] != "_"]


def _known_modules() -> list[str]:
    """Dask's names of modules that resolve to something."""
    package = importlib.import_module("plait")
    names = ["dask", *(f"dask.{name}" for name in package._SUBMODULES)]
    folders = {"dask_ml": "ml", "distributed": "distributed"}
    inside = [f"{package}.{name}" for package, folder in folders.items() for name in _modules_in(folder)]
    return sorted({*names, *inside, *_MODULES, *(name for name in _FACADES if _sources(name))} - {"dask.compat", "dask.ml"})


class _Finder:
    """Finds and loads Dask's modules in Plait; what is not there yet fails with its name and the nearest one."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] not in _PACKAGES and name not in _FACADES:
            return None
        if name in _FACADES and _sources(name) or _ours(name) is not None:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        near = _plait.did_you_mean(name, _known_modules())
        raise ModuleNotFoundError(f"Plait has no '{name}' yet{near}", name=name)

    def create_module(self, spec: Any) -> types.ModuleType:
        if spec.name in _FACADES:
            return _Facade(spec.name, _sources(spec.name))
        return importlib.import_module(str(_ours(spec.name)))

    def exec_module(self, module: types.ModuleType) -> None:
        if isinstance(module, _Facade):
            return
        # The import system has written the alias's spec over the module's own: every alias shares one module.
        name = next(ours for ours in list(sys.modules) if ours.partition(".")[0] == "plait" and sys.modules[ours] is module)
        module.__spec__ = importlib.util.spec_from_file_location(name, module.__file__)
        module.__name__ = name
        module.__loader__ = module.__spec__.loader if module.__spec__ else None
        # It has given a path to modules that are no packages: what they import beside them is found all the same.
        is_package = os.path.basename(module.__file__ or "").startswith("__init__.")
        module.__package__ = name if is_package else name.rpartition(".")[0]
        if name == "plait":
            # `dask.delayed` is the function. Found here, the module of that name is not set in its place.
            sys.modules["dask.delayed"] = sys.modules["plait.delayed"]


_finder = _Finder()
_is_installed = False


def is_installed() -> bool:
    """Whether ``import dask`` resolves to Plait now."""
    return _is_installed


def facade_of(package: str, name: str) -> Any:
    """What ``dask.<package>.<name>`` is where no module of ours has that name, as an attribute of the package; None if nothing is."""
    full = f"dask{package.removeprefix('plait')}.{name}"
    return importlib.import_module(full) if _is_installed and full in _FACADES and _sources(full) else None


def install() -> None:
    """Make ``import dask`` and its modules resolve to Plait in this process.

    The settings of Dask's YAML files and ``DASK_...`` variables then hold for Plait, below those of its own.

    Raises
    ------
    RuntimeError
        If the real Dask has been imported already.
    """
    global _is_installed
    if _is_installed:
        return
    real = sys.modules.get("dask")
    if real is not None and real.__name__ != "plait":
        raise RuntimeError("plait.compat.install: dask has been imported already; call install() before the first import of dask")
    sys.meta_path.insert(0, _finder)  # type: ignore[arg-type]
    config._read_dask(True)
    _is_installed = True


def uninstall() -> None:
    """Undo :func:`install` for imports to come."""
    global _is_installed
    if not _is_installed:
        return
    sys.meta_path.remove(_finder)  # type: ignore[arg-type]
    for name in [each for each in sys.modules if each.partition(".")[0] in _PACKAGES]:
        if isinstance(sys.modules[name], _Facade) or sys.modules[name].__name__.partition(".")[0] == "plait":
            del sys.modules[name]
    config._read_dask(False)
    _is_installed = False
