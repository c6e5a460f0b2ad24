"""What a user may give where an array is wanted, as the engine takes it. Everything else of this package stands on this."""

from __future__ import annotations

import contextlib
import datetime
import numbers
import operator
import threading
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from .._travel import able_to_travel

_ops = _plait.arrays
_MOST_AXES = 64


def engine_array(x: Any) -> _plait.Array | None:
    """The engine's array that a lazy array holds; None of all else."""
    held = getattr(x, "_array", None)
    return held if isinstance(held, _plait.Array) else None


def is_scalar(x: Any) -> bool:
    """Whether ``x`` is a number or a truth value."""
    return isinstance(x, (bool, int, float, complex, np.generic))


def is_integer(item: Any) -> bool:
    """Whether ``item`` is a whole number, which truth values are not here."""
    return isinstance(item, numbers.Integral) and not isinstance(item, (bool, np.bool_))


def is_foreign_dtype(dtype: Any) -> bool:
    """Whether NumPy has elements that the engine has no native form of: dates, durations, texts, records and long floats."""
    return dtype.kind in "mMUSV" or is_long(dtype)


def is_long(dtype: Any) -> bool:
    """Whether elements are floats of more than 64 bits, or complex numbers made of such."""
    return dtype.kind == "f" and dtype.itemsize > 8 or dtype.kind == "c" and dtype.itemsize > 16


def is_foreign(x: Any) -> bool:
    """Whether ``x`` is such an element, or holds some, or masks some."""
    known = getattr(x, "_is_encoded", None)
    if known is not None:
        return known
    if isinstance(x, np.ma.MaskedArray):
        return True
    for _ in range(_MOST_AXES):
        if not (isinstance(x, (list, tuple)) and x):
            break
        x = x[0]
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        return isinstance(x, (str, bytes, datetime.date, datetime.timedelta))
    return isinstance(dtype, np.dtype) and (is_foreign_dtype(dtype) or dtype == object)


def as_it_is_now(x: Any) -> Any:
    """What later writes to a NumPy array do not change: a copy, but of memory that is read-only, or mapped from a file."""
    is_shared = not isinstance(x, np.ndarray) or isinstance(x, np.memmap) or not x.flags.writeable
    return x if is_shared else x.copy(order="K")


def engine(x: Any, dtype: Any = None) -> _plait.Array:
    """``x`` as an array of the engine: lazy arrays, lists of them, what `from_array` takes, and what NumPy makes an array.

    Raises
    ------
    TypeError
        If its elements have no native form.
    """
    held = engine_array(x)
    if held is None and isinstance(x, (list, tuple)) and any(engine_array(item) is not None for item in x):
        held = _ops.stack([engine(item) for item in x], 0)
    if held is None and is_read_in_pieces(x):
        held = read_in_pieces(x, "auto", False)
    if held is not None:
        return held if dtype is None else held.astype(dtype)
    x = checked_array(as_it_is_now(x), dtype)
    return _ops.from_array(x, -1 if x.nbytes < 1 << 20 else "auto")


def operand(x: Any) -> Any:
    """``x`` as the engine takes operands of elementwise functions; NotImplemented for what is none of ours."""
    if is_foreign(x):
        return NotImplemented
    held = engine_array(x)
    if held is not None:
        return held
    if is_scalar(x):
        return x
    if isinstance(x, (np.ndarray, list, tuple)) or hasattr(x, "__array__") and not hasattr(type(x), "__array_ufunc__"):
        return engine(x)
    return NotImplemented


def operand_or_itself(x: Any) -> Any:
    """The same, but what is no operand is left for the engine to refuse.

    Raises
    ------
    NotImplementedError
        If it is a lazy array of dates, durations or texts.
    """
    if getattr(x, "_is_encoded", False):
        return x._array
    found = operand(x)
    return x if found is NotImplemented else found


def index_items(index: Any) -> list:
    """The entries of an index as the engine takes them."""
    return [index_item(item) for item in (index if isinstance(index, tuple) else (index,))]


def index_item(item: Any) -> Any:
    """One entry of an index: a slice, a number, None, an ellipsis, positions or a mask.

    Raises
    ------
    IndexError
        If it is none of these.
    """
    if item is None or item is Ellipsis or isinstance(item, slice) or is_integer(item):
        return item
    if isinstance(item, str):
        raise IndexError(f"'{item}' is no index of an array; expected integers, slices, None, ..., lists or boolean arrays")
    held = engine_array(item)
    if held is not None:
        return held
    positions = np.asarray(item)
    if positions.size == 0 and positions.dtype.kind == "f":
        positions = positions.astype(np.int64)
    if positions.dtype.kind not in "biu":
        raise IndexError(f"an array of dtype {positions.dtype} is no index; expected integers or booleans")
    return positions


def checked_array(x: Any, dtype: Any = None) -> np.ndarray:
    """``x`` as a NumPy array whose elements the engine knows.

    Raises
    ------
    TypeError
        If it has other elements, or a mask, which would get lost.
    """
    if hasattr(x, "mask") and hasattr(x, "filled"):
        raise TypeError("a masked array stands where its mask would get lost; fill it first: x.filled(value)")
    x = np.asarray(x, dtype=dtype)
    if x.dtype.kind not in "biufc" or is_long(x.dtype):
        raise TypeError(f"arrays of dtype {x.dtype} have no native form; expected booleans, integers, floats or complex numbers")
    return x


def is_read_in_pieces(x: Any) -> bool:
    """Whether ``x`` is data that can be sliced, such as a dataset in a file, rather than an array."""
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
    """Reads one chunk: a function for the engine's map_blocks."""

    def __init__(self, x: Any, lock: Any, getitem: Any = None):
        self.x, self.lock, self.getitem = x, lock, getitem or operator.getitem

    def __call__(self, index: tuple, shape: tuple, start: tuple) -> np.ndarray:
        part = tuple(slice(first, first + extent) for first, extent in zip(start, shape, strict=True))
        with held(self.lock):
            return checked_array(self.getitem(self.x, part))

    def __reduce__(self):
        # A process has its own lock: locks keep the threads of one process apart.
        return (_ReadPiece, (self.x, None if self.lock is None else PieceLock(), self.getitem))


@contextlib.contextmanager
def held(lock: Any) -> Any:
    """Holds what has ``acquire`` and ``release``, or is a context manager; None is no lock."""
    if lock is None or hasattr(lock, "__enter__"):
        with lock if lock is not None else contextlib.nullcontext():
            yield
        return
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


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


def read_in_pieces(x: Any, chunks: Any, lock: Any, getitem: Any = None) -> _plait.Array:
    """Data that is read chunk by chunk; automatic chunks follow how it is cut itself."""
    dtype = checked_array(np.empty(0, dtype=x.dtype)).dtype
    shape = tuple(int(extent) for extent in x.shape)
    own = getattr(x, "chunks", None)
    is_cut = isinstance(own, tuple) and len(own) == len(shape) and all(isinstance(size, int) and size > 0 for size in own)
    previous = _ops.normalize_chunks(own, shape, dtype) if is_cut else None
    cut = _ops.normalize_chunks(chunks, shape, dtype, previous=previous, what="from_array")
    lock = PieceLock() if lock is True else lock or None
    return _ops.map_blocks([], able_to_travel(_ReadPiece(x, lock, getitem), x, getitem), "array", dtype, cut, [])
