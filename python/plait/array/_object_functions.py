"""Functions of arrays of Python objects: conversion, joins, reductions, arrays like them, and `map_blocks`."""

from __future__ import annotations

import functools
from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from . import _search
from ._array import Array, with_out
from ._objects import ObjectArray, as_it_is, from_numpy, is_objects, of_calls, on_elements, to_objects
from ._operands import is_integer

_ops = _plait.arrays


def concatenate(seq: Any, axis: int = 0, allow_unknown_chunksizes: bool = False) -> ObjectArray:
    """Arrays one after the other along an axis, of which some hold Python objects; extents along it may be unknown."""
    arrays = [from_numpy(np.asarray(x, dtype=object), -1) if not isinstance(x, Array) else to_objects(x) for x in seq]
    ndim = arrays[0].ndim
    if any(x.ndim != ndim for x in arrays) or not -ndim <= axis < ndim:
        raise ValueError(f"concatenate: the arrays have {[x.ndim for x in arrays]} axes; expected one number, and axis {axis} among them")
    axis %= ndim
    others = [tuple(own if i != axis else (1,) for i, own in enumerate(x.chunks)) for x in arrays]
    for x in arrays:
        if any(_differ(a, b) for i, (a, b) in enumerate(zip(x.shape, arrays[0].shape, strict=True)) if i != axis):
            raise ValueError(f"concatenate: the arrays have shapes {[x.shape for x in arrays]}, which differ along other axes than {axis}")
    common = _ops.common_chunks(others, "concatenate")
    places = [i for i in range(ndim) if i != axis]
    # An extent that is not known cannot be cut anew.
    cut = [x if all(tuple(common[i]) == x.chunks[i] for i in places) else x.rechunk({i: common[i] for i in places}) for x in arrays]
    grid = np.concatenate([x.grid() for x in cut], axis)
    chunks = tuple(tuple(extent for x in cut for extent in x.chunks[axis]) if i == axis else own for i, own in enumerate(cut[0].chunks))
    return of_calls(list(grid.ravel()), chunks)


def _differ(extent: Any, other: Any) -> bool:
    return extent != other and extent == extent and other == other  # what is not known may be the same


def stack(seq: Any, axis: int = 0, allow_unknown_chunksizes: bool = False) -> ObjectArray:
    """Arrays of one shape along a new axis."""
    arrays = [from_numpy(np.asarray(x, dtype=object), -1) if not isinstance(x, Array) else to_objects(x) for x in seq]
    ndim = arrays[0].ndim + 1
    place = axis % ndim
    return concatenate([x[tuple(None if i == place else slice(None) for i in range(ndim))] for x in arrays], place)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Elements of one of two arrays; the condition alone is `nonzero`."""
    if x is None and y is None:
        return _search.nonzero(condition.astype(bool))
    return on_elements(np.where, [condition, x, y], object)


def isnull(x: ObjectArray) -> Array:
    """Whether objects are missing, as pandas sees it."""
    return on_elements(pd.isnull, [x], bool)


def notnull(x: ObjectArray) -> Array:
    """Whether objects are not missing."""
    return ~isnull(x)


class _Reduction:
    """A reduction of NumPy's along axes that are whole."""

    def __init__(self, name: str, axis: tuple, options: dict):
        self.name, self.axis, self.options, self.__name__ = name, axis, options, name

    def __call__(self, block: Any) -> Any:
        axis = self.axis[0] if self.name.endswith(("argmin", "argmax")) else self.axis
        return getattr(np, self.name)(block, axis=axis, keepdims=True, **self.options)


def reduction(name: str) -> Callable:
    """A reduction of Python objects: what lies along its axes comes together."""
    of_places = name.endswith(("argmin", "argmax"))

    def reduce(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None, **options: Any) -> Array:
        if dtype is not None:
            options["dtype"] = dtype
        if of_places and axis is None:
            return reduce(a.reshape(-1), 0, keepdims=keepdims, **options)
        axes = range(a.ndim) if axis is None else [axis] if is_integer(axis) else list(axis)
        if any(not -a.ndim <= one < a.ndim for one in axes):
            raise np.exceptions.AxisError(f"{name}: axis {axis} is out of bounds for an array of {a.ndim} axes")
        places = tuple(one % a.ndim for one in axes)
        whole = a.rechunk({one: -1 for one in places}) if a.ndim else a
        chunks = tuple((1,) if one in places else own for one, own in enumerate(whole.chunks))
        kind = np.dtype(np.int64) if of_places else np.dtype(object) if dtype is None else np.dtype(dtype)
        call = delayed(_Reduction(name, places, options), pure=True, name=name)
        calls = [call(block) for block in whole.grid().ravel()]
        if kind == object:
            found: Any = of_calls(calls, chunks)
        else:
            found = Array(_plait.array_of_values(_plait.delayed_values(calls), as_it_is, kind, chunks, name))
        return found if keepdims else found[tuple(0 if one in places else slice(None) for one in range(a.ndim))]

    return with_out(reduce)


class _Same:
    """One value for each element."""

    def __init__(self, value: Any):
        self.value, self.__name__ = value, "full_like"

    def __call__(self, block: Any) -> Any:
        return np.full(block.shape, self.value, dtype=object)


def full_like(a: Any, fill_value: Any, dtype: Any = None, **kwargs: Any) -> Array:
    """An array of one value, in the shape and chunks of another."""
    if any(value is not None for name, value in kwargs.items() if name != "order"):
        raise NotImplementedError("full_like of an array of Python objects takes no other arguments yet than dtype")
    made = on_elements(_Same(fill_value), [a], object)
    return made if dtype is None else made.astype(dtype)


def _constant(value: Any) -> Callable:
    return lambda a, dtype=None, **kwargs: full_like(a, value, dtype, **kwargs)


def either(native: Callable, own: Callable, num_arrays: int) -> Callable:
    """A function that takes arrays of Python objects, too."""

    def function(*args: Any, **kwargs: Any) -> Any:
        first = args[:num_arrays]
        is_own = any(is_objects(x) or isinstance(x, (list, tuple)) and any(map(is_objects, x)) for x in first)
        return (own if is_own else native)(*args, **kwargs)

    return functools.update_wrapper(function, native)


def _by_truth(native: Callable) -> Callable:
    return lambda a, *args, **kwargs: native(a.astype(bool), *args, **kwargs)


REDUCED = "sum prod min max any all argmin argmax mean var std nansum nanprod nanmin nanmax nanargmin nanargmax nanmean nanvar nanstd".split()


def for_objects(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions of a namespace that take such arrays, too."""
    own: dict[str, Callable] = {"concatenate": concatenate, "stack": stack, "where": where, "isnull": isnull, "notnull": notnull}
    own |= {"full_like": full_like, "zeros_like": _constant(0), "ones_like": _constant(1), "empty_like": _constant(None)}
    own |= {name: reduction(name) for name in REDUCED}
    own |= {name: _by_truth(namespace[name]) for name in ("count_nonzero", "argwhere", "flatnonzero", "nonzero")}
    return {name: either(namespace[name], function, 3) for name, function in own.items()}


def install() -> None:
    """Give `ObjectArray` its methods."""
    for name in REDUCED[:11]:
        setattr(ObjectArray, name, reduction(name))
