"""Single answers of NumPy's that are easy to miss: types, shapes, weights and errors."""

import pickle

import numpy as np
import pytest

import plait.array as da

RNG = np.random.default_rng(7)
A = RNG.random((6, 8, 5))
HOLES = np.where(RNG.random(A.shape) < 0.2, np.nan, A)
FLOATS = np.array([1.5, np.nan, 2.5, 3.7], dtype="f4")


def same(found, expected):
    found = found.compute()
    assert np.asarray(found).dtype == np.asarray(expected).dtype
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("call", [lambda x: x.sum(axis=3), lambda x: x.argmax(axis=-4), lambda x: np.flip(x, 5), lambda x: np.moveaxis(x, 3, 0)])
def test_an_axis_that_is_not_there_is_numpys_error(call):
    for x in (A, da.from_array(A, chunks=3)):
        with pytest.raises(np.exceptions.AxisError):
            call(x)


@pytest.mark.parametrize("name", ["nansum", "nanprod", "nancumsum", "nancumprod"])
@pytest.mark.parametrize("dtype", ["i8", "i4", "u1", "f8"])
def test_missing_elements_are_left_out_before_the_others_become_whole_numbers(name, dtype):
    axis = {"axis": 0} if "cum" in name else {}
    same(getattr(da, name)(da.from_array(FLOATS, chunks=2), dtype=dtype, **axis), getattr(np, name)(FLOATS, dtype=dtype, **axis))


@pytest.mark.parametrize("name", ["nanmean", "nanvar", "nanstd"])
def test_a_mean_of_floats_is_no_whole_number(name):
    for x in (FLOATS, da.from_array(FLOATS, chunks=2)):
        with pytest.raises(TypeError, match="inexact|floating"):
            getattr(np, name)(x, dtype="i8")


@pytest.mark.parametrize("name", ["quantile", "nanquantile"])
@pytest.mark.parametrize("q", [0.4, [0.1, 0.75], np.array([[0.25, 0.5], [0.9, 1.0]])])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [1, -1, (0, 2), None])
def test_quantiles_under_weights(name, q, keepdims, axis):
    x = A if name == "quantile" else HOLES
    weights = RNG.random(A.shape) if axis is None or isinstance(axis, tuple) else RNG.random(A.shape[axis])
    options = {"axis": axis, "keepdims": keepdims, "method": "inverted_cdf"}
    found = getattr(da, name)(da.from_array(x, chunks=(4, 3, 2)), q, weights=da.from_array(weights, chunks=2), **options)
    if weights.ndim == 1:  # NumPy's nanquantile fails with such weights
        weights = np.broadcast_to(np.expand_dims(weights, tuple(range(1, A.ndim - axis % A.ndim))), A.shape)
    same(found, getattr(np, name)(x, q, weights=weights, **options))


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(TypeError, match=r"weights have shape \(4,\)"):
        da.quantile(da.from_array(A), 0.5, axis=1, weights=np.ones(4), method="inverted_cdf")


@pytest.mark.parametrize("axis", [None, 0, (0, 2)])
def test_percentiles_along_axes(axis):
    x = da.from_array(A, chunks=3)
    same(da.percentile(x, [10, 50.5], axis=axis), np.percentile(A, [10, 50.5], axis=axis))
    same(np.percentile(x, 30, axis=axis, keepdims=True), np.percentile(A, 30, axis=axis, keepdims=True))
    same(da.quantile(x, da.from_array(np.array([0.2, 0.4])), axis=axis), np.quantile(A, [0.2, 0.4], axis=axis))


@pytest.mark.parametrize("options", [{}, {"bias": True}, {"ddof": 3}, {"ddof": 0, "rowvar": False}])
@pytest.mark.parametrize("kinds", ["f", "a", "fa"])
def test_covariance_under_weights(options, kinds):
    x = A[0]
    count = x.shape[1] if options.get("rowvar", True) else x.shape[0]
    weights = {"f": {"fweights": RNG.integers(1, 5, count)}, "a": {"aweights": RNG.random(count)}}
    given = {name: value for kind in kinds for name, value in weights[kind].items()}
    same(da.cov(da.from_array(x, chunks=3), **options, **given), np.cov(x, **options, **given))


