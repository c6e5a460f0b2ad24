"""What a user may give a vectorizer: documents in bags and series, or in memory."""

from __future__ import annotations

from typing import Any

from ...bag import Bag
from ...dataframe import DataFrame, Series
from .._inputs import in_memory


def documents_of(X: Any) -> Any:
    """Documents as a bag where they are lazy, else as scikit-learn takes them.

    Raises
    ------
    ValueError
        If it is one text.
    TypeError
        If it is a lazy frame or array.
    """
    if isinstance(X, Bag):
        return X
    if isinstance(X, Series):
        return X.to_bag()
    if isinstance(X, str):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    if isinstance(X, DataFrame):
        raise TypeError(f"documents are a bag or one column of a frame; found a frame of the columns {list(X.columns)}")
    if hasattr(X, "__plait_exprs__"):
        raise TypeError(f"documents are a bag or a series; found a lazy {type(X).__name__}")
    return in_memory(X)
