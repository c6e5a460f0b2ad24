"""Dates, durations and texts in arrays: the engine holds them as whole numbers, and NumPy's functions work on their blocks.

Dates and durations are held as NumPy holds them, as counts of their unit; texts as the codes of their characters, along one more
axis behind the others. What moves elements without looking at them (slices, chunks, joins) and what only needs their order is
native work on these numbers. All else is NumPy's function on blocks, and `explain()` says why.
"""

from __future__ import annotations

import datetime
import itertools
from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import delayed
from ._array import Array
from ._codes import codes_dtype, decoded, decoded_block, encoded, fitting, width_of
from ._masked import is_masked, masked
from ._objects import is_objects, of_calls, on_elements, to_objects
from ._operands import PieceLock, checked_array, held, is_foreign_dtype

_ops = _plait.arrays

_KINDS = {"M": "dates", "m": "durations", "U": "texts", "S": "byte strings"}


class EncodedArray(Array):
    """A lazy array of dates, durations or texts."""

    __slots__ = ("_codes", "_dtype")
    _is_encoded = True

    def __init__(self, codes: Array, dtype: Any):
        self._codes, self._dtype, self._column_names = codes, np.dtype(dtype), None

    @property
    def _array(self) -> Any:  # type: ignore[override]  # which nobody sets
        raise NotImplementedError(
            f"this function of an array of dtype {self._dtype} is not there yet: {_KINDS[self._dtype.kind]} have no native form; compute() the array first"
        )

    @property
    def is_text(self) -> bool:
        """Whether an axis of characters stands behind the others."""
        return self._dtype.kind in "US"

    @property
    def codes(self) -> Array:
        """The whole numbers."""
        return self._codes

    def _like(self, codes: Array) -> EncodedArray:
        return EncodedArray(codes, self._dtype)

    def _own(self, extents: tuple) -> tuple:
        return extents[:-1] if self.is_text else extents

    # What plait.base asks of a collection.

    def __plait_exprs__(self) -> list:
        return self._codes.__plait_exprs__()

    def __plait_postcompute__(self):
        dtype = self._dtype

        def finish(values: list) -> Any:
            found = decoded(values[0], dtype)
            return found[()] if found.ndim == 0 else found

        return finish

    def __plait_postpersist__(self):
        dtype, kept = self._dtype, self._codes.__plait_postpersist__()
        return lambda exprs: EncodedArray(kept(exprs), dtype)

    def __dask_tokenize__(self):
        return (self._codes.__dask_tokenize__(), str(self._dtype))

    def __reduce__(self):
        return (EncodedArray, (self._codes, self._dtype))

    # What is known before computing.

    @property
    def shape(self) -> tuple:
        """The extents; NaN where only computing tells."""
        return self._own(self._codes.shape)

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return self._dtype

    @property
    def chunks(self) -> tuple:
        """The extents of the blocks along each axis; NaN where only computing tells."""
        return self._own(self._codes.chunks)

    @property
    def chunksize(self) -> tuple:
        """The largest extent of a block along each axis."""
        return self._own(self._codes.chunksize)

    @property
    def npartitions(self) -> int:
        """The number of blocks."""
        return self._codes.npartitions

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._codes.ndim - self.is_text

    @property
    def name(self) -> str:
        """The name of the layer of tasks that makes this array."""
        return self._codes.name

    def _with_name(self, name: str) -> Any:
        return self._like(self._codes._with_name(name))

    @property
    def _op(self) -> str:
        return self._codes._op

    # Elements and places: work on the whole numbers.

    def __getitem__(self, index: Any) -> EncodedArray:
        items = index if isinstance(index, tuple) else (index,)
        if not self.is_text:
            return self._like(self._codes[items])
        if len(items) == 1 and _is_mask(items[0], self.ndim) and self.ndim > 1:
            mask = items[0] if isinstance(items[0], Array) else np.asarray(items[0])
            return self.reshape(-1)[mask.reshape(-1)]
        return self._like(self._codes[self._with_characters(items)])

    def _of_blocks(self, items: list) -> EncodedArray:
        return self._like(self._codes._of_blocks(list(self._with_characters(tuple(items))) if self.is_text else items))

    def _with_characters(self, items: tuple) -> tuple:
        """An index with an entry for the axis of the characters where the ellipsis would take it."""
        if any(item is Ellipsis for item in items):
            return (*items, slice(None))
        if sum(item is not None for item in items) > self.ndim:
            raise IndexError(f"too many indices: {len(items)} are given, but the array has {self.ndim} axes")
        return items

    def assign(self, index: Any, value: Any) -> None:
        """Changes this array as ``array[index] = value`` does."""
        value = converted(value, self._dtype)
        items = index if isinstance(index, tuple) else (index,)
        codes = self._codes.copy()
        if self.is_text and len(items) == 1 and _is_mask(items[0], self.ndim) and self.ndim > 1:
            raise NotImplementedError("setting texts under a mask of several axes is not there yet; use where")
        codes[self._with_characters(items) if self.is_text else items] = value.codes
        self._codes = codes

    @property
    def real(self) -> Array:
        """The array itself."""
        return self

    @property
    def imag(self) -> Array:
        """Zeros of the type."""
        return self._like(self._codes * np.zeros((), dtype=self._codes.dtype)[()])

    def copy(self) -> EncodedArray:
        """The array itself: it never changes."""
        return self._like(self._codes)

    def rechunk(self, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None) -> EncodedArray:
        """The same elements in other chunks; see `plait.array.rechunk`."""
        return self._like(self._codes.rechunk(chunks_of_codes(chunks, self.ndim, self.is_text), threshold, block_size_limit, balance, method))

    def transpose(self, *axes: Any) -> EncodedArray:
        """The array with its axes in another order; reversed without arguments."""
        given = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))) else axes
        order = [self.axis(one) for one in given] if given else list(range(self.ndim))[::-1]
        return self._like(self._codes.transpose([*order, self.ndim] if self.is_text else order))

    def axis(self, axis: Any, ndim: int | None = None) -> int:
        """An axis counted from the first."""
        ndim = self.ndim if ndim is None else ndim
        if not -ndim <= axis < ndim:
            raise np.exceptions.AxisError(f"axis {axis} is out of bounds for an array of {ndim} axes")
        return axis % ndim

    def swapaxes(self, axis1: int, axis2: int) -> EncodedArray:
        """The array with two axes exchanged."""
        order = list(range(self.ndim))
        one, two = self.axis(axis1), self.axis(axis2)
        order[one], order[two] = two, one
        return self.transpose(order)

    def reshape(self, *shape: Any, merge_chunks: bool = True, limit: Any = None) -> EncodedArray:
        """The elements in C order in another shape; one extent may be -1."""
        if len(shape) == 1 and not isinstance(shape[0], int):
            shape = shape[0]
        return self._like(self._codes.reshape((*shape, self._codes.shape[-1]) if self.is_text else tuple(shape), merge_chunks=merge_chunks))

    def squeeze(self, axis: Any = None) -> EncodedArray:
        """The array without its axes of extent one."""
        axes = [i for i, extent in enumerate(self.shape) if extent == 1] if axis is None else axis if isinstance(axis, (tuple, list)) else [axis]
        return self._like(self._codes.squeeze([self.axis(one) for one in axes]))

    def compute_chunk_sizes(self) -> EncodedArray:
        """Find unknown extents by computing the array's blocks, which stay in memory. Changes this array and returns it."""
        self._codes.compute_chunk_sizes()
        return self

    def astype(self, dtype: Any, **kwargs: Any) -> Array:
        """The array with its elements converted to ``dtype``."""
        casting = kwargs.get("casting", "unsafe")
        if not np.can_cast(self.dtype, dtype, casting=casting):
            raise TypeError(f"cannot convert {self.dtype} to {np.dtype(dtype)} with casting='{casting}'")
        return converted(self, dtype)


