"""What tests of arrays use."""

from __future__ import annotations

import math
from typing import Any

from .._lazy import numpy as np
from ..base import is_plait_collection

__all__ = ["assert_eq", "assert_eq_shape", "allclose", "meta_from_array", "same_keys"]


def allclose(a: Any, b: Any, equal_nan: bool = False, **kwargs: Any) -> bool:
    """Whether two arrays are close everywhere; of other dtypes than numbers, whether they are equal."""
    if getattr(a, "dtype", None) != "O" and getattr(b, "dtype", None) != "O":
        try:
            return bool(np.allclose(a, b, equal_nan=equal_nan, **kwargs))
        except TypeError:
            pass  # texts and dates
    if equal_nan:
        return a.shape == b.shape and all(x == y or (x != x and y != y) for x, y in zip(a.flat, b.flat, strict=True))
    return bool((a == b).all())


def meta_from_array(x: Any, ndim: int | None = None, dtype: Any = None) -> np.ndarray:
    """An array without elements, of the kind, number of axes and dtype of another.

    Parameters
    ----------
    x : array_like, type or None
        An array, a type of arrays, or None for NumPy's.
    ndim : int, optional
        Its number of axes; default is that of ``x``.
    dtype : numpy.dtype, optional
        Of the elements; default is that of ``x``, else float64.
    """
    of_x = x if hasattr(x, "dtype") and hasattr(x, "ndim") else None
    axes = ndim if ndim is not None else 0 if of_x is None else of_x.ndim
    kind = dtype if dtype is not None else float if of_x is None else of_x.dtype
    return np.empty((0,) * axes, dtype=kind)


def assert_eq_shape(a: tuple, b: tuple, check_ndim: bool = True, check_nan: bool = True) -> None:
    """Raise an AssertionError where two shapes differ.

    Parameters
    ----------
    check_ndim : bool
        Whether they must be as long.
    check_nan : bool
        Whether an extent that is not known may only stand beside such another.
    """
    if check_ndim:
        assert len(a) == len(b), f"the shapes {a} and {b} have different lengths"
    for one, other in zip(a, b, strict=False):
        if math.isnan(one) or math.isnan(other):
            assert not check_nan or math.isnan(one) == math.isnan(other), f"the shapes are {a} and {b}"
        else:
            assert one == other, f"the shapes are {a} and {b}"


def same_keys(a: Any, b: Any) -> bool:
    """Whether two lazy arrays have the same keys."""
    return sorted(a.__dask_keys__()) == sorted(b.__dask_keys__())


def _dtype_of(result: Any, said: Any) -> Any:
    # One element of an array of Python objects is that object.
    return said if said == object and not hasattr(result, "dtype") else np.asarray(result).dtype


def _computed(x: Any, check_shape: bool, check_chunks: bool, scheduler: Any) -> tuple[Any, Any]:
    """The array of an argument, and the dtype that it says it has."""
    if not is_plait_collection(x):
        x = x if hasattr(x, "dtype") else np.array(x, dtype="O")
        return x, x.dtype
    said = x.dtype
    if check_chunks:
        x = x.persist(scheduler=scheduler)
        for place in np.ndindex(*x.numblocks):
            block = x.blocks[place].compute(scheduler=scheduler)
            expected = tuple(extents[i] for extents, i in zip(x.chunks, place, strict=True))
            assert_eq_shape(expected, np.shape(block), check_nan=False)
            assert _dtype_of(block, said) == said, f"block {place} is of dtype {np.asarray(block).dtype}, the array says {said}"
    result = x.compute(scheduler=scheduler)
    if check_shape:
        assert_eq_shape(x.shape, np.shape(result), check_nan=False)
    if np.size(result):
        assert _dtype_of(result, said) == said, f"the result is of dtype {np.asarray(result).dtype}, the array says {said}"
    return result if hasattr(result, "dtype") else np.array(result, dtype="O"), said


def assert_eq(
    a: Any,
    b: Any,
    check_shape: bool = True,
    check_graph: bool = True,
    check_meta: bool = True,
    check_chunks: bool = True,
    check_ndim: bool = True,
    check_type: bool = True,
    check_dtype: bool = True,
    equal_nan: bool = True,
    scheduler: Any = "sync",
    **kwargs: Any,
) -> bool:
    """Raise an AssertionError where two arrays differ, lazy or not; lazy ones must also keep what they say of themselves.

    Parameters
    ----------
    a, b : array-like
        The arrays.
    check_shape, check_chunks, check_dtype, check_type : bool
        Whether the shape, the extents of blocks, the dtype and the type of a lazy array are compared with its result, and both
        arrays with each other.
    check_graph, check_meta, check_ndim : bool
        Accepted, as for Dask; the engine makes sure of these.
    equal_nan : bool
        Whether NaN equals NaN.
    scheduler : optional
        Where lazy arrays are computed.
    **kwargs : object
        Of `numpy.allclose`.

    Returns
    -------
    bool
        True.

    Examples
    --------
    >>> da.utils.assert_eq(da.ones(3, chunks=2) + 1, np.full(3, 2.0))
    True
    """
    a, b = (np.array(x) if isinstance(x, (list, int, float)) else x for x in (a, b))
    a, dtype_of_a = _computed(a, check_shape, check_chunks, scheduler)
    b, dtype_of_b = _computed(b, check_shape, check_chunks, scheduler)
    if check_dtype and str(dtype_of_a) != str(dtype_of_b):
        raise AssertionError(f"a and b have different dtypes: (a: {dtype_of_a}, b: {dtype_of_b})")
    assert a.shape == b.shape, f"a and b have different shapes (a: {a.shape}, b: {b.shape})"
    if check_type and a.shape:
        assert type(a) is type(b), f"a and b have different types (a: {type(a)}, b: {type(b)})"
    assert allclose(a, b, equal_nan=equal_nan, **kwargs), "found values in 'a' and 'b' which differ by more than the allowed amount"
    return True
