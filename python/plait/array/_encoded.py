"""Dates, durations, texts, records and long floats in arrays: the engine holds them as whole numbers, and NumPy's functions work on their blocks.

Dates and durations are held as NumPy holds them, as counts of their unit; texts as the codes of their characters, and records and long
floats as their bytes, along one more axis behind the others. What moves elements without looking at them (slices, chunks, joins) and
what only needs their order is native work on these numbers. All else is NumPy's function on blocks, and `explain()` says why.
"""

from __future__ import annotations

import datetime
import itertools
from functools import partial
from typing import Any, Callable

from .. import _plait
from .._key_names import derived_name, prefix_of
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import delayed
from ._array import Array
from ._codes import codes_dtype, decoded, decoded_block, encoded, fitting, has_many_codes, width_of
from ._masked import is_masked, masked
from ._objects import is_objects, of_calls, on_elements, to_objects
from ._operands import PieceLock, checked_array, held, is_foreign_dtype

_ops = _plait.arrays

KINDS = {"M": "dates", "m": "durations", "U": "texts", "S": "byte strings", "V": "records", "f": "long floats", "c": "long complex numbers"}


class EncodedArray(Array):
    """A lazy array of dates, durations, texts, records or long floats."""

    __slots__ = ("_codes", "_dtype")
    _is_encoded = True

    def __init__(self, codes: Array, dtype: Any, name: str | None = None):
        self._codes, self._dtype, self._column_names, self._own_name = codes, np.dtype(dtype), None, name

    @property
    def _array(self) -> Any:  # type: ignore[override]  # which nobody sets
        raise NotImplementedError(
            f"this function of an array of dtype {self._dtype} is not there yet: {KINDS[self._dtype.kind]} have no native form; compute() the array first"
        )

    @property
    def is_text(self) -> bool:
        """Whether the elements are texts or byte strings."""
        return self._dtype.kind in "US"

    @property
    def has_many_codes(self) -> bool:
        """Whether an axis of characters or bytes stands behind the others."""
        return has_many_codes(self._dtype)

    @property
    def codes(self) -> Array:
        """The whole numbers."""
        return self._codes

    def _like(self, codes: Array) -> EncodedArray:
        return EncodedArray(codes, self._dtype)

    def _own(self, extents: tuple) -> tuple:
        return extents[:-1] if self.has_many_codes else extents

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
        dtype, kept, own, token = self._dtype, self._codes.__plait_postpersist__(), self._own_name, self.__plait_exprs__()[0].token
        return lambda exprs: EncodedArray(kept(exprs), dtype, own if exprs[0].token == token else None)

    def __plait_shown__(self):
        return partial(decoded, dtype=self._dtype)

    def __plait_held__(self):
        return _Held(self._dtype)

    def __dask_tokenize__(self):
        return (self._codes.__dask_tokenize__(), str(self._dtype))

    def __reduce__(self):
        return (EncodedArray, (self._codes, self._dtype, self._own_name))

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
        return self._codes.ndim - self.has_many_codes

    @property
    def name(self) -> str:
        """The name of the blocks; those of the whole numbers have another."""
        return self._own_name or derived_name(self._codes.name, str(self._dtype))

    def _with_name(self, name: str) -> Any:
        return EncodedArray(self._codes, self._dtype, name)

    def _become(self, other: Any) -> None:
        self._codes, self._dtype, self._own_name = other._codes, other._dtype, None

    @property
    def _op(self) -> str:
        return prefix_of(self._own_name) if self._own_name else self._codes._op

    # Elements and places: work on the whole numbers.

    def __getitem__(self, index: Any) -> Array:
        if is_field(index):
            return field(self, index)
        items = index if isinstance(index, tuple) else (index,)
        if not self.has_many_codes:
            return self._like(self._codes[items])
        if len(items) == 1 and _is_mask(items[0], self.ndim) and self.ndim > 1:
            mask = items[0] if isinstance(items[0], Array) else np.asarray(items[0])
            return self.reshape(-1)[mask.reshape(-1)]
        return self._like(self._codes[self._with_inner(items)])

    def _of_blocks(self, items: list) -> EncodedArray:
        return self._like(self._codes._of_blocks(list(self._with_inner(tuple(items))) if self.has_many_codes else items))

    def at_points(self, index: Any) -> EncodedArray:
        """What ``array.vindex[index]`` gives."""
        items = index if isinstance(index, tuple) else (index,)
        return self._like(self._codes.vindex[self._with_inner(items) if self.has_many_codes else items])

    def _with_inner(self, items: tuple) -> tuple:
        """An index with an entry for the axis of characters or bytes where the ellipsis would take it."""
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
        if self.has_many_codes and len(items) == 1 and _is_mask(items[0], self.ndim) and self.ndim > 1:
            if value.ndim:
                raise NotImplementedError(f"x[mask] = value is there for one value, but the value has shape {value.shape}; use where(mask, values, x)")
            self._codes, self._own_name = by_numpy(np.where, [items[0], value, self], self._dtype).codes, None
            return
        codes[self._with_inner(items) if self.has_many_codes else items] = value.codes
        self._codes, self._own_name = codes, None

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
        return self._like(self._codes.rechunk(chunks_of_codes(chunks, self.ndim, self.has_many_codes), threshold, block_size_limit, balance, method))

    def transpose(self, *axes: Any) -> EncodedArray:
        """The array with its axes in another order; reversed without arguments."""
        given = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))) else axes
        order = [self.axis(one) for one in given] if given else list(range(self.ndim))[::-1]
        return self._like(self._codes.transpose([*order, self.ndim] if self.has_many_codes else order))

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
        if self.ndim == 1 and tuple(shape) == (-1,):  # whose extent may not be known
            return self
        return self._like(self._codes.reshape((*shape, self._codes.shape[-1]) if self.has_many_codes else tuple(shape), merge_chunks=merge_chunks))

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


