"""Metrics of scores by their order. Scores and labels, two columns, are put together in memory; the answers are exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.metrics

from ...base import compute
from .._inputs import in_memory
from .._scores import Score


def _in_memory(*values: Any) -> list:
    return [None if each is None else np.asarray(in_memory(each)) for each in compute(*values)]


def roc_auc_score(y_true: Any, y_score: Any, *, sample_weight: Any = None, **kwargs: Any) -> Any:
    """The area under the curve of true over false positives. Parameters are scikit-learn's (``average``, ``multi_class``, ...).

    Examples
    --------
    >>> from plait.ml.metrics import roc_auc_score
    >>> roc_auc_score(da.array([0, 0, 1, 1]), da.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    truth, scores, weights = _in_memory(y_true, y_score, sample_weight)
    found = sklearn.metrics.roc_auc_score(truth, scores, sample_weight=weights, **kwargs)
    return Score(found) if isinstance(found, float) else found


def roc_curve(y_true: Any, y_score: Any, *, sample_weight: Any = None, **kwargs: Any) -> tuple:
    """Rates of false and of true positives, and the scores at which they are. Parameters are scikit-learn's."""
    truth, scores, weights = _in_memory(y_true, y_score, sample_weight)
    return sklearn.metrics.roc_curve(truth, scores, sample_weight=weights, **kwargs)
