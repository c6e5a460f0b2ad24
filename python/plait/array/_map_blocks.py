"""Python functions on blocks."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._chunks import without_nan

_ops = _plait.arrays


class _Call:
    """A function with its fixed arguments; lazy arrays take the places marked None in order."""

    def __init__(self, func, places: list, kwargs: dict, dtype: np.dtype):
        self.func, self.places, self.kwargs, self.dtype = func, places, kwargs, dtype

    def __call__(self, *blocks):
        remaining = iter(blocks)
        arguments = [next(remaining) if is_block else value for is_block, value in self.places]
        return np.asarray(self.func(*arguments, **self.kwargs), dtype=self.dtype)


def map_blocks(
    func,
    *args: Any,
    name: str | None = None,
    token: str | None = None,
    dtype: Any = None,
    chunks: Any = None,
    drop_axis: Any = None,
    new_axis: Any = None,
    enforce_ndim: bool = False,
    meta: Any = None,
    **kwargs: Any,
) -> Array:
    """Apply a Python function to every block.

    Parameters
    ----------
    func : callable
        Takes the blocks of the arrays among ``args`` as NumPy arrays, the other arguments as they are, and gives a block.
    *args : object
        Arrays, whose blocks must line up, and other arguments.
    name, token : str, optional
        What the layer of tasks is called; default is the function's name.
    dtype : numpy.dtype, optional
        Of the result; default is found by calling ``func`` on tiny blocks.
    chunks : tuple, optional
        Of the result, where they are not those of the arguments: one extent or the extents of all blocks an axis.
    drop_axis, new_axis : int or tuple of int, optional
        Axes that the function removes (they must be one block) or adds.
    **kwargs : object
        Further arguments of ``func``.

    Returns
    -------
    Array
    """
    for special in ("block_id", "block_info"):
        if special in getattr(getattr(func, "__code__", None), "co_varnames", ()):
            raise NotImplementedError(f"map_blocks: functions that take {special} are not there yet")
    arrays = [arg for arg in args if isinstance(arg, Array)]
    if not arrays:
        raise TypeError("map_blocks: there is no lazy array among the arguments")
    common = _ops.common_chunks([array._expr for array in arrays])
    aligned = [_ops.align_to(array._expr, common) for array in arrays]
    places = [(isinstance(arg, Array), None if isinstance(arg, Array) else arg) for arg in args]
    if dtype is None:
        dtype = meta.dtype if meta is not None else _found_dtype(func, args, kwargs)
    blocks, result_axis = _result_blocks(common, _axes(drop_axis), _axes(new_axis))
    if chunks is not None:
        blocks = _given_chunks(chunks, blocks)
    call = _Call(func, places, kwargs, np.dtype(dtype))
    label = name or token or getattr(func, "__name__", "map_blocks").strip("<>")
    return Array(_ops.map_blocks(aligned, call, label, np.dtype(dtype), blocks, result_axis))


def _axes(axis: Any) -> list[int]:
    if axis is None:
        return []
    return [int(axis)] if isinstance(axis, numbers.Integral) else [int(one) for one in axis]


def _found_dtype(func, args: tuple, kwargs: dict) -> np.dtype:
    tiny = [np.ones((1,) * arg.ndim, dtype=arg.dtype) if isinstance(arg, Array) else arg for arg in args]
    try:
        with np.errstate(all="ignore"):
            return np.asarray(func(*tiny, **kwargs)).dtype
    except Exception as error:
        raise ValueError(f"map_blocks: the function fails on blocks of one element ({error!r}); give dtype=") from error


def _result_blocks(common: tuple, drop: list[int], new: list[int]) -> tuple[list, list[int]]:
    """The chunks of the result, and for each axis of the arguments the axis of the result that counts its blocks."""
    drop = [axis % len(common) for axis in drop]
    kept = [axis for axis in range(len(common)) if axis not in drop]
    ndim = len(kept) + len(new)
    new = sorted(axis % ndim for axis in new)
    blocks, result_axis, remaining = [], [-1] * len(common), iter(kept)
    for axis in range(ndim):
        if axis in new:
            blocks.append((1,))
        else:
            source = next(remaining)
            result_axis[source] = axis
            blocks.append(common[source])
    for axis in drop:
        if len(common[axis]) > 1:
            raise ValueError(f"map_blocks: axis {axis} is dropped, but has {len(common[axis])} blocks; rechunk it to one first")
    return blocks, result_axis


def _given_chunks(chunks: Any, blocks: list) -> tuple:
    chunks = tuple(chunks)
    if len(chunks) != len(blocks):
        raise ValueError(f"map_blocks: chunks are given for {len(chunks)} axes, but the result has {len(blocks)}")
    wanted = []
    for given, own in zip(chunks, blocks, strict=True):
        given = (given,) * len(own) if isinstance(given, numbers.Number) else tuple(given)
        if len(given) != len(own):
            raise ValueError(f"map_blocks: {len(given)} chunks are given along an axis with {len(own)} blocks")
        wanted.append(given)
    return without_nan(tuple(wanted))
