"""Blocks of NumPy arrays in nested lists, which libraries on top of Dask put together by hand."""

from __future__ import annotations

import itertools
from typing import Any

from .._lazy import numpy as np


def slices_from_chunks(chunks: tuple) -> list[tuple]:
    """Where each block lies, in C order.

    Examples
    --------
    >>> da._nested.slices_from_chunks(((2, 1), (3,)))
    [(slice(0, 2, None), slice(0, 3, None)), (slice(2, 3, None), slice(0, 3, None))]
    """
    ends = [[0, *itertools.accumulate(extents)] for extents in chunks]
    return list(itertools.product(*([slice(start, stop) for start, stop in zip(own, own[1:])] for own in ends)))


def concatenate3(arrays: Any) -> Any:
    """NumPy arrays in nested lists as one array: the outermost list along the first axis.

    Examples
    --------
    >>> da._nested.concatenate3([[np.ones((1, 2)), np.zeros((1, 1))]])
    array([[1., 1., 0.]])
    """
    return _joined(arrays, 0) if isinstance(arrays, (list, tuple)) else np.asarray(arrays)


def _joined(nested: Any, axis: int) -> Any:
    if not isinstance(nested, (list, tuple)):
        return np.asanyarray(nested)
    parts = [_joined(each, axis + 1) for each in nested]
    ndim = max((part.ndim for part in parts), default=0)
    if ndim <= axis:
        parts = [part.reshape(part.shape + (1,) * (axis + 1 - part.ndim)) for part in parts]
    return np.concatenate(parts, axis)