def test_covariance_refuses_weights_that_make_no_sense():
    x = da.from_array(A[0], chunks=3)
    with pytest.raises(TypeError, match="whole numbers"):
        da.cov(x, fweights=np.full(5, 0.5))
    with pytest.raises(ValueError, match="negative"):
        da.cov(x, aweights=[1, 1, -1, 1, 1])
    with pytest.raises(ValueError, match="one weight for each of the 5 observations"):
        da.cov(x, aweights=[1, 1])


@pytest.mark.filterwarnings("ignore")
def test_more_degrees_of_freedom_than_observations():
    np.testing.assert_array_equal(da.cov(da.from_array(A[0], chunks=3), ddof=9).compute(), np.cov(A[0], ddof=9))


def test_places_of_distinct_elements_have_the_arrays_shape():
    x = RNG.integers(0, 5, (4, 6))
    found, expected = (np.unique(each, return_inverse=True) for each in (da.from_array(x, chunks=(3, 4)), x))
    same(found[1], expected[1])


def test_several_shifts_of_all_elements_add_up():
    same(da.roll(da.from_array(A, chunks=3), (3, 9)), np.roll(A, (3, 9)))
    same(da.roll(da.from_array(A, chunks=3), 3, axis=(0, 2)), np.roll(A, 3, axis=(0, 2)))


def test_a_short_condition_extracts_what_it_speaks_of():
    same(da.extract(da.from_array(np.array([True, False, True])), da.from_array(A, chunks=3)), np.extract([True, False, True], A))


def test_ufuncs_where():
    x, other, mask = da.from_array(A, chunks=3), A + 1, A > 0.5
    same(np.add(x, other, where=mask), np.add(A, other, where=mask, out=np.zeros(A.shape)))
    out = da.full(A.shape, 9.0, chunks=4)
    assert np.multiply(x, other, where=da.from_array(mask, chunks=2), out=out) is out
    same(out, np.multiply(A, other, where=mask, out=np.full(A.shape, 9.0)))


def test_ufuncs_that_are_not_the_engines():
    x = da.from_array(A, chunks=3)
    for part, expected in zip(np.modf(x), np.modf(A), strict=True):
        same(part, expected)
    same(np.ldexp(x, 2), np.ldexp(A, 2))
    same(np.add.outer(x[0, 0], da.arange(3)), np.add.outer(A[0, 0], np.arange(3)))


@pytest.mark.parametrize("name", ["cov", "corrcoef"])
@pytest.mark.parametrize("values", [[[1.0, 2.0]], [[1.0, 2.0, 5.0], [3.0, 1.0, 4.0]], [1.0, 2.0, 4.0]], ids=["a row", "rows", "one axis"])
@pytest.mark.parametrize("rowvar", [True, False])
@pytest.mark.filterwarnings("ignore")
def test_a_row_of_observations_is_columns_of_variables(name, values, rowvar):
    same(getattr(da, name)(da.array(values), rowvar=rowvar), getattr(np, name)(values, rowvar=rowvar))


def test_small_rules_of_numpys_arguments():
    assert da.ones(np.array([2, 3])).shape == da.zeros_like(da.ones(1), shape=np.array([2, 3])).shape == (2, 3)
    with pytest.raises(TypeError, match="stop"):
        da.arange()
    assert isinstance(da.meshgrid(da.arange(2), da.arange(3)), tuple)
    low = -72_057_594_037_927_945
    for step in (1.0, 1.5):
        same(da.arange(low, low + 7, step, chunks=3), np.arange(low, low + 7, step))
    assert da.arange(None, 3).compute().tolist() == [0, 1, 2]
    assert np.iscomplexobj(da.ones(2) * 1j) and not np.iscomplexobj(da.ones(2))


