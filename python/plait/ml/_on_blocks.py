"""Methods of fitted estimators on the blocks of lazy data, each of which they see as data in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..array import Array
from ..array._encoded import EncodedArray, decoded
from ..dataframe import DataFrame, Series
from ._block_fits import fit_blocks
from ._inputs import is_lazy, lazy_rows
from ._labels import named
from ._sparse import SparseArray


def on_blocks(estimator: Any, method: str, x: Any, like: Any = None) -> Any:
    """``estimator.method`` of each block of rows of a lazy array, or of each partition of a lazy frame.

    Parameters
    ----------
    like : ndarray or pandas object, optional
        Something of the type and the columns of the result; default is what the method gives for one row of ones.

    Returns
    -------
    Array, SparseArray, DataFrame or Series
        Of an array an array; of a frame a frame where the method gives columns that have names, else an array.
    """
    if isinstance(x, (DataFrame, Series)):
        return _on_partitions(estimator, method, x, like)
    if isinstance(x, SparseArray):
        return _on_sparse(estimator, method, x)
    if isinstance(x, EncodedArray) and x.is_text and hasattr(estimator, "_known_row"):
        return _on_texts(estimator, method, x)
    rows = lazy_rows(x)
    if like is None:
        like = _tried(estimator, method, _one_row(estimator, method, rows.shape[1:], rows.dtype), lambda: _with_names(estimator, rows[:1].compute()))
    found = _dense(like)
    if found.dtype.kind in "OUS" and hasattr(estimator, "classes_"):
        return named(on_blocks(_Codes(estimator, method), "codes", rows), np.asarray(estimator.classes_))
    chunks = (rows.chunks[0], *((extent,) for extent in found.shape[1:]))
    drop = list(range(found.ndim, rows.ndim))
    added = list(range(rows.ndim, found.ndim))
    return rows.map_blocks(_RowBlocks(estimator, method, found), dtype=found.dtype, chunks=chunks, drop_axis=drop or None, new_axis=added or None)


def _on_sparse(estimator: Any, method: str, x: SparseArray) -> Any:
    """The same of sparse rows: sparse where the method gives sparse rows."""
    like = getattr(estimator, method)(x._meta_of_rows(1))
    if like.dtype.kind in "OUS" and hasattr(estimator, "classes_"):
        return named(on_blocks(_Codes(estimator, method), "codes", x), np.asarray(estimator.classes_))
    return x.map_blocks(_of_sparse_block, estimator, method, like[:0])


def _of_sparse_block(block: Any, estimator: Any, method: str, like: Any) -> Any:
    return getattr(estimator, method)(block) if block.shape[0] else like


def _on_texts(estimator: Any, method: str, x: EncodedArray) -> Array:
    """The same of a lazy array of texts, of which the method makes numbers."""
    characters = x.codes.rechunk({1: -1, 2: -1})
    texts = _TextBlocks(estimator, method, x.dtype, _dense(getattr(estimator, method)(estimator._known_row())))
    return characters.map_blocks(texts, dtype=texts.like.dtype, chunks=(characters.chunks[0], texts.like.shape[1:]), drop_axis=2)


class _TextBlocks:
    """A method on blocks of the characters of texts."""

    __name__ = "on_texts"

    def __init__(self, estimator: Any, method: str, dtype: Any, like: np.ndarray):
        self.estimator, self.method, self.dtype, self.like = estimator, method, dtype, like

    def __call__(self, block: np.ndarray) -> np.ndarray:
        return _dense(getattr(self.estimator, self.method)(decoded(block, self.dtype))) if len(block) else self.like[:0]


class _Codes:
    """A classifier whose labels are texts, which blocks of the engine do not hold: it gives their positions among the classes."""

    def __init__(self, estimator: Any, method: str):
        self.estimator, self.method = estimator, method

    def codes(self, block: np.ndarray) -> np.ndarray:
        """The position of each row's label."""
        return np.searchsorted(self.estimator.classes_, getattr(self.estimator, self.method)(block))


def _one_row(estimator: Any, method: str, extents: tuple, dtype: Any) -> Any:
    """A row that the method takes: one that the estimator knows of itself, else ones; to go back, what it makes of such a row."""
    if method == "inverse_transform" and hasattr(estimator, "n_features_in_"):
        made = _dense(estimator.transform(_one_row(estimator, "transform", (estimator.n_features_in_,), np.float64)))
        return made.astype(dtype) if made.shape[1:] == tuple(extents) else np.ones((1, *extents), dtype=dtype)
    known = getattr(estimator, "_known_row", None)
    row = known().astype(dtype) if known is not None and method == "transform" else np.ones((1, *extents), dtype=dtype)
    return _with_names(estimator, row)


def _tried(estimator: Any, method: str, row: Any, first: Callable) -> Any:
    """What a method gives for a row that we have made up; else, where that is none of those it has learnt, for the first one of the data."""
    try:
        return getattr(estimator, method)(row)
    except (ValueError, KeyError):
        found = first()
        if len(found) == 0:
            raise
        return getattr(estimator, method)(found)


def _with_names(estimator: Any, block: np.ndarray) -> Any:
    """A block as an estimator wants it that knows its columns by name."""
    names = getattr(estimator, "feature_names_in_", None)
    return block if names is None or block.ndim != 2 or block.shape[1] != len(names) else pd.DataFrame(block, columns=names)


