"""Whatever numbers, texts and objects are given to arrays, the process and its memory live on, and the error names what is wrong."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import plait.array as da
from plait.array._ufuncs import UFUNCS

PROGRAM = Path(__file__).with_name("hostile_arguments.py")

# What would show the insides of the engine or the binding to a user, or is no answer at all.
NO_MESSAGE = re.compile(
    r"TOO SLOW|incompatible function|std::|bad_alloc|bad_cast|basic_string|vector|NotImplemented,"
    r"|^(RuntimeError|SystemError|AssertionError|AttributeError|MemoryError): "
)


def answers(tasks: list[str]) -> list[tuple[str, str]]:
    """What each line of a program gives, run in a process with limits of its own."""
    run = subprocess.run([sys.executable, str(PROGRAM)], input="\n".join(tasks), capture_output=True, text=True, timeout=500)
    lines = run.stdout.splitlines()
    assert run.returncode == 0, f"the process ended with {run.returncode} at {lines[-1:]}: {run.stderr[-500:]}"
    return list(zip(lines[::2], lines[1::2], strict=True))


WRITES_OR_RUNS = ("compute", "store", "to_hdf5", "to_npy_stack", "to_zarr")
SWEPT = sorted(
    name
    for name in da.__all__
    if callable(getattr(da, name)) and not inspect.isclass(getattr(da, name)) and name not in UFUNCS and name not in WRITES_OR_RUNS
)


METHODS = "astype rechunk transpose swapaxes reshape squeeze round all any argmax argmin clip cumprod cumsum dot max mean min prod repeat std sum topk trace var"
GROUPS = {
    "functions": [f"sweep {name}" for name in SWEPT],
    "random": [f"sweep random {name}" for name in sorted({*da.random._FUNCTIONS, "integers", "tomaxint"} - {"seed"})],
    "methods": [f"sweep method {name}" for name in METHODS.split()],
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_function_refuses_or_takes_what_nobody_should_give(group):
    wrong = [f"{call} -> {answer[:200]}" for call, answer in answers(GROUPS[group]) if NO_MESSAGE.search(answer)]
    assert not wrong, "\n".join(wrong)


SAID = [
    ("da.zeros((2**61,))", r"ValueError: zeros: the shape \(2305843009213693952,\) of float64 elements is too large"),
    ("da.ones((1,) * 1000)", "ValueError: ones: 1000 axes are asked for, expected 64 or fewer"),
    ("da.ones((1,) * 64)[None]", "ValueError: an array: 65 axes are asked for, expected 64 or fewer"),
    ("da.ones((2**40, 2**40)).shape", "ValueError: ones: the shape"),
    ("da.broadcast_to(da.ones(1), (2**33, 2**33))", "ValueError: an array: the shape"),
    ("da.outer(da.ones(2**40), da.ones(2**40))", "ValueError: an array: the shape"),
    ("da.ones(2**50)", "ValueError: ones: .* make 67108864 chunks, expected at most 16777216; give larger chunks"),
    ("da.ones(2**40, chunks=1)", "ValueError: ones: .* chunks of 1 make 1099511627776 chunks"),
    ("da.ones(2**63)", "OverflowError: ones: shape is 9223372036854775808, expected a number of at most 64 bits"),
    ("da.ones(4)[10**20]", "IndexError: an index: a position is 100000000000000000000"),
    ("da.ones(4)[[2**62]]", "IndexError: index 4611686018427387904 is out of bounds"),
    ("da.ones(4, chunks=2**70)", "OverflowError: chunks: an extent is 1180591620717411303424"),
    ("da.ones(4, chunks='-5 MB')", "ValueError: chunks: the size is '-5 MB', expected more than 0 bytes"),
    ("da.ones(4, chunks='')", "ValueError: '' is not a size in bytes"),
    ("da.ones(4, chunks='1e18 PB')", "OverflowError: '1e18 PB' is more bytes than 64 bits count"),
    ("da.ones(4).rechunk('auto', block_size_limit=-5)", "ValueError: chunks: the size is '-5B'"),
    ("da.ones(4).sum(split_every=-1)", "ValueError: sum: split_every is -1, expected 1 or more"),
    ("da.ones(4).sum(split_every='a')", "TypeError: sum: split_every is 'a', expected a whole number"),
    ("da.ones(4).sum(split_every={0: -1})", "ValueError: sum: split_every is -1"),
    ("da.ones(4, chunks=1).sum(split_every=2**62)", "ok plait.array"),
    ("da.ones(4).var(ddof='a')", "TypeError: var: ddof is 'a', expected a real number"),
    ("da.ones(4).sum(keepdims='no')", "TypeError: sum: keepdims is 'no', expected True or False"),
    ("da.ones(4).round(2**70)", "OverflowError: round: decimals is 1180591620717411303424"),
    ("da.full(3, 300, dtype='u1')", "OverflowError: full: Python integer 300 out of bounds for uint8"),
    ("da.full(3, None, dtype=float)", "TypeError: an operand is None, expected an array or a number"),
    ("da.full(3, 2**70, dtype=int)", "OverflowError: the integer 1.18.*e.21 does not fit 64 bits"),
    ("da.linspace('a', 1)", "TypeError: linspace: start is 'a', expected a real number"),
    ("da.arange(0, 5, 1e-300)", "ValueError: arange: .* expected fewer than 2\\*\\*63"),
    ("da.arange(-2**63, 2**63 - 1)", "ValueError: arange: there are more than 2\\*\\*63 numbers"),
    ("da.arange(3, dtype=bool)", "TypeError: arange: 3 elements of dtype bool"),
    ("da.clip(da.ones(4), 'a', 'b')", "TypeError: an operand is '[ab]', expected an array or a number"),
    ("da.isclose(da.ones(4), 1, rtol='a')", "TypeError: isclose: rtol is 'a'"),
    ("da.histogram(da.ones(4), bins=2**62, range=(0, 1))", "ValueError: histogram: bins is 4611686018427387904, expected at most"),
    ("da.bincount(da.full(4, 2**62)).compute()", "MemoryError: an array of shape"),
    ("da.tile(da.ones(4), 2**40)", "ValueError: tile: reps is 1099511627776, expected a number that makes at most"),
    ("da.repeat(da.ones(4), 2**62)", "ValueError: repeat: the shape"),
    ("da.random.random(2**62)", "ValueError: random_sample: the shape"),
    ("da.random.default_rng('a')", "TypeError: the seed is 'a', expected a whole number or a list of them"),
    ("da.random.RandomState([2**40])", "ValueError: the seed is .* expected numbers from 0 to 4294967295"),
    ("da.random.default_rng(1).integers(2**70, size=3)", "OverflowError: the integer 1.18.* does not fit 64 bits"),
    ("da.random.default_rng(1).choice(5, 2, replace='maybe')", "TypeError: choice: replace is 'maybe', expected True or False"),
    ("da.random.default_rng(1).multinomial(2, 'a')", "TypeError: multinomial: pvals is 'a'"),
]


def test_errors_name_the_argument_what_was_found_and_what_is_expected():
    found = answers([call for call, _ in SAID])
    wrong = [(call, answer) for (call, answer), (_, said) in zip(found, SAID, strict=True) if not re.match(said, answer)]
    assert not wrong, wrong


@pytest.mark.parametrize(
    "numbers",
    [(2**63 - 5, 2**63 - 1), (2**63, 2**63 + 4), (-(2**63), -(2**63) + 3), (5, -5, -3), (0, 3, np.inf), (0, -3, -np.inf), (1, 4.5, 2),
     (True,), (3.5,), (2**63 - 9, 2**63 - 1, 4)],
)  # fmt: skip
def test_ranges_at_the_ends_of_the_integers_are_numpy_s(numbers):
    expected, found = np.arange(*numbers), da.arange(*numbers, chunks=2)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.compute(scheduler="sync"), expected)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "uint64", "float16", "float64", "complex64"])
def test_elementwise_functions_take_python_numbers_as_numpy_does(dtype):
    x = np.array([0, 1, 2], dtype=dtype)
    lazy = da.from_array(x, chunks=2)
    numbers = [-3, 300, -1, 2**40, -(2**63)] + ([2**63, 2**64, -(2**70), 1e300] if dtype != "bool" else [])
    functions = [np.add, np.logical_and, np.logical_or, np.logical_xor, np.less, np.equal, np.true_divide, np.maximum, np.hypot, np.power]
    with np.errstate(all="ignore"):
        for function in functions:
            for number in numbers:
                for operands in ((x, number), (number, x)):
                    ours = [lazy if operand is x else operand for operand in operands]
                    try:
                        expected = function(*operands)
                    except (OverflowError, ValueError, TypeError) as error:
                        if "too large to convert to C long" in str(error):
                            continue  # where NumPy has no answer for want of a type, there is one
                        with pytest.raises(type(error)):
                            function(*ours).compute(scheduler="sync")
                        continue
                    found = function(*ours).compute(scheduler="sync")
                    assert found.dtype == expected.dtype, (function, number)
                    np.testing.assert_allclose(found, expected, rtol=1e-3, err_msg=f"{function} {number}")


ELEMENT = np.array(3.0)
OF_AN_ELEMENT = [
    lambda xp, x, axis: x.sum(axis=axis),
    lambda xp, x, axis: x.max(axis=axis),
    lambda xp, x, axis: x.any(axis=axis),
    lambda xp, x, axis: x.argmax(axis=axis),
    lambda xp, x, axis: x.sum(axis=axis, keepdims=True),
    lambda xp, x, axis: xp.nansum(x, axis=axis),
    lambda xp, x, axis: xp.ptp(x, axis=axis),
    lambda xp, x, axis: xp.count_nonzero(x, axis=axis),
    lambda xp, x, axis: xp.cumsum(x, axis=axis),
    lambda xp, x, axis: xp.repeat(x, 2, axis=axis),
    lambda xp, x, axis: xp.squeeze(x, axis=axis),
    lambda xp, x, axis: x.mean(axis=axis),
    lambda xp, x, axis: x.var(axis=axis),
    lambda xp, x, axis: xp.flip(x, axis=axis),
    lambda xp, x, axis: xp.roll(x, 1, axis=axis),
    lambda xp, x, axis: xp.diff(x, axis=axis),
]


@pytest.mark.parametrize("call", OF_AN_ELEMENT)
@pytest.mark.parametrize("axis", [0, -1, 1, -2])
def test_an_axis_of_an_array_without_axes_is_taken_where_numpy_takes_it(call, axis):
    try:
        expected = call(np, ELEMENT, axis)
    except (ValueError, IndexError):
        with pytest.raises((ValueError, IndexError)):
            call(da, da.from_array(ELEMENT), axis)
        return
    found = call(da, da.from_array(ELEMENT), axis).compute(scheduler="sync")
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64"])
@pytest.mark.parametrize("method", ["linear", "lower"])
def test_quantiles_have_the_type_that_q_asks_for(dtype, method):
    x = np.array([1, 0, 1, 1], dtype=dtype)
    for q in [1, 0, True, 0.5, np.int8(1), np.float32(0.5), [0, 1], [0.0, 1.0], np.array([0.5], dtype="f4"), np.array([[0, 1]])]:
        try:
            expected = np.quantile(x, q, axis=0, method=method)
        except TypeError:
            with pytest.raises(TypeError):
                da.quantile(da.from_array(x, chunks=3), q, axis=0, method=method)
            continue
        found = da.quantile(da.from_array(x, chunks=3), q, axis=0, method=method)
        assert found.dtype == expected.dtype, q
        assert found.shape == expected.shape, q
        np.testing.assert_array_equal(found.compute(scheduler="sync"), expected)


@pytest.mark.parametrize("dtype", [None, "bool", "int8", "uint64", "float16", "float32", "float64"])
def test_histograms_have_numpy_s_types_and_each_bin_its_own_sum(dtype):
    x, y = np.array([0.5, 1.5, 2.5, 1.4]), np.array([0.5, 0.5, 1.5, 2.5])
    weights = None if dtype is None else np.array([1, 1, 0, 1]).astype(dtype)
    lazy = {} if weights is None else {"weights": da.from_array(weights, chunks=3)}
    points = da.from_array(x, chunks=2), da.from_array(y, chunks=2)
    for expected, found in [
        (np.histogram(x, 3, (0, 3), weights=weights)[0], da.histogram(points[0], 3, (0, 3), **lazy)[0]),
        (np.histogramdd((x, y), 3, [(0, 3)] * 2, weights=weights)[0], da.histogramdd(points, 3, [(0, 3)] * 2, **lazy)[0]),
    ]:
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found.compute(scheduler="sync"), expected)


def test_weights_that_cancel_leave_other_bins_alone():
    for weights in ([1e17, 5, 3], [np.nan, 5, 3], [np.inf, -np.inf, 3]):
        counts, _ = da.histogram(da.from_array(np.arange(3.0)), bins=3, range=(0, 3), weights=da.from_array(np.array(weights)))
        np.testing.assert_array_equal(counts.compute(scheduler="sync"), weights)
        counts = da.bincount(da.from_array(np.arange(3)), weights=da.from_array(np.array(weights)))
        np.testing.assert_array_equal(counts.compute(scheduler="sync"), weights)


@pytest.mark.parametrize("index", [(0, slice(None), [0, 1]), (slice(-4, None, -2), [1, 0], None, -1), (0, ..., [0, 1]), ([0, 1], ..., 0), (0, None, [0, 1]),
                                   (slice(None), 0, [True, False, True, False]), (0, 0, [1, 2]), ([4, 0], slice(None), -1)])  # fmt: skip
def test_a_list_beside_positions_has_its_axis_where_numpy_puts_it(index):
    x = np.arange(60).reshape(5, 3, 4)
    expected = x[index]
    np.testing.assert_array_equal(da.from_array(x, chunks=2)[index].compute(scheduler="sync"), expected)
    if None not in [part for part in index if part is None]:
        changed, lazy = x.copy(), da.from_array(x, chunks=2)
        changed[index] = lazy[index] = -np.arange(expected.size).reshape(expected.shape)
        np.testing.assert_array_equal(lazy.compute(scheduler="sync"), changed)


def test_slices_end_at_the_ends_of_the_axis():
    x = np.arange(5)
    far = 10**20
    for part in (slice(None, far), slice(-far, None), slice(None, None, far), slice(None, None, -far), slice(far, None, -1), slice(0, 5, -(2**63))):
        np.testing.assert_array_equal(da.from_array(x, chunks=2)[part].compute(scheduler="sync"), x[part])


def test_arrays_have_as_many_axes_as_numpy_s():
    assert da.ones((1,) * 64).sum().compute(scheduler="sync") == 1
    x = da.ones((2,) * 12 + (1,) * 52)
    np.testing.assert_array_equal((x + x.T.T).compute(scheduler="sync"), np.full((2,) * 12 + (1,) * 52, 2.0))


@pytest.mark.parametrize("mode", ["reflect", "symmetric", "wrap"])
@pytest.mark.parametrize("reflect_type", ["even", "odd"])
def test_padding_far_beyond_the_array_is_numpy_s_and_lazy(mode, reflect_type):
    how = {} if mode == "wrap" else {"reflect_type": reflect_type}
    x = np.array([[3, 1, 2, 7, 5]])
    widths = [(0, 0), (1_200_000, 1_100_007)]
    found = da.pad(da.from_array(x, chunks=(1, 2)), widths, mode=mode, **how)
    np.testing.assert_array_equal(found.compute(scheduler="sync"), np.pad(x, widths, mode=mode, **how))
    far = da.pad(da.from_array(x[0], chunks=2), 2**40, mode=mode, **how)
    assert far.shape == (2**41 + 5,)
    np.testing.assert_array_equal(far[2**40 - 3 : 2**40 + 8].compute(scheduler="sync"), np.pad(x[0], 3, mode=mode, **how))


@pytest.mark.parametrize("mode", ["constant", "edge", "linear_ramp", "mean", "maximum", "empty"])
def test_padding_of_more_than_memory_is_a_plan(mode):
    far = da.pad(da.arange(5, chunks=2), (0, 2**40), mode=mode)
    assert far.shape == (2**40 + 5,)
    assert max(far.chunks[0]) <= 2**40
    with pytest.raises(ValueError, match="too large"):
        da.pad(da.ones((4, 4)), 2**62, mode=mode)
