"""What needs the order of elements, for arrays of dates, durations, texts, records and long floats.

Dates and durations are in the order of the whole numbers that stand for them. Of the others blocks go to NumPy's functions, lines whole.
"""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import numpy as np
from . import _counting, _order
from ._array import Array
from ._encoded import KINDS, EncodedArray, asarray, codes_of, converted, in_pieces
from ._map_blocks import map_blocks


def order_keys(x: EncodedArray) -> Array:
    """Whole numbers in NumPy's order of dates and durations: one that is none is the least of the codes, and the greatest of all."""
    if x.has_many_codes:
        raise NotImplementedError(f"the order of {KINDS[x.dtype.kind]} is not there yet for this function of an array of dtype {x.dtype}; compute() it first")
    return x.codes - 1


def of_keys(keys: Any, dtype: Any) -> EncodedArray:
    """The dates or durations that have these keys."""
    return EncodedArray(keys + 1, dtype)


class _First:
    """The first elements of each line, or their places, in falling order for a positive number of them."""

    def __init__(self, k: int, axis: int, gives_places: bool):
        self.k, self.axis, self.gives_places, self.__name__ = k, axis, gives_places, "argtopk" if gives_places else "topk"

    def __call__(self, block: Any) -> Any:
        # Of equal elements the first ones, in falling order too.
        is_falling = self.k > 0
        places = np.argsort(np.flip(block, self.axis) if is_falling else block, axis=self.axis, kind="stable")
        if is_falling:
            places = block.shape[self.axis] - 1 - np.flip(places, self.axis)
        places = np.take(places, range(min(abs(self.k), block.shape[self.axis])), self.axis)
        return places if self.gives_places else np.take_along_axis(block, places, self.axis)


def _first(a: EncodedArray, k: int, axis: int, gives_places: bool) -> Array:
    axis = a.axis(axis)
    whole = a.rechunk({axis: -1})
    chunks = tuple((min(abs(k), whole.shape[axis]),) if one == axis else own for one, own in enumerate(whole.chunks))
    return map_blocks(_First(k, axis, gives_places), whole, dtype=np.int64 if gives_places else a.dtype, chunks=chunks)


def topk(a: Any, k: int, axis: int = -1, split_every: int | None = None) -> Any:
    return _first(a, k, axis, False) if a.has_many_codes else of_keys(_order.topk(order_keys(a), k, axis, split_every), a.dtype)


def argtopk(a: Any, k: int, axis: int = -1, split_every: int | None = None) -> Any:
    return _first(a, k, axis, True) if a.has_many_codes else _order.argtopk(order_keys(a), k, axis, split_every)


class _OnLines:
    """NumPy's reduction of lines; what it finds for several quantiles stands along a new first axis."""

    def __init__(self, function: Callable, axes: tuple[int, ...], options: dict):
        self.function, self.axes, self.options, self.__name__ = function, axes, options, function.__name__

    def __call__(self, block: Any) -> Any:
        return self.function(block, axis=self.axes if len(self.axes) > 1 else self.axes[0], keepdims=True, **self.options)


def _on_lines(function: Callable, a: Array, axis: Any, keepdims: bool, q: Any = None, dtype: Any = None, **options: Any) -> Array:
    axes = tuple(range(a.ndim)) if axis is None else tuple(np.lib.array_utils.normalize_axis_tuple(axis, a.ndim))
    whole = a.rechunk(dict.fromkeys(axes, -1))
    chunks: list = [(1,) if one in axes else own for one, own in enumerate(whole.chunks)]
    if q is not None:
        chunks.insert(0, (np.size(q),))
        options["q"] = np.ravel(q)
    call = _OnLines(function, axes, options)
    dtype = call(np.zeros([1 + (one in axes) for one in range(a.ndim)], a.dtype)).dtype if dtype is None else dtype
    found = map_blocks(call, whole, dtype=dtype, chunks=tuple(chunks), new_axis=None if q is None else 0, name=function.__name__)
    if not keepdims:
        found = found.squeeze(tuple(one + (q is not None) for one in axes))
    return found if q is None else found.reshape((*np.shape(q), *found.shape[1:]))


