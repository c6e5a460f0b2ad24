"""The class Array: holds an array of the engine, with what is known of it and NumPy's methods."""

from __future__ import annotations

import math
import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait, compat
from ..base import PlaitMethodsMixin, persist
from . import _chunks
from ._methods import Methods
from ._operators import Operators

_ops = _plait.arrays

# The engine's names of operations, as Dask shows them.
_SHOWN = {
    "absolute": "abs",
    "bitwise_and": "and_",
    "bitwise_or": "or_",
    "bitwise_xor": "xor",
    "equal": "eq",
    "floor_divide": "floordiv",
    "full": "full_like",
    "greater": "gt",
    "greater_equal": "ge",
    "left_shift": "lshift",
    "less": "lt",
    "less_equal": "le",
    "multiply": "mul",
    "negative": "neg",
    "not_equal": "ne",
    "positive": "pos",
    "power": "pow",
    "remainder": "mod",
    "right_shift": "rshift",
    "subtract": "sub",
    "true_divide": "truediv",
    "cast": "astype",
    "mean": "mean_agg-aggregate",
    "nanmean": "mean_agg-aggregate",
    "argmin": "arg_agg-aggregate",
    "argmax": "arg_agg-aggregate",
    "std": "_sqrt",
    "nanstd": "_sqrt",
    **{name: f"{name}-aggregate" for name in ("sum", "prod", "min", "max", "any", "all", "var")},
}


