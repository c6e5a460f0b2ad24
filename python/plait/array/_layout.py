"""Functions that move elements without changing them."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._sources import asarray

_ops = _plait.arrays


def _axes(axis: Any) -> list[int]:
    return [int(axis)] if isinstance(axis, numbers.Integral) else [int(one) for one in axis]


def rechunk(
    x: Any, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None
) -> Array:
    """The same elements in other chunks.

    Parameters
    ----------
    x : Array
        The array.
    chunks : int, str, tuple or dict
        The new chunks; axes that a dict does not name, or that are None, keep theirs. See `normalize_chunks`.
    block_size_limit : int or str, optional
        The size in bytes that ``"auto"`` aims at.
    balance : bool
        Whether blocks shall have nearly one extent.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the chunks do not fit the shape.
    """
    return asarray(x).rechunk(chunks, threshold, block_size_limit, balance, method)


def transpose(a: Any, axes: Any = None) -> Array:
    """``a`` with its axes in another order; reversed by default."""
    return asarray(a).transpose() if axes is None else asarray(a).transpose(tuple(axes))


def swapaxes(a: Any, axis1: int, axis2: int) -> Array:
    """``a`` with two axes exchanged."""
    return asarray(a).swapaxes(axis1, axis2)


def moveaxis(a: Any, source: Any, destination: Any) -> Array:
    """``a`` with axes moved to new positions, the others in their order."""
    return Array(_ops.moveaxis(asarray(a)._array, _axes(source), _axes(destination)))


def rollaxis(a: Any, axis: int, start: int = 0) -> Array:
    """``a`` with ``axis`` moved before the axis that is at ``start`` now."""
    a = asarray(a)
    axis = axis % a.ndim
    start = start + a.ndim if start < 0 else start
    return moveaxis(a, axis, start - 1 if axis < start else start)


def reshape(x: Any, shape: Any, merge_chunks: bool = True, limit: Any = None) -> Array:
    """The elements in C order in another shape; one extent may be -1."""
    return asarray(x).reshape(shape)


def ravel(array: Any) -> Array:
    """The elements in C order along one axis."""
    return asarray(array).ravel()


def squeeze(a: Any, axis: Any = None) -> Array:
    """``a`` without its axes of extent one."""
    return asarray(a).squeeze(axis)


def expand_dims(a: Any, axis: Any) -> Array:
    """``a`` with new axes of extent one at the given positions."""
    return Array(_ops.expand_dims(asarray(a)._array, _axes(axis)))


def broadcast_to(x: Any, shape: Any, chunks: Any = None, meta: Any = None) -> Array:
    """``x`` stretched to a shape.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    shape = (shape,) if isinstance(shape, numbers.Integral) else tuple(int(extent) for extent in shape)
    result = Array(_ops.broadcast_to(asarray(x)._array, shape))
    return result if chunks is None else result.rechunk(chunks)


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Array, ...]:
    """All arguments stretched to one shape."""
    arrays = [asarray(arg) for arg in args]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    return tuple(broadcast_to(array, shape) for array in arrays)


def atleast_1d(*arys: Any):
    """Every argument with at least one axis."""
    results = [x.reshape(1) if x.ndim == 0 else x for x in map(asarray, arys)]
    return results[0] if len(results) == 1 else tuple(results)


def atleast_2d(*arys: Any):
    """Every argument with at least two axes, the new ones in front."""
    results = []
    for x in map(asarray, arys):
        results.append(x.reshape((1, 1)) if x.ndim == 0 else x[None, :] if x.ndim == 1 else x)
    return results[0] if len(results) == 1 else tuple(results)


def atleast_3d(*arys: Any):
    """Every argument with at least three axes, where ``numpy.atleast_3d`` puts them."""
    results = []
    for x in map(asarray, arys):
        if x.ndim == 0:
            x = x.reshape((1, 1, 1))
        elif x.ndim == 1:
            x = x[None, :, None]
        elif x.ndim == 2:
            x = x[:, :, None]
        results.append(x)
    return results[0] if len(results) == 1 else tuple(results)


