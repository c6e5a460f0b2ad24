"""Texts as rows of numbers, with the names of ``dask_ml.feature_extraction.text``: words are found and counted by the engine.

Documents are a bag, a series, or in memory. Lazy ones give lazy rows (`plait.ml._sparse.SparseArray`) whose blocks are scipy's CSR
matrices, the same as scikit-learn's; documents in memory give what scikit-learn gives.
"""

from __future__ import annotations

from ._counting import CountVectorizer, TfidfVectorizer
from ._hashing import FeatureHasher, HashingVectorizer
from ._tfidf import TfidfTransformer

__all__ = ["CountVectorizer", "FeatureHasher", "HashingVectorizer", "TfidfTransformer", "TfidfVectorizer"]
