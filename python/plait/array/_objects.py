"""Arrays of Python objects: their blocks are delayed NumPy arrays of dtype object, and NumPy's functions work on them.

The engine knows no such elements. Chunks, slices and joins are told here, and each block is a call; results of other types, such as
those of comparisons, are arrays of the engine again.
"""

from __future__ import annotations

import functools
from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._travel import able_to_travel
from ..delayed import Delayed, delayed, of_block
from ._array import Array
from ._block_call import checked_block
from ._delayed import to_delayed
from ._operands import is_integer

_ops = _plait.arrays


class ObjectArray(Array):
    """A lazy array of Python objects."""

    __slots__ = ("_expr", "_own_chunks")
    _holds_objects = True
    _is_encoded = True  # what only knows the engine's arrays does not take it

    def __init__(self, expr: Any, chunks: tuple):
        self._expr, self._own_chunks = expr, chunks

    @property
    def _array(self) -> Any:  # type: ignore[override]  # which nobody sets
        raise NotImplementedError("this function of an array of Python objects is not there yet: convert it with astype, or compute() it first")

    # What plait.base asks of a collection.

    def __plait_exprs__(self) -> list:
        return [self._expr]

    def __plait_postcompute__(self):
        grid = self.numblocks

        def finish(values: list) -> Any:
            whole = _assembled(values[0], grid)
            return whole[()] if whole.ndim == 0 else whole

        return finish

    def __plait_postpersist__(self):
        chunks = self._own_chunks
        return lambda exprs: ObjectArray(exprs[0], chunks)

    def __dask_tokenize__(self):
        return (self._expr.token, self._own_chunks)

    def __reduce__(self):
        return (ObjectArray, (self._expr, self._own_chunks))

    # What is known before computing.

    @property
    def chunks(self) -> tuple:
        """The extents of the blocks along each axis; NaN where only computing tells."""
        return self._own_chunks

    @property
    def shape(self) -> tuple:
        """The extents; NaN where only computing tells."""
        return tuple(sum(extents) for extents in self._own_chunks)

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return np.dtype(object)

    @property
    def chunksize(self) -> tuple:
        """The largest extent of a block along each axis."""
        return tuple(max(extents) for extents in self._own_chunks)

    @property
    def npartitions(self) -> int:
        """The number of blocks."""
        return self._expr.num_blocks

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._own_chunks)

    @property
    def name(self) -> str:
        """The name of the layer of tasks that makes this array."""
        return self._expr.name

    @property
    def _op(self) -> str:
        return self._expr.op

    def grid(self) -> Any:
        """The blocks as delayed values, in an array of the shape of the grid."""
        blocks = np.empty(self.numblocks, dtype=object)
        for number, index in enumerate(np.ndindex(*self.numblocks)):
            blocks[index] = of_block(self._expr, (self.name, *index), number)
        return blocks

    def _of_blocks(self, items: list) -> ObjectArray:
        if any(item is None for item in items):
            raise ValueError("None is no index of blocks; give integers, slices or lists")
        chosen = [np.atleast_1d(np.arange(len(own))[item]) for item, own in zip(_expanded(tuple(items), self.ndim), self.chunks, strict=True)]
        chunks = tuple(tuple(own[i] for i in numbers) for numbers, own in zip(chosen, self.chunks, strict=True))
        return of_calls(list(self.grid()[np.ix_(*chosen)].ravel()), chunks)

    def to_delayed(self, optimize_graph: bool = True) -> Any:
        """The chunks as delayed values; see `Array.to_delayed`."""
        return self.grid()

    # Elements and places.

    def __getitem__(self, index: Any) -> ObjectArray:
        items = _expanded(index, self.ndim)
        if any(isinstance(item, Array) for item in items):
            raise NotImplementedError("an array of Python objects takes no lazy index yet; compute() the index first")
        return _picked(self, items)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise NotImplementedError("elements of an array of Python objects cannot be set yet; use where")

    @property
    def imag(self) -> Array:
        """The imaginary parts."""
        return on_elements(np.imag, [self], object)

    def copy(self) -> ObjectArray:
        """The array itself: it never changes."""
        return ObjectArray(self._expr, self._own_chunks)

    def rechunk(self, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None) -> ObjectArray:
        """The same elements in other chunks; see `plait.array.rechunk`."""
        if isinstance(chunks, dict):
            named = {axis % self.ndim: extents for axis, extents in chunks.items()}
            chunks = tuple(named.get(axis, own) for axis, own in enumerate(self.chunks))
        elif isinstance(chunks, tuple):
            chunks = tuple(own if given is None else given for given, own in zip(chunks, self.chunks, strict=True)) if len(chunks) == self.ndim else chunks
        wanted = _ops.normalize_chunks(chunks, self.shape, np.dtype(float), previous=self.chunks, what="rechunk")
        return self if wanted == self.chunks else _pasted(self, wanted)

    def transpose(self, *axes: Any) -> ObjectArray:
        """The array with its axes in another order; reversed without arguments."""
        given = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))) else axes
        order = [axis % self.ndim for axis in given] if given else list(range(self.ndim))[::-1]
        if sorted(order) != list(range(self.ndim)):
            raise ValueError(f"transpose: {given} are not all axes of an array of {self.ndim}")
        call = delayed(np.transpose, pure=True)
        blocks = [call(block, order) for block in np.transpose(self.grid(), order).ravel()]
        return of_calls(blocks, tuple(self.chunks[axis] for axis in order))

    def swapaxes(self, axis1: int, axis2: int) -> ObjectArray:
        """The array with two axes exchanged."""
        return self.transpose(_exchanged(self.ndim, axis1, axis2))

    def reshape(self, *shape: Any, merge_chunks: bool = True, limit: Any = None) -> ObjectArray:
        """The elements in C order in another shape, in one block; one extent may be -1."""
        if len(shape) == 1 and not isinstance(shape[0], int):
            shape = tuple(shape[0])
        wanted = np.empty(self.shape, dtype=np.bool_).reshape(shape).shape if 0 in self.shape else _shape_of(shape, self.shape)
        if wanted == self.shape:
            return self
        (block,) = self.rechunk((-1,) * self.ndim).grid().ravel() if self.ndim else self.grid().ravel()
        return of_calls([delayed(np.reshape, pure=True)(block, wanted)], tuple((extent,) for extent in wanted))

    def squeeze(self, axis: Any = None) -> ObjectArray:
        """The array without its axes of extent one."""
        axes = [i for i, extent in enumerate(self.shape) if extent == 1] if axis is None else axis if isinstance(axis, (tuple, list)) else [axis]
        places = {one % self.ndim for one in axes}
        if any(self.shape[one] != 1 for one in places):
            raise ValueError(f"squeeze: axes {axes} of an array of shape {self.shape} are not all of extent one")
        return self[tuple(0 if one in places else slice(None) for one in range(self.ndim))]

    def astype(self, dtype: Any, **kwargs: Any) -> Array:
        """The array with its elements converted to ``dtype``."""
        dtype = np.dtype(dtype)
        return self if dtype == object else on_elements(_Cast(dtype), [self], dtype)

    def _of_elements(self, function: Callable, operands: list, dtype: Any = None) -> Array:
        return on_elements(function, operands, dtype)


