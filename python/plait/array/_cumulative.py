"""Running totals along an axis."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ._array import Array, into
from ._block_call import BlockCall, Blocks, call_blocks
from ._routines import where
from ._sources import asarray


class _Running:
    """The running total inside a block, and what the blocks before add to it."""

    def __init__(self, ufunc: str, axis: int, dtype: np.dtype):
        self.ufunc, self.axis, self.dtype = getattr(np, ufunc), axis, dtype

    def inside(self, block: np.ndarray) -> np.ndarray:
        return self.ufunc.accumulate(block, axis=self.axis, dtype=self.dtype)

    def total(self, block: np.ndarray) -> np.ndarray:
        return self.ufunc.reduce(block, axis=self.axis, dtype=self.dtype, keepdims=True)

    def before(self, totals: list, number: int) -> np.ndarray:
        """The totals of all blocks before block ``number`` as one."""
        first = np.full_like(totals[0], self.ufunc.identity)
        return self.ufunc.reduce([first, *totals[:number]], axis=0, dtype=self.dtype)

    def joined(self, totals: list, block: np.ndarray, block_id: tuple) -> np.ndarray:
        return self.ufunc(self.before(totals, block_id[self.axis]), self.inside(block))


def _cumulative(ufunc: str, x: Any, axis: int | None, dtype: Any, out: Any, what: str) -> Array:
    x = asarray(x)
    if axis is None:
        x, axis = x.ravel(), 0
    if not -x.ndim <= axis < x.ndim:
        raise IndexError(f"{what}: axis {axis} is out of range: the array has {x.ndim} axes")
    axis %= x.ndim
    dtype = getattr(np, ufunc).accumulate(np.ones(1, dtype=x.dtype), dtype=dtype).dtype
    running = _Running(ufunc, axis, dtype)
    counted = list(range(x.ndim))

    def call(func, arrays: list, places: list, chunks: tuple, axes: list, wants_id: bool = False) -> Array:
        about = _ToldWhich() if wants_id else None
        return call_blocks(arrays, BlockCall(func, places, {}, dtype, what, about), what, chunks, axes)

    if x.numblocks[axis] == 1:
        result = call(running.inside, [x], [Blocks()], x.chunks, [counted])
    else:
        ones = (*x.chunks[:axis], (1,) * x.numblocks[axis], *x.chunks[axis + 1 :])
        totals = call(running.total, [x], [Blocks()], ones, [counted])
        gathered = [-1 if own == axis else own for own in counted]
        all_totals = Blocks((x.numblocks[axis],), (axis,), concatenate=False)
        result = call(running.joined, [totals, x], [all_totals, Blocks()], x.chunks, [gathered, counted], wants_id=True)
    return into(out, result)


class _ToldWhich:
    """Tells the function only which block it makes."""

    is_wanted = True

    def of_block(self, index: tuple) -> dict:
        return {"block_id": index}


def cumsum(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, method: str = "sequential") -> Array:
    """Running sums along an axis; of the flattened array where it is None.

    Parameters
    ----------
    x : array_like
        The array.
    axis : int, optional
        Along which to add up.
    dtype : numpy.dtype, optional
        In which to add up, and of the result.

    Returns
    -------
    Array

    Raises
    ------
    IndexError
        If there is no such axis.
    """
    return _cumulative("add", x, axis, dtype, out, "cumsum")


def cumprod(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, method: str = "sequential") -> Array:
    """Running products along an axis. Takes the arguments of `cumsum`."""
    return _cumulative("multiply", x, axis, dtype, out, "cumprod")


def nancumsum(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, *, method: str = "sequential") -> Array:
    """Running sums along an axis, NaN counted as zero. Takes the arguments of `cumsum`."""
    return _cumulative("add", _without_nan(x, 0), axis, dtype, out, "nancumsum")


def nancumprod(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, *, method: str = "sequential") -> Array:
    """Running products along an axis, NaN counted as one. Takes the arguments of `cumsum`."""
    return _cumulative("multiply", _without_nan(x, 1), axis, dtype, out, "nancumprod")


def _without_nan(x: Any, instead: int) -> Array:
    x = asarray(x)
    return where(x != x, x.dtype.type(instead), x) if x.dtype.kind in "fc" else x
