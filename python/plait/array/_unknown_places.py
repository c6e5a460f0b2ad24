"""Places along an axis whose one block has an extent that only computing tells: the block knows them."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._object_places import expanded
from ._operands import is_integer

_ops = _plait.arrays


class _Taken:
    """Takes places of a block."""

    def __init__(self, places: tuple):
        self.places = places

    def __call__(self, index: tuple, shape: tuple, start: tuple, block: Any) -> Any:
        return np.ascontiguousarray(block[self.places])


def _is_for_block(item: Any, blocks: tuple) -> bool:
    is_whole = isinstance(item, slice) and item == slice(None)
    return len(blocks) == 1 and blocks[0] != blocks[0] and (isinstance(item, (slice, np.ndarray)) or is_integer(item)) and not is_whole


def taken_in_blocks(x: _plait.Array, items: list) -> tuple[_plait.Array, list]:
    """The array with what its block of unknown extent tells taken along such axes, and what of the index is left to do.

    Both are as they were where there are no such axes, or several lists of places, which go together.
    """
    each = expanded(tuple(items), x.ndim)
    axes = [number for number, item in enumerate(each) if item is not None]
    chosen = {axis: each[number] for axis, number in enumerate(axes) if _is_for_block(each[number], x.chunks[axis])}
    num_lists = sum(not isinstance(item, slice) and item is not None and not is_integer(item) for item in each)
    if not chosen or num_lists > 1:
        return x, items
    places: list[Any] = [slice(None)] * x.ndim
    chunks, left = list(x.chunks), list(each)
    for axis, item in chosen.items():
        # One place keeps its axis until the end, so that the axes have their numbers.
        left[axes[axis]] = 0 if is_integer(item) else slice(None)
        places[axis] = np.array([item]) if is_integer(item) else item
        if not isinstance(item, slice):
            chunks[axis] = (int(places[axis].sum()) if places[axis].dtype == bool else len(places[axis]),)
    taken = _ops.map_blocks([x], _Taken(tuple(places)), "getitem", x.dtype, tuple(chunks), [list(range(x.ndim))])
    return taken, left
