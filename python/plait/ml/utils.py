"""Checks and small helpers, with the names of ``dask_ml.utils``."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.utils

from ..array import Array, sign
from ..array.random import RandomState
from ..dataframe._collection import FrameBase
from ._inputs import is_lazy, lazy_rows

__all__ = [
    "assert_estimator_equal",
    "check_X_y",
    "check_array",
    "check_chunks",
    "check_consistent_length",
    "check_matching_blocks",
    "check_random_state",
    "flip_vector_signs",
    "handle_zeros_in_scale",
    "is_frame_base",
    "row_norms",
    "slice_columns",
    "svd_flip",
]


def svd_flip(u: Any, v: Any, u_based_decision: bool = False) -> tuple:
    """The factors of an SVD with signs that do not depend on how it was found: the largest elements of ``v`` (or ``u``) are positive."""
    if u_based_decision:
        columns = u.T if isinstance(u, Array) else np.asarray(u).T
    else:
        columns = v
    lead = _leading_signs(columns)
    return u * lead, v * lead[:, None]


def _leading_signs(rows: Any) -> Any:
    if isinstance(rows, Array):
        low, high = rows.min(axis=1), rows.max(axis=1)
        return sign(high + low) + (high + low == 0)
    rows = np.asarray(rows)
    return np.where(rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)] < 0, -1.0, 1.0)


def flip_vector_signs(x: Any, axis: int) -> Any:
    """The vectors along an axis, each with a positive sum."""
    signs = np.sign(x.sum(axis=axis)) if not isinstance(x, Array) else sign(x.sum(axis=axis))
    return x * (signs[:, None] if axis else signs)


def slice_columns(X: Any, columns: Any) -> Any:
    """Some columns of a frame; all of them, and all of anything else, where ``columns`` is None."""
    return X if columns is None or not hasattr(X, "columns") else X[list(columns)]


def handle_zeros_in_scale(scale: Any) -> Any:
    """Scales to divide by: 1 where they are 0."""
    if isinstance(scale, Array):
        return scale + (scale == 0)
    return np.where(np.asarray(scale) == 0, 1.0, scale)


def row_norms(X: Any, squared: bool = False) -> Any:
    """The length of each row."""
    found = (X * X).sum(axis=1)
    return found if squared else np.sqrt(found)


def check_random_state(random_state: Any) -> Any:
    """A random state of lazy arrays.

    Raises
    ------
    TypeError
        If it is none, nor a seed.
    """
    if random_state is None or isinstance(random_state, (int, np.integer)):
        return RandomState(random_state)
    if isinstance(random_state, RandomState):
        return random_state
    if isinstance(random_state, np.random.RandomState):
        return RandomState(random_state.randint(0, 2**31 - 1))
    raise TypeError(f"Unexpected type {type(random_state).__name__!r} of a random state; expected None, an int or a RandomState")


def check_array(
    array: Any,
    *args: Any,
    accept_dask_array: bool = True,
    accept_dask_dataframe: bool = False,
    preserve_pandas_dataframe: bool = False,
    remove_zero_chunks: bool = True,
    **kwargs: Any,
) -> Any:
    """The data if an estimator can take it. Lazy data is checked by what is known of it, data in memory by scikit-learn.

    Raises
    ------
    TypeError
        If lazy data is of a kind that is not accepted.
    ValueError
        If a lazy array has other than two axes.
    """
    if isinstance(array, FrameBase):
        if not accept_dask_dataframe:
            raise TypeError("This estimator does not support dask dataframes. This might be resolved with X.to_dask_array(lengths=True)")
        return array
    if isinstance(array, Array):
        if not accept_dask_array:
            raise TypeError("This estimator does not support dask arrays; compute() them first")
        if array.ndim != 2 and kwargs.get("ensure_2d", True):
            raise ValueError(f"Expected 2D array, got {array.ndim}D array instead")
        if remove_zero_chunks and 0 in array.chunks[0] and any(array.chunks[0]):
            array = array.rechunk({0: tuple(each for each in array.chunks[0] if each)})
        return array.rechunk({1: -1}) if array.ndim == 2 else array
    if preserve_pandas_dataframe and hasattr(array, "iloc"):
        return array
    return sklearn.utils.check_array(array, *args, **kwargs)


def check_X_y(X: Any, y: Any, **kwargs: Any) -> tuple:  # noqa: N802
    """Rows and what belongs to them, if an estimator can take them."""
    if not is_lazy(X) and not is_lazy(y):
        return sklearn.utils.check_X_y(X, y, **kwargs)
    check_consistent_length(X, y)
    return check_array(X, accept_dask_dataframe=True), y


def check_consistent_length(*arrays: Any) -> None:
    """Raise if known numbers of rows differ."""
    lengths = [each.shape[0] if isinstance(each, Array) else None if isinstance(each, FrameBase) else len(each) for each in arrays]
    known = [each for each in lengths if each is not None and each == each]
    if len(set(known)) > 1:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {known}")


def check_matching_blocks(*arrays: Any) -> None:
    """Raise if lazy arrays are not cut alike along their rows, or frames do not have the same divisions."""
    if len(arrays) < 2:
        return
    if all(isinstance(each, Array) for each in arrays):
        cuts = [each.chunks[0] for each in arrays]
    elif all(isinstance(each, FrameBase) for each in arrays):
        cuts = [each.divisions for each in arrays]
    else:
        raise ValueError(f"Unexpected types {', '.join(type(each).__name__ for each in arrays)}: expected all arrays, or all frames")
    for each in cuts[1:]:
        if each != cuts[0]:
            raise ValueError(f"Mismatched blocks of rows: {cuts[0]} and {each}")


def check_chunks(n_samples: int, n_features: int, chunks: Any = None) -> tuple:
    """Chunks as a pair of rows and columns, which are in one block.

    Raises
    ------
    ValueError
        If the columns are cut.
    """
    if chunks is None:
        chunks = (max(100, n_samples // 4), n_features)
    elif isinstance(chunks, (int, np.integer)):
        chunks = (max(100, n_samples // int(chunks)), n_features)
    if not isinstance(chunks, (tuple, list)) or len(chunks) != 2:
        raise AssertionError("Expected chunks of two axes: rows and columns")
    if chunks[1] not in (n_features, (n_features,), -1):
        raise ValueError(f"chunks cut the {n_features} features into {chunks[1]}: the columns must be in one block")
    return tuple(chunks)


def is_frame_base(x: Any) -> bool:
    """Whether ``x`` is a lazy frame, series or index."""
    return isinstance(x, FrameBase)


def assert_estimator_equal(left: Any, right: Any, exclude: Any = None, **kwargs: Any) -> None:
    """Raise if two fitted estimators have learnt other things.

    Parameters
    ----------
    exclude : str or set of str, optional
        Attributes that are not compared.
    **kwargs : object
        Passed to `numpy.testing.assert_allclose`.
    """
    left_out = {exclude} if isinstance(exclude, str) else set(exclude or ())
    names = [
        {name for name in dir(each) if name.endswith("_") and not name.startswith("_") and not isinstance(getattr(type(each), name, None), property)} - left_out
        for each in (left, right)
    ]
    if names[0] != names[1]:
        raise AssertionError(f"other attributes: only left {sorted(names[0] - names[1])}, only right {sorted(names[1] - names[0])}")
    for name in sorted(names[0]):
        one, other = (np.asarray(lazy_rows(each).compute() if is_lazy(each) else each) for each in (getattr(left, name), getattr(right, name)))
        if one.dtype.kind in "biufc" and other.dtype.kind in "biufc":
            np.testing.assert_allclose(one, other, err_msg=name, **kwargs)
        elif one.dtype.kind in "US":
            np.testing.assert_array_equal(one, other, err_msg=name)
