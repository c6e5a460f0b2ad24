"""Arrays of one date, duration, text, record or long float: zeros, ones and their like where the dtype is one that only NumPy knows."""

from __future__ import annotations

import functools
from typing import Any, Callable

from .._lazy import numpy as np
from . import _creation
from ._array import Array
from ._encoded import EncodedArray, asarray, cut, from_numpy
from ._encoded_functions import broadcast_to
from ._names import named
from ._operands import is_foreign, is_foreign_dtype, is_integer


def _everywhere(element: Any, shape: Any, chunks: Any, name: Any) -> Array:
    """The element of a NumPy array without axes in every place."""
    shape = (int(shape),) if is_integer(shape) else tuple(map(int, shape))
    return named(broadcast_to(from_numpy(element, -1), shape, cut(chunks, shape, element.dtype)), name)


def _of_dtype(native: Callable, numpys: str) -> Callable:
    def function(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
        kind = np.dtype(dtype or float)
        if not is_foreign_dtype(kind):
            return native(shape, dtype, chunks, **kwargs)
        _creation.only_known(native.__name__, kwargs)
        return _everywhere(getattr(np, numpys)((), kind), shape, chunks, kwargs.get("name"))

    return functools.update_wrapper(function, native)


def _full(shape: Any, fill_value: Any, dtype: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
    if not (is_foreign(fill_value) if dtype is None else is_foreign_dtype(np.dtype(dtype))):
        return _creation.full(shape, fill_value, dtype, chunks, **kwargs)
    _creation.only_known("full", kwargs)
    return _everywhere(np.full((), _creation.scalar("full", fill_value), dtype), shape, chunks, kwargs.get("name"))


def _like(native: Callable, alone: Callable) -> Callable:
    """An array like another, if that one or the result is of such elements; ``alone`` makes it of a shape."""

    def function(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
        if not _is_ours(a, dtype):
            return native(a, dtype=dtype, order=order, chunks=chunks, name=name, shape=shape)
        a = asarray(a)
        own = a.chunks if shape is None else "auto"
        return alone(a.shape if shape is None else shape, dtype=a.dtype if dtype is None else dtype, chunks=own if chunks is None else chunks, name=name)

    return functools.update_wrapper(function, native)


def _full_like(a: Any, fill_value: Any, order: str = "C", dtype: Any = None, chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    if not _is_ours(a, dtype):
        return _creation.full_like(a, fill_value, order, dtype, chunks, name, shape)
    return _like(_creation.full_like, functools.partial(_full, fill_value=fill_value))(a, dtype, order, chunks, name, shape)


def _is_ours(a: Any, dtype: Any) -> bool:
    return isinstance(a, EncodedArray) or (is_foreign(a) and not isinstance(a, Array)) or dtype is not None and is_foreign_dtype(np.dtype(dtype))


def for_dtypes(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions of a namespace that make arrays of such elements, too."""
    alone = {name: _of_dtype(namespace[name], numpys) for name, numpys in {"zeros": "zeros", "ones": "ones", "empty": "zeros"}.items()}
    like = {f"{name}_like": _like(namespace[f"{name}_like"], function) for name, function in alone.items()}
    own: dict[str, Callable] = {"full": _full, "full_like": _full_like}
    return alone | like | {name: functools.update_wrapper(function, namespace[name]) for name, function in own.items()}
