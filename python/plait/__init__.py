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
from .errors import recreate_task
from .graph import get, get_saved, save_graph
from .plan_file import load_plan, save_plan

__version__ = "0.1.0"

_plait.set_package_directory(os.path.dirname(__file__) + os.sep)

_SUBMODULES = (
    "array",
    "bag",
    "bytes",
    "cache",
    "callbacks",
    "compat",
    "core",
    "dataframe",
    "datasets",
    "diagnostics",
    "distributed",
    "dot",
    "graph_manipulation",
    "hashing",
    "highlevelgraph",
    "local",
    "ml",
    "multiprocessing",
    "optimization",
    "order",
    "sizeof",
    "system",
    "task_spec",
    "threaded",
    "utils",
    "utils_test",
    "widgets",
)

if TYPE_CHECKING:
    from . import array as array  # noqa: I001
    from . import bag as bag
    from . import cache as cache
    from . import callbacks as callbacks
    from . import compat as compat
    from . import core as core
    from . import dataframe as dataframe
    from . import datasets as datasets
    from . import diagnostics as diagnostics
    from . import distributed as distributed
    from . import dot as dot
    from . import graph_manipulation as graph_manipulation
    from . import hashing as hashing
    from . import highlevelgraph as highlevelgraph
    from . import local as local
    from . import ml as ml
    from . import multiprocessing as multiprocessing
    from . import optimization as optimization
    from . import order as order
    from . import sizeof as sizeof
    from . import system as system
    from . import task_spec as task_spec
    from . import threaded as threaded
    from . import utils as utils
    from . import utils_test as utils_test
    from . import widgets as widgets
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
    "recreate_task",
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


def load_ipython_extension(shell: object) -> None:
    """``%load_ext plait`` in a notebook: ``import dask`` resolves to Plait from then on; see :mod:`plait.compat`."""
    importlib.import_module("plait.compat").install()


def unload_ipython_extension(shell: object) -> None:
    """``%unload_ext plait``: undoes that for imports to come."""
    importlib.import_module("plait.compat").uninstall()


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])
