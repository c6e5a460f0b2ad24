"""Boosted trees by XGBoost, which takes blocks of rows one after the other: the names of ``dask_ml.xgboost`` and ``xgboost.dask``.

XGBoost bins each block when it comes, and keeps the bins: a byte a number, wherever the rows themselves are. It is trained in
this process, on all its cores. Needs XGBoost: ``pip install xgboost``.
"""

from __future__ import annotations

import importlib.util

if importlib.util.find_spec("xgboost") is None:
    raise ModuleNotFoundError("plait.ml.xgboost needs XGBoost, which is not installed: pip install xgboost", name="xgboost")

from ._models import XGBClassifier, XGBRegressor
from ._training import DaskDMatrix, DaskQuantileDMatrix, inplace_predict, predict, train

DaskXGBClassifier = XGBClassifier
DaskXGBRegressor = XGBRegressor

__all__ = [
    "DaskDMatrix",
    "DaskQuantileDMatrix",
    "DaskXGBClassifier",
    "DaskXGBRegressor",
    "XGBClassifier",
    "XGBRegressor",
    "inplace_predict",
    "predict",
    "train",
]
