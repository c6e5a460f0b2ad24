"""Indices of blocks and of single elements: x.blocks[0, 1], x.vindex[[0, 3], [2, 2]]."""

from __future__ import annotations

import itertools
import math
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._layout import concatenate
from ._operands import index_item

_ops = _plait.arrays


class BlockView:
    """The blocks of an array, indexed as its elements are; an integer keeps its axis."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        items = list(index) if isinstance(index, tuple) else [index]
        if any(item is None for item in items):
            raise ValueError("None is no index of blocks; give integers, slices or lists")
        if sum(isinstance(item, (list, np.ndarray)) for item in items) > 1:
            raise ValueError("blocks can only be indexed by one list; index the result again")
        if Ellipsis in [item for item in items if not isinstance(item, (list, np.ndarray))]:
            at = items.index(Ellipsis)
            items[at : at + 1] = [slice(None)] * (self._array.ndim - len(items) + 1)
        if len(items) > self._array.ndim:
            raise IndexError(f"too many indices: {len(items)} are given, but the array has {self._array.ndim} axes")
        result = self._array
        for axis, item in enumerate(items):
            blocks = result.chunks[axis]
            ends = list(itertools.accumulate(blocks))
            try:
                numbers = np.atleast_1d(np.arange(len(blocks))[item])
            except IndexError:
                raise IndexError(f"block {item} is out of range: axis {axis} has {len(blocks)} blocks") from None
            if list(numbers) == list(range(len(blocks))):
                continue
            if ends[-1] != ends[-1]:
                raise ValueError("blocks of unknown extent cannot be chosen; call compute_chunk_sizes() first")
            front = (slice(None),) * axis
            parts = [result[(*front, slice(ends[i] - blocks[i], ends[i]))] for i in numbers]
            result = concatenate(parts, axis=axis) if parts else result[(*front, slice(0, 0))]
        return result

    @property
    def shape(self) -> tuple:
        """The number of blocks along each axis."""
        return self._array.numblocks

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    @property
    def size(self) -> int:
        """The number of blocks."""
        return math.prod(self.shape)

    def ravel(self) -> list[Array]:
        """All blocks, in C order."""
        return [self[index] for index in np.ndindex(self.shape)]


class PointIndex:
    """Single elements by a list of positions for each axis, which are broadcast against each other."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        array = self._array
        items = list(index) if isinstance(index, tuple) else [index]
        items += [slice(None)] * (array.ndim - len(items))
        if len(items) > array.ndim:
            raise IndexError(f"too many indices: {len(items)} are given, but the array has {array.ndim} axes")
        if any(isinstance(item, slice) and item != slice(None) or item is None or item is Ellipsis for item in items):
            raise IndexError("vindex takes lists of positions, integers, and ':' for axes that stay whole")
        listed = [axis for axis, item in enumerate(items) if not isinstance(item, slice)]
        if any(isinstance(items[axis], Array) for axis in listed):
            raise IndexError("vindex: positions must be in memory; compute them first")
        return Array(_ops.vindex(array._array, {axis: np.asarray(index_item(items[axis])) for axis in listed}))
