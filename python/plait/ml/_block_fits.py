"""Fits that go from one block of rows to the next, with one in memory at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..array._encoded import EncodedArray
from ..base import compute
from ..dataframe import DataFrame, Series
from ._inputs import in_memory, is_lazy, lazy_rows
from ._labels import Labels, classes_of
from ._sparse import SparseArray


def row_blocks(x: Any) -> list:
    """The blocks of rows of lazy data, each by itself."""
    if isinstance(x, (DataFrame, Series)):
        return [x.partitions[i] for i in range(x.npartitions)]
    if isinstance(x, SparseArray):
        return x.row_blocks()
    x = x.rechunk({1: -1}) if x.ndim == 2 else x
    return [x.blocks[i] for i in range(x.numblocks[0])]


def fit_blocks(estimator: Any, X: Any, y: Any = None, *, order: Any = None, **kwargs: Any) -> Any:
    """``estimator.partial_fit`` on each block of rows, in their order.

    Parameters
    ----------
    order : list of int, optional
        In which blocks are taken.
    **kwargs : object
        Passed to each ``partial_fit``; of ``sample_weight`` the part that goes with the block. For a classifier ``classes`` are found, if they are not given.

    Raises
    ------
    ValueError
        If ``X`` and ``y`` have different numbers of blocks.
    """
    if isinstance(X, EncodedArray):
        lazy_rows(X)  # says what cannot be learnt from
    blocks = row_blocks(X)
    wanted = _cut_as(X, blocks, in_memory(y), "y")
    weights = _cut_as(X, blocks, kwargs.pop("sample_weight", None), "sample_weight")
    if y is not None and _is_classifier(estimator) and kwargs.get("classes") is None and not hasattr(estimator, "classes_"):
        kwargs["classes"] = classes_of(Labels(y))
    has_learnt = False
    for number in range(len(blocks)) if order is None else order:
        rows, of_rows, weight = compute(blocks[number], wanted[number], weights[number])
        if rows.shape[0]:
            has_learnt = True
            more = {} if weight is None else {"sample_weight": np.asarray(weight)}
            estimator.partial_fit(*((rows,) if y is None else (rows, of_rows)), **more, **kwargs)
            kwargs.pop("classes", None)
    if not has_learnt:
        raise ValueError(f"Found array with 0 sample(s) while a minimum of 1 is required by {type(estimator).__name__}.")
    return estimator


def _cut_as(X: Any, blocks: list, y: Any, name: str) -> list:
    """What goes with each block of rows: None of None."""
    if y is None:
        return [None] * len(blocks)
    if isinstance(y, Array) and isinstance(X, Array) and y.chunks[0] != X.chunks[0] and X.shape[0] == y.shape[0]:
        y = y.rechunk({0: X.chunks[0]})
    if is_lazy(y):
        cut = row_blocks(y)
        if len(cut) != len(blocks):
            raise ValueError(f"X has {len(blocks)} blocks of rows, but {name} has {len(cut)}; rechunk {name} as X")
        return cut
    y = np.asarray(y)
    bounds = np.cumsum([0, *X.chunks[0]]) if isinstance(X, Array) else None
    if bounds is None or bounds[-1] != len(y):
        raise ValueError(f"Found input variables with inconsistent numbers of samples: X is lazy and {name} has {len(y)} rows")
    return [y[first:last] for first, last in zip(bounds[:-1], bounds[1:])]


def _is_classifier(estimator: Any) -> bool:
    tags = getattr(estimator, "__sklearn_tags__", None)
    return tags is not None and tags().estimator_type == "classifier"
