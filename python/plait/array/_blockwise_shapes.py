"""Blocks that take another shape, each by itself, and gaps that are filled along an axis."""

from __future__ import annotations

import itertools
import math
from typing import Any

from .._lazy import numpy as np
from ..delayed import delayed
from ._array import Array
from ._encoded import of_values
from ._map_blocks import map_blocks
from ._sources import asarray


def reshape_blockwise(x: Any, shape: int | tuple[int, ...], chunks: tuple | None = None) -> Array:
    """Reshape every block by itself: no data moves, and elements stand in the order of the blocks, not of the whole array.

    Parameters
    ----------
    x : Array
    shape : int or tuple of int
        Axes that stand side by side become one; or, with ``chunks``, one becomes several again.
    chunks : tuple of tuple of int, optional
        Of a result with more axes, or as many: its blocks, in their order, have as many elements as those of ``x``.

    Raises
    ------
    ValueError
        If the shapes do not fit each other, if there are more axes and no ``chunks``, or fewer and ``chunks``.

    Examples
    --------
    >>> x = da.from_array([[0, 1, 2, 3], [4, 5, 6, 7]], chunks=2)
    >>> da.reshape_blockwise(x, 8).compute()
    array([0, 1, 4, 5, 2, 3, 6, 7])
    """
    x = asarray(x)
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if math.prod(shape) != x.size:
        raise ValueError(f"reshape_blockwise: shape {shape} has {math.prod(shape)} elements, the array {x.size}")
    if len(shape) >= x.ndim:
        if shape == x.shape and chunks is None:
            return x
        if chunks is None:
            raise ValueError(f"reshape_blockwise: say the chunks= of a result of {len(shape)} axes, the array has {x.ndim}")
        chunks = tuple(map(tuple, chunks))
    elif chunks is not None:
        raise ValueError("reshape_blockwise: chunks= is only for a result that has no fewer axes; else they follow from the array's")
    else:
        chunks = tuple(_joined(x, group) for group in _groups(x.shape, shape))
    if tuple(map(sum, chunks)) != shape:
        raise ValueError(f"reshape_blockwise: chunks {chunks} do not make up the shape {shape}")
    extents = list(itertools.product(*chunks))
    own = list(itertools.product(*x.chunks))
    if [math.prod(each) for each in extents] != [math.prod(each) for each in own]:
        raise ValueError(f"reshape_blockwise: blocks of chunks {chunks} do not have as many elements as those of {x.chunks}")
    reshape = delayed(_reshaped, pure=True)
    calls = [reshape(block, extent) for block, extent in zip(x.to_delayed().ravel(), extents, strict=True)]
    return of_values(calls, x.dtype, chunks, "reshape-blockwise")


def _reshaped(block: Any, shape: tuple) -> Any:
    return block.reshape(shape)


def _groups(before: tuple, after: tuple) -> list[tuple[int, ...]]:
    """The axes of ``before`` that become each axis of ``after``."""
    groups: list[tuple[int, ...]] = []
    start = 0
    for place, extent in enumerate(after):
        spare = len(before) - start - (len(after) - place)  # axes that this one may take beside its first
        stop = start + 1
        while spare > 0 and (math.prod(before[start:stop]) != extent or stop < len(before) and before[stop] == 1):
            stop, spare = stop + 1, spare - 1
        groups.append(tuple(range(start, stop)))
        start = stop
    if start < len(before) or any(math.prod(before[axis] for axis in group) != extent for group, extent in zip(groups, after, strict=True)):
        raise ValueError(f"reshape_blockwise: axes of shape {before} side by side do not become {after}")
    return groups


def _joined(x: Array, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.prod(each) for each in itertools.product(*(x.chunks[axis] for axis in axes)))


def push(array: Any, n: int | None, axis: int) -> Array:
    """Fill missing elements with the last one before them along an axis.

    Parameters
    ----------
    array : Array
        Elements that are nan or NaT are missing.
    n : int, optional
        How many in a row are filled at most; None: all.
    axis : int
        The axis; its lines come into one block each.

    Examples
    --------
    >>> nan = float("nan")
    >>> da.push(da.from_array([1, nan, nan, 2, nan], chunks=2), 1, 0).compute()
    array([ 1.,  1., nan,  2.,  2.])
    """
    array = asarray(array)
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"push: axis {axis} is out of bounds for an array of {array.ndim} axes")
    axis %= array.ndim
    if array.dtype.kind not in "fcmM":
        return array
    lines = array if array.numblocks[axis] <= 1 else array.rechunk({each: -1 if each == axis else "auto" for each in range(array.ndim)})
    filled = map_blocks(_Fill(n, axis), lines, dtype=array.dtype, name="push")
    return filled.rechunk(array.chunks)


class _Fill:
    def __init__(self, n: int | None, axis: int):
        self.n, self.axis = n, axis

    def __call__(self, block: Any) -> Any:
        places = np.arange(block.shape[self.axis]).reshape([-1 if axis == self.axis else 1 for axis in range(block.ndim)])
        missing = np.isnan(block) if block.dtype.kind in "fc" else np.isnat(block)
        last = np.maximum.accumulate(np.where(missing, -1, places), axis=self.axis)
        fills = missing & (last >= 0) if self.n is None else missing & (last >= 0) & (places - last <= self.n)
        return np.where(fills, np.take_along_axis(block, np.maximum(last, 0), axis=self.axis), block)
