"""`map_blocks` of arrays of Python objects and of masked arrays, or whose result is one."""

from __future__ import annotations

from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import delayed
from ._array import Array
from ._block_call import BlockInfo, Late, checked_elements, late
from ._object_places import as_objects
from ._encoded import of_values
from ._masked import MaskedArray, is_masked
from ._objects import BLOCK, from_numpy, in_common_chunks, place_in
from ._operands import is_integer

_ops = _plait.arrays


class _OnWholeBlocks:
    """Calls the user's function on blocks, with the other arguments: what is late among them comes behind the blocks, or by name."""

    def __init__(self, function: Callable, places: list, kwargs: dict, about: BlockInfo, with_mask: bool):
        self.function, self.places, self.kwargs = function, places, kwargs
        self.about, self.with_mask = about, with_mask

    def __call__(self, index: tuple, shape: tuple, *values: Any, **late_kwargs: Any) -> Any:
        following = iter(values)
        given = [next(following).copy() if place is BLOCK else next(following) if place is LATE else place for place in self.places]
        result = self.function(*given, **self.kwargs, **late_kwargs, **self.about.of_block(index))
        if not self.with_mask:
            return checked_elements("map_blocks", result, self.about.dtype, index, shape)
        elements = checked_elements("map_blocks", np.ma.getdata(result), self.about.dtype, index, shape)
        return np.ma.array(elements, mask=np.ma.getmaskarray(result))


LATE = "a value that is late"


def mapped(func: Callable, args: tuple, kwargs: dict, dtype: Any, chunks: Any, drop_axis: Any, new_axis: Any, label: str, with_mask: bool = False) -> Array:
    """What a function makes of blocks, of which some hold Python objects or have a mask, or will."""
    given = [from_numpy(x, -1) if isinstance(x, np.ndarray) and x.dtype == object else x for x in args]
    arrays = {number: x for number, x in enumerate(given) if isinstance(x, Array)}
    if not arrays:
        raise ValueError("map_blocks: there is no lazy array among the arguments")
    common = _ops.common_chunks([x.chunks for x in arrays.values()], "map_blocks")
    ndim = len(common)
    dropped = {axis % ndim for axis in _listed(drop_axis)}
    common = tuple((sum(own),) if axis in dropped else own for axis, own in enumerate(common))
    order: list = [axis for axis in range(ndim) if axis not in dropped]
    for axis in sorted(_listed(new_axis)):
        order.insert(axis, None)
    own_chunks = [(1,) if axis is None else common[axis] for axis in order]
    if chunks is not None:
        own_chunks = [tuple(said) if isinstance(said, (tuple, list)) else (said,) * len(own) for said, own in zip(chunks, own_chunks, strict=True)]
    cut = {number: in_common_chunks(x, common) for number, x in arrays.items()}
    axes_of = {number: [order.index(axis) if axis in order else -1 for axis in range(ndim - x.ndim, ndim)] for number, x in arrays.items()}
    about = BlockInfo(func, cut, tuple(own_chunks), axes_of, None)
    about.dtype, with_mask = _kind_of_result(func, given, kwargs, about, dtype, with_mask or any(map(is_masked, (*arrays.values(), *kwargs.values()))))

    lates = [late(x) for x in given]
    places = [BLOCK if number in arrays else LATE if isinstance(x, Late) else x for number, x in enumerate(lates)]
    values = [x.value for x in lates if isinstance(x, Late)]
    by_name = {name: value if isinstance(value, Array) else late(value) for name, value in kwargs.items()}
    late_kwargs = {name: x.value if isinstance(x, Late) else x for name, x in by_name.items() if isinstance(x, (Array, Late))}
    known_kwargs = {name: value for name, value in kwargs.items() if name not in late_kwargs}
    call = delayed(able_to_travel(_OnWholeBlocks(func, places, known_kwargs, about, with_mask), func), pure=True, name=label)
    grids = {number: x.to_delayed() for number, x in cut.items()}
    calls = []
    for index in np.ndindex(*map(len, own_chunks)):
        source = [0] * ndim
        for place, axis in enumerate(order):
            if axis is not None:
                source[axis] = index[place]
        shape = tuple(extents[i] for extents, i in zip(own_chunks, index, strict=True))
        blocks = {number: grid[place_in(grid.shape, tuple(source))] for number, grid in grids.items()}
        following = iter(values)
        inputs = [blocks[number] if place is BLOCK else next(following) for number, place in enumerate(places) if place is BLOCK or place is LATE]
        calls.append(call(index, shape, *inputs, **late_kwargs))
    if with_mask:
        elements = of_values(calls, about.dtype, tuple(own_chunks), label, np.ma.getdata)
        return MaskedArray(elements, of_values(calls, np.dtype(bool), tuple(own_chunks), label, np.ma.getmaskarray))
    return of_values(calls, about.dtype, tuple(own_chunks), label)


def _kind_of_result(func: Callable, args: list, kwargs: dict, about: BlockInfo, dtype: Any, with_mask: bool) -> tuple[Any, bool]:
    """The type of the elements of what the function gives of tiny blocks, unless it is said, and whether it has a mask."""
    if dtype is not None and not with_mask:
        return np.dtype(dtype), False
    first = about.of_block((0,) * len(about.chunks)) if about.is_wanted else {}
    try:
        sample = func(*map(_tiny, args), **{name: _tiny(value) for name, value in kwargs.items()}, **first)
    except Exception as error:
        if dtype is not None:
            return np.dtype(dtype), True
        raise ValueError(f"map_blocks: the function fails on blocks of one element ({error!r}); give dtype=") from error
    return np.asarray(sample).dtype if dtype is None else np.dtype(dtype), is_masked(sample)


def _tiny(x: Any) -> Any:
    """A block of one element in the place of an array."""
    if not isinstance(x, Array):
        return x
    shape = (1,) * x.ndim
    if is_masked(x):
        return np.ma.ones(shape, x.dtype)
    return as_objects(1).reshape(shape) if x.dtype == object else np.ones(shape, x.dtype)


def _listed(axes: Any) -> list:
    return [] if axes is None else [axes] if is_integer(axes) else list(axes)
