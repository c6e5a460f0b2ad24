"""Reductions, and running totals of functions of the user."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from ._array import Array, into
from ._cumulative import cumprod, cumsum, nancumprod, nancumsum
from ._layout import concatenate
from ._map_blocks import map_blocks
from ._order import argtopk, median, nanmedian, nanpercentile, nanquantile, percentile, quantile, topk
from ._reduction import reduction
from ._reductions import REDUCTIONS
from ._sources import asanyarray

globals().update(REDUCTIONS)

__all__ = ["argtopk", "cumprod", "cumreduction", "cumsum", "median", "nancumprod", "nancumsum", "nanmedian", "nanpercentile", "nanquantile", "percentile"]
__all__ += ["quantile", "reduction", "topk", *REDUCTIONS]


def cumreduction(
    func: Callable,
    binop: Callable,
    ident: Any,
    x: Any,
    axis: int | None = None,
    dtype: Any = None,
    out: Any = None,
    method: str = "sequential",
    preop: Callable | None = None,
) -> Array:
    """Running totals of a function along an axis: those of each block, and the totals of the blocks before it put to them.

    Parameters
    ----------
    func : callable
        ``func(block, axis=)`` gives the running totals of a block; such as ``numpy.cumsum``.
    binop : callable
        ``binop(total, totals)`` puts the total of what stands before to totals; such as ``operator.add``.
    ident : number
        What ``binop`` changes nothing with.
    x : array_like
    axis : int, optional
        Default is the flattened array.
    dtype : numpy.dtype, optional
        Of the result; default is that of ``func`` on a block of one element.
    method : {"sequential", "blelloch"}
        Whether the total of a block comes from its running totals, or from ``preop``, so that no block waits for another's.
    preop : callable, optional
        ``preop(block, axis=, keepdims=True)`` gives the total of a block; such as ``numpy.sum``.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If there is no such method.
    TypeError
        For the method "blelloch" without ``preop``.

    Examples
    --------
    >>> import numpy as np, operator
    >>> da.reductions.cumreduction(np.cumsum, operator.add, 0, da.arange(5, chunks=2), axis=0).compute()
    array([ 0,  1,  3,  6, 10])
    """
    if method not in ("sequential", "blelloch"):
        raise ValueError(f"cumreduction: method is {method!r}, expected 'sequential' or 'blelloch'")
    if method == "blelloch" and preop is None:
        raise TypeError("cumreduction: the method 'blelloch' needs preop=, which gives the total of a block")
    x = asanyarray(x)
    if axis is None:
        x, axis = x.reshape(-1), 0
    if not -x.ndim <= axis < x.ndim:
        raise IndexError(f"cumreduction: axis {axis} is out of bounds for an array of {x.ndim} axes")
    axis %= x.ndim
    name = getattr(func, "__name__", "cumreduction").strip("<>")
    totals = map_blocks(func, x, axis=axis, dtype=dtype, name=name)
    parts = [_block(totals, axis, number) for number in range(totals.numblocks[axis])]
    one = tuple((1,) if each == axis else own for each, own in enumerate(x.chunks))
    last = functools.partial(_last, axis=axis) if preop is None else functools.partial(preop, axis=axis, keepdims=True)
    before, done = None, []
    for number, part in enumerate(parts):
        put = functools.partial(_put, binop, ident)
        done.append(part if before is None else map_blocks(put, before, part, dtype=totals.dtype, chunks=part.chunks, name=name))
        if number + 1 < len(parts) and part.shape[axis]:
            source = part if preop is None else _block(x, axis, number)
            total = map_blocks(last, source, dtype=totals.dtype, chunks=one, name=f"{name}-last")
            before = total if before is None else map_blocks(put, before, total, dtype=totals.dtype, name=f"{name}-total")
    return into(out, concatenate(done, axis) if len(done) != 1 else done[0])


def _block(x: Array, axis: int, number: int) -> Array:
    return x.blocks[(slice(None),) * axis + (slice(number, number + 1),)]


def _last(block: Any, axis: int) -> Any:
    return np.take(block, [-1], axis=axis)


def _put(binop: Callable, ident: Any, before: Any, totals: Any) -> Any:
    return binop(before, totals) if before.size else binop(ident, totals)
