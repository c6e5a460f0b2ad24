"""Elements around an array."""

from __future__ import annotations

from typing import Any

from .. import _plait
from ._array import Array
from ._operands import engine

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
    mode : str
        Where they come from: "constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect",
        "symmetric", "wrap", or "empty" (zeros).
    **kwargs : object
        ``constant_values``, ``end_values``, ``stat_length`` or ``reflect_type``, of the modes that take them.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If the mode is unknown or does not take an argument, a width is negative, or an axis has no elements.
    NotImplementedError
        If the mode is a function.

    Examples
    --------
    >>> da.pad(da.arange(3), 1).compute()
    array([0, 0, 1, 2, 0])
    """
    if callable(mode):
        raise NotImplementedError("pad: a function as mode is not there yet; expected a mode by name, such as 'constant'")
    x = engine(array)
    unknown = set(kwargs) - {_ARGUMENTS.get(mode)}
    if unknown:
        raise ValueError(f"pad: unsupported arguments for mode {mode!r}: {', '.join(sorted(unknown))}")
    values = kwargs.get("constant_values", kwargs.get("end_values", 0))
    lengths, reflect_type = kwargs.get("stat_length"), kwargs.get("reflect_type", "even")
    return Array(_ops.pad(x, pad_width, mode, values, lengths, reflect_type))
