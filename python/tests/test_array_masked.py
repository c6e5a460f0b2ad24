"""Masked arrays against NumPy's: da.ma, elementwise functions, what moves elements, reductions; under every executor where it can run there."""

import pickle

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis.extra import numpy as hnp

import plait.array as da
from array_samples import chunks_for, holds_for

RANDOM = np.random.default_rng(5)
A = np.ma.array(RANDOM.integers(-4, 5, (6, 8)).astype(float), mask=RANDOM.random((6, 8)) < 0.3)
B = np.ma.array(RANDOM.integers(-4, 5, 8), mask=RANDOM.random(8) < 0.3)


def lazy(x=A, chunks=(4, 3)):
    return da.from_array(x, chunks=chunks[-x.ndim :])


def same(ours, expected, runs=("sync", "processes")):
    """The same elements are masked, and the others are the same."""
    if expected is np.ma.masked:  # NumPy's one element, which has lost its type
        assert all(ours.compute(scheduler=run) is np.ma.masked for run in runs)
        return
    expected = np.ma.asanyarray(expected)
    assert ours.dtype == expected.dtype and ours.shape == expected.shape
    for run in runs:
        found = ours.compute(scheduler=run)
        if found is np.ma.masked:
            assert expected.mask
            continue
        np.testing.assert_array_equal(np.ma.getmaskarray(np.ma.asanyarray(found)), np.ma.getmaskarray(expected))
        np.testing.assert_allclose(np.ma.filled(np.ma.asanyarray(found), 0), np.ma.filled(expected, 0), rtol=1e-12, atol=1e-12)


def test_masks_go_in_and_come_out():
    same(lazy(), A)
    same(lazy().persist(), A)
    same(pickle.loads(pickle.dumps(lazy())), A)
    assert "chunktype=numpy.MaskedArray" in repr(lazy())
    assert lazy()[0, 0].compute() is np.ma.masked or not A.mask[0, 0]
    same(da.asarray(A), A)
    assert da.asarray(A)._meta.dtype == A.dtype and isinstance(lazy()._meta, np.ma.MaskedArray)


