"""Metrics of predicted numbers: all from one pass."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ... import _plait
from ...array import Array
from .._inputs import in_blocks, in_memory, is_lazy, lazy_rows, like_rows
from .._scores import Score
from ._labels_and_weights import NO_WEIGHT, finite_numbers, weights_like

# The rows of what the engine gives.
_WEIGHTS, _ABSOLUTE, _SQUARED, _LOGARITHMIC, _RELATIVE, _TRUTH, _ERROR, _TRUTH_MEAN, _ERROR_MEAN = range(9)


def _numbers(y: Any, name: str) -> Array:
    y = in_memory(y)
    return finite_numbers(lazy_rows(y) if is_lazy(y) else in_blocks(np.asarray(y, dtype=None if np.asarray(y).dtype.kind in "biuf" else np.float64)), name)


def _sums(y_true: Any, y_pred: Any, sample_weight: Any) -> Array:
    truth, predicted = _numbers(y_true, "y_true"), _numbers(y_pred, "y_pred")
    if truth.ndim != predicted.ndim:
        truth, predicted = (one[:, None] if one.ndim == 1 else one for one in (truth, predicted))
    if truth.ndim == 2 and truth.shape[1] != predicted.shape[1]:
        raise ValueError(f"y_true and y_pred have different number of output ({truth.shape[1]}!={predicted.shape[1]})")
    predicted = like_rows(predicted, truth, "y_pred")
    return Array(_plait.ml.error_sums(truth._array, predicted._array, weights_like(truth, sample_weight)))


def _weighed(sums: Array) -> np.ndarray:
    """What was found; rows that weigh nothing, all of them, are an error."""
    found = sums.compute()
    if found.shape[1] and found[_WEIGHTS, 0] == 0:
        raise ValueError(NO_WEIGHT)
    return found


def _over_outputs(each: Any, multioutput: Any) -> Any:
    if isinstance(multioutput, str):
        if multioutput == "raw_values":
            return each
        if multioutput != "uniform_average":
            raise ValueError(f"multioutput is {multioutput!r}, expected 'raw_values', 'uniform_average' or weights")
        return each.mean()
    shares = np.asarray(multioutput, dtype=float)
    return (each * shares).sum() / shares.sum()


def _score(y_true: Any, y_pred: Any, sample_weight: Any, multioutput: Any, compute: bool, of_sums: Callable) -> Any:
    sums = _sums(y_true, y_pred, sample_weight)
    if not compute:
        return _over_outputs(of_sums(sums), multioutput)
    found = _over_outputs(of_sums(_weighed(sums)), multioutput)
    return found if np.ndim(found) else Score(found)


def mean_squared_error(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", squared: bool = True, compute: bool = True) -> Any:
    """The mean of squared errors, or its root where ``squared`` is false.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,) or (n_samples, n_outputs)
        Lazy or in memory.
    sample_weight : array_like of shape (n_samples,), optional
    multioutput : {"uniform_average", "raw_values"} or array_like
        How the outputs come together: their mean, not at all, or by these weights.
    compute : bool
        Whether to compute the score now; else it is a lazy array.

    Examples
    --------
    >>> from plait.ml.metrics import mean_squared_error
    >>> mean_squared_error(da.array([1.0, 2.0]), [1.0, 4.0])
    2.0
    """

    def of_sums(sums: Any) -> Any:
        mean = sums[_SQUARED] / sums[_WEIGHTS]
        return mean if squared else np.sqrt(mean)

    return _score(y_true, y_pred, sample_weight, multioutput, compute, of_sums)


def root_mean_squared_error(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", compute: bool = True) -> Any:
    """The root of the mean of squared errors. See :func:`mean_squared_error`."""
    return mean_squared_error(y_true, y_pred, sample_weight, multioutput, squared=False, compute=compute)


def mean_absolute_error(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", compute: bool = True) -> Any:
    """The mean of the errors' amounts. See :func:`mean_squared_error`."""
    return _score(y_true, y_pred, sample_weight, multioutput, compute, lambda sums: sums[_ABSOLUTE] / sums[_WEIGHTS])


def mean_absolute_percentage_error(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", compute: bool = True) -> Any:
    """The mean of the errors' amounts over those of the true numbers; 0.1 is ten percent. See :func:`mean_squared_error`."""
    return _score(y_true, y_pred, sample_weight, multioutput, compute, lambda sums: sums[_RELATIVE] / sums[_WEIGHTS])


def mean_squared_log_error(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", compute: bool = True) -> Any:
    """The mean of squared errors of log(1 + y). See :func:`mean_squared_error`.

    Raises
    ------
    ValueError
        If a number is -1 or less; of lazy scores when they are computed, as NaN.
    """
    found = _score(y_true, y_pred, sample_weight, multioutput, compute, lambda sums: sums[_LOGARITHMIC] / sums[_WEIGHTS])
    if compute and not np.all(np.isfinite(found)):
        raise ValueError("Mean Squared Logarithmic Error cannot be used when targets contain values less than or equal to -1.")
    return found


def r2_score(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", compute: bool = True) -> Any:
    """The share of the variance of the true numbers that is predicted. See :func:`mean_squared_error`.

    ``multioutput`` may be "variance_weighted", too.
    """
    return _share(y_true, y_pred, sample_weight, multioutput, compute, _SQUARED)


def explained_variance_score(y_true: Any, y_pred: Any, sample_weight: Any = None, multioutput: Any = "uniform_average", compute: bool = True) -> Any:
    """As :func:`r2_score`, but for errors that are all the same, which do not count."""
    return _share(y_true, y_pred, sample_weight, multioutput, compute, _ERROR)


def _is_one_row(y_true: Any, weights: np.ndarray, sample_weight: Any) -> bool:
    if not is_lazy(y_true):
        return len(y_true) < 2
    if isinstance(y_true, Array) and not np.isnan(y_true.shape[0]):
        return y_true.shape[0] < 2
    # Weights of one are numbers of rows.
    return weights[0] < 2 if sample_weight is None else len(y_true) < 2


def _share(y_true: Any, y_pred: Any, sample_weight: Any, multioutput: Any, compute: bool, left: int) -> Any:
    sums = _sums(y_true, y_pred, sample_weight)
    if not compute:
        if isinstance(multioutput, str) and multioutput == "variance_weighted":
            return 1 - sums[left].sum() / sums[_TRUTH].sum()
        return _over_outputs(1 - sums[left] / sums[_TRUTH], multioutput)
    found = _weighed(sums)
    if left == _SQUARED and _is_one_row(y_true, found[_WEIGHTS], sample_weight):
        warnings.warn("R^2 score is not well-defined with less than two samples.", UndefinedMetricWarning, stacklevel=3)
        return Score(np.nan)
    rest, variance = found[left], found[_TRUTH]
    each = np.where(variance != 0, 1 - rest / np.where(variance != 0, variance, 1), np.where(rest == 0, 1.0, 0.0))
    if isinstance(multioutput, str) and multioutput == "variance_weighted":
        multioutput = variance if variance.any() else "uniform_average"
    score = _over_outputs(each, multioutput)
    return score if np.ndim(score) else Score(score)
