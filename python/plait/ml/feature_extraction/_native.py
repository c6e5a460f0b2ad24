"""Words found and counted by the engine, with scikit-learn's own way for what it does not take. What stands here runs on a partition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import sparse

from ... import _plait

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

    def __call__(self, documents: Iterable) -> Any:
        parts = _ml.count_rows(documents, self.decode, self.rules, self.vocabulary)
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
    numbers = np.ones(len(counts), dtype=dtype) if is_binary else counts.astype(dtype)
    made = sparse.csr_matrix((numbers, places, starts), shape=(len(starts) - 1, columns), dtype=dtype)
    made.has_canonical_format = True
    return made


class Merged:
    """Statistics of partitions put together, the last ones in the order of terms."""

    def __init__(self, is_last: bool):
        self.is_last = is_last

    def __call__(self, parts: list) -> Any:
        return _ml.merged_statistics(parts, self.is_last)
