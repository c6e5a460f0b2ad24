"""What a user may give a vectorizer: documents in bags, series and arrays, or in memory."""

from __future__ import annotations

from typing import Any

from ...array._encoded import EncodedArray
from ...array._objects import ObjectArray
from ...bag import Bag, from_delayed
from ...dataframe import DataFrame, Series
from ...delayed import delayed
from .._inputs import in_memory


def documents_of(X: Any) -> Any:
    """Documents as a bag where they are lazy, else as scikit-learn takes them.

    Raises
    ------
    ValueError
        If it is one text.
    TypeError
        If it is a lazy frame, or an array of other than texts and objects or of several axes.
    """
    if isinstance(X, Bag):
        return X
    if isinstance(X, Series):
        return X.to_bag()
    if isinstance(X, str):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    if isinstance(X, DataFrame):
        raise TypeError(f"documents are a bag or one column of a frame; found a frame of the columns {list(X.columns)}")
    if isinstance(X, (EncodedArray, ObjectArray)) and X.ndim == 1:
        return from_delayed([delayed(_as_list, pure=True)(block) for block in X.to_delayed()])
    if hasattr(X, "__plait_exprs__"):
        raise TypeError(f"documents are a bag or a series; found a lazy {type(X).__name__}")
    return in_memory(X)


def _as_list(block: Any) -> list:
    return block.tolist()
