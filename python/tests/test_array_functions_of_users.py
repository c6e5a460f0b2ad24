"""Functions of the user on arrays: with a signature, along an axis, on blocks that see their neighbours; and derivatives. As Dask has them."""

import pickle

import hypothesis.strategies as st
import numpy as np
import pytest

import plait
import plait.array as da
from array_samples import RUNS, check, computed, holds_for, lazy

dask_array = pytest.importorskip("dask.array")

RANDOM = np.random.default_rng(7)
A = RANDOM.normal(size=(10, 12, 6))
X = RANDOM.normal(size=(12, 6))
Y = RANDOM.normal(size=(10, 1, 5))


def moments(x):
    return x.mean(axis=-1), x.std(axis=-1)


def with_weights(x, weights=1, power=1):
    return (weights * x**power).sum(axis=-1)


GUFUNCS = {
    "one": lambda m, a, x, y: m.apply_gufunc(with_weights, "(i)->()", a, power=2),
    "with spaces": lambda m, a, x, y: m.apply_gufunc(with_weights, " ( i ) -> ( ) ", a, output_dtypes=[float]),
    "several": lambda m, a, x, y: m.apply_gufunc(moments, "(i)->(),()", a)[1],
    "outer": lambda m, a, x, y: m.apply_gufunc(lambda x, y: np.einsum("i,j->ij", x, y), "(i),(j)->(i,j)", x, y, vectorize=True),
    "looped": lambda m, a, x, y: m.apply_gufunc(lambda x, y: x + y, "(),()->()", a, a[0]),
    "scalar": lambda m, a, x, y: m.apply_gufunc(np.add, "(),()->()", a, 3.5),
    "one axis": lambda m, a, x, y: m.apply_gufunc(with_weights, "(i)->()", a, axis=0, allow_rechunk=True),
    "kept": lambda m, a, x, y: m.apply_gufunc(with_weights, "(i)->()", a, axis=1, keepdims=True, allow_rechunk=True),
    "kept, several": lambda m, a, x, y: m.apply_gufunc(moments, "(i)->(),()", a, keepdims=True)[0],
    "axes": lambda m, a, x, y: m.apply_gufunc(np.matmul, "(i,j),(j,k)->(i,k)", a, m.ones((6, 4), chunks=(6, 2)), axes=[(0, 2), (0, 1), (1, 0)], allow_rechunk=True),
    "axes of scalars": lambda m, a, x, y: m.apply_gufunc(with_weights, "(i)->()", a, axes=[1], allow_rechunk=True),
    "new axis": lambda m, a, x, y: m.apply_gufunc(lambda x: np.stack([x.min(-1), x.max(-1)], -1), "(i)->(two)", a, output_sizes={"two": 2}),
    "resized axis": lambda m, a, x, y: m.apply_gufunc(lambda x: x[..., ::2], "(i)->(i)", a, output_sizes={"i": 3}),
    "meta": lambda m, a, x, y: m.apply_gufunc(moments, "(i)->(),()", a, meta=(np.empty(0), np.empty(0)))[0],
    "square": lambda m, a, x, y: m.apply_gufunc(np.trace, "(i,i)->()", x[:6], vectorize=True, output_dtypes=float, allow_rechunk=True),
    "no argument": lambda m, a, x, y: m.apply_gufunc(lambda: np.float64(3), "->()", output_dtypes=float),
    "lazy keyword": lambda m, a, x, y: m.apply_gufunc(with_weights, "(i)->()", a, weights=x[0], output_dtypes=float),
    "gufunc": lambda m, a, x, y: m.gufunc(moments, signature="(i)->(),()", output_dtypes=(float, float))(a)[1],
    "as_gufunc": lambda m, a, x, y: m.as_gufunc("(i)->()", output_dtypes=float, axis=1)(with_weights)(a, allow_rechunk=True),
}


def operands(m):
    return m.from_array(A, chunks=(5, 4, 6)), m.from_array(X, chunks=(4, 6)), m.from_array(Y, chunks=(5, 1, 5))


@pytest.mark.parametrize("name", GUFUNCS)
def test_functions_with_a_signature_give_what_dask_gives(name):
    expected = GUFUNCS[name](dask_array, *operands(dask_array))
    check(GUFUNCS[name](da, *operands(da)), expected.compute(), 1e-9)


