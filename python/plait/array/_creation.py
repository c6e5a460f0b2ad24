"""New arrays: constants, ranges, diagonals."""

from __future__ import annotations

import math
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._names import named
from ._operands import engine
from ._sources import asarray

_ops = _plait.arrays


def only_known(what: str, kwargs: dict) -> None:
    """Refuses arguments that no function which makes arrays takes."""
    unknown = [name for name in kwargs if name not in ("name", "meta", "order", "like")]
    if unknown:
        raise TypeError(f"{what}: unexpected arguments {', '.join(unknown)}; expected shape, dtype and chunks")


def _shape(shape: Any) -> Any:
    """A shape as the engine takes it; it may come as an array."""
    return tuple(shape.tolist()) if isinstance(shape, np.ndarray) and shape.ndim == 1 else shape


def ones(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of ones.

    Parameters
    ----------
    shape : int or tuple of int
        The extents.
    dtype : numpy.dtype
        Of the elements.
    chunks : int, str, tuple or dict
        See `normalize_chunks`.

    Returns
    -------
    Array

    Raises
    ------
    ValueError
        If an extent is negative, or the chunks do not fit.

    Examples
    --------
    >>> da.ones((2, 2), chunks=1).compute()
    array([[1., 1.],
           [1., 1.]])
    """
    only_known("ones", kwargs)
    return named(Array(_ops.ones(_shape(shape), chunks, dtype or float)), kwargs.get("name"))


def zeros(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of zeros. Takes the arguments of `ones`.

    Examples
    --------
    >>> da.zeros(3).compute()
    array([0., 0., 0.])
    """
    only_known("zeros", kwargs)
    return named(Array(_ops.zeros(_shape(shape), chunks, dtype or float)), kwargs.get("name"))


def empty(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of arbitrary elements, here zeros. Takes the arguments of `ones`.

    Examples
    --------
    >>> da.empty(3).shape
    (3,)
    """
    only_known("empty", kwargs)
    return named(Array(_ops.empty(_shape(shape), chunks, dtype or float)), kwargs.get("name"))


def full(shape: Any, fill_value: Any, dtype: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of one value. Takes the arguments of `ones` and the value.

    Raises
    ------
    ValueError
        If the value is no scalar.

    Examples
    --------
    >>> da.full((2,), 7).compute()
    array([7, 7])
    """
    only_known("full", kwargs)
    return named(Array(_ops.full(_shape(shape), scalar("full", fill_value), chunks, dtype)), kwargs.get("name"))


def scalar(what: str, value: Any) -> Any:
    """The one value of an array of it; a lazy one is computed."""
    if np.ndim(value) != 0:
        raise ValueError(f"{what}: fill_value has shape {np.shape(value)}, expected a scalar; use broadcast_to for arrays")
    return value.compute() if isinstance(value, Array) else value


def ones_like(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """Ones in the shape, dtype and chunks of ``a``.

    Examples
    --------
    >>> da.ones_like(da.arange(3)).compute()
    array([1, 1, 1])
    """
    return named(Array(_ops.ones_like(engine(a), dtype, chunks, _shape(shape))), name)


def zeros_like(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """Zeros in the shape, dtype and chunks of ``a``.

    Examples
    --------
    >>> da.zeros_like(da.arange(3)).compute()
    array([0, 0, 0])
    """
    return named(Array(_ops.zeros_like(engine(a), dtype, chunks, _shape(shape))), name)


def empty_like(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """Arbitrary elements, here zeros, in the shape, dtype and chunks of ``a``."""
    return named(Array(_ops.empty_like(engine(a), dtype, chunks, _shape(shape))), name)


def full_like(a: Any, fill_value: Any, order: str = "C", dtype: Any = None, chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """One value in the shape, dtype and chunks of ``a``.

    Examples
    --------
    >>> da.full_like(da.arange(3), 7).compute()
    array([7, 7, 7])
    """
    return named(Array(_ops.full_like(engine(a), scalar("full_like", fill_value), dtype, chunks, _shape(shape))), name)


def arange(start: Any = None, stop: Any = None, step: Any = 1, *, chunks: Any = "auto", like: Any = None, dtype: Any = None, **kwargs: Any) -> Array:
    """Evenly spaced numbers from ``start`` up to, not including, ``stop``; one argument alone is the stop.

    Parameters
    ----------
    start, stop, step : number
        As of ``numpy.arange``.
    chunks : int, str or tuple
        See `normalize_chunks`.
    dtype : numpy.dtype, optional
        Of the elements; default follows from the numbers.

    Raises
    ------
    ValueError
        If the step is zero.
    TypeError
        If nothing says where to stop.

    Examples
    --------
    >>> da.arange(2, 10, 3, chunks=2).compute()
    array([2, 5, 8])
    """
    only_known("arange", kwargs)
    if start is None and stop is None:
        raise TypeError("arange() requires stop to be specified.")
    start, stop = (0, start) if stop is None else (0 if start is None else start, stop)
    if isinstance(step, float) and any(isinstance(end, int) and abs(end) > _EXACT for end in (start, stop)):
        return _floats_between_large_numbers(start, stop, step, chunks, dtype)
    return named(Array(_ops.arange(start, stop, step, chunks, dtype)), kwargs.get("name"))


_EXACT = 2**53  # beyond which floats leave out whole numbers


def _floats_between_large_numbers(start: Any, stop: Any, step: float, chunks: Any, dtype: Any) -> Array:
    # As NumPy: their number follows from the exact ends, the elements from the first two as floats.
    if step == 0 or step != step:
        raise ValueError(f"arange: step is {step}, expected another number than 0")
    count = max(math.ceil((stop - start) / step), 0)
    first, second = float(start), float(start + step)
    found = Array(_ops.arange(0, count, 1, chunks, float)) * (second - first) + first
    return found if dtype is None else found.astype(dtype)


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, chunks: Any = "auto", dtype: Any = None):
    """``num`` evenly spaced numbers from ``start`` to ``stop``; see ``numpy.linspace``.

    Examples
    --------
    >>> da.linspace(0, 1, 5).compute()
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    x = Array(_ops.linspace(start, stop, num, chunks, endpoint, dtype or float))
    divisions = num - 1 if endpoint else num
    return (x, (stop - start) / divisions if divisions > 0 else float("nan")) if retstep else x


def eye(N: int, chunks: Any = "auto", M: int | None = None, k: int = 0, dtype: Any = float) -> Array:  # noqa: N803
    """Ones on diagonal ``k`` of an N by M array of zeros.

    Examples
    --------
    >>> da.eye(2).compute()
    array([[1., 0.],
           [0., 1.]])
    """
    return Array(_ops.eye(N, chunks, M, k, dtype))


def identity(n: int, dtype: Any = float, chunks: Any = "auto") -> Array:
    """Ones on the diagonal of an n by n array of zeros."""
    return eye(n, chunks=chunks, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = float, chunks: Any = "auto", *, like: Any = None) -> Array:  # noqa: N803
    """Ones at and below diagonal ``k``, zeros above."""
    return Array(_ops.tri(N, chunks, M, k, dtype))


def indices(dimensions: Any, dtype: Any = int, chunks: Any = "auto") -> Array:
    """The index of every element along each axis, one array an axis, stacked."""
    return Array(_ops.indices(dimensions, chunks, dtype))


def meshgrid(*xi: Any, sparse: bool = False, indexing: str = "xy", **kwargs: Any) -> tuple[Array, ...]:
    """Coordinate matrices from coordinate vectors; see ``numpy.meshgrid``.

    Examples
    --------
    >>> x, y = da.meshgrid(da.arange(2), da.arange(3))
    >>> (x + y).compute()
    array([[0, 1],
           [1, 2],
           [2, 3]])
    """
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid: indexing is {indexing!r}, expected 'xy' or 'ij'")
    return tuple(Array(grid) for grid in _ops.meshgrid([engine(x) for x in xi], sparse, indexing == "xy"))


def fromfunction(func, chunks: Any = "auto", shape: Any = None, dtype: Any = None, **kwargs: Any) -> Array:
    """``func`` of the index of every element; see ``numpy.fromfunction``.

    Examples
    --------
    >>> da.fromfunction(lambda i, j: i + j, shape=(2, 2), chunks=1, dtype=float).compute()
    array([[0., 1.],
           [1., 2.]])
    """
    grids = indices(shape, dtype=dtype or float, chunks=chunks)
    return asarray(func(*(grids[i] for i in range(len(grids))), **kwargs))
