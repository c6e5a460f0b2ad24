"""Features in columns by their hash: nothing is learnt, so documents are gone through once."""

from __future__ import annotations

from typing import Any

from scipy import sparse
from sklearn.feature_extraction import FeatureHasher as TheirHasher
from sklearn.feature_extraction import text as theirs
from sklearn.preprocessing import normalize

from ... import _plait
from ..._travel import able_to_travel
from ...bag import Bag
from .._sparse import SparseArray
from ._by_sklearn import OnPartition
from ._documents import documents_of
from ._native import HashTexts, why_not_native


class HashingVectorizer(theirs.HashingVectorizer):
    """Documents as rows of counts, in columns by the hash of terms. Parameters are scikit-learn's, and so is the hash.

    Words are found as `CountVectorizer` finds them.

    Examples
    --------
    >>> from plait.ml.feature_extraction.text import HashingVectorizer
    >>> documents = db.from_sequence(["A cat, a dog.", "The cat!"], npartitions=2)
    >>> HashingVectorizer(n_features=8, norm=None, alternate_sign=False).transform(documents).compute().sum(axis=1).tolist()
    [[2.0], [2.0]]
    """

    def fit(self, X: Any, y: Any = None) -> HashingVectorizer:
        """Looks at the parameters only."""
        if not isinstance(documents_of(X), Bag):
            return super().fit(X, y)
        return super().fit([], y)

    def partial_fit(self, X: Any, y: Any = None) -> HashingVectorizer:
        """Looks at the parameters only."""
        return self.fit(X, y)

    def transform(self, X: Any) -> Any:
        """Documents as rows, lazy where they are."""
        documents = documents_of(X)
        self._validate_params()
        self._validate_ngram_range()
        self.build_analyzer()
        if why_not_native(self) is None:
            step: Any = _Normalized(HashTexts(self), self.norm)
            label = "hashing_vectorizer"
        else:
            step = able_to_travel(OnPartition(self, theirs.HashingVectorizer.transform, self.n_features, self.dtype), self)
            label = "hashing_vectorizer_of_sklearn"
        if isinstance(documents, Bag):
            return SparseArray(_plait.bags.call([documents._expr], step, label, False), self.n_features, self.dtype)
        made = step(documents)
        if not made.shape[0]:
            raise ValueError("Cannot vectorize empty sequence.")
        return made

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Documents as rows, lazy where they are."""
        return self.fit(X, y).transform(X)


class _Normalized:
    """Rows divided by their length."""

    def __init__(self, made: Any, norm: Any):
        self.made, self.norm = made, norm

    def __call__(self, documents: Any) -> Any:
        rows = self.made(documents)
        return rows if self.norm is None or not rows.shape[0] else sparse.csr_matrix(normalize(rows, norm=self.norm, copy=False))


class FeatureHasher(TheirHasher):
    """Rows of names and numbers, in columns by the hash of the name. Parameters are scikit-learn's, whose code runs on each partition.

    Items of a bag are dicts, lists of pairs, or lists of names, as ``input_type`` says.

    Examples
    --------
    >>> from plait.ml.feature_extraction.text import FeatureHasher
    >>> FeatureHasher(n_features=4).transform(db.from_sequence([{"dog": 1, "cat": 2}, {"dog": 3}])).compute().shape
    (2, 4)
    """

    def fit(self, X: Any = None, y: Any = None) -> FeatureHasher:
        """Looks at the parameters only."""
        return super().fit(None, y)

    def transform(self, raw_X: Any) -> Any:
        """Items as rows, lazy where they are."""
        items = documents_of(raw_X)
        if not isinstance(items, Bag):
            return super().transform(items)
        self._validate_params()
        step = OnPartition(self, TheirHasher.transform, self.n_features, self.dtype)
        return SparseArray(_plait.bags.call([items._expr], step, "feature_hasher", False), self.n_features, self.dtype)

    def fit_transform(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Items as rows, lazy where they are."""
        return self.fit(None, y).transform(X)


__all__ = ["FeatureHasher", "HashingVectorizer"]
