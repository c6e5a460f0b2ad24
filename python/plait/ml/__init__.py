"""Machine learning on data larger than memory, with scikit-learn's interface and the names of ``dask_ml``.

Estimators take lazy arrays and frames, NumPy arrays, pandas frames and Arrow tables. Fits run at once and leave NumPy arrays;
what is made of lazy data is lazy. Needs scikit-learn: ``pip install plait[ml]``.
"""

from __future__ import annotations

import importlib.util
import sys

from .._missing_names import missing

if importlib.util.find_spec("sklearn") is None:
    raise ModuleNotFoundError("plait.ml needs scikit-learn, which is not installed: pip install 'plait[ml]'", name="sklearn")

from . import _joblib

_joblib.register()

_SUBMODULES = (
    "base",
    "cluster",
    "compose",
    "datasets",
    "decomposition",
    "ensemble",
    "feature_extraction",
    "impute",
    "linear_model",
    "metrics",
    "model_selection",
    "naive_bayes",
    "preprocessing",
    "utils",
    "wrappers",
    "xgboost",
)

__all__ = list(_SUBMODULES)


def __getattr__(name: str):
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise missing(__name__, name, sys.modules[__name__])


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])
