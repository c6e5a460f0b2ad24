"""Arrays of which some elements are masked: a lazy array, and a lazy array of bools that says which of its elements do not count.

Both are arrays of the engine, so that what moves elements is native work on both, and what computes with them is native work that
leaves masked ones out. NumPy's rules say which results are masked.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from .. import _plait
from .._key_names import derived_name, prefix_of
from .._lazy import numpy as np
from ._array import Array
from ._operands import checked_array

_ops = _plait.arrays


def _parts_of(block: Any) -> tuple:
    """The elements of a block, and which of them are masked."""
    return np.ma.getdata(block), np.ma.getmaskarray(block)


def _with_mask(elements: Any, mask: Any, fill_value: Any) -> Any:
    return np.ma.array(elements, mask=mask, fill_value=fill_value)


class MaskedArray(Array):
    """A lazy array with a mask."""

    __slots__ = ("_data", "_mask", "_fill_value")
    _is_encoded = True  # what only knows the engine's arrays does not take it

    def __init__(self, data: Array, mask: Array, fill_value: Any = None, name: str | None = None):
        self._data, self._mask, self._fill_value, self._own_name = data, mask, fill_value, name

    @property
    def _array(self) -> Any:  # type: ignore[override]  # which nobody sets
        raise NotImplementedError("this function of a masked array is not there yet: give its elements a value first, with da.ma.filled(x, value)")

    @property
    def data(self) -> Array:
        """The elements, masked or not."""
        return self._data

    @property
    def mask(self) -> Array:
        """Which elements are masked."""
        return self._mask

    @property
    def fill_value(self) -> Any:
        """What `plait.array.ma.filled` gives masked elements."""
        return np.ma.default_fill_value(self.dtype) if self._fill_value is None else self._fill_value

    def _like(self, data: Array, mask: Array) -> MaskedArray:
        return MaskedArray(data, mask, self._fill_value)

    def _each(self, call: Callable) -> MaskedArray:
        """The same done with the elements and with the mask."""
        return self._like(call(self._data), call(self._mask))

    # What plait.base asks of a collection.

    def __plait_exprs__(self) -> list:
        return [*self._data.__plait_exprs__(), *self._mask.__plait_exprs__()]

    def __plait_postcompute__(self):
        fill = self._fill_value

        def finish(values: list) -> Any:
            found = _with_mask(values[0], values[1], fill)
            return found[()] if found.ndim == 0 else found

        return finish

    def __plait_postpersist__(self):
        fill = self._fill_value
        own, token = self._own_name, self.__plait_exprs__()[0].token

        def kept(exprs: list) -> MaskedArray:
            data, mask = (Array(_plait.Array(expr)) for expr in exprs)
            return MaskedArray(data, mask, fill, own if exprs[0].token == token else None)

        return kept

    def __plait_shown__(self):
        return partial(_with_mask, fill_value=self._fill_value)

    def __plait_held__(self):
        return _parts_of

    def __dask_tokenize__(self):
        return (self._data.__dask_tokenize__(), self._mask.__dask_tokenize__(), repr(self._fill_value))

    def __reduce__(self):
        return (MaskedArray, (self._data, self._mask, self._fill_value, self._own_name))

    def __array__(self, dtype: Any = None, copy: bool | None = None, **kwargs: Any) -> Any:
        return np.asarray(self.compute(), dtype=dtype)

    # What is known before computing.

    @property
    def shape(self) -> tuple:
        """The extents; NaN where only computing tells."""
        return self._data.shape

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return self._data.dtype

    @property
    def chunks(self) -> tuple:
        """The extents of the blocks along each axis; NaN where only computing tells."""
        return self._data.chunks

    @property
    def chunksize(self) -> tuple:
        """The largest extent of a block along each axis."""
        return self._data.chunksize

    @property
    def npartitions(self) -> int:
        """The number of blocks."""
        return self._data.npartitions

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    @property
    def name(self) -> str:
        """The name of the blocks; those of the elements and of the mask have others."""
        return self._own_name or derived_name(self._data.name, self._mask.name)

    def _with_name(self, name: str) -> Any:
        return MaskedArray(self._data, self._mask, self._fill_value, name)

    @property  # type: ignore[misc]  # which nobody sets
    def _meta(self) -> Any:
        return np.ma.empty((0,) * self.ndim, dtype=self.dtype)

    def _become(self, other: Any) -> None:
        self._data, self._mask, self._fill_value, self._own_name = other._data, other._mask, other._fill_value, None

    @property
    def _op(self) -> str:
        return prefix_of(self._own_name) if self._own_name else self._data._op

    def __repr__(self) -> str:
        return super().__repr__().replace("chunktype=numpy.ndarray", "chunktype=numpy.MaskedArray")

    # Elements and places.

    def __getitem__(self, index: Any) -> MaskedArray:
        return self._each(lambda x: x[index])

    def _of_blocks(self, items: list) -> MaskedArray:
        return self._each(lambda x: x._of_blocks(items))

    def __setitem__(self, index: Any, value: Any) -> None:
        data, mask = self._data.copy(), self._mask.copy()
        if value is np.ma.masked:
            mask[index] = True
        else:
            found = masked(value)
            data[index], mask[index] = found._data, found._mask
        self._data, self._mask, self._own_name = data, mask, None

    def copy(self) -> MaskedArray:
        """The array itself: it never changes."""
        return self._each(lambda x: x.copy())

    def rechunk(self, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None) -> MaskedArray:
        """The same elements in other chunks; see `plait.array.rechunk`."""
        data = self._data.rechunk(chunks, threshold, block_size_limit, balance, method)
        return self._like(data, self._mask.rechunk(data.chunks))

    def transpose(self, *axes: Any) -> MaskedArray:
        """The array with its axes in another order; reversed without arguments."""
        return self._each(lambda x: x.transpose(*axes))

    def swapaxes(self, axis1: int, axis2: int) -> MaskedArray:
        """The array with two axes exchanged."""
        return self._each(lambda x: x.swapaxes(axis1, axis2))

    def reshape(self, *shape: Any, merge_chunks: bool = True, limit: Any = None) -> MaskedArray:
        """The elements in C order in another shape; one extent may be -1."""
        return self._each(lambda x: x.reshape(*shape, merge_chunks=merge_chunks))

    def squeeze(self, axis: Any = None) -> MaskedArray:
        """The array without its axes of extent one."""
        return self._each(lambda x: x.squeeze(axis))

    def compute_chunk_sizes(self) -> MaskedArray:
        """Find unknown extents by computing the blocks, which stay in memory. Changes this array and returns it."""
        self._data.compute_chunk_sizes()
        self._mask.compute_chunk_sizes()
        return self

    def astype(self, dtype: Any, **kwargs: Any) -> MaskedArray:
        """The array with its elements converted to ``dtype``."""
        return MaskedArray(self._data.astype(dtype, **kwargs), self._mask)

    def round(self, decimals: int = 0) -> MaskedArray:
        """The elements rounded to ``decimals`` digits, halves to even."""
        return self._like(self._data.round(decimals), self._mask)

    def conj(self) -> MaskedArray:
        """The complex conjugates."""
        return self._like(self._data.conj(), self._mask)

    @property
    def real(self) -> MaskedArray:
        """The real parts."""
        return self._like(self._data.real, self._mask)

    @property
    def imag(self) -> MaskedArray:
        """The imaginary parts."""
        return self._like(self._data.imag, self._mask)

    def _of_elements(self, function: Callable, operands: list, dtype: Any = None) -> MaskedArray:
        """An elementwise function of operands of which some are masked."""
        given = [masked(x) if is_masked(x) else x for x in operands]
        plain = [x._data if isinstance(x, MaskedArray) else x for x in given]
        result = function(*plain)
        if dtype is not None:
            result = result.astype(dtype)
        mask = _outside(function.__name__, plain, result)
        for x in given:
            if isinstance(x, MaskedArray):
                mask = x._mask if mask is None else mask | x._mask
        return MaskedArray(result, _stretched(mask, result))


def _stretched(mask: Array, like: Array) -> Array:
    """A mask in the shape and chunks of an array."""
    if mask.shape != like.shape:
        mask = Array(mask._array.broadcast_to(like.shape))
    return mask if mask.chunks == like.chunks else mask.rechunk(like.chunks)


_DIVISIONS = frozenset("truediv true_divide divide floordiv floor_divide mod remainder fmod".split())


def _outside(name: str, operands: list, result: Array) -> Any:
    """Where a function is not defined, as NumPy's masked arrays see it; None if it is everywhere."""
    if name in _DIVISIONS:
        left, right = operands
        return _absolute(left) * np.finfo(float).tiny >= _absolute(right)
    if name == "pow":
        return ~np.isfinite(result) if result.dtype.kind in "fc" else None
    x = operands[0]
    if name == "sqrt":
        return x < 0
    if name in ("log", "log2", "log10"):
        return x <= 0
    if name in ("arcsin", "arccos"):
        return (x > 1) | (x < -1)
    if name == "arccosh":
        return x < 1
    if name == "arctanh":
        return (x > 1 - 1e-15) | (x < -1 + 1e-15)
    if name == "tan":
        return np.absolute(np.cos(x)) < 1e-35
    return None


def _absolute(x: Any) -> Any:
    return np.absolute(x if isinstance(x, Array) else np.asarray(x))


def is_masked(x: Any) -> bool:
    """Whether ``x`` is an array with a mask, lazy or not, or NumPy's masked element."""
    return isinstance(x, (MaskedArray, np.ma.MaskedArray))


def masked(x: Any, chunks: Any = -1) -> MaskedArray:
    """``x`` as a lazy masked array, of which nothing is masked where it has no mask."""
    if isinstance(x, MaskedArray):
        return x
    if isinstance(x, Array):
        return MaskedArray(x, Array(_ops.zeros(x.shape, x.chunks, np.dtype(bool))))
    values = np.ma.asarray(x)
    data = Array(_ops.from_array(checked_array(np.asarray(values.data)), chunks))
    mask = Array(_ops.from_array(np.ma.getmaskarray(values), data.chunks))
    own = None if values._fill_value is None else values.fill_value
    return MaskedArray(data, mask, own)
