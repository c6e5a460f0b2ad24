"""The functions of this package for masked arrays (see `_masked`): of the elements and of the mask, or of the elements that count."""

from __future__ import annotations

import functools
from typing import Any, Callable

from .._lazy import LazyModule
from .._lazy import numpy as np
from ..delayed import delayed
from . import _cumulative, _delayed, _layout, _products, _routines
from ._array import Array, with_out
from ._masked import MaskedArray, is_masked, masked
from ._reductions import REDUCTIONS

# It stands above this module.
_ma: Any = LazyModule("plait.array.ma")

# What moves elements without looking at them: the same for the mask.
_LAYOUT = """
    append atleast_1d atleast_2d atleast_3d broadcast_to concatenate dstack expand_dims flip fliplr flipud hstack moveaxis ravel rechunk repeat
    reshape roll rollaxis rot90 squeeze stack swapaxes take tile transpose vstack
""".split()


def _holds_masked(x: Any) -> bool:
    return is_masked(x) or isinstance(x, (list, tuple)) and any(map(is_masked, x))


def _half(x: Any, part: Callable, depth: int = 0) -> Any:
    """An argument with its arrays replaced by one half of them."""
    if isinstance(x, (Array, np.ndarray)):
        return part(masked(x))
    if isinstance(x, (list, tuple)) and any(isinstance(one, (Array, np.ndarray)) for one in x):
        return [_half(one, part) for one in x]
    return x


def _data(x: MaskedArray) -> Array:
    return x.data


def _mask(x: MaskedArray) -> Array:
    return x.mask


def _of_both(native: Callable) -> Callable:
    def function(*args: Any, **kwargs: Any) -> Any:
        halves = [native(*(_half(x, part) for x in args), **{name: _half(x, part) for name, x in kwargs.items()}) for part in (_data, _mask)]
        if isinstance(halves[0], tuple):
            return tuple(MaskedArray(data, mask) for data, mask in zip(*halves, strict=True))
        return MaskedArray(*halves)

    return function


# What stands in the place of a masked element, by the reduction.
_IN_PLACE = {"sum": 0, "prod": 1, "any": False, "all": True}


def _extreme(name: str, dtype: Any) -> Any:
    """A value that is no smaller (larger) than any other."""
    if dtype.kind == "b":
        return name.endswith("min")
    if dtype.kind in "iu":
        ends = np.iinfo(dtype)
        return ends.max if name.endswith("min") else ends.min
    return np.inf if name.endswith("min") else -np.inf


def _with(x: MaskedArray, value: Any) -> Array:
    """The elements, with a value in the place of masked ones."""
    return _routines.where(x.mask, np.asarray(value).astype(x.dtype)[()], x.data)


def _reduction(name: str) -> Callable:
    native = REDUCTIONS[name]

    def reduce(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
        value = _IN_PLACE[name] if name in _IN_PLACE else _extreme(name, a.dtype)
        result = native(_with(a, value), axis=axis, keepdims=keepdims, split_every=split_every)
        if name.startswith("arg"):
            return result
        return MaskedArray(result, REDUCTIONS["all"](a.mask, axis=axis, keepdims=keepdims, split_every=split_every))

    def of_dtype(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None) -> Any:
        return reduce(a if dtype is None else a.astype(dtype), axis, keepdims, split_every)

    return with_out(of_dtype if name in ("sum", "prod") else reduce)


def count(a: Any, axis: Any = None, keepdims: bool = False, split_every: Any = None) -> Array:
    """The number of elements that are not masked.

    Examples
    --------
    >>> da.ma.count(da.ma.masked_equal(da.arange(4), 2)).compute()
    np.int64(3)
    """
    a = masked(a)
    return REDUCTIONS["sum"]((~a.mask).astype(np.int64), axis=axis, keepdims=keepdims, split_every=split_every)


@with_out
def mean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, split_every: Any = None) -> MaskedArray:
    wide = _with(a, 0) if dtype is None else _with(a, 0).astype(dtype)
    of = {"axis": axis, "keepdims": keepdims, "split_every": split_every}
    total = REDUCTIONS["sum"](wide if wide.dtype.kind in "fc" else wide.astype(np.float64), **of)
    each = count(a, axis, keepdims, split_every)
    return MaskedArray((total / np.maximum(each, 1)).astype(total.dtype), each == 0)


@with_out
def var(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, ddof: float = 0, split_every: Any = None) -> MaskedArray:
    center = mean(a, axis, dtype, True, split_every).data
    distances = _routines.where(a.mask, 0, np.absolute(a.data - center) ** 2)
    total = REDUCTIONS["sum"](distances, axis=axis, keepdims=keepdims, split_every=split_every)
    free = count(a, axis, keepdims, split_every) - ddof
    return MaskedArray((total / np.where(free > 0, free, 1)).astype(total.dtype), free <= 0)


