"""Which elements of which blocks: slices, positions and other chunks of arrays whose blocks are delayed NumPy arrays of objects."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ..delayed import Delayed, delayed
from ._operands import is_integer


def expanded(index: Any, ndim: int) -> list:
    """An item of the index for each axis, and None for new ones."""
    items = list(index) if isinstance(index, tuple) else [index]
    used = sum(item is not None and item is not Ellipsis for item in items)
    if used > ndim:
        raise IndexError(f"too many indices: {used} are given, but the array has {ndim} axes")
    at = next((i for i, item in enumerate(items) if item is Ellipsis), None)
    if at is None:
        return items + [slice(None)] * (ndim - used)
    return items[:at] + [slice(None)] * (ndim - used) + items[at + 1 :]


def picked_blocks(grid: Any, own_chunks: tuple, items: list) -> tuple[list[Delayed], tuple]:
    """Whole blocks of a grid, by the numbers of blocks along each axis, in C order, and their chunks."""
    if any(item is None for item in items):
        raise ValueError("None is no index of blocks; give integers, slices or lists")
    numbers = [np.atleast_1d(np.arange(len(own))[item]) for item, own in zip(expanded(tuple(items), len(own_chunks)), own_chunks, strict=True)]
    chunks = tuple(tuple(own[i] for i in chosen) for chosen, own in zip(numbers, own_chunks, strict=True))
    return list((grid[np.ix_(*numbers)] if numbers else grid).ravel()), chunks


def picked(grid: Any, own_chunks: tuple, items: list) -> tuple[list[Delayed], tuple]:
    """What slices, single places, and one list of places take of a grid of blocks: blocks in C order, and their chunks."""
    axes = [item for item in items if item is not None]
    if sum(not isinstance(item, slice) and not is_integer(item) for item in axes) > 1:
        raise NotImplementedError("an array of Python objects takes one list of places at a time")
    pieces = [_pieces_of(item, blocks) for item, blocks in zip(axes, own_chunks, strict=True)]
    final = tuple(None if item is None else 0 if is_integer(item) else slice(None) for item in items)
    chunks: list = []
    following = iter(pieces)
    for item in items:
        own = None if item is None else next(following)
        if item is None:
            chunks.append((1,))
        elif not is_integer(item):
            chunks.append(tuple(count for *_, count in own) if own else (0,))
    call = delayed(_piece, pure=True, name="getitem")
    calls = []
    for which in np.ndindex(*(max(len(own), 1) for own in pieces)):
        chosen = [own[i] if own else (0, slice(0, 0), 0) for own, i in zip(pieces, which, strict=True)]
        calls.append(call(grid[tuple(number for number, *_ in chosen)], [local for _, local, _ in chosen], final))
    return calls, tuple(chunks)


def _piece(block: Any, local: list, final: tuple) -> Any:
    return as_objects(block[tuple(local)][final]) if final else block


def _pieces_of(item: Any, blocks: tuple) -> list[tuple]:
    """Number of a block, what is taken of it, and how much that is: one after the other."""
    extent = sum(blocks)
    if is_integer(item):
        if not -extent <= item < extent:
            raise IndexError(f"index {item} is out of bounds for an axis of {extent} elements")
        places = np.array([item % extent])
    elif isinstance(item, slice):
        places = np.arange(*item.indices(extent))
    else:
        places = np.asarray(item)
        if places.dtype == bool:
            if places.shape != (extent,):
                raise IndexError(f"a mask of shape {places.shape} is no index of an axis of {extent} elements")
            places = np.flatnonzero(places)
        if places.ndim != 1 or (places.size and places.dtype.kind not in "iu"):
            raise NotImplementedError("an array of Python objects takes places along one axis only")
        if places.size and (places.min() < -extent or places.max() >= extent):
            raise IndexError(f"a place is out of bounds for an axis of {extent} elements")
        places = np.where(places < 0, places + extent, places).astype(np.int64)
    if not places.size:
        return []
    ends = np.cumsum(blocks)
    numbers = np.searchsorted(ends, places, side="right")
    cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(places)]
    found = []
    for start, stop in zip(cuts, cuts[1:]):
        number = int(numbers[start])
        local = places[start:stop] - (ends[number] - blocks[number])
        found.append((number, _as_slice(local), stop - start))
    return found


def _as_slice(places: Any) -> Any:
    """A slice where places are evenly spaced."""
    step = int(places[1] - places[0]) if len(places) > 1 else 1
    if step == 0 or (len(places) > 1 and (np.diff(places) != step).any()):
        return places
    stop = int(places[-1]) + (1 if step > 0 else -1)
    return slice(int(places[0]), None if stop < 0 else stop, step)


def pasted(grid: Any, own_chunks: tuple, chunks: tuple) -> list[Delayed]:
    """The blocks of a grid in other chunks."""
    pieces = [[_pieces_of(slice(sum(new[:i]), sum(new[: i + 1])), own) for i in range(len(new))] for new, own in zip(chunks, own_chunks, strict=True)]
    call = delayed(_paste, pure=True, name="rechunk")
    calls = []
    for index in np.ndindex(*map(len, chunks)):
        own = [pieces[axis][i] or [(0, slice(0, 0), 0)] for axis, i in enumerate(index)]
        counts = tuple(map(len, own))
        blocks = [grid[tuple(own[axis][i][0] for axis, i in enumerate(which))] for which in np.ndindex(*counts)]
        calls.append(call(counts, [[local for _, local, _ in parts] for parts in own], *blocks))
    return calls


def _paste(counts: tuple, local: list, *blocks: Any) -> Any:
    parts = [block[tuple(local[axis][i] for axis, i in enumerate(which))] for block, which in zip(blocks, np.ndindex(*counts), strict=True)]
    return assembled(parts, counts)


def assembled(blocks: list, grid: tuple) -> Any:
    """Blocks as one array; extents that were not known are theirs."""
    placed = np.empty(grid, dtype=object)
    for number, index in enumerate(np.ndindex(*grid)):
        placed[index] = blocks[number]

    def joined(part: Any, axis: int) -> Any:
        if axis == len(grid):
            return part if isinstance(part, np.ndarray) and part.dtype == object else as_objects(part)
        pieces = [joined(part[i], axis + 1) for i in range(grid[axis])]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis)

    return joined(placed if grid else blocks[0], 0)


def as_objects(x: Any) -> Any:
    """A block of Python objects."""
    if isinstance(x, np.ndarray):
        return x.astype(object)
    one = np.empty((), dtype=object)
    one[()] = x
    return one
