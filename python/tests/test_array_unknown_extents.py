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
