"""Python functions on blocks that line up: map_blocks."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._creation import zeros
from ._encoded import as_elements, codes_of, has_inner_axis
from ._object_map_blocks import mapped
from ._masked import is_masked
from ._names import named
from ._objects import is_objects
from ._block_call import BlockCall, BlockInfo, Blocks, call_blocks, late, tiny_result

_ops = _plait.arrays


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

    A function with an argument ``block_id`` is told the block's index in the result, one with ``block_info`` a dict: under
    None and under the position of each array among ``args``, its "shape", "num-chunks", "array-location" and
    "chunk-location"; under None also "chunk-shape" and "dtype".

    Parameters
    ----------
    func : callable
        Takes the blocks of the arrays among ``args`` as NumPy arrays, the other arguments as they are, and gives a block.
    *args : object
        Arrays, whose blocks must line up, and other arguments; delayed values, and what holds some, are given as their values. Arrays
        of other extents go together by the numbers of their blocks.
    name : str, optional
        What the blocks are called: keys of the result begin with exactly this.
    token : str, optional
        Words of that name before a hash; default is the function's name.
    dtype : numpy.dtype, optional
        Of the result; default is found by calling ``func`` on tiny blocks.
    chunks : tuple, optional
        Of the result, where they are not those of the arguments: one extent or the extents of all blocks an axis.
    drop_axis, new_axis : int or tuple of int, optional
        Axes that the function removes or adds; without them, ``chunks`` of more axes add some in front. It gets all blocks along an axis that it removes as one.
    enforce_ndim : bool
        Whether a block of another number of axes is refused even if it is a single element where one is expected.
    **kwargs : object
        Further arguments of ``func``. Lazy arrays among them are given as whole NumPy arrays.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the arrays' blocks do not line up, or if ``func`` fails on tiny blocks and there is no ``dtype``. When it is
        computed: if ``func`` gives a block of another shape than the result's chunks say.
    TypeError
        When it is computed: if ``func`` gives elements that do not cast safely to ``dtype``.

    Examples
    --------
    >>> da.map_blocks(lambda block: block * 2, da.arange(4, chunks=2), dtype=int).compute()
    array([0, 2, 4, 6])
    """
    if isinstance(chunks, (tuple, list)) and drop_axis is None and new_axis is None:
        axes_of_blocks = max((arg.ndim for arg in args if isinstance(arg, Array)), default=None)
        if axes_of_blocks is not None and len(chunks) > axes_of_blocks:
            new_axis = list(range(len(chunks) - axes_of_blocks))
    wanted = dtype if dtype is not None else getattr(meta, "dtype", None)
    label = name or token or getattr(func, "__name__", "map_blocks").strip("<>")
    lazy_kwargs = [value for value in kwargs.values() if isinstance(value, Array)]
    if is_masked(meta) or any(is_objects(arg) or is_masked(arg) for arg in (*args, *lazy_kwargs)) or wanted is not None and np.dtype(wanted) == object:
        return named(mapped(func, args, kwargs, wanted, chunks, drop_axis, new_axis, label, is_masked(meta)), name)
    given = {number: arg for number, arg in enumerate(args) if isinstance(arg, Array)}
    found = {number: _without_characters(arg)._array for number, arg in given.items()}
    lined_up, blocks, axes = _ops.line_up_blocks(list(found.values()), _axes(drop_axis), _axes(new_axis), chunks)
    arrays = {number: Array(x) for number, x in zip(found, lined_up, strict=True)}
    axes_of = dict(zip(found, axes, strict=True))

    about = BlockInfo(func, arrays, blocks, axes_of, None)
    if meta is not None and dtype is None:
        dtype = meta.dtype
    if dtype is None:
        first = about.of_block((0,) * len(blocks)) if about.is_wanted else {}
        sample = tiny_result("map_blocks", func, list(map(late, args)), {key: late(value) for key, value in kwargs.items()} | first)
        if is_masked(sample):
            return named(mapped(func, args, kwargs, sample.dtype, chunks, drop_axis, new_axis, label, True), name)
        dtype = sample.dtype
    about.dtype = np.dtype(dtype)
    places = [Blocks(arg.dtype) if number in arrays else late(arg) for number, arg in enumerate(args)]
    # Lazy arrays among the keywords are given whole to every call.
    whole = {key: value for key, value in kwargs.items() if isinstance(value, Array)}
    lazy = {key: late(value) for key, value in kwargs.items()}
    call = BlockCall(func, places, lazy | {key: Blocks(value.dtype) for key, value in whole.items()}, np.dtype(dtype), "map_blocks", about, enforce_ndim)
    blocks_of = [_in_chunks(given[number], arrays[number]) for number in arrays]
    axes = [[*own, *[-1] * (x.ndim - len(own))] for x, own in zip(blocks_of, axes_of.values(), strict=True)]
    engines = [codes_of(value) for value in whole.values()]
    axes += [[-1] * value.ndim for value in engines]
    return named(as_elements(call_blocks([*blocks_of, *engines], call, label, blocks, axes), call.dtype), name)


def _without_characters(x: Array) -> Array:
    """An array of the same chunks that has no axis of characters."""
    return zeros(x.shape, chunks=x.chunks, dtype=bool) if has_inner_axis(x) else codes_of(x)


def _in_chunks(x: Array, lined_up: Array) -> Array:
    """The engine's array in the chunks that go together."""
    return codes_of(x if x.chunks == lined_up.chunks else x.rechunk(lined_up.chunks)) if has_inner_axis(x) else lined_up


def _axes(axis: Any) -> Any:
    return [] if axis is None else axis