def _is_mask(item: Any, ndim: int) -> bool:
    dtype = item.dtype if isinstance(item, Array) else np.asarray(item).dtype if isinstance(item, (list, np.ndarray)) else None
    return dtype is not None and dtype == bool and np.ndim(item) == ndim


def chunks_of_codes(chunks: Any, ndim: int, is_text: bool) -> Any:
    """Chunks of the elements as those of their whole numbers, whose characters stay together."""
    if not is_text:
        return chunks
    if isinstance(chunks, dict):
        return {axis % ndim if ndim else axis: extents for axis, extents in chunks.items()} | {ndim: -1}
    if isinstance(chunks, (tuple, list)):
        whole = ((*chunks,),) if ndim == 1 and len(chunks) != 1 else tuple(chunks)
        return (*whole, -1)
    return (chunks,) * ndim + (-1,)


def from_numpy(values: Any, chunks: Any) -> EncodedArray:
    """A lazy array of a NumPy array of dates, durations or texts."""
    codes = encoded(values)
    is_text = values.dtype.kind in "US"
    return EncodedArray(Array(_ops.from_array(codes, chunks_of_codes(chunks, values.ndim, is_text))), values.dtype.newbyteorder("="))


class _ReadPiece:
    """Reads one chunk of data that can be sliced."""

    def __init__(self, x: Any, lock: Any):
        self.x, self.lock = x, lock

    def __call__(self, part: tuple) -> Any:
        with held(self.lock):
            return np.asarray(self.x[part])

    def __reduce__(self):
        return (_ReadPiece, (self.x, None if self.lock is None else PieceLock()))


