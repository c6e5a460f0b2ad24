"""Lazy chunked arrays with NumPy's operations and the names of ``dask.array``.

Every function returns at once; ``compute()`` runs the plan and gives a NumPy array. What is not there yet fails with its
name.
"""

from __future__ import annotations

import importlib

from .._lazy import numpy as _np
from ..base import compute
from ._array import Array
from ._blockwise import blockwise
from ._chunks import normalize_chunks
from ._counting import bincount, digitize, histogram, isin, searchsorted, unique
from ._creation import (
    arange,
    empty,
    empty_like,
    eye,
    fromfunction,
    full,
    full_like,
    identity,
    indices,
    linspace,
    meshgrid,
    ones,
    ones_like,
    tri,
    zeros,
    zeros_like,
)
from ._cumulative import cumprod, cumsum, nancumprod, nancumsum
from ._diagonal import diag, diagonal, trace
from ._einsum import einsum
from ._layout import (
    append,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_arrays,
    broadcast_to,
    concatenate,
    diff,
    dstack,
    ediff1d,
    expand_dims,
    flip,
    fliplr,
    flipud,
    hstack,
    moveaxis,
    ravel,
    rechunk,
    repeat,
    reshape,
    roll,
    rollaxis,
    rot90,
    squeeze,
    stack,
    swapaxes,
    take,
    tile,
    transpose,
    tril,
    triu,
    vstack,
)
from ._map_blocks import map_blocks
from ._order import argtopk, median, nanmedian, nanquantile, percentile, quantile, topk
from ._pad import pad
from ._reductions import (
    all,
    any,
    argmax,
    argmin,
    average,
    count_nonzero,
    max,
    mean,
    min,
    nanargmax,
    nanargmin,
    nanmax,
    nanmean,
    nanmin,
    nanprod,
    nanstd,
    nansum,
    nanvar,
    prod,
    ptp,
    std,
    sum,
    var,
)
from ._routines import (
    allclose,
    angle,
    around,
    array,
    clip,
    corrcoef,
    cov,
    dot,
    fix,
    imag,
    isclose,
    iscomplex,
    isneginf,
    isposinf,
    isreal,
    matmul,
    nan_to_num,
    ndim,
    outer,
    real,
    result_type,
    round,
    shape,
    size,
    tensordot,
    vdot,
    where,
)
from ._search import argwhere, compress, extract, flatnonzero, isnull, nonzero, notnull, select
from ._sources import asanyarray, asarray, from_array
from ._store import store
from ._ufuncs import UFUNCS as _UFUNCS

globals().update(_UFUNCS)
abs = _UFUNCS["absolute"]
conj = _UFUNCS["conjugate"]

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
    raise AttributeError(f"plait.array.{name} is not there yet")


def __dir__() -> list[str]:
    return sorted([*globals(), *_SUBMODULES])


__all__ = [
    "Array",
    "abs",
    "all",
    "allclose",
    "angle",
    "any",
    "append",
    "arange",
    "argmax",
    "argmin",
    "argtopk",
    "argwhere",
    "around",
    "array",
    "asanyarray",
    "asarray",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "average",
    "bincount",
    "blockwise",
    "broadcast_arrays",
    "broadcast_to",
    "clip",
    "compress",
    "compute",
    "concatenate",
    "conj",
    "corrcoef",
    "count_nonzero",
    "cov",
    "cumprod",
    "cumsum",
    "diag",
    "diagonal",
    "diff",
    "digitize",
    "dot",
    "dstack",
    "e",
    "ediff1d",
    "einsum",
    "empty",
    "empty_like",
    "euler_gamma",
    "expand_dims",
    "extract",
    "eye",
    "fix",
    "flatnonzero",
    "flip",
    "fliplr",
    "flipud",
    "from_array",
    "fromfunction",
    "full",
    "full_like",
    "histogram",
    "hstack",
    "identity",
    "imag",
    "indices",
    "inf",
    "isclose",
    "iscomplex",
    "isin",
    "isneginf",
    "isnull",
    "isposinf",
    "isreal",
    "linspace",
    "map_blocks",
    "matmul",
    "max",
    "mean",
    "median",
    "meshgrid",
    "min",
    "moveaxis",
    "nan",
    "nan_to_num",
    "nanargmax",
    "nanargmin",
    "nancumprod",
    "nancumsum",
    "nanmax",
    "nanmean",
    "nanmedian",
    "nanmin",
    "nanprod",
    "nanquantile",
    "nanstd",
    "nansum",
    "nanvar",
    "ndim",
    "newaxis",
    "nonzero",
    "normalize_chunks",
    "notnull",
    "ones",
    "ones_like",
    "outer",
    "pad",
    "percentile",
    "pi",
    "prod",
    "ptp",
    "quantile",
    "ravel",
    "real",
    "rechunk",
    "repeat",
    "reshape",
    "result_type",
    "roll",
    "rollaxis",
    "rot90",
    "round",
    "searchsorted",
    "select",
    "shape",
    "size",
    "squeeze",
    "stack",
    "std",
    "store",
    "sum",
    "swapaxes",
    "take",
    "tensordot",
    "tile",
    "topk",
    "trace",
    "transpose",
    "tri",
    "tril",
    "triu",
    "unique",
    "var",
    "vdot",
    "vstack",
    "where",
    "zeros",
    "zeros_like",
    *_UFUNCS,
]