def concatenate(seq: Any, axis: int | None = 0, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one after the other along an axis that they have; None flattens them first.

    Raises
    ------
    ValueError
        If their shapes differ along another axis.
    """
    arrays = [asarray(x) for x in seq]
    if axis is None:
        arrays, axis = [x.ravel() for x in arrays], 0
    return Array(_ops.concatenate([x._array for x in arrays], int(axis)))


def stack(seq: Any, axis: int = 0, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays of one shape side by side along a new axis."""
    return Array(_ops.stack([asarray(x)._array for x in seq], int(axis)))


def append(arr: Any, values: Any, axis: int | None = None) -> Array:
    """``values`` behind ``arr``."""
    return concatenate([arr, values], axis=axis)


def hstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays side by side along axis 1, or 0 where they have one axis."""
    arrays = [atleast_1d(x) for x in tup]
    return concatenate(arrays, axis=0 if arrays and arrays[0].ndim == 1 else 1)


def vstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one below the other."""
    return concatenate([atleast_2d(x) for x in tup], axis=0)


def dstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one behind the other, along axis 2."""
    return concatenate([atleast_3d(x) for x in tup], axis=2)


def flip(m: Any, axis: Any = None) -> Array:
    """The elements in reversed order along the given axes, by default all."""
    m = asarray(m)
    axes = {one % m.ndim for one in _axes(axis)} if axis is not None else set(range(m.ndim))
    return m[tuple(slice(None, None, -1) if one in axes else slice(None) for one in range(m.ndim))]


def flipud(m: Any) -> Array:
    """The rows in reversed order."""
    return flip(m, 0)


def fliplr(m: Any) -> Array:
    """The columns in reversed order."""
    return flip(m, 1)


def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Array:
    """The array turned by 90 degrees ``k`` times, from the first of the two axes to the second."""
    m = asarray(m)
    a, b = (axis % m.ndim for axis in axes)
    k %= 4
    if k == 0:
        return m
    if k == 2:
        return flip(m, (a, b))
    return swapaxes(flip(m, b), a, b) if k == 1 else flip(swapaxes(m, a, b), b)


def roll(array: Any, shift: Any, axis: Any = None) -> Array:
    """The elements moved along an axis; what leaves at one end comes back at the other."""
    array = asarray(array)
    if axis is None:
        return roll(array.ravel(), shift, 0).reshape(array.shape)
    axes = _axes(axis)
    shifts = [int(shift)] * len(axes) if isinstance(shift, numbers.Integral) else list(shift)
    for by, one in zip(shifts, axes, strict=True):
        one %= array.ndim
        by = by % array.shape[one] if array.shape[one] else 0
        if by:
            part = (slice(None),) * one
            array = concatenate([array[(*part, slice(-by, None))], array[(*part, slice(None, -by))]], axis=one)
    return array


def take(a: Any, indices: Any, axis: int | None = 0) -> Array:
    """The elements at ``indices`` along an axis."""
    a = asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    return a[(slice(None),) * (axis % a.ndim) + (indices,)]


def repeat(a: Any, repeats: int, axis: int | None = None) -> Array:
    """Every element ``repeats`` times, one behind the other."""
    a = asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    if not isinstance(repeats, numbers.Integral):
        raise NotImplementedError("repeat: a number of repeats for each element is not there yet; give one number")
    axis %= a.ndim
    shape = a.shape
    wide = broadcast_to(expand_dims(a, axis + 1), (*shape[: axis + 1], int(repeats), *shape[axis + 1 :]))
    return wide.reshape((*shape[:axis], shape[axis] * int(repeats), *shape[axis + 1 :]))


def tile(A: Any, reps: Any) -> Array:  # noqa: N803
    """The array side by side with itself, ``reps`` times along each axis."""
    a = asarray(A)
    reps = [int(reps)] if isinstance(reps, numbers.Integral) else [int(n) for n in reps]
    while a.ndim < len(reps):
        a = a[None]
    reps = [1] * (a.ndim - len(reps)) + reps
    for axis, count in enumerate(reps):
        a = concatenate([a] * count, axis=axis) if count else a[(slice(None),) * axis + (slice(0, 0),)]
    return a


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Array:
    """Differences of neighbours along an axis, ``n`` times over."""
    if n < 0:
        raise ValueError(f"diff: n is {n}, expected 0 or more")
    a = asarray(a)
    axis %= a.ndim
    parts = []
    for extra in (prepend, append):
        if extra is not None:
            extra = asarray(extra)
            if extra.ndim == 0:
                extra = broadcast_to(extra, tuple(1 if one == axis else extent for one, extent in enumerate(a.shape)))
        parts.append(extra)
    if n and (parts[0] is not None or parts[1] is not None):
        a = concatenate([part for part in (parts[0], a, parts[1]) if part is not None], axis=axis)
    front = (slice(None),) * axis
    for _ in range(n):
        later, earlier = a[(*front, slice(1, None))], a[(*front, slice(None, -1))]
        a = later != earlier if a.dtype == bool else later - earlier
    return a


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Array:
    """Differences of neighbours in C order, with ``to_begin`` before and ``to_end`` after them.

    Raises
    ------
    TypeError
        If ``to_begin`` or ``to_end`` cannot be cast to the dtype of ``ary``.
    """
    a = asarray(ary).ravel()
    parts = {"to_begin": to_begin, "differences": a[1:] - a[:-1], "to_end": to_end}
    parts = {name: asarray(part).ravel() for name, part in parts.items() if part is not None}
    for name, part in parts.items():
        if not np.can_cast(part.dtype, a.dtype, "same_kind"):
            raise TypeError(f"ediff1d: {name} is {part.dtype}, expected what casts to {a.dtype}")
    return concatenate([part.astype(a.dtype) for part in parts.values()])


def tril(m: Any, k: int = 0) -> Array:
    """The array with zeros above diagonal ``k``."""
    from ._creation import tri
    from ._routines import where

    m = asarray(m)
    mask = tri(*m.shape[-2:], k=k, dtype=bool, chunks=m.chunks[-2:])
    return where(mask, m, m.dtype.type(0))


def triu(m: Any, k: int = 0) -> Array:
    """The array with zeros below diagonal ``k``."""
    from ._creation import tri
    from ._routines import where

    m = asarray(m)
    mask = tri(*m.shape[-2:], k=k - 1, dtype=bool, chunks=m.chunks[-2:])
    return where(mask, m.dtype.type(0), m)
