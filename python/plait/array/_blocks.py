"""Indices of blocks and of single elements: x.blocks[0, 1], x.vindex[[0, 3], [2, 2]]."""

from __future__ import annotations

import math
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._encoded import as_elements, codes_of, has_characters
from ._operands import index_items

_ops = _plait.arrays


class BlockView:
    """The blocks of an array, indexed as its elements are; an integer keeps its axis."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        # The axis of a text's characters is one block, and stands behind the others.
        items = (*index, slice(None)) if has_characters(self._array) and isinstance(index, tuple) and Ellipsis in index else index
        return as_elements(Array(_ops.take_blocks(codes_of(self._array)._array, index_items(items))), self._array.dtype)

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
        """All blocks, in C order.

        Examples
        --------
        >>> da.ravel(da.ones((2, 2))).shape
        (4,)
        """
        return [self[index] for index in np.ndindex(self.shape)]


class PointIndex:
    """Single elements by a list of positions for each axis, which are broadcast against each other."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        return Array(_ops.vindex(self._array._array, index_items(index)))
