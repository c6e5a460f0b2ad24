"""Running totals, orders, histograms, distinct elements and look-ups against NumPy, for all types, on random input."""

import warnings

import hypothesis.strategies as st
import numpy as np

import plait.array as da
from array_samples import DTYPES, check, chunks_for, holds_for, lazy, same_or_raises, tolerance

REAL = tuple(dtype for dtype in DTYPES if np.dtype(dtype).kind != "c")
METHODS = (
    "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear median_unbiased "
    "normal_unbiased lower higher midpoint nearest"
).split()


def with_nan(x, data):
    """The array with NaN in some places, if its type has it."""
    if x.dtype.kind in "fc" and x.size and data.draw(st.booleans()):
        x = x.copy()
        x[tuple(data.draw(st.integers(0, extent - 1)) for extent in x.shape)] = np.nan
    return x


def quiet(function):
    """NumPy's result without its warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function()


@holds_for(lazy(min_side=0), st.sampled_from(["sequential", "blelloch"]), st.data())
def test_running_totals(pair, method, data):
    x, lx = pair
    x = with_nan(x, data)
    lx = da.from_array(x, chunks=lx.chunks)
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    dtype = data.draw(st.sampled_from([None, x.dtype, np.float64, np.complex128]))
    scale = max(1.0, float(np.nanmax(np.abs(x.astype(np.complex128)), initial=0)))
    near = {"rtol": tolerance(x.dtype), "atol": tolerance(x.dtype, *([dtype] if dtype else [])) * scale * max(x.size, 1)}
    if x.dtype.kind != "c" or dtype in (None, x.dtype, np.complex128):
        check(da.cumsum(lx, axis, dtype=dtype, method=method), quiet(lambda: np.cumsum(x, axis, dtype=dtype)), **near)
        check(da.nancumsum(lx, axis, dtype=dtype, method=method), quiet(lambda: np.nancumsum(x, axis, dtype=dtype)), **near)
    signs = np.sign(x.real).astype(x.dtype) if x.dtype != bool else x
    lsigns = da.from_array(signs, chunks=lx.chunks)
    check(da.cumprod(lsigns, axis, method=method), quiet(lambda: np.cumprod(signs, axis)))
    check(da.nancumprod(lsigns, axis, method=method), quiet(lambda: np.nancumprod(signs, axis)))


@holds_for(lazy(), st.integers(-7, 7), st.data())
def test_largest_of_all_types(pair, k, data):
    x, lx = pair
    x = with_nan(x, data)
    lx = da.from_array(x, chunks=lx.chunks)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    ordered = np.sort(x, axis=axis)
    expected = np.take(np.flip(ordered, axis=axis) if k > 0 else ordered, range(min(abs(k), x.shape[axis])), axis=axis)
    check(da.topk(lx, k, axis), expected)
    places = da.argtopk(lx, k, axis)
    np.testing.assert_array_equal(np.take_along_axis(x, places.compute(), axis), expected)
    check(places, places.compute())


@holds_for(lazy(dtypes=REAL), st.sampled_from(METHODS), st.data())
def test_quantiles_of_all_types_and_methods(pair, method, data):
    x, lx = pair
    x = with_nan(x, data)
    if x.dtype.kind in "iu":
        x = (x % 100).astype(x.dtype)  # NumPy's differences wrap around
    lx = da.from_array(x, chunks=lx.chunks)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1) | st.just(tuple(range(x.ndim))))
    keepdims = data.draw(st.booleans())
    q = data.draw(st.floats(0, 1) | st.lists(st.floats(0, 1), min_size=1, max_size=3) | st.just([[0.5, 0.25]]))
    arguments = {"axis": axis, "method": method, "keepdims": keepdims}
    near = {"rtol": 10 * tolerance(x.dtype), "atol": 100 * tolerance(x.dtype)}
    same_or_raises(lambda: quiet(lambda: np.quantile(x, q, **arguments)), lambda: da.quantile(lx, q, **arguments), **near)
    same_or_raises(lambda: quiet(lambda: np.nanquantile(x, q, **arguments)), lambda: da.nanquantile(lx, q, **arguments), **near)
    if np.ndim(axis) == 0:
        percents = np.multiply(q, 100)
        same_or_raises(lambda: quiet(lambda: np.nanpercentile(x, percents, **arguments)),
                       lambda: da.nanpercentile(lx, percents, **arguments), **near)


@holds_for(lazy(min_side=0), st.data())
def test_medians_of_all_types(pair, data):
    x, lx = pair
    x = with_nan(x, data)
    lx = da.from_array(x, chunks=lx.chunks)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1) | st.just(tuple(range(x.ndim))))
    keepdims = data.draw(st.booleans())
    near = {"rtol": tolerance(x.dtype), "atol": 100 * tolerance(x.dtype)}
    check(da.median(lx, axis, keepdims), quiet(lambda: np.median(x, axis, keepdims=keepdims)), **near)
    if x.dtype.kind != "c":
        check(da.nanmedian(lx, axis, keepdims), quiet(lambda: np.nanmedian(x, axis, keepdims=keepdims)), **near)


@holds_for(lazy(dtypes=(np.int8, np.int64, np.uint8, np.uint64, np.float32, np.float64), min_side=0), st.booleans(), st.data())
def test_histograms_of_all_types(pair, density, data):
    x, lx = pair
    x = with_nan(x, data)
    lx = da.from_array(x, chunks=lx.chunks)
    weights = data.draw(st.none() | st.sampled_from([np.int32, np.float32, np.float64, np.complex128]))
    given = {} if weights is None else {"weights": (np.arange(x.size) % 5).reshape(x.shape).astype(weights)}
    near = {"rtol": 1e-5, "atol": 1e-5}
    for bins, range_ in (([-50, 0, 0, 20.5, 100], None), (7, (-20, 60)), (3, (2, 2)), (np.array([0, 10, 100]), None)):
        expected = quiet(lambda bins=bins, range_=range_: np.histogram(x.astype(np.float64), bins, range_, density=density, **given))
        ours = da.histogram(lx, bins, range_, density=density, **given)
        check(ours[0], expected[0], **near)
        np.testing.assert_allclose(ours[1], expected[1])


def test_histogram_keeps_a_weight_that_is_nan_in_its_bin():
    x, weights = np.array([0.5, 1.5, 2.5, 1.5]), np.array([np.nan, 1.0, 2.0, 3.0])
    counts, _ = da.histogram(da.from_array(x, chunks=2), [0, 1, 2, 3], weights=da.from_array(weights, chunks=3))
    np.testing.assert_array_equal(counts.compute(), [np.nan, 4.0, 2.0])


@holds_for(lazy(dtypes=(np.int32, np.float64), max_dims=1, min_side=0), st.booleans())
def test_histograms_of_points(pair, density):
    x, lx = pair
    y, ly = -x[::-1], -lx[::-1]
    sample, lsample = np.stack([x, y], axis=1), da.stack([lx, ly], axis=1)
    ends = ((-50, 50), (-20, 80))
    expected = quiet(lambda: np.histogram2d(x, y, (3, 4), ends, density=density, weights=x))
    for ours in (da.histogram2d(lx, ly, (3, 4), ends, density=density, weights=lx),
                 da.histogramdd((lx, ly), (3, 4), ends, density=density, weights=lx)):
        check(ours[0], expected[0], 1e-7)
    check(da.histogramdd(lsample, [[-50, 0, 50], [-50, 0, 10, 50]])[0], np.histogramdd(sample, [[-50, 0, 50], [-50, 0, 10, 50]])[0])


@holds_for(lazy(min_side=0), st.data())
def test_distinct_elements_of_all_types(pair, data):
    x, lx = pair
    x = with_nan(x, data)
    lx = da.from_array(x, chunks=lx.chunks)
    check(da.unique(lx), np.unique(x))
    asked = {name: data.draw(st.booleans()) for name in ("return_index", "return_inverse", "return_counts")}
    if not any(asked.values()):
        return
    expected = dict(zip(["values", *(name for name in asked if asked[name])], np.unique(x, **asked), strict=True))
    for numpys, ours in zip(expected.values(), da.unique(lx, **asked), strict=True):
        check(ours, numpys)


@holds_for(lazy(min_side=0), lazy(min_side=0), st.booleans())
def test_membership(pair, tests, invert):
    (x, lx), (t, lt) = pair, tests
    if {x.dtype.kind, t.dtype.kind} == {"i", "u"}:
        return  # NumPy compares what no common type holds
    check(da.isin(lx, lt, invert=invert), np.isin(x, t, invert=invert))
    check(da.isin(lx, lx, invert=invert), np.isin(x, x, invert=invert))
    check(da.union1d(lx, lt), np.union1d(x, t))


@holds_for(lazy(dtypes=REAL, min_side=0), lazy(dtypes=REAL, max_dims=1, min_side=0), st.sampled_from(["left", "right"]), st.data())
def test_places_in_order(pair, keys, side, data):
    (x, lx), (k, _) = pair, keys
    k = np.sort(with_nan(k, data))
    lk = da.from_array(k, chunks=data.draw(chunks_for(k.shape)))
    check(da.searchsorted(lk, lx, side), np.searchsorted(k, x, side))
    for edges in (np.sort(k.astype(np.float64)), np.sort(k.astype(np.float64))[::-1]):
        if not np.isnan(edges).any():
            check(da.digitize(lx, edges, side == "left"), np.digitize(x, edges, side == "left"))


@holds_for(lazy(dtypes=(np.bool_, np.int8, np.int64, np.uint8), max_dims=1, min_side=0), st.data())
def test_counts_of_numbers(pair, data):
    x, lx = pair
    weights = data.draw(st.none() | st.sampled_from([np.int32, np.float32, np.float64]))
    x = x if x.dtype == bool else (x % 9).astype(x.dtype)
    lx = da.from_array(x, chunks=lx.chunks)
    given = None if weights is None else (np.arange(x.size) % 4).astype(weights)
    for minlength in (0, 9, 12):
        check(da.bincount(lx, given, minlength), np.bincount(x, given, minlength), 1e-7)
    same_or_raises(lambda: np.bincount(x.astype(np.float64)), lambda: da.bincount(lx.astype(np.float64)))
