"""``da.shuffle``: groups of places along an axis, none of which is in two blocks; chunks as Dask makes them."""

import importlib

import numpy as np
import pytest

import plait
import plait.array as da

dask = pytest.importorskip("dask.array")


def of_both(shape, chunks, indexer, axis):
    numbers = np.arange(np.prod(shape)).reshape(shape)
    return [m.shuffle(m.from_array(numbers, chunks=chunks), [list(group) for group in indexer], axis) for m in (da, importlib.import_module("dask.array"))]


CASES = {
    "groups that fill blocks": ((2, 8), (2, 4), [[6, 5, 2], [4, 1], [3, 0, 7]], 1),
    "groups one by one": ((3,), 1, [[2], [0], [1]], 0),
    "small groups": ((12, 4), (3, 2), [[i] for i in range(11, -1, -1)], 0),
    "a group of all": ((8, 9), (2, 3), [list(range(8))[::-1]], 0),
    "a long group among short ones": ((20, 10, 6), (4, 5, 6), [[0], list(range(1, 18)), [18, 19]], 0),
    "places twice": ((5,), 2, [[0, 0, 1], [4, 4]], 0),
    "as it is": ((6,), 2, [[0, 1], [2, 3], [4, 5]], 0),
    "uneven blocks": ((10,), ((7, 3),), [[9, 8], [7, 6], [5], [4, 3, 2, 1, 0]], 0),
}


@pytest.mark.parametrize("case", CASES)
def test_blocks_and_values_are_dasks(case):
    ours, theirs = of_both(*CASES[case])
    assert ours.chunks == theirs.chunks
    np.testing.assert_array_equal(ours.compute(), theirs.compute())


def test_random_groups_make_dasks_blocks():
    rng = np.random.default_rng(7)
    for _ in range(60):
        extent, other = rng.integers(1, 40, 2).tolist()
        places = rng.permutation(extent)
        cuts = np.sort(rng.choice(extent, rng.integers(0, extent), replace=False))
        indexer = [part.tolist() for part in np.split(places, cuts) if len(part)]
        case = ((extent, other), tuple(rng.integers(1, 12, 2).tolist()), indexer, 0)
        ours, theirs = of_both(*case)
        assert ours.chunks == theirs.chunks, case
        np.testing.assert_array_equal(ours.compute(), theirs.compute())


def test_how_much_larger_blocks_may_be_is_a_setting():
    x = da.arange(8, chunks=4)
    groups = [[6, 5, 2], [4, 1], [3, 0, 7]]
    assert x.shuffle(groups, 0).chunks == ((5, 3),)
    with plait.config.set({"array.chunk-size-tolerance": 1}):
        assert x.shuffle(groups, 0).chunks == ((3, 2, 3),)


def test_unknown_extents_are_refused():
    x = da.arange(8, chunks=4)
    with pytest.raises(ValueError, match="not known"):
        x[x > 2].shuffle([[0, 1]], 0)
