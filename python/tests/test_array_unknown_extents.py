"""Arrays of which only computing tells how many elements their blocks have."""

import pickle

import numpy as np
import pytest

import plait.array as da
from plait.array.utils import assert_eq

ROWS = np.arange(24).reshape(6, 4)


def some():
    x = da.arange(10, chunks=3)
    return x[x > 2]


def test_blocks_are_chosen_by_their_numbers():
    assert [block.compute().tolist() for block in some().blocks.ravel()] == [[], [3, 4, 5], [6, 7, 8], [9]]
    assert some().blocks[[2, 1]].compute().tolist() == [6, 7, 8, 3, 4, 5]
    rows = da.from_array(ROWS, chunks=2)
    np.testing.assert_array_equal(rows[rows[:, 0] > 3].blocks[:, 1].compute(), ROWS[1:, 2:])
    masked = da.ma.masked_equal(da.arange(10, chunks=3), 4)[da.arange(10, chunks=3) > 2].blocks[1].compute()
    assert masked.tolist() == [3, None, 5]
    texts = da.from_array(np.array(list("abcdef")), chunks=2)
    assert texts[texts > "b"].blocks[1].compute().tolist() == ["c", "d"]
    assert_eq(some(), np.arange(3, 10))


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.parametrize("name", ["argmin", "argmax", "nanargmin", "nanargmax"])
def test_positions_of_extremes_along_axes_that_are_known(name, scheduler):
    values = np.random.default_rng(1).random((6, 4))
    for chunks in ((2, 3), (6, 2)):
        rows = da.from_array(values, chunks=chunks)
        found = rows[rows[:, 0] > 0.2]
        kept = values[values[:, 0] > 0.2]
        np.testing.assert_array_equal(getattr(da, name)(found, axis=1).compute(scheduler=scheduler), getattr(np, name)(kept, axis=1))
        np.testing.assert_array_equal(getattr(da, name)(found, axis=-1, keepdims=True).compute(), getattr(np, name)(kept, axis=1, keepdims=True))
    np.testing.assert_array_equal(getattr(da, name)(found, axis=0).compute(), getattr(np, name)(kept, axis=0))  # one block
    with pytest.raises(ValueError, match="unknown extent"):
        getattr(da, name)(some(), axis=0)


def test_extents_that_a_program_says():
    known = some()
    known._chunks = ((0, 3, 3, 1),)
    assert known.shape == (7,)
    assert (known + np.ones(7)).compute().tolist() == [4, 5, 6, 7, 8, 9, 10]
    known._chunks = ((1, 3, 3, 1),)
    with pytest.raises(ValueError, match=r"block \(0,\) has the shape \(0,\), but its array was said to have \(1,\)"):
        known.compute()
    with pytest.raises(ValueError, match="blocks along its axes"):
        known._chunks = ((7,),)


def test_an_array_of_a_graph():
    graph = {("g", 0): (np.arange, 3), ("g", 1): (np.arange, 2)}
    array = da.Array(graph, "g", ((np.nan, np.nan),), dtype=int)
    assert np.isnan(array.shape[0])
    assert (array + 1).compute().tolist() == [1, 2, 3, 1, 2]
    assert array.blocks[1].compute().tolist() == [0, 1]
    assert pickle.loads(pickle.dumps(array)).sum().compute() == 4


def _chosen_rows():
    """Rows of a matrix under a lazy mask, and in memory."""
    x = np.random.default_rng(8).normal(size=(40, 3)) + np.arange(3)
    lazy = da.from_array(x, chunks=(9, 3))
    return lazy[lazy[:, 0] > -0.5], x[x[:, 0] > -0.5]


def test_factors_of_matrices_of_so_many_rows_as_a_mask_leaves():
    lazy, x = _chosen_rows()
    for matrix, expected in ((lazy, x), (lazy.T, x.T)):
        u, s, v = da.linalg.svd(matrix)
        np.testing.assert_allclose(s.compute(), np.linalg.svd(expected)[1])
        np.testing.assert_allclose((u * s @ v).compute(), expected)
    u, s, v = da.linalg.svd_compressed(lazy, 2, n_power_iter=5, seed=1)
    np.testing.assert_allclose(s.compute(), np.linalg.svd(x)[1][:2])
    assert u.compute().shape == (len(x), 2) and v.shape == (2, 3)
    for found, expected in zip(da.linalg.lstsq(lazy, lazy[:, 1] * 2 + 1), np.linalg.lstsq(x, x[:, 1] * 2 + 1), strict=True):
        np.testing.assert_allclose(found.compute(), expected)
    with pytest.raises(ValueError, match="number of columns is not known"):
        da.linalg.qr(lazy.T)


def test_covariances_count_the_observations_when_they_are_computed():
    lazy, x = _chosen_rows()
    np.testing.assert_allclose(da.cov(lazy, rowvar=False).compute(), np.cov(x, rowvar=False))
    np.testing.assert_allclose(da.cov(lazy.T, ddof=0).compute(), np.cov(x.T, ddof=0))
    np.testing.assert_allclose(da.cov(lazy[:, 0]).compute(), np.cov(x[:, 0]))
    np.testing.assert_allclose(da.corrcoef(lazy, rowvar=False).compute(), np.corrcoef(x, rowvar=False))
    with pytest.raises(ValueError, match="number of variables is not known"):
        da.corrcoef(lazy)


PLACES = [[0, -1], -1, 0, slice(1, None, 2), slice(None, None, -1), [2, 2, 0], (None, slice(0, 2)), (Ellipsis, 0), slice(0, 0), []]


@pytest.mark.parametrize("index", PLACES)
def test_one_block_of_unknown_extent_knows_its_places(index):
    x = np.arange(9) * 3 % 7
    found = da.flatnonzero(da.from_array(x, chunks=-1) > 2)[index]
    expected = np.flatnonzero(x > 2)[index]
    assert isinstance(found, da.Array) and found.ndim == expected.ndim
    np.testing.assert_array_equal(found.compute(), expected)


@pytest.mark.parametrize("index", [0, (0, 1), ([0, 2], slice(1, None)), (slice(1, None), [0, 2]), (-1, [0, 1]), (slice(0, 2), None, slice(None, None, -1))])
def test_rows_of_one_block_of_unknown_extent(index):
    x = np.arange(12.0).reshape(4, 3)
    lazy = da.from_array(x, chunks=-1)
    np.testing.assert_array_equal(lazy[lazy[:, 0] > 0][index].compute(), x[x[:, 0] > 0][index])


def test_places_that_such_a_block_does_not_have_and_several_such_blocks():
    x = da.arange(9, chunks=9)
    with pytest.raises(IndexError, match="out of bounds"):
        x[x > 5][7].compute()
    x = da.arange(9, chunks=3)
    with pytest.raises(ValueError, match="not known before it is computed"):
        x[x > 5][0]
    words = da.from_array(np.array(["oak", "elm", "yew"]))
    assert words[words != "oak"][[1, 0]].compute().tolist() == ["yew", "elm"]


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_compress_by_a_lazy_condition_stays_lazy(axis):
    x = np.arange(12).reshape(4, 3)
    condition = np.array([True, False, True])
    found = da.compress(da.from_array(condition, chunks=2), da.from_array(x, chunks=2), axis=axis)
    assert np.isnan(found.shape[axis or 0])
    np.testing.assert_array_equal(found.compute(), np.compress(condition, x, axis=axis))
    words = x.astype("U2")
    np.testing.assert_array_equal(da.compress(da.from_array(condition), da.from_array(words, chunks=2), axis=axis).compute(), np.compress(condition, words, axis=axis))
