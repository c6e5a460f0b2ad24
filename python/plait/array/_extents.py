"""Extents of arrays: numbers that a program may take for lazy ones."""

from __future__ import annotations

from typing import Any


class Extent(int):
    """A whole number; ``compute()`` gives it back."""

    __slots__ = ()

    def compute(self, **kwargs: Any) -> int:
        """The number itself."""
        return int(self)

    def __reduce__(self):
        return (int, (int(self),))


class UnknownExtent(float):
    """NaN: only computing tells."""

    _array: Any
    _axis: int

    def __new__(cls, array: Any, axis: int):
        self = super().__new__(cls, "nan")
        self._array, self._axis = array, axis
        return self

    def compute(self, **kwargs: Any) -> int:
        """The number, which the blocks are computed for."""
        return int(self._array.copy().compute_chunk_sizes().shape[self._axis])

    def __reduce__(self):
        return (float, ("nan",))


def extents(array: Any, shape: tuple) -> tuple:
    """The shape of a lazy array, in such numbers."""
    return tuple(Extent(extent) if extent == extent else UnknownExtent(array, axis) for axis, extent in enumerate(shape))
