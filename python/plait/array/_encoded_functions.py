"""The functions of this package for arrays of dates, durations and texts (see `_encoded`): what they are made of is work on codes."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable

from .._lazy import numpy as np
from ..delayed import delayed
from . import _cumulative, _delayed, _encoded_moves, _encoded_order, _layout, _routines, _search
from ._array import Array, into, with_out
from ._encoded import KINDS, EncodedArray, asarray, by_numpy, codes_of, converted, decoded, in_pieces
from ._encoded_order import of_keys, order_keys
from ._operands import is_foreign, is_foreign_dtype, is_long

NOT_A_TIME = -(2**63)


def _alike(arrays: Any) -> tuple[list[Array], Any]:
    """Arrays as arrays of the one type that holds them all."""
    arrays = [asarray(x) for x in arrays]
    dtype = np.result_type(*(x.dtype for x in arrays))
    for x in arrays:
        if not np.can_cast(x.dtype, dtype, "same_kind"):
            raise TypeError(f"arrays of dtypes {x.dtype} and {dtype} cannot be joined; convert one with astype")
    return [converted(x, dtype) for x in arrays], dtype


def concatenate(seq: Any, axis: int | None = 0, allow_unknown_chunksizes: bool = False) -> Any:
    arrays, dtype = _alike(seq)
    if axis is None:
        arrays, axis = [x.ravel() for x in arrays], 0
    if arrays[0].ndim == 0:
        raise ValueError("concatenate: array 0 has shape (), but arrays are joined along an axis; use stack for scalars")
    first = arrays[0]
    assert isinstance(first, EncodedArray)
    return EncodedArray(_layout.concatenate([codes_of(x) for x in arrays], first.axis(axis)), dtype)


def expand_dims(a: Any, axis: Any) -> Any:
    if not isinstance(a, EncodedArray):
        return _layout.expand_dims(a, axis)
    axes = list(axis) if isinstance(axis, (tuple, list)) else [axis]
    ndim = a.ndim + len(axes)
    places = {a.axis(one, ndim) for one in axes}
    return a[tuple(None if i in places else slice(None) for i in range(ndim))]


def stack(seq: Any, axis: int = 0, allow_unknown_chunksizes: bool = False) -> Any:
    arrays, _ = _alike(seq)
    if any(x.shape != arrays[0].shape for x in arrays):
        raise ValueError(f"stack: the arrays have shapes {[x.shape for x in arrays]}; all must have the same")
    return concatenate([expand_dims(x, axis) for x in arrays], axis)


def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    return concatenate([arr, values], axis)


def atleast(ndim: int, x: Any) -> Any:
    """``x`` with at least that many axes, where NumPy puts the new ones."""
    x = asarray(x)
    if x.ndim >= ndim:
        return x
    at = {(1, 0): (0,), (2, 0): (0, 1), (2, 1): (0,), (3, 0): (0, 1, 2), (3, 1): (0, 2), (3, 2): (2,)}[ndim, x.ndim]
    return expand_dims(x, at)


def _each(ndim: int, arrays: tuple) -> Any:
    results = tuple(atleast(ndim, x) for x in arrays)
    return results[0] if len(results) == 1 else results


def atleast_1d(*arys: Any) -> Any:
    return _each(1, arys)


def atleast_2d(*arys: Any) -> Any:
    return _each(2, arys)


def atleast_3d(*arys: Any) -> Any:
    return _each(3, arys)


def hstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Any:
    arrays = [atleast(1, x) for x in tup]
    return concatenate(arrays, 0 if arrays[0].ndim == 1 else 1)


def vstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Any:
    return concatenate([atleast(2, x) for x in tup], 0)


def dstack(tup: Any, allow_unknown_chunksizes: bool = False) -> Any:
    return concatenate([atleast(3, x) for x in tup], 2)


def broadcast_to(x: Any, shape: Any, chunks: Any = None, meta: Any = None) -> Any:
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if not x.has_many_codes:
        return EncodedArray(_layout.broadcast_to(x.codes, shape, chunks), x.dtype)
    leading = (1,) * (len(shape) - x.ndim)
    whole = x.codes.reshape((*leading, *x.codes.shape))
    result = EncodedArray(_layout.broadcast_to(whole, (*shape, x.codes.shape[-1])), x.dtype)
    return result if chunks is None else result.rechunk(chunks)


def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    sources, targets = ([a.axis(one) for one in (x if isinstance(x, (tuple, list)) else [x])] for x in (source, destination))
    if len(sources) != len(targets) or len(set(sources)) != len(sources) or len(set(targets)) != len(targets):
        raise ValueError(f"moveaxis: source {source} and destination {destination} must be as many different axes")
    order = [axis for axis in range(a.ndim) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return a.transpose(order)


def _along(axis: int, part: Any) -> tuple:
    return (slice(None),) * axis + (part,)


def flip(m: Any, axis: Any = None) -> Any:
    axes = range(m.ndim) if axis is None else [m.axis(one) for one in (axis if isinstance(axis, (tuple, list)) else [axis])]
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


def flipud(m: Any) -> Any:
    return flip(m, 0)


def fliplr(m: Any) -> Any:
    return flip(m, 1)


def roll(array: Any, shift: Any, axis: Any = None) -> Any:
    if axis is None:
        return roll(array.ravel(), shift, 0).reshape(array.shape)
    for by, along in zip(np.ravel(shift).tolist() * (len(np.ravel(axis)) if np.ndim(shift) == 0 else 1), np.ravel(axis).tolist(), strict=True):
        along = array.axis(along)
        by = by % array.shape[along] if array.shape[along] else 0
        if by:
            array = concatenate([array[_along(along, slice(-by, None))], array[_along(along, slice(None, -by))]], along)
    return array


def _is_flat(a: EncodedArray, axis: int | None) -> bool:
    """Whether the flattened array is meant: without an axis, and of a single element."""
    return axis is None or a.ndim == 0 and axis in (0, -1)


def take(a: Any, indices: Any, axis: int | None = 0) -> Any:
    return a.ravel()[_along(0, indices)] if _is_flat(a, axis) else a[_along(a.axis(axis), indices)]


def repeat(a: Any, repeats: int, axis: int | None = None) -> Any:
    a, axis = (a.ravel(), 0) if _is_flat(a, axis) else (a, a.axis(axis))
    return take(a, np.repeat(np.arange(a.shape[axis]), repeats), axis)


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    if n < 0:
        raise ValueError(f"diff: n is {n}, expected 0 or more")
    if n == 0:
        return a
    axis = a.axis(axis)
    parts = [x for x in (prepend, a, append) if x is not None]
    result = concatenate(parts, axis) if len(parts) > 1 else a
    for _ in range(n):
        result = result[_along(axis, slice(1, None))] - result[_along(axis, slice(None, -1))]
    return result


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None and y is None:
        return _by_truth(_search.nonzero)(asarray(condition))
    return by_numpy(np.where, [condition, x, y])


def clip(a: Any, min: Any = None, max: Any = None, **kwargs: Any) -> Any:
    return by_numpy(np.clip, [a, kwargs.get("a_min", min), kwargs.get("a_max", max)])


class _Extreme:
    """The least or greatest text of a block, as an array; nothing of nothing, unless it is the last step."""

    def __init__(self, name: str, is_last: bool):
        self.name, self.is_last, self.__name__ = name, is_last, name

    def __call__(self, x: Any) -> Any:
        return getattr(x, self.name)(keepdims=True) if x.size or self.is_last else x


def _extreme_text(name: str, a: EncodedArray, axis: Any, keepdims: bool) -> Any:
    if axis is not None and (a.ndim != 1 or isinstance(axis, tuple)):
        raise NotImplementedError(f"{name}: the {name} of texts along an axis is not there yet; expected axis=None")
    if axis is not None:
        a.axis(axis)
    found = in_pieces(_Extreme(name, True), in_pieces(_Extreme(name, False), a.reshape(-1), is_whole=False), is_whole=True, extent=1)
    return found.reshape((1,) * a.ndim if keepdims else ())


@with_out
def min(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    if a.is_text:
        return _extreme_text("min", a, axis, keepdims)
    return EncodedArray(a.codes.min(axis, keepdims, split_every), a.dtype)


@with_out
def max(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    if a.is_text:
        return _extreme_text("max", a, axis, keepdims)
    return of_keys(order_keys(a).max(axis, keepdims, split_every), a.dtype)


@with_out
def nanmin(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    if a.is_text:
        return min(a, axis, keepdims)
    return of_keys(order_keys(a).min(axis, keepdims, split_every), a.dtype)  # among which NaT is the largest


@with_out
def nanmax(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    if a.is_text:
        return max(a, axis, keepdims)
    return EncodedArray(a.codes.max(axis, keepdims, split_every), a.dtype)  # among which NaT is the smallest


@with_out
def argmin(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    order_keys(a)
    return a.codes.argmin(axis, keepdims, split_every)


@with_out
def argmax(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    return order_keys(a).argmax(axis, keepdims, split_every)


def ptp(a: Any, axis: Any = None) -> Any:
    return max(a, axis) - min(a, axis)


def _durations(what: str, a: EncodedArray) -> None:
    if a.dtype.kind in "fc":
        raise NotImplementedError(f"{what} of {KINDS[a.dtype.kind]} is not there yet; compute() the array first")
    if a.dtype.kind != "m":
        raise TypeError(f"{what}: an array of dtype {a.dtype} has no {what}; expected durations or numbers")


@with_out
def sum(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    _durations("sum", a)
    total = a.codes.sum(axis, keepdims=keepdims, split_every=split_every)
    is_none = (a.codes == NOT_A_TIME).any(axis, keepdims, split_every)
    return EncodedArray(_routines.where(is_none, np.int64(NOT_A_TIME), total), a.dtype)


@with_out
def mean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
    _durations("mean", a)
    if a.ndim == 0 and axis is not None:
        a.axis(axis)  # unlike a sum, a mean of an element takes no axis
    each = (a.codes == a.codes).astype(np.int64)
    return sum(a, axis, None, keepdims, split_every) / each.sum(axis, keepdims=keepdims)


def cumsum(x: Any, axis: int | None = None, dtype: Any = None, out: Any = None, method: str = "sequential") -> Any:
    _durations("cumsum", x)
    codes = x.codes
    total = _cumulative.cumsum(codes, axis, method=method)
    is_none = _cumulative.cumsum(codes == NOT_A_TIME, axis, np.int64, method=method) > 0
    return into(out, EncodedArray(_routines.where(is_none, np.int64(NOT_A_TIME), total), x.dtype))


def _true_elements(block: Any) -> Any:
    line = block.reshape(-1)
    found = np.zeros(line.shape, dtype=bool)
    found[np.nonzero(line)] = True
    return found.reshape(block.shape)


def _by_truth(native: Callable) -> Callable:
    def function(a: Any, *args: Any, **kwargs: Any) -> Any:
        return native(by_numpy(_true_elements, [a], np.dtype(bool)) if a.has_many_codes else a.codes != 0, *args, **kwargs)

    return function


def _holds_encoded(x: Any) -> bool:
    return any(map(_holds_encoded, x)) if isinstance(x, (list, tuple)) else isinstance(x, EncodedArray)


# How many of a function's first arguments may be what only NumPy knows; one where nothing stands here.
_NUM_ARRAYS = {"append": 2, "compress": 2, "extract": 2, "insert": 3, "isin": 2, "searchsorted": 2, "select": 2, "union1d": 2, "where": 3}


def _either(native: Callable, own: Any) -> Callable:
    parameters = list(inspect.signature(native).parameters.values())
    names = [one.name for one in parameters[: _NUM_ARRAYS.get(native.__name__, 1)]]
    takes_any_number = parameters[0].kind is inspect.Parameter.VAR_POSITIONAL
    is_own = is_foreign if own is where else _holds_encoded

    def function(*args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], np.ndarray) and is_foreign_dtype(args[0].dtype):
            args = (asarray(args[0]), *args[1:])
        given = args if takes_any_number else (*args[: len(names)], *(kwargs[name] for name in names if name in kwargs))
        return (own if any(is_own(x) for x in given) else native)(*args, **kwargs)

    return functools.update_wrapper(function, native)


_OF_ARRAYS: list[Any] = [
    *(concatenate, expand_dims, stack, append, atleast_1d, atleast_2d, atleast_3d, hstack, vstack, dstack, broadcast_to, moveaxis),
    *(flip, flipud, fliplr, roll, take, repeat, diff, where, clip, min, max, nanmin, nanmax, argmin, argmax, ptp, sum, mean, cumsum),
    *(getattr(_encoded_moves, name) for name in "block compress delete diag diagonal extract insert meshgrid rot90 select tile tril triu".split()),
    *(getattr(_encoded_order, name) for name in "argtopk histogram isin median nanargmax nanargmin nanmedian nanpercentile".split()),
    *(getattr(_encoded_order, name) for name in "nanquantile percentile quantile searchsorted topk union1d unique".split()),
]
# Functions of truth values: dates and durations are true unless they are zero, texts unless they are empty.
_OF_TRUTH = ("any", "all", "count_nonzero", "argwhere", "flatnonzero", "nonzero")
_METHODS: list[Any] = [repeat, clip, min, max, argmin, argmax, sum, mean, cumsum, _encoded_order.argtopk, _encoded_order.topk]


_REDUCED = "sum prod mean var std min max any all argmin argmax nansum nanprod nanmean nanvar nanstd nanmin nanmax nanargmin nanargmax".split()


def _or_of_long(name: str, other: Callable) -> Callable:
    """A reduction that is NumPy's of whole lines where elements are long floats."""
    of_long = with_out(_encoded_order.on_whole_lines(name))

    def function(a: Any, *args: Any, **kwargs: Any) -> Any:
        return (of_long if isinstance(a, EncodedArray) and is_long(a.dtype) else other)(a, *args, **kwargs)

    return functools.update_wrapper(function, other)


