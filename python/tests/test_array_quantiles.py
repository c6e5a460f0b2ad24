"""Medians and quantiles of lines that are larger than one task may hold, against NumPy: found in passes over the blocks."""

from __future__ import annotations

import numpy as np
import pytest

import plait
import plait.array as da
from plait import _plait

pytestmark = pytest.mark.filterwarnings("ignore")
_plait.register_record_executor()

DTYPES = ["bool", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
SHAPES = [((40,), 0), ((7, 40), 1), ((40, 3), 0), ((4, 5, 6), (0, 2)), ((4, 5, 6), None), ((1,), 0)]
CALLS = [("median", {}), ("nanmedian", {}), ("median", {"keepdims": True}), ("quantile", {"q": 0.3}), ("quantile", {"q": [0, 0.25, 0.5, 0.99, 1]}),
         ("nanquantile", {"q": 0.7}), ("quantile", {"q": 0.5, "method": "lower"}), ("quantile", {"q": [0.1, 0.9], "method": "hazen"})]  # fmt: skip


def values(dtype, shape, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape) * 50
    if dtype == "bool":
        return x > 0
    x = np.abs(x).astype(dtype) if dtype[0] == "u" else x.astype(dtype)
    if dtype[0] == "f":
        for place, odd in ((0, np.nan), (-1, -np.inf), (-2, np.inf)):
            if rng.random() < 0.3:
                x.flat[place % x.size] = odd
    return x


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "axis"), SHAPES)
@pytest.mark.parametrize("task_size", ["64B", "1kB", "1GB"])
def test_quantiles_are_exact_however_little_a_task_may_hold(dtype, shape, axis, task_size):
    for seed, (name, how) in enumerate(CALLS):
        x = values(dtype, shape, seed)
        lazy = da.from_array(x, chunks=tuple(max(1, n // 3) for n in shape))
        with plait.config.set({"array.rechunk.task-size": task_size}):
            try:
                expected = getattr(np, name)(x, axis=axis, **how)
            except TypeError:
                with pytest.raises(TypeError):
                    getattr(da, name)(lazy, axis=axis, **how)
                continue
            found = getattr(da, name)(lazy, axis=axis, **how)
            assert found.dtype == expected.dtype and found.shape == np.shape(expected)
            for run in ("sync", "records") if task_size == "64B" else ("sync",):
                np.testing.assert_allclose(found.compute(scheduler=run), expected, rtol=2e-3 if dtype == "f2" else 1e-6)


def test_equal_elements_and_the_ends_of_types():
    with plait.config.set({"array.rechunk.task-size": "64B"}):
        for x in (np.full(50, 7), np.array([-(2**63), 2**63 - 1, 0, -1, 1] * 5), np.array([2**64 - 1, 0, 1] * 9, "u8"), np.array([-0.0, 0.0, 5e-324, -np.inf] * 8)):
            for q in (0, 0.5, 1, 0.26):
                found = da.quantile(da.from_array(x, chunks=7), q, axis=0, method="lower").compute(scheduler="sync")
                assert found == np.quantile(x, q, method="lower")


def test_a_median_of_more_than_the_budget_keeps_within_it():
    x = da.random.default_rng(1).random(4_000_000, chunks=500_000)
    with plait.config.set({"memory-budget": "16MB"}):
        found = da.median(x, axis=0).compute(scheduler="threads")
    assert found == np.median(x.compute(scheduler="threads"))


def test_processes_pass_on_counts_and_ranks():
    x = np.random.default_rng(2).normal(size=(3, 5000))
    with plait.config.set({"array.rechunk.task-size": "1kB"}):
        found = da.median(da.from_array(x, chunks=(2, 900)), axis=1).compute(scheduler="processes")
    np.testing.assert_array_equal(found, np.median(x, axis=1))