def chunks_of_codes(chunks: Any, ndim: int, has_inner: bool) -> Any:
    """Chunks of the elements as those of their whole numbers, of which those of an element stay together."""
    if not has_inner:
        return chunks
    if isinstance(chunks, dict):
        return {axis % ndim if ndim else axis: extents for axis, extents in chunks.items()} | {ndim: -1}
    if isinstance(chunks, (tuple, list)):
        whole = ((*chunks,),) if ndim == 1 and len(chunks) != 1 else tuple(chunks)
        return (*whole, -1)
    return (chunks,) * ndim + (-1,)


def cut(chunks: Any, shape: tuple, dtype: Any) -> tuple:
    """The extents of the blocks of an array of such elements; see `plait.array.normalize_chunks`."""
    width = width_of(dtype)
    return _ops.normalize_chunks(chunks_of_codes(chunks, len(shape), bool(width)), (*shape, *width), codes_dtype(dtype))[: len(shape)]


def from_numpy(values: Any, chunks: Any) -> EncodedArray:
    """A lazy array of a NumPy array of such elements."""
    codes = encoded(values)
    return EncodedArray(Array(_ops.from_array(codes, chunks_of_codes(chunks, values.ndim, has_many_codes(values.dtype)))), values.dtype.newbyteorder("="))


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
    parts = cut(chunks, tuple(map(int, x.shape)), dtype)
    read = delayed(able_to_travel(_ReadPiece(x, PieceLock() if lock is True else lock or None), x), name="array")
    starts = [[0, *itertools.accumulate(extents)] for extents in parts]
    calls = [read(tuple(slice(own[i], own[i + 1]) for own, i in zip(starts, index, strict=True))) for index in np.ndindex(*map(len, parts))]
    return of_values(calls, dtype.newbyteorder("="), parts, "array")


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


class _Held:
    """A block of a graph as whole numbers, in a tuple."""

    def __init__(self, dtype: Any):
        self.encode = _Encode(dtype, None)

    def __call__(self, block: Any) -> tuple:
        return (self.encode(block),)


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
    x = asarray(x if isinstance(x, Array) else np.asarray(x, dtype) if dtype.names else np.asarray(x).astype(dtype))
    if x.dtype == dtype:
        return x
    if isinstance(x, EncodedArray) and x.dtype.kind in "mM" and dtype == np.int64:
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


