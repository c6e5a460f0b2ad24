"""Arrays of pieces: block, insert, delete, coarsen; indices of triangles and of flattened arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._creation import tri
from ._layout import broadcast_to, concatenate
from ._map_blocks import map_blocks
from ._operands import is_integer
from ._search import nonzero
from ._sources import asarray


def block(arrays: Any, allow_unknown_chunksizes: bool = False) -> Array:
    """An array of nested lists of arrays, the innermost along the last axis; see ``numpy.block``.

    Parameters
    ----------
    arrays : nested list of array_like
        All arrays at one depth.
    allow_unknown_chunksizes : bool
        Whether extents that are not known are taken to fit.

    Raises
    ------
    ValueError
        If arrays stand at several depths, a list is empty, or extents do not fit.

    Examples
    --------
    >>> da.block([[da.ones((1, 1)), da.zeros((1, 2))], [da.zeros((1, 3))]]).compute()
    array([[1., 0., 0.],
           [0., 0., 0.]])
    """
    depths = set(_depths(arrays, 0))
    if len(depths) != 1:
        raise ValueError(f"block: the lists are nested at several depths, {sorted(depths)}; expected one")
    (depth,) = depths
    parts = list(_leaves(arrays))
    ndim = max(depth, *(x.ndim for x in parts))
    following = iter(parts)

    def put_together(nested: Any, level: int) -> Array:
        if not isinstance(nested, list):
            x = next(following)
            return x[(None,) * (ndim - x.ndim)] if x.ndim < ndim else x
        return concatenate([put_together(each, level + 1) for each in nested], ndim - depth + level, allow_unknown_chunksizes)

    return put_together(arrays, 0)


def _depths(nested: Any, level: int) -> Any:
    if isinstance(nested, tuple):
        raise TypeError("block: expected lists, found a tuple")
    if not isinstance(nested, list):
        yield level
        return
    if not nested:
        raise ValueError("block: a list is empty")
    for each in nested:
        yield from _depths(each, level + 1)


def _leaves(nested: Any) -> Any:
    if isinstance(nested, list):
        for each in nested:
            yield from _leaves(each)
    else:
        yield asarray(nested)


def checked_axis(what: str, axis: int, ndim: int) -> int:
    """An axis counted from the first; a ValueError where there is none."""
    if not -ndim <= axis < ndim:
        raise ValueError(f"{what}: axis {axis} is out of bounds for an array of {ndim} axes")
    return axis % ndim


def _flat(what: str, arr: Any, axis: int | None) -> tuple[Array, int]:
    x = asarray(arr)
    return (x.ravel(), 0) if axis is None else (x, checked_axis(what, axis, x.ndim))


def _places(what: str, obj: Any, extent: int) -> Any:
    """Positions along an axis."""
    if isinstance(obj, Array):
        raise NotImplementedError(f"{what}: lazy positions are not there; compute() them first")
    if isinstance(obj, slice):
        return np.arange(*obj.indices(extent))
    places = np.asarray(obj)
    if places.dtype == bool:
        if places.shape != (extent,):
            raise ValueError(f"{what}: the mask has shape {places.shape}, but the axis has {extent} elements")
        return np.flatnonzero(places)
    if places.size == 0:
        return places.astype(np.int64).reshape(-1)
    if places.dtype.kind not in "iu" or places.ndim > 1:
        raise IndexError(f"{what}: expected whole numbers along one axis, found {obj!r}")
    return places


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Array:
    """The array with values put before the given positions; see ``numpy.insert``.

    Parameters
    ----------
    arr : array_like
        The array.
    obj : int, slice or list of int
        The positions before the insertion.
    values : array_like
        They are cast to the array's type.
    axis : int, optional
        The axis; the array is flattened by default.

    Raises
    ------
    IndexError, ValueError
        If a position lies outside, or values do not fit.

    Examples
    --------
    >>> da.insert(da.arange(4, chunks=2), [1, 3], 9).compute()
    array([0, 9, 1, 2, 9, 3])
    """
    x, axis = _flat("insert", arr, axis)
    extent = x.shape[axis]
    places = _places("insert", obj, extent)
    if places.size and (places.min() < -extent or places.max() > extent):
        raise IndexError(f"insert: a position of {obj!r} is out of bounds for an axis of {extent} elements")
    places = np.where(places < 0, places + extent, places)
    added = asarray(values).astype(x.dtype)
    if places.ndim == 0:
        added = added[(None,) * (x.ndim - added.ndim)] if added.ndim < x.ndim else added
        added = np.moveaxis(added, 0, axis)
        count = added.shape[axis]
        places = np.repeat(places, count)
    else:
        count = places.size
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
    added = broadcast_to(added, shape)
    order = np.argsort(places, kind="stable")
    before = (slice(None),) * axis
    pieces, start = [], 0
    for number in order.tolist():
        stop = int(places[number])
        pieces += [x[(*before, slice(start, stop))], added[(*before, slice(number, number + 1))]]
        start = stop
    pieces.append(x[(*before, slice(start, None))])
    return concatenate([each for each in pieces if each.shape[axis]] or [x], axis)


def delete(arr: Any, obj: Any, axis: int | None = None) -> Array:
    """The array without the elements at the given positions; see ``numpy.delete``.

    Raises
    ------
    IndexError
        If a position lies outside.

    Examples
    --------
    >>> da.delete(da.arange(5, chunks=2), [0, -1]).compute()
    array([1, 2, 3])
    """
    x, axis = _flat("delete", arr, axis)
    extent = x.shape[axis]
    places = np.atleast_1d(_places("delete", obj, extent))
    if places.size and (places.min() < -extent or places.max() >= extent):
        raise IndexError(f"delete: a position of {obj!r} is out of bounds for an axis of {extent} elements")
    gone = np.zeros(extent, dtype=bool)
    gone[places] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[True], gone, [True]]))).tolist()
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    before = (slice(None),) * axis
    if len(runs) > max(8, len(x.chunks[axis])):
        return x[(*before, np.flatnonzero(~gone))]
    return concatenate([x[(*before, slice(start, stop))] for start, stop in runs], axis) if runs else x[(*before, slice(0, 0))]


class _Coarsened:
    """A reduction of neighbours in a block."""

    def __init__(self, reduction: Callable, axes: dict, kwargs: dict):
        self.reduction, self.axes, self.kwargs = reduction, axes, kwargs
        self.__name__ = "coarsen"

    def __call__(self, block: Any) -> Any:
        shape = [part for axis, extent in enumerate(block.shape) for part in (extent // self.axes.get(axis, 1), self.axes.get(axis, 1))]
        return self.reduction(block.reshape(shape), axis=tuple(range(1, 2 * block.ndim, 2)), **self.kwargs)


def coarsen(reduction: Callable, x: Any, axes: dict, trim_excess: bool = False, **kwargs: Any) -> Array:
    """A reduction of so many neighbours along each axis.

    Parameters
    ----------
    reduction : callable
        Such as ``numpy.mean``: takes a NumPy array and ``axis=``.
    x : array_like
        The array.
    axes : dict
        How many neighbours become one, by axis.
    trim_excess : bool
        Whether elements at the end that are too few are left out.
    **kwargs : object
        For ``reduction``.

    Raises
    ------
    ValueError
        If an extent is no multiple, and nothing is left out.

    Examples
    --------
    >>> da.coarsen(np.sum, da.arange(6, chunks=4), {0: 2}).compute()
    array([1, 5, 9])
    """
    x = asarray(x)
    if not isinstance(axes, dict) or not all(is_integer(each) for pair in axes.items() for each in pair):
        raise TypeError(f"coarsen: axes is {axes!r}, expected a dict of axes and numbers of neighbours")
    if not callable(reduction):
        raise TypeError(f"coarsen: reduction is {reduction!r}, expected a function such as numpy.sum")
    by = {checked_axis("coarsen", axis, x.ndim): int(size) for axis, size in axes.items()}
    if any(size < 1 for size in by.values()):
        raise ValueError(f"coarsen: axes is {axes}, expected numbers of neighbours of at least 1")
    excess = {axis: x.shape[axis] % size for axis, size in by.items()}
    if any(excess.values()):
        if not trim_excess:
            raise ValueError(f"coarsen: the extents {x.shape} are no multiples of {axes}; set trim_excess=True to leave out the rest")
        x = x[tuple(slice(0, x.shape[axis] - excess.get(axis, 0)) for axis in range(x.ndim))]
    chunks = tuple(_multiples(blocks, by.get(axis, 1)) for axis, blocks in enumerate(x.chunks))
    x = x.rechunk(chunks)
    result = tuple(tuple(extent // by.get(axis, 1) for extent in blocks) for axis, blocks in enumerate(chunks))
    return map_blocks(_Coarsened(reduction, by, kwargs), x, chunks=result, dtype=_dtype_of(reduction, x, kwargs))


def _dtype_of(reduction: Callable, x: Array, kwargs: dict) -> Any:
    return np.asarray(reduction(np.ones((1,) * (2 * x.ndim), dtype=x.dtype), axis=tuple(range(1, 2 * x.ndim, 2)), **kwargs)).dtype


def _multiples(blocks: tuple, size: int) -> tuple:
    """Chunks that are about as large, and multiples."""
    if size == 1 or all(extent % size == 0 for extent in blocks):
        return blocks
    ends = [end // size * size for end in np.cumsum(blocks).tolist()]
    ends[-1] = sum(blocks)
    cut = [stop - start for start, stop in zip([0, *ends], ends) if stop > start]
    return tuple(cut) or (0,)


def tril_indices(n: int, k: int = 0, m: int | None = None, chunks: Any = "auto") -> tuple[Array, ...]:
    """The positions of the lower triangle of a matrix of ``n`` rows and ``m`` columns, up to diagonal ``k``."""
    return nonzero(tri(n, m, k=k, dtype=bool, chunks=chunks))


def triu_indices(n: int, k: int = 0, m: int | None = None, chunks: Any = "auto") -> tuple[Array, ...]:
    """The positions of the upper triangle of a matrix of ``n`` rows and ``m`` columns, from diagonal ``k`` on."""
    return nonzero(~tri(n, m, k=k - 1, dtype=bool, chunks=chunks))


def tril_indices_from(arr: Any, k: int = 0) -> tuple[Array, ...]:
    """The positions of the lower triangle of a matrix.

    Raises
    ------
    ValueError
        If it has other than two axes.
    """
    return _indices_from(tril_indices, arr, k)


def triu_indices_from(arr: Any, k: int = 0) -> tuple[Array, ...]:
    """The positions of the upper triangle of a matrix; see :func:`tril_indices_from`."""
    return _indices_from(triu_indices, arr, k)


def _indices_from(indices: Callable, arr: Any, k: int) -> tuple[Array, ...]:
    arr = asarray(arr)
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return indices(arr.shape[-2], k=k, m=arr.shape[-1], chunks=arr.chunks)


class _Unravelled:
    """Positions along the axes, one behind the other along a new first one."""

    def __init__(self, shape: tuple, order: str):
        self.shape, self.order, self.__name__ = shape, order, "unravel_index"

    def __call__(self, block: Any) -> Any:
        return np.stack(np.unravel_index(block, self.shape, self.order)) if self.shape else np.empty((0, *block.shape), dtype=np.int64)


def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Array, ...]:
    """The positions along the axes of an array of a shape, of positions in the flattened array.

    Raises
    ------
    ValueError
        When it is computed: if a position lies outside.

    Examples
    --------
    >>> [x.compute().tolist() for x in da.unravel_index(da.array([1, 5]), (2, 3))]
    [[0, 1], [1, 2]]
    """
    indices = asarray(indices)
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    made = map_blocks(_Unravelled(shape, order), indices, dtype=np.int64, chunks=((len(shape),), *indices.chunks), new_axis=0)
    return tuple(made[axis] for axis in range(len(shape)))


class _Ravelled:
    """Positions in the flattened array; those along the axes come one by one, or below each other."""

    def __init__(self, dims: Any, mode: Any, order: str, is_one_array: bool):
        self.dims, self.mode, self.order, self.is_one_array, self.__name__ = dims, mode, order, is_one_array, "ravel_multi_index"

    def __call__(self, *places: Any) -> Any:
        return np.ravel_multi_index(tuple(places[0]) if self.is_one_array else places, self.dims, self.mode, self.order)


def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = "raise", order: str = "C") -> Array:
    """The positions in the flattened array, of positions along the axes of an array of shape ``dims``.

    ``multi_index`` holds an array for each axis, or is one array with the axes along its first axis.

    Raises
    ------
    ValueError
        When it is computed: if a position lies outside, and ``mode`` is "raise".

    Examples
    --------
    >>> da.ravel_multi_index([da.array([0, 1]), da.array([1, 2])], (2, 3)).compute()
    array([1, 5])
    """
    dims = (dims,) if is_integer(dims) else tuple(dims)
    if isinstance(multi_index, (Array, np.ndarray)) and multi_index.ndim > 1:
        below = asarray(multi_index).rechunk({0: -1})
        return map_blocks(_Ravelled(dims, mode, order, True), below, dtype=np.int64, drop_axis=0)
    places = [asarray(each) for each in multi_index]
    return map_blocks(_Ravelled(dims, mode, order, False), *places, dtype=np.int64)


class _Chosen:
    """Elements of one of several arrays."""

    __name__ = "choose"

    def __call__(self, numbers: Any, *choices: Any) -> Any:
        return np.choose(numbers, choices)


def choose(a: Any, choices: Any) -> Array:
    """Elements of the choice that ``a`` numbers; see ``numpy.choose``.

    Examples
    --------
    >>> da.choose(da.array([0, 1, 1]), [da.zeros(3), da.ones(3)]).compute()
    array([0., 1., 1.])
    """
    numbers, of = asarray(a), [asarray(each) for each in choices]
    return map_blocks(_Chosen(), numbers, *of, dtype=np.result_type(*(each.dtype for each in of)))


class _Piecewise:
    """Functions of the elements where conditions hold."""

    __name__ = "piecewise"

    def __init__(self, functions: list, args: tuple, kwargs: dict):
        self.functions, self.args, self.kwargs = functions, args, kwargs

    def __call__(self, block: Any, *conditions: Any) -> Any:
        return np.piecewise(block, list(conditions), self.functions, *self.args, **self.kwargs)


def piecewise(x: Any, condlist: Any, funclist: list, *args: Any, **kw: Any) -> Array:
    """What one of several functions gives, by conditions; see ``numpy.piecewise``.

    Examples
    --------
    >>> x = da.arange(-2, 3)
    >>> da.piecewise(x, [x < 0, x >= 0], [-1, lambda x: x * 10]).compute()
    array([-1, -1,  0, 10, 20])
    """
    x = asarray(x)
    conditions = [asarray(each) for each in (condlist if isinstance(condlist, (list, tuple)) else [condlist])]
    if len(funclist) not in (len(conditions), len(conditions) + 1):
        raise ValueError(f"piecewise: with {len(conditions)} condition(s), either {len(conditions)} or {len(conditions) + 1} functions are expected")
    return map_blocks(_Piecewise(list(funclist), args, kw), x, *conditions, dtype=x.dtype)


def sinc(x: Any) -> Array:
    """``sin(pi x) / (pi x)``, and 1 at 0."""
    x = asarray(x)
    y = np.pi * np.where(x == 0, 1, x)
    return np.where(x == 0, np.ones((), y.dtype)[()], np.sin(y) / y)


def i0(x: Any) -> Array:
    """The modified Bessel function of the first kind, of order 0."""
    x = asarray(x)
    return map_blocks(np.i0, x, dtype=np.float64 if x.dtype.kind in "biu" else x.dtype)


class _Part:
    """One of the two results of a function."""

    def __init__(self, function: Any, number: int):
        self.function, self.number, self.__name__ = function, number, function.__name__

    def __call__(self, block: Any) -> Any:
        return self.function(block)[self.number]


def _two(function: Any, x: Any) -> tuple[Array, Array]:
    x = asarray(x)
    first, second = (map_blocks(_Part(function, number), x, dtype=function(np.ones(1, x.dtype))[number].dtype) for number in (0, 1))
    return first, second


def frexp(x: Any) -> tuple[Array, Array]:
    """Mantissa and exponent, to the base 2.

    Examples
    --------
    >>> [part.compute().tolist() for part in da.frexp(da.array([1.0, 6.0]))]
    [[0.5, 0.75], [1, 3]]
    """
    return _two(np.frexp, x)


def modf(x: Any) -> tuple[Array, Array]:
    """The fractional and the whole part."""
    return _two(np.modf, x)


def ldexp(x1: Any, x2: Any) -> Array:
    """``x1 * 2**x2``."""
    left, right = asarray(x1), asarray(x2)
    return map_blocks(np.ldexp, left, right, dtype=np.ldexp(np.ones(1, left.dtype), np.ones(1, right.dtype)).dtype)
