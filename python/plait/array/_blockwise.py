"""Python functions on blocks that are matched by the names of their axes: blockwise."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._block_call import BlockCall, Blocks, call_blocks, found_dtype, late
from ._encoded import as_elements, codes_of, has_inner_axis
from ._names import named as with_name
from ._sources import asarray

_ops = _plait.arrays


def blockwise(
    func,
    out_ind: Any,
    *args: Any,
    name: str | None = None,
    token: str | None = None,
    dtype: Any = None,
    adjust_chunks: dict | None = None,
    new_axes: dict | None = None,
    align_arrays: bool = True,
    concatenate: bool | None = None,
    meta: Any = None,
    **kwargs: Any,
) -> Array:
    """Apply a Python function to the blocks that the names of axes bring together.

    Parameters
    ----------
    func : callable
        Takes blocks and gives a block. Along an axis that ``out_ind`` does not name it gets all blocks: as one NumPy array if
        ``concatenate`` is true, else as a list, nested for several such axes.
    out_ind : iterable
        The names of the result's axes, such as ``"ij"``.
    *args : object
        Arrays, each followed by the names of its axes; or other arguments, each followed by None.
    name : str, optional
        What the blocks are called: keys of the result begin with exactly this.
    token : str, optional
        Words of that name before a hash; default is the function's name.
    dtype : numpy.dtype, optional
        Of the result; default is found by calling ``func`` on tiny blocks.
    adjust_chunks : dict, optional
        Name of an axis -> what its chunks become: a function of each extent, one extent or all.
    new_axes : dict, optional
        Name of an axis that no array has -> its extent, or the extents of its blocks.
    **kwargs : object
        Further arguments of ``func``.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If axes of one name differ in extent, or an axis of the result has no extent.
    """
    pairs = [(args[i], args[i + 1]) for i in range(0, len(args), 2)]
    pairs = [(x, None) if names is None else (asarray(x), _texts(names)) for x, names in pairs]
    operands = [x for x, names in pairs if names is not None]
    # Texts have an axis of characters, which stays whole.
    named = [(codes_of(x)._array, names + ["characters"] * has_inner_axis(x)) for x, names in pairs if names is not None]
    named = [(x, [f"{name} {i}" if name == "characters" else name for name in names]) for i, (x, names) in enumerate(named)]
    added, adjusted = ({_text(axis): value for axis, value in (given or {}).items()} for given in (new_axes, adjust_chunks))
    arrays, chunks, axes = _ops.line_up_blockwise(_texts(out_ind), named, added, adjusted, align_arrays)

    lined_up = [Array(x) for x in arrays]
    lists = iter(Blocks(x.dtype, _list_counts(own, counted, concatenate, x.ndim)) for x, own, counted in zip(operands, lined_up, axes, strict=True))
    places = [late(x) if names is None else next(lists) for x, names in pairs]
    kwargs = {key: late(value) for key, value in kwargs.items()}
    if dtype is None:
        dtype = meta.dtype if meta is not None else found_dtype("blockwise", func, [late(x) for x, _ in pairs], kwargs)
    label = name or token or getattr(func, "__name__", "blockwise").strip("<>")
    call = BlockCall(func, places, kwargs, np.dtype(dtype), "blockwise")
    return with_name(as_elements(call_blocks(lined_up, call, label, chunks, axes, join=bool(concatenate)), call.dtype), name)


def _text(axis: Any) -> str:
    return axis if isinstance(axis, str) else repr(axis)


def _texts(axes: Any) -> list[str]:
    return [_text(axis) for axis in axes]


def _list_counts(array: Array, counted: list[int], concatenate: bool | None, ndim: int) -> tuple:
    """How many blocks stand in the lists along the axes, of the first ``ndim``, that the result does not count."""
    return () if concatenate else tuple(count for count, axis in zip(array.numblocks[:ndim], counted, strict=False) if axis < 0)


def unify_chunks(*args: Any, **kwargs: Any) -> tuple[dict, list]:
    """Arrays in chunks in which they can meet: every boundary that any of them has.

    Parameters
    ----------
    *args : object
        Arrays and, behind each, the labels of its axes; None behind what is no array.

    Returns
    -------
    dict, list
        The chunks along every label, and the arrays in these chunks.

    Raises
    ------
    ValueError
        If arrays have different extents along one label.

    Examples
    --------
    >>> chunks, (x, y) = da.unify_chunks(da.ones(6, chunks=3), "i", da.ones((6, 4), chunks=2), "ij")
    >>> chunks
    {'i': (2, 1, 1, 2), 'j': (2, 2)}
    """
    if kwargs:
        raise TypeError(f"unify_chunks() got an unexpected keyword argument {next(iter(kwargs))!r}")
    if len(args) % 2:
        raise TypeError("unify_chunks: expected arrays each with the labels of its axes behind it, found an odd number of arguments")
    pairs = [(x if labels is None else asarray(x), labels) for x, labels in zip(args[::2], args[1::2], strict=True)]
    known = list(dict.fromkeys(label for _, labels in pairs if labels is not None for label in labels))
    each = [{label: extents for label, extents in zip(labels, x.chunks, strict=True)} for x, labels in pairs if labels is not None]
    if not each:
        return {}, [x for x, _ in pairs]
    together = _ops.common_chunks([tuple(of.get(label, (1,)) for label in known) for of in each], "unify_chunks")
    chunks = dict(zip(known, together, strict=True))

    def unified(x: Array, labels: Any) -> Array:
        return x.rechunk(tuple(own if own == (1,) else chunks[label] for label, own in zip(labels, x.chunks, strict=True)))

    return chunks, [x if labels is None else unified(x, labels) for x, labels in pairs]
