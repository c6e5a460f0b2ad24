"""What becomes a lazy array: NumPy arrays, lists, numbers, and data that is read piece by piece."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from .._lazy import numpy as np
from .._travel import able_to_travel
from .. import _plait
from . import _chunks
from ._array import Array

_ops = _plait.arrays


def is_scalar(x: Any) -> bool:
    """Whether ``x`` is a number or a truth value."""
    return isinstance(x, (bool, int, float, complex, np.generic))


def is_array_like(x: Any) -> bool:
    """Whether a matrix product takes ``x``."""
    return isinstance(x, (Array, np.ndarray, list))


def operand(x: Any):
    """``x`` as the engine takes operands; NotImplemented for what is none of ours."""
    if isinstance(x, Array):
        return x._array
    if is_scalar(x):
        return x
    if isinstance(x, (np.ndarray, list, tuple)):
        return asarray(x)._array
    if hasattr(x, "__array__") and not hasattr(type(x), "__array_ufunc__"):
        return asarray(x)._array
    return NotImplemented


def checked_array(x: Any, dtype: Any = None) -> np.ndarray:
    """``x`` as a NumPy array whose elements the engine knows.

    Raises
    ------
    TypeError
        If it has other elements, or a mask, which would get lost.
    """
    if hasattr(x, "mask") and hasattr(x, "filled"):
        raise TypeError("masked arrays are not there yet; fill them first: x.filled(value)")
    x = np.asarray(x, dtype=dtype)
    if x.dtype.kind not in "biufc" or x.dtype.itemsize > (16 if x.dtype.kind == "c" else 8):
        raise TypeError(f"arrays of dtype {x.dtype} have no native form; expected booleans, integers, floats or complex numbers")
    return x


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
        The array. Its memory is shared and must not change before everything is computed. What is no NumPy array but has
        ``shape``, ``dtype`` and slices, such as a dataset in an HDF5 file, is read chunk by chunk when it is computed.
    chunks : int, str, tuple or dict
        See `normalize_chunks`.
    lock : bool or lock
        Whether only one thread at a time may read ``x``, if it is read chunk by chunk; a lock shares that with others.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the chunks do not fit the shape.
    TypeError
        If the elements are no numbers or truth values.
    """
    if isinstance(x, Array):
        raise ValueError("from_array: x is a lazy array already; use x.rechunk(chunks) to cut it otherwise")
    if _is_read_in_pieces(x):
        return _read_in_pieces(x, chunks, lock)
    x = checked_array(x)
    cut = _chunks.explicit("from_array", chunks, x.shape, x.dtype)
    return Array(_ops.from_array(x, cut))


def _is_read_in_pieces(x: Any) -> bool:
    if isinstance(x, (np.ndarray, np.generic)) or hasattr(x, "__array_interface__") or hasattr(x, "__array_ufunc__"):
        return False
    if not all(hasattr(x, part) for part in ("shape", "dtype", "__getitem__")):
        return False
    try:
        np.dtype(x.dtype)
    except TypeError:  # a dtype of another library
        return False
    return True


class _ReadPiece:
    """Reads one chunk: a function for `map_blocks`."""

    def __init__(self, x: Any, lock: Any, starts: tuple):
        self.x, self.lock, self.starts = x, lock, starts

    def __call__(self, index: tuple, shape: tuple) -> np.ndarray:
        start = [starts[i] for starts, i in zip(self.starts, index, strict=True)]
        part = tuple(slice(first, first + extent) for first, extent in zip(start, shape, strict=True))
        with self.lock if self.lock is not None else contextlib.nullcontext():
            return checked_array(self.x[part])

    def __reduce__(self):
        # A process has its own lock: locks keep the threads of one process apart.
        return (_ReadPiece, (self.x, None if self.lock is None else PieceLock(), self.starts))


class PieceLock:
    """A lock that may be pickled: it arrives open."""

    def __init__(self):
        self._lock = threading.Lock()

    def __enter__(self):
        self._lock.acquire()

    def __exit__(self, *_: Any):
        self._lock.release()

    def __reduce__(self):
        return (PieceLock, ())


def _read_in_pieces(x: Any, chunks: Any, lock: Any) -> Array:
    dtype = checked_array(np.empty(0, dtype=x.dtype)).dtype
    shape = tuple(int(extent) for extent in x.shape)
    previous = getattr(x, "chunks", None)  # how the file is cut
    whole = tuple((size,) * (extent // size) + ((extent % size,) if extent % size else ()) or (0,)
                  for extent, size in zip(shape, previous, strict=True)) if _are_extents(previous, shape) else None
    cut = _chunks.explicit("from_array", chunks, shape, dtype, whole)
    starts = tuple(tuple(sum(blocks[:i]) for i in range(len(blocks))) for blocks in cut)
    if lock is True:
        lock = PieceLock()
    read = able_to_travel(_ReadPiece(x, lock or None, starts), x)
    return Array(_ops.map_blocks([], read, "array", dtype, cut, []))


def _are_extents(chunks: Any, shape: tuple) -> bool:
    return isinstance(chunks, tuple) and len(chunks) == len(shape) and all(isinstance(size, int) and size > 0 for size in chunks)


def asarray(a: Any, allow_unknown_chunksizes: bool = False, dtype: Any = None, order: Any = None, *, like: Any = None, **kwargs: Any) -> Array:
    """``a`` as a lazy array: itself, a stack of a list of lazy arrays, or NumPy's array of it in automatic chunks."""
    if isinstance(a, Array):
        return a if dtype is None else a.astype(dtype)
    if isinstance(a, (list, tuple)) and any(isinstance(item, Array) for item in a):
        from ._layout import stack

        a = stack([asarray(item) for item in a])
        return a if dtype is None else a.astype(dtype)
    if _is_read_in_pieces(a):
        a = _read_in_pieces(a, "auto", False)
        return a if dtype is None else a.astype(dtype)
    a = checked_array(a, dtype)
    return from_array(a, chunks=-1 if a.nbytes < 1 << 20 else "auto")


asanyarray = asarray