class Array(Operators, Methods, PlaitMethodsMixin):
    """A lazy n-dimensional array cut into chunks.

    Made by functions such as `plait.array.from_array`, `plait.array.ones` or `plait.array.random.random`. Operations
    return at once; `compute` runs them and gives a NumPy array. An Array may be pickled.
    """

    __slots__ = ("_array", "__weakref__")
    __array_priority__ = 11

    def __init__(self, array: _plait.Array):
        self._array = array

    # What plait.base asks of a collection.

    def __plait_exprs__(self) -> list:
        return [self._array.expr]

    def __plait_postcompute__(self):
        return lambda values: values[0][()] if values[0].ndim == 0 else values[0]

    def __plait_postpersist__(self):
        return lambda exprs: Array(_plait.Array(exprs[0]))

    def __dask_tokenize__(self):
        return self._array.expr.token

    def __dask_keys__(self) -> list:
        return _nested_keys(self.name, self.numblocks)

    def __dask_layers__(self) -> tuple:
        return (self.name,)

    def __reduce__(self):
        return (Array, (self._array,))

    # What is known before computing.

    @property
    def shape(self) -> tuple:
        """The extents; NaN where only computing tells."""
        return tuple(math.nan if extent is None else extent for extent in _ops.shape(self._array))

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return _ops.dtype(self._array)

    @property
    def chunks(self) -> tuple:
        """The extents of the blocks along each axis."""
        return _chunks.with_nan(_ops.chunks(self._array))

    @property
    def chunksize(self) -> tuple:
        """The largest extent of a block along each axis."""
        return tuple(math.nan if any(b != b for b in blocks) else max(blocks) for blocks in self.chunks)

    @property
    def numblocks(self) -> tuple:
        """The number of blocks along each axis."""
        return tuple(len(blocks) for blocks in _ops.chunks(self._array))

    @property
    def npartitions(self) -> int:
        """The number of blocks."""
        return self._array.expr.num_blocks

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(_ops.shape(self._array))

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.size * self.itemsize

    @property
    def name(self) -> str:
        """The name of the layer of tasks that makes this array."""
        return self._array.expr.name

    @property
    def _meta(self) -> np.ndarray:
        return np.empty((0,) * self.ndim, dtype=self.dtype)

    def __repr__(self) -> str:
        library = "dask" if compat.is_installed() else "plait"
        op = self._array.expr.op
        return (
            f"{library}.array<{_SHOWN.get(op, op)}, shape={_text(self.shape)}, dtype={self.dtype}, "
            f"chunksize={_text(self.chunksize)}, chunktype=numpy.ndarray>"
        )

    def _repr_html_(self) -> str:
        from ._html import table

        return table(self)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len() of unsized object")
        length = self.shape[0]
        if length != length:
            raise ValueError("the length is not known before it is computed; call compute_chunk_sizes() first")
        return length

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def _one_element(self):
        if self.size != 1:
            raise TypeError(f"only an array of one element can become a scalar, this one has shape {self.shape}")
        return np.asarray(self.compute()).reshape(())[()]

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(
                f"the truth value of an array of shape {self.shape} is ambiguous; use a.any() or a.all()"
            )
        return bool(self._one_element())

    def __int__(self) -> int:
        return int(self._one_element())

    def __index__(self) -> int:
        if self.dtype.kind not in "iu":
            raise TypeError(f"only an integer array can be an index, this one has dtype {self.dtype}")
        return int(self._one_element())

    def __float__(self) -> float:
        return float(self._one_element())

    def __complex__(self) -> complex:
        return complex(self._one_element())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("a lazy array cannot become a NumPy array without a copy; use copy=None")
        return np.asarray(self.compute(), dtype=dtype)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        from ._protocols import array_ufunc

        return array_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, func, types, args, kwargs):
        from ._protocols import array_function

        return array_function(func, types, args, kwargs)

    # Elements and places.

    def __getitem__(self, index: Any) -> Array:
        from ._indexing import get_item

        return get_item(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        from ._assignment import set_item

        self._array = set_item(self, index, value)._array

    @property
    def T(self) -> Array:  # noqa: N802
        """The array with its axes reversed."""
        return self.transpose()

    @property
    def real(self) -> Array:
        """The real parts."""
        return Array(_ops.elementwise("real", [self._array])) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Array:
        """The imaginary parts."""
        return Array(_ops.elementwise("imag", [self._array]))

    def astype(self, dtype: Any, **kwargs: Any) -> Array:
        """The array with its elements converted to ``dtype``."""
        dtype = np.dtype(dtype)
        casting = kwargs.pop("casting", "unsafe")
        kwargs.pop("copy", None)
        kwargs.pop("order", None)
        if kwargs:
            raise TypeError(f"astype: unexpected arguments {', '.join(kwargs)}; expected dtype, casting, copy, order")
        if not np.can_cast(self.dtype, dtype, casting=casting):
            raise TypeError(f"cannot convert {self.dtype} to {dtype} with casting='{casting}'")
        return self if dtype == self.dtype else Array(_ops.astype(self._array, dtype))

    def copy(self) -> Array:
        """The array itself: it never changes."""
        return Array(self._array)

    def rechunk(
        self, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None
    ) -> Array:
        """The same elements in other chunks; see `plait.array.rechunk`."""
        previous = _ops.chunks(self._array)
        if block_size_limit is not None:
            limit = block_size_limit if isinstance(block_size_limit, str) else f"{int(block_size_limit)}B"
            chunks = _chunks._with_limit(chunks, limit)
        new = _chunks.explicit("rechunk", chunks, self.shape, self.dtype, previous)
        if balance:
            new = tuple(_balanced(blocks) for blocks in new)
        return self if new == previous else Array(_ops.rechunk(self._array, new))

    def transpose(self, *axes: Any) -> Array:
        """The array with its axes in another order; reversed without arguments."""
        if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))):
            axes = axes[0]
        if not axes:
            return Array(_ops.transpose(self._array)) if self.ndim > 1 else self
        return Array(_ops.transpose(self._array, list(axes)))

    def swapaxes(self, axis1: int, axis2: int) -> Array:
        """The array with two axes exchanged."""
        return Array(_ops.swapaxes(self._array, axis1, axis2))

    def reshape(self, *shape: Any, merge_chunks: bool = True, limit: Any = None) -> Array:
        """The elements in C order in another shape; one extent may be -1."""
        if len(shape) == 1 and not isinstance(shape[0], numbers.Integral):
            shape = shape[0]
        return Array(_ops.reshape(self._array, tuple(shape)))

    def ravel(self) -> Array:
        """The elements in C order along one axis."""
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self, axis: Any = None) -> Array:
        """The array without its axes of extent one."""
        if axis is not None:
            axis = [axis] if isinstance(axis, numbers.Integral) else list(axis)
        return Array(_ops.squeeze(self._array, axis))

    def conj(self) -> Array:
        """The complex conjugates."""
        return Array(_ops.elementwise("conjugate", [self._array])) if self.dtype.kind == "c" else self

    def compute_chunk_sizes(self) -> Array:
        """Find unknown extents by computing the array's blocks, which stay in memory. Changes this array and returns it."""
        if any(extent is None for blocks in _ops.chunks(self._array) for extent in blocks):
            (kept,) = persist(self)
            self._array = _ops.with_found_chunks(kept._array)
        return self

    def __getattr__(self, name: str):
        raise AttributeError(
            f"plait.array.Array.{name} is not there yet" if name in _DASK_METHODS else f"'Array' object has no attribute '{name}'"
        )


_DASK_METHODS = frozenset(
    "choose map_overlap moment shuffle to_backend to_dask_dataframe to_delayed to_hdf5 to_svg to_tiledb to_zarr view".split()
)


def _text(extents: tuple) -> str:
    return f"({extents[0]},)" if len(extents) == 1 else f"({', '.join(str(extent) for extent in extents)})"


def _nested_keys(name: str, numblocks: tuple, index: tuple = ()) -> list | tuple:
    if not numblocks:
        return [(name, *index)] if not index else (name, *index)
    return [_nested_keys(name, numblocks[1:], (*index, i)) for i in range(numblocks[0])]


def _balanced(blocks: tuple) -> tuple:
    """As many blocks of nearly one extent."""
    if len(blocks) < 2 or None in blocks:
        return blocks
    total, largest = sum(blocks), max(blocks)
    count = -(-total // largest)
    size = -(-total // count)
    full, rest = divmod(total, size)
    return (size,) * full + ((rest,) if rest else ())
