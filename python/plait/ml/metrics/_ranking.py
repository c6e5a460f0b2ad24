"""Metrics of scores by their order; the answers are exact. Scores and labels, two columns, come into memory: at once, or range by range
of the scores where they are many."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.metrics

from ... import _plait
from ...array import Array
from ...base import compute
from .._inputs import finite, in_memory, is_lazy, kept, like_rows, targets
from .._labels import Labels, classes_of
from .._scores import Score
from ..model_selection._folds import counted

# What a row takes while its place in the order is found.
_BYTES_A_ROW = 128
# Scores that say where ranges end, so that these hold about as many rows.
_MOST_SAMPLED = 1 << 14


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
    if not kwargs and isinstance(y_score, Array) and y_score.ndim == 1 and is_lazy(y_true):
        found = _area_by_ranges(y_true, y_score, sample_weight)
        if found is not None:
            return Score(found)
    truth, scores, weights = _in_memory(y_true, y_score, sample_weight)
    found = sklearn.metrics.roc_auc_score(truth, scores, sample_weight=weights, **kwargs)
    return Score(found) if isinstance(found, float) else found


def _area_by_ranges(y_true: Any, y_score: Array, sample_weight: Any) -> float | None:
    """The area where there are two classes, and more rows than a quarter of the memory budget is for; else None."""
    scores = counted(finite(y_score, "y_score"))
    most = max(1, _plait.ml.memory_budget_bytes() // 4 // _BYTES_A_ROW)
    labels = Labels(y_true, "y_true")
    if scores.shape[0] <= most:
        return None
    classes = classes_of(labels)
    if len(classes) != 2:
        return None
    truth = like_rows(labels.codes(classes, is_known=True), scores, "y_true")
    scores, truth, weights = kept(scores, truth, None if sample_weight is None else targets(sample_weight, scores, name="sample_weight"))
    some = scores[:: int(scores.shape[0]) // _MOST_SAMPLED + 1].compute()
    ends = [*np.unique(np.quantile(some, np.linspace(0, 1, int(scores.shape[0]) // most + 2)[1:-1])), np.inf]
    area, positives, negatives, low = 0.0, 0.0, 0.0, -np.inf
    for high in ends:
        is_here = (scores > low) & (scores <= high)
        parts = [each[is_here] for each in (truth, scores, weights) if each is not None]
        here, at, *weight = compute(*parts)
        # Of each score the weight of its negatives and of its positives, from the lowest score on.
        _, place = np.unique(at, return_inverse=True)
        by = weight[0] if weight else np.ones(len(at))
        below, above = (np.bincount(place, weights=by * (here == code)) for code in (0, 1))
        area += float(above @ (negatives + np.cumsum(below) - below / 2))
        positives, negatives, low = positives + above.sum(), negatives + below.sum(), high
    return area / (positives * negatives) if positives * negatives > 0 else None


def roc_curve(y_true: Any, y_score: Any, *, sample_weight: Any = None, **kwargs: Any) -> tuple:
    """Rates of false and of true positives, and the scores at which they are. Parameters are scikit-learn's."""
    truth, scores, weights = _in_memory(y_true, y_score, sample_weight)
    return sklearn.metrics.roc_curve(truth, scores, sample_weight=weights, **kwargs)
