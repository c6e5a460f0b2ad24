"""Counts of terms weighted by how few documents have them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.feature_extraction import text as theirs
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...bag import Item
from .._inputs import is_lazy, sparse_rows_of
from ._by_sklearn import OnPartition


class TfidfTransformer(theirs.TfidfTransformer):
    """Counts times the inverse document frequency of their terms. Parameters and attributes are scikit-learn's.

    Takes the lazy rows of a vectorizer, and lazy arrays and frames.

    Examples
    --------
    >>> from plait.ml.feature_extraction.text import CountVectorizer, TfidfTransformer
    >>> counts = CountVectorizer().fit_transform(db.from_sequence(["a big cat", "the cat"], npartitions=2))
    >>> TfidfTransformer().fit_transform(counts).compute().toarray().round(2)
    array([[0.81, 0.58, 0.  ],
           [0.  , 0.58, 0.81]])
    """

    n_features_in_: int
    idf_: np.ndarray

    def fit(self, X: Any, y: Any = None) -> TfidfTransformer:
        """Learn in how many rows each column has a count; one pass over lazy rows."""
        if not is_lazy(X):
            return super().fit(X, y)
        self._validate_params()
        rows = sparse_rows_of(X)
        num_rows, found = 0, None
        if self.use_idf:
            num_rows, found = Item._of(_plait.bags.reduction(rows._expr, _frequencies, _added, _added, "document_frequency", False, None, True, [])).compute()
        return self._learn(rows.shape[1], rows.dtype, num_rows, found)

    def _learn(self, columns: int, dtype: Any, num_rows: int, frequencies: Any) -> TfidfTransformer:
        """What is known of ``num_rows`` rows of counts, ``frequencies`` of which have one in a column."""
        self.n_features_in_ = columns
        if self.use_idf:
            kind = np.float32 if dtype == np.float32 else np.float64
            counts = frequencies.astype(kind) + kind(self.smooth_idf)
            self.idf_ = np.log(np.full_like(counts, num_rows + int(self.smooth_idf)) / counts) + kind(1)
        return self

    def transform(self, X: Any, copy: bool = True) -> Any:
        """The weighted counts: lazy rows of lazy ones."""
        if not is_lazy(X):
            return super().transform(X, copy=copy)
        check_is_fitted(self)
        rows = sparse_rows_of(X)
        if rows.shape[1] != self.n_features_in_:
            raise ValueError(f"X has {rows.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} features as input")
        dtype = np.dtype(np.float32 if rows.dtype == np.float32 else np.float64)
        return rows._mapped(OnPartition(self, theirs.TfidfTransformer.transform, rows.shape[1], dtype), dtype, "tfidf")

    def fit_transform(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Learn from counts and weigh them."""
        return self.fit(X, y).transform(X)


def _frequencies(block: Any) -> tuple:
    """The number of rows, and in how many of them each column has a number."""
    return block.shape[0], np.bincount(block.indices, minlength=block.shape[1])


def _added(*parts: tuple) -> tuple:
    return sum(rows for rows, _ in parts), sum(found for _, found in parts)
