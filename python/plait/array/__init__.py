"""Lazy chunked arrays with NumPy's operations and the names of ``dask.array``.

Every function returns at once; ``compute()`` runs the plan and gives a NumPy array. What is not there yet fails with its
name.
"""

from __future__ import annotations

import builtins
import importlib
import sys as _sys
from typing import TYPE_CHECKING, Any

from .. import compat as _compat
from .._lazy import numpy as _np
from .._missing_names import missing as _missing
from ..base import compute
from ._along_axis import apply_along_axis, apply_over_axes
from ._array import Array
from ._blockwise import blockwise, unify_chunks
from ._blockwise_shapes import push, reshape_blockwise
from ._chunks import PerformanceWarning, normalize_chunks
from ._counting import bincount, digitize, histogram, histogram2d, histogramdd, isin, searchsorted, union1d, unique
from ._creation import arange, empty, empty_like, eye, fromfunction, full, full_like, identity, indices, linspace, meshgrid
from ._creation import ones, ones_like, tri, zeros, zeros_like
from ._cumulative import cumprod, cumsum, nancumprod, nancumsum
from ._from_delayed import from_delayed
from ._diagonal import diag, diagonal, trace
from ._einsum import einsum
from ._encoded_creation import for_dtypes as _for_dtypes
from ._encoded_functions import for_both as _for_both
from ._frompyfunc import frompyfunc
from ._gradient import gradient
from ._gufunc import apply_gufunc, as_gufunc, gufunc
from ._masked_functions import for_masked as _for_masked
from ._masked_functions import install as _install_masked
from ._hdf5 import to_hdf5
from ._layout import append, atleast_1d, atleast_2d, atleast_3d, broadcast_arrays, broadcast_to, concatenate, diff, dstack, ediff1d
from ._layout import expand_dims, flip, fliplr, flipud, hstack, moveaxis, ravel, rechunk, repeat, reshape, roll, rollaxis, rot90
from ._layout import squeeze, stack, swapaxes, take, tile, transpose, tril, triu, vstack
from ._map_blocks import map_blocks
from ._methods import install as _install_methods
from . import _nested  # noqa: F401  (found by name)
from ._npy_stack import from_npy_stack, to_npy_stack
from ._object_functions import for_objects as _for_objects
from ._object_functions import install as _install_objects
from ._order import argtopk, median, nanmedian, nanpercentile, nanquantile, percentile, quantile, topk
from ._pad import pad
from ._pieces import block, choose, coarsen, delete, frexp, i0, insert, ldexp, modf, piecewise, ravel_multi_index, sinc, tril_indices, tril_indices_from
from ._pieces import triu_indices, triu_indices_from, unravel_index
from ._products import corrcoef, cov, dot, matmul, outer, tensordot, vdot
from ._reduction import reduction
from ._reductions import REDUCTIONS as _REDUCTIONS
from ._reductions import average, count_nonzero, ptp
from ._routines import allclose, angle, around, clip, fix, imag, isclose, iscomplex, isneginf, isposinf, isreal, moment, nan_to_num, ndim
from ._routines import real, result_type, round, shape, size, where
from ._search import argwhere, compress, extract, flatnonzero, isnull, nonzero, notnull, select
from ._shuffle import shuffle
from ._sources import array, asanyarray, asarray, from_array
from ._store import store
from ._ufuncs import UFUNCS as _UFUNCS
from ._zarr import from_zarr, to_zarr
from .overlap import map_overlap

if TYPE_CHECKING:
    from . import (
        fft as fft,
        image as image,
        lib as lib,
        linalg as linalg,
        ma as ma,
        overlap as overlap,
        random as random,
        reductions as reductions,
        stats as stats,
        utils as utils,
    )

    # What the lines below install: universal functions and reductions, by their parameters.
    def _of_one(x: Any, /, out: Any = None, *, dtype: Any = None) -> Array: ...
    def _of_two(x1: Any, x2: Any, /, out: Any = None, *, dtype: Any = None) -> Array: ...
    def divmod(x1: Any, x2: Any, /) -> tuple[Array, Array]: ...
    def _reduction(a: Any, axis: Any = None, keepdims: builtins.bool = False, split_every: Any = None, out: Any = None) -> Array: ...
    def _sum(a: Any, axis: Any = None, dtype: Any = None, keepdims: builtins.bool = False, split_every: Any = None, out: Any = None) -> Array: ...
    def _spread(a: Any, axis: Any = None, dtype: Any = None, keepdims: builtins.bool = False, ddof: float = 0, split_every: Any = None, out: Any = None) -> Array: ...

    abs = absolute = arccos = arccosh = arcsin = arcsinh = arctan = arctanh = bitwise_not = cbrt = ceil = conj = conjugate = cos = _of_one
    cosh = deg2rad = degrees = exp = exp2 = expm1 = fabs = floor = invert = isfinite = isinf = isnan = log = log10 = log1p = log2 = _of_one
    logical_not = negative = positive = rad2deg = radians = reciprocal = rint = sign = signbit = sin = sinh = spacing = sqrt = _of_one
    square = tan = tanh = trunc = _of_one
    add = arctan2 = bitwise_and = bitwise_or = bitwise_xor = copysign = divide = equal = float_power = floor_divide = fmax = fmin = _of_two
    fmod = greater = greater_equal = hypot = left_shift = less = less_equal = logaddexp = logaddexp2 = logical_and = logical_or = _of_two
    logical_xor = maximum = minimum = mod = multiply = nextafter = not_equal = power = remainder = right_shift = subtract = _of_two
    true_divide = _of_two
    min = max = any = all = argmin = argmax = nanmin = nanmax = nanargmin = nanargmax = _reduction
    sum = prod = mean = nansum = nanprod = nanmean = _sum
    var = std = nanvar = nanstd = _spread
    bool: Any
    complex64 = complex128 = dtype = float16 = float32 = float64 = int8 = int16 = int32 = int64 = bool
    uint8 = uint16 = uint32 = uint64 = finfo = iinfo = bool

