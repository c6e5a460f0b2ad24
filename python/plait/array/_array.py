"""The class Array: holds an array of the engine, with what is known of it, its operators and NumPy's methods.

What needs functions that stand above this module is installed by `_methods`.
"""

from __future__ import annotations

import functools
import itertools
import math
import numbers
import warnings
from typing import Any

from .. import _plait, compat
from .._key_names import prefix_of
from .._lazy import numpy as np
from ..base import PlaitMethodsMixin
from ._extents import extents
from ._graph_blocks import nested_keys, of_graph
from ._html import table
from ._installed import InstalledMethods
from ._object_places import expanded, picked_blocks
from ._operands import engine, index_items, is_foreign_dtype, is_integer
from ._operators import SHOWN, Operators
from ._unknown_places import taken_in_blocks

_ops = _plait.arrays


class _ArrayKinds(type(PlaitMethodsMixin)):  # type: ignore[misc]
    """What calling `Array` makes: where a graph makes blocks of dates, texts, objects or masked elements, an array of the class for these."""

    def __call__(cls, dask: Any, *args: Any, **kwargs: Any) -> Any:
        if cls is Array and not isinstance(dask, _plait.Array):
            made = cls._of_foreign_blocks(dask, *args, **kwargs)
            if made is not None:
                return made
        return super().__call__(dask, *args, **kwargs)


