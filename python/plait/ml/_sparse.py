"""Arrays of rows of which most numbers are zero: their blocks are scipy's CSR matrices.

Text vectorizers make them; linear models, `TruncatedSVD`, scalers without centering and estimators of scikit-learn's on blocks take them
as they are. What only takes dense arrays refuses them by name: `SparseArray.todense` makes them dense, block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse

from .. import _plait
from .._travel import able_to_travel
from ..array import Array
from ..array._value_blocks import ValueArray
from ..delayed import delayed, of_block

_call = _plait.bags.call


class SparseArray(ValueArray):
    """A lazy array of two axes whose blocks are ``scipy.sparse.csr_matrix``; all columns are in one block.

    ``compute()`` gives one matrix. Lengths of blocks may be unknown (NaN) until `compute_chunk_sizes`.
    """

    __slots__ = ("_own_dtype",)

    def __init__(self, expr: Any, columns: int, dtype: Any, rows: tuple | None = None):
        super().__init__(expr, (tuple(rows) if rows is not None else (np.nan,) * expr.num_blocks, (int(columns),)))
        self._own_dtype = np.dtype(dtype)

    @property
    def _array(self) -> Any:  # type: ignore[override]  # which nobody sets
        raise NotImplementedError("this function does not take sparse rows: todense() makes an array of them, compute() one scipy matrix")

    # What plait.base asks of a collection.

    def __plait_postcompute__(self) -> Callable:
        columns, dtype = self.chunks[1][0], self.dtype
        return lambda values: joined(values[0], columns, dtype)

    def __plait_postpersist__(self) -> Callable:
        return lambda exprs: SparseArray(exprs[0], self.chunks[1][0], self.dtype, self.chunks[0])

    def __dask_tokenize__(self) -> Any:
        return (self._expr.token, self._own_chunks, str(self._own_dtype))

    def __reduce__(self) -> Any:
        return (SparseArray, (self._expr, self._own_chunks[1][0], self._own_dtype, self._own_chunks[0]))

    # What is known before computing.

    @property
    def dtype(self) -> Any:
        """The type of the numbers."""
        return self._own_dtype

    @property  # type: ignore[misc]  # which nobody sets
    def _meta(self) -> Any:
        return self._meta_of_rows(0)

    def _meta_of_rows(self, rows: int) -> Any:
        return sparse.csr_matrix((rows, self._own_chunks[1][0]), dtype=self._own_dtype)

    def __getitem__(self, index: Any) -> SparseArray:
        """Some rows: a slice, positions or a mask. Lengths of blocks must be known (see `compute_chunk_sizes`)."""
        rows, *columns = index if isinstance(index, tuple) else (index,)
        if any(each not in (slice(None), Ellipsis) for each in columns):
            raise NotImplementedError("columns of sparse rows cannot be picked yet: compute() the matrix")
        lengths = self.chunks[0]
        if np.isnan(sum(lengths)):
            raise ValueError("how many rows there are is not known before they are computed; call compute_chunk_sizes() first")
        try:
            places = np.arange(sum(lengths))[rows]
        except TypeError as error:
            raise NotImplementedError(f"rows of sparse rows are picked by a slice, positions or a mask, not by {type(rows).__name__}") from error
        if places.ndim != 1:
            raise NotImplementedError("one row of sparse rows cannot be picked by itself: give a list of one position")
        ends = np.cumsum(lengths)
        numbers = np.searchsorted(ends, places, side="right")  # of the blocks that they are in
        cuts = np.flatnonzero(np.diff(numbers)) + 1
        parts = np.split(places, cuts)
        firsts = numbers[[0, *cuts]] if len(places) else [0]
        blocks, pick = self.row_blocks(), delayed(_picked, pure=True, name="getitem")
        calls = [pick(blocks[number], part - (ends[number] - lengths[number])) for number, part in zip(firsts, parts, strict=True)]
        return SparseArray(_plait.delayed_values(calls), self.shape[1], self.dtype, tuple(map(len, parts)))

    # Blocks.

    def map_blocks(self, func: Callable, *args: Any, dtype: Any = None, **kwargs: Any) -> Array:  # type: ignore[override]
        """A function of every block, which gives as many rows.

        Parameters
        ----------
        func : callable
            Takes a CSR matrix and gives another one or a NumPy array. It is called once on a matrix of one row without numbers, to
            see which.
        *args, **kwargs : object
            Further arguments.
        dtype : type, optional
            Of the result; default is what the function gives.

        Returns
        -------
        SparseArray or Array
        """
        sample = func(self._meta_of_rows(1), *args, **kwargs)
        dtype = np.dtype(sample.dtype if dtype is None else dtype)
        step = able_to_travel(partial(_called, func, args, kwargs, dtype), func, *args, *kwargs.values())
        label = getattr(func, "__name__", type(func).__name__).strip("<>")
        if sparse.issparse(sample):
            return self._mapped(step, dtype, label, sample.shape[1], True)
        chunks = (self.chunks[0], *((extent,) for extent in np.shape(sample)[1:]))
        return dense_of(_call([self._expr], step, label, True), chunks, dtype, label)

    def _mapped(self, step: Callable, dtype: Any, label: str, columns: int | None = None, is_users: bool = False) -> SparseArray:
        """A step that makes as many rows of every block."""
        return SparseArray(_call([self._expr], step, label, is_users), self.shape[1] if columns is None else columns, dtype, self.chunks[0])

    def todense(self) -> Array:
        """The same numbers as a lazy array of NumPy blocks."""
        return self.map_blocks(_to_dense)

    toarray = todense

    def compute_chunk_sizes(self) -> SparseArray:
        """Finds the lengths of the blocks, by computing them, and knows them from then on."""
        self._own_chunks = (tuple(map(int, self._lengths().compute())), self._own_chunks[1])
        return self

    def _lengths(self) -> Array:
        counted = _call([self._expr], _length, "length", False)
        return dense_of(counted, ((1,) * self.npartitions,), np.dtype(np.int64), "length")

    def row_blocks(self) -> list:
        """The blocks of rows, as delayed matrices."""
        return [of_block(self._expr, (self.name, number, 0), number) for number in range(self.npartitions)]

    def to_delayed(self, optimize_graph: bool = True) -> Any:
        """The blocks as delayed matrices, in an array of the shape of the grid."""
        made = np.empty((self.npartitions, 1), dtype=object)
        made[:, 0] = self.row_blocks()
        return made

    def engine_rows(self) -> Array:
        """The same as an array for those functions of the engine that take sparse rows."""
        return Array(_plait.ml.sparse_rows(self._expr, self.chunks))

    def __matmul__(self, other: Any) -> Array:
        """Products of rows and a dense matrix: a dense array."""
        other = np.asarray(other)
        return self.map_blocks(_times, other)


def dense_of(expr: Any, chunks: tuple, dtype: Any, label: str) -> Array:
    """An array of values that are NumPy arrays."""
    return Array(_plait.array_of_values(expr, np.asarray, dtype, chunks, label))


def of_matrix(matrix: Any, rows: int = 1 << 14) -> SparseArray:
    """A scipy matrix as lazy rows, so many in a block."""
    hold = delayed(_held, pure=False, name="sparse")
    blocks = [_Held(matrix[first : first + rows]) for first in range(0, max(matrix.shape[0], 1), rows)]
    lengths = tuple(block.matrix.shape[0] for block in blocks)
    return SparseArray(_plait.delayed_values([hold(block) for block in blocks]), matrix.shape[1], matrix.dtype, lengths)


class _Held:
    """A block in memory; in a wrapper, so that nobody looks for lazy values in it."""

    def __init__(self, matrix: Any):
        self.matrix = matrix


def _held(held: _Held) -> Any:
    return held.matrix


def joined(blocks: list, columns: int, dtype: Any) -> Any:
    """Matrices one below the other, as one."""
    return sparse.vstack(blocks, format="csr", dtype=dtype) if blocks else sparse.csr_matrix((0, columns), dtype=dtype)


def _called(func: Callable, args: tuple, kwargs: dict, dtype: Any, block: Any) -> Any:
    made = func(block, *args, **kwargs)
    return made.astype(dtype, copy=False) if sparse.issparse(made) else np.asarray(made, dtype=dtype)


def _picked(block: Any, places: np.ndarray) -> Any:
    return block[places]


def _to_dense(block: Any) -> np.ndarray:
    return block.toarray()


def _times(block: Any, other: np.ndarray) -> np.ndarray:
    return np.asarray(block @ other)


def _length(block: Any) -> np.ndarray:
    return np.array([block.shape[0]], dtype=np.int64)
