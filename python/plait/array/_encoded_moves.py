"""Functions that move elements, for arrays of dates, durations, texts and records: they move the whole numbers that stand for them."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import numpy as np
from . import _creation, _diagonal, _layout, _pieces
from ._array import Array
from ._encoded import EncodedArray, asarray, by_numpy, converted


def _arrays_in(given: Any) -> list[Any]:
    """The arrays and elements of nested lists."""
    return [x for part in given for x in _arrays_in(part)] if isinstance(given, (list, tuple)) else [given]


def _replaced(given: Any, codes_of: Callable) -> Any:
    return [_replaced(part, codes_of) for part in given] if isinstance(given, (list, tuple)) else codes_of(given)


class _CodesOf:
    """An array's whole numbers; one of those that stand for each element, where there are several."""

    def __init__(self, dtype: Any, number: int | None):
        self.dtype, self.number = dtype, number

    def __call__(self, x: Any) -> Array:
        codes = converted(x, self.dtype).codes
        return codes if self.number is None else codes[..., self.number]


def _by_codes(native: Callable, places: tuple[int, ...]) -> Callable:
    """``native`` where the arguments at some places are such arrays, or nested lists of them."""

    def function(*args: Any, **kwargs: Any) -> EncodedArray:
        given = [args[place] for place in places if place < len(args)]
        dtype = np.result_type(*(asarray(x).dtype for x in _arrays_in(given)))

        def of(number: int | None) -> Array:
            codes_of = _CodesOf(dtype, number)
            return native(*(_replaced(x, codes_of) if place in places else x for place, x in enumerate(args)), **kwargs)

        like = converted(np.zeros((), dtype), dtype)
        if not like.has_many_codes:
            return EncodedArray(of(None), dtype)
        each = [of(number) for number in range(like.codes.shape[-1])]
        return EncodedArray(_layout.stack(each, -1).rechunk({each[0].ndim: -1}), dtype)

    function.__name__ = native.__name__
    return function


block = _by_codes(_pieces.block, (0,))
delete = _by_codes(_pieces.delete, (0,))
diag = _by_codes(_diagonal.diag, (0,))
diagonal = _by_codes(_diagonal.diagonal, (0,))
insert = _by_codes(_pieces.insert, (0, 2))
rot90 = _by_codes(_layout.rot90, (0,))
tile = _by_codes(_layout.tile, (0,))
tril = _by_codes(_layout.tril, (0,))
triu = _by_codes(_layout.triu, (0,))


def meshgrid(*xi: Any, sparse: bool = False, indexing: str = "xy", **kwargs: Any) -> tuple[Array, ...]:
    given = [asarray(x) for x in xi]
    places = _creation.meshgrid(*(np.arange(x.size) for x in given), sparse=sparse, indexing=indexing, **kwargs)
    found = []
    for number, (x, place) in enumerate(zip(given, places, strict=True)):
        axis = 1 - number if indexing == "xy" and number < 2 <= len(given) else number
        line = x.reshape(-1)[tuple(slice(None) if one == axis else None for one in range(len(given)))]
        found.append(line if sparse else _broadcast(line, place.shape))
    return tuple(found)


def _broadcast(x: Array, shape: tuple) -> Array:
    """``x``, which has as many axes, in a shape."""
    if isinstance(x, EncodedArray) and x.has_many_codes:
        return EncodedArray(_layout.broadcast_to(x.codes, (*shape, x.codes.shape[-1])), x.dtype)
    return EncodedArray(_layout.broadcast_to(x.codes, shape), x.dtype) if isinstance(x, EncodedArray) else _layout.broadcast_to(x, shape)


def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    a, axis = (a.ravel(), 0) if axis is None else (a, a.axis(axis))
    before = (slice(None),) * axis
    if isinstance(condition, Array):
        return a[(*before, slice(0, condition.shape[0]))][(*before, condition.astype(bool))]
    return a[(*before, np.flatnonzero(np.asarray(condition)))]


def extract(condition: Any, arr: Any) -> Any:
    return asarray(arr).ravel()[asarray(condition).ravel().astype(bool)]


class _Select:
    """The first of several choices whose condition is true."""

    __name__ = "select"

    def __init__(self, count: int):
        self.count = count

    def __call__(self, *parts: Any) -> Any:
        return np.select(list(parts[: self.count]), list(parts[self.count : -1]), parts[-1])


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    if len(condlist) != len(choicelist):
        raise ValueError(f"select: there are {len(condlist)} conditions and {len(choicelist)} choices; expected as many")
    return by_numpy(_Select(len(condlist)), [*condlist, *choicelist, default])