def read_in_pieces(x: Any, chunks: Any, lock: Any) -> Array:
    """Data of dates, durations, texts or objects that is read chunk by chunk."""
    dtype = np.dtype(x.dtype)
    cut = _ops.normalize_chunks(chunks, tuple(map(int, x.shape)), np.dtype(np.int64), what="from_array")
    read = delayed(able_to_travel(_ReadPiece(x, PieceLock() if lock is True else lock or None), x), name="array")
    starts = [[0, *itertools.accumulate(extents)] for extents in cut]
    calls = [read(tuple(slice(own[i], own[i + 1]) for own, i in zip(starts, index, strict=True))) for index in np.ndindex(*map(len, cut))]
    return of_values(calls, dtype.newbyteorder("="), cut, "array")


def of_values(calls: list, dtype: Any, chunks: tuple, label: str, make: Any = None) -> Array:
    """The array of any dtype whose blocks, in C order, are delayed values; ``make`` makes a block of a value, if it has to."""
    if dtype == object:
        return of_calls(calls, chunks)
    values = _plait.delayed_values(calls)
    if not is_foreign_dtype(dtype):
        return Array(_plait.array_of_values(values, make or np.asarray, dtype, chunks, label))
    return EncodedArray(
        Array(_plait.array_of_values(values, _Encode(dtype, make), codes_dtype(dtype), (*chunks, *((width,) for width in width_of(dtype))), label)), dtype
    )


class _Encode:
    """A block as whole numbers."""

    def __init__(self, dtype: Any, make: Any):
        self.dtype, self.make = dtype, make

    def __call__(self, value: Any) -> Any:
        return encoded(fitting("a block", value if self.make is None else self.make(value), self.dtype))


def asarray(x: Any, dtype: Any = None) -> Array:
    """``x`` as a lazy array, encoded where its elements have no native form."""
    if isinstance(x, (list, tuple)) and any(isinstance(one, Array) for one in x):
        raise NotImplementedError("a list of lazy arrays of dates, durations or texts is no array here; use stack")
    if not isinstance(x, Array):
        x = np.asarray(x)
        x = from_numpy(x, -1) if is_foreign_dtype(x.dtype) else Array(_ops.from_array(checked_array(x), -1))
    return x if dtype is None or x.dtype == dtype else converted(x, dtype)


class _Cast:
    """Elements converted to a type."""

    def __init__(self, dtype: Any):
        self.dtype, self.__name__ = np.dtype(dtype), "astype"

    def __call__(self, x: Any) -> Any:
        return np.asarray(x).astype(self.dtype)


def converted(x: Any, dtype: Any) -> Any:
    """``x`` as a lazy array of ``dtype``, where one of the two types has no native form."""
    dtype = np.dtype(dtype)
    if dtype == object and isinstance(x, Array):
        return to_objects(x)
    x = asarray(x if isinstance(x, Array) else np.asarray(x).astype(dtype))
    if x.dtype == dtype:
        return x
    if isinstance(x, EncodedArray) and not x.is_text and dtype == np.int64:
        return x.codes
    return by_numpy(_Cast(dtype), [x])


