"""Functions that move elements without changing them."""

from __future__ import annotations

from typing import Any

from .. import _plait
from ._array import Array
from ._operands import engine, index_item
from ._sources import asarray

_ops = _plait.arrays


def _engines(arrays: Any) -> list:
    return [engine(x) for x in arrays]


def _each(function: Any, arrays: tuple):
    results = tuple(Array(function(engine(x))) for x in arrays)
    return results[0] if len(results) == 1 else results


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
    return asarray(a).transpose(axes)


def swapaxes(a: Any, axis1: int, axis2: int) -> Array:
    """``a`` with two axes exchanged."""
    return asarray(a).swapaxes(axis1, axis2)


def moveaxis(a: Any, source: Any, destination: Any) -> Array:
    """``a`` with axes moved to new positions, the others in their order."""
    return Array(_ops.moveaxis(engine(a), source, destination))


def rollaxis(a: Any, axis: int, start: int = 0) -> Array:
    """``a`` with ``axis`` moved before the axis that is at ``start`` now."""
    return Array(_ops.rollaxis(engine(a), axis, start))


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
    return Array(engine(a).expand_dims(axis))


def broadcast_to(x: Any, shape: Any, chunks: Any = None, meta: Any = None) -> Array:
    """``x`` stretched to a shape.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    result = Array(engine(x).broadcast_to(shape))
    return result if chunks is None else result.rechunk(chunks)


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Array, ...]:
    """All arguments stretched to one shape."""
    return tuple(Array(x) for x in _ops.broadcast_arrays(_engines(args)))


def atleast_1d(*arys: Any):
    """Every argument with at least one axis."""
    return _each(_ops.atleast_1d, arys)


def atleast_2d(*arys: Any):
    """Every argument with at least two axes, the new ones in front."""
    return _each(_ops.atleast_2d, arys)


def atleast_3d(*arys: Any):
    """Every argument with at least three axes, where ``numpy.atleast_3d`` puts them."""
    return _each(_ops.atleast_3d, arys)


def concatenate(seq: Any, axis: int | None = 0, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one after the other along an axis that they have; None flattens them first.

    Raises
    ------
    ValueError
        If their shapes differ along another axis.
    """
    arrays = _engines(seq)
    if axis is None:
        arrays, axis = [x.reshape(-1) for x in arrays], 0
    return Array(_ops.concatenate(arrays, axis))


def stack(seq: Any, axis: int = 0, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays of one shape side by side along a new axis."""
    return Array(_ops.stack(_engines(seq), axis))


def append(arr: Any, values: Any, axis: int | None = None) -> Array:
    """``values`` behind ``arr``."""
    return concatenate([arr, values], axis=axis)


def hstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays side by side along axis 1, or 0 where they have one axis."""
    return Array(_ops.hstack(_engines(tup)))


def vstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one below the other."""
    return Array(_ops.vstack(_engines(tup)))


def dstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one behind the other, along axis 2."""
    return Array(_ops.dstack(_engines(tup)))


def flip(m: Any, axis: Any = None) -> Array:
    """The elements in reversed order along the given axes, by default all."""
    return Array(_ops.flip(engine(m), axis))


def flipud(m: Any) -> Array:
    """The rows in reversed order."""
    return flip(m, 0)


def fliplr(m: Any) -> Array:
    """The columns in reversed order."""
    return flip(m, 1)


def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Array:
    """The array turned by 90 degrees ``k`` times, from the first of the two axes to the second."""
    return Array(_ops.rot90(engine(m), k, axes))


def roll(array: Any, shift: Any, axis: Any = None) -> Array:
    """The elements moved along axes; what leaves at one end comes back at the other."""
    return Array(_ops.roll(engine(array), shift, axis))


def take(a: Any, indices: Any, axis: int | None = 0) -> Array:
    """The elements at ``indices`` along an axis."""
    return Array(_ops.take(engine(a), [index_item(indices)], axis))


def repeat(a: Any, repeats: int, axis: int | None = None) -> Array:
    """Every element ``repeats`` times, one behind the other."""
    if hasattr(repeats, "__len__"):
        raise NotImplementedError("repeat: a number of repeats for each element is not there yet; give one number")
    return Array(_ops.repeat(engine(a), repeats, axis))


def tile(A: Any, reps: Any) -> Array:  # noqa: N803
    """The array side by side with itself, ``reps`` times along each axis."""
    return Array(_ops.tile(engine(A), reps))


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Array:
    """Differences of neighbours along an axis, ``n`` times over."""
    before, after = (None if extra is None else engine(extra) for extra in (prepend, append))
    return Array(_ops.diff(engine(a), n, axis, before, after))


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Array:
    """Differences of neighbours in C order, with ``to_begin`` before and ``to_end`` after them.

    Raises
    ------
    TypeError
        If ``to_begin`` or ``to_end`` cannot be cast to the dtype of ``ary``.
    """
    end, begin = (None if part is None else engine(part) for part in (to_end, to_begin))
    return Array(_ops.ediff1d(engine(ary), end, begin))


def tril(m: Any, k: int = 0) -> Array:
    """The array with zeros above diagonal ``k``."""
    return Array(_ops.tril(engine(m), k))


def triu(m: Any, k: int = 0) -> Array:
    """The array with zeros below diagonal ``k``."""
    return Array(_ops.triu(engine(m), k))
