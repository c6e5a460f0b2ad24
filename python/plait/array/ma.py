"""Masked arrays: what stands in ``numpy.ma`` for lazy arrays."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from . import _creation, _routines, _search
from ._array import Array
from ._masked import MaskedArray, is_masked, masked
from ._masked_functions import count, where
from ._sources import asarray

__all__ = [
    "average",
    "count",
    "empty_like",
    "filled",
    "fix_invalid",
    "getdata",
    "getmaskarray",
    "masked_array",
    "masked_equal",
    "masked_greater",
    "masked_greater_equal",
    "masked_inside",
    "masked_invalid",
    "masked_less",
    "masked_less_equal",
    "masked_not_equal",
    "masked_outside",
    "masked_values",
    "masked_where",
    "nonzero",
    "ones_like",
    "set_fill_value",
    "where",
    "zeros_like",
]


def _lazy(a: Any) -> MaskedArray:
    return masked(a if isinstance(a, Array) or is_masked(a) else asarray(a))


def _also(a: MaskedArray, condition: Any, fill_value: Any = None) -> MaskedArray:
    """The array with more elements masked."""
    condition = asarray(condition) if not isinstance(condition, MaskedArray) else condition.data | condition.mask
    mask = (a.mask | condition).rechunk(a.chunks)
    return MaskedArray(a.data, mask, a._fill_value if fill_value is None else fill_value)


def _fill_of(value: Any, dtype: Any) -> Any:
    """A fill value as NumPy gives it to an array of that type; a lazy one is computed."""
    if value is None:
        return None
    if np.ndim(value):
        raise ValueError(f"the fill value has shape {np.shape(value)}, expected a scalar")
    return np.ma.array(np.empty(0, dtype), fill_value=value.compute() if isinstance(value, Array) else value).fill_value


def masked_array(data: Any, mask: Any = False, fill_value: Any = None, **kwargs: Any) -> MaskedArray:
    """An array with a mask.

    Parameters
    ----------
    data : array_like
        The elements.
    mask : array_like of bool
        Which are masked, beside those that are already.
    fill_value : scalar, optional
        What `filled` gives them.
    **kwargs : object
        ``dtype``, of the elements, and ``chunks``, of the array.

    Raises
    ------
    numpy.ma.MaskError
        If the mask has another shape.
    ValueError
        If the fill value is no scalar.
    TypeError
        For other arguments, and if the fill value is none for the elements.

    Examples
    --------
    >>> da.ma.masked_array(da.arange(3), mask=[True, False, False]).sum().compute()
    np.int64(3)
    """
    found = _lazy(data)
    if "dtype" in kwargs:
        found = found.astype(kwargs.pop("dtype"))
    if "chunks" in kwargs:
        found = found.rechunk(kwargs.pop("chunks"))
    if kwargs:
        raise TypeError(f"masked_array: unexpected arguments {', '.join(kwargs)}; expected data, mask, fill_value, dtype, chunks")
    if mask is np.ma.nomask:
        mask = False
    if np.ndim(mask) and tuple(np.shape(mask) if not isinstance(mask, Array) else mask.shape) != found.shape:
        raise np.ma.MaskError(f"masked_array: the mask has shape {getattr(mask, 'shape', np.shape(mask))}, but the data {found.shape}")
    return _also(found, mask, _fill_of(fill_value, found.dtype))


def masked_where(condition: Any, a: Any) -> MaskedArray:
    """The array with elements masked where a condition holds.

    Examples
    --------
    >>> x = da.arange(4)
    >>> da.ma.masked_where(x > 1, x).compute().tolist()
    [0, 1, None, None]
    """
    found = _lazy(a)
    shape = getattr(condition, "shape", np.shape(condition))
    if shape and tuple(shape) != found.shape:
        raise IndexError(f"masked_where: the condition has shape {tuple(shape)}, but the array {found.shape}")
    return _also(found, condition)


def masked_greater(a: Any, value: Any) -> MaskedArray:
    """The array with elements above a value masked."""
    return masked_where(getdata(a) > value, a)


def masked_greater_equal(a: Any, value: Any) -> MaskedArray:
    """The array with elements of a value or above it masked."""
    return masked_where(getdata(a) >= value, a)


def masked_less(a: Any, value: Any) -> MaskedArray:
    """The array with elements below a value masked."""
    return masked_where(getdata(a) < value, a)


def masked_less_equal(a: Any, value: Any) -> MaskedArray:
    """The array with elements of a value or below it masked."""
    return masked_where(getdata(a) <= value, a)


def masked_not_equal(a: Any, value: Any) -> MaskedArray:
    """The array with elements other than a value masked."""
    return masked_where(getdata(a) != value, a)


def masked_equal(a: Any, value: Any) -> MaskedArray:
    """The array with elements equal to a value masked, which becomes its fill value."""
    if np.ndim(value):
        raise ValueError("da.ma.masked_equal doesn't support array `value`s")
    return _also(_lazy(a), getdata(a) == value, value)


def masked_inside(x: Any, v1: float, v2: float) -> MaskedArray:
    """The array with elements from one value to another masked."""
    low, high = sorted((v1, v2))
    data = getdata(x)
    return masked_where((data >= low) & (data <= high), x)


def masked_outside(x: Any, v1: float, v2: float) -> MaskedArray:
    """The array with elements that are not between two values masked."""
    low, high = sorted((v1, v2))
    data = getdata(x)
    return masked_where((data < low) | (data > high), x)


def masked_invalid(a: Any) -> MaskedArray:
    """The array with NaN and infinities masked.

    Examples
    --------
    >>> da.ma.masked_invalid(da.array([1.0, float("nan")])).mean().compute()
    np.float64(1.0)
    """
    return masked_where(~np.isfinite(getdata(a)), a)


def masked_values(x: Any, value: float, rtol: float = 1e-5, atol: float = 1e-8, shrink: bool = True) -> MaskedArray:
    """The array with elements near a value masked, which becomes its fill value."""
    if np.ndim(value):
        raise ValueError("da.ma.masked_values doesn't support array `value`s")
    data = getdata(x)
    near = _routines.isclose(data, value, rtol, atol) if data.dtype.kind == "f" else data == value
    return _also(_lazy(x), near, value)


def fix_invalid(a: Any, fill_value: Any = None) -> MaskedArray:
    """The array with NaN and infinities masked, and the fill value in their place."""
    found = masked_invalid(a)
    value = found.fill_value if fill_value is None else fill_value
    return MaskedArray(_routines.where(np.isfinite(found.data), found.data, np.asarray(value).astype(found.dtype)[()]), found.mask, found._fill_value)


def filled(a: Any, fill_value: Any = None) -> Array:
    """The array without a mask: masked elements get a value.

    Parameters
    ----------
    a : array_like
        The array; one without a mask is given back.
    fill_value : scalar, optional
        Default is the array's own.

    Examples
    --------
    >>> da.ma.filled(da.ma.masked_less(da.arange(3), 1), -1).compute()
    array([-1,  1,  2])
    """
    if not is_masked(a):
        return asarray(a)
    found = masked(a)
    value = found.fill_value if fill_value is None else fill_value
    return _routines.where(found.mask, np.asarray(value).astype(found.dtype)[()], found.data)


def set_fill_value(a: Any, fill_value: Any) -> None:
    """Changes what `filled` gives masked elements of this array; of one without a mask it does nothing."""
    if isinstance(a, MaskedArray):
        a._fill_value = _fill_of(fill_value, a.dtype)


def getdata(a: Any) -> Array:
    """The elements, masked or not."""
    return _lazy(a).data if is_masked(a) else asarray(a)


def getmaskarray(a: Any) -> Array:
    """Which elements are masked."""
    return _lazy(a).mask


def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, keepdims: bool = False) -> Any:
    """The weighted mean of the elements that are not masked; see ``numpy.ma.average``.

    Parameters
    ----------
    a : array_like
        The array.
    axis : int, optional
        The axis; default is all.
    weights : array_like, optional
        In the array's shape, or one for each place along ``axis``.
    returned : bool
        Whether to give the sum of the weights, too.
    keepdims : bool
        Whether the axis stays, with extent one.

    Raises
    ------
    TypeError, ValueError
        If the weights do not fit.
    """
    found = _lazy(a)
    if weights is None:
        of = found.mean(axis, keepdims=keepdims)
        total = count(found, axis, keepdims)
        return (of, total.astype(of.dtype)) if returned else of
    scale = masked(weights if isinstance(weights, Array) or is_masked(weights) else asarray(weights))
    if scale.shape != found.shape:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if scale.ndim != 1 or scale.shape[0] != found.shape[axis]:
            raise ValueError(f"average: the weights have shape {scale.shape}, but the array has {found.shape[axis]} elements along axis {axis}")
        scale = scale.reshape((-1,) + (1,) * (found.ndim - 1 - axis % found.ndim))
    counted = MaskedArray(scale.data * _creation.ones_like(found.data), found.mask | scale.mask)
    total = counted.sum(axis, keepdims=keepdims)
    of = (found * counted).sum(axis, keepdims=keepdims) / total
    return (of, total) if returned else of


def nonzero(a: Any) -> tuple[Array, ...]:
    """The positions of elements that are neither zero nor masked."""
    return _search.nonzero(filled(a, 0))


def ones_like(a: Any, **kwargs: Any) -> MaskedArray:
    """Ones under the same mask."""
    return _filled_like(_creation.ones_like, a, kwargs)


def zeros_like(a: Any, **kwargs: Any) -> MaskedArray:
    """Zeros under the same mask."""
    return _filled_like(_creation.zeros_like, a, kwargs)


def empty_like(a: Any, **kwargs: Any) -> MaskedArray:
    """Zeros under the same mask."""
    return _filled_like(_creation.empty_like, a, kwargs)


def _filled_like(make: Any, a: Any, kwargs: dict) -> MaskedArray:
    found = _lazy(a)
    made = make(found.data, **kwargs)
    return MaskedArray(made, found.mask.rechunk(made.chunks) if made.shape == found.shape else _creation.zeros(made.shape, dtype=bool, chunks=made.chunks))
