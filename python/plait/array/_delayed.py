"""Delayed values of an array's chunks."""

from __future__ import annotations


from .._lazy import numpy as np
from ..delayed import of_block
from ._array import Array


def to_delayed(x: Array, optimize_graph: bool = True) -> np.ndarray:
    """The chunks as delayed values, in a NumPy array of objects that has the shape of the grid of chunks.

    Parameters
    ----------
    optimize_graph : bool
        Taken for Dask's sake: the plan is optimized when a value is computed, together with what is computed with it.

    Examples
    --------
    >>> first, second = da.arange(4, chunks=2).to_delayed()
    >>> second.compute()
    array([2, 3])
    """
    (expr,) = x.__plait_exprs__()
    blocks = np.empty(x.numblocks, dtype=object)
    for number, index in enumerate(np.ndindex(*x.numblocks)):
        blocks[index] = of_block(expr, (expr.name, *index), number)
    return blocks