def _row_like(meta: Any, estimator: Any, method: str) -> Any:
    """The same as a frame, or a series, of the types of ``meta``."""
    frame = meta.to_frame() if isinstance(meta, pd.Series) else meta
    known = getattr(estimator, "_known_row", None)
    values = known()[0] if known is not None and method == "transform" else [_value_of(kind) for kind in frame.dtypes]
    row = pd.DataFrame({name: pd.Series([value]).astype(kind) for (name, kind), value in zip(frame.dtypes.items(), values)})
    return row.iloc[:, 0] if isinstance(meta, pd.Series) else row


def _value_of(kind: Any) -> Any:
    if isinstance(kind, pd.CategoricalDtype):
        return kind.categories[0] if len(kind.categories) else None
    return pd.Timestamp(0) if pd.api.types.is_datetime64_any_dtype(kind) else 1 if pd.api.types.is_numeric_dtype(kind) else "a"


class _RowBlocks:
    """A method on blocks of rows; its result for an empty one, which most estimators refuse, is none of the rows of ``like``."""

    __name__ = "on_blocks"

    def __init__(self, estimator: Any, method: str, like: np.ndarray):
        self.estimator, self.method, self.none = estimator, method, like[:0]

    def __call__(self, block: np.ndarray) -> np.ndarray:
        if len(block) == 0:
            return self.none
        return _dense(getattr(self.estimator, self.method)(_with_names(self.estimator, block))).astype(self.none.dtype, copy=False)


def _dense(found: Any) -> np.ndarray:
    """Blocks of the engine have no sparse form."""
    return found.toarray() if hasattr(found, "toarray") else np.asarray(found)


def _on_partitions(estimator: Any, method: str, x: Any, like: Any) -> Any:
    if like is None:
        row = (
            _row_like(x._meta, estimator, method)
            if method != "inverse_transform"
            else pd.DataFrame(_one_row(estimator, method, (len(x.columns),), np.float64), columns=list(x.columns))
        )
        like = _labelled(_tried(estimator, method, row, lambda: x.head(1, npartitions=-1)), estimator, row, method)
    if isinstance(like, (pd.DataFrame, pd.Series)):
        return x.map_partitions(_of_partition, estimator, method, like.iloc[:0], meta=like.iloc[:0])
    return on_blocks(estimator, method, x.to_dask_array(), like)


def _of_partition(part: Any, estimator: Any, method: str, like: Any) -> Any:
    if len(part) == 0:
        return like
    return _labelled(getattr(estimator, method)(part), estimator, part, method)


def _labelled(found: Any, estimator: Any, part: Any, method: str) -> Any:
    """A result of two axes as a frame, under the names that the estimator has for its columns."""
    if isinstance(found, (pd.DataFrame, pd.Series)):
        return found
    found = _dense(found)
    if found.ndim == 1:
        return pd.Series(found, index=part.index)
    if method == "inverse_transform":
        names = list(getattr(estimator, "feature_names_in_", range(found.shape[1])))
    else:
        names = list(estimator.get_feature_names_out()) if hasattr(estimator, "get_feature_names_out") else list(range(found.shape[1]))
    return pd.DataFrame(found, index=part.index, columns=names)


class OnBlocks(TransformerMixin):  # type: ignore[misc]
    """A transformer of scikit-learn's that works on lazy data block by block, once it is fitted; stands before its class.

    A subclass says how it learns from lazy data: ``_fit_lazy(X)``.
    """

    def fit(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Learn from rows; lazy ones are not put together."""
        if not is_lazy(X):
            return super().fit(X, y, **kwargs)  # type: ignore[misc]
        if isinstance(X, SparseArray):
            self._fit_sparse(X, **kwargs)
        else:
            self._fit_lazy(X, **kwargs)
        return self

    def _fit_sparse(self, X: SparseArray) -> None:
        lazy_rows(X)  # which says that it wants others

    def _fit_lazy(self, X: Any) -> None:
        raise NotImplementedError

    def transform(self, X: Any, *args: Any, **kwargs: Any) -> Any:
        """The transformed rows: lazy ones of lazy ones."""
        if not is_lazy(X):
            return super().transform(X, *args, **kwargs)  # type: ignore[misc]
        check_is_fitted(self)
        return self._transform_lazy(X)

    def _transform_lazy(self, X: Any) -> Any:
        return on_blocks(self, "transform", X)

    def fit_transform(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Learn from rows and transform them."""
        if not is_lazy(X):
            return super().fit_transform(X, y, **kwargs)  # type: ignore[misc]
        return self.fit(X, y, **kwargs).transform(X)

    def inverse_transform(self, X: Any) -> Any:
        """Rows as they were before they were transformed."""
        if not is_lazy(X):
            return super().inverse_transform(X)  # type: ignore[misc]
        return self._inverse_lazy(X)

    def _inverse_lazy(self, X: Any) -> Any:
        return on_blocks(self, "inverse_transform", X)


class InParts(OnBlocks):
    """One that can learn from one part of the rows after the other."""

    def _fit_sparse(self, X: SparseArray, **kwargs: Any) -> None:
        self._reset()  # type: ignore[attr-defined]
        fit_blocks(self, X, **kwargs)

    def partial_fit(self, X: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Learn from some rows more; lazy ones block by block."""
        if not is_lazy(X):
            return super().partial_fit(X, y, *args, **kwargs)  # type: ignore[misc]
        return fit_blocks(self, X, **kwargs)
