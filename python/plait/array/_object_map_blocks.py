"""`map_blocks` of arrays of Python objects, or whose result is one."""

from __future__ import annotations

from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import delayed
from ._array import Array
from ._block_call import checked_elements
from ._object_places import as_objects
from ._encoded import of_values
from ._objects import BLOCK, blocks_in, from_numpy, place_in
from ._operands import is_integer

_ops = _plait.arrays


class _OnWholeBlocks:
    """Calls the user's function on blocks, with the other arguments."""

    def __init__(self, function: Callable, places: list, kwargs: dict, dtype: Any):
        self.function, self.places, self.kwargs, self.dtype = function, places, kwargs, dtype

    def __call__(self, index: tuple, shape: tuple, *blocks: Any) -> Any:
        following = iter(blocks)
        result = self.function(*(next(following).copy() if place is BLOCK else place for place in self.places), **self.kwargs)
        return checked_elements("map_blocks", result, self.dtype, index, shape)


def mapped(func: Callable, args: tuple, kwargs: dict, dtype: Any, chunks: Any, drop_axis: Any, new_axis: Any, label: str) -> Array:
    """What a function makes of blocks, of which some hold Python objects, or will."""
    given = [from_numpy(x, -1) if isinstance(x, np.ndarray) and x.dtype == object else x for x in args]
    arrays = [x for x in given if isinstance(x, Array)]
    if not arrays:
        raise ValueError("map_blocks: there is no lazy array among the arguments")
    if any(isinstance(value, Array) for value in kwargs.values()):
        raise NotImplementedError("map_blocks: lazy keywords beside arrays of Python objects are not there yet")
    common = _ops.common_chunks([x.chunks for x in arrays], "map_blocks")
    ndim = len(common)
    dropped = {axis % ndim for axis in _listed(drop_axis)}
    common = tuple((sum(own),) if axis in dropped else own for axis, own in enumerate(common))
    order: list = [axis for axis in range(ndim) if axis not in dropped]
    for axis in sorted(_listed(new_axis)):
        order.insert(axis, None)
    own_chunks = [(1,) if axis is None else common[axis] for axis in order]
    if chunks is not None:
        own_chunks = [tuple(said) if isinstance(said, (tuple, list)) else (said,) * len(own) for said, own in zip(chunks, own_chunks, strict=True)]
    places = [BLOCK if isinstance(x, Array) else x for x in given]
    if dtype is None:
        tiny = [as_objects(1).reshape((1,) * x.ndim) if x.dtype == object else np.ones((1,) * x.ndim, x.dtype) for x in arrays]
        try:
            dtype = np.asarray(_OnWholeBlocks(func, places, kwargs, np.dtype(object)).function(*_filled(places, tiny), **kwargs)).dtype
        except Exception as error:
            raise ValueError(f"map_blocks: the function fails on blocks of one element ({error!r}); give dtype=") from error
    dtype = np.dtype(dtype)
    call = delayed(able_to_travel(_OnWholeBlocks(func, places, kwargs, dtype), func), pure=True, name=label)
    grids = [blocks_in(x, common) for x in arrays]
    calls = []
    for index in np.ndindex(*map(len, own_chunks)):
        source = [0] * ndim
        for place, axis in enumerate(order):
            if axis is not None:
                source[axis] = index[place]
        shape = tuple(extents[i] for extents, i in zip(own_chunks, index, strict=True))
        calls.append(call(index, shape, *(grid[place_in(grid.shape, tuple(source))] for grid in grids)))
    return of_values(calls, dtype, tuple(own_chunks), label)


def _filled(places: list, blocks: list) -> list:
    following = iter(blocks)
    return [next(following) if place is BLOCK else place for place in places]


def _listed(axes: Any) -> list:
    return [] if axes is None else [axes] if is_integer(axes) else list(axes)
