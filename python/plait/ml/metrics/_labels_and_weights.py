"""What the metrics of classes need: true and predicted classes as codes, cut alike, with weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...array import Array
from .._inputs import finite, like_rows, targets
from .._labels import Labels, classes_of
from .._scores import Score


NO_WEIGHT = "Sample weights must contain at least one non-zero number: there is no row, or all rows weigh nothing."


def paired_codes(y_true: Any, y_pred: Any, labels: Any = None) -> tuple[np.ndarray, Array, Array]:
    """The classes, and both as positions among them."""
    truth, predicted = Labels(y_true, "y_true"), Labels(y_pred, "y_pred")
    classes = np.asarray(labels) if labels is not None else classes_of(truth, predicted)
    codes = truth.codes(classes, is_known=labels is None)
    return classes, codes, like_rows(predicted.codes(classes, is_known=labels is None), codes, "y_pred")


def finite_numbers(rows: Array, name: str) -> Array:
    """Numbers of one or two axes. NaN and infinity in them are an error of the run."""
    if rows.ndim not in (1, 2):
        raise ValueError(f"{name} must have one or two axes, found an array of shape {rows.shape}")
    return rows if rows.dtype.kind in "biu" else finite(rows, name)


def weights_like(rows: Array, sample_weight: Any) -> Any:
    """The engine's array of weights, or None."""
    return None if sample_weight is None else finite_numbers(targets(sample_weight, rows, name="sample_weight"), "sample_weight")._array


def score_of(lazy: Array, compute: bool) -> Any:
    """A lazy number as it is, or computed."""
    return Score(lazy.compute()) if compute else lazy