class _OnBlocks:
    """Calls NumPy's function on blocks, whole numbers decoded before and encoded again after it."""

    def __init__(self, function: Callable, places: list, dtype: Any):
        self.function, self.places, self.dtype = function, places, dtype

    def __call__(self, index: tuple, shape: tuple, start: tuple, *blocks: Any) -> Any:
        remaining = iter(blocks)
        arguments = [decoded_block(next(remaining), place.dtype) if isinstance(place, _Block) else place for place in self.places]
        with np.errstate(all="ignore"):
            result = np.asarray(self.function(*arguments))
        if result.dtype != self.dtype and not np.can_cast(result.dtype, self.dtype, "safe"):
            raise TypeError(f"{self.function.__name__}: a block is {result.dtype}, which does not fit the array's dtype {self.dtype}")
        result = result.astype(self.dtype, copy=False)
        return encoded(result) if is_foreign_dtype(self.dtype) else result


class _Block:
    """The place of an array's block among the arguments."""

    def __init__(self, dtype: Any):
        self.dtype = dtype


def by_numpy(function: Callable, operands: Any, dtype: Any = None) -> Any:
    """NumPy's elementwise function on blocks of lazy arrays, which are broadcast; scalars among the operands stay as they are.

    Raises what the function raises on arrays without elements, such as `TypeError` for types that do not go together.
    """
    operands = list(operands)
    for x in operands:
        if is_masked(x):
            return masked(x)._of_elements(function, operands, dtype)
    if any(is_objects(x) for x in operands):
        return on_elements(function, operands, dtype)
    operands = [asarray(x) if isinstance(x, (list, tuple, np.ndarray)) and np.ndim(x) else x for x in operands]
    arrays = [x for x in operands if isinstance(x, Array)]
    places = [_Block(x.dtype) if isinstance(x, Array) else x for x in operands]
    if dtype is None:
        with np.errstate(all="ignore"):
            dtype = np.asarray(function(*(np.zeros(0, x.dtype) if isinstance(x, _Block) else x for x in places))).dtype
    if not is_foreign_dtype(dtype):
        checked_array(np.zeros(0, dtype))
    is_text = dtype.kind in "US"
    ndim = max(x.ndim for x in arrays)
    names = [str(axis) for axis in range(ndim)]
    named = [(codes_of(x)._array, names[ndim - x.ndim :] + [f"text {i}"] * has_characters(x)) for i, x in enumerate(arrays)]
    out, added = (names + ["text"], {"text": dtype.itemsize // codes_dtype(dtype).itemsize}) if is_text else (names, {})
    lined_up, chunks, axes = _ops.line_up_blockwise(out, named, added, {}, True)
    call = able_to_travel(_OnBlocks(function, places, dtype), function)
    stored = codes_dtype(dtype) if is_foreign_dtype(dtype) else dtype
    result = Array(_ops.map_blocks(lined_up, call, function.__name__, stored, chunks, axes, True, _reason([*operands, dtype])))
    return EncodedArray(result, dtype) if is_foreign_dtype(dtype) else result


def in_pieces(function: Callable, x: EncodedArray, is_whole: bool, extent: float = float("nan")) -> EncodedArray:
    """What a function makes of each block of texts along one axis, or of all of them together: so many, or as many as it likes."""
    blocks = 1 if is_whole else len(x.chunks[0])
    chunks = ((extent,) * blocks, x.codes.chunks[1])
    call = able_to_travel(_OnBlocks(function, [_Block(x.dtype)], x.dtype), function)
    axes = [[-1 if is_whole else 0, 1]]
    made = _ops.map_blocks([x.codes._array], call, function.__name__, x.codes.dtype, chunks, axes, True, _reason([x]))
    return EncodedArray(Array(made), x.dtype)


def codes_of(x: Array) -> Array:
    """The array that the engine holds."""
    return x.codes if isinstance(x, EncodedArray) else x


def as_elements(codes: Array, dtype: Any) -> Array:
    """The array of elements of ``dtype`` that the engine's array stands for; itself for native types."""
    return EncodedArray(codes, dtype) if is_foreign_dtype(dtype) else codes


def has_characters(x: Array) -> bool:
    """Whether the engine's array has one axis more."""
    return isinstance(x, EncodedArray) and x.is_text


def _reason(operands: list) -> str:
    for x in operands:
        dtype = x if isinstance(x, np.dtype) else getattr(x, "dtype", None) or _dtype_of(x)
        if dtype is not None and is_foreign_dtype(dtype):
            return f"by NumPy: {_KINDS[dtype.kind]} have no native form"
    return "by NumPy: an operand has no native form"


def _dtype_of(x: Any) -> Any:
    return np.asarray(x).dtype if isinstance(x, (str, bytes, datetime.date, datetime.timedelta)) else None