def median(a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Any:
    return _on_lines(np.median, a, axis, keepdims)


def nanmedian(a: Any, axis: Any = None, keepdims: bool = False, out: Any = None) -> Any:
    return _on_lines(np.nanmedian, a, axis, keepdims)


def quantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    return _on_lines(np.quantile, a, axis, keepdims, q, method=method)


def nanquantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    return _on_lines(np.nanquantile, a, axis, keepdims, q, method=method)


def percentile(a: Any, q: Any, method: str = "linear", internal_method: str = "default", axis: Any = None, keepdims: bool = False) -> Any:
    return _on_lines(np.percentile, a, axis, keepdims, q, method=method)


def nanpercentile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    return _on_lines(np.nanpercentile, a, axis, keepdims, q, method=method)


def on_whole_lines(name: str) -> Callable:
    """NumPy's reduction of that name: what lies along its axes comes together."""

    def reduce(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None, **options: Any) -> Any:
        function = getattr(np, name)
        a = a if dtype is None else converted(a, dtype)
        if "arg" in name and axis is None:
            found = _on_lines(function, a.ravel(), 0, keepdims, **options)
            return found.reshape((1,) * a.ndim) if keepdims else found
        return _on_lines(function, a, axis, keepdims, **options)

    reduce.__name__ = name
    return reduce


nanargmin = on_whole_lines("nanargmin")
nanargmax = on_whole_lines("nanargmax")


def _together(left: Any, right: Any) -> tuple[Array, Array]:
    """Two arrays as arrays of one type."""
    left, right = asarray(left), asarray(right)
    dtype = np.result_type(left.dtype, right.dtype)
    return converted(left, dtype), converted(right, dtype)


def _found(block: Any, among: Any, side: str) -> Any:
    return np.searchsorted(among, block, side)


def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    a, v = _together(a, v)
    if isinstance(a, EncodedArray) and not a.has_many_codes:
        return _counting.searchsorted(order_keys(a), order_keys(v), side, sorter)
    if sorter is not None:
        raise NotImplementedError("searchsorted: sorter= is not there yet; put the array in order first")
    if a.ndim != 1 or side not in ("left", "right"):
        raise ValueError(f"searchsorted: expected an array of one axis and side 'left' or 'right', found {a.ndim} axes and {side!r}")
    return map_blocks(_found, v, among=a, side=side, dtype=np.int64, name="searchsorted")


def _is_in(block: Any, among: Any, invert: bool) -> Any:
    return np.isin(block, among, invert=invert)


def isin(element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    among = test_elements if isinstance(test_elements, Array) else np.asarray(test_elements)
    return map_blocks(_is_in, asarray(element), among=among, invert=invert, dtype=bool, name="isin")


def histogram(a: Any, bins: Any = None, range: Any = None, normed: bool = False, weights: Any = None, density: bool = False) -> Any:
    edges = np.asarray(bins)
    if a.has_many_codes or edges.ndim != 1 or edges.dtype.kind != a.dtype.kind:
        raise TypeError(f"histogram: the bins of an array of dtype {a.dtype} must be edges of that type, found {bins!r}")
    own, ends = _together(a, edges)
    counts, _ = _counting.histogram(codes_of(own), codes_of(ends).compute(), weights=weights, density=density)
    return counts, edges


def union1d(ar1: Any, ar2: Any) -> Any:
    left, right = _together(ar1, ar2)
    assert isinstance(left, EncodedArray)
    return unique(EncodedArray(np.concatenate([codes_of(x.ravel()) for x in (left, right)], 0), left.dtype))


# The different elements of each block, with their first places and counts there, as records: so they travel as one array.


def _records_of(dtype: Any) -> Any:
    return np.dtype([("values", dtype), ("index", np.int64), ("counts", np.int64), ("length", np.int64)])


class _OfBlock:
    """The different elements of one block."""

    __name__ = "unique"

    def __call__(self, block: Any) -> Any:
        values, index, counts = np.unique(block, return_index=True, return_counts=True)
        found = np.empty(len(values), _records_of(block.dtype))
        for name, part in {"values": values, "index": index, "counts": counts, "length": len(block)}.items():
            found[name] = part
        return found


class _OfAll:
    """The different elements of all blocks, of what is known of each."""

    __name__ = "unique"

    def __call__(self, *blocks: Any) -> Any:
        start = 0
        for block in blocks:
            block["index"] += start
            start += block["length"][0] if len(block) else 0
        found = np.concatenate(blocks)
        _, first, inverse = np.unique(found["values"], return_index=True, return_inverse=True)
        counts = np.zeros(len(first), np.int64)
        np.add.at(counts, inverse.reshape(-1), found["counts"])
        found = found[first]
        found["counts"] = counts
        return found


def unique(ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False) -> Any:
    if not ar.has_many_codes:
        found = _counting.unique(order_keys(ar), return_index, return_inverse, return_counts)
        return (of_keys(found[0], ar.dtype), *found[1:]) if isinstance(found, tuple) else of_keys(found, ar.dtype)
    records = _records_of(ar.dtype)
    each = in_pieces(_OfBlock(), ar.ravel(), is_whole=False, dtype=records)
    whole = in_pieces(_OfAll(), each, is_whole=True, join=False)
    values = whole["values"]
    parts = [values]
    if return_index:
        parts.append(whole["index"])
    if return_inverse:
        parts.append(map_blocks(_found, ar, among=values, side="left", dtype=np.int64, name="unique"))
    if return_counts:
        parts.append(whole["counts"])
    return parts[0] if len(parts) == 1 else tuple(parts)
