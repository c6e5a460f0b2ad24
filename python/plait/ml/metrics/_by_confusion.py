"""Metrics that only look at how often which class was taken for which: one pass gives these counts, scikit-learn does the rest.

Its functions get each pair of classes once, with its count as weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn.metrics

from ... import _plait
from ...array import Array
from .._inputs import is_lazy
from .._scores import Score
from ._labels_and_weights import NO_WEIGHT, paired_codes, weights_like


def _pairs(y_true: Any, y_pred: Any, sample_weight: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    classes, truth, predicted = paired_codes(y_true, y_pred)
    counts = np.asarray(Array(_plait.ml.confusion(truth._array, predicted._array, len(classes), weights_like(truth, sample_weight))).compute())
    if sample_weight is not None and not counts.any():
        raise ValueError(NO_WEIGHT)
    # Classes whose rows weigh nothing are classes, too.
    rows, columns = np.nonzero((counts != 0) | np.eye(len(classes), dtype=bool))
    return classes[rows], classes[columns], counts[rows, columns]


def _asked(function: Callable, y_true: Any, y_pred: Any, sample_weight: Any, kwargs: dict) -> Any:
    if not is_lazy(y_true) and not is_lazy(y_pred):
        found = function(y_true, y_pred, sample_weight=sample_weight, **kwargs)
    else:
        truth, predicted, weights = _pairs(y_true, y_pred, sample_weight)
        found = function(truth, predicted, sample_weight=weights, **kwargs)
    return Score(found) if isinstance(found, float) else found


def confusion_matrix(y_true: Any, y_pred: Any, *, labels: Any = None, sample_weight: Any = None, normalize: Any = None) -> np.ndarray:
    """How many rows (or what weight of them) of each class were taken for which.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
        Lazy or in memory.
    labels : array_like, optional
        The classes, in the order of rows and columns.
    sample_weight : array_like of shape (n_samples,), optional
    normalize : {"true", "pred", "all"}, optional
        What adds up to 1.

    Returns
    -------
    ndarray of shape (n_classes, n_classes)

    Examples
    --------
    >>> from plait.ml.metrics import confusion_matrix
    >>> confusion_matrix(da.array([0, 1, 1]), [0, 0, 1])
    array([[1, 0],
           [1, 1]])
    """
    found = _asked(sklearn.metrics.confusion_matrix, y_true, y_pred, sample_weight, {"labels": labels, "normalize": normalize})
    return found.astype(np.int64) if sample_weight is None and normalize is None else found


def precision_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None, **kwargs: Any) -> Any:
    """The share of what was taken for a class that is of it. Parameters are scikit-learn's (``labels``, ``pos_label``, ``average``, ...)."""
    return _asked(sklearn.metrics.precision_score, y_true, y_pred, sample_weight, kwargs)


def recall_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None, **kwargs: Any) -> Any:
    """The share of a class that was found. Parameters are scikit-learn's."""
    return _asked(sklearn.metrics.recall_score, y_true, y_pred, sample_weight, kwargs)


def f1_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None, **kwargs: Any) -> Any:
    """The harmonic mean of precision and recall. Parameters are scikit-learn's."""
    return _asked(sklearn.metrics.f1_score, y_true, y_pred, sample_weight, kwargs)


def fbeta_score(y_true: Any, y_pred: Any, *, beta: float, sample_weight: Any = None, **kwargs: Any) -> Any:
    """The harmonic mean of precision and recall, which counts ``beta`` squared times. Parameters are scikit-learn's."""
    return _asked(sklearn.metrics.fbeta_score, y_true, y_pred, sample_weight, {"beta": beta, **kwargs})


def balanced_accuracy_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None, adjusted: bool = False) -> Any:
    """The mean over the classes of the share that was found."""
    return _asked(sklearn.metrics.balanced_accuracy_score, y_true, y_pred, sample_weight, {"adjusted": adjusted})


def precision_recall_fscore_support(y_true: Any, y_pred: Any, *, sample_weight: Any = None, **kwargs: Any) -> tuple:
    """All of them, and how many rows there are of each class. Parameters are scikit-learn's."""
    return _asked(sklearn.metrics.precision_recall_fscore_support, y_true, y_pred, sample_weight, kwargs)


def classification_report(y_true: Any, y_pred: Any, *, digits: int = 2, output_dict: bool = False, sample_weight: Any = None, **kwargs: Any) -> Any:
    """Precision, recall, F and the number of rows of each class, as a text or as a dict. Parameters are scikit-learn's."""
    if not is_lazy(y_true) and not is_lazy(y_pred):
        return sklearn.metrics.classification_report(y_true, y_pred, digits=digits, output_dict=output_dict, sample_weight=sample_weight, **kwargs)
    truth, predicted, weights = _pairs(y_true, y_pred, sample_weight)
    report = sklearn.metrics.classification_report(truth, predicted, output_dict=True, sample_weight=weights, **kwargs)
    if sample_weight is None:
        for line in report.values():
            if isinstance(line, dict):
                line["support"] = int(line["support"])
    return report if output_dict else _as_text(report, digits)


def _as_text(report: dict, digits: int) -> str:
    """The report as scikit-learn prints it."""
    support = next(line["support"] for name, line in report.items() if name == "macro avg")
    width = max([digits, *(len(name) for name in report)])
    lines = ["".join([" " * width, " ", *(f" {title:>9}" for title in ("precision", "recall", "f1-score", "support"))]), ""]
    averages = False
    for name, line in report.items():
        if not averages and name in ("accuracy", "micro avg", "macro avg"):
            lines.append("")
            averages = True
        if isinstance(line, dict):
            numbers = "".join(f" {line[key]:>9.{digits}f}" for key in ("precision", "recall", "f1-score"))
            lines.append(f"{name:>{width}} {numbers} {line['support']:>9}")
        else:
            lines.append(f"{name:>{width}} {'':>10}{'':>10} {line:>9.{digits}f} {support:>9}")
    return "\n".join(lines) + "\n"
