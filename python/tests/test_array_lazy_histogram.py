"""Histograms of which only computing tells the edges."""

import numpy as np
import pytest

import plait
import plait.array as da

VALUES = np.random.default_rng(0).random(100)
WEIGHTS = np.random.default_rng(1).random(100)
LOW, HIGH = VALUES.min(), VALUES.max()


def lazy():
    return da.from_array(VALUES, chunks=7)


RANGES = {
    "lazy numbers": lambda: [lazy().min(), lazy().max()],
    "one lazy number": lambda: (LOW, lazy().max()),
    "delayed values": lambda: (plait.delayed(LOW), plait.delayed(HIGH)),
    "an array": lambda: da.stack([lazy().min(), lazy().max()]),
}


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weights"])
@pytest.mark.parametrize("ends", RANGES)
def test_the_ends_may_be_lazy(ends, weights, density):
    given = None if weights is None else da.from_array(weights, chunks=9)
    counts, edges = da.histogram(lazy(), bins=8, range=RANGES[ends](), weights=given, density=density)
    expected, expected_edges = np.histogram(VALUES, 8, (LOW, HIGH), weights=weights, density=density)
    assert counts.shape == (8,) and counts.dtype == expected.dtype
    np.testing.assert_allclose(counts.compute(), expected)
    np.testing.assert_allclose(edges.compute(), expected_edges)


@pytest.mark.parametrize("bins", [da.array(8), plait.delayed(8)], ids=["array", "delayed"])
def test_the_number_of_bins_may_be_lazy(bins):
    counts, edges = da.histogram(lazy(), bins=bins, range=(0, 1))
    assert np.isnan(counts.shape[0])
    np.testing.assert_array_equal(counts.compute(), np.histogram(VALUES, 8, (0, 1))[0])
    assert edges.compute().shape == (9,)
    with pytest.raises(NotImplementedError, match="number of bins cannot be lazy"):
        da.histogram(lazy(), bins=bins, range=(0, 1), density=True)


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_the_edges_may_be_lazy(scheduler):
    steps = np.array([0, 0.2, 0.5, 1])
    counts, edges = da.histogram(lazy(), da.from_array(steps, chunks=2))
    np.testing.assert_array_equal(counts.compute(scheduler=scheduler), np.histogram(VALUES, steps)[0])
    np.testing.assert_array_equal(edges.compute(), steps)
    counts, _ = da.histogram(lazy(), [0, lazy().mean(), 1])
    np.testing.assert_array_equal(counts.compute(), np.histogram(VALUES, [0, VALUES.mean(), 1])[0])
    counts, _ = da.histogram(da.ones((4, 4), chunks=2), da.array([0, 1, 2]))
    assert counts.compute().tolist() == [0, 16]


@pytest.mark.parametrize(
    ("bins", "ends"),
    [(8, 1), (8, [0]), (8, [0, 1, 2]), (8, da.array([[0, 1]])), (8, np.array([[0, 1]])), ([[0, 1, 2]], None), (da.array([[0, 1]]), None), (da.array(8), None)],
)
def test_what_are_no_bins_is_refused(bins, ends):
    with pytest.raises(ValueError, match="range|bins"):
        da.histogram(lazy(), bins=bins, range=ends)


def test_what_numpy_no_longer_has_is_refused():
    with pytest.raises(ValueError, match="density=True"):
        da.histogram(lazy(), bins=8, range=(0, 1), normed=True)
