"""Python functions of the lines of an array along an axis."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import numpy as np
from ._array import Array
from ._map_blocks import map_blocks
from ._pieces import checked_axis
from ._sources import asarray


class _AlongAxis:
    """Calls a function for every line of a block."""

    def __init__(self, func1d: Callable, axis: int, args: tuple, kwargs: dict, dtype: Any, shape: tuple):
        self.func1d, self.axis, self.args, self.kwargs = func1d, axis, args, kwargs
        self.dtype, self.shape = dtype, shape
        self.__name__ = f"{getattr(func1d, '__name__', 'function').strip('<>')}-along-axis"

    def __call__(self, block: Any, **whole: Any) -> Any:
        before, behind = block.shape[: self.axis], block.shape[self.axis + 1 :]
        if 0 in before or 0 in behind:  # in which there is no line
            return np.empty((*before, *self.shape, *behind), self.dtype)
        args = [whole[each.name] if isinstance(each, _Whole) else each for each in self.args]
        kwargs = {name: whole[each.name] if isinstance(each, _Whole) else each for name, each in self.kwargs.items()}
        return np.apply_along_axis(self.func1d, self.axis, block, *args, **kwargs)


class _Whole:
    """The place of a lazy array among the arguments, which is given as a NumPy array."""

    def __init__(self, name: str):
        self.name = name


def apply_along_axis(func1d: Callable, axis: int, arr: Any, *args: Any, dtype: Any = None, shape: tuple | None = None, **kwargs: Any) -> Array:
    """Apply a Python function to every line along an axis; see ``numpy.apply_along_axis``.

    Parameters
    ----------
    func1d : callable
        Takes an array of one axis, and gives a number or an array.
    axis : int
        The axis along which the lines go.
    arr : array_like
        The array.
    *args, **kwargs : object
        Further arguments of ``func1d``; lazy arrays among them are given as whole NumPy arrays.
    dtype : numpy.dtype, optional
        Of the result, and its ``shape`` for one line; default is found by calling ``func1d`` on a line of ones.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If there is no such axis. When it is computed: if ``func1d`` gives another shape.

    Examples
    --------
    >>> x = da.from_array(np.array([[1, 5], [7, 2]]), chunks=1)
    >>> da.apply_along_axis(np.ptp, 0, x).compute()
    array([6, 3])
    """
    x = asarray(arr)
    axis = checked_axis("apply_along_axis", axis, x.ndim)
    if shape is None or dtype is None:
        length = x.shape[axis] if x.shape[axis] == x.shape[axis] else 1  # of any, where the extent is not known
        try:
            found = np.array(func1d(np.ones(length, dtype=x.dtype), *args, **kwargs))
        except Exception as error:
            raise ValueError(f"apply_along_axis: the function fails on a line of {length} ones ({error!r}); give dtype= and shape=") from error
        shape = found.shape if shape is None else shape
        dtype = found.dtype if dtype is None else dtype
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    whole: dict[str, Any] = {}

    def place(value: Any) -> Any:
        if not isinstance(value, Array):
            return value
        name = f"whole_{len(whole)}"
        whole[name] = value
        return _Whole(name)

    call = _AlongAxis(func1d, axis, tuple(place(each) for each in args), {name: place(each) for name, each in kwargs.items()}, dtype, shape)
    return map_blocks(
        call,
        x,
        dtype=dtype,
        chunks=(*x.chunks[:axis], *((extent,) for extent in shape), *x.chunks[axis + 1 :]),
        drop_axis=axis,
        new_axis=list(range(axis, axis + len(shape))),
        **whole,
    )


def apply_over_axes(func: Callable, a: Any, axes: Any) -> Array:
    """Apply ``func(x, axis)`` for one axis after the other; see ``numpy.apply_over_axes``.

    Parameters
    ----------
    func : callable
        Takes an array and an axis, and gives an array without that axis, or with as many axes.
    a : array_like
        The array.
    axes : int or tuple of int
        The axes.

    Raises
    ------
    ValueError
        If there is no such axis, or ``func`` gives an array of other numbers of axes.

    Examples
    --------
    >>> da.apply_over_axes(da.sum, da.ones((2, 3)), (0, 1)).compute()
    array([[6.]])
    """
    result = asarray(a)
    ndim = result.ndim
    for one in axes if isinstance(axes, (tuple, list)) else (axes,):
        axis = checked_axis("apply_over_axes", one, ndim)
        made = asarray(func(result, axis))
        if made.ndim == ndim - 1:
            made = made[(slice(None),) * axis + (None,)]
        elif made.ndim != ndim:
            raise ValueError(f"apply_over_axes: the function gave an array of {made.ndim} axes, expected {ndim - 1} or {ndim}")
        result = made
    return result
