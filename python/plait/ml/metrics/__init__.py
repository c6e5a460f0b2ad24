"""Metrics of predictions, with the names of ``dask_ml.metrics``.

They take lazy data or data in memory, and compute at once what they find in one pass: a `Score`, a float whose ``compute()`` gives it
back. With ``compute=False`` those of dask-ml give a lazy array.
"""

from __future__ import annotations

from ._by_confusion import balanced_accuracy_score, classification_report, confusion_matrix, f1_score, fbeta_score
from ._by_confusion import precision_recall_fscore_support, precision_score, recall_score
from ._classification import accuracy_score, log_loss
from ._ranking import roc_auc_score, roc_curve
from ._regression import explained_variance_score, mean_absolute_error, mean_absolute_percentage_error, mean_squared_error
from ._regression import mean_squared_log_error, r2_score, root_mean_squared_error
from .pairwise import euclidean_distances, pairwise_distances, pairwise_distances_argmin_min
from .scorer import SCORERS, check_scoring, get_scorer

__all__ = [
    "SCORERS",
    "accuracy_score",
    "balanced_accuracy_score",
    "check_scoring",
    "classification_report",
    "confusion_matrix",
    "euclidean_distances",
    "explained_variance_score",
    "f1_score",
    "fbeta_score",
    "get_scorer",
    "log_loss",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_log_error",
    "pairwise_distances",
    "pairwise_distances_argmin_min",
    "precision_recall_fscore_support",
    "precision_score",
    "r2_score",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "root_mean_squared_error",
]