class Array(Operators, InstalledMethods, PlaitMethodsMixin, metaclass=_ArrayKinds):
    """A lazy n-dimensional array cut into chunks.

    Made by functions such as `plait.array.from_array`, `plait.array.ones` or `plait.array.random.random`. Operations
    return at once; `compute` runs them and gives a NumPy array. An Array may be pickled.
    """

    __slots__ = ("_array", "_column_names", "_own_name", "__weakref__")
    __array_priority__ = 11
    _is_encoded = False
    _holds_objects = False  # of which anything may be an operand

    def __init__(self, dask: Any, name: str | None = None, chunks: Any = None, dtype: Any = None, meta: Any = None, shape: Any = None):
        """An array of the engine, or one whose blocks a task graph makes.

        Parameters
        ----------
        dask : mapping
            A task graph with the keys ``(name, 0, 0)``, ``(name, 0, 1)``, ...
        name : str
            The name of the blocks.
        chunks : tuple of tuple of int
            Their extents along each axis.
        dtype : numpy.dtype, optional
            Of the elements; default is that of ``meta``.
        meta : array, optional
            An array of the same dtype.
        shape : tuple of int, optional
            Of the array, where ``chunks`` are of one extent an axis.
        """
        self._column_names: tuple | None = None
        self._own_name = name  # which the user chose for the blocks
        self._array = dask if isinstance(dask, _plait.Array) else of_graph(dask, name, chunks, dtype if dtype is not None else getattr(meta, "dtype", None), shape)

    # What its operators ask.

    @staticmethod
    def _of_engine(array: _plait.Array) -> Array:
        return Array(array)

    @staticmethod
    def _product(left: Any, right: Any) -> Array:
        if not all(isinstance(x, (Array, np.ndarray, list)) for x in (left, right)):
            return NotImplemented
        return Array(_ops.matmul(engine(left), engine(right)))

    # What plait.base asks of a collection.

    def __plait_exprs__(self) -> list:
        return [self._array.expr]

    def __plait_postcompute__(self):
        return lambda values: values[0][()] if values[0].ndim == 0 else values[0]

    def __plait_postpersist__(self):
        names, own, token = self._column_names, self._own_name, self._array.expr.token

        def kept(exprs: list) -> Array:
            # Blocks of another token are a clone's, which has another name.
            return _named(_plait.Array(exprs[0]), names, own if exprs[0].token == token else None)

        return kept

    def __dask_tokenize__(self):
        return self._array.expr.token

    def __dask_keys__(self) -> Any:
        return nested_keys(self.name, self.numblocks)

    def __dask_layers__(self) -> tuple:
        return (self.name,)

    def __reduce__(self):
        names = (self._column_names, self._own_name)
        return (Array, (self._array,)) if names == (None, None) else (_named, (self._array, *names))

    # What is known before computing.

    @property
    def shape(self) -> tuple:
        """The extents: whole numbers, and NaN where only computing tells. ``x.shape[0].compute()`` gives the number of either."""
        return extents(self, self._array.shape)

    @property
    def column_names(self) -> tuple | None:
        """The labels of the frame's columns that this array was made of; None where it was made of something else.

        Selections of rows keep them, and estimators know columns by them.
        """
        return self._column_names

    def _with_columns_of(self, other: Array) -> Array:
        self._column_names = other._column_names
        return self

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return self._array.dtype

    @property
    def chunks(self) -> tuple:
        """The extents of the blocks along each axis; NaN where only computing tells."""
        return self._array.chunks

    @property
    def chunksize(self) -> tuple:
        """The largest extent of a block along each axis."""
        return self._array.chunksize

    @property
    def numblocks(self) -> tuple:
        """The number of blocks along each axis."""
        return tuple(len(blocks) for blocks in self.chunks)

    @property
    def npartitions(self) -> int:
        """The number of blocks."""
        return self._array.npartitions

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._array.ndim

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
        return self._own_name or self._array.name

    @property
    def _name(self) -> str:
        return self.name

    def _with_name(self, name: str) -> Array:
        return _named(self._array, self._column_names, name)

    def _become(self, other: Any) -> None:
        """Changes this array to another one of its class."""
        self._array, self._own_name = other._array, None

    @property
    def _chunks(self) -> tuple:
        return self.chunks

    @_chunks.setter
    def _chunks(self, chunks: Any) -> None:
        # Libraries say what they know of extents; the blocks must have them when they are computed.
        said = tuple(tuple(extents) for extents in chunks)
        if tuple(map(len, said)) != self.numblocks:
            raise ValueError(f"_chunks are {said}, but the array has {self.numblocks} blocks along its axes")
        self._array = _ops.map_blocks([self._array], _same_block, "chunks", self.dtype, said, [list(range(self.ndim))])

    @property
    def _meta(self) -> np.ndarray:
        return np.empty((0,) * self.ndim, dtype=self.dtype)

    @_meta.setter
    def _meta(self, meta: Any) -> None:
        # Libraries say what they know of a result; of another dtype it would be wrong.
        if getattr(meta, "dtype", None) != self.dtype:
            raise TypeError(f"_meta has dtype {getattr(meta, 'dtype', None)}, but the array {self.dtype}; convert it with astype")

    @property
    def _op(self) -> str:
        return prefix_of(self._own_name) if self._own_name else self._array.expr.op

    def __repr__(self) -> str:
        library = "dask" if compat.is_installed() else "plait"
        op = self._op
        return f"{library}.array<{SHOWN.get(op, op)}, shape={_text(self.shape)}, dtype={self.dtype}, chunksize={_text(self.chunksize)}, chunktype=numpy.ndarray>"

    def _repr_html_(self) -> str:
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
            raise ValueError(f"the truth value of an array of shape {self.shape} is ambiguous; use a.any() or a.all()")
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

    def __array__(self, dtype: Any = None, copy: bool | None = None, **kwargs: Any) -> np.ndarray:
        if kwargs:
            warnings.warn(f"__array__: {', '.join(kwargs)} ignored; expected dtype and copy", FutureWarning, stacklevel=2)
        if copy is False:
            warnings.warn("Can't acquire a memory view of a lazy array: it is computed, as with copy=None", FutureWarning, stacklevel=2)
        return np.asarray(self.compute(), dtype=dtype)

    # Elements and places.

    def __getitem__(self, index: Any) -> Array:
        items = index_items(index)
        if any(map(_is_place, items)):
            return self._at_places(items)
        array = self._array
        if any(extent != extent for extent in array.shape):
            array, items = taken_in_blocks(array, items)
        taken = Array(array.get(items))
        if self._column_names is None or taken.ndim != self.ndim:
            return taken
        keeps_columns = all(isinstance(item, slice) and item == slice(None) for item in items[1:])
        return taken._with_columns_of(self) if keeps_columns else taken

    def _at_places(self, items: list) -> Array:
        """Elements where some of the whole numbers of an index are lazy."""
        items = expanded(tuple(items), self.ndim)
        places = [(sum(not is_integer(other) for other in items[:at]), item) for at, item in enumerate(items) if _is_place(item)]
        taken = Array(self._array.get([slice(None) if _is_place(item) else item for item in items]))
        for axis, item in reversed(places):  # so that the axes before keep their numbers
            before = [slice(None)] * axis
            taken = Array(taken._array.get([*before, item.reshape((1,))]).get([*before, 0]))
        return taken

    @property
    def T(self) -> Array:  # noqa: N802
        """The array with its axes reversed."""
        return self.transpose()

    @property
    def A(self) -> Array:  # noqa: N802
        """The array itself."""
        return self

    @property
    def real(self) -> Array:
        """The real parts."""
        return Array(_ops.elementwise("real", [self._array])) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Array:
        """The imaginary parts."""
        return Array(_ops.elementwise("imag", [self._array]))

    def _of_blocks(self, items: list) -> Array:
        if all(extent == extent for extent in self.shape):
            return Array(_ops.take_blocks(self._array, items))
        calls, chunks = picked_blocks(self.to_delayed(), self.chunks, items)
        return Array(_plait.array_of_values(_plait.delayed_values(calls), np.asarray, self.dtype, chunks, "blocks"))

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
        if dtype == self.dtype:
            return self
        if is_foreign_dtype(dtype) or dtype == object:
            return self._converted(dtype)
        return Array(self._array.astype(dtype))

    def copy(self) -> Array:
        """The array itself: it never changes."""
        return _named(self._array, self._column_names, self._own_name)

    def rechunk(self, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None) -> Array:
        """The same elements in other chunks; see `plait.array.rechunk`."""
        limit = int(block_size_limit) if isinstance(block_size_limit, float) else block_size_limit
        cut = Array(self._array.rechunk(chunks, balance, limit))
        return self if cut.chunks == self.chunks else cut._with_columns_of(self)

    def transpose(self, *axes: Any) -> Array:
        """The array with its axes in another order; reversed without arguments."""
        order = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))) else axes
        return Array(self._array.transpose(order) if order else self._array.transpose())

    def swapaxes(self, axis1: int, axis2: int) -> Array:
        """The array with two axes exchanged."""
        return Array(self._array.swapaxes(axis1, axis2))

    def reshape(self, *shape: Any, merge_chunks: bool = True, limit: Any = None) -> Array:
        """The elements in C order in another shape; one extent may be -1. See `plait.array.reshape`."""
        if len(shape) == 1 and not isinstance(shape[0], numbers.Integral):
            shape = shape[0]
        formed = Array(self._array.reshape(shape))
        if not merge_chunks and formed.ndim < self.ndim:
            in_rows = self._array.rechunk(dict.fromkeys(range(self.ndim - formed.ndim), 1), False, None)
            formed = Array(in_rows.reshape(shape))
        return self if formed.shape == self.shape else formed

    def ravel(self) -> Array:
        """The elements in C order along one axis."""
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self, axis: Any = None) -> Array:
        """The array without its axes of extent one."""
        return Array(self._array.squeeze() if axis is None else self._array.squeeze(axis))

    def round(self, decimals: int = 0) -> Array:
        """The elements rounded to ``decimals`` digits, halves to even."""
        return Array(self._array.round(decimals))

    def conj(self) -> Array:
        """The complex conjugates."""
        return Array(_ops.elementwise("conjugate", [self._array])) if self.dtype.kind == "c" else self

    def compute_chunk_sizes(self) -> Array:
        """Find unknown extents by computing the array's blocks, which stay in memory. Changes this array and returns it."""
        if any(extent != extent for extent in self.shape):
            self._array = self.persist()._array.with_known_chunks()
        return self