def test_several_results_of_a_call_are_one_call():
    calls = []

    def counted(x):
        calls.append(x.shape)
        return x.min(axis=-1), x.max(axis=-1)

    low, high = da.apply_gufunc(counted, "(i)->(),()", operands(da)[0], output_dtypes=(float, float))
    found = plait.compute(low, high, scheduler="sync")
    assert calls == [(5, 4, 6)] * 6
    np.testing.assert_array_equal(found, [A.min(-1), A.max(-1)])
    again, _ = pickle.loads(pickle.dumps(da.apply_gufunc(moments, "(i)->(),()", operands(da)[0])))
    check(again, A.mean(-1), 1e-9)


WRONG_SIGNATURES = [
    (ValueError, "no valid gufunc signature", lambda a: da.apply_gufunc(moments, "(i)->(,)", a)),
    (TypeError, "signature is None", lambda a: da.gufunc(moments)),
    (TypeError, "as_gufunc: unexpected arguments nout", lambda a: da.as_gufunc("(i)->()", nout=2)),
    (ValueError, "has 1 arguments, 2 are given", lambda a: da.apply_gufunc(moments, "(i)->()", a, a)),
    (ValueError, "the core axis 'i' consists of multiple chunks", lambda a: da.apply_gufunc(np.sum, "(i)->()", a, axis=0, output_dtypes=float)),
    (ValueError, "has different chunks in the arguments", lambda a: da.apply_gufunc(np.add, "(),()->()", a, a.rechunk(6), output_dtypes=float)),
    (ValueError, "the core axis 'i' has 6 elements in one argument and 5", lambda a: da.apply_gufunc(np.dot, "(i),(i)->()", a, np.ones(5), output_dtypes=float)),
    (ValueError, "no argument has the core axis 'k'", lambda a: da.apply_gufunc(np.sum, "(i)->(k)", a, output_dtypes=float)),
    (ValueError, "the signature .* has 2 results", lambda a: da.apply_gufunc(moments, "(i)->(),()", a, output_dtypes=float)),
    (ValueError, "only one of meta and output_dtypes", lambda a: da.apply_gufunc(np.sum, "(i)->()", a, output_dtypes=float, meta=np.empty(0))),
    (ValueError, "only one of axis and axes", lambda a: da.apply_gufunc(np.sum, "(i)->()", a, axis=0, axes=[(0,)])),
    (ValueError, "axes has 3 entries", lambda a: da.apply_gufunc(np.sum, "(i)->()", a, axes=[0, 1, 2])),
    (ValueError, "keepdims is for results without core axes", lambda a: da.apply_gufunc(np.sort, "(i)->(i)", a, keepdims=True)),
    (ValueError, "give output_dtypes=", lambda a: da.apply_gufunc(lambda x: 1 // 0, "(i)->()", a)),
    (ValueError, "are not different axes", lambda a: da.apply_gufunc(np.sum, "(i)->()", a, axis=3, output_dtypes=float)),
]


@pytest.mark.parametrize("number", range(len(WRONG_SIGNATURES)))
def test_signatures_that_do_not_fit_are_refused(number):
    kind, message, make = WRONG_SIGNATURES[number]
    with pytest.raises(kind, match=message):
        make(operands(da)[0])


@pytest.mark.parametrize("run", RUNS)
def test_results_that_are_not_as_said_are_refused(run):
    a = operands(da)[0]
    with pytest.raises(ValueError, match="expected"):
        computed(da.apply_gufunc(lambda x: x, "(i)->()", a, output_dtypes=float), run)
    with pytest.raises(ValueError, match="has 2 results, but the function returned 1 results"):
        computed(da.apply_gufunc(lambda x: [x], "(i)->(),()", a, output_dtypes=(float, float))[0], run)


OVERLAPS = [
    {"depth": 1, "boundary": "reflect"},
    {"depth": 1, "boundary": "periodic"},
    {"depth": 2, "boundary": "nearest"},
    {"depth": 2, "boundary": 100},
    {"depth": {0: 2, 1: 1}, "boundary": {0: 0, 1: "reflect"}},
    {"depth": (1, 0), "boundary": ("none", "periodic")},
    {"depth": {0: (2, 1), 1: (0, 3)}, "boundary": "none"},
    {"depth": 3, "boundary": None},
    {"depth": 0},
    {"depth": 5, "boundary": "reflect"},
]


def neighbours(block, block_info=None):
    """A sum of what lies around each element, as far as the block goes."""
    block = np.asarray(block, float)
    return sum(np.roll(block, shift, axis) for axis in range(block.ndim) for shift in (-1, 0, 1))


@pytest.mark.parametrize("how", OVERLAPS)
@pytest.mark.parametrize("chunks", [(4, 3), ((3, 9), (1, 5)), (12, 2)])
def test_blocks_see_as_much_of_their_neighbours_as_in_dask(how, chunks):
    theirs = dask_array.from_array(X, chunks=chunks).map_overlap(neighbours, **how)
    ours = da.from_array(X, chunks=chunks).map_overlap(neighbours, **how)
    assert ours.chunks == theirs.chunks
    check(ours, theirs.compute(), 1e-9)
    if how["depth"]:
        grown = dask_array.overlap.overlap(dask_array.from_array(X, chunks=chunks), how["depth"], how["boundary"])
        assert da.overlap.overlap(da.from_array(X, chunks=chunks), how["depth"], how["boundary"]).chunks == grown.chunks


MANY = {
    "two arrays": lambda m, x: m.map_overlap(np.add, x, x.rechunk((3, 2)), depth=1, boundary="reflect"),
    "of other axes": lambda m, x: m.map_overlap(np.add, x, x[0], depth=1, boundary="reflect"),
    "lists": lambda m, x: m.map_overlap(lambda a, b: a[1:-1] + b, x, x, depth=[{0: 1}, 0], boundary=[0, "none"], trim=False),
    "not trimmed": lambda m, x: m.map_overlap(lambda b: b[1:-1, 1:-1] * 2, x, depth=1, boundary=3, trim=False),
    "dropped": lambda m, x: m.map_overlap(lambda b: b.sum(axis=1), x, depth=1, boundary="reflect", drop_axis=1, dtype=float),
    "old order": lambda m, x: m.map_overlap(x, neighbours, 1, "reflect"),
}


@pytest.mark.parametrize("name", MANY)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_overlaps_of_several_arrays_and_other_axes_are_dasks(name):
    theirs = MANY[name](dask_array, dask_array.from_array(X, chunks=(4, 3)))
    check(MANY[name](da, da.from_array(X, chunks=(4, 3))), theirs.compute(), 1e-9)


WRONG_OVERLAPS = [
    (TypeError, "expected a function and arrays", lambda x: da.map_overlap(3, x, depth=1)),
    (TypeError, "all arguments behind the function must be arrays", lambda x: da.map_overlap(np.add, x, 1, depth=1)),
    (ValueError, "a depth is -1", lambda x: x.map_overlap(neighbours, depth=-1)),
    (ValueError, "is no axis of an array", lambda x: x.map_overlap(neighbours, depth={2: 1})),
    (ValueError, "boundary is 'mirror'", lambda x: x.map_overlap(neighbours, depth=1, boundary="mirror")),
    (ValueError, "overlapping depth 13 is larger than your array 12", lambda x: x.map_overlap(neighbours, depth={0: 13})),
    (ValueError, "larger than the smallest chunk", lambda x: x.map_overlap(neighbours, depth=4, allow_rechunk=False)),
    (NotImplementedError, "depths before and behind", lambda x: x.map_overlap(neighbours, depth={0: (1, 2)}, boundary=0)),
    (ValueError, "depth has 2 entries for 1 arrays", lambda x: x.map_overlap(neighbours, depth=[1, 2])),
    (ValueError, "extents of the blocks must be known", lambda x: x[x[:, 0] > 0].map_overlap(neighbours, depth=1)),
]


@pytest.mark.parametrize("number", range(len(WRONG_OVERLAPS)))
def test_overlaps_that_cannot_be_are_refused(number):
    kind, message, make = WRONG_OVERLAPS[number]
    with pytest.raises(kind, match=message):
        make(da.from_array(X, chunks=(4, 3)))


@holds_for(lazy(max_dims=2), st.integers(0, 3), st.sampled_from(["none", "reflect", "periodic", "nearest", 1]))
def test_what_is_grown_and_trimmed_is_what_it_was(pair, depth, boundary):
    x, of_x = pair
    depth = min(depth, *x.shape)
    grown = da.overlap.overlap(of_x, depth, boundary)
    check(da.overlap.trim_overlap(grown, depth, boundary), x)


@pytest.mark.parametrize("window, axis", [(3, 0), ((2, 4), (0, 1)), ((2, 2), (1, 1)), (1, 1), ((3, 2), None), (12, 0)])
@pytest.mark.parametrize("automatic", [True, False])
def test_windows_slide_over_all_blocks(window, axis, automatic):
    x = da.from_array(X, chunks=((5, 5, 2), (3, 1, 2)))
    found = da.lib.stride_tricks.sliding_window_view(x, window, axis, automatic_rechunk=automatic)
    check(found, np.lib.stride_tricks.sliding_window_view(X, window, axis))


@pytest.mark.parametrize("chunks", [(4, 3), (1, 1), (12, 6)])
def test_functions_of_lines_are_numpys(chunks):
    x = da.from_array(X, chunks=chunks)
    check(da.apply_along_axis(np.ptp, 0, x), np.apply_along_axis(np.ptp, 0, X), 1e-9)
    check(da.apply_along_axis(np.sort, 0, x), np.sort(X, 0))
    check(da.apply_along_axis(lambda line: line[5], 0, x), X[5])
    check(da.apply_along_axis(np.cumsum, -1, x, dtype=float, shape=(6,)), np.cumsum(X, -1), 1e-9)
    check(da.apply_along_axis(lambda line, by: np.outer(line, line)[:2, :2] * by, 0, x, 2, dtype=float, shape=(2, 2)),
          np.apply_along_axis(lambda line, by: np.outer(line, line)[:2, :2] * by, 0, X, 2), 1e-9)
    check(da.apply_along_axis(np.dot, 0, x, da.from_array(X[:, 0], chunks=2), dtype=float, shape=()), X[:, 0] @ X, 1e-9)
    check(da.apply_over_axes(da.sum, x, (0, -1)), np.apply_over_axes(np.sum, X, (0, -1)), 1e-9)
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        da.apply_along_axis(np.sum, 2, x)
    with pytest.raises(ValueError, match="gave an array of 0 axes"):
        da.apply_over_axes(lambda x, axis: x.sum(), x, 0)
    with pytest.raises(ValueError, match="give dtype= and shape="):
        da.apply_along_axis(lambda line: line[50], 0, x)


@holds_for(lazy(dtypes=(np.int32, np.float32, np.float64, np.complex128), min_side=3), st.sampled_from([1, 2]), st.data())
def test_derivatives_are_numpys(pair, edge_order, data):
    x, of_x = pair
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    steps = data.draw(st.lists(st.floats(0.5, 3), min_size=x.shape[axis], max_size=x.shape[axis]))
    for spacing in (2.5, np.cumsum(steps), np.arange(x.shape[axis]) * 2):
        expected = np.gradient(x, spacing, axis=axis, edge_order=edge_order)
        tolerance = 1e-3 if x.dtype == np.float32 else 1e-9
        found = da.gradient(of_x, spacing, axis=axis, edge_order=edge_order)
        assert found.chunks == of_x.chunks
        check(found, expected, tolerance, tolerance * 100)
    check(da.gradient(of_x, da.from_array(np.cumsum(steps), chunks=2), axis=axis), np.gradient(x, np.cumsum(steps), axis=axis), 1e-3, 1e-1)


def test_derivatives_along_all_axes_are_a_list():
    x = da.from_array(X, chunks=(4, 3))
    for found, expected in zip(da.gradient(x, 1.0, 2.0), np.gradient(X, 1.0, 2.0), strict=True):
        check(found, expected)
    assert len(np.gradient(x)) == 2
    with pytest.raises(ValueError, match="at least 3 are needed"):
        da.gradient(x[:2], axis=0, edge_order=2)
    with pytest.raises(TypeError, match="3 distances are given for 2 axes"):
        da.gradient(x, 1, 2, 3)
    with pytest.raises(ValueError, match="names an axis twice"):
        da.gradient(x, axis=(0, -2))
    with pytest.raises(ValueError, match="coordinates of shape"):
        da.gradient(x, np.arange(3.0), axis=0)


def test_arrays_become_frames():
    frame = da.from_array(X, chunks=(4, 3)).to_dask_dataframe(columns=list("abcdef"))
    assert frame.npartitions == 3
    np.testing.assert_array_equal(frame.compute().to_numpy(), X)


def test_a_number_is_a_block_of_one_element_unless_axes_are_enforced():
    x = da.from_array([1, 2, 2, 3, 3, 3], chunks=((1, 2, 3),))
    assert x.map_blocks(np.sum, chunks=((1, 1, 1),)).compute().tolist() == [1, 4, 9]
    assert x.map_blocks(lambda block: block.sum().reshape(1, 1, 1), chunks=((1, 1, 1),)).compute().tolist() == [1, 4, 9]
    with pytest.raises(ValueError, match="Dimension mismatch"):
        x.map_blocks(np.sum, chunks=((1, 1, 1),), enforce_ndim=True).compute()
    with pytest.raises(ValueError, match=r"block of shape \(\) as block \(1,\), expected \(2,\)"):
        x.map_blocks(np.sum, dtype=int).compute()
