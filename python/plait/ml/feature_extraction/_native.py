"""Words found and counted by the engine, with scikit-learn's own way for what it does not take. What stands here runs on a partition."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse

from ... import _plait
from ...bag import Bag, Item

DEFAULT_PATTERN = r"(?u)\b\w\w+\b"

_ml = _plait.ml


def why_not_native(vectorizer: Any) -> str | None:
    """What of a vectorizer's parameters the engine leaves to scikit-learn; None if nothing."""
    low, high = vectorizer.ngram_range
    reasons = {
        "a tokenizer": vectorizer.tokenizer is not None,
        "a preprocessor": vectorizer.preprocessor is not None,
        f"analyzer={vectorizer.analyzer!r}": vectorizer.analyzer != "word",
        f"token_pattern={vectorizer.token_pattern!r}": vectorizer.token_pattern != DEFAULT_PATTERN,
        "strip_accents": vectorizer.strip_accents is not None,
        f"input={vectorizer.input!r}": vectorizer.input != "content",
        f"ngram_range={vectorizer.ngram_range!r}": low < 1,
    }
    stop_words = vectorizer.get_stop_words()
    reasons["stop words that are no texts"] = stop_words is not None and not all(isinstance(word, str) for word in stop_words)
    return next((reason for reason, is_so in reasons.items() if is_so), None)


class Texts:
    """The terms of documents as the engine finds them, with the parameters of a vectorizer."""

    def __init__(self, vectorizer: Any):
        low, high = vectorizer.ngram_range
        self.rules = _ml.WordRules(bool(vectorizer.lowercase), int(low), int(high), sorted(vectorizer.get_stop_words() or ()))
        self.decode = Decode(vectorizer.encoding, vectorizer.decode_error)

    def statistics(self, documents: Iterable) -> Any:
        """In how many of the documents each term is, and how often."""
        return _ml.term_statistics(documents, self.decode, self.rules)

    def counted(self, room_bytes: int, documents: Iterable) -> tuple:
        """The same and rows of counts by the numbers of terms, or None where these would take more than ``room_bytes``."""
        return _ml.counted_texts(documents, self.decode, self.rules, room_bytes)


class Decode:
    """Bytes as text."""

    def __init__(self, encoding: str, errors: str):
        self.encoding, self.errors = encoding, errors

    def __call__(self, document: bytes) -> str:
        return document.decode(self.encoding, self.errors)


class CountTexts(Texts):
    """Documents as rows of counts, a column for each term of a vocabulary."""

    def __init__(self, vectorizer: Any, terms: list[str]):
        super().__init__(vectorizer)
        self.vocabulary = _ml.TermTable(terms)
        self.is_binary, self.dtype = vectorizer.binary, vectorizer.dtype
        self.is_wide = np.dtype(self.dtype) == np.int64

    def __call__(self, documents: Iterable) -> Any:
        return self._matrix(_ml.count_rows(documents, self.decode, self.rules, self.vocabulary, self.is_wide))

    def of_counted(self, counted: tuple) -> Any:
        """The same of what `Texts.counted` gives."""
        found, rows = counted
        return self._matrix(_ml.rows_of_vocabulary(found, rows, self.vocabulary, self.is_wide))

    def _matrix(self, parts: tuple) -> Any:
        return matrix(parts, len(self.vocabulary), self.dtype, self.is_binary)


class HashTexts(Texts):
    """Documents as rows of counts, in columns by the hash of terms."""

    def __init__(self, vectorizer: Any):
        super().__init__(vectorizer)
        self.columns, self.alternate_sign = int(vectorizer.n_features), bool(vectorizer.alternate_sign)
        self.is_binary, self.dtype = vectorizer.binary, vectorizer.dtype

    def __call__(self, documents: Iterable) -> Any:
        return matrix(_ml.hash_rows(documents, self.decode, self.rules, self.columns, self.alternate_sign), self.columns, self.dtype, self.is_binary)


def matrix(parts: tuple, columns: int, dtype: Any, is_binary: bool) -> Any:
    """Counts, columns and starts of rows as a CSR matrix."""
    counts, places, starts = parts
    numbers = np.ones(len(counts), dtype=dtype) if is_binary else counts.astype(dtype, copy=False)
    made = sparse.csr_matrix((numbers, places, starts), shape=(len(starts) - 1, columns), dtype=dtype)
    made.has_canonical_format = True
    return made


class CountedOnce:
    """Lazy documents whose words are found once: for a vocabulary, and then for rows of counts.

    What is found is kept while this or the rows live, where it takes at most a quarter of the memory budget; else documents are made again.
    """

    def __init__(self, documents: Bag):
        self.documents = documents
        self._counted: Bag | None = None

    def statistics(self, texts: Texts) -> Any:
        """In how many documents each term is, and how often."""
        label, parts = "vocabulary", self.documents.npartitions
        self._counted = Bag._of(_plait.bags.call([self.documents._expr], partial(texts.counted, _ml.memory_budget_bytes() // 4 // parts), label, False)).persist()
        steps = partial(_statistics_of, parts), partial(_together, False), partial(_together, True)
        found, kept = Item._of(_plait.bags.reduction(self._counted._expr, *steps, label, False, None, True, [])).compute()
        if not kept:
            self._counted = None
        return found

    def rows(self, count: CountTexts) -> Any:
        """The partitions as matrices of counts."""
        if self._counted is None:
            return _plait.bags.call([self.documents._expr], count, "count_vectorizer", False)
        return _plait.bags.call([self._counted._expr], count.of_counted, "count_vectorizer", False)


def _statistics_of(num_partitions: int, counted: tuple) -> tuple:
    found, rows = counted
    return _ml.merged_statistics([found], True) if num_partitions == 1 else found, rows is not None


def _together(is_last: bool, *parts: tuple) -> tuple:
    return _ml.merged_statistics([found for found, _ in parts], is_last), all(kept for _, kept in parts)


class Merged:
    """Statistics of partitions put together, the last ones in the order of terms."""

    def __init__(self, is_last: bool):
        self.is_last = is_last

    def __call__(self, parts: list) -> Any:
        return _ml.merged_statistics(parts, self.is_last)
