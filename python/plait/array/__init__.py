"""Lazy chunked arrays with NumPy's operations and the names of ``dask.array``.

Every function returns at once; ``compute()`` runs the plan and gives a NumPy array. What is not there yet fails with its
name.
"""

from __future__ import annotations

import importlib
import sys as _sys

from .._lazy import numpy as _np
from .._missing_names import missing as _missing
from ..base import compute
from ._array import Array
from ._blockwise import blockwise
from ._chunks import normalize_chunks
from ._counting import bincount, digitize, histogram, histogram2d, histogramdd, isin, searchsorted, union1d, unique
from ._creation import arange, empty, empty_like, eye, fromfunction, full, full_like, identity, indices, linspace, meshgrid
from ._creation import ones, ones_like, tri, zeros, zeros_like
from ._cumulative import cumprod, cumsum, nancumprod, nancumsum
from ._diagonal import diag, diagonal, trace
from ._einsum import einsum
from ._layout import append, atleast_1d, atleast_2d, atleast_3d, broadcast_arrays, broadcast_to, concatenate, diff, dstack, ediff1d
from ._layout import expand_dims, flip, fliplr, flipud, hstack, moveaxis, ravel, rechunk, repeat, reshape, roll, rollaxis, rot90
from ._layout import squeeze, stack, swapaxes, take, tile, transpose, tril, triu, vstack
from ._map_blocks import map_blocks
from ._methods import install as _install_methods
from ._order import argtopk, median, nanmedian, nanpercentile, nanquantile, percentile, quantile, topk
from ._pad import pad
from ._products import corrcoef, cov, dot, matmul, outer, tensordot, vdot
from ._reductions import REDUCTIONS as _REDUCTIONS
from ._reductions import average, count_nonzero, ptp
from ._routines import allclose, angle, around, clip, fix, imag, isclose, iscomplex, isneginf, isposinf, isreal, nan_to_num, ndim
from ._routines import real, result_type, round, shape, size, where
from ._search import argwhere, compress, extract, flatnonzero, isnull, nonzero, notnull, select
from ._sources import array, asanyarray, asarray, from_array
from ._store import store
from ._ufuncs import UFUNCS as _UFUNCS

_install_methods()
globals().update(_UFUNCS)
globals().update(_REDUCTIONS)

_SUBMODULES = ("random",)

# NumPy's constants and types under the same names as in dask.array.
e = 2.718281828459045
euler_gamma = 0.5772156649015329
inf = float("inf")
nan = float("nan")
newaxis = None
pi = 3.141592653589793
_TYPES = (
    "bool complex64 complex128 dtype float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 finfo iinfo"
).split()


def __getattr__(name: str):
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _TYPES:
        return getattr(_np, name)
    raise _missing(__name__, name, _sys.modules[__name__])


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])


# fmt: off
__all__ = [
    "Array", "allclose", "angle", "append", "arange", "argtopk", "argwhere", "around", "array", "asanyarray", "asarray", "atleast_1d", "atleast_2d",
    "atleast_3d", "average", "bincount", "blockwise", "broadcast_arrays", "broadcast_to", "clip", "compress", "compute", "concatenate", "corrcoef",
    "count_nonzero", "cov", "cumprod", "cumsum", "diag", "diagonal", "diff", "digitize", "dot", "dstack", "e", "ediff1d", "einsum", "empty",
    "empty_like", "euler_gamma", "expand_dims", "extract", "eye", "fix", "flatnonzero", "flip", "fliplr", "flipud", "from_array", "fromfunction",
    "full", "full_like", "histogram", "histogram2d", "histogramdd", "hstack", "identity", "imag", "indices", "inf", "isclose", "iscomplex", "isin",
    "isneginf", "isnull", "isposinf", "isreal", "linspace", "map_blocks", "matmul", "median", "meshgrid", "moveaxis", "nan", "nan_to_num",
    "nancumprod", "nancumsum", "nanmedian", "nanpercentile", "nanquantile", "ndim", "newaxis", "nonzero", "normalize_chunks", "notnull", "ones",
    "ones_like", "outer", "pad", "percentile", "pi", "ptp", "quantile", "ravel", "real", "rechunk", "repeat", "reshape", "result_type", "roll",
    "rollaxis", "rot90", "round", "searchsorted", "select", "shape", "size", "squeeze", "stack", "store", "swapaxes", "take", "tensordot", "tile",
    "topk", "trace", "transpose", "tri", "tril", "triu", "union1d", "unique", "vdot", "vstack", "where", "zeros", "zeros_like",
    *_REDUCTIONS, *_UFUNCS,
]
# fmt: on
