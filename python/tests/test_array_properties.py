"""Arrays against NumPy on random input: elementwise, reductions, layout, products. Under every executor; see array_samples."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume
from hypothesis.extra import numpy as hnp

import plait
import plait.array as da
from array_samples import check, chunks_for, holds_for, lazy, same_or_raises, tolerance

BINARY = ["add", "subtract", "multiply", "true_divide", "maximum", "minimum", "equal", "not_equal", "less", "greater_equal",
          "logical_and", "logical_or", "bitwise_xor", "bitwise_and", "floor_divide", "remainder", "arctan2", "hypot", "copysign"]


@holds_for(st.data(), st.sampled_from(BINARY))
def test_binary_ufuncs_broadcast_and_promote(data, name):
    x, lx = data.draw(lazy())
    shape = data.draw(hnp.broadcastable_shapes(x.shape, max_dims=3, max_side=6))
    y, ly = data.draw(lazy(shape=shape)) if 0 not in shape else data.draw(lazy(shape=x.shape))
    rtol = tolerance(x.dtype, y.dtype)
    same_or_raises(lambda: getattr(np, name)(x, y), lambda: getattr(da, name)(lx, ly), rtol)


UNARY = ["negative", "absolute", "sqrt", "exp", "sin", "cos", "tanh", "floor", "ceil", "rint", "square", "isnan", "sign", "log1p", "invert",
         "logical_not", "conjugate", "cbrt", "expm1", "arctan"]


@holds_for(lazy(), st.sampled_from(UNARY))
def test_unary_ufuncs(pair, name):
    x, lx = pair
    rtol = 1e-5 if x.real.dtype.itemsize < 8 or name == "exp" else 1e-9
    same_or_raises(lambda: getattr(np, name)(x), lambda: getattr(da, name)(lx), rtol)


@holds_for(lazy(), st.one_of(st.integers(-3, 3), st.floats(-3, 3), st.booleans()), st.booleans())
def test_python_numbers_are_weak(pair, number, reflected):
    x, lx = pair
    if reflected:
        same_or_raises(lambda: number * x + number, lambda: number * lx + number, 1e-5)
    else:
        same_or_raises(lambda: x * number - number, lambda: lx * number - number, 1e-5)


REDUCTIONS = ["sum", "prod", "mean", "var", "std", "min", "max", "any", "all"]


@holds_for(lazy(), st.sampled_from(REDUCTIONS), st.data(), st.booleans(), st.sampled_from([None, 2, 3]))
def test_reductions(pair, name, data, keepdims, split_every):
    x, lx = pair
    axis = data.draw(st.one_of(st.none(), st.integers(-x.ndim, x.ndim - 1),
                               st.lists(st.integers(0, x.ndim - 1), min_size=1, max_size=x.ndim, unique=True).map(tuple)))
    rtol = 1e-2 if x.dtype == np.float16 else 1e-4 if x.dtype in (np.float32, np.complex64) else 1e-8
    same_or_raises(lambda: getattr(np, name)(x, axis=axis, keepdims=keepdims),
                   lambda: getattr(lx, name)(axis=axis, keepdims=keepdims, split_every=split_every), rtol,
                   0.1 if x.dtype == np.float16 else 1e-10)


@holds_for(lazy(dtypes=(np.int64, np.float64, np.bool_)), st.sampled_from(["argmin", "argmax"]), st.data(), st.booleans())
def test_arg_reductions(pair, name, data, keepdims):
    x, lx = pair
    axis = data.draw(st.one_of(st.none(), st.integers(-x.ndim, x.ndim - 1)))
    same_or_raises(lambda: getattr(np, name)(x, axis=axis, keepdims=keepdims), lambda: getattr(lx, name)(axis=axis, keepdims=keepdims))


@holds_for(lazy(), st.data())
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


@holds_for(lazy(), st.data())
def test_axes_in_another_order(pair, data):
    x, lx = pair
    axes = data.draw(st.permutations(range(x.ndim)))
    check(lx.transpose(*axes), x.transpose(*axes))
    a, b = (data.draw(st.integers(-x.ndim, x.ndim - 1)) for _ in range(2))
    check(da.moveaxis(lx, a, b), np.moveaxis(x, a, b))
    check(lx.swapaxes(a, b) if a != b else lx, x.swapaxes(a, b) if a != b else x)
    check(da.expand_dims(lx, 0).squeeze(0), x)
    check(da.broadcast_to(lx, (2, *x.shape)), np.broadcast_to(x, (2, *x.shape)))


@holds_for(lazy(), st.data())
def test_joining(pair, data):
    x, lx = pair
    y, ly = data.draw(lazy(shape=x.shape))
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    rtol = 1e-6
    check(da.concatenate([lx, ly, lx], axis=axis), np.concatenate([x, y, x], axis=axis), rtol)
    check(da.stack([lx, ly], axis=axis), np.stack([x, y], axis=axis), rtol)


@holds_for(lazy())
def test_differences_of_neighbours(pair):
    x, lx = pair
    same_or_raises(lambda: np.ediff1d(x), lambda: da.ediff1d(lx))
    same_or_raises(lambda: np.ediff1d(x, to_end=x, to_begin=x[0]), lambda: da.ediff1d(lx, to_end=lx, to_begin=lx[0]))


@holds_for(st.data())
def test_matmul(data):
    n, k, m = (data.draw(st.integers(1, 6)) for _ in range(3))
    dtypes = (np.int64, np.float64, np.complex128)
    a, la = data.draw(lazy(shape=(n, k), dtypes=dtypes))
    b, lb = data.draw(lazy(shape=(k, m), dtypes=dtypes))
    check(la @ lb, a @ b, 1e-7)
    check(la @ lb[:, 0], a @ b[:, 0], 1e-7)


@holds_for(lazy(dtypes=(np.float64, np.int32)), st.data())
def test_composed_expressions(pair, data):
    x, lx = pair
    check((lx + lx.T if x.ndim == 2 and x.shape[0] == x.shape[1] else lx + 1).mean(axis=0),
          (x + x.T if x.ndim == 2 and x.shape[0] == x.shape[1] else x + 1).mean(axis=0), 1e-9)
    check(da.where(lx > 0, lx, -lx).sum(), np.where(x > 0, x, -x).sum(), 1e-9)
    check(((lx - lx.mean()) / (lx.std() + 1)).max(), ((x - x.mean()) / (x.std() + 1)).max(), 1e-7)


@holds_for(lazy(dtypes=(np.int64, np.float64, np.complex128), min_side=1), st.sampled_from(["var", "std"]), st.integers(0, 3))
def test_degrees_of_freedom(pair, name, ddof):
    x, lx = pair
    same_or_raises(lambda: getattr(np, name)(x, axis=0, ddof=ddof), lambda: getattr(lx, name)(axis=0, ddof=ddof), 1e-8, 1e-7)


@holds_for(lazy(), st.sampled_from(["sum", "prod", "mean", "cumsum", "cumprod"]), st.sampled_from(["i8", "f4", "f8", "c16"]))
def test_reductions_in_a_given_dtype(pair, name, dtype):
    x, lx = pair
    assume(name != "mean" or np.abs(x.astype(complex)).sum() < 2**62)  # NumPy's sum wraps around, and its mean with it
    rtol = 1e-3 if dtype == "f4" or x.real.dtype.itemsize < 8 else 1e-7
    same_or_raises(lambda: getattr(np, name)(x, axis=0, dtype=dtype), lambda: getattr(da, name)(lx, axis=0, dtype=dtype), rtol, 1e-4)


@holds_for(lazy(dtypes=(np.int64, np.float64)), st.data())
def test_sums_of_products_over_named_axes(pair, data):
    x, lx = pair
    y, ly = data.draw(lazy(shape=(x.shape[-1], 3), dtypes=(np.int64, np.float64)))
    check(da.einsum("...i,ij->j...", lx, ly), np.einsum("...i,ij->j...", x, y), 1e-7)
    check(da.tensordot(lx, ly, axes=1), np.tensordot(x, y, axes=1), 1e-7)
    check(da.dot(lx, ly), np.dot(x, y), 1e-7)


@holds_for(lazy(), st.data())
def test_running_totals(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    rtol = 1e-2 if x.dtype == np.float16 else 1e-4
    # The product of one block of float16 may overflow where the running product over the blocks before it is zero.
    for name in ("cumsum",) if x.dtype == np.float16 else ("cumsum", "cumprod"):
        same_or_raises(lambda name=name: getattr(np, name)(x, axis=axis), lambda name=name: getattr(lx, name)(axis=axis), rtol, 0.5 if rtol > 1e-3 else 1e-3)


DISTRIBUTIONS = [("random", ()), ("normal", (2, 3)), ("uniform", (-1, 4)), ("exponential", (2,)), ("poisson", (3,)), ("binomial", (10, 0.3))]


@holds_for(st.sampled_from(DISTRIBUTIONS), hnp.array_shapes(max_dims=3, max_side=6), st.integers(0, 2**32 - 1), st.booleans(), st.data())
def test_random_numbers_are_dasks(distribution, shape, seed, is_generator, data):
    dask_array = pytest.importorskip("dask.array")
    name, arguments = distribution
    if name == "random" and not is_generator:
        name = "random_sample"
    chunks = data.draw(chunks_for(shape))
    ours, theirs = (getattr((m.random.default_rng if is_generator else m.random.RandomState)(seed), name)(*arguments, size=shape, chunks=chunks)
                    for m in (da, dask_array))
    check(ours, theirs.compute(scheduler="sync"), 0, 0)


def test_a_tiny_budget_makes_runs_spill(tmp_path):
    x = da.random.default_rng(1).random((30, 30), chunks=5)
    for lazy_result in (x.rechunk((30, 1)).rechunk((1, 30)) + x, x - x.mean(axis=0), x @ x.T):
        with plait.config.set({"memory-budget": "1kB", "spill.directory": str(tmp_path / "missing")}):
            with pytest.raises(OSError, match="cannot spill to .*missing"):
                lazy_result.compute(scheduler="threads")
        check(lazy_result, lazy_result.compute(scheduler="sync"), 1e-9)
