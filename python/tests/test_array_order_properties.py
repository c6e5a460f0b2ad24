"""Largest elements, medians, counts, padding and diagonals against NumPy, on random input."""

import hypothesis.strategies as st
import numpy as np
from hypothesis.extra import numpy as hnp

import plait.array as da
from array_samples import check, chunks_for, holds_for, lazy, numbers, same_or_raises

REAL = (np.int32, np.int64, np.float32, np.float64)
WHOLE = (np.int8, np.int64, np.uint8)


@holds_for(lazy(dtypes=REAL), st.integers(-7, 7).filter(bool), st.data())
def test_largest_and_smallest(pair, k, data):
    x, lx = pair
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    ordered = np.sort(x, axis=axis)
    if k > 0:
        ordered = np.flip(ordered, axis=axis)
    expected = np.take(ordered, range(min(abs(k), x.shape[axis])), axis=axis)
    check(lx.topk(k, axis=axis), expected)
    places = da.argtopk(lx, k, axis=axis).compute()
    np.testing.assert_array_equal(np.take_along_axis(x, places, axis), expected)


@holds_for(lazy(dtypes=REAL), st.data())
def test_medians_and_quantiles(pair, data):
    x, lx = pair
    if x.dtype.kind in "iu":
        x, lx = x // 4, lx // 4  # NumPy's differences of far neighbours leave the type
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    check(da.median(lx, axis=axis), np.median(x, axis=axis), 1e-6)
    check(da.quantile(lx, 0.3, axis=axis, keepdims=True), np.quantile(x, 0.3, axis=axis, keepdims=True), 1e-4)
    check(da.percentile(lx.ravel(), [10, 50]), np.percentile(x.ravel(), [10, 50]), 1e-4)


@holds_for(lazy(dtypes=(np.int64, np.float64)), st.booleans())
def test_histograms(pair, density):
    x, lx = pair
    same_or_raises(lambda: np.histogram(x, bins=4, range=(-50, 50), density=density)[0],
                   lambda: da.histogram(lx, bins=4, range=(-50, 50), density=density)[0])
    check(da.histogram(lx, bins=[-50, 0, 50], weights=lx)[0], np.histogram(x, bins=[-50, 0, 50], weights=x)[0], 1e-7)


@holds_for(lazy(dtypes=WHOLE), st.data())
def test_distinct_elements_and_counts(pair, data):
    x, lx = pair
    check(da.unique(lx), np.unique(x))
    for ours, numpys in zip(da.unique(lx, return_index=True, return_counts=True), np.unique(x, return_index=True, return_counts=True), strict=True):
        check(ours, numpys)
    check(da.isin(lx, [0, 1, 5]), np.isin(x, [0, 1, 5]))
    small = (x % 7).astype(np.int64).ravel()
    check(da.bincount((lx % 7).astype(np.int64).ravel()), np.bincount(small))
    check(da.bincount((lx % 7).astype(np.int64).ravel(), minlength=9), np.bincount(small, minlength=9))
    edges = np.array([-3, 0, 3])
    check(da.digitize(lx, edges), np.digitize(x, edges))
    check(da.searchsorted(da.from_array(np.sort(small), chunks=2), lx), np.searchsorted(np.sort(small), x))


@holds_for(lazy(dtypes=WHOLE))
def test_positions_of_what_is_not_zero(pair):
    x, lx = pair
    for ours, numpys in zip(da.nonzero(lx), np.nonzero(x), strict=True):
        check(ours, numpys)
    check(da.argwhere(lx), np.argwhere(x))
    check(da.flatnonzero(lx), np.flatnonzero(x))
    check(da.extract(lx > 1, lx), np.extract(x > 1, x))


PADS = {
    "constant": [{}, {"constant_values": ((3, 4),)}],
    "empty": [{}],
    "edge": [{}],
    "linear_ramp": [{"end_values": 5}, {}],
    "maximum": [{}, {"stat_length": 2}],
    "mean": [{}, {"stat_length": ((1, 3),)}],
    "median": [{}, {"stat_length": 2}],
    "minimum": [{}],
    "reflect": [{}, {"reflect_type": "odd"}],
    "symmetric": [{}, {"reflect_type": "odd"}],
    "wrap": [{}],
}


