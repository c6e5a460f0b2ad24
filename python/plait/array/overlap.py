"""Functions on blocks that see some of their neighbours: map_overlap, and what it is made of."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._blockwise import unify_chunks
from ._encoded_functions import concatenate as concatenate_encoded
from ._layout import concatenate
from ._map_blocks import map_blocks
from ._operands import is_foreign_dtype, is_integer
from ._pad import pad

__all__ = ["ensure_minimum_chunksize", "map_overlap", "overlap", "sliding_window_view", "trim_internal", "trim_overlap"]

# How Dask calls NumPy's modes of padding.
_MODES = {"reflect": "symmetric", "periodic": "wrap", "nearest": "edge"}


def _axis(what: str, axis: Any, ndim: int) -> int:
    if not is_integer(axis) or not -ndim <= axis < ndim:
        raise ValueError(f"{what}: {axis!r} is no axis of an array of {ndim} axes")
    return int(axis) % ndim


def _for_axes(what: str, ndim: int, given: Any, default: Any) -> dict[int, Any]:
    """One value for all axes, a tuple of one for each, or a dict of some: as a dict of all."""
    if isinstance(given, dict):
        return dict.fromkeys(range(ndim), default) | {_axis(what, axis, ndim): value for axis, value in given.items()}
    if isinstance(given, tuple):
        if len(given) > ndim:
            raise ValueError(f"{what}: {given} has {len(given)} entries, but the array has {ndim} axes")
        return dict(enumerate(given + (default,) * (ndim - len(given))))
    return dict.fromkeys(range(ndim), default if given is None else given)


def _depths(ndim: int, depth: Any) -> dict[int, Any]:
    """The depth along every axis: a number, or one before and one behind."""

    def checked(value: Any) -> int:
        if not is_integer(value) or value < 0:
            raise ValueError(f"map_overlap: a depth is {value!r}, expected an integer of at least 0, or a pair of them")
        return int(value)

    return {
        axis: tuple(checked(one) for one in each) if isinstance(each, tuple) and len(each) == 2 else checked(each)
        for axis, each in _for_axes("map_overlap: depth", ndim, depth, 0).items()
    }


def _sides(depth: Any) -> tuple[int, int]:
    return depth if isinstance(depth, tuple) else (depth, depth)


def _boundaries(ndim: int, boundary: Any) -> dict[int, Any]:
    found = _for_axes("map_overlap: boundary", ndim, boundary, "none")
    for each in found.values():
        if isinstance(each, str) and each not in ("none", *_MODES):
            raise ValueError(f"map_overlap: boundary is {each!r}, expected 'none', 'reflect', 'periodic', 'nearest' or a number")
    return {axis: "none" if each is None else each for axis, each in found.items()}


def _is_none(boundary: Any) -> bool:
    return isinstance(boundary, str) and boundary == "none"


def ensure_minimum_chunksize(size: int, chunks: tuple) -> tuple:
    """Chunks along one axis that all have ``size`` elements or more: smaller ones join the chunks beside them.

    Raises
    ------
    ValueError
        If there are fewer elements altogether.

    Examples
    --------
    >>> da.overlap.ensure_minimum_chunksize(10, (20, 20, 1))
    (20, 11, 10)
    """
    if size <= min(chunks):
        return chunks
    done: list[int] = []
    pending = 0
    for extent in chunks:
        lacking = size - extent
        if lacking > 0:
            if pending > size + lacking:  # it can give what the small one lacks
                done.append(pending - lacking)
                pending = size
            else:
                pending += extent
        if pending >= size:
            done.append(pending)
            pending = 0
        if lacking <= 0:
            pending += extent
    if pending >= size:
        done.append(pending)
    elif done:
        done[-1] += pending
    else:
        raise ValueError(f"The overlapping depth {size} is larger than your array {sum(chunks)}.")
    return tuple(done)


def _large_enough(x: Array, depths: dict[int, Any]) -> tuple:
    return tuple(ensure_minimum_chunksize(max(_sides(depths[axis])), blocks) for axis, blocks in enumerate(x.chunks))


def _one_after_the_other(pieces: list, axis: int) -> Array:
    return (concatenate_encoded if any(is_foreign_dtype(x.dtype) for x in pieces) else concatenate)(pieces, axis)


def _pieces(x: Array, axis: int, ranges: list[tuple[int, int]]) -> Array:
    """The array along one axis as these pieces, which may overlap: a chunk for each."""
    before = (slice(None),) * axis
    pieces = [x[(*before, slice(start, stop))] for start, stop in ranges]
    chunks = tuple(stop - start for start, stop in ranges)
    joined = _one_after_the_other(pieces, axis) if len(pieces) > 1 else pieces[0]
    return joined if joined.chunks[axis] == chunks else joined.rechunk({axis: chunks})


def _check_known(what: str, x: Array) -> None:
    if any(extent != extent for extent in x.shape):
        raise ValueError(f"{what}: the extents of the blocks must be known; call compute_chunk_sizes() first")


def overlap(x: Array, depth: Any, boundary: Any, *, allow_rechunk: bool = True) -> Array:
    """The array with each block grown by what lies around it.

    Parameters
    ----------
    x : Array
        The array.
    depth : int, tuple or dict
        How many elements each block gets from its neighbours, for all axes or for each; a pair is before and behind.
    boundary : str, number, tuple or dict
        What lies beyond the array: "none" (nothing), "reflect", "periodic", "nearest", or a number.
    allow_rechunk : bool
        Whether blocks smaller than the depth are joined to others, rather than refused.

    Returns
    -------
    Array

    Examples
    --------
    >>> da.overlap.overlap(da.arange(6, chunks=3), depth=1, boundary=0).compute()
    array([0, 0, 1, 2, 3, 2, 3, 4, 5, 0])
    """
    _check_known("overlap", x)
    depths, boundaries = _depths(x.ndim, depth), _boundaries(x.ndim, boundary)
    chunks = _large_enough(x, depths)
    if chunks != x.chunks:
        if not allow_rechunk:
            raise ValueError(
                f"overlap: the depth {[max(_sides(each)) for each in depths.values()]} is larger than the smallest chunk of {x.chunks}; rechunk, or set "
                "allow_rechunk=True"
            )
        x = x.rechunk(chunks)
    for axis in range(x.ndim):
        before, behind = _sides(depths[axis])
        if before or behind:
            x = _grown(x, axis, before, behind, boundaries[axis])
    return x


def _grown(x: Array, axis: int, before: int, behind: int, boundary: Any) -> Array:
    stops = list(accumulate(x.chunks[axis]))
    starts = [0, *stops[:-1]]
    if _is_none(boundary):
        extent = stops[-1]
        return _pieces(x, axis, [(max(0, start - before), min(extent, stop + behind)) for start, stop in zip(starts, stops, strict=True)])
    widths = [(before, behind) if one == axis else (0, 0) for one in range(x.ndim)]
    if isinstance(boundary, str):
        around = pad(x, widths, _MODES[boundary])
    else:
        around = pad(x, widths, "constant", constant_values=np.full((), boundary, dtype=x.dtype)[()])
    return _pieces(around, axis, [(start, stop + before + behind) for start, stop in zip(starts, stops, strict=True)])


def trim_internal(x: Array, axes: dict, boundary: Any = None) -> Array:
    """The array with so much cut off each block as :func:`overlap` added to it.

    Parameters
    ----------
    x : Array
        The array.
    axes : dict
        The depths, by axis.
    boundary : str, number, tuple or dict, optional
        What was said of the boundaries: where it was "none", the first block lost nothing before, and the last nothing behind.
    """
    _check_known("trim_internal", x)
    depths, boundaries = _depths(x.ndim, axes), _boundaries(x.ndim, boundary)
    for axis in range(x.ndim):
        before, behind = _sides(depths[axis])
        if not before and not behind:
            continue
        stops = list(accumulate(x.chunks[axis]))
        starts = [0, *stops[:-1]]
        firsts, lasts = [start + before for start in starts], [stop - behind for stop in stops]
        if _is_none(boundaries[axis]):
            firsts[0], lasts[-1] = 0, stops[-1]
        if any(first > last for first, last in zip(firsts, lasts, strict=True)):
            raise ValueError(f"trim_internal: a block of {x.chunks[axis]} along axis {axis} is smaller than the {before} and {behind} elements to cut off")
        x = _pieces(x, axis, list(zip(firsts, lasts, strict=True)))
    return x


def trim_overlap(x: Array, depth: Any, boundary: Any = None) -> Array:
    """The same as :func:`trim_internal`, with depths as :func:`map_overlap` takes them."""
    return trim_internal(x, _depths(x.ndim, depth), boundary)


def map_overlap(
    func: Callable,
    *args: Any,
    depth: Any = None,
    boundary: Any = None,
    trim: bool = True,
    align_arrays: bool = True,
    allow_rechunk: bool = True,
    **kwargs: Any,
) -> Array:
    """Apply a Python function to every block together with what lies around it, and cut that off the result again.

    Parameters
    ----------
    func : callable
        Takes blocks and gives one of the same shape.
    *args : Array
        The arrays, whose blocks must line up.
    depth : int, tuple, dict or list, optional
        How many elements each block gets from its neighbours, for all axes or for each; a pair is before and behind. A list
        has an entry for each array.
    boundary : str, number, tuple, dict or list, optional
        What lies beyond the array: "none" (nothing; the default), "reflect" (mirrored), "periodic", "nearest", or a number.
    trim : bool
        Whether to cut off what was added; else ``func`` has done so.
    align_arrays : bool
        Whether arrays in different chunks are cut alike.
    allow_rechunk : bool
        Whether blocks smaller than the depth are joined to others, rather than refused.
    **kwargs : object
        What else `map_blocks` takes: ``dtype``, ``chunks``, ``drop_axis``, arguments of ``func``, ...

    Returns
    -------
    Array

    Raises
    ------
    TypeError
        If an argument is no array, or ``func`` no function.
    ValueError
        If a depth or boundary is none, or larger than the array.
    NotImplementedError
        If depths before and behind differ along an axis with a boundary.

    Examples
    --------
    >>> x = da.array([1, 1, 2, 3, 3, 3, 2, 1, 1]).rechunk(5)
    >>> x.map_overlap(lambda block: block - np.roll(block, 1), depth=1, boundary=0).compute()
    array([ 1,  0,  1,  1,  0,  0, -1, -1,  0])
    """
    if isinstance(func, Array) and args and callable(args[0]):
        warnings.warn("map_overlap(array, func, ...) is deprecated: give the function first, map_overlap(func, array, ...)", FutureWarning, stacklevel=2)
        old = dict(zip(("depth", "boundary", "trim"), args[1:], strict=False))
        depth, boundary, trim = old.get("depth", depth), old.get("boundary", boundary), old.get("trim", trim)
        func, args = args[0], (func,)
    if not callable(func):
        raise TypeError(f"map_overlap: expected a function and arrays, as in map_overlap(function, x, y); the first argument is {type(func).__name__}")
    if not args or not all(isinstance(x, Array) for x in args):
        raise TypeError(f"map_overlap: all arguments behind the function must be arrays, found {[type(x).__name__ for x in args]}")
    arrays = list(args)
    depths = [_depths(x.ndim, each) for x, each in zip(arrays, _for_arrays("depth", arrays, depth), strict=True)]
    boundaries = [_boundaries(x.ndim, each) for x, each in zip(arrays, _for_arrays("boundary", arrays, boundary), strict=True)]
    if align_arrays and len(arrays) > 1:
        labelled = [part for x in arrays for part in (x, [x.ndim - 1 - axis for axis in range(x.ndim)])]
        arrays = unify_chunks(*labelled)[1]
    if all(_sides(depth) == (0, 0) for each in depths for depth in each.values()):
        return map_blocks(func, *arrays, **kwargs)
    for number, (own, bounds) in enumerate(zip(depths, boundaries, strict=True)):
        for axis, each in own.items():
            if isinstance(each, tuple) and not _is_none(bounds[axis]):
                raise NotImplementedError(f"map_overlap: depths before and behind are for boundary 'none'; argument {number} has {bounds[axis]!r} along axis {axis}")
    for x in arrays:
        _check_known("map_overlap", x)
    if not trim and "chunks" not in kwargs:
        kwargs["chunks"] = _large_enough(arrays[0], depths[0]) if allow_rechunk else arrays[0].chunks
    grown = [overlap(x, own, bounds, allow_rechunk=allow_rechunk) for x, own, bounds in zip(arrays, depths, boundaries, strict=True)]
    mapped = map_blocks(func, *grown, **kwargs)
    if not trim:
        return mapped
    first = max(range(len(grown)), key=lambda number: (grown[number].ndim, -number))
    ndim = grown[first].ndim
    axes = _result_axes(ndim, kwargs.get("drop_axis"), kwargs.get("new_axis"))
    own, bounds = depths[first], boundaries[first]
    trimmed = {axis: own[source] for axis, source in enumerate(axes) if source is not None}
    return trim_internal(mapped, trimmed, {axis: bounds[source] for axis, source in enumerate(axes) if source is not None})


def _for_arrays(what: str, arrays: list, given: Any) -> list:
    each = given if isinstance(given, list) else [given] * len(arrays)
    if len(each) != len(arrays):
        raise ValueError(f"map_overlap: {what} has {len(each)} entries for {len(arrays)} arrays")
    return each


def _result_axes(ndim: int, drop_axis: Any, new_axis: Any) -> list:
    """For each axis of the result, the one of the arguments that it was; None for a new one."""
    dropped: list[int] = [] if drop_axis is None else [drop_axis] if is_integer(drop_axis) else list(drop_axis)
    added: list[int] = [] if new_axis is None else [new_axis] if is_integer(new_axis) else list(new_axis)
    gone = {axis % ndim for axis in dropped}
    axes: list[int | None] = [axis for axis in range(ndim) if axis not in gone]
    for axis in sorted(each if each >= 0 else each + len(axes) + len(added) for each in added):
        axes.insert(axis, None)
    return axes


def sliding_window_view(x: Array, window_shape: Any, axis: Any = None, automatic_rechunk: bool = True) -> Array:
    """All windows of a shape that fit in the array, along new last axes; see ``numpy.lib.stride_tricks.sliding_window_view``.

    Parameters
    ----------
    x : Array
        The array.
    window_shape : int or tuple of int
        The extents of the window.
    axis : int or tuple of int, optional
        The axes along which it slides, one for each of its extents; all by default.
    automatic_rechunk : bool
        Whether the other axes are cut finer, so that blocks stay about as large as they were.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If an extent is not positive, or there are not as many axes as extents.

    Examples
    --------
    >>> da.lib.stride_tricks.sliding_window_view(da.arange(4, chunks=2), 3).compute()
    array([[0, 1, 2],
           [1, 2, 3]])
    """
    window = tuple(window_shape) if np.iterable(window_shape) else (window_shape,)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = tuple(_axis("sliding_window_view", one, x.ndim) for one in axes)
    if any(extent <= 0 for extent in window):
        raise ValueError(f"sliding_window_view: window_shape is {window_shape}, expected extents of at least 1")
    if len(axes) != len(window):
        raise ValueError(f"sliding_window_view: window_shape has {len(window)} extents for {len(axes)} axes")
    depths = [0] * x.ndim
    for one, extent in zip(axes, window, strict=True):
        depths[one] += extent - 1
    chunks = tuple(ensure_minimum_chunksize(depth + 1, blocks) for depth, blocks in zip(depths, x.chunks, strict=True))
    if automatic_rechunk:
        chunks = _cut_finer(chunks, depths, math.prod(window))
    x = x.rechunk(chunks)
    own = tuple((*blocks[:-1], blocks[-1] - depth) for depth, blocks in zip(depths, x.chunks, strict=True))
    return map_overlap(
        np.lib.stride_tricks.sliding_window_view,
        x,
        depth={one: (0, depth) for one, depth in enumerate(depths)},
        boundary="none",
        trim=False,
        dtype=x.dtype,
        chunks=(*own, *((extent,) for extent in window)),
        new_axis=list(range(x.ndim, x.ndim + len(axes))),
        window_shape=window,
        axis=axes,
    )


def _cut_finer(chunks: tuple, depths: list[int], times: int) -> tuple:
    """The chunks with the axes along which nothing slides cut, where blocks grow so many times."""
    cut = list(chunks)
    for axis, depth in enumerate(depths):
        if depth or times <= 1:
            continue
        largest = max(cut[axis])
        wanted = max(1, largest // times)
        times = -(-times * wanted // largest) if largest else times
        cut[axis] = tuple(part for extent in cut[axis] for part in _parts(extent, wanted))
    return tuple(cut)


def _parts(extent: int, wanted: int) -> list[int]:
    whole, rest = divmod(extent, wanted)
    return [wanted] * whole + [rest] * (rest > 0) or [0]
