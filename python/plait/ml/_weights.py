"""Weights of rows: those of the user, times those of the classes."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from ..array import Array, asarray, bincount, full_like
from ._inputs import targets


def row_weights(rows: Array, sample_weight: Any) -> Array | None:
    """The weights of the user, one a row; None where there are none. A number is one for all."""
    if sample_weight is None:
        return None
    if isinstance(sample_weight, numbers.Real):
        return None if sample_weight == 1 else full_like(rows[:, 0], float(sample_weight), dtype=np.float64)
    return targets(sample_weight, rows, name="sample_weight")


def class_weights(class_weight: Any, classes: np.ndarray, codes: Array, weights: Array | None) -> Array | None:
    """Those weights times what ``class_weight`` says of each row's class.

    Raises
    ------
    ValueError
        If ``class_weight`` is neither a dict nor "balanced".
    """
    if class_weight is None:
        return weights
    if isinstance(class_weight, str):
        if class_weight != "balanced":
            raise ValueError(f"class_weight is {class_weight!r}, expected a dict, 'balanced' or None")
        counts = bincount(codes, weights=weights, minlength=len(classes)).compute()
        of_class = counts.sum() / (len(classes) * counts)
    else:
        of_class = np.array([float(class_weight.get(label, 1.0)) for label in classes.tolist()])
    of_row = asarray(of_class)[codes]
    return of_row if weights is None else of_row * weights
