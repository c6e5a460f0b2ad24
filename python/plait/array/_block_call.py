"""What the engine calls to make one block in Python: the user's function, with the arguments that go with that block."""

from __future__ import annotations

import inspect
import itertools
from typing import Any

from .._delayed_arguments import PLAIN, unpacked
from .._lazy import copy
from .._lazy import numpy as np
from .._travel import able_to_travel
from .. import _plait
from ..delayed import delayed
from ._array import Array
from ._codes import codes_dtype, decoded_block, encoded, fitting, width_of
from ._delayed import to_delayed
from ._object_places import as_objects
from ._operands import checked_array, is_foreign_dtype

_ops = _plait.arrays


class BlockCall:
    """``func`` with its arguments. A `Blocks` among them gives its place to blocks of a lazy array."""

    def __init__(self, func, places: list, kwargs: dict, dtype: np.dtype, what: str, about: BlockInfo | None = None, enforce_ndim: bool = False):
        self.func, self.places, self.kwargs = func, places, kwargs
        self.dtype, self.what = dtype, what
        self.about = about if about is not None and about.is_wanted else None
        self.enforce_ndim = enforce_ndim

    def __call__(self, index: tuple, shape: tuple, start: tuple, *blocks: Any) -> np.ndarray:
        remaining = iter(blocks)
        arguments = [_taken(place, remaining) for place in self.places]
        kwargs = {name: _taken(place, remaining) for name, place in self.kwargs.items()}
        if self.about:
            kwargs |= self.about.of_block(index)
        return self._checked(self.func(*arguments, **kwargs), index, shape)

    def late(self) -> list[Late]:
        """The places of delayed values."""
        return [place for place in (*self.places, *self.kwargs.values()) if isinstance(place, Late)]

    def with_late(self, values: list) -> BlockCall:
        """The call with values in these places."""
        following = iter(values)
        new = copy.copy(self)
        new.places = [next(following) if isinstance(place, Late) else place for place in self.places]
        new.kwargs = {name: next(following) if isinstance(place, Late) else place for name, place in self.kwargs.items()}
        return new

    def _checked(self, result: Any, index: tuple, shape: tuple) -> np.ndarray:
        ndim = len(shape) - len(width_of(self.dtype))
        if self.enforce_ndim and np.ndim(result) != ndim:
            raise ValueError(f"{self.what}: Dimension mismatch: the function returned a block of {np.ndim(result)} axes as block {index}, expected {ndim}")
        return checked_block(self.what, result, self.dtype, index, shape)


def checked_block(what: str, result: Any, dtype: np.dtype, index: tuple, shape: tuple) -> np.ndarray:
    """What a function gave, as the engine holds it; ``shape`` counts the characters of texts, too."""
    block = checked_elements(what, result, dtype, index, shape[: len(shape) - len(width_of(dtype))])
    return encoded(block) if is_foreign_dtype(dtype) else block


def checked_elements(what: str, result: Any, dtype: np.dtype, index: tuple, shape: tuple) -> np.ndarray:
    """What a function gave, if it is what the plan says: a later step would go wrong on anything else."""
    if dtype == object:
        block = as_objects(result)
    else:
        block = fitting(what, result, dtype) if is_foreign_dtype(dtype) else checked_array(result)
    if block.dtype != dtype:
        if not np.can_cast(block.dtype, dtype, "same_kind"):
            raise TypeError(
                f"{what}: the function returned a block of dtype {block.dtype}, but its result was said to be "
                f"{dtype}; give dtype={str(block.dtype)!r}, or convert in the function"
            )
        block = block.astype(dtype)
    if block.size == 1 and block.ndim != len(shape) and all(wanted == 1 or wanted != wanted for wanted in shape):
        block = block.reshape((1,) * len(shape))  # a number for a block of one element
    fits = block.ndim == len(shape) and all(wanted == own or wanted != wanted for own, wanted in zip(block.shape, shape, strict=True))
    if not fits:
        raise ValueError(
            f"{what}: the function returned a block of shape {block.shape} as block {index}, expected {shape}; give "
            "chunks= if the result has others than its arguments (nan where only the function knows)"
        )
    return block


def _taken(place: Any, blocks: Any) -> Any:
    return place.taken_from(blocks) if isinstance(place, Blocks) else place


class Late:
    """The place of a delayed value among a function's arguments; it comes with the blocks."""

    def __init__(self, value: Any):
        self.value = value

    def __reduce__(self):
        return (Late, (None,))  # what is delayed stays where it is


def late(argument: Any) -> Any:
    """An argument that is no lazy array, or its place where it is delayed, or holds something that is."""
    if type(argument) in PLAIN or isinstance(argument, (np.ndarray, Array)):
        return argument
    held = unpacked(argument)
    return Late(held) if isinstance(held, _plait.DelayedCore) else argument


class _LateCall:
    """A call whose late arguments come behind the number of its block."""

    def __init__(self, call: BlockCall, num_late: int):
        self.call, self.num_late = call, num_late

    def __call__(self, index: tuple, shape: tuple, *values: Any) -> np.ndarray:
        return self.call.with_late(list(values[: self.num_late]))(index, shape, (), *values[self.num_late :])


class Blocks:
    """The place of a lazy array among a function's arguments: one block, or lists of blocks, nested for several axes."""

    def __init__(self, dtype: Any, counts: tuple = ()):
        self.dtype, self.counts = dtype, counts

    def taken_from(self, blocks: Any) -> Any:
        return self._listed(blocks, self.counts)

    def _listed(self, blocks: Any, counts: tuple) -> Any:
        # The function may change its block: blocks are shared, with the user's memory too.
        return [self._listed(blocks, counts[1:]) for _ in range(counts[0])] if counts else decoded_block(next(blocks).copy(), self.dtype)


