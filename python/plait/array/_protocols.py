"""NumPy's functions on lazy arrays: np.sin(x), np.concatenate([x, y])."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._sources import operand

_ops = _plait.arrays

# ufuncs whose engine operation has another name
_RENAMED = {"divide": "true_divide", "mod": "remainder", "conj": "conjugate", "abs": "absolute", "bitwise_not": "invert",
            "degrees": "rad2deg", "radians": "deg2rad", "pow": "power"}


def array_ufunc(ufunc, method: str, inputs: tuple, kwargs: dict):
    """A universal function with a lazy operand."""
    if method == "reduce" and ufunc.__name__ in _REDUCTIONS:
        return _reduce(ufunc, *inputs, **kwargs)
    if method != "__call__":
        raise NotImplementedError(f"numpy.{ufunc.__name__}.{method} of lazy arrays is not there yet")
    out = kwargs.pop("out", None)
    dtype = kwargs.pop("dtype", None)
    casting = kwargs.pop("casting", None)
    if kwargs:
        raise NotImplementedError(f"numpy.{ufunc.__name__} of lazy arrays takes no {', '.join(kwargs)} yet")
    del casting
    if ufunc is np.matmul:
        from ._routines import matmul

        return _into(out, matmul(*inputs))
    if ufunc is np.divmod:
        return inputs[0] // inputs[1], inputs[0] % inputs[1]
    operands = [operand(x) for x in inputs]
    if any(x is NotImplemented for x in operands):
        return NotImplemented
    name = ufunc.__name__
    if not _ops.has_element_op(_RENAMED.get(name, name)):
        raise NotImplementedError(f"plait.array.{name} is not there yet")
    return _into(out, Array(_ops.elementwise(_RENAMED.get(name, name), operands, dtype)))


def _into(out: Any, result: Array) -> Array:
    """``out=`` changes the handle that was given, as Dask does."""
    if out is None:
        return result
    (target,) = out if isinstance(out, tuple) else (out,)
    if not isinstance(target, Array):
        raise NotImplementedError("out= must be a lazy array: a NumPy array would have to be computed")
    target._array = result._array
    return target


_REDUCTIONS = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "max",
    "minimum": "min",
    "logical_and": "all",
    "logical_or": "any",
}


def _reduce(ufunc, array, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False, **kwargs: Any):
    from . import _reductions

    if kwargs:
        raise NotImplementedError(f"numpy.{ufunc.__name__}.reduce of lazy arrays takes no {', '.join(kwargs)} yet")
    function = getattr(_reductions, _REDUCTIONS[ufunc.__name__])
    if dtype is not None:
        return _into(out, function(array, axis=axis, keepdims=keepdims, dtype=dtype))
    return _into(out, function(array, axis=axis, keepdims=keepdims))


def array_function(func, types, args: tuple, kwargs: dict):
    """A function of NumPy's that is no ufunc, with a lazy argument."""
    import plait.array as module

    names = func.__module__.split(".")[1:] + [func.__name__]
    ours: Any = module
    for name in names:
        try:
            ours = getattr(ours, name)
        except AttributeError:
            raise NotImplementedError(f"numpy.{'.'.join(names)} of lazy arrays is not there yet") from None
    if ours is func:
        return NotImplemented
    return ours(*args, **kwargs)
