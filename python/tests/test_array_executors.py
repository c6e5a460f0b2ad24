"""The same values from every executor, and within a budget that forces values to disk."""

import numpy as np
import pytest

import plait
import plait.array as da

rng = np.random.default_rng(0)
A = rng.normal(size=(120, 90))


def lazy(chunks=(40, 30)):
    return da.from_array(A, chunks=chunks)


EXPRESSIONS = {
    "elementwise": (lambda: da.sin(lazy()) * 2 + lazy() ** 2, lambda: np.sin(A) * 2 + A**2),
    "reduction": (lambda: (lazy() - lazy().mean(axis=0)).std(axis=1), lambda: (A - A.mean(axis=0)).std(axis=1)),
    "rechunk": (lambda: (lazy((1, 90)).rechunk((120, 1)) + 1).rechunk((7, 90)), lambda: A + 1),
    "transpose": (lambda: lazy().T @ lazy(), lambda: A.T @ A),
    "slices": (lambda: lazy()[::-2, 5:60][:, [3, 1, 2]], lambda: A[::-2, 5:60][:, [3, 1, 2]]),
    "mask": (lambda: lazy()[lazy() > 1], lambda: A[A > 1]),
    "reshape": (lambda: lazy().reshape(60, 180).sum(axis=1), lambda: A.reshape(60, 180).sum(axis=1)),
    "running totals": (lambda: da.cumsum(lazy((7, 30)), axis=0), lambda: np.cumsum(A, axis=0)),
    "largest": (lambda: da.topk(lazy((40, 7)), 5), lambda: np.sort(A, axis=1)[:, :-6:-1]),
    "medians": (lambda: da.median(lazy(), axis=0), lambda: np.median(A, axis=0)),
    "histogram": (lambda: da.histogram(lazy(), 20, (-3, 3), weights=lazy())[0], lambda: np.histogram(A, 20, (-3, 3), weights=A)[0]),
    "distinct": (lambda: da.unique(lazy().round(1), return_counts=True)[1], lambda: np.unique(A.round(1), return_counts=True)[1]),
    "places": (lambda: da.searchsorted(da.arange(-3, 4, chunks=3), lazy()), lambda: np.searchsorted(np.arange(-3, 4), A)),
    "padded": (lambda: da.pad(lazy(), 5, mode="reflect"), lambda: np.pad(A, 5, mode="reflect")),
    "diagonal": (lambda: da.diagonal(lazy(), 3), lambda: np.diagonal(A, 3)),
    "einsum": (lambda: da.einsum("ij,kj->ik", lazy(), lazy((30, 30))), lambda: A @ A.T),
    "joined": (lambda: da.concatenate([lazy(), da.stack([lazy()[0]] * 3)]), lambda: np.concatenate([A, np.stack([A[0]] * 3)])),
}


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_executors_agree_with_numpy(name, scheduler):
    make, expected = EXPRESSIONS[name]
    result = make().compute(scheduler=scheduler)
    np.testing.assert_allclose(result, expected(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_tiny_budget_changes_no_value(name, scheduler):
    make, expected = EXPRESSIONS[name]
    with plait.config.set({"memory-budget": "300kB"}):
        result = make().compute(scheduler=scheduler)
    np.testing.assert_allclose(result, expected(), rtol=1e-9, atol=1e-12)


def test_random_numbers_are_the_same_under_every_executor():
    results = [da.random.default_rng(3).normal(size=(50, 50), chunks=20).compute(scheduler=s) for s in ("sync", "threads", "processes")]
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