_install_methods()
globals().update(_UFUNCS)
globals().update(_REDUCTIONS)
globals().update(_for_both(globals()))
globals().update(_for_dtypes(globals()))
globals().update(_for_masked(globals()))
globals().update(_for_objects(globals()))
_install_objects()
_install_masked()

_SUBMODULES = ("fft", "image", "lib", "linalg", "ma", "overlap", "random", "reductions", "stats", "utils")

# NumPy's constants and types under the same names as in dask.array.
e = 2.718281828459045
euler_gamma = 0.5772156649015329
inf = float("inf")
nan = float("nan")
newaxis = None
pi = 3.141592653589793
_TYPES = ("bool complex64 complex128 dtype float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 finfo iinfo").split()


def _lazy(name: str) -> Any:
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _TYPES:
        return getattr(_np, name)
    if name == "assert_eq":
        return _lazy("utils").assert_eq
    if (facade := _compat.facade_of(__name__, name)) is not None:
        return facade
    raise _missing(__name__, name, _sys.modules[__name__])


if not TYPE_CHECKING:
    __getattr__ = _lazy


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])


# fmt: off
__all__ = [
    "Array", "PerformanceWarning", "allclose", "angle", "append", "apply_along_axis", "apply_gufunc", "apply_over_axes", "arange", "argtopk",
    "argwhere", "around", "array", "as_gufunc", "asanyarray", "asarray", "atleast_1d", "atleast_2d", "atleast_3d", "average", "bincount", "block",
    "blockwise", "broadcast_arrays", "broadcast_to", "choose", "clip", "coarsen", "compress", "compute", "concatenate", "corrcoef", "count_nonzero",
    "cov", "cumprod", "cumsum", "delete", "diag", "diagonal", "diff", "digitize", "dot", "dstack", "e", "ediff1d", "einsum", "empty", "empty_like",
    "euler_gamma", "expand_dims", "extract", "eye", "fix", "flatnonzero", "flip", "fliplr", "flipud", "frexp", "from_array", "from_delayed",
    "from_npy_stack", "from_zarr", "fromfunction", "frompyfunc", "full", "full_like", "gradient", "gufunc", "histogram", "histogram2d",
    "histogramdd", "hstack", "i0", "identity", "imag", "indices", "inf", "insert", "isclose", "iscomplex", "isin", "isneginf", "isnull", "isposinf",
    "isreal", "ldexp", "linspace", "map_blocks", "map_overlap", "matmul", "median", "meshgrid", "modf", "moment", "moveaxis", "nan", "nan_to_num",
    "nancumprod", "nancumsum", "nanmedian", "nanpercentile", "nanquantile", "ndim", "newaxis", "nonzero", "normalize_chunks", "notnull", "ones",
    "ones_like", "outer", "pad", "percentile", "pi", "piecewise", "ptp", "push", "quantile", "ravel", "ravel_multi_index", "real", "rechunk",
    "reduction", "repeat", "reshape", "reshape_blockwise", "result_type", "roll", "rollaxis", "rot90", "round", "searchsorted", "select", "shape",
    "shuffle", "sinc", "size", "squeeze", "stack", "store", "swapaxes", "take", "tensordot", "tile", "to_hdf5", "to_npy_stack", "to_zarr", "topk",
    "trace", "transpose", "tri", "tril", "tril_indices", "tril_indices_from", "triu", "triu_indices", "triu_indices_from", "unify_chunks", "union1d",
    "unique", "unravel_index", "vdot", "vstack", "where", "zeros", "zeros_like",
    *_REDUCTIONS, *_UFUNCS,
]
# fmt: on
