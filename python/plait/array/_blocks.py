"""Indices of blocks and of single elements: x.blocks[0, 1], x.vindex[[0, 3], [2, 2]]."""

from __future__ import annotations

import math
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._encoded import EncodedArray
from ._map_blocks import map_blocks
from ._operands import engine_array, index_items

_ops = _plait.arrays


class BlockView:
    """The blocks of an array, indexed as its elements are; an integer keeps its axis."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        return self._array._of_blocks(index_items(index))

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


def _at(places: Any, x: Any) -> Any:
    return x[places]


class PointIndex:
    """Single elements by a list of positions for each axis, which are broadcast against each other."""

    def __init__(self, array: Array):
        self._array = array

    def __getitem__(self, index: Any) -> Array:
        if isinstance(self._array, EncodedArray):
            return self._array.at_points(index)
        (first, *others) = index if isinstance(index, tuple) and index else (index,)
        if isinstance(first, Array) and not others and self._array.ndim == 1 and self._array.npartitions == 1:
            return map_blocks(_at, first, x=self._array, dtype=self._array.dtype, name="vindex")
        items = index_items(index)
        if any(item is None for item in items):
            raise IndexError("vindex: None is no entry here; expected positions, whole numbers and slices")
        if any(engine_array(item) is not None or isinstance(item, _plait.Array) for item in items):
            raise IndexError("vindex does not support indexing with dask objects or other lazy arrays; compute them first")
        if Ellipsis in [item for item in items if not isinstance(item, np.ndarray)]:
            at = next(number for number, item in enumerate(items) if item is Ellipsis)
            items[at : at + 1] = [slice(None)] * (self._array.ndim + 1 - len(items))
        lists = [item for item in items if isinstance(item, np.ndarray)]
        if not lists:
            is_all = all(item == slice(None) for item in items) and len(items) <= self._array.ndim
            return self._array if is_all else self._array[tuple(items)]
        try:
            np.broadcast_shapes(*(item.shape for item in lists))
        except ValueError as error:
            raise IndexError(f"vindex: positions of shapes {[item.shape for item in lists]} do not go together") from error
        # What is no list is taken first: it does not depend on the others.
        slices = [item if isinstance(item, slice) else slice(None) for item in items]
        points = [slice(None) if isinstance(item, slice) else item for item in items]
        taken = self._array if all(item == slice(None) for item in slices) else self._array[tuple(slices)]
        return Array(_ops.vindex(taken._array, points))
