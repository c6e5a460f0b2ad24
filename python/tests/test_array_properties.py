"""Arrays against NumPy on random input, under several executors."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra import numpy as hnp

import plait.array as da

SCHEDULERS = ("sync", "threads")
DTYPES = (np.bool_, np.int8, np.int32, np.int64, np.uint8, np.float32, np.float64, np.complex128)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def numbers(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return st.floats(-100, 100, width=8 * dtype.itemsize)
    if dtype.kind == "c":
        return st.complex_numbers(max_magnitude=100)
    return hnp.from_dtype(dtype)


@st.composite
def arrays(draw, shape=None, dtypes=DTYPES, max_dims=3):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=max_dims, max_side=6)) if shape is None else shape
    dtype = draw(st.sampled_from(dtypes))
    return draw(hnp.arrays(dtype, shape, elements=numbers(dtype)))


@st.composite
def chunks_for(draw, shape):
    """The extents of all blocks along each axis."""
    chunks = []
    for extent in shape:
        blocks, left = [], extent
        while left:
            blocks.append(draw(st.integers(1, left)))
            left -= blocks[-1]
        chunks.append(tuple(blocks) or (0,))
    return tuple(chunks)


@st.composite
def lazy(draw, **kwargs):
    """An array and the same as a lazy one."""
    x = draw(arrays(**kwargs))
    return x, da.from_array(x, chunks=draw(chunks_for(x.shape)))


def check(lazy_result, expected, rtol=1e-12):
    expected = np.asarray(expected)
    assert lazy_result.dtype == expected.dtype
    assert lazy_result.shape == expected.shape
    for scheduler in SCHEDULERS:
        result = np.asarray(lazy_result.compute(scheduler=scheduler))
        assert result.dtype == expected.dtype
        np.testing.assert_allclose(result, expected, rtol=rtol, atol=1e-10, equal_nan=True)
    unfused = np.asarray(lazy_result.compute(scheduler="sync", optimize_graph=False))
    np.testing.assert_allclose(unfused, expected, rtol=rtol, atol=1e-10, equal_nan=True)


def same_or_raises(of_numpy, of_plait, rtol=1e-12):
    """Both give the same, or both raise."""
    with np.errstate(all="ignore"):
        try:
            expected = of_numpy()
        except Exception:
            with pytest.raises(Exception):
                of_plait().compute(scheduler="sync")
            return
        check(of_plait(), expected, rtol)


BINARY = ["add", "subtract", "multiply", "true_divide", "maximum", "minimum", "equal", "not_equal", "less", "greater_equal",
          "logical_and", "logical_or", "bitwise_xor", "bitwise_and", "floor_divide", "remainder", "arctan2", "hypot", "copysign"]


@quick
@given(st.data(), st.sampled_from(BINARY))
def test_binary_ufuncs_broadcast_and_promote(data, name):
    x, lx = data.draw(lazy())
    shape = data.draw(hnp.broadcastable_shapes(x.shape, max_dims=3, max_side=6))
    y, ly = data.draw(lazy(shape=shape)) if 0 not in shape else data.draw(lazy(shape=x.shape))
    rtol = 1e-5 if np.float32 in (x.dtype, y.dtype) else 1e-9
    same_or_raises(lambda: getattr(np, name)(x, y), lambda: getattr(da, name)(lx, ly), rtol)


UNARY = ["negative", "absolute", "sqrt", "exp", "sin", "cos", "tanh", "floor", "ceil", "rint", "square", "isnan", "sign", "log1p", "invert",
         "logical_not", "conjugate", "cbrt", "expm1", "arctan"]


@quick
@given(lazy(), st.sampled_from(UNARY))
def test_unary_ufuncs(pair, name):
    x, lx = pair
    rtol = 1e-5 if x.dtype.itemsize < 8 or name == "exp" else 1e-9
    same_or_raises(lambda: getattr(np, name)(x), lambda: getattr(da, name)(lx), rtol)


@quick
@given(lazy(), st.one_of(st.integers(-3, 3), st.floats(-3, 3), st.booleans()), st.booleans())
def test_python_numbers_are_weak(pair, number, reflected):
    x, lx = pair
    if reflected:
        same_or_raises(lambda: number * x + number, lambda: number * lx + number, 1e-5)
    else:
        same_or_raises(lambda: x * number - number, lambda: lx * number - number, 1e-5)


REDUCTIONS = ["sum", "prod", "mean", "var", "std", "min", "max", "any", "all"]


@quick
@given(lazy(), st.sampled_from(REDUCTIONS), st.data(), st.booleans(), st.sampled_from([None, 2, 3]))
def test_reductions(pair, name, data, keepdims, split_every):
    x, lx = pair
    axis = data.draw(st.one_of(st.none(), st.integers(-x.ndim, x.ndim - 1),
                               st.lists(st.integers(0, x.ndim - 1), min_size=1, max_size=x.ndim, unique=True).map(tuple)))
    rtol = 1e-4 if x.dtype == np.float32 else 1e-8
    same_or_raises(lambda: getattr(np, name)(x, axis=axis, keepdims=keepdims),
                   lambda: getattr(lx, name)(axis=axis, keepdims=keepdims, split_every=split_every), rtol)


@quick
@given(lazy(dtypes=(np.int64, np.float64, np.bool_)), st.sampled_from(["argmin", "argmax"]), st.data(), st.booleans())
def test_arg_reductions(pair, name, data, keepdims):
    x, lx = pair
    axis = data.draw(st.one_of(st.none(), st.integers(-x.ndim, x.ndim - 1)))
    same_or_raises(lambda: getattr(np, name)(x, axis=axis, keepdims=keepdims), lambda: getattr(lx, name)(axis=axis, keepdims=keepdims))


@quick
@given(lazy(), st.data())
def test_slices(pair, data):
    x, lx = pair
    index = data.draw(hnp.basic_indices(x.shape, allow_newaxis=True, allow_ellipsis=True))
    check(lx[index], x[index])
    y = lx[index]
    if y.ndim and 0 not in y.shape:
        again = data.draw(hnp.basic_indices(y.shape))
        check(y[again], x[index][again])


@quick
@given(lazy(), st.data())
def test_positions_and_masks(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(0, x.ndim - 1))
    positions = data.draw(st.lists(st.integers(-x.shape[axis], x.shape[axis] - 1), max_size=8))
    front = (slice(None),) * axis
    check(lx[(*front, positions)], x[(*front, np.array(positions, dtype=int))])
    mask = data.draw(hnp.arrays(bool, x.shape[axis]))
    check(lx[(*front, mask)], x[(*front, mask)])
    whole = data.draw(hnp.arrays(bool, x.shape))
    np.testing.assert_array_equal(lx[da.from_array(whole, chunks=2)].compute(), x[whole])


@quick
@given(lazy(), st.data())
def test_rechunk_and_reshape(pair, data):
    x, lx = pair
    new = data.draw(chunks_for(x.shape))
    again = data.draw(chunks_for(x.shape))
    check(lx.rechunk(new), x)
    assert lx.rechunk(new).chunks == new
    check((lx.rechunk(new) + lx).rechunk(again), x + x, 1e-5)
    factors = data.draw(st.permutations(x.shape))
    check(lx.reshape(tuple(factors)), x.reshape(tuple(factors)))
    check(lx.rechunk(new).ravel(), x.ravel())
    check(lx.reshape(-1, x.shape[-1]), x.reshape(-1, x.shape[-1]))


@quick
@given(lazy(), st.data())
def test_axes_in_another_order(pair, data):
    x, lx = pair
    axes = data.draw(st.permutations(range(x.ndim)))
    check(lx.transpose(*axes), x.transpose(*axes))
    a, b = (data.draw(st.integers(-x.ndim, x.ndim - 1)) for _ in range(2))
    check(da.moveaxis(lx, a, b), np.moveaxis(x, a, b))
    check(lx.swapaxes(a, b) if a != b else lx, x.swapaxes(a, b) if a != b else x)
    check(da.expand_dims(lx, 0).squeeze(0), x)
    check(da.broadcast_to(lx, (2, *x.shape)), np.broadcast_to(x, (2, *x.shape)))


@quick
@given(lazy(), st.data())
def test_joining(pair, data):
    x, lx = pair
    y, ly = data.draw(lazy(shape=x.shape))
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    rtol = 1e-6
    check(da.concatenate([lx, ly, lx], axis=axis), np.concatenate([x, y, x], axis=axis), rtol)
    check(da.stack([lx, ly], axis=axis), np.stack([x, y], axis=axis), rtol)


@quick
@given(lazy())
def test_differences_of_neighbours(pair):
    x, lx = pair
    same_or_raises(lambda: np.ediff1d(x), lambda: da.ediff1d(lx))
    same_or_raises(lambda: np.ediff1d(x, to_end=x, to_begin=x[0]), lambda: da.ediff1d(lx, to_end=lx, to_begin=lx[0]))


@quick
@given(st.data())
def test_matmul(data):
    n, k, m = (data.draw(st.integers(1, 6)) for _ in range(3))
    dtypes = (np.int64, np.float64, np.complex128)
    a, la = data.draw(lazy(shape=(n, k), dtypes=dtypes))
    b, lb = data.draw(lazy(shape=(k, m), dtypes=dtypes))
    check(la @ lb, a @ b, 1e-7)
    check(la @ lb[:, 0], a @ b[:, 0], 1e-7)


@quick
@given(lazy(dtypes=(np.float64, np.int32)), st.data())
def test_composed_expressions(pair, data):
    x, lx = pair
    check((lx + lx.T if x.ndim == 2 and x.shape[0] == x.shape[1] else lx + 1).mean(axis=0),
          (x + x.T if x.ndim == 2 and x.shape[0] == x.shape[1] else x + 1).mean(axis=0), 1e-9)
    check(da.where(lx > 0, lx, -lx).sum(), np.where(x > 0, x, -x).sum(), 1e-9)
    check(((lx - lx.mean()) / (lx.std() + 1)).max(), ((x - x.mean()) / (x.std() + 1)).max(), 1e-7)