def _is_place(item: Any) -> bool:
    return isinstance(item, _plait.Array) and item.ndim == 0 and Array(item).dtype.kind in "iu"


def _same_block(index: tuple, shape: tuple, start: tuple, block: np.ndarray) -> np.ndarray:
    if any(own != said and said == said for own, said in zip(block.shape, shape, strict=True)):
        raise ValueError(f"block {index} has the shape {block.shape}, but its array was said to have {shape} there")
    return block


def _named(array: _plait.Array, column_names: tuple | None, name: str | None) -> Array:
    found = Array(array, name)
    found._column_names = column_names
    return found


def _text(extents: tuple) -> str:
    return f"({extents[0]},)" if len(extents) == 1 else f"({', '.join(str(extent) for extent in extents)})"


def into(out: Any, result: Array) -> Array:
    """``out=`` changes the array that was given, as Dask does."""
    if out is None:
        return result
    (target,) = out if isinstance(out, tuple) else (out,)
    if not isinstance(target, Array):
        raise NotImplementedError("out= must be a lazy array: a NumPy array would have to be computed")
    if type(target) is not type(result):
        raise TypeError(f"out= is a lazy array of {target.dtype}, which cannot become one of {result.dtype}")
    if any(own != found and own == own and found == found for own, found in itertools.zip_longest(target.shape, result.shape)):
        raise ValueError(f"out= has shape {target.shape}, but the result has {result.shape}")
    target._become(result)
    return target


def with_out(function: Any) -> Any:
    """The function with ``out=``, which gets the result."""

    def into_out(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        return into(out, function(*args, **kwargs))

    return functools.update_wrapper(into_out, function)
