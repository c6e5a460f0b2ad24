"""New arrays: constants, ranges, diagonals."""

from __future__ import annotations

import numbers
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._chunks import explicit
from ._sources import asarray

_ops = _plait.arrays


def _shape(what: str, shape: Any) -> tuple:
    shape = (shape,) if isinstance(shape, numbers.Integral) else tuple(shape)
    for extent in shape:
        if not isinstance(extent, numbers.Integral):
            raise TypeError(f"{what}: the shape is {shape}, but an extent is a whole number")
        if extent < 0:
            raise ValueError(f"{what}: the shape is {shape}, but an extent cannot be negative")
    return tuple(int(extent) for extent in shape)


def _filled(what: str, shown: str, value: Any, shape: Any, dtype: Any, chunks: Any) -> Array:
    dtype = np.dtype(dtype)
    shape = _shape(what, shape)
    return Array(_ops.fill(shown, np.asarray(value).astype(dtype), explicit(what, chunks, shape, dtype)))


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
    """
    _only_known("ones", kwargs)
    return _filled("ones", "ones_like", 1, shape, dtype or float, chunks)


def zeros(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of zeros. Takes the arguments of `ones`."""
    _only_known("zeros", kwargs)
    return _filled("zeros", "zeros_like", 0, shape, dtype or float, chunks)


def empty(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of arbitrary elements, here zeros. Takes the arguments of `ones`."""
    _only_known("empty", kwargs)
    return _filled("empty", "empty_like", 0, shape, dtype or float, chunks)


def full(shape: Any, fill_value: Any, dtype: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
    """An array of one value. Takes the arguments of `ones` and the value.

    Raises
    ------
    ValueError
        If the value is no scalar.
    """
    _only_known("full", kwargs)
    if np.ndim(fill_value) != 0:
        raise ValueError(f"full: fill_value has shape {np.shape(fill_value)}, expected a scalar; use broadcast_to for arrays")
    value = fill_value.compute() if isinstance(fill_value, Array) else fill_value
    return _filled("full", "full_like", value, shape, np.asarray(value).dtype if dtype is None else dtype, chunks)


def _only_known(what: str, kwargs: dict) -> None:
    for name in ("name", "meta", "order", "like"):
        kwargs.pop(name, None)
    if kwargs:
        raise TypeError(f"{what}: unexpected arguments {', '.join(kwargs)}; expected shape, dtype and chunks")


def _like(maker, a: Any, dtype: Any, order: Any, chunks: Any, shape: Any, *value: Any) -> Array:
    a = asarray(a)
    if shape is None and any(extent != extent for extent in a.shape):
        # Only the array itself tells the extents: false everywhere, in its shape.
        nowhere = (a != a) & False
        value = value[0] if value else 1 if maker is ones else 0
        return (nowhere + np.asarray(value)).astype(a.dtype if dtype is None else dtype)
    if chunks is None:
        chunks = a.chunks if shape is None else "auto"
    return maker(a.shape if shape is None else shape, *value, dtype=a.dtype if dtype is None else dtype, chunks=chunks)


def ones_like(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """Ones in the shape, dtype and chunks of ``a``."""
    return _like(ones, a, dtype, order, chunks, shape)


def zeros_like(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """Zeros in the shape, dtype and chunks of ``a``."""
    return _like(zeros, a, dtype, order, chunks, shape)


def empty_like(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """Arbitrary elements, here zeros, in the shape, dtype and chunks of ``a``."""
    return _like(empty, a, dtype, order, chunks, shape)


def full_like(
    a: Any, fill_value: Any, order: str = "C", dtype: Any = None, chunks: Any = None, name: Any = None, shape: Any = None
) -> Array:
    """One value in the shape, dtype and chunks of ``a``."""
    return _like(full, a, dtype, order, chunks, shape, fill_value)


def arange(
    start: Any = 0, stop: Any = None, step: Any = 1, *, chunks: Any = "auto", like: Any = None, dtype: Any = None, **kwargs: Any
) -> Array:
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
    """
    _only_known("arange", kwargs)
    if stop is None:
        start, stop = type(start)(0), start
    dtype = np.dtype(dtype) if dtype is not None else np.arange(start, start, step if step else 1).dtype
    if dtype.kind not in "biufc":
        raise TypeError(f"arange: dtype {dtype} is not there yet; expected a numeric one")
    length = _ops.arange_length(float(start), float(stop), float(step))
    whole = all(isinstance(x, numbers.Integral) for x in (start, step)) and dtype.kind in "iu"
    first, by = (int(start), int(step)) if whole else (float(start), float(step))
    return Array(_ops.arange(first, by, dtype, explicit("arange", chunks, (length,), dtype)))


def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, chunks: Any = "auto", dtype: Any = None
):
    """``num`` evenly spaced numbers from ``start`` to ``stop``; see ``numpy.linspace``."""
    num = int(num)
    if num < 0:
        raise ValueError(f"linspace: num is {num}, expected 0 or more")
    wanted = np.dtype(float if dtype is None else dtype)
    made = wanted if wanted.kind == "f" else np.dtype(float)
    x = Array(_ops.linspace(float(start), float(stop), bool(endpoint), made, explicit("linspace", chunks, (num,), made)))
    if wanted != made:
        x = (floor(x) if wanted.kind in "iu" else x).astype(wanted)
    if not retstep:
        return x
    divisions = num - 1 if endpoint else num
    return x, (stop - start) / divisions if divisions > 0 else float("nan")