def test_universal_functions_tell_about_themselves():
    assert (da.sin.nin, da.add.nin, da.sin.nout, da.log.types) == (1, 2, 1, np.log.types)
    same(da.subtract.outer(da.arange(3, chunks=2), np.arange(2)), np.subtract.outer(np.arange(3), np.arange(2)))
    assert pickle.loads(pickle.dumps(da.sin)) is da.sin
    assert not hasattr(da.sin, "nothing")


def test_a_lazy_number_is_an_index():
    x, i = A[0], da.argmax(da.array([0.0, 2.0, 1.0]))
    lazy = da.from_array(x, chunks=3)
    for index in (lambda i: i, lambda i: (slice(None), i), lambda i: (i, i), lambda i: (..., i), lambda i: (None, i, slice(2, None)), lambda i: (-1, i)):
        same(lazy[index(i)], x[index(1)])


def double_ends(vector, widths, axis, options):
    vector[: widths[0]] = options.get("value", 9)
    vector[-widths[1] :] = options.get("value", 9)


def test_padding_by_a_function_and_of_dates():
    x = A[0]
    same(da.pad(da.from_array(x, chunks=3), 2, double_ends, value=5), np.pad(x, 2, double_ends, value=5))
    same(da.pad(da.from_array(x, chunks=3), {0: 1, -1: (1, 2)}, double_ends), np.pad(x, {0: 1, -1: (1, 2)}, double_ends))
    dates = np.arange("2020-01-01", "2020-01-06", dtype="M8[D]")
    found = da.pad(da.from_array(dates, chunks=2), 1, constant_values=dates[0])
    np.testing.assert_array_equal(found.compute(), np.pad(dates, 1, constant_values=dates[0]))
    assert da.pad(whole := da.ones(3), 0) is whole


@pytest.mark.skipif(not hasattr(np, "vecdot"), reason="NumPy has no functions of rows")
def test_numpys_functions_of_rows_and_matrices_have_whole_ones():
    x, row = A[0], A[0, 0]
    lazy = da.from_array(x, chunks=(3, 2))
    same(np.vecdot(lazy, row), np.vecdot(x, row))
    same(np.vecdot(lazy, lazy, axis=0), np.vecdot(x, x, axis=0))
    same(np.matvec(lazy, row), np.matvec(x, row))
    same(np.vecmat(da.from_array(x[:, 0], chunks=3), lazy), np.vecmat(x[:, 0], x))


def test_reshaping_without_merging_puts_no_blocks_together():
    x = np.arange(24).reshape(2, 3, 4)
    lazy = da.from_array(x, chunks=((2,), (1, 2), (2, 2)))
    found = lazy.reshape((6, 4), merge_chunks=False)
    assert found.chunks == ((1, 2, 1, 2), (2, 2))
    same(found, x.reshape(6, 4))
    assert da.reshape(lazy, (6, 4), merge_chunks=False).chunks == found.chunks
    texts = da.from_array(x.astype("U2"), chunks=lazy.chunks).reshape((6, 4), merge_chunks=False)
    assert texts.chunks == found.chunks and (texts.compute() == x.reshape(6, 4).astype("U2")).all()


@pytest.mark.parametrize("shift", ["fftshift", "ifftshift"])
def test_shifted_frequencies_leave_axes_of_one_block_whole(shift):
    x = A[0]
    found = getattr(da.fft, shift)(da.from_array(x, chunks=(3, 5)))
    assert found.chunks[1] == (5,) and len(found.chunks[0]) > 1
    same(found, getattr(np.fft, shift)(x))


def test_averages_of_small_integers_and_of_infinities():
    x, weights = np.array([[200, 250], [3, 4]], "u1"), np.array([[200, 100], [1, 2]], "u1")
    for axis in (None, 0, 1):
        found, scale = da.average(da.from_array(x, chunks=1), axis=axis, weights=weights, returned=True)
        expected, wanted = np.average(x, axis=axis, weights=weights, returned=True)
        np.testing.assert_allclose(found.compute(), expected)
        np.testing.assert_array_equal(scale.compute(), wanted)
        assert found.dtype == expected.dtype and scale.dtype == wanted.dtype
    y = np.array([[np.inf, 1], [2, 3]], "f4")
    np.testing.assert_array_equal(da.average(da.from_array(y), axis=0, weights=da.array([1, 2])).compute(), np.average(y, axis=0, weights=[1, 2]))
    assert da.average(da.from_array(y), weights=x).dtype == np.average(y, weights=x).dtype


