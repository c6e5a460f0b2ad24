"""Elements around an array."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._map_blocks import map_blocks
from ._operands import engine, is_integer
from ._sources import asanyarray

_ops = _plait.arrays

# Which arguments the modes take beside the widths.
_ARGUMENTS = {
    "constant": "constant_values",
    "linear_ramp": "end_values",
    **dict.fromkeys(("maximum", "mean", "median", "minimum"), "stat_length"),
    **dict.fromkeys(("reflect", "symmetric"), "reflect_type"),
}


def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Array:
    """The array with more elements around it; see ``numpy.pad``.

    Parameters
    ----------
    array : array_like
        The array.
    pad_width : int, tuple or dict
        How many elements come before and after, for all axes or for each.
    mode : str or callable
        Where they come from: "constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect",
        "symmetric", "wrap", or "empty" (zeros). With a function, or dates, texts or Python objects, NumPy works on the whole
        array in one task.
    **kwargs : object
        ``constant_values``, ``end_values``, ``stat_length`` or ``reflect_type``, of the modes that take them.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the mode is unknown or does not take an argument, a width is negative, or an axis has no elements.
    Examples
    --------
    >>> da.pad(da.arange(3), 1).compute()
    array([0, 0, 1, 2, 0])
    """
    given = asanyarray(array)
    if callable(mode) or given._is_encoded:
        return _by_numpy(given, pad_width, mode, kwargs)
    x = engine(given)
    unknown = set(kwargs) - {_ARGUMENTS.get(mode)}
    if unknown:
        raise ValueError(f"pad: unsupported arguments for mode {mode!r}: {', '.join(sorted(unknown))}")
    values = kwargs.get("constant_values", kwargs.get("end_values", 0))
    lengths, reflect_type = kwargs.get("stat_length"), kwargs.get("reflect_type", "even")
    padded = Array(_ops.pad(x, pad_width, mode, values, lengths, reflect_type))
    return given if padded.shape == given.shape else padded


def _by_numpy(x: Array, pad_width: Any, mode: Any, kwargs: dict) -> Array:
    if isinstance(pad_width, dict):
        pad_width = [pad_width.get(axis, pad_width.get(axis - x.ndim, (0, 0))) for axis in range(x.ndim)]
        pad_width = [(width, width) if is_integer(width) else width for width in pad_width]
    widths = np.broadcast_to(pad_width, (x.ndim, 2)).tolist()
    chunks = tuple((before + extent + after,) for (before, after), extent in zip(widths, x.shape, strict=True))
    return map_blocks(np.pad, x.rechunk((-1,) * x.ndim), widths, mode=mode, dtype=x.dtype, chunks=chunks, name="pad", **kwargs)
