"""Elements around an array."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._creation import full
from ._layout import broadcast_to, concatenate, flip
from ._sources import asarray


def pad(array: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0, **kwargs: Any) -> Array:
    """The array with more elements around it; see ``numpy.pad``.

    Parameters
    ----------
    array : array_like
        The array.
    pad_width : int or tuple
        How many elements come before and after, for all axes or for each.
    mode : {"constant", "edge", "reflect", "symmetric", "wrap"}
        Where they come from.
    constant_values : number or tuple
        What they are, for "constant".

    Returns
    -------
    Array

    Raises
    ------
    NotImplementedError
        If the mode is another, or more elements are asked for than a mode that repeats can take at once.
    """
    if kwargs or mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise NotImplementedError(
            f"pad: mode={mode!r}{''.join(', ' + name + '=' for name in kwargs)} is not there yet; expected mode 'constant', 'edge', "
            "'reflect', 'symmetric' or 'wrap'"
        )
    array = asarray(array)
    widths = _each_axis(pad_width, array.ndim, "pad_width")
    values = _each_axis(constant_values, array.ndim, "constant_values")
    for axis, ((before, after), value) in enumerate(zip(widths, values, strict=True)):
        if before < 0 or after < 0:
            raise ValueError(f"pad: pad_width along axis {axis} is {(before, after)}, but it cannot be negative")
        parts = [_constant(array, axis, before, value[0]), array, _constant(array, axis, after, value[1])]
        if mode != "constant":
            parts = [_taken(array, axis, before, mode, True), array, _taken(array, axis, after, mode, False)]
        parts = [part for part in parts if part.shape[axis]]
        array = concatenate(parts, axis=axis) if parts else array
    return array


def _each_axis(given: Any, ndim: int, name: str) -> list[tuple]:
    """What goes before and after, for each axis."""
    try:
        return [(before.item(), after.item()) for before, after in np.broadcast_to(np.asarray(given), (ndim, 2))]
    except ValueError:
        raise ValueError(f"pad: {name} is {given!r}, expected one value, (before, after), or such a pair for each of {ndim} axes") from None


def _constant(array: Array, axis: int, count: int, value: numbers.Number) -> Array:
    shape = (*array.shape[:axis], count, *array.shape[axis + 1 :])
    chunks = (*array.chunks[:axis], (count,), *array.chunks[axis + 1 :])
    return full(shape, value, dtype=array.dtype, chunks=chunks)


def _taken(array: Array, axis: int, count: int, mode: str, is_before: bool) -> Array:
    front = (slice(None),) * axis
    extent = array.shape[axis]
    if count == 0:
        return array[(*front, slice(0, 0))]
    most = extent - 1 if mode == "reflect" else extent
    if extent == 0 or mode != "edge" and count > most:
        raise NotImplementedError(
            f"pad: {count} elements along axis {axis} with mode={mode!r}: an axis of {extent} gives at most {max(most, 0)} so far"
        )
    if mode == "edge":
        edge = array[(*front, slice(0, 1) if is_before else slice(-1, None))]
        return broadcast_to(edge, (*array.shape[:axis], count, *array.shape[axis + 1 :]))
    if mode == "wrap":
        return array[(*front, slice(extent - count, None) if is_before else slice(0, count))]
    skip = 1 if mode == "reflect" else 0
    part = slice(skip, skip + count) if is_before else slice(extent - skip - count, extent - skip)
    return flip(array[(*front, part)], axis)
