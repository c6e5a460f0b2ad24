"""What the engine's words do not cover, such as a tokenizer in Python, done by scikit-learn on each partition. All of it runs there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import sparse


class TermCounts:
    """In how many of ``num_documents`` documents each term is, and how often it is there in all."""

    def __init__(self) -> None:
        self.num_documents = 0
        self.in_documents: Counter = Counter()
        self.in_all: Counter = Counter()

    def terms(self) -> list:
        """The terms, in their order."""
        return sorted(self.in_all)

    def documents(self) -> np.ndarray:
        """In how many documents each is."""
        return np.array([self.in_documents[term] for term in self.terms()], dtype=np.int64)

    def occurrences(self) -> np.ndarray:
        """How often each is there."""
        return np.array([self.in_all[term] for term in self.terms()], dtype=np.int64)


class AnalyzedTerms:
    """The statistics of a partition, with the analyzer of a vectorizer."""

    def __init__(self, vectorizer: Any):
        self.vectorizer = vectorizer

    def __call__(self, documents: Iterable) -> TermCounts:
        analyze = self.vectorizer.build_analyzer()
        found = TermCounts()
        for document in documents:
            terms = Counter(analyze(document))
            found.in_all.update(terms)
            found.in_documents.update(terms.keys())
            found.num_documents += 1
        return found


def added_terms(*parts: TermCounts) -> TermCounts:
    """Statistics of partitions put together."""
    found = TermCounts()
    for part in parts:
        found.in_all.update(part.in_all)
        found.in_documents.update(part.in_documents)
        found.num_documents += part.num_documents
    return found


class OnPartition:
    """A method of one of scikit-learn's own transformers on a partition or a block; one without rows gives none."""

    def __init__(self, transformer: Any, method: Any, columns: int, dtype: Any):
        self.transformer, self.method, self.columns, self.dtype = transformer, method, columns, dtype

    def __call__(self, part: Any) -> Any:
        rows: Any = part if sparse.issparse(part) else list(part)
        if (rows.shape[0] if sparse.issparse(rows) else len(rows)) == 0:
            return sparse.csr_matrix((0, self.columns), dtype=self.dtype)
        return sparse.csr_matrix(self.method(self.transformer, rows))