@holds_for(lazy(dtypes=(np.bool_, np.int32, np.uint8, np.float32, np.float64, np.complex128), max_dims=2), st.sampled_from(list(PADS)), st.data())
def test_padding(pair, mode, data):
    x, lx = pair
    how = data.draw(st.sampled_from(PADS[mode]))
    if x.dtype == bool and (mode in ("linear_ramp", "mean", "median") or "reflect_type" in how):
        return  # booleans cannot be subtracted
    if mode == "median" and x.dtype.kind == "c":
        return  # which of NumPy's orders decides is not said
    widths = [tuple(data.draw(st.integers(0, 2 * extent + 1)) for _ in range(2)) for extent in x.shape]
    with np.errstate(all="ignore"):
        expected = np.pad(x, widths, mode=mode, **how)
    if mode == "empty":
        expected = np.pad(x, widths)
    check(da.pad(lx, widths, mode=mode, **how), expected, 1e-4, 1e-3)


@holds_for(lazy(), st.integers(-4, 4))
def test_diagonals(pair, offset):
    x, lx = pair
    if x.ndim == 1:
        check(da.diag(lx, offset), np.diag(x, offset))
    else:
        check(da.diagonal(lx, offset, 0, -1), np.diagonal(x, offset, 0, -1))
        check(da.trace(lx, offset), np.trace(x, offset), 1e-2 if x.dtype == np.float16 else 1e-5)


@holds_for(lazy(dtypes=(np.float64, np.int32)), hnp.array_shapes(max_dims=1))
def test_choices(pair, shape):
    x, lx = pair
    conditions, choices = lambda y: [y > 5, y < -5], lambda y: [y * 2, -y]
    check(da.select(conditions(lx), choices(lx), default=1), np.select(conditions(x), choices(x), default=1))


SUBSCRIPTS = ("ij,jk->ik", "ij,jk", "ij,ij->", "ij,ij->i", "ij->ji", "ij->", "ij->j", "i...,j...->...ij", "...i,...j->...ij", "ij,jk,kl->li", "ijk,kjl->il",
              "ab,cb->abc", "ii", "ii->i", "iji->j", "ij,k->k", "bij,bjk->bik", "bij,bj->bi", "...,...")


@holds_for(st.sampled_from(SUBSCRIPTS), st.sampled_from((np.bool_, np.int8, np.int64, np.float32, np.float64, np.complex128)), st.booleans(), st.data())
def test_sums_of_products(subscripts, dtype, optimize, data):
    extents = {name: data.draw(st.integers(0, 4)) for name in "abcijklz"}
    arrays, lazies = [], []
    for names in subscripts.partition("->")[0].split(","):
        shape = [extents[name] for name in names.replace("...", "z")]
        x = data.draw(hnp.arrays(dtype, shape, elements=numbers(dtype))) if dtype == np.bool_ else (np.arange(np.prod(shape)) % 7 - 3).reshape(shape).astype(dtype)
        arrays.append(x)
        lazies.append(da.from_array(x, chunks=data.draw(chunks_for(x.shape))))
    check(da.einsum(subscripts, *lazies, optimize=optimize), np.einsum(subscripts, *arrays), 1e-5, 1e-5)


@holds_for(lazy(dtypes=(np.int64, np.float64)), st.data())
def test_tensor_products(pair, data):
    x, lx = pair
    count = data.draw(st.integers(0, x.ndim))
    y = np.moveaxis(x, range(x.ndim), range(x.ndim)[::-1])
    axes = list(range(count)), [x.ndim - 1 - axis for axis in range(count)]
    check(da.tensordot(lx, lx.T, axes=axes), np.tensordot(x, y, axes=axes), 1e-7)
    check(da.einsum(lx, [*range(x.ndim)], lx, [*range(x.ndim)], [0]), np.einsum(x, [*range(x.ndim)], x, [*range(x.ndim)], [0]), 1e-7)
