"""Plait: lazy chunked arrays, partitioned dataframes and task graphs on a C++ engine, with Dask's public API.

The submodules and the heavy libraries behind them (NumPy, pandas) are loaded when they are first used.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING


def _load_engine() -> None:
    """Load the engine, without the threads that OpenBLAS makes when it is loaded: they spin beside whatever the program
    imports next. A product borrows threads when it multiplies."""
    variable = "OPENBLAS_NUM_THREADS"
    given = os.environ.get(variable)
    os.environ[variable] = given or "1"
    try:
        importlib.import_module("._plait", __name__)
    finally:
        if given is None:
            del os.environ[variable]


_load_engine()

from . import _plait, config
from ._missing_names import missing
from .base import (
    annotate,
    compute,
    explain,
    get_annotations,
    is_dask_collection,
    is_plait_collection,
    optimize,
    persist,
    visualize,
)
from .core import istask
from .delayed import delayed
from .graph import get, get_saved, save_graph
from .plan_file import load_plan, save_plan

__version__ = "0.1.0"

_plait.set_package_directory(os.path.dirname(__file__) + os.sep)

_SUBMODULES = (
    "array",
    "bag",
    "callbacks",
    "compat",
    "core",
    "dataframe",
    "diagnostics",
    "graph_manipulation",
    "highlevelgraph",
    "local",
    "multiprocessing",
    "optimization",
    "order",
    "task_spec",
    "threaded",
    "utils",
)

if TYPE_CHECKING:
    from . import array as array  # noqa: I001
    from . import bag as bag
    from . import callbacks as callbacks
    from . import compat as compat
    from . import core as core
    from . import dataframe as dataframe
    from . import diagnostics as diagnostics
    from . import graph_manipulation as graph_manipulation
    from . import highlevelgraph as highlevelgraph
    from . import local as local
    from . import multiprocessing as multiprocessing
    from . import optimization as optimization
    from . import order as order
    from . import task_spec as task_spec
    from . import threaded as threaded
    from . import utils as utils
    from .tokenize import tokenize as tokenize

__all__ = [
    "annotate",
    "compute",
    "config",
    "delayed",
    "explain",
    "get",
    "get_annotations",
    "get_saved",
    "is_dask_collection",
    "is_plait_collection",
    "istask",
    "load_plan",
    "optimize",
    "persist",
    "save_graph",
    "save_plan",
    "tokenize",
    "visualize",
    *_SUBMODULES,
]


if not TYPE_CHECKING:
    from . import tokenize  # noqa: F401  # the module, which can be called like its function

    def __getattr__(name: str):
        if name in _SUBMODULES:
            return importlib.import_module(f"{__name__}.{name}")
        raise missing(__name__, name, sys.modules[__name__])


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])