ELEMENTWISE = {
    "sum": lambda x, y: x + y,
    "with a number": lambda x, y: 2 - x * 3,
    "with no mask": lambda x, y: x + np.arange(8),
    "division": lambda x, y: x / y,
    "by zero": lambda x, y: x // 0,
    "remainder": lambda x, y: x % y,
    "power": lambda x, y: x**y,
    "comparison": lambda x, y: (x > y) | (x == y),
    "negative": lambda x, y: -abs(x),
    "ufunc": lambda x, y: np.exp(x) + np.maximum(x, y),
    "root": lambda x, y: np.sqrt(x),
    "logarithm": lambda x, y: np.log(x) + np.log10(y),
    "arcs": lambda x, y: np.arcsin(x) + np.arccosh(x) + np.arctanh(y),
    "conversion": lambda x, y: x.astype("i4"),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_functions_mask_what_numpy_masks(name):
    with np.errstate(all="ignore"):
        same(ELEMENTWISE[name](lazy(), lazy(B)), ELEMENTWISE[name](A, B))


MOVED = {
    "slice": lambda m, x: x[1:5, ::-2],
    "list": lambda m, x: x[:, [3, 1, 1]],
    "transposed": lambda m, x: x.T,
    "reshaped": lambda m, x: x.reshape(12, 4),
    "ravel": lambda m, x: m.ravel(x),
    "joined": lambda m, x: m.concatenate([x, x[:2]]),
    "stacked": lambda m, x: m.stack([x, x * 2], axis=1),
    "flipped": lambda m, x: m.flip(x, 0),
    "rolled": lambda m, x: m.roll(x, 3, axis=1),
    "moved": lambda m, x: m.moveaxis(x, 0, 1),
    "repeated": lambda m, x: m.repeat(x, 2, axis=0),
    "expanded": lambda m, x: m.expand_dims(x, 1),
    "squeezed": lambda m, x: x[:, :1].squeeze(),
}


@pytest.mark.parametrize("name", MOVED)
def test_what_moves_elements_moves_their_masks(name):
    numpys = np.ma if name in ("joined", "stacked", "repeated") else np
    expected = MOVED[name](numpys, A)
    same(MOVED[name](da, lazy()), expected)
    same(lazy().rechunk((2, 8)), A)


@pytest.mark.parametrize("axis", [None, 0, -1])
@pytest.mark.parametrize("name", ["sum", "prod", "min", "max", "any", "all", "mean", "var", "std"])
def test_reductions_leave_masked_elements_out(name, axis):
    with_lost = A.copy()
    with_lost[2], with_lost[:, 5] = np.ma.masked, np.ma.masked
    for x in (A, with_lost, with_lost.astype("i8")):
        same(getattr(lazy(x), name)(axis=axis), getattr(x, name)(axis=axis))
        same(getattr(da, name)(lazy(x), axis=axis, keepdims=True), getattr(x, name)(axis=axis, keepdims=True))
    assert lazy().argmax(axis=1).compute().tolist() == A.argmax(axis=1, fill_value=-99).tolist()
    assert da.ma.count(lazy(), axis=axis).compute().tolist() == A.count(axis=axis).tolist() if axis is not None else True


OF_MA = {
    "masked_equal": lambda m, x, plain: m.masked_equal(x, 2),
    "masked_not_equal": lambda m, x, plain: m.masked_not_equal(plain, 2),
    "masked_greater": lambda m, x, plain: m.masked_greater(x, 2),
    "masked_greater_equal": lambda m, x, plain: m.masked_greater_equal(plain, 2),
    "masked_less": lambda m, x, plain: m.masked_less(x, 2),
    "masked_less_equal": lambda m, x, plain: m.masked_less_equal(x, 2),
    "masked_inside": lambda m, x, plain: m.masked_inside(plain, 3, -1),
    "masked_outside": lambda m, x, plain: m.masked_outside(x, -1, 3),
    "masked_invalid": lambda m, x, plain: m.masked_invalid(plain / plain),
    "masked_where": lambda m, x, plain: m.masked_where(plain > x, plain),
    "masked_values": lambda m, x, plain: m.masked_values(plain, 2.000001),
    "masked_array": lambda m, x, plain: m.masked_array(plain, mask=plain > 1, fill_value=7),
    "masked_array of a mask": lambda m, x, plain: m.masked_array(x, mask=plain > 1),
    "fix_invalid": lambda m, x, plain: m.fix_invalid(x / 0.5, fill_value=9),
    "average": lambda m, x, plain: m.average(x, axis=1),
    "weighted": lambda m, x, plain: m.average(x, weights=abs(plain) + 1),
    "weights of an axis": lambda m, x, plain: m.average(x, axis=1, weights=np.arange(8.0), returned=True)[1],
    "where": lambda m, x, plain: m.where(x > 0, x, plain * 10),
    "ones_like": lambda m, x, plain: m.ones_like(x),
    "zeros_like": lambda m, x, plain: m.zeros_like(x),
}


@pytest.mark.parametrize("name", OF_MA)
def test_functions_of_masked_arrays_are_numpys(name):
    plain = np.asarray(A.data)
    with np.errstate(all="ignore"):
        expected = OF_MA[name](np.ma, A, plain)
        found = OF_MA[name](da.ma, lazy(), lazy(plain))
    same(found, expected)
    if name in ("masked_equal", "masked_values", "masked_array"):
        assert found.compute().fill_value == expected.fill_value


def test_masks_are_taken_off():
    np.testing.assert_array_equal(da.ma.filled(lazy(), 7).compute(), A.filled(7))
    np.testing.assert_array_equal(da.ma.filled(lazy()).compute(), A.filled())
    np.testing.assert_array_equal(da.ma.getdata(lazy()).compute(), A.data)
    np.testing.assert_array_equal(da.ma.getmaskarray(lazy()).compute(), A.mask)
    np.testing.assert_array_equal(da.ma.filled(lazy(A.data), 7).compute(), A.data)
    changed = lazy()
    da.ma.set_fill_value(changed, 5)
    np.testing.assert_array_equal(da.ma.filled(changed).compute(), A.filled(5))
    assert changed.compute().fill_value == 5
    for found, expected in zip(da.ma.nonzero(lazy()), A.nonzero(), strict=True):
        np.testing.assert_array_equal(found.compute(), expected)
    assert da.ma.empty_like(lazy()).shape == A.shape


def test_chunks_are_delayed_values():
    (first, *_) = lazy().to_delayed().ravel()
    found = first.compute()
    np.testing.assert_array_equal(found.mask, A.mask[:4, :3])
    np.testing.assert_array_equal(found.filled(0), A[:4, :3].filled(0))


def test_elements_are_set_and_masked():
    ours, expected = lazy(), A.copy()
    for x in (ours, expected):
        x[0] = np.ma.masked
        x[1:3, 2] = 9
        x[4] = np.ma.array(np.arange(8.0), mask=np.arange(8) % 2)
    same(ours, expected)


def test_what_does_not_know_masks_says_so():
    for use in (lambda x: da.median(x, axis=0), lambda x: da.linalg.norm(x)):
        with pytest.raises(NotImplementedError, match=r"da.ma.filled\(x, value\)"):
            use(lazy())
    with pytest.raises(np.ma.MaskError, match="the mask has shape"):
        da.ma.masked_array(lazy(), mask=[True])
    with pytest.raises(IndexError, match="the condition has shape"):
        da.ma.masked_where(np.ones(3, bool), lazy())
    with pytest.raises(TypeError, match="unexpected arguments order"):
        da.ma.masked_array(lazy(), order="C")
    with pytest.raises(TypeError, match="Axis must be specified"):
        da.ma.average(lazy(), weights=np.ones(8))


@holds_for(st.data())
def test_sums_of_any_masks_and_cuts_are_numpys(data):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=2, max_side=5))
    values = data.draw(hnp.arrays(np.int64, shape, elements=st.integers(-9, 9)))
    mask = data.draw(hnp.arrays(bool, shape))
    x = np.ma.array(values, mask=mask)
    of_x = da.from_array(x, chunks=data.draw(chunks_for(shape)))
    axis = data.draw(st.one_of(st.none(), st.integers(0, len(shape) - 1)))
    for name in ("sum", "min", "mean", "var"):
        same(getattr(of_x, name)(axis=axis), getattr(x, name)(axis=axis), runs=("sync",))
    same((of_x * 2 - of_x.mean()) / (of_x + 1), (x * 2 - x.mean()) / (x + 1), runs=("sync",))


