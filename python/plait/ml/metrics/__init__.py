"""Metrics of predictions, with the names of ``dask_ml.metrics``.

They take lazy data or data in memory, and compute at once what they find in one pass: a `Score`, a float whose ``compute()`` gives it
back. With ``compute=False`` they give a lazy array.
"""

from __future__ import annotations

from ._classification import accuracy_score, log_loss
from ._regression import explained_variance_score, mean_absolute_error, mean_absolute_percentage_error, mean_squared_error
from ._regression import mean_squared_log_error, r2_score, root_mean_squared_error

__all__ = [
    "accuracy_score",
    "explained_variance_score",
    "log_loss",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_log_error",
    "r2_score",
    "root_mean_squared_error",
]
