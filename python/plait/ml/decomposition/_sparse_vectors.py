"""Directions in which sparse rows are long, from products of the rows with few vectors."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.linalg import eigh
from scipy.sparse.linalg import LinearOperator, eigsh

from ... import _plait
from ...bag import Item
from .._sparse import SparseArray

# Up to so many columns all their products are found in one pass.
_FEW_COLUMNS = 512
# Directions beyond those wanted, among which a random sample looks.
_OVERSAMPLED = 10


def total_of(rows: SparseArray, of_block: Callable) -> Any:
    """What a function makes of every block, added up part by part, in an order that the number of blocks alone decides."""
    return Item._of(_plait.bags.reduction(rows._expr, of_block, _added, _added, "products", False, None, True, [])).compute()


def _added(*parts: tuple) -> tuple:
    return tuple(sum(each) for each in zip(*parts, strict=True))


def sums_of_block(block: Any) -> tuple:
    """The number of rows, the sums of columns, the sum of all squares."""
    return block.shape[0], np.asarray(block.sum(axis=0), dtype=np.float64).ravel(), float(np.square(block.data.astype(np.float64)).sum())


def _product(vectors: np.ndarray, block: Any) -> tuple:
    block = block.astype(np.float64, copy=False)
    return (np.asarray(block.T @ (block @ vectors)),)


def right_vectors(rows: SparseArray, wanted: int, rounds: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The squares of the largest singular values and their right vectors, one a column.

    Parameters
    ----------
    rounds : int, optional
        Of an iteration that begins with random directions; without it they are exact.
    """
    columns = int(rows.shape[1])

    def times(vectors: np.ndarray) -> np.ndarray:
        return total_of(rows, partial(_product, vectors))[0]

    random = np.random.default_rng(seed)
    if columns <= _FEW_COLUMNS or wanted >= columns - 1:
        return _largest(times(np.eye(columns)), np.eye(columns), wanted)
    if rounds is None:
        found, vectors = eigsh(LinearOperator((columns, columns), matvec=times, dtype=np.float64), k=wanted, v0=random.standard_normal(columns))
        order = np.argsort(-found)
        return np.maximum(found[order], 0), vectors[:, order]
    vectors = np.linalg.qr(random.standard_normal((columns, min(wanted + _OVERSAMPLED, columns))))[0]
    for _ in range(rounds):
        vectors = np.linalg.qr(times(vectors))[0]
    return _largest(vectors.T @ times(vectors), vectors, wanted)


def _largest(products: np.ndarray, basis: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """The longest directions, of products of the rows in a basis."""
    found, vectors = eigh((products + products.T) / 2)
    return np.maximum(found[::-1][:wanted], 0), basis @ vectors[:, ::-1][:, :wanted]
