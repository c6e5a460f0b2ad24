"""Plait: lazy chunked arrays, partitioned dataframes and task graphs on a C++ engine, with Dask's public API.

The submodules and the heavy libraries behind them (NumPy, pandas) are loaded when they are first used.
"""

from __future__ import annotations

import importlib
import os

# OpenBLAS makes its threads when it is loaded with the engine, and they spin beside whatever the program imports next.
# The engine lends it threads when it multiplies, and needs none before.
_set_by_user = "OPENBLAS_NUM_THREADS" in os.environ
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
from . import _plait, config

if not _set_by_user:
    del os.environ["OPENBLAS_NUM_THREADS"]
from .base import compute, explain, is_plait_collection, optimize, persist, tokenize, visualize
from .graph import get

__version__ = "0.1.0"

_plait.set_package_directory(os.path.dirname(__file__) + os.sep)

_SUBMODULES = ("array", "compat", "dataframe", "diagnostics", "multiprocessing", "threaded", "utils")

__all__ = [
    "compute",
    "config",
    "explain",
    "get",
    "is_plait_collection",
    "optimize",
    "persist",
    "tokenize",
    "visualize",
    *_SUBMODULES,
]


def __getattr__(name: str):
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"plait.{name} is not there yet")


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])
