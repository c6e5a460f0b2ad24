"""`map_blocks` of arrays of Python objects and of masked arrays, or whose result is one."""

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
from ._masked import MaskedArray, is_masked
from ._objects import BLOCK, blocks_in, from_numpy, place_in
from ._operands import is_integer

_ops = _plait.arrays


class _OnWholeBlocks:
    """Calls the user's function on blocks, with the other arguments."""

    def __init__(self, function: Callable, places: list, kwargs: dict, dtype: Any, with_mask: bool):
        self.function, self.places, self.kwargs = function, places, kwargs
        self.dtype, self.with_mask = dtype, with_mask

    def __call__(self, index: tuple, shape: tuple, *blocks: Any) -> Any:
        following = iter(blocks)
        result = self.function(*(next(following).copy() if place is BLOCK else place for place in self.places), **self.kwargs)
        if not self.with_mask:
            return checked_elements("map_blocks", result, self.dtype, index, shape)
        elements = checked_elements("map_blocks", np.ma.getdata(result), self.dtype, index, shape)
        return np.ma.array(elements, mask=np.ma.getmaskarray(result))


def mapped(func: Callable, args: tuple, kwargs: dict, dtype: Any, chunks: Any, drop_axis: Any, new_axis: Any, label: str, with_mask: bool = False) -> Array:
    """What a function makes of blocks, of which some hold Python objects or have a mask, or will."""
    given = [from_numpy(x, -1) if isinstance(x, np.ndarray) and x.dtype == object else x for x in args]
    arrays = [x for x in given if isinstance(x, Array)]
    if not arrays:
        raise ValueError("map_blocks: there is no lazy array among the arguments")
    if any(isinstance(value, Array) for value in kwargs.values()):
        raise NotImplementedError("map_blocks: lazy keywords beside arrays of Python objects and masked arrays are not there yet")
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
    with_mask = any(map(is_masked, arrays)) or with_mask
    if dtype is None or with_mask:
        dtype, with_mask = _kind_of_result(lambda: func(*_filled(places, list(map(_tiny, arrays))), **kwargs), dtype)
    dtype = np.dtype(dtype)
    call = delayed(able_to_travel(_OnWholeBlocks(func, places, kwargs, dtype, with_mask), func), pure=True, name=label)
    grids = [blocks_in(x, common) for x in arrays]
    calls = []
    for index in np.ndindex(*map(len, own_chunks)):
        source = [0] * ndim
        for place, axis in enumerate(order):
            if axis is not None:
                source[axis] = index[place]
        shape = tuple(extents[i] for extents, i in zip(own_chunks, index, strict=True))
        calls.append(call(index, shape, *(grid[place_in(grid.shape, tuple(source))] for grid in grids)))
    if with_mask:
        elements = of_values(calls, dtype, tuple(own_chunks), label, np.ma.getdata)
        return MaskedArray(elements, of_values(calls, np.dtype(bool), tuple(own_chunks), label, np.ma.getmaskarray))
    return of_values(calls, dtype, tuple(own_chunks), label)


def _kind_of_result(call: Callable, dtype: Any) -> tuple[Any, bool]:
    """The type of the elements of what a call on tiny blocks gives, unless it is said, and whether it has a mask."""
    try:
        sample = call()
    except Exception as error:
        if dtype is not None:
            return dtype, True
        raise ValueError(f"map_blocks: the function fails on blocks of one element ({error!r}); give dtype=") from error
    return np.asarray(sample).dtype if dtype is None else dtype, is_masked(sample)


def _tiny(x: Any) -> Any:
    """A block of one element."""
    shape = (1,) * x.ndim
    if is_masked(x):
        return np.ma.ones(shape, x.dtype)
    return as_objects(1).reshape(shape) if x.dtype == object else np.ones(shape, x.dtype)


def _filled(places: list, blocks: list) -> list:
    following = iter(blocks)
    return [next(following) if place is BLOCK else place for place in places]


def _listed(axes: Any) -> list:
    return [] if axes is None else [axes] if is_integer(axes) else list(axes)
