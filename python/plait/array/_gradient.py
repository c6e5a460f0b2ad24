"""Derivatives by differences of neighbours."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._layout import concatenate
from ._operands import is_scalar
from ._sources import asarray


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """The derivative along each axis, by central differences inside and one-sided ones at the ends; see ``numpy.gradient``.

    Parameters
    ----------
    f : array_like
        The array.
    *varargs : number or array_like
        The distance of neighbours, or their coordinates: one for all axes, or one for each.
    axis : int or tuple of int, optional
        The axes; all by default.
    edge_order : {1, 2}
        The order of accuracy at the ends.

    Returns
    -------
    Array or list of Array
        For one ``axis`` an array, otherwise a list of one for each.

    Raises
    ------
    ValueError
        If an axis is none or given twice, has too few elements for ``edge_order``, or coordinates do not fit it.
    TypeError
        If there are other numbers of distances than axes.

    Examples
    --------
    >>> da.gradient(da.array([1.0, 2.0, 4.0, 7.0]), axis=0).compute()
    array([1. , 1.5, 2.5, 3. ])
    """
    f = asarray(f)
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: edge_order is {edge_order!r}, expected 1 or 2")
    axes: tuple = tuple(range(f.ndim)) if axis is None else (axis,) if isinstance(axis, numbers.Integral) else tuple(axis)
    if any(not -f.ndim <= one < f.ndim for one in axes):
        raise ValueError(f"gradient: axis {axis} is out of bounds for an array of {f.ndim} axes")
    axes = tuple(one % f.ndim for one in axes)
    if len(set(axes)) != len(axes):
        raise ValueError(f"gradient: axis {axis} names an axis twice")
    spacings = varargs or (1.0,)
    if len(spacings) == 1:
        spacings = spacings * len(axes)
    if len(spacings) != len(axes):
        raise TypeError(f"gradient: {len(spacings)} distances are given for {len(axes)} axes; expected one for all, or one for each")
    if f.dtype.kind in "biu":
        f = f.astype(np.float64)
    found = [_along(f, one, spacing, edge_order) for one, spacing in zip(axes, spacings, strict=True)]
    return found[0] if isinstance(axis, numbers.Integral) else found


def _along(f: Array, axis: int, spacing: Any, edge_order: int) -> Array:
    extent = f.shape[axis]
    if extent < edge_order + 1:
        raise ValueError(f"gradient: axis {axis} has {extent} elements, at least {edge_order + 1} are needed for edge_order={edge_order}")
    steps = _steps(spacing, axis, extent)

    def part(start: int | None, stop: int | None) -> Array:
        return f[(slice(None),) * axis + (slice(start, stop),)]

    def step(start: int | None, stop: int | None) -> Any:
        if is_scalar(steps):
            return steps
        return steps[start:stop].reshape((-1,) + (1,) * (f.ndim - axis - 1))

    pieces = [_first(part, step, edge_order), _inner(part, step, is_scalar(steps)), _last(part, step, edge_order)]
    joined = concatenate([piece for piece in pieces if piece.shape[axis]], axis=axis)
    return joined.astype(f.dtype).rechunk(f.chunks)


def _steps(spacing: Any, axis: int, extent: int) -> Any:
    """The distance of neighbours, or one for each pair of them."""
    if isinstance(spacing, numbers.Number) or is_scalar(spacing):
        return spacing
    if not isinstance(spacing, Array):
        spacing = np.asanyarray(spacing)
    if spacing.ndim == 0:
        return spacing[()] if isinstance(spacing, np.ndarray) else spacing.compute()
    if spacing.ndim != 1 or spacing.shape[0] != extent:
        raise ValueError(f"gradient: coordinates of shape {spacing.shape} are given for axis {axis} of {extent} elements")
    if spacing.dtype.kind in "biu":
        spacing = spacing.astype(np.float64)
    steps = spacing[1:] - spacing[:-1]
    # Evenly spaced coordinates are one distance, as in NumPy.
    return steps[0] if isinstance(steps, np.ndarray) and (steps == steps[0]).all() else steps


def _inner(part: Any, step: Any, is_even: bool) -> Array:
    if is_even:
        return (part(2, None) - part(None, -2)) / (2.0 * step(None, None))
    before, behind = step(None, -1), step(1, None)
    both = before + behind
    return -behind / (before * both) * part(None, -2) + (behind - before) / (before * behind) * part(1, -1) + before / (behind * both) * part(2, None)


def _first(part: Any, step: Any, edge_order: int) -> Array:
    one = step(0, 1)
    if edge_order == 1:
        return (part(1, 2) - part(0, 1)) / one
    two = step(1, 2)
    both = one + two
    return -(2.0 * one + two) / (one * both) * part(0, 1) + both / (one * two) * part(1, 2) - one / (two * both) * part(2, 3)


def _last(part: Any, step: Any, edge_order: int) -> Array:
    two = step(-1, None)
    if edge_order == 1:
        return (part(-1, None) - part(-2, -1)) / two
    one = step(-2, -1)
    both = one + two
    return two / (one * both) * part(-3, -2) - both / (one * two) * part(-2, -1) + (2.0 * two + one) / (two * both) * part(-1, None)
