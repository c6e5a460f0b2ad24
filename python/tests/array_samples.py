"""Random arrays, and the check that a lazy one has NumPy's values under every executor and within a budget that spills.

Examples are the same in every run, so that a failure can be repeated.
"""

import sys

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra import numpy as hnp

import plait
import plait.array as da
from plait import _plait
from plan_samples import through_a_record

# "records" runs graphs that have been written and read again.
RUNS = ("sync", "records", "processes", "tiny budget")
_plait.register_record_executor()
DTYPES = (np.bool_, np.int8, np.int32, np.int64, np.uint8, np.uint64, np.float16, np.float32, np.float64, np.complex64, np.complex128)
_settings = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
quick = settings(max_examples=25, **_settings)
thorough = settings(max_examples=250, **_settings)


PROPERTIES = []  # those of the modules that have been loaded: (function, strategies)


def holds_for(*strategies):
    """A property, as a quick test and, under its name with `_thoroughly`, as a slow one with many more examples."""

    def decorate(function):
        module = sys.modules[function.__module__]
        PROPERTIES.append((function, strategies))
        setattr(module, f"{function.__name__}_thoroughly", pytest.mark.slow(thorough(given(*strategies)(function))))
        return quick(given(*strategies)(function))

    return decorate


def numbers(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return st.floats(-100, 100, width=8 * dtype.itemsize)
    if dtype.kind == "c":
        return st.complex_numbers(max_magnitude=100, width=8 * dtype.itemsize)
    return hnp.from_dtype(dtype)


@st.composite
def arrays(draw, shape=None, dtypes=DTYPES, max_dims=3, min_side=1):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=max_dims, min_side=min_side, max_side=6)) if shape is None else shape
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
        if draw(st.integers(0, 7)) == 0:
            blocks.insert(draw(st.integers(0, len(blocks))), 0)  # as masks leave them
        chunks.append(tuple(blocks) or (0,))
    return tuple(chunks)


@st.composite
def lazy(draw, **kwargs):
    """An array and the same as a lazy one."""
    x = draw(arrays(**kwargs))
    return x, da.from_array(x, chunks=draw(chunks_for(x.shape)))


def compute_within_tiny_budget(lazy_result, **kwargs):
    """Computes within the least budget, in powers of two, that the largest task fits."""
    budget = 256
    while True:
        try:
            with plait.config.set({"memory-budget": f"{budget}B"}):
                return lazy_result.compute(scheduler="threads", **kwargs)
        except MemoryError:
            budget *= 2
            assert budget < 1 << 20


def computed(lazy_result, run):
    return compute_within_tiny_budget(lazy_result) if run == "tiny budget" else lazy_result.compute(scheduler=run)


def check(lazy_result, expected, rtol=1e-12, atol=1e-10):
    """The dtype and, where it is known, the shape before computing; dtype, shape and values under every executor."""
    expected = np.asarray(expected)
    assert lazy_result.dtype == expected.dtype
    assert lazy_result.ndim == expected.ndim
    assert all(known != known or known == own for known, own in zip(lazy_result.shape, expected.shape, strict=True))
    for run in RUNS:
        result = np.asarray(computed(lazy_result, run))
        assert result.dtype == expected.dtype and result.dtype.char == expected.dtype.char, run
        assert result.shape == expected.shape, run
        np.testing.assert_allclose(result, expected, rtol=rtol, atol=atol, equal_nan=True, err_msg=run)
    unfused = np.asarray(lazy_result.compute(scheduler="sync", optimize_graph=False))
    np.testing.assert_allclose(unfused, expected, rtol=rtol, atol=atol, equal_nan=True, err_msg="not optimized")
    again = np.asarray(through_a_record(lazy_result)[0].compute(scheduler="sync", optimize_graph=False))
    np.testing.assert_allclose(again, expected, rtol=rtol, atol=atol, equal_nan=True, err_msg="written and read")


def same_or_raises(of_numpy, of_plait, rtol=1e-12, atol=1e-10):
    """Both give the same, or both raise."""
    with np.errstate(all="ignore"):
        try:
            expected = of_numpy()
        except Exception:
            with pytest.raises(Exception):
                of_plait().compute(scheduler="sync")
            return
        check(of_plait(), expected, rtol, atol)


def tolerance(*dtypes):
    """How far results of sums and products in these dtypes may be from NumPy's, relative to the largest element."""
    wide = max((np.finfo(dtype).eps for dtype in dtypes if np.dtype(dtype).kind in "fc"), default=0)
    return max(1e-9, 100 * float(wide))
