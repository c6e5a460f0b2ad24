"""Distances and kernels between many rows and a few: a block of rows at a time, lazily."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import pairwise as in_memory

from ...array import Array
from .._inputs import in_blocks, is_lazy, lazy_rows


# What scikit-learn makes of float32 rows in float32; SciPy's distances are float64.
_IN_THEIR_PRECISION = ("euclidean", "l2", "nan_euclidean", "cosine", "linear", "rbf", "polynomial", "poly", "sigmoid")


def _rows(X: Any) -> Array:
    return lazy_rows(X) if is_lazy(X) else in_blocks(np.asarray(X, dtype=np.result_type(np.asarray(X).dtype, np.float32)))


def _few(X: Any, Y: Any) -> np.ndarray:
    few = X if Y is None else Y
    return np.asarray(few.compute() if is_lazy(few) else few)


def _between(X: Any, Y: Any, function: Callable, **kwargs: Any) -> Any:
    """A function of a block of rows of ``X`` and all of ``Y``, which is small; lazy where ``X`` is."""
    rows, few = _rows(X), _few(X, Y)
    if few.ndim != 2 or few.shape[1] != rows.shape[1]:
        raise ValueError(f"Incompatible dimension for X and Y matrices: X.shape[1] == {rows.shape[1]} while Y has shape {few.shape}")
    stays = kwargs.get("metric", "linear") in _IN_THEIR_PRECISION and rows.dtype == few.dtype == np.float32
    dtype = np.dtype(np.float32 if stays else np.float64)
    made = rows.map_blocks(_Between(function, few, kwargs, dtype), dtype=dtype, chunks=(rows.chunks[0], (len(few),)))
    return made if is_lazy(X) else made.compute()


def _nearest(distances: np.ndarray) -> np.ndarray:
    return distances.argmin(axis=1)


class _Between:
    def __init__(self, function: Callable, few: np.ndarray, kwargs: dict, dtype: np.dtype):
        self.function, self.few, self.kwargs, self.dtype = function, few, kwargs, dtype

    def __call__(self, block: np.ndarray) -> np.ndarray:
        if len(block) == 0:
            return np.empty((0, len(self.few)), dtype=self.dtype)
        return self.function(block, self.few, **self.kwargs).astype(self.dtype, copy=False)


def pairwise_distances(X: Any, Y: Any = None, metric: Any = "euclidean", n_jobs: int | None = None, **kwargs: Any) -> Any:
    """Distances of each row of ``X`` to each of ``Y``.

    Parameters
    ----------
    X : array-like of shape (rows, features), lazy or not
        Many rows.
    Y : array-like of shape (few, features), optional
        Few rows, which go to every block; ``X`` itself by default.
    metric : str or callable
        What scikit-learn's function of this name takes.
    n_jobs : int, optional
        Taken for scikit-learn's sake.
    **kwargs
        Parameters of the metric.

    Returns
    -------
    Array or ndarray of shape (rows, few)
        Lazy where ``X`` is.
    """
    return _between(X, Y, in_memory.pairwise_distances, metric=metric, **kwargs)


def euclidean_distances(X: Any, Y: Any = None, *, squared: bool = False) -> Any:
    """Euclidean distances of each row of ``X`` to each of ``Y``; see `pairwise_distances`."""
    return _between(X, Y, in_memory.euclidean_distances, squared=squared)


def pairwise_distances_argmin_min(X: Any, Y: Any, axis: int = 1, metric: Any = "euclidean", **kwargs: Any) -> tuple[Any, Any]:
    """For each row of ``X`` the number of the nearest row of ``Y``, and its distance.

    Raises
    ------
    ValueError
        For another axis than 1.
    """
    if axis != 1:
        raise ValueError(f"axis={axis}: only 1, the nearest row of Y, is there; exchange X and Y for the other")
    lazy = X if is_lazy(X) else _rows(X)
    distances = pairwise_distances(lazy, Y, metric=metric, **kwargs)
    found = distances.map_blocks(_nearest, dtype=np.int64, drop_axis=1), distances.min(axis=1)
    return found if is_lazy(X) else (found[0].compute(), found[1].compute())


def linear_kernel(X: Any, Y: Any = None) -> Any:
    """Products of rows; see `pairwise_kernels`."""
    return _between(X, Y, in_memory.linear_kernel)


def rbf_kernel(X: Any, Y: Any = None, gamma: float | None = None) -> Any:
    """exp(-gamma d^2) of the distances d of rows; see `pairwise_kernels`."""
    return _between(X, Y, in_memory.rbf_kernel, gamma=gamma)


def polynomial_kernel(X: Any, Y: Any = None, degree: float = 3, gamma: float | None = None, coef0: float = 1) -> Any:
    """(gamma x y + coef0)^degree of rows x and y; see `pairwise_kernels`."""
    return _between(X, Y, in_memory.polynomial_kernel, degree=degree, gamma=gamma, coef0=coef0)


def sigmoid_kernel(X: Any, Y: Any = None, gamma: float | None = None, coef0: float = 1) -> Any:
    """tanh(gamma x y + coef0) of rows x and y; see `pairwise_kernels`."""
    return _between(X, Y, in_memory.sigmoid_kernel, gamma=gamma, coef0=coef0)


PAIRWISE_KERNEL_FUNCTIONS = {
    "rbf": rbf_kernel,
    "polynomial": polynomial_kernel,
    "poly": polynomial_kernel,
    "linear": linear_kernel,
    "sigmoid": sigmoid_kernel,
}


def pairwise_kernels(X: Any, Y: Any = None, metric: Any = "linear", filter_params: bool = False, n_jobs: int | None = 1, **kwds: Any) -> Any:
    """The kernel of each row of ``X`` with each of ``Y``.

    Parameters
    ----------
    X, Y, n_jobs
        See `pairwise_distances`.
    metric : str or callable
        A kernel that scikit-learn's function of this name takes.
    filter_params : bool
        Whether to leave out parameters that the kernel does not have.
    **kwds
        Parameters of the kernel.
    """
    return _between(X, Y, in_memory.pairwise_kernels, metric=metric, filter_params=filter_params, **kwds)
