"""What a user may give an estimator, as lazy arrays: rows of features, targets, labels, weights.

Data in memory is checked by scikit-learn, so that its errors are scikit-learn's. Lazy data is checked by what is known of it
before it is computed; NaN and infinity are found while its rows are made, by `kept`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, issparse
from sklearn.utils.validation import _check_feature_names, check_array, column_or_1d, validate_data

from .. import _plait
from ..array import Array, asarray
from ..array._encoded import EncodedArray
from ..array._operands import engine
from ..base import compute
from ..dataframe import DataFrame
from ..dataframe._collection import FrameBase
from ._sparse import SparseArray, of_matrix
from ._running import run

_ops = _plait.arrays

# Rows of data in memory are cut so: many blocks for many cores, and the same ones on every machine.
BLOCK_BYTES = 8 << 20
FEWEST_ROWS = 4096


def is_lazy(x: Any) -> bool:
    """Whether ``x`` is a lazy array or frame: what is made of it is lazy, too."""
    return isinstance(x, (Array, FrameBase))


def is_sparse(x: Any) -> bool:
    """Whether its rows are sparse, lazy or a scipy matrix."""
    return issparse(x) or isinstance(x, SparseArray)


def in_memory(x: Any) -> Any:
    """Arrow tables as pandas frames; all else as it is."""
    return x.to_pandas() if type(x).__module__.startswith("pyarrow") and hasattr(x, "to_pandas") else x


def in_blocks(x: np.ndarray) -> Array:
    """A NumPy array as a lazy one, cut along its rows."""
    rows = max(FEWEST_ROWS, BLOCK_BYTES // max(1, x.itemsize * int(np.prod(x.shape[1:]))))
    return Array(_ops.from_array(x, (rows, *x.shape[1:])))


def column_names(x: Any) -> pd.DataFrame | None:
    """An empty frame with the names of the columns, where ``x`` has some."""
    if isinstance(x, DataFrame):
        return x._meta.iloc[:0]
    names = getattr(x, "column_names", None) if isinstance(x, Array) else None
    return None if names is None else pd.DataFrame(columns=list(names))


def features(estimator: Any, x: Any, *, reset: bool, dtype: Any = "numeric", ensure_all_finite: Any = True, accept_sparse: bool = False) -> Array:
    """The rows of ``X`` as a lazy array of two axes, whose columns are in one block.

    Sets (``reset``) or checks ``n_features_in_`` and ``feature_names_in_``.

    Parameters
    ----------
    dtype : "numeric", type or list of types
        As scikit-learn's ``check_array`` has it, for data in memory. Lazy data keeps its type.
    ensure_all_finite : bool or "allow-nan"
        For data in memory; see `kept` for lazy data.
    accept_sparse : bool
        Whether blocks may be sparse rows: they then are, where ``X`` is sparse.
    """
    x = in_memory(x)
    if accept_sparse and is_sparse(x):
        return sparse_features(estimator, x, reset=reset).engine_rows()
    if not is_lazy(x):
        return in_blocks(np.asarray(validate_data(estimator, x, reset=reset, dtype=dtype, ensure_all_finite=ensure_all_finite)))
    names = column_names(x)
    if names is not None or hasattr(estimator, "feature_names_in_"):
        _check_feature_names(estimator, names if names is not None else np.empty((0, 0)), reset=reset)
    elif reset and hasattr(estimator, "feature_names_in_"):
        del estimator.feature_names_in_
    rows = _numbers(lazy_rows(x))
    if rows is x:  # whose lengths may be found: the user's own array stays as it is
        rows = Array(x._array)
    if rows.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {rows.ndim}D array instead. Reshape your data either using array.reshape(-1, 1) if your data has a single feature or "
            "array.reshape(1, -1) if it contains a single sample."
        )
    _check_width(estimator, rows.shape[1], rows.shape, reset)
    return rows


def sparse_features(estimator: Any, x: Any, *, reset: bool) -> SparseArray:
    """The same of sparse rows, lazy ones or a scipy matrix; these are cut into blocks."""
    if issparse(x):
        return of_matrix(validate_data(estimator, x, reset=reset, dtype=[np.float64, np.float32], accept_sparse="csr"))
    if hasattr(estimator, "feature_names_in_"):
        _check_feature_names(estimator, np.empty((0, 0)), reset=reset)
    _check_width(estimator, x.shape[1], x.shape, reset)
    return x


def _check_width(estimator: Any, columns: int, shape: tuple, reset: bool) -> None:
    """Sets (``reset``) or checks ``n_features_in_``."""
    if reset:
        if columns == 0:
            raise ValueError(f"Found array with 0 feature(s) (shape={shape}) while a minimum of 1 is required by {type(estimator).__name__}.")
        estimator.n_features_in_ = columns
    elif columns != estimator.n_features_in_:
        raise ValueError(f"X has {columns} features, but {type(estimator).__name__} is expecting {estimator.n_features_in_} features as input")


def lazy_rows(x: Any) -> Array:
    """A lazy array or frame as an array of numbers.

    Raises
    ------
    ValueError
        If it holds texts or dates.
    TypeError
        If its rows are sparse.
    """
    if isinstance(x, FrameBase):
        frame = x._meta if isinstance(x, DataFrame) else x._meta.to_frame()
        bad = [(name, kind) for name, kind in frame.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
        if bad:
            raise ValueError(f"could not convert column {bad[0][0]!r} of dtype {bad[0][1]} to numbers; encode it first, for example with OrdinalEncoder")
        x = x.to_dask_array()
    if isinstance(x, SparseArray):
        raise TypeError("Sparse data was passed for X, but dense data is required. Use todense() to convert to a dense array.")
    if isinstance(x, EncodedArray):
        raise ValueError(f"could not convert an array of dtype {x.dtype} to numbers; encode it first, for example with OrdinalEncoder")
    if x.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    return x.rechunk({1: -1}) if x.ndim == 2 and len(x.chunks[1]) > 1 else x


def _numbers(x: Array) -> Array:
    """Python objects as the numbers that they are; a text among them is an error of the run."""
    return x.astype(np.float64) if x.dtype.kind == "O" else x


def targets(y: Any, x: Array, *, multi: bool = False, name: str = "y") -> Array:
    """Numbers to predict, or weights: one a row of ``x`` (or several, with ``multi``), in blocks like those of ``x``."""
    if y is None:
        raise ValueError(f"This estimator requires {name} to be passed, but the target {name} is None")
    y = in_memory(y)
    if not is_lazy(y):
        kind = None if np.asarray(y).dtype.kind in "biuf" else np.float64
        y = check_array(y, ensure_2d=False, dtype=kind, input_name=name, ensure_min_samples=0)
        y = y if multi and y.ndim == 2 else column_or_1d(y, warn=True)
    rows = asarray(y) if not is_lazy(y) else _numbers(lazy_rows(y))
    if rows.ndim != 1 and not (multi and rows.ndim == 2):
        raise ValueError(f"{name} should be a 1d array, got an array of shape {rows.shape} instead.")
    return like_rows(rows, x, name)


def sparse_rows_of(x: Any) -> SparseArray:
    """A lazy array or frame as sparse rows."""
    if isinstance(x, SparseArray):
        return x
    rows = lazy_rows(x)
    return SparseArray(_plait.bags.call(rows.__plait_exprs__(), csr_matrix, "sparse", False), rows.shape[1], rows.dtype, rows.chunks[0])


def like_rows(y: Array, x: Array, name: str = "y") -> Array:
    """``y`` cut as the rows of ``x``.

    Raises
    ------
    ValueError
        If it is known to have another number of rows.
    """
    if y.chunks[0] != x.chunks[0] and not (_is_counted(x) and _is_counted(y)) and (_is_counted(x) or _is_counted(y) or x.numblocks[0] != y.numblocks[0]):
        find_lengths(x, y)
    known, rows = y.shape[0], x.shape[0]
    if known == known and rows == rows and known != rows:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: [{rows}, {known}] (X, {name})")
    if y.chunks[0] != x.chunks[0] and known == known and rows == rows:
        y = y.rechunk({0: x.chunks[0]})
    return y


def _is_counted(x: Array) -> bool:
    return not np.isnan(x.shape[0])


def find_lengths(*arrays: Array) -> None:
    """Find the lengths of blocks of rows where they are not known; the arrays know them then. Makes the rows once, and keeps none."""
    unknown = [each for each in arrays if not _is_counted(each)]
    found = compute(*(Array(_plait.ml.row_counts(each._array)) for each in unknown))
    for each, lengths in zip(unknown, found):
        each._array = _plait.ml.with_lengths(each._array, lengths.tolist())


def precision(x: Any) -> np.dtype:
    """The type of numbers that are learnt from rows or made of them: float32 of float32, else float64."""
    return np.dtype(np.float32 if x.dtype == np.float32 else np.float64)


def finite(x: Array, name: str = "X", *, allows_missing: bool = False) -> Array:
    """The same numbers in their `precision`. Infinity in them, and NaN unless it is allowed, is an error of the run."""
    return Array(_plait.ml.finite_rows(x._array, precision(x), name, allows_missing))


def finite_rows(x: Any) -> Any:
    """Rows of numbers without NaN and infinity, which are no features of a fit: a lazy array of a lazy one, else a NumPy array."""
    return finite(_numbers(lazy_rows(x))) if is_lazy(x) else check_array(in_memory(x), dtype=[np.float64, np.float32], input_name="X")


def require_rows(estimator: Any, rows: Array) -> None:
    """Refuse rows that are known to be none."""
    if rows.shape[0] == 0:
        raise ValueError(f"Found array with 0 sample(s) (shape={rows.shape}) while a minimum of 1 is required by {type(estimator).__name__}.")


def kept(*arrays: Array | None) -> list[Any]:
    """The same arrays, made once: what several passes read. None stays None."""
    made = iter(run(_plait.ml.kept_rows, [engine(each) for each in arrays if each is not None]))
    return [None if each is None else Array(next(made)) for each in arrays]
