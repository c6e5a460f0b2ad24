"""Functions of blocks with delayed arguments, running totals of functions, weights of reductions: as Dask has them."""

from __future__ import annotations

import operator

import dask
import dask.array as dask_array
import numpy as np
import pytest

import plait
import plait.array as da

SCHEDULERS = ["sync", "threads", "processes"]
A = np.arange(24).reshape(4, 6)


def add(block, value, more=0):
    return block + value + more


def add_first(block, values, block_id=None):
    return block + values["first"][0] + block_id[0]


PROGRAMS = {
    "argument": lambda da, delayed, x: x.map_blocks(add, delayed(5), dtype=int),
    "keyword": lambda da, delayed, x: x.map_blocks(add, 1, more=delayed(abs)(-3), dtype=int),
    "inside": lambda da, delayed, x: x.map_blocks(add_first, {"first": [delayed(7)]}, dtype=int),
    "two arrays": lambda da, delayed, x: da.map_blocks(lambda a, b, c: a * b + c, x, da.arange(6, chunks=4), delayed(2), dtype=int),
    "dropped": lambda da, delayed, x: x.map_blocks(lambda block, by: block.sum(axis=1) * by, delayed(3), drop_axis=1, dtype=int),
    "blockwise": lambda da, delayed, x: da.blockwise(add, "ij", x, "ij", delayed(4), None, more=delayed(1), dtype=int),
    "contracted": lambda da, delayed, x: da.blockwise(lambda rows, by: rows.sum(axis=1) * by, "i", x, "ij", delayed(2), None, dtype=int, concatenate=True),
    "array of arrays": lambda da, delayed, x: x.map_blocks(lambda block, parts: block + sum(parts), [delayed(1), delayed(2)], dtype=int),
}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_delayed_arguments_are_given_as_their_values(name, scheduler):
    ours = PROGRAMS[name](da, plait.delayed, da.from_array(A, chunks=(2, 4)))
    theirs = PROGRAMS[name](dask_array, dask.delayed, dask_array.from_array(A, chunks=(2, 4)))
    assert ours.chunks == theirs.chunks
    np.testing.assert_array_equal(ours.compute(scheduler=scheduler), theirs.compute(scheduler="sync"))


def sums(rows, by):
    return sum(row.sum(axis=1) for row in rows) * by


def test_functions_get_lists_of_blocks_beside_what_is_delayed():
    x = da.from_array(A, chunks=(2, 4))
    np.testing.assert_array_equal(da.blockwise(sums, "i", x, "ij", plait.delayed(2), None, dtype=int).compute(), A.sum(axis=1) * 2)


def test_what_is_delayed_runs_once():
    made = []
    value = plait.delayed(lambda: made.append(1) or 5)()
    x = da.from_array(A, chunks=1).map_blocks(add, value, dtype=int)
    assert x.sum().compute(scheduler="threads") == (A + 5).sum() and made == [1]


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_delayed_arguments_beside_texts(scheduler):
    texts = np.array(["a", "bb", "ccc"])
    joined = da.from_array(texts, chunks=2).map_blocks(np.strings.add, plait.delayed("!"), dtype="U4")
    assert joined.compute(scheduler=scheduler).tolist() == ["a!", "bb!", "ccc!"]


@pytest.mark.parametrize("axis", [0, 1, None])
@pytest.mark.parametrize("options", [{}, {"method": "blelloch", "preop": np.sum}])
def test_running_totals_of_functions(axis, options):
    data = np.arange(24.0).reshape(4, 6)
    ours = da.reductions.cumreduction(np.cumsum, operator.add, 0, da.from_array(data, chunks=(3, 2)), axis=axis, **options)
    np.testing.assert_array_equal(ours.compute(), np.cumsum(data, axis=axis))
    largest = da.reductions.cumreduction(np.maximum.accumulate, np.maximum, -np.inf, da.from_array(-data, chunks=(1, 5)), axis=1, dtype=float)
    np.testing.assert_array_equal(largest.compute(), np.maximum.accumulate(-data, axis=1))


def test_running_totals_refuse_what_they_cannot_be():
    x = da.ones(3)
    with pytest.raises(IndexError, match="axis 1 is out of bounds"):
        da.reductions.cumreduction(np.cumsum, operator.add, 0, x, axis=1)
    with pytest.raises(ValueError, match="method is 'other'"):
        da.reductions.cumreduction(np.cumsum, operator.add, 0, x, axis=0, method="other")
    with pytest.raises(TypeError, match="needs preop="):
        da.reductions.cumreduction(np.cumsum, operator.add, 0, x, axis=0, method="blelloch")


def weighted(block, weights, axis, keepdims):
    return (block * weights).sum(axis=axis, keepdims=keepdims)


def test_weights_of_reductions_stretch():
    x, w = da.from_array(A, chunks=(2, 4)), np.arange(6)
    for axis in (0, 1, None):
        ours = da.reduction(x, weighted, np.sum, axis=axis, dtype=int, weights=w)
        np.testing.assert_array_equal(ours.compute(), (A * w).sum(axis=axis))