@pytest.mark.parametrize("product", ["dot", "matmul", "outer", "vdot"])
def test_products_leave_masked_factors_out(product):
    a, b = A[:, :5], A[:5]
    if product in ("outer", "vdot"):
        a, b = A[0], A[1]
    expected = {"dot": np.ma.dot, "matmul": np.ma.dot, "outer": np.ma.outer, "vdot": np.ma.dot}[product](a, b)
    for left, right in ((lazy(a), lazy(b)), (lazy(a), b), (a, lazy(b))):
        same(getattr(da, product)(left, right), expected)
    whole = np.ma.array(A.filled(0), mask=False)
    same(lazy().dot(np.ones(8)), np.ma.dot(A, np.ones(8)))
    same(lazy() @ lazy(whole).T, np.ma.dot(A, whole.T))
    same(da.tensordot(lazy(), lazy(), axes=2), np.ma.array(np.tensordot(A.filled(0), A.filled(0)), mask=False))


@pytest.mark.parametrize("axis", [None, 0, -1])
def test_running_totals_go_past_masked_elements(axis):
    same(da.cumsum(lazy(), axis=axis), A.cumsum(axis))
    same(lazy().cumprod(axis=axis), A.cumprod(axis))


def test_functions_of_blocks_get_masked_blocks_and_may_give_some():
    def doubled(block, more):
        assert isinstance(block, np.ma.MaskedArray)
        return np.ma.masked_greater(block * 2 + more, 5)

    same(lazy().map_blocks(doubled, 1), np.ma.masked_greater(A * 2 + 1, 5))
    same(lazy().map_blocks(doubled, more=1, dtype=float), np.ma.masked_greater(A * 2 + 1, 5))
    filled = lazy().map_blocks(lambda block: block.filled(7))
    assert type(filled) is da.Array
    np.testing.assert_array_equal(filled.compute(), A.filled(7))
    plain = da.from_array(A.data, chunks=(4, 3))
    same(plain.map_blocks(lambda block: np.ma.masked_less(block, 0)), np.ma.masked_less(A.data, 0))
    same(da.map_blocks(np.add, lazy(), plain), A + A.data)
    same(lazy().map_blocks(lambda block: block.sum(axis=0), drop_axis=0), A.sum(axis=0))


def test_averages_positions_and_arrays_like_it_as_in_da_ma():
    weights = np.arange(48.0).reshape(6, 8)
    same(da.average(lazy(), axis=0, weights=weights), np.ma.average(A, axis=0, weights=weights))
    assert [part.tolist() for part in da.compute(*da.nonzero(lazy()))] == [part.tolist() for part in A.nonzero()]
    for name in ("ones_like", "zeros_like"):
        same(getattr(da, name)(lazy()), getattr(np.ma, name)(A))


def test_chunks_fill_values_and_masks_that_do_not_fit():
    x = np.arange(6)
    assert da.ma.masked_array(x, mask=x > 3, chunks=2).chunks == ((2, 2, 2),)
    lazily = da.ma.masked_array(x, mask=x > 3, fill_value=da.array(9))
    assert da.ma.filled(lazily).compute().tolist() == [0, 1, 2, 3, 9, 9]
    with pytest.raises(ValueError, match="expected a scalar"):
        da.ma.masked_array(x, fill_value=x)
    with pytest.raises(ValueError, match="expected a scalar"):
        da.ma.set_fill_value(lazily, [1, 2])
    with pytest.raises(TypeError, match="1e\\+20"):
        da.ma.set_fill_value(lazily, 1e20)