class _Cast:
    """Elements converted to a type."""

    def __init__(self, dtype: Any):
        self.dtype, self.__name__ = dtype, "astype"

    def __call__(self, x: Any) -> Any:
        return np.asarray(x).astype(self.dtype)


def _exchanged(ndim: int, axis1: int, axis2: int) -> list[int]:
    order = list(range(ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return order


def _shape_of(shape: tuple, own: tuple) -> tuple:
    size = int(np.prod(own, dtype=np.int64))
    known = int(np.prod([extent for extent in shape if extent != -1], dtype=np.int64))
    wanted = tuple(size // max(known, 1) if extent == -1 else int(extent) for extent in shape)
    if int(np.prod(wanted, dtype=np.int64)) != size:
        raise ValueError(f"cannot reshape array of size {size} into shape {shape}")
    return wanted


def of_calls(calls: list[Delayed], chunks: tuple) -> ObjectArray:
    """The array whose blocks, in C order, are delayed values."""
    return ObjectArray(_plait.delayed_values(calls), chunks)


def from_numpy(values: Any, chunks: Any) -> ObjectArray:
    """A lazy array of a NumPy array of objects; automatic chunks count eight bytes an element."""
    cut = _ops.normalize_chunks(chunks, values.shape, np.dtype(float), what="from_array")
    hold = delayed(_held, pure=False, name="array")
    blocks = []
    for index in np.ndindex(*map(len, cut)):
        part = tuple(slice(sum(extents[:i]), sum(extents[: i + 1])) for extents, i in zip(cut, index, strict=True))
        blocks.append(hold(_Held(values[(*part, ...)])))
    return of_calls(blocks, cut)


class _Held:
    """A block in memory; in a wrapper, so that nobody looks for lazy values in it."""

    def __init__(self, block: Any):
        self.block = block


def _held(held: _Held) -> Any:
    return held.block.copy()


def _assembled(blocks: list, grid: tuple) -> Any:
    """Blocks as one array; extents that were not known are theirs."""
    placed = np.empty(grid, dtype=object)
    for number, index in enumerate(np.ndindex(*grid)):
        placed[index] = blocks[number]

    def joined(part: Any, axis: int) -> Any:
        if axis == len(grid):
            return part if isinstance(part, np.ndarray) and part.dtype == object else _as_objects(part)
        pieces = [joined(part[i], axis + 1) for i in range(grid[axis])]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis)

    return joined(placed if grid else blocks[0], 0)


def _as_objects(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return x.astype(object)
    one = np.empty((), dtype=object)
    one[()] = x
    return one


# Elementwise functions.


class _OnBlocks:
    """Calls a function on blocks, beside operands that are no arrays."""

    def __init__(self, function: Callable, places: list, dtype: Any):
        self.function, self.places, self.dtype = function, places, dtype

    def __call__(self, *blocks: Any) -> Any:
        following = iter(blocks)
        with np.errstate(all="ignore"):
            result = self.function(*(next(following) if place is _BLOCK else place for place in self.places))
        if self.dtype == object:
            return _as_objects(result)
        return np.asarray(result).astype(self.dtype, copy=False)


class _Block:
    """The place of a block among the operands."""

    def __reduce__(self):
        return "_BLOCK"


_BLOCK = _Block()


def is_objects(x: Any) -> bool:
    """Whether ``x`` is an array of Python objects, lazy or not."""
    return isinstance(x, ObjectArray) or isinstance(x, np.ndarray) and x.dtype == object


def on_elements(function: Callable, operands: list, dtype: Any = None) -> Array:
    """NumPy's elementwise function on blocks of lazy arrays, which are broadcast."""
    given = [from_numpy(x, -1) if is_objects(x) and not isinstance(x, Array) else x for x in operands]
    given = [Array(_ops.from_array(np.asarray(x), -1)) if isinstance(x, (list, np.ndarray)) and np.ndim(x) and not isinstance(x, Array) else x for x in given]
    arrays = [x for x in given if isinstance(x, Array)]
    places = [_BLOCK if isinstance(x, Array) else x for x in given]
    if dtype is None:
        dtype = np.asarray(function(*(np.zeros(0, x.dtype) if isinstance(x, Array) else x for x in given))).dtype
    dtype = np.dtype(dtype)
    if dtype.kind in "mMUS":
        raise NotImplementedError(f"{function.__name__}: dates, durations and texts of Python objects are not there yet; compute() the array first")
    label = getattr(function, "__name__", "elementwise").strip("<>")
    common = _ops.common_chunks([x.chunks for x in arrays], label)
    grids = [_grid_in(x, common) for x in arrays]
    call = delayed(able_to_travel(_OnBlocks(function, places, dtype), function), pure=True, name=label)
    calls = []
    for index in np.ndindex(*map(len, common)):
        calls.append(call(*(grid[_place(grid.shape, index)] for grid in grids)))
    if dtype == object:
        return of_calls(calls, common)
    return Array(_plait.array_of_values(_plait.delayed_values(calls), _as_it_is, dtype, common, label))


def _as_it_is(value: Any) -> Any:
    return value


def _place(grid: tuple, index: tuple) -> tuple:
    own = index[len(index) - len(grid) :]
    return tuple(i if count > 1 else 0 for i, count in zip(own, grid, strict=True))


def _grid_in(x: Array, common: tuple) -> Any:
    """The blocks of an array, in the chunks in which it meets others."""
    if x._is_encoded and not isinstance(x, ObjectArray):
        x._array  # noqa: B018  # which says what is not there
    wanted = tuple(own if sum(own) == 1 else blocks for own, blocks in zip(x.chunks, common[len(common) - x.ndim :], strict=True))
    cut = x.rechunk(wanted) if wanted != x.chunks else x
    return cut.grid() if isinstance(cut, ObjectArray) else to_delayed(cut)


# Places.


def _expanded(index: Any, ndim: int) -> list:
    """An item of the index for each axis, and None for new ones."""
    items = list(index) if isinstance(index, tuple) else [index]
    used = sum(item is not None and item is not Ellipsis for item in items)
    if used > ndim:
        raise IndexError(f"too many indices: {used} are given, but the array has {ndim} axes")
    at = next((i for i, item in enumerate(items) if item is Ellipsis), None)
    if at is None:
        return items + [slice(None)] * (ndim - used)
    return items[:at] + [slice(None)] * (ndim - used) + items[at + 1 :]


def _picked(x: ObjectArray, items: list) -> ObjectArray:
    """Slices, single places, and one list of places."""
    axes = [item for item in items if item is not None]
    if sum(not isinstance(item, slice) and not is_integer(item) for item in axes) > 1:
        raise NotImplementedError("an array of Python objects takes one list of places at a time")
    pieces = [_pieces_of(item, blocks) for item, blocks in zip(axes, x.chunks, strict=True)]
    final = tuple(None if item is None else 0 if is_integer(item) else slice(None) for item in items)
    chunks: list = []
    following = iter(pieces)
    for item in items:
        own = None if item is None else next(following)
        if item is None:
            chunks.append((1,))
        elif not is_integer(item):
            chunks.append(tuple(count for *_, count in own) if own else (0,))
    grid = x.grid()
    call = delayed(_piece, pure=True, name="getitem")
    calls = []
    for which in np.ndindex(*(max(len(own), 1) for own in pieces)):
        chosen = [own[i] if own else (0, slice(0, 0), 0) for own, i in zip(pieces, which, strict=True)]
        calls.append(call(grid[tuple(number for number, *_ in chosen)], [local for _, local, _ in chosen], final))
    return of_calls(calls, tuple(chunks))


def _piece(block: Any, local: list, final: tuple) -> Any:
    return _as_objects(block[tuple(local)][final]) if final else block


def _pieces_of(item: Any, blocks: tuple) -> list[tuple]:
    """Number of a block, what is taken of it, and how much that is: one after the other."""
    extent = sum(blocks)
    if is_integer(item):
        if not -extent <= item < extent:
            raise IndexError(f"index {item} is out of bounds for an axis of {extent} elements")
        places = np.array([item % extent])
    elif isinstance(item, slice):
        places = np.arange(*item.indices(extent))
    else:
        places = np.asarray(item)
        if places.dtype == bool:
            if places.shape != (extent,):
                raise IndexError(f"a mask of shape {places.shape} is no index of an axis of {extent} elements")
            places = np.flatnonzero(places)
        if places.ndim != 1 or (places.size and places.dtype.kind not in "iu"):
            raise NotImplementedError("an array of Python objects takes places along one axis only")
        if places.size and (places.min() < -extent or places.max() >= extent):
            raise IndexError(f"a place is out of bounds for an axis of {extent} elements")
        places = np.where(places < 0, places + extent, places).astype(np.int64)
    if not places.size:
        return []
    ends = np.cumsum(blocks)
    numbers = np.searchsorted(ends, places, side="right")
    cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(places)]
    found = []
    for start, stop in zip(cuts, cuts[1:]):
        number = int(numbers[start])
        local = places[start:stop] - (ends[number] - blocks[number])
        found.append((number, _as_slice(local), stop - start))
    return found


def _as_slice(places: Any) -> Any:
    """A slice where places are evenly spaced."""
    step = int(places[1] - places[0]) if len(places) > 1 else 1
    if step == 0 or (len(places) > 1 and (np.diff(places) != step).any()):
        return places
    stop = int(places[-1]) + (1 if step > 0 else -1)
    return slice(int(places[0]), None if stop < 0 else stop, step)


def _pasted(x: ObjectArray, chunks: tuple) -> ObjectArray:
    grid = x.grid()
    pieces = [[_pieces_of(slice(sum(new[:i]), sum(new[: i + 1])), own) for i in range(len(new))] for new, own in zip(chunks, x.chunks, strict=True)]
    call = delayed(_paste, pure=True, name="rechunk")
    calls = []
    for index in np.ndindex(*map(len, chunks)):
        own = [pieces[axis][i] or [(0, slice(0, 0), 0)] for axis, i in enumerate(index)]
        counts = tuple(map(len, own))
        blocks = [grid[tuple(own[axis][i][0] for axis, i in enumerate(which))] for which in np.ndindex(*counts)]
        calls.append(call(counts, [[local for _, local, _ in parts] for parts in own], *blocks))
    return of_calls(calls, chunks)


def _paste(counts: tuple, local: list, *blocks: Any) -> Any:
    parts = [block[tuple(local[axis][i] for axis, i in enumerate(which))] for block, which in zip(blocks, np.ndindex(*counts), strict=True)]
    return _assembled(parts, counts)


# Functions.


def to_objects(x: Array) -> ObjectArray:
    """The elements of an array as Python objects."""
    return x if isinstance(x, ObjectArray) else on_elements(_Cast(np.dtype(object)), [x], object)  # type: ignore[return-value]


def concatenate(seq: Any, axis: int = 0) -> ObjectArray:
    """Arrays one after the other along an axis, of which some hold Python objects."""
    arrays = [from_numpy(np.asarray(x, dtype=object), -1) if not isinstance(x, Array) else to_objects(x) for x in seq]
    ndim = arrays[0].ndim
    if any(x.ndim != ndim for x in arrays) or not -ndim <= axis < ndim:
        raise ValueError(f"concatenate: the arrays have {[x.ndim for x in arrays]} axes; expected one number, and axis {axis} among them")
    axis %= ndim
    others = [tuple(own if i != axis else (1,) for i, own in enumerate(x.chunks)) for x in arrays]
    for x in arrays:
        if any(a != b for i, (a, b) in enumerate(zip(x.shape, arrays[0].shape, strict=True)) if i != axis):
            raise ValueError(f"concatenate: the arrays have shapes {[x.shape for x in arrays]}, which differ along other axes than {axis}")
    common = _ops.common_chunks(others, "concatenate")
    cut = [x.rechunk(tuple(own if i == axis else common[i] for i, own in enumerate(x.chunks))) for x in arrays]
    grid = np.concatenate([x.grid() for x in cut], axis)
    chunks = tuple(tuple(extent for x in cut for extent in x.chunks[axis]) if i == axis else own for i, own in enumerate(cut[0].chunks))
    return of_calls(list(grid.ravel()), chunks)


def stack(seq: Any, axis: int = 0) -> ObjectArray:
    """Arrays of one shape along a new axis."""
    arrays = [from_numpy(np.asarray(x, dtype=object), -1) if not isinstance(x, Array) else to_objects(x) for x in seq]
    ndim = arrays[0].ndim + 1
    place = axis % ndim
    return concatenate([x[tuple(None if i == place else slice(None) for i in range(ndim))] for x in arrays], place)


def where(condition: Any, x: Any, y: Any) -> Array:
    """Elements of one of two arrays."""
    return on_elements(np.where, [condition, x, y], object)


def isnull(x: ObjectArray) -> Array:
    """Whether objects are missing, as pandas sees it."""
    return on_elements(pd.isnull, [x], bool)


def notnull(x: ObjectArray) -> Array:
    """Whether objects are not missing."""
    return ~isnull(x)


class _Reduction:
    """A reduction of NumPy's along axes that are whole."""

    def __init__(self, name: str, axis: tuple, options: dict):
        self.name, self.axis, self.options, self.__name__ = name, axis, options, name

    def __call__(self, block: Any) -> Any:
        axis = self.axis[0] if self.name.endswith(("argmin", "argmax")) else self.axis
        return getattr(np, self.name)(block, axis=axis, keepdims=True, **self.options)


def reduction(name: str) -> Callable:
    """A reduction of Python objects: what lies along its axes comes together."""
    of_places = name.endswith(("argmin", "argmax"))

    def reduce(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None, out: Any = None, **options: Any) -> Array:
        if dtype is not None:
            options["dtype"] = dtype
        if of_places and axis is None:
            return reduce(a.reshape(-1), 0, keepdims=keepdims, **options)
        axes = range(a.ndim) if axis is None else [axis] if is_integer(axis) else list(axis)
        if any(not -a.ndim <= one < a.ndim for one in axes):
            raise np.exceptions.AxisError(f"{name}: axis {axis} is out of bounds for an array of {a.ndim} axes")
        places = tuple(one % a.ndim for one in axes)
        whole = a.rechunk({one: -1 for one in places}) if a.ndim else a
        chunks = tuple((1,) if one in places else own for one, own in enumerate(whole.chunks))
        kind = np.dtype(np.int64) if of_places else np.dtype(object) if dtype is None else np.dtype(dtype)
        call = delayed(_Reduction(name, places, options), pure=True, name=name)
        calls = [call(block) for block in whole.grid().ravel()]
        if kind == object:
            found: Any = of_calls(calls, chunks)
        else:
            found = Array(_plait.array_of_values(_plait.delayed_values(calls), _as_it_is, kind, chunks, name))
        return found if keepdims else found[tuple(0 if one in places else slice(None) for one in range(a.ndim))]

    return reduce


class _Same:
    """One value for each element."""

    def __init__(self, value: Any):
        self.value, self.__name__ = value, "full_like"

    def __call__(self, block: Any) -> Any:
        return np.full(block.shape, self.value, dtype=object)


def full_like(a: Any, fill_value: Any, dtype: Any = None, **kwargs: Any) -> Array:
    """An array of one value, in the shape and chunks of another."""
    if any(value is not None for name, value in kwargs.items() if name != "order"):
        raise NotImplementedError("full_like of an array of Python objects takes no other arguments yet than dtype")
    made = on_elements(_Same(fill_value), [a], object)
    return made if dtype is None else made.astype(dtype)


def _constant(value: Any) -> Callable:
    return lambda a, dtype=None, **kwargs: full_like(a, value, dtype, **kwargs)


def either(native: Callable, own: Callable, num_arrays: int) -> Callable:
    """A function that takes arrays of Python objects, too."""

    def function(*args: Any, **kwargs: Any) -> Any:
        first = args[:num_arrays]
        is_own = any(is_objects(x) or isinstance(x, (list, tuple)) and any(map(is_objects, x)) for x in first)
        return (own if is_own else native)(*args, **kwargs)

    return functools.update_wrapper(function, native)


REDUCED = "sum prod min max any all argmin argmax mean var std nansum nanprod nanmin nanmax nanargmin nanargmax nanmean nanvar nanstd".split()


def for_objects(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions of a namespace that take such arrays, too."""
    own: dict[str, Callable] = {"concatenate": concatenate, "stack": stack, "where": where, "isnull": isnull, "notnull": notnull}
    own |= {"full_like": full_like, "zeros_like": _constant(0), "ones_like": _constant(1), "empty_like": _constant(None)}
    own |= {name: reduction(name) for name in REDUCED}
    return {name: either(namespace[name], function, 3) for name, function in own.items()}


class _OnWholeBlocks:
    """Calls the user's function on blocks, with the other arguments."""

    def __init__(self, function: Callable, places: list, kwargs: dict, dtype: Any):
        self.function, self.places, self.kwargs, self.dtype = function, places, kwargs, dtype

    def __call__(self, index: tuple, shape: tuple, *blocks: Any) -> Any:
        following = iter(blocks)
        result = self.function(*(next(following).copy() if place is _BLOCK else place for place in self.places), **self.kwargs)
        if self.dtype != object:
            return checked_block("map_blocks", result, self.dtype, index, shape)
        found = _as_objects(result)
        if found.ndim != len(shape) or any(own != said and said == said for own, said in zip(found.shape, shape, strict=True)):
            raise ValueError(f"map_blocks: the function returned a block of shape {found.shape} as block {index}, expected {shape}; give chunks=")
        return found


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
    places = [_BLOCK if isinstance(x, Array) else x for x in given]
    if dtype is None:
        tiny = [_as_objects(1).reshape((1,) * x.ndim) if x.dtype == object else np.ones((1,) * x.ndim, x.dtype) for x in arrays]
        try:
            dtype = np.asarray(_OnWholeBlocks(func, places, kwargs, np.dtype(object)).function(*_filled(places, tiny), **kwargs)).dtype
        except Exception as error:
            raise ValueError(f"map_blocks: the function fails on blocks of one element ({error!r}); give dtype=") from error
    dtype = np.dtype(dtype)
    call = delayed(able_to_travel(_OnWholeBlocks(func, places, kwargs, dtype), func), pure=True, name=label)
    grids = [_grid_in(x, common) for x in arrays]
    calls = []
    for index in np.ndindex(*map(len, own_chunks)):
        source = [0] * ndim
        for place, axis in enumerate(order):
            if axis is not None:
                source[axis] = index[place]
        shape = tuple(extents[i] for extents, i in zip(own_chunks, index, strict=True))
        calls.append(call(index, shape, *(grid[_place(grid.shape, tuple(source))] for grid in grids)))
    if dtype == object:
        return of_calls(calls, tuple(own_chunks))
    return Array(_plait.array_of_values(_plait.delayed_values(calls), _as_it_is, dtype, tuple(own_chunks), label))


def _filled(places: list, blocks: list) -> list:
    following = iter(blocks)
    return [next(following) if place is _BLOCK else place for place in places]


def _listed(axes: Any) -> list:
    return [] if axes is None else [axes] if is_integer(axes) else list(axes)


def install() -> None:
    """Give `ObjectArray` its methods."""
    for name in REDUCED[:11]:
        setattr(ObjectArray, name, reduction(name))
