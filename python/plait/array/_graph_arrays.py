"""Arrays whose blocks a task graph makes, of elements that the engine has no native form of."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._block_call import checked_elements
from ._chunks import normalize_chunks
from ._encoded import of_values
from ._graph_blocks import blocks_of_keys, keys_of_blocks
from ._masked import MaskedArray, is_masked
from ._operands import is_foreign_dtype


class _Block:
    """A task's value as a block, if it is one."""

    def __init__(self, part: Any, dtype: Any):
        self.part, self.dtype = part, dtype

    def __call__(self, value: Any) -> Any:
        return checked_elements("the graph of an array", self.part(value), self.dtype, (), np.shape(value))


def of_foreign_blocks(graph: Any, name: str | None = None, chunks: Any = None, dtype: Any = None, meta: Any = None, shape: Any = None) -> Array | None:
    """The array of blocks that a task graph makes; None where they are the engine's. Takes the arguments of `Array`."""
    kind = dtype if dtype is not None else getattr(meta, "dtype", None)
    if name is None or chunks is None or kind is None:
        return None
    kind = np.dtype(kind)
    if not (is_masked(meta) or kind == object or is_foreign_dtype(kind)):
        return None
    known = normalize_chunks(chunks, shape, dtype=float)
    values = blocks_of_keys(graph, keys_of_blocks(name, known))
    if is_masked(meta):
        parts = ((np.ma.getdata, kind), (np.ma.getmaskarray, np.dtype(bool)))
        data, mask = (of_values(values, each, known, name, _Block(part, each)) for part, each in parts)
        return MaskedArray(data, mask)._with_name(name)
    return of_values(values, kind, known, name)._with_name(name)
