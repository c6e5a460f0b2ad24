"""Arrays of delayed values."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ..delayed import Delayed, delayed
from ._array import Array
from ._codes import fitting
from ._encoded import of_values
from ._names import named
from ._operands import checked_array, is_foreign_dtype


def from_delayed(value: Any, shape: tuple, dtype: Any = None, meta: Any = None, name: str | None = None) -> Array:
    """An array of one chunk, which is a delayed value.

    Parameters
    ----------
    value : Delayed
        Becomes a NumPy array, or what `numpy.asarray` makes one of.
    shape : tuple of int
        Its shape; nan for an extent that only the value knows.
    dtype : numpy.dtype, optional
        Of the elements; default is that of ``meta``, else float64. Values are cast to it where that loses no more than
        precision.
    meta : array, optional
        An array of the same dtype.
    name : str, optional
        What the block is called: its key begins with exactly this.

    Returns
    -------
    Array

    Raises
    ------
    ValueError, TypeError
        When it is computed: if the value has another shape, or elements that do not cast to ``dtype``.

    Examples
    --------
    >>> import numpy as np
    >>> value = plait.delayed(np.arange)(3)
    >>> (da.from_delayed(value, (3,), dtype=int) * 2).compute()
    array([0, 2, 4])
    """
    if not isinstance(value, Delayed):
        value = delayed(value)
    shape = tuple(shape)
    wanted = np.dtype(dtype if dtype is not None else getattr(meta, "dtype", float))
    make = Chunk(shape, wanted)
    return named(of_values([value], wanted, tuple((extent,) for extent in shape), "from-value", make), name)


class Chunk:
    """Makes a chunk of a value, if it is what was said of it."""

    def __init__(self, shape: tuple, dtype: Any):
        self.shape, self.dtype = shape, dtype

    def __call__(self, value: Any) -> np.ndarray:
        chunk = np.asarray(value) if is_foreign_dtype(self.dtype) else checked_array(value)
        if chunk.ndim != len(self.shape) or any(own != said and said == said for own, said in zip(chunk.shape, self.shape, strict=True)):
            raise ValueError(f"from_delayed: the value has shape {chunk.shape}, but its array was said to have shape {self.shape}")
        if is_foreign_dtype(self.dtype):
            return fitting("from_delayed", chunk, self.dtype)
        if not np.can_cast(chunk.dtype, self.dtype, "same_kind"):
            raise TypeError(
                f"from_delayed: the value has elements of dtype {chunk.dtype}, but its array was said to have {self.dtype}; give dtype={str(chunk.dtype)!r}"
            )
        return chunk.astype(self.dtype, copy=False)