@with_out
def std(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, ddof: float = 0, split_every: Any = None) -> MaskedArray:
    spread = var(a, axis, dtype, keepdims, ddof, split_every)
    return MaskedArray(np.sqrt(spread.data), spread.mask)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None and y is None:
        return _ma.nonzero(condition)
    if x is None or y is None:
        raise ValueError("where: give both x and y, or neither for the positions of true elements")
    condition, x, y = (masked(each) if is_masked(each) else each for each in (condition, x, y))
    of, left, right = (each.data if isinstance(each, MaskedArray) else each for each in (condition, x, y))
    data = _routines.where(of, left, right)
    left, right = (each.mask if isinstance(each, MaskedArray) else False for each in (x, y))
    mask = _routines.where(of, left, right)
    if isinstance(condition, MaskedArray):
        mask = mask | condition.mask
    return MaskedArray(data, _layout.broadcast_to(mask, data.shape).rechunk(data.chunks))


def clip(a: Any, min: Any = None, max: Any = None, **kwargs: Any) -> MaskedArray:
    return MaskedArray(_routines.clip(masked(a).data, min, max, **kwargs), masked(a).mask)


def _product(native: Callable) -> Callable:
    """Sums of products of which those with a masked factor are left out; masked where none is left."""

    def function(a: Any, b: Any, *args: Any, **kwargs: Any) -> MaskedArray:
        a, b = masked(a), masked(b)
        counts = native((~a.mask).astype(np.int64), (~b.mask).astype(np.int64), *args, **kwargs)
        return MaskedArray(native(_with(a, 0), _with(b, 0), *args, **kwargs), counts == 0)

    return function


def _accumulation(native: Callable, neutral: int) -> Callable:
    """Running totals that masked elements add nothing to, under the same mask."""

    def function(x: Any, axis: Any = None, dtype: Any = None, method: str = "sequential") -> MaskedArray:
        totals = native(_with(x, neutral), axis, dtype, None, method)
        return MaskedArray(totals, (x.mask.reshape(-1) if axis is None else x.mask).rechunk(totals.chunks), x._fill_value)

    return with_out(function)


def _in_ma(name: str) -> Callable:
    return lambda *args, **kwargs: getattr(_ma, name)(*args, **kwargs)


def _either(native: Callable, own: Callable, num_arrays: int) -> Callable:
    def function(*args: Any, **kwargs: Any) -> Any:
        is_own = any(_holds_masked(x) for x in (*args[:num_arrays], *list(kwargs.values())[:num_arrays]))
        return (own if is_own else native)(*args, **kwargs)

    return functools.update_wrapper(function, native)


_REDUCED = ("sum", "prod", "min", "max", "any", "all", "argmin", "argmax")
_PRODUCTS = ("dot", "tensordot", "matmul", "vdot", "outer")
_ACCUMULATED = {"cumsum": 0, "cumprod": 1}
_OWN: dict[str, Callable] = {"mean": mean, "var": var, "std": std, "clip": clip, "where": where}


def for_masked(namespace: dict[str, Any]) -> dict[str, Any]:
    """The functions of a namespace that take masked arrays, too."""
    functions = {name: _either(namespace[name], _of_both(namespace[name]), 3) for name in _LAYOUT}
    functions |= {name: _either(namespace[name], _reduction(name), 1) for name in _REDUCED}
    functions |= {name: _either(namespace[name], _product(namespace[name]), 2) for name in _PRODUCTS}
    functions |= {name: _either(namespace[name], _accumulation(namespace[name], neutral), 1) for name, neutral in _ACCUMULATED.items()}
    functions |= {name: _either(namespace[name], _in_ma(name), 1) for name in ("average", "nonzero", "ones_like", "zeros_like", "empty_like")}
    return functions | {name: _either(namespace[name], own, 3) for name, own in _OWN.items()}


def to_delayed(x: MaskedArray, optimize_graph: bool = True) -> Any:
    """The chunks as delayed values; see `Array.to_delayed`."""
    data, mask = _delayed.to_delayed(x.data), _delayed.to_delayed(x.mask)
    call = delayed(np.ma.array, pure=True)
    blocks = np.empty(x.numblocks, dtype=object)
    for index in np.ndindex(*x.numblocks):
        blocks[index] = call(data[index], mask=mask[index], fill_value=x._fill_value)
    return blocks


def install() -> None:
    """Give `MaskedArray` its methods."""
    MaskedArray.to_delayed = to_delayed  # type: ignore[method-assign, assignment]
    for name in _REDUCED:
        setattr(MaskedArray, name, _reduction(name))
    for name in ("mean", "var", "std", "clip"):
        setattr(MaskedArray, name, _OWN[name])
    for name, neutral in _ACCUMULATED.items():
        setattr(MaskedArray, name, _accumulation(getattr(_cumulative, name), neutral))
    MaskedArray.dot = _product(_products.dot)  # type: ignore[method-assign]
    MaskedArray._product = staticmethod(_product(_products.matmul))  # type: ignore[assignment]
    MaskedArray.repeat = _of_both(_layout.repeat)  # type: ignore[method-assign]
