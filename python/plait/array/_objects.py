"""Arrays of Python objects: their blocks are delayed NumPy arrays of dtype object, and NumPy's functions work on them.

The engine knows no such elements. Chunks, slices and joins are told here, and each block is a call; results of other types, such as
those of comparisons, are arrays of the engine again.
"""

from __future__ import annotations

from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import Delayed, delayed, of_block
from ._array import Array
from ._object_places import as_objects, assembled, pasted, picked_blocks
from ._operands import is_foreign_dtype
from ._value_blocks import ValueArray

_ops = _plait.arrays


class ObjectArray(ValueArray):
    """A lazy array of Python objects."""

    __slots__ = ()
    _holds_objects = True

    @property
    def _array(self) -> Any:  # type: ignore[override]  # which nobody sets
        raise NotImplementedError("this function of an array of Python objects is not there yet: convert it with astype, or compute() it first")

    # What plait.base asks of a collection.

    def __plait_postcompute__(self):
        grid = self.numblocks

        def finish(values: list) -> Any:
            whole = assembled(values[0], grid)
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
    def dtype(self) -> Any:
        """The type of the elements."""
        return np.dtype(object)

    def grid(self) -> Any:
        """The blocks as delayed values, in an array of the shape of the grid."""
        blocks = np.empty(self.numblocks, dtype=object)
        for number, index in enumerate(np.ndindex(*self.numblocks)):
            blocks[index] = of_block(self._expr, (self.name, *index), number)
        return blocks

    def _of_blocks(self, items: list) -> ObjectArray:
        return of_calls(*picked_blocks(self.grid(), self.chunks, items))

    def to_delayed(self, optimize_graph: bool = True) -> Any:
        """The chunks as delayed values; see `Array.to_delayed`."""
        return self.grid()

    # Elements and places; those that need work of modules above are given to the class there.

    def axis(self, axis: Any) -> int:
        """An axis counted from the first."""
        return int(np.lib.array_utils.normalize_axis_index(axis, self.ndim))

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
        if isinstance(chunks, tuple) and repr(chunks) == repr(self.chunks):  # in which an extent may not be known, which equals none
            return self
        wanted = _ops.normalize_chunks(chunks, self.shape, np.dtype(float), previous=self.chunks, what="rechunk")
        return self if wanted == self.chunks else of_calls(pasted(self.grid(), self.chunks, wanted), wanted)

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
        return self[tuple(0 if one in places else slice(None) for one in range(self.ndim))]  # type: ignore[return-value]

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


# Elementwise functions.


class _OnBlocks:
    """Calls a function on blocks, beside operands that are no arrays."""

    def __init__(self, function: Callable, places: list, dtype: Any):
        self.function, self.places, self.dtype = function, places, dtype

    def __call__(self, *blocks: Any) -> Any:
        following = iter(blocks)
        with np.errstate(all="ignore"):
            result = self.function(*(next(following) if place is BLOCK else place for place in self.places))
        if self.dtype == object:
            return as_objects(result)
        return np.asarray(result).astype(self.dtype, copy=False)


class _Block:
    """The place of a block among the operands."""

    def __reduce__(self):
        return "BLOCK"


BLOCK = _Block()


def is_objects(x: Any) -> bool:
    """Whether ``x`` is an array of Python objects, lazy or not."""
    return isinstance(x, ObjectArray) or isinstance(x, np.ndarray) and x.dtype == object


def on_elements(function: Callable, operands: list, dtype: Any = None) -> Array:
    """NumPy's elementwise function on blocks of lazy arrays, which are broadcast."""
    given = [from_numpy(x, -1) if is_objects(x) and not isinstance(x, Array) else x for x in operands]
    given = [Array(_ops.from_array(np.asarray(x), -1)) if isinstance(x, (list, np.ndarray)) and np.ndim(x) and not isinstance(x, Array) else x for x in given]
    arrays = [x for x in given if isinstance(x, Array)]
    places = [BLOCK if isinstance(x, Array) else x for x in given]
    if dtype is None:
        dtype = np.asarray(function(*(np.zeros(0, x.dtype) if isinstance(x, Array) else x for x in given))).dtype
    dtype = np.dtype(dtype)
    if is_foreign_dtype(dtype):
        raise NotImplementedError(f"{function.__name__}: dates, durations and texts of Python objects are not there yet; compute() the array first")
    label = getattr(function, "__name__", "elementwise").strip("<>")
    common = _ops.common_chunks([x.chunks for x in arrays], label)
    grids = [in_common_chunks(x, common).to_delayed() for x in arrays]
    call = delayed(able_to_travel(_OnBlocks(function, places, dtype), function), pure=True, name=label)
    calls = []
    for index in np.ndindex(*map(len, common)):
        calls.append(call(*(grid[place_in(grid.shape, index)] for grid in grids)))
    if dtype == object:
        return of_calls(calls, common)
    return Array(_plait.array_of_values(_plait.delayed_values(calls), as_it_is, dtype, common, label))


def as_it_is(value: Any) -> Any:
    """A block of a value that is one."""
    return value


def place_in(grid: tuple, index: tuple) -> tuple:
    """The block in a grid, perhaps of fewer axes, that goes with a block of the result."""
    own = index[len(index) - len(grid) :]
    return tuple(i if count > 1 else 0 for i, count in zip(own, grid, strict=True))


def in_common_chunks(x: Array, common: tuple) -> Array:
    """An array in the chunks in which it meets others."""
    wanted = tuple(own if sum(own) == 1 else blocks for own, blocks in zip(x.chunks, common[len(common) - x.ndim :], strict=True))
    return x.rechunk(wanted) if wanted != x.chunks else x


def to_objects(x: Array) -> ObjectArray:
    """The elements of an array as Python objects."""
    return x if isinstance(x, ObjectArray) else on_elements(_Cast(np.dtype(object)), [x], object)  # type: ignore[return-value]
