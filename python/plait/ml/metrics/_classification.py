"""Metrics of predicted classes and probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _plait
from ...array import Array
from ...base import compute as together
from .._inputs import in_blocks, in_memory, is_lazy, lazy_rows, like_rows
from .._labels import Labels, classes_of
from .._scores import Score
from ._labels_and_weights import NO_WEIGHT, finite_numbers, paired_codes, score_of, weights_like


def accuracy_score(y_true: Any, y_pred: Any, normalize: bool = True, sample_weight: Any = None, compute: bool = True) -> Any:
    """The share of labels that are right, or their weight.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
        Lazy or in memory.
    normalize : bool
        Whether to divide by the number of rows (the sum of their weights).
    sample_weight : array_like of shape (n_samples,), optional
    compute : bool
        Whether to compute the score now; else it is a lazy array.

    Returns
    -------
    Score or Array

    Examples
    --------
    >>> from plait.ml.metrics import accuracy_score
    >>> accuracy_score(da.array([1, 0, 1, 1]), [1, 0, 0, 1])
    0.75
    """
    truth, predicted = Labels(y_true, "y_true"), Labels(y_pred, "y_pred")
    if truth.is_text or predicted.is_text:
        _, codes, others = paired_codes(y_true, y_pred)
    else:
        codes = _numbers(truth)
        others = like_rows(_numbers(predicted), codes, "y_pred")
    right = codes == others
    weights = weights_like(codes, sample_weight)
    if weights is None:
        return score_of(right.mean() if normalize else right.sum(), compute)
    weights = Array(weights)
    total = (right * weights).sum()
    all_weights = weights.sum()
    if not compute:
        return total / all_weights if normalize else total
    right_weight, weight = together(total, all_weights)
    if weight == 0:
        raise ValueError(NO_WEIGHT)
    return Score(right_weight / weight if normalize else right_weight)


def _numbers(labels: Labels) -> Array:
    values = labels.values
    return in_blocks(np.asarray(values)) if not is_lazy(values) else lazy_rows(values)


def log_loss(y_true: Any, y_pred: Any, eps: float | None = None, normalize: bool = True, sample_weight: Any = None, labels: Any = None, compute: bool = True) -> Any:
    """The mean of -log of the probability that was given to the true class.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_pred : array_like of shape (n_samples, n_classes) or (n_samples,)
        Probabilities of the classes in their order; of one axis those of the second of two.
    eps : float, optional
        Probabilities are kept so far from 0 and 1; default is the precision of their type.
    labels : array_like, optional
        The classes, where ``y_true`` does not hold all of them.

    Raises
    ------
    ValueError
        If there are other numbers of classes and of probabilities.
    """
    truth = Labels(y_true, "y_true")
    likely = in_memory(y_pred)
    likely = in_blocks(np.asarray(likely, dtype=np.float64)) if not is_lazy(likely) else lazy_rows(likely)
    likely = finite_numbers(likely, "y_pred")
    if likely.ndim == 2 and likely.shape[1] == 1:
        likely = likely[:, 0]
    classes = np.unique(np.asarray(labels)) if labels is not None else classes_of(truth)
    count = likely.shape[1] if likely.ndim == 2 else 2
    if len(classes) == 1 and count == 2 and labels is None:
        raise ValueError("y_true contains only one label. Please provide the list of all expected class labels explicitly through the labels argument.")
    if len(classes) != count:
        raise ValueError(f"y_true and labels name {len(classes)} classes, but y_pred has probabilities of {count}: {classes.tolist()}")
    if likely.ndim == 1:
        columns = likely[:, None]
        likely = (columns * np.array([-1.0, 1.0])) + np.array([1.0, 0.0])
    codes = truth.codes(classes, is_known=labels is None)
    likely = like_rows(likely, codes, "y_pred")
    least = float(np.finfo(likely.dtype if likely.dtype.kind == "f" else np.float64).eps) if eps is None else eps
    sums = Array(_plait.ml.log_loss_sums(codes._array, likely._array, least, weights_like(codes, sample_weight)))
    if not compute:
        return sums[0] / sums[1] if normalize else sums[0]
    loss, weight = sums.compute()
    if weight == 0:
        raise ValueError(NO_WEIGHT)
    return Score(loss / weight if normalize else loss)


__all__ = ["accuracy_score", "log_loss"]
