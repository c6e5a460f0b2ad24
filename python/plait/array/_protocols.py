"""NumPy's functions on lazy arrays: np.sin(x), np.concatenate([x, y])."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from ..base import compute
from . import _ufuncs
from ._array import Array
from ._reductions import REDUCTIONS
from ._sources import asarray

# The reductions that ufuncs have as a method.
_REDUCE = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "logical_and": "all", "logical_or": "any"}


def array_ufunc(self: Array, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """A universal function with a lazy operand."""
    if method == "__call__":
        return _ufuncs.apply(ufunc, inputs, **kwargs)
    if method == "outer" and len(inputs) == 2:
        left, right = (asarray(x) for x in inputs)
        return _ufuncs.apply(ufunc, (left[(..., *[None] * right.ndim)], right), **kwargs)
    if method == "reduce" and ufunc.__name__ in _REDUCE:
        return _reduce(ufunc.__name__, *inputs, **kwargs)
    raise NotImplementedError(f"numpy.{ufunc.__name__}.{method} of lazy arrays is not there yet")


def _reduce(ufunc: str, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False, **kwargs: Any) -> Array:
    if kwargs:
        raise NotImplementedError(f"numpy.{ufunc}.reduce of lazy arrays takes no {', '.join(kwargs)} yet")
    wanted = {} if dtype is None else {"dtype": dtype}
    return REDUCTIONS[_REDUCE[ufunc]](array, axis=axis, keepdims=keepdims, out=out, **wanted)


def array_function(self: Array, func: Any, types: Any, args: tuple, kwargs: dict) -> Any:
    """A function of NumPy's that is no ufunc, with a lazy argument: the one of the same name in plait.array, or NumPy's of what is computed."""
    names = func.__module__.split(".")[1:] + [func.__name__]
    ours: Any = sys.modules[__package__]
    for name in names:
        ours = getattr(ours, name, None)
    if ours is None and func.__name__ in ("may_share_memory", "shares_memory"):
        return False  # a lazy array has none
    if ours is None and func.__name__ == "iscomplexobj":
        return args[0].dtype.kind == "c"
    if ours is None:
        return _of_computed(func, ".".join(names), args, kwargs)
    return NotImplemented if ours is func else ours(*args, **kwargs)


def _of_computed(func: Any, name: str, args: tuple, kwargs: dict) -> Any:
    """The function's answer for arrays in memory."""
    warnings.warn(f"numpy.{name} has no lazy form: its arrays are computed, and so is the result in memory", FutureWarning, stacklevel=3)
    args, kwargs = compute(args, kwargs)
    return func(*args, **kwargs)