def floor(x: Array) -> Array:
    return Array(_ops.elementwise("floor", [x._array]))


def eye(N: int, chunks: Any = "auto", M: int | None = None, k: int = 0, dtype: Any = float) -> Array:  # noqa: N803
    """Ones on diagonal ``k`` of an N by M array of zeros."""
    shape = _shape("eye", (N, N if M is None else M))
    return Array(_ops.eye(int(k), np.dtype(dtype), explicit("eye", chunks, shape, dtype)))


def identity(n: int, dtype: Any = float, chunks: Any = "auto") -> Array:
    """Ones on the diagonal of an n by n array of zeros."""
    return eye(n, chunks=chunks, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = float, chunks: Any = "auto", *, like: Any = None) -> Array:  # noqa: N803
    """Ones at and below diagonal ``k``, zeros above."""
    rows, columns = _shape("tri", (N, N if M is None else M))
    cut = explicit("tri", chunks, (rows, columns), dtype)
    down = arange(rows, chunks=(cut[0],))[:, None]
    across = arange(-k, columns - k, chunks=(cut[1],))
    return (down >= across).astype(dtype)


def indices(dimensions: Any, dtype: Any = int, chunks: Any = "auto") -> Array:
    """The index of every element along each axis, one array an axis, stacked."""
    from ._layout import broadcast_to, stack

    shape = _shape("indices", dimensions)
    if not shape:
        return zeros((0,), dtype=dtype)
    cut = explicit("indices", chunks, shape, dtype)
    grids = []
    for axis, extent in enumerate(shape):
        line = arange(extent, dtype=dtype, chunks=(cut[axis],))
        line = line.reshape(tuple(-1 if other == axis else 1 for other in range(len(shape))))
        grids.append(broadcast_to(line, shape).rechunk(cut))
    return stack(grids)


def meshgrid(*xi: Any, sparse: bool = False, indexing: str = "xy", **kwargs: Any) -> list[Array]:
    """Coordinate matrices from coordinate vectors; see ``numpy.meshgrid``."""
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid: indexing is {indexing!r}, expected 'xy' or 'ij'")
    from ._layout import broadcast_to

    lines = [asarray(x).reshape(-1) for x in xi]
    ndim = len(lines)
    order = [1, 0, *range(2, ndim)] if indexing == "xy" and ndim > 1 else list(range(ndim))
    shape = tuple(len(lines[axis]) for axis in order)
    grids = []
    for number, line in enumerate(lines):
        grid = line.reshape(tuple(-1 if axis == number else 1 for axis in order))
        grids.append(grid if sparse else broadcast_to(grid, shape))
    return grids


def fromfunction(func, chunks: Any = "auto", shape: Any = None, dtype: Any = None, **kwargs: Any) -> Array:
    """``func`` of the index of every element; see ``numpy.fromfunction``."""
    grids = indices(shape, dtype=dtype or float, chunks=chunks)
    return asarray(func(*(grids[i] for i in range(len(shape))), **kwargs))
