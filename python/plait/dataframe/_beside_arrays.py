"""Lazy arrays as operands and columns of frames: a block of an array goes with the partition of the same number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import LazyModule, arrays

if TYPE_CHECKING:
    from ..array import Array

_arrays: Any = LazyModule("plait.dataframe._arrays")


def is_array(value: Any) -> bool:
    """Whether it is a lazy array with axes."""
    return hasattr(type(value), "chunks") and isinstance(value, arrays.Array) and value.ndim > 0


def rows_beside(array: Array, rows: Any) -> Any:
    """The array as a series, or a frame, like ``rows`` and with their labels."""
    if array.ndim != rows.ndim:
        raise ValueError(f"a {type(rows).__name__} goes with an array of as many axes, {rows.ndim}; found one of {array.ndim}")
    return _with_labels(array, rows, rows.name if rows.ndim == 1 else rows.columns)


def column_beside(array: Array, frame: Any) -> Any:
    """The array as a series with the labels of a frame."""
    if array.ndim != 1:
        raise ValueError(f"Array assignment only supports 1-D arrays, found one of {array.ndim} axes")
    return _with_labels(array, frame, None)


def _with_labels(array: Array, rows: Any, columns: Any) -> Any:
    blocks = len(array.chunks[0])
    if blocks != rows.npartitions:
        raise ValueError(f"Number of partitions do not match: the array has {blocks} blocks of rows, the {type(rows).__name__} {rows.npartitions} partitions")
    return _arrays.from_dask_array(array, columns=columns, index=rows.index)
