"""What becomes a lazy array: NumPy arrays, lists, numbers, and data that is read piece by piece."""

from __future__ import annotations

import uuid
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from . import _encoded
from ._array import Array
from ._masked import is_masked, masked
from ._names import named
from ._objects import from_numpy as objects_from_numpy
from ._objects import is_objects
from ._operands import as_it_is_now, PieceLock, checked_array, engine, is_foreign, is_foreign_dtype, is_read_in_pieces, is_scalar, operand, read_in_pieces

__all__ = ["PieceLock", "array", "asanyarray", "asarray", "checked_array", "from_array", "is_scalar", "operand"]


_MORE_AXES_THAN_ANY_ARRAY = 65


def from_array(
    x: Any,
    chunks: Any = "auto",
    name: Any = None,
    lock: Any = False,
    asarray: Any = None,
    fancy: bool = True,
    getitem: Any = None,
    meta: Any = None,
    inline_array: bool = False,
) -> Array:
    """A lazy array of one in memory, or of data that can be sliced, cut into chunks.

    Parameters
    ----------
    x : array_like
        The array, as it is now: it is copied, as who gives it may write to it later. One that is read-only (``x.flags.writeable = False``), or
        mapped from a file, is shared. What is no NumPy array but has
        ``shape``, ``dtype`` and slices, such as a dataset in an HDF5 file, is read chunk by chunk when it is computed.
    chunks : int, str, tuple or dict
        See `normalize_chunks`.
    name : str or bool, optional
        What the blocks are called: keys begin with exactly this. Default is a name that equal arrays share; False is one like no other.
    lock : bool or lock
        Whether only one thread at a time may read ``x``, if it is read chunk by chunk; a lock shares that with others.
    getitem : callable, optional
        Takes ``x`` and the slices of a chunk, and gives what stands there; default is ``x[slices]``.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the chunks do not fit the shape.
    TypeError
        If NumPy's type of the elements is none that is known here, such as records with Python objects.

    Examples
    --------
    >>> import numpy as np
    >>> da.from_array(np.arange(6), chunks=2).chunks
    ((2, 2, 2),)
    """
    if isinstance(x, Array):
        raise ValueError("from_array: x is a lazy array already; use x.rechunk(chunks) to cut it otherwise")
    if name is False:
        name = f"array-{uuid.uuid4().hex}"
    return named(_of_memory_or_pieces(as_it_is_now(x), chunks, lock, getitem), None if name is True else name)


def _of_memory_or_pieces(x: Any, chunks: Any, lock: Any, getitem: Any) -> Array:
    x = _in_memory(x)
    if is_read_in_pieces(x):
        kind = np.dtype(x.dtype)
        if is_foreign_dtype(kind) or kind == object:
            return _encoded.read_in_pieces(x, chunks, lock)
        return Array(read_in_pieces(x, chunks, lock, getitem))
    if is_masked(x):
        return masked(x, chunks)
    if is_objects(x):
        return objects_from_numpy(x, chunks)
    if is_foreign(x):
        return _encoded.from_numpy(np.asarray(x), chunks)
    return Array(_plait.arrays.from_array(checked_array(x), chunks))


def _in_memory(x: Any, dtype: Any = None) -> Any:
    """Lists as NumPy's arrays, unless they hold arrays: of which type all elements are, the first one does not tell."""
    is_plain = isinstance(x, (list, tuple)) and not any(isinstance(part, Array) or hasattr(part, "dtype") and np.ndim(part) for part in x)
    return np.asarray(x, dtype) if is_plain else x


def asarray(a: Any, allow_unknown_chunksizes: bool = False, dtype: Any = None, order: Any = None, *, like: Any = None, **kwargs: Any) -> Array:
    """``a`` as a lazy array: itself, a stack of a list of lazy arrays, or NumPy's array of it in automatic chunks.

    Examples
    --------
    >>> da.asarray([1, 2, 3]).sum().compute()
    np.int64(6)
    """
    if isinstance(a, Array) and dtype is None:
        return a
    a = _in_memory(a, dtype)
    if is_objects(a):
        a = as_it_is_now(a)
        return asarray(objects_from_numpy(a, -1) if isinstance(a, np.ndarray) else a.astype(dtype), dtype=dtype)
    if is_masked(a):
        a = as_it_is_now(a)
        return masked(a) if dtype is None else masked(a).astype(dtype)
    if is_foreign(a) or dtype is not None and is_foreign_dtype(np.dtype(dtype)):
        return _encoded.asarray(as_it_is_now(a), dtype)
    return Array(engine(a, dtype))


asanyarray = asarray


def array(x: Any, dtype: Any = None, ndmin: int = 0, *, like: Any = None, **kwargs: Any) -> Array:
    """``x`` as a lazy array with at least ``ndmin`` axes.

    Examples
    --------
    >>> da.array([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    x = asarray(x, dtype=dtype)
    missing = min(ndmin - x.ndim, _MORE_AXES_THAN_ANY_ARRAY)
    return x[(None,) * missing] if missing > 0 else x
