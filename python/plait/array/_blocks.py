"""Indices of blocks and of single elements: x.blocks[0, 1], x.vindex[[0, 3], [2, 2]]."""

from __future__ import annotations

import math
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._operands import index_item, index_items

_ops = _plait.arrays


class BlockView:
    """The blocks of an array, indexed as its elements are; an integer keeps its axis."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        return Array(_ops.take_blocks(self._array._array, index_items(index)))

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
