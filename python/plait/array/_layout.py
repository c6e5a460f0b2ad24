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


def rechunk(x: Any, chunks: Any = "auto", threshold: int | None = None, block_size_limit: Any = None, balance: bool = False, method: Any = None) -> Array:
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

    Examples
    --------
    >>> da.rechunk(da.ones(4, chunks=1), 2).chunks
    ((2, 2),)
    """
    return asarray(x).rechunk(chunks, threshold, block_size_limit, balance, method)


def transpose(a: Any, axes: Any = None) -> Array:
    """``a`` with its axes in another order; reversed by default.

    Examples
    --------
    >>> da.transpose(da.ones((2, 3))).shape
    (3, 2)
    """
    return asarray(a).transpose(axes)


def swapaxes(a: Any, axis1: int, axis2: int) -> Array:
    """``a`` with two axes exchanged.

    Examples
    --------
    >>> da.swapaxes(da.ones((2, 3, 4)), 0, 2).shape
    (4, 3, 2)
    """
    return asarray(a).swapaxes(axis1, axis2)


def moveaxis(a: Any, source: Any, destination: Any) -> Array:
    """``a`` with axes moved to new positions, the others in their order.

    Examples
    --------
    >>> da.moveaxis(da.ones((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    return Array(_ops.moveaxis(engine(a), source, destination))


def rollaxis(a: Any, axis: int, start: int = 0) -> Array:
    """``a`` with ``axis`` moved before the axis that is at ``start`` now."""
    return Array(_ops.rollaxis(engine(a), axis, start))


def reshape(x: Any, shape: Any, merge_chunks: bool = True, limit: Any = None) -> Array:
    """The elements in C order in another shape; one extent may be -1.

    Parameters
    ----------
    x : array_like
    shape : int or tuple of int
    merge_chunks : bool
        Whether chunks of axes that become one may be put together. If not, as many axes in front as get lost are cut into
        chunks of one first, so that no two blocks meet: many tasks, and no large block.

    Examples
    --------
    >>> da.reshape(da.arange(4), (2, 2)).compute()
    array([[0, 1],
           [2, 3]])
    """
    return asarray(x).reshape(shape, merge_chunks=merge_chunks, limit=limit)


def ravel(array: Any) -> Array:
    """The elements in C order along one axis.

    Examples
    --------
    >>> da.ravel(da.ones((2, 2))).shape
    (4,)
    """
    return asarray(array).ravel()


def squeeze(a: Any, axis: Any = None) -> Array:
    """``a`` without its axes of extent one.

    Examples
    --------
    >>> da.squeeze(da.ones((1, 3))).shape
    (3,)
    """
    return asarray(a).squeeze(axis)


def expand_dims(a: Any, axis: Any) -> Array:
    """``a`` with new axes of extent one at the given positions.

    Examples
    --------
    >>> da.expand_dims(da.arange(3), 0).shape
    (1, 3)
    """
    return Array(engine(a).expand_dims(axis))


def broadcast_to(x: Any, shape: Any, chunks: Any = None, meta: Any = None) -> Array:
    """``x`` stretched to a shape.

    Raises
    ------
    ValueError
        If the shape does not fit.

    Examples
    --------
    >>> da.broadcast_to(da.arange(2), (3, 2)).shape
    (3, 2)
    """
    x = asarray(x)
    stretched = Array(engine(x).broadcast_to(shape))
    result = x if stretched.shape == x.shape else stretched
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

    Examples
    --------
    >>> da.concatenate([da.zeros(2), da.ones(2)]).compute()
    array([0., 0., 1., 1.])
    """
    arrays = _engines(seq)
    if axis is None:
        arrays, axis = [x.reshape(-1) for x in arrays], 0
    return Array(_ops.concatenate(arrays, axis))


def stack(seq: Any, axis: int = 0, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays of one shape side by side along a new axis.

    Examples
    --------
    >>> da.stack([da.zeros(2), da.ones(2)]).shape
    (2, 2)
    """
    return Array(_ops.stack(_engines(seq), axis))


def append(arr: Any, values: Any, axis: int | None = None) -> Array:
    """``values`` behind ``arr``."""
    return concatenate([arr, values], axis=axis)


def hstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays side by side along axis 1, or 0 where they have one axis.

    Examples
    --------
    >>> da.hstack([da.zeros(2), da.ones(1)]).compute()
    array([0., 0., 1.])
    """
    return Array(_ops.hstack(_engines(tup)))


def vstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one below the other.

    Examples
    --------
    >>> da.vstack([da.zeros(2), da.ones(2)]).compute()
    array([[0., 0.],
           [1., 1.]])
    """
    return Array(_ops.vstack(_engines(tup)))


def dstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """Arrays one behind the other, along axis 2."""
    return Array(_ops.dstack(_engines(tup)))


def flip(m: Any, axis: Any = None) -> Array:
    """The elements in reversed order along the given axes, by default all.

    Examples
    --------
    >>> da.flip(da.arange(3)).compute()
    array([2, 1, 0])
    """
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
    """The elements moved along axes; what leaves at one end comes back at the other.

    Examples
    --------
    >>> da.roll(da.arange(4), 1).compute()
    array([3, 0, 1, 2])
    """
    return Array(_ops.roll(engine(array), shift, axis))


def take(a: Any, indices: Any, axis: int | None = 0) -> Array:
    """The elements at ``indices`` along an axis.

    Examples
    --------
    >>> da.take(da.arange(5) * 10, [3, 1]).compute()
    array([30, 10])
    """
    return Array(_ops.take(engine(a), [index_item(indices)], axis))


def repeat(a: Any, repeats: int, axis: int | None = None) -> Array:
    """Every element ``repeats`` times, one behind the other.

    Examples
    --------
    >>> da.repeat(da.arange(2), 2).compute()
    array([0, 0, 1, 1])
    """
    if hasattr(repeats, "__len__"):
        raise NotImplementedError("repeat: a number of repeats for each element is not there yet; give one number")
    return Array(_ops.repeat(engine(a), repeats, axis))


def tile(A: Any, reps: Any) -> Array:  # noqa: N803
    """The array side by side with itself, ``reps`` times along each axis.

    Examples
    --------
    >>> da.tile(da.arange(2), 2).compute()
    array([0, 1, 0, 1])
    """
    return Array(_ops.tile(engine(A), reps))


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Array:
    """Differences of neighbours along an axis, ``n`` times over.

    Examples
    --------
    >>> da.diff(da.array([1, 4, 9])).compute()
    array([3, 5])
    """
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
    """The array with zeros above diagonal ``k``.

    Examples
    --------
    >>> da.tril(da.ones((2, 2))).compute()
    array([[1., 0.],
           [1., 1.]])
    """
    return Array(_ops.tril(engine(m), k))


def triu(m: Any, k: int = 0) -> Array:
    """The array with zeros below diagonal ``k``.

    Examples
    --------
    >>> da.triu(da.ones((2, 2))).compute()
    array([[1., 1.],
           [0., 1.]])
    """
    return Array(_ops.triu(engine(m), k))