class BlockInfo:
    """Answers ``block_id`` and ``block_info``, if the function takes them; see `map_blocks`."""

    def __init__(self, func, arrays: dict[int, Array], chunks: tuple, axes_of: dict[int, list[int]], dtype: Any):
        self.wants_id, self.wants_info = takes(func, "block_id"), takes(func, "block_info")
        self.chunks, self.dtype, self.axes_of = chunks, dtype, axes_of
        self.arrays = {number: array.chunks for number, array in arrays.items()} if self.wants_info else {}

    @property
    def is_wanted(self) -> bool:
        return self.wants_id or self.wants_info

    def of_block(self, index: tuple) -> dict:
        extra: dict[str, Any] = {}
        if self.wants_id:
            extra["block_id"] = index
        if self.wants_info:
            extra["block_info"] = self._info(index)
        return extra

    def _info(self, index: tuple) -> dict:
        info: dict = {}
        for number, chunks in self.arrays.items():
            axes = self.axes_of[number]
            # The function has all blocks along an axis that it drops as one.
            seen = tuple(blocks if axis >= 0 else (sum(blocks),) for axis, blocks in zip(axes, chunks, strict=True))
            info[number] = _place_of(seen, tuple(index[axis] if len(blocks) > 1 else 0 for axis, blocks in zip(axes, seen, strict=True)))
        result = _place_of(self.chunks, index)
        result["chunk-shape"] = tuple(blocks[i] for blocks, i in zip(self.chunks, index, strict=True))
        result["dtype"] = self.dtype
        info[None] = result
        return info


def _place_of(chunks: tuple, index: tuple) -> dict:
    starts = [sum(blocks[:i]) for blocks, i in zip(chunks, index, strict=True)]
    return {
        "shape": tuple(sum(blocks) for blocks in chunks),
        "num-chunks": tuple(len(blocks) for blocks in chunks),
        "array-location": [(start, start + blocks[i]) for start, blocks, i in zip(starts, chunks, index, strict=True)],
        "chunk-location": tuple(index),
    }


def takes(func, name: str) -> bool:
    """Whether ``func`` has an argument of that name."""
    try:
        return name in inspect.signature(func).parameters
    except (TypeError, ValueError):  # functions that do not tell
        return False


def tiny_result(what: str, func, arguments: list, kwargs: dict) -> np.ndarray:
    """What ``func`` gives of blocks of one element."""
    tiny = [_tiny(arg) for arg in arguments]
    try:
        with np.errstate(all="ignore"):
            return np.asanyarray(func(*tiny, **{key: _tiny(arg) for key, arg in kwargs.items()}))
    except Exception as error:
        raise ValueError(f"{what}: the function fails on blocks of one element ({error!r}); give dtype=") from error


def found_dtype(what: str, func, arguments: list, kwargs: dict) -> np.dtype:
    """The dtype that ``func`` gives; found by calling it on blocks of one element."""
    return tiny_result(what, func, arguments, kwargs).dtype


def _tiny(arg: Any) -> Any:
    if isinstance(arg, Late):
        raise TypeError("an argument is a delayed value")
    return np.ones((1,) * arg.ndim, dtype=arg.dtype) if isinstance(arg, Array) else arg


def call_blocks(arrays: list[Array], call: BlockCall, label: str, chunks: tuple, result_axes: list[list[int]], join: bool = True) -> Array:
    """The array whose blocks ``call`` makes.

    ``result_axes`` has for each axis of each array the result's axis that counts its blocks, or -1: along those axes the call
    gets all blocks as one if ``join``, else one after the other. The array is one of the engine: `as_elements` makes of it what the call's
    dtype says.
    """
    dtype = call.dtype
    if is_foreign_dtype(dtype):
        if width_of(dtype) == (0,):
            raise ValueError(f"{call.what}: say how long texts may be, as in dtype='U20'; found {dtype}")
        dtype, chunks = codes_dtype(dtype), (*chunks, *((width,) for width in width_of(dtype)))
    if late := call.late():
        return _called(arrays, call, late, label, dtype, chunks, result_axes, join)
    in_memory = (np.ndarray, Blocks)  # travel always
    parts = [part for part in (*call.places, *call.kwargs.values()) if not isinstance(part, in_memory)]
    function = able_to_travel(call, call.func, parts)
    return Array(_ops.map_blocks([array._array for array in arrays], function, label, dtype, chunks, result_axes, join))


def _called(arrays: list[Array], call: BlockCall, late: list[Late], label: str, dtype: Any, chunks: tuple, result_axes: list, join: bool) -> Array:
    """The same as a delayed call for each block."""
    if join:
        arrays = [x.rechunk({axis: -1 for axis, counted in enumerate(own) if counted < 0}) for x, own in zip(arrays, result_axes, strict=True)]
    grids = [to_delayed(x) for x in arrays]
    values = [place.value for place in late]
    function = delayed(able_to_travel(_LateCall(call, len(values)), call), name=label, pure=True)
    calls = []
    for index in np.ndindex(*map(len, chunks)):
        shape = tuple(blocks[i] for blocks, i in zip(chunks, index, strict=True))
        blocks = [block for grid, own in zip(grids, result_axes, strict=True) for block in _blocks_for(index, grid, own)]
        calls.append(function(index, shape, *values, *blocks))
    return Array(_plait.array_of_values(_plait.delayed_values(calls), np.asarray, dtype, chunks, label))


def _blocks_for(index: tuple, grid: Any, counted: list[int]) -> list:
    """The blocks of an array that one block of the result takes, in their order."""
    ranges = [range(count) if axis < 0 else (index[axis] if count > 1 else 0,) for count, axis in zip(grid.shape, counted, strict=True)]
    return [grid[place] for place in itertools.product(*ranges)]
