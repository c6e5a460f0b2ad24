"""Fourier transforms, by NumPy's functions on blocks that are whole along the axes that are transformed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._creation import arange
from ._layout import roll
from ._map_blocks import map_blocks
from ._sources import asarray

# How many elements a transform gives along the last of its axes, of m elements, with or without the caller's number.
_EXTENTS: dict[str, Callable[[int, int | None], int]] = {
    "fft": lambda m, n: m if n is None else n,
    "rfft": lambda m, n: (m if n is None else n) // 2 + 1,
    "irfft": lambda m, n: 2 * (m - 1) if n is None else n,
    "hfft": lambda m, n: 2 * (m - 1) if n is None else n,
    "ihfft": lambda m, n: (m if n is None else n) // 2 + 1,
}


class _Transform:
    """A transform of blocks, with its arguments."""

    def __init__(self, function: Callable, options: dict):
        self.function, self.options, self.__name__ = function, options, function.__name__

    def __call__(self, block: Any) -> Any:
        return self.function(block, **self.options)


def fft_wrap(fft_func: Callable, kind: str | None = None, dtype: Any = None, allow_fftpack: bool = False) -> Callable:
    """A function of NumPy's or SciPy's that transforms arrays, for lazy ones.

    Parameters
    ----------
    fft_func : callable
        Such as ``numpy.fft.rfft2``.
    kind : str, optional
        Which it is: "fft", "ifft", "rfft", "irfft", "hfft" or "ihfft", with "2" or "n" for several axes. Default is its name.
    dtype : numpy.dtype, optional
        Of the result; default is what it gives.
    allow_fftpack : bool
        Taken for Dask's sake.

    Returns
    -------
    callable
        ``f(a, n=None, axis=-1, norm=None)``, or ``f(a, s=None, axes=None, norm=None)`` for several axes. Axes in several chunks are put
        together.

    Raises
    ------
    ValueError
        If ``kind`` is none.

    Examples
    --------
    >>> da.fft.fft_wrap(np.fft.rfft)(da.ones(4, chunks=2)).compute().real
    array([4., 0., 0.])
    """
    name = kind or fft_func.__name__
    one = name.rstrip("2n")
    rule = _EXTENTS.get("fft" if one == "ifft" else one)
    if rule is None:
        raise ValueError(f"fft_wrap: unknown kind {name!r}; expected fft, ifft, rfft, irfft, hfft or ihfft, with 2 or n for several axes")

    def transformed(a: Array, axes: list[int], sizes: list, options: dict) -> Array:
        if not axes:
            raise ValueError(f"{name}: there is no axis to transform")
        cut = {axis: -1 for axis in axes if len(a.chunks[axis]) > 1}
        a = a.rechunk(cut) if cut else a
        chunks = list(a.chunks)
        for axis, size in zip(axes, sizes, strict=True):
            own = rule if axis == axes[-1] else _EXTENTS["fft"]
            extent = own(a.shape[axis], size)
            if extent < 1 or (size is not None and size < 1):
                raise ValueError(f"{name}: invalid number of data points ({extent if size is None else size}) specified")
            chunks[axis] = (extent,)
        call = _Transform(fft_func, options)
        kind_of = dtype if dtype is not None else call(np.ones((2,) * a.ndim, dtype=a.dtype)).dtype if a.size else np.dtype(complex)
        return map_blocks(call, a, dtype=kind_of, chunks=tuple(chunks))

    def of_axis(a: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
        a = asarray(a)
        axis = -1 if axis is None else axis
        (place,) = _axes(name, [axis], a.ndim)
        options = {"n": n, "axis": place} | ({} if norm is None else {"norm": norm})
        return transformed(a, [place], [n], options)

    def of_axes(a: Any, s: Any = None, axes: Any = None, norm: str | None = None) -> Array:
        a = asarray(a)
        if axes is None:
            axes = (-2, -1) if name.endswith("2") else range(a.ndim) if s is None else range(a.ndim - len(s), a.ndim)
        places = _axes(name, list(axes), a.ndim)
        sizes = [None] * len(places) if s is None else [None if each in (None, -1) else int(each) for each in s]
        if len(sizes) != len(places):
            raise ValueError(f"{name}: s has {len(sizes)} entries for {len(places)} axes")
        given = None if s is None else [a.shape[axis] if size is None else size for axis, size in zip(places, sizes, strict=True)]
        options = {"s": given, "axes": tuple(places)} | ({} if norm is None else {"norm": norm})
        return transformed(a, places, [None] * len(places) if given is None else given, options)

    function: Callable = of_axes if name[-1] in "2n" else of_axis
    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"Lazy ``numpy.fft.{name}``, of blocks that are whole along the axes that are transformed.\n\nRaises\n------\nValueError\n"
        "    If there is no such axis, or a number of points is none."
    )
    return function


def _axes(name: str, axes: list, ndim: int) -> list[int]:
    if any(not -ndim <= axis < ndim for axis in axes):
        raise ValueError(f"{name}: axes {axes} are not all axes of an array of {ndim}")
    return [axis % ndim for axis in axes]


def _of_numpy(name: str) -> Callable:
    return fft_wrap(getattr(np.fft, name), kind=name)


fft, ifft, rfft, irfft, hfft, ihfft = map(_of_numpy, ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"))
fft2, ifft2, rfft2, irfft2 = map(_of_numpy, ("fft2", "ifft2", "rfft2", "irfft2"))
fftn, ifftn, rfftn, irfftn = map(_of_numpy, ("fftn", "ifftn", "rfftn", "irfftn"))


def fftfreq(n: int, d: float = 1.0, chunks: Any = "auto") -> Array:
    """The frequencies of a transform of ``n`` points that lie ``d`` apart.

    Examples
    --------
    >>> da.fft.fftfreq(4).compute()
    array([ 0.  ,  0.25, -0.5 , -0.25])
    """
    if int(n) < 1:
        raise ValueError(f"fftfreq: n is {n}, expected at least 1")
    places = arange(int(n), chunks=chunks)
    half = (int(n) - 1) // 2 + 1
    return np.where(places < half, places, places - int(n)) / (n * d)


def rfftfreq(n: int, d: float = 1.0, chunks: Any = "auto") -> Array:
    """The frequencies of a transform of ``n`` real points that lie ``d`` apart."""
    if int(n) < 1:
        raise ValueError(f"rfftfreq: n is {n}, expected at least 1")
    return arange(int(n) // 2 + 1, chunks=chunks) / (n * d)


def _shifted(name: str, x: Any, axes: Any, sign: int) -> Array:
    x = asarray(x)
    places = _axes(name, list(range(x.ndim)) if axes is None else [axes] if isinstance(axes, int) else list(axes), x.ndim)
    for axis in places:
        extent = x.shape[axis]
        moved = roll(x, extent // 2 if sign > 0 else -(extent // 2), axis)
        x = moved.rechunk({axis: -1}) if len(x.chunks[axis]) == 1 else moved
    return x


def fftshift(x: Any, axes: Any = None) -> Array:
    """The array with the frequency zero in the middle.

    Examples
    --------
    >>> da.fft.fftshift(da.fft.fftfreq(4)).compute()
    array([-0.5 , -0.25,  0.  ,  0.25])
    """
    return _shifted("fftshift", x, axes, 1)


def ifftshift(x: Any, axes: Any = None) -> Array:
    """The inverse of :func:`fftshift`."""
    return _shifted("ifftshift", x, axes, -1)


__all__ = [
    "fft",
    "fft2",
    "fft_wrap",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]
