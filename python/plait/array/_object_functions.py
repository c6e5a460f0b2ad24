"""Functions of arrays of Python objects: conversion, joins, reductions, arrays like them, and `map_blocks`."""

from __future__ import annotations

import functools
from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from . import _creation, _encoded_functions, _object_items, _search
from ._array import Array, into, with_out
from ._names import named
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


class _Everywhere:
    """A block of one value."""

    def __init__(self, value: Any):
        self.value, self.__name__ = value, "full"

    def __call__(self, shape: tuple) -> Any:
        block = np.empty(shape, dtype=object)
        block.fill(self.value)
        return block


def full(shape: Any, fill_value: Any, dtype: Any = None, chunks: Any = "auto", name: Any = None, **kwargs: Any) -> Array:
    """An array of one Python object; automatic chunks count eight bytes an element."""
    _creation.only_known("full", kwargs)
    shape = (int(shape),) if is_integer(shape) else tuple(map(int, shape))
    cut = _ops.normalize_chunks(chunks, shape, np.dtype(float), what="full")
    call = delayed(_Everywhere(_creation.scalar("full", fill_value)), pure=True, name="full")
    extents = [tuple(own[i] for own, i in zip(cut, index, strict=True)) for index in np.ndindex(*map(len, cut))]
    return named(of_calls([call(block) for block in extents], cut), name)


