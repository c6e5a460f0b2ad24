"""The blocks of an array as tasks of a graph: their keys, and arrays of such tasks."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ..delayed import of_block
from ..graph import as_dict
from ._chunks import normalize_chunks


def nested_keys(name: str, numblocks: tuple, index: tuple = ()) -> list | tuple:
    """The keys of blocks, in lists of lists as they lie."""
    if not numblocks:
        return [(name, *index)] if not index else (name, *index)
    return [nested_keys(name, numblocks[1:], (*index, i)) for i in range(numblocks[0])]


def of_graph(graph: Any, name: str | None, chunks: Any, dtype: Any, shape: Any) -> _plait.Array:
    """The engine's array of blocks that a task graph makes."""
    if name is None or chunks is None or dtype is None:
        raise TypeError("Array: expected a task graph with the name, chunks and dtype (or meta) of its blocks")
    known = normalize_chunks(chunks, shape, dtype=dtype)
    if any(extent != extent for axis in known for extent in axis):
        values = blocks_of_keys(graph, keys_of_blocks(name, known))
        return _plait.array_of_values(_plait.delayed_values(values), np.asarray, np.dtype(dtype), known, name)
    like = _plait.arrays.empty(tuple(map(sum, known)), known, np.dtype(dtype))
    keys = keys_of_blocks(name, known)
    return _plait.Array(_plait.rebuilt(like.expr, as_dict(graph), name, keys))


def keys_of_blocks(name: str, chunks: tuple) -> list:
    """The keys of blocks, in C order."""
    return [(name, *place) for place in np.ndindex(*map(len, chunks))]


def blocks_of_keys(graph: Any, keys: list) -> list:
    """The values of keys of a graph as delayed values."""
    return [of_block(expr, key, 0) for expr, key in zip(_plait.raw_exprs(as_dict(graph), keys), keys, strict=True)]