def test_unsigned_integers_are_as_close_as_they_are():
    x, y = np.array([0, 3, 5], "u4"), np.array([2**32 - 3, 4, 5], "u4")
    assert da.isclose(da.from_array(x), da.from_array(y)).compute().tolist() == np.isclose(x, y).tolist()
    assert not da.allclose(da.from_array(x), y).compute()
    assert da.isclose(da.from_array(np.array([True, False])), True).compute().tolist() == [True, False]


def test_functions_of_a_type_work_in_it():
    x, y = np.array([6, 2**31], "u4"), np.array([2**32 - 1, 3], "u4")
    found = np.lcm(da.from_array(x, chunks=1), y, dtype="i8")
    assert found.dtype == np.int64 and found.compute().tolist() == np.lcm(x, y, dtype="i8").tolist()
    assert np.heaviside(da.arange(3), 1, dtype="f4").compute().dtype == np.float32


def test_lines_of_blocks_without_lines_and_views_of_one_element():
    x = np.arange(6).reshape(2, 3)
    assert da.apply_along_axis(np.cumsum, 0, da.from_array(x, chunks=((2,), (0, 3)))).compute().tolist() == np.cumsum(x, 0).tolist()
    assert da.from_array(np.array(1.0)).view("i8").compute() == np.array(1.0).view("i8")


def test_positions_in_the_flattened_array_of_one_array_and_of_one_axis():
    places = np.array([[3, 6, 6], [4, 5, 1]])
    for given in (places, da.from_array(places, chunks=(1, 2)), [da.array(row) for row in places], places.tolist()):
        np.testing.assert_array_equal(da.ravel_multi_index(given, (7, 6)).compute(), np.ravel_multi_index(tuple(places), (7, 6)))
    np.testing.assert_array_equal(da.ravel_multi_index([places[0]], 7).compute(), places[0])


def test_lazy_points_of_one_block():
    x = np.arange(5) * 2
    places = np.array([[1, 2], [3, 0]])
    np.testing.assert_array_equal(da.from_array(x, chunks=-1).vindex[da.from_array(places, chunks=1)].compute(), x[places])
    with pytest.raises(IndexError, match="lazy"):
        da.from_array(x, chunks=2).vindex[da.from_array(places, chunks=1)]


def test_sinc_of_half_floats_is_one_at_zero():
    x = np.array([0, 0.5, 1], "f2")
    found = da.sinc(da.from_array(x, chunks=2))
    assert found.dtype == "f2"
    np.testing.assert_allclose(found.compute(), np.sinc(x.astype("f8")), atol=1e-3)


def test_reductions_of_dates_in_memory():
    days = np.array(["2020-02-01", "2019-01-01"], "M8[D]")
    assert da.max(days).compute() == days[0] and da.unique(days).compute().tolist() == days[::-1].tolist()


def test_previous_chunks_may_be_one_extent_an_axis_and_unknown_extents_are_said():
    assert da.normalize_chunks("auto", (2000,), previous_chunks=(128,), limit="600 B", dtype="u1") == ((512, 512, 512, 464),)
    assert da.normalize_chunks((100, "auto"), (500, 500_000), dtype="i8", previous_chunks=((1,), (500,)))[1] == (167_500, 167_500, 165_000)
    ((first, second), unknown) = da.normalize_chunks((5, (np.nan, np.nan)), (10, np.nan))
    assert (first, second) == (5, 5) and np.isnan(unknown).all()
    with pytest.raises(ValueError, match="not known"):
        da.normalize_chunks("auto", (np.nan,), dtype="f8")
