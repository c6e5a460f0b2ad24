"""Makes ``import dask`` resolve to Plait, so that a program written for Dask runs unchanged.

``plait run program.py`` does the same for a whole program from the command line.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys

# Dask's module names, and ours where they differ.
_MODULES = {
    "dask": "plait",
    "dask.array": "plait.array",
    "dask.array.linalg": "plait.array.linalg",
    "dask.array.random": "plait.array.random",
    "dask.bag": "plait.bag",
    "dask.bag.avro": "plait.bag.avro",
    "dask.bag.random": "plait.bag.random",
    "dask.bag.utils": "plait.bag.utils",
    "dask.base": "plait.base",
    "dask.config": "plait.config",
    "dask.dataframe": "plait.dataframe",
    "dask.diagnostics": "plait.diagnostics",
    "dask.multiprocessing": "plait.multiprocessing",
    "dask.threaded": "plait.threaded",
    "dask.utils": "plait.utils",
}


# Packages that are Dask's: the real ones would not work on Plait's collections.
_PACKAGES = ("dask", "distributed", "dask_ml")


class _Finder:
    """Finds and loads Dask's modules in Plait; what is not there yet fails with its name."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in _PACKAGES:
            return None
        if name not in _MODULES:
            raise ModuleNotFoundError(f"Plait has no '{name}' yet", name=name)
        return importlib.machinery.ModuleSpec(name, self)  # type: ignore[arg-type]  # importlib.abc is slow to import

    def create_module(self, spec):
        return importlib.import_module(_MODULES[spec.name])

    def exec_module(self, module):
        import importlib.util  # slow, and seldom needed

        # The import system has written the alias's spec over the module's own: every alias shares one module.
        name = next(ours for ours in _MODULES.values() if sys.modules.get(ours) is module)
        module.__spec__ = importlib.util.find_spec(name) if module.__spec__ is None else module.__spec__
        module.__name__ = name


_finder = _Finder()
_is_installed = False


def is_installed() -> bool:
    """Whether ``import dask`` resolves to Plait now."""
    return _is_installed


def install() -> None:
    """Make ``import dask``, ``dask.array``, ``dask.dataframe``, ``dask.diagnostics`` and ``dask.config`` resolve to Plait.

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
    sys.meta_path.insert(0, _finder)
    _is_installed = True


def uninstall() -> None:
    """Undo :func:`install` for imports to come."""
    global _is_installed
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
    for name in _MODULES:
        sys.modules.pop(name, None)
    _is_installed = False