def for_both(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions of a namespace that take such arrays, too."""
    functions = {own.__name__: _either(namespace[own.__name__], own) for own in _OF_ARRAYS}
    functions |= {name: _either(namespace[name], _by_truth(namespace[name])) for name in _OF_TRUTH}
    return functions | {name: _or_of_long(name, functions.get(name, namespace[name])) for name in _REDUCED}


def to_delayed(x: EncodedArray, optimize_graph: bool = True) -> Any:
    """The chunks as delayed values; see `Array.to_delayed`."""
    codes = _delayed.to_delayed(x.codes).reshape(x.numblocks)
    call = delayed(decoded, pure=True)
    blocks = np.empty(x.numblocks, dtype=object)
    for index in np.ndindex(*x.numblocks):
        blocks[index] = call(codes[index], x.dtype)
    return blocks


def install() -> None:
    """Give `EncodedArray` its methods."""
    EncodedArray.to_delayed = to_delayed  # type: ignore[method-assign, assignment]
    for own in _METHODS:
        setattr(EncodedArray, own.__name__, own)
    for name in ("any", "all", "nonzero"):
        setattr(EncodedArray, name, _by_truth(getattr(Array, name)))
    for name in _REDUCED[: _REDUCED.index("nansum")]:
        setattr(EncodedArray, name, _or_of_long(name, getattr(EncodedArray, name)))
