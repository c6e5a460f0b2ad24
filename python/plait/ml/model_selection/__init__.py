"""Folds, scores on folds, and searches for parameters, with the names of ``dask_ml.model_selection``."""

from __future__ import annotations

from ._folds import KFold, ShuffleSplit, StratifiedKFold, check_cv, compute_n_splits
from ._incremental import BaseIncrementalSearchCV
from ._search import GridSearchCV, RandomizedSearchCV
from ._split import train_test_split
from ._successive import HyperbandSearchCV, IncrementalSearchCV, InverseDecaySearchCV, SuccessiveHalvingSearchCV
from ._validation import cross_val_score, cross_validate

__all__ = [
    "BaseIncrementalSearchCV",
    "GridSearchCV",
    "HyperbandSearchCV",
    "IncrementalSearchCV",
    "InverseDecaySearchCV",
    "KFold",
    "RandomizedSearchCV",
    "ShuffleSplit",
    "StratifiedKFold",
    "SuccessiveHalvingSearchCV",
    "check_cv",
    "compute_n_splits",
    "cross_val_score",
    "cross_validate",
    "train_test_split",
]