def _full_like(a: Any, fill_value: Any, order: str = "C", dtype: Any = None, chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
    """An array of one value, in the shape and chunks of another."""
    a = a if isinstance(a, Array) else from_numpy(np.asarray(a, dtype=object), -1)
    own = a.chunks if shape is None else "auto"
    made = full(a.shape if shape is None else shape, fill_value, chunks=own if chunks is None else chunks, name=name)
    return made if dtype is None else made.astype(dtype)


# What NumPy's functions that make arrays fill them with.
_CONSTANTS = {"zeros": 0, "ones": 1, "empty": None}


def _is_object(dtype: Any) -> bool:
    return dtype is not None and dtype is not float and np.dtype(dtype) == object


def _creators(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions that make arrays, for ``dtype=object`` and in the shape of arrays of objects, too."""

    def alone(native: Callable, value: Any) -> Callable:
        def function(shape: Any, dtype: Any = float, chunks: Any = "auto", **kwargs: Any) -> Array:
            return full(shape, value, chunks=chunks, **kwargs) if _is_object(dtype) else native(shape, dtype, chunks, **kwargs)

        return functools.update_wrapper(function, native)

    def like(native: Callable, value: Any) -> Callable:
        def function(a: Any, dtype: Any = None, order: str = "C", chunks: Any = None, name: Any = None, shape: Any = None) -> Array:
            own = _full_like(a, value, order, dtype, chunks, name, shape) if is_objects(a) or _is_object(dtype) else None
            return native(a, dtype=dtype, order=order, chunks=chunks, name=name, shape=shape) if own is None else own

        return functools.update_wrapper(function, native)

    full_of_numbers = namespace["full"]

    def of_value(shape: Any, fill_value: Any, dtype: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        is_ours = _is_object(np.asarray(fill_value).dtype if dtype is None and np.ndim(fill_value) == 0 and not isinstance(fill_value, Array) else dtype)
        return full(shape, fill_value, chunks=chunks, **kwargs) if is_ours else full_of_numbers(shape, fill_value, dtype, chunks, **kwargs)

    found = {name: alone(namespace[name], value) for name, value in _CONSTANTS.items()}
    found |= {f"{name}_like": like(namespace[f"{name}_like"], value) for name, value in _CONSTANTS.items()}
    return found | {"full": functools.update_wrapper(of_value, full_of_numbers)}


def either(native: Callable, own: Callable, num_arrays: int) -> Callable:
    """A function that takes arrays of Python objects, too."""

    def function(*args: Any, **kwargs: Any) -> Any:
        first = args[:num_arrays]
        is_own = any(is_objects(x) or isinstance(x, (list, tuple)) and any(map(is_objects, x)) for x in first)
        return (own if is_own else native)(*args, **kwargs)

    return functools.update_wrapper(function, native)


class _Lines:
    """A function of lines that are whole, which gives as many elements."""

    def __init__(self, name: str, axis: int):
        self.name, self.axis, self.__name__ = name, axis, name

    def __call__(self, block: Any) -> Any:
        return getattr(np, self.name)(block, axis=self.axis)


def _running(name: str) -> Callable:
    def function(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, method: str = "sequential") -> Any:
        x, axis = (x.reshape(-1), 0) if axis is None else (x, x.axis(axis))
        whole = x.rechunk({axis: -1})
        call = delayed(_Lines(name, axis), pure=True, name=name)
        found = of_calls([call(block) for block in whole.grid().ravel()], whole.chunks).rechunk({axis: x.chunks[axis]})
        return into(out, found if dtype is None else found.astype(dtype))

    return function


class _Unique:
    """The different objects of a block, where they stand first, their places among them, and how often each stands."""

    __name__ = "unique"

    def __call__(self, block: Any) -> tuple:
        return np.unique(block, True, True, True)


def _unique(ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False) -> Any:
    (whole,) = ar.rechunk((-1,) * ar.ndim).grid().ravel()
    found = delayed(_Unique(), pure=True, nout=4)(whole)
    one = ((float("nan"),),)
    parts: list[Array] = [of_calls([found[0]], one)]
    for number, (is_wanted, chunks) in enumerate([(return_index, one), (return_inverse, tuple((n,) for n in ar.shape)), (return_counts, one)]):
        if is_wanted:
            parts.append(Array(_plait.array_of_values(_plait.delayed_values([found[number + 1]]), as_it_is, np.dtype(np.int64), chunks, "unique")))
    return parts[0] if len(parts) == 1 else tuple(parts)


class _IsIn:
    """Whether objects are among others."""

    __name__ = "isin"

    def __init__(self, among: Any, invert: bool):
        self.among, self.invert = among, invert

    def __call__(self, x: Any) -> Any:
        return np.isin(x, self.among, invert=self.invert)


def _isin(element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False) -> Array:
    if isinstance(test_elements, Array):
        raise NotImplementedError("isin: lazy test elements are not there for arrays of Python objects; compute() them first")
    return on_elements(_IsIn(np.asarray(test_elements), invert), [element], bool)


def _roll(array: Any, shift: Any, axis: Any = None) -> Any:
    if axis is None:
        return _roll(array.reshape(-1), shift, 0).reshape(array.shape)
    shifts, axes = np.broadcast_arrays(shift, axis)
    for by, one in zip(shifts.ravel().tolist(), axes.ravel().tolist(), strict=True):
        array = _encoded_functions.take(array, (np.arange(array.shape[one]) - by) % max(array.shape[one], 1), one)
    return array


def _tile(A: Any, reps: Any) -> Any:  # noqa: N803
    times = (reps,) if is_integer(reps) else tuple(reps)
    ndim = max(len(times), A.ndim)
    x = A[(None,) * (ndim - A.ndim)] if ndim > A.ndim else A
    for axis, count in enumerate((1,) * (ndim - len(times)) + times):
        x = concatenate([x] * count, axis) if count else x[(*(slice(None),) * axis, slice(0, 0))]
    return x


def _clip(a: Any, min: Any = None, max: Any = None, **kwargs: Any) -> Array:
    return on_elements(np.clip, [a, kwargs.get("a_min", min), kwargs.get("a_max", max)], object)


def _spread(native: Callable) -> Callable:
    return lambda a, *args, **kwargs: native(a.astype(float), *args, **kwargs)


def _by_truth(native: Callable) -> Callable:
    return lambda a, *args, **kwargs: native(a.astype(bool), *args, **kwargs)


REDUCED = "sum prod min max any all argmin argmax mean var std nansum nanprod nanmin nanmax nanargmin nanargmax nanmean nanvar nanstd".split()


def for_objects(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions of a namespace that take such arrays, too."""
    own: dict[str, Callable] = {"concatenate": concatenate, "stack": stack, "where": where, "isnull": isnull, "notnull": notnull}
    own |= {"full_like": _full_like}
    own |= {name: getattr(_encoded_functions, name) for name in ("flip", "fliplr", "flipud", "repeat", "take")}
    own |= {"clip": _clip, "cumprod": _running("cumprod"), "cumsum": _running("cumsum"), "isin": _isin, "roll": _roll, "tile": _tile, "unique": _unique}
    own |= {name: reduction(name) for name in REDUCED}
    own |= {name: _spread(namespace[name]) for name in ("median", "nanstd", "nanvar", "std", "var")}
    own |= {name: _by_truth(namespace[name]) for name in ("count_nonzero", "argwhere", "flatnonzero", "nonzero")}
    return _creators(namespace) | {name: either(namespace[name], function, 3) for name, function in own.items()}


def install() -> None:
    """Give `ObjectArray` its methods."""
    for name in REDUCED[:11]:
        setattr(ObjectArray, name, reduction(name))
    for name in ("std", "var"):
        setattr(ObjectArray, name, _spread(getattr(Array, name)))
    for name, method in {"clip": _clip, "cumprod": _running("cumprod"), "cumsum": _running("cumsum"), "repeat": _encoded_functions.repeat}.items():
        setattr(ObjectArray, name, method)
    ObjectArray.__getitem__ = _object_items.get_item  # type: ignore[assignment, method-assign]
    ObjectArray.__setitem__ = _object_items.set_item  # type: ignore[assignment, method-assign]
