"""Counts of the terms of a vocabulary."""

from __future__ import annotations

import numbers
import warnings
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import text as theirs
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ..._travel import able_to_travel
from ...bag import Bag, Item
from .._sparse import SparseArray
from ._by_sklearn import AnalyzedTerms, OnPartition, added_terms
from ._documents import documents_of
from ._native import CountedOnce, CountTexts, Merged, Texts, why_not_native
from ._tfidf import TfidfTransformer


class _Counts:
    """How documents are counted; stands before scikit-learn's class."""

    vocabulary_: dict
    fixed_vocabulary_: bool
    vocabulary: Any
    lowercase: bool
    binary: bool
    dtype: Any
    min_df: Any
    max_df: Any
    max_features: Any

    def fit(self, raw_documents: Any, y: Any = None) -> Any:
        """Learn the vocabulary. It is the same whatever the partitions.

        Raises
        ------
        ValueError
            If there is no term, or ``min_df`` and ``max_df`` leave none; if a document is missing.
        """
        self._learn(_held(documents_of(raw_documents)))
        return self

    def fit_transform(self, raw_documents: Any, y: Any = None) -> Any:
        """Learn the vocabulary, and the documents as rows of counts; lazy where they are.

        Words of lazy documents are found once for both, where what is found takes at most a quarter of the memory budget.
        """
        documents = self._once(_held(documents_of(raw_documents)))
        self._learn(documents)
        return self._counted(documents)

    def _once(self, documents: Any) -> Any:
        """Lazy documents as they are learnt from and then counted."""
        self._validate_params()  # type: ignore[attr-defined]
        is_once = isinstance(documents, Bag) and self.vocabulary is None and why_not_native(self) is None
        return CountedOnce(documents) if is_once else documents

    def transform(self, raw_documents: Any) -> Any:
        """Documents as rows of counts, lazy where they are."""
        documents = documents_of(raw_documents)
        self._check_vocabulary()  # type: ignore[attr-defined]
        return self._counted(documents)

    def _learn(self, documents: Any) -> tuple[int, np.ndarray] | None:
        """Finds the vocabulary. Gives how many documents there are and how many of them have each of its terms, if it was not given."""
        self._validate_params()  # type: ignore[attr-defined]
        self._validate_ngram_range()  # type: ignore[attr-defined]
        self._warn_for_unused_params()  # type: ignore[attr-defined]
        self._validate_vocabulary()  # type: ignore[attr-defined]
        self.build_analyzer()  # type: ignore[attr-defined]  # which warns of stop words that no word can be
        if self.fixed_vocabulary_:
            if self.lowercase and any(character.isupper() for term in self.vocabulary for character in term):
                warnings.warn("Upper case characters found in vocabulary while 'lowercase' is True. These entries will not be matched with any documents", stacklevel=3)
            return None
        found = self._statistics(documents)
        terms = found.terms()
        if not terms:
            raise ValueError("empty vocabulary; perhaps the documents only contain stop words")
        frequencies = found.documents()
        kept = self._kept(found.num_documents, frequencies, frequencies if self.binary else found.occurrences())
        self.vocabulary_ = {terms[place]: column for column, place in enumerate(kept.tolist())}
        return found.num_documents, frequencies[kept]

    def _statistics(self, documents: Any) -> Any:
        if isinstance(documents, CountedOnce):
            return documents.statistics(Texts(self))
        if why_not_native(self) is None:
            texts = Texts(self)
            if not isinstance(documents, Bag):
                return Merged(True)([texts.statistics(documents)])
            steps: tuple = (texts.statistics, partial(_merged, Merged(False)), partial(_merged, Merged(True)))
        else:
            analyzed = AnalyzedTerms(self)
            if not isinstance(documents, Bag):
                return analyzed(documents)
            steps = (able_to_travel(analyzed, self), added_terms, added_terms)
        return Item._of(_plait.bags.reduction(documents._expr, steps[0], steps[1], steps[2], "vocabulary", False, None, True, [])).compute()

    def _kept(self, num_documents: int, frequencies: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """The places of those terms that are neither too rare nor too common, and if these are too many, of the most frequent."""
        high = self.max_df if isinstance(self.max_df, numbers.Integral) else self.max_df * num_documents
        low = self.min_df if isinstance(self.min_df, numbers.Integral) else self.min_df * num_documents
        if high < low:
            raise ValueError("max_df corresponds to < documents than min_df")
        kept = np.flatnonzero((frequencies <= high) & (frequencies >= low))
        if self.max_features is not None and len(kept) > self.max_features:
            # The type in which scikit-learn adds counts up, so that its order of equal ones is ours.
            sums = counts[kept].astype(sparse.csr_matrix((1, 1), dtype=self.dtype).sum(axis=0).dtype)
            kept = np.sort(kept[(-sums).argsort()[: self.max_features]])
        if not len(kept):
            raise ValueError("After pruning, no terms remain. Try a lower min_df or a higher max_df.")
        return kept

    def _counted(self, documents: Any) -> Any:
        columns = len(self.vocabulary_)
        terms = sorted(self.vocabulary_, key=self.vocabulary_.__getitem__)
        if why_not_native(self) is None and all(isinstance(term, str) for term in terms):
            step: Any = CountTexts(self, terms)
            label = "count_vectorizer"
        else:
            step = able_to_travel(OnPartition(self, theirs.CountVectorizer.transform, columns, self.dtype), self)
            label = "count_vectorizer_of_sklearn"
        if isinstance(documents, CountedOnce):
            return SparseArray(documents.rows(step), columns, self.dtype)
        if not isinstance(documents, Bag):
            return step(documents)
        return SparseArray(_plait.bags.call([documents._expr], step, label, False), columns, self.dtype)


def _held(documents: Any) -> Any:
    """Documents in memory that may be gone through twice."""
    return documents if isinstance(documents, Bag) or hasattr(documents, "__len__") else list(documents)


def _merged(merge: Merged, *parts: Any) -> Any:
    return merge(list(parts))


class CountVectorizer(_Counts, theirs.CountVectorizer):
    """Documents as rows of counts of terms. Parameters and attributes are scikit-learn's, and so are vocabulary and counts.

    Words are found by the engine where ``analyzer="word"`` has the default ``token_pattern``, with ``lowercase``, ``stop_words``,
    ``ngram_range`` and all that concerns the vocabulary. With a tokenizer or a preprocessor in Python, another pattern, ``strip_accents``
    or ``analyzer="char"`` scikit-learn's own code runs on each partition; the tasks are then called ``count_vectorizer_of_sklearn``.

    Examples
    --------
    >>> from plait.ml.feature_extraction.text import CountVectorizer
    >>> documents = db.from_sequence(["A cat, a dog.", "The cat!"], npartitions=2)
    >>> vectorizer = CountVectorizer().fit(documents)
    >>> vectorizer.get_feature_names_out().tolist()
    ['cat', 'dog', 'the']
    >>> vectorizer.transform(documents).compute().toarray()
    array([[1, 1, 0],
           [1, 0, 1]])
    """


class TfidfVectorizer(_Counts, theirs.TfidfVectorizer):
    """Documents as rows of counts, weighted by how few documents have the term. Parameters and attributes are scikit-learn's.

    Words are found as `CountVectorizer` finds them.

    Examples
    --------
    >>> from plait.ml.feature_extraction.text import TfidfVectorizer
    >>> TfidfVectorizer().fit_transform(db.from_sequence(["a big cat", "the cat"], npartitions=2)).compute().toarray().round(2)
    array([[0.81, 0.58, 0.  ],
           [0.  , 0.58, 0.81]])
    """

    norm: Any
    use_idf: Any
    smooth_idf: Any
    sublinear_tf: Any
    _tfidf: Any

    def fit(self, raw_documents: Any, y: Any = None) -> TfidfVectorizer:
        """Learn the vocabulary and in how many documents each term is, in one pass."""
        self._fitted(_held(documents_of(raw_documents)))
        return self

    def fit_transform(self, raw_documents: Any, y: Any = None) -> Any:
        """Learn, and the documents as weighted rows; lazy where they are."""
        documents = self._once(_held(documents_of(raw_documents)))
        counts = self._fitted(documents)
        return self._tfidf.transform(self._counted(documents) if counts is None else counts, copy=False)

    def _fitted(self, documents: Any) -> Any:
        self._check_params()
        self._tfidf = TfidfTransformer(norm=self.norm, use_idf=self.use_idf, smooth_idf=self.smooth_idf, sublinear_tf=self.sublinear_tf)
        known = self._learn(documents)
        if known is not None:
            self._tfidf._learn(len(self.vocabulary_), np.dtype(self.dtype), *known)
            return None
        counts = self._counted(documents)
        self._tfidf.fit(counts)
        return counts

    def transform(self, raw_documents: Any) -> Any:
        """Documents as weighted rows, lazy where they are."""
        check_is_fitted(self, msg="The TF-IDF vectorizer is not fitted")
        return self._tfidf.transform(super().transform(raw_documents), copy=False)


__all__ = ["CountVectorizer", "TfidfVectorizer"]