def is_field(index: Any) -> bool:
    """Whether an index names a field of records, or several in a list."""
    return isinstance(index, str) or isinstance(index, list) and bool(index) and all(isinstance(item, str) for item in index)


class _Field:
    """Takes fields of records."""

    __name__ = "getitem"

    def __init__(self, index: Any):
        self.index = index

    def __call__(self, records: Any) -> Any:
        return records[self.index]


def field(x: EncodedArray, index: Any) -> Array:
    """A field of records, whose elements may be arrays, or records of some of the fields.

    Raises
    ------
    IndexError
        If the elements are no records.
    KeyError
        If they have no such field.
    """
    if x.dtype.names is None:
        raise IndexError(f"{index!r} is no index of an array of dtype {x.dtype}, which has no fields")
    dtype = x.dtype[index]
    return by_numpy(_Field(index), [x], dtype.base, dtype.shape)


class _Block:
    """The place of an array's block among the arguments."""

    def __init__(self, dtype: Any):
        self.dtype = dtype


def by_numpy(function: Callable, operands: Any, dtype: Any = None, inner: tuple = ()) -> Any:
    """NumPy's elementwise function on blocks of lazy arrays, which are broadcast; scalars among the operands stay as they are.

    A function that makes arrays of elements says their shape, ``inner``: these axes stand behind the others.

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
    ndim = max(x.ndim for x in arrays)
    names = [str(axis) for axis in range(ndim)]
    named = [(codes_of(x)._array, names[ndim - x.ndim :] + [f"codes {i}"] * has_inner_axis(x)) for i, x in enumerate(arrays)]
    added = {f"inner {i}": extent for i, extent in enumerate((*inner, *(width_of(dtype) if is_foreign_dtype(dtype) else ())))}
    lined_up, chunks, axes = _ops.line_up_blockwise([*names, *added], named, added, {}, True)
    call = able_to_travel(_OnBlocks(function, places, dtype), function)
    stored = codes_dtype(dtype) if is_foreign_dtype(dtype) else dtype
    result = Array(_ops.map_blocks(lined_up, call, function.__name__, stored, chunks, axes, True, _reason([*operands, dtype])))
    return EncodedArray(result, dtype) if is_foreign_dtype(dtype) else result


def in_pieces(function: Callable, x: EncodedArray, is_whole: bool, extent: float = float("nan"), dtype: Any = None, join: bool = True) -> EncodedArray:
    """What a function makes of each block along one axis, or of all of them together: so many elements, or as many as it likes.

    All together are one array if ``join``, else an argument each; ``dtype`` is of what the function makes, where it is not that of ``x``.
    """
    dtype = x.dtype if dtype is None else dtype
    blocks = 1 if is_whole else len(x.chunks[0])
    chunks = ((extent,) * blocks, width_of(dtype))
    places: list = [_Block(x.dtype)] * (1 if join or not is_whole else len(x.chunks[0]))
    call = able_to_travel(_OnBlocks(function, places, dtype), function)
    axes = [[-1 if is_whole else 0, 1]]
    made = _ops.map_blocks([x.codes._array], call, function.__name__, codes_dtype(dtype), chunks, axes, join, _reason([x]))
    return EncodedArray(Array(made), dtype)


def codes_of(x: Array) -> Array:
    """The array that the engine holds."""
    return x.codes if isinstance(x, EncodedArray) else x


def as_elements(codes: Array, dtype: Any) -> Array:
    """The array of elements of ``dtype`` that the engine's array stands for; itself for native types."""
    return EncodedArray(codes, dtype) if is_foreign_dtype(dtype) else codes


def has_inner_axis(x: Array) -> bool:
    """Whether the engine's array has one axis more."""
    return isinstance(x, EncodedArray) and x.has_many_codes


def _reason(operands: list) -> str:
    for x in operands:
        dtype = x if isinstance(x, np.dtype) else getattr(x, "dtype", None) or _dtype_of(x)
        if dtype is not None and is_foreign_dtype(dtype):
            return f"by NumPy: {KINDS[dtype.kind]} have no native form"
    return "by NumPy: an operand has no native form"


def _dtype_of(x: Any) -> Any:
    return np.asarray(x).dtype if isinstance(x, (str, bytes, datetime.date, datetime.timedelta)) else None
