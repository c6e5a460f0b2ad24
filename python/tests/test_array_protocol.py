"""What libraries on top of Dask's arrays use: reductions with functions of their own, arrays of graphs, common chunks."""

import numpy as np
import pytest

import plait.array as da
from plait.array.utils import meta_from_array

VALUES = np.random.default_rng(3).normal(size=(13, 9))


@pytest.mark.parametrize("split_every", [None, 2, {0: 3, 1: 2}])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
def test_a_reduction_with_functions_of_the_user(axis, keepdims, split_every):
    x = da.from_array(VALUES, chunks=(2, 4))
    found = da.reduction(x, chunk=np.max, aggregate=np.max, axis=axis, keepdims=keepdims, split_every=split_every, dtype=float)
    expected = VALUES.max(axis=axis, keepdims=keepdims)
    assert found.shape == np.shape(expected)
    np.testing.assert_array_equal(found.compute(), expected)


def test_partials_of_several_elements_and_weights():
    def moments(block, weights, axis, keepdims):
        return np.concatenate([np.sum(block * weights, axis=axis, keepdims=True), np.sum(weights, axis=axis, keepdims=True)], axis=axis[0])

    def added(partials, axis, keepdims):
        return np.concatenate([partials[::2].sum(axis=0, keepdims=True), partials[1::2].sum(axis=0, keepdims=True)])

    def mean(partials, axis, keepdims):
        return partials[::2].sum(axis=0) / partials[1::2].sum(axis=0)

    x, weights = da.from_array(VALUES, chunks=(2, 4)), np.abs(VALUES)
    found = da.reduction(x, moments, mean, axis=0, combine=added, output_size=2, weights=weights, dtype=float, split_every=2)
    np.testing.assert_allclose(found.compute(), np.average(VALUES, axis=0, weights=weights))


def as_it_is(block, axis, keepdims):
    return block


def summed(block, axis, keepdims):
    return block.sum(axis=axis, keepdims=keepdims)


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_partials_may_be_dicts_of_arrays_and_blocks_that_are_not_reduced(axis, scheduler):
    def moments(block, axis, keepdims):
        return {"sum": block.sum(axis=axis, keepdims=True), "count": np.ones_like(block).sum(axis=axis, keepdims=True)}

    def added(partials, axis, keepdims):
        return {name: part.sum(axis=axis, keepdims=True) for name, part in partials.items()}

    def mean(partials, axis, keepdims):
        return partials["sum"].sum(axis=axis, keepdims=keepdims) / partials["count"].sum(axis=axis, keepdims=keepdims)

    x = da.from_array(VALUES, chunks=(2, 4))
    np.testing.assert_allclose(da.reduction(x, moments, mean, axis=axis, combine=added).compute(scheduler=scheduler), VALUES.mean(axis=axis))
    whole = da.reduction(x, as_it_is, summed, axis=axis, combine=as_it_is, dtype=float)
    np.testing.assert_allclose(whole.compute(), VALUES.sum(axis=axis))


@pytest.mark.parametrize("scheduler", ["sync", "processes"])
def test_partials_in_lists(scheduler):
    def digits(block, axis, keepdims):
        return set(block.ravel().round().tolist())

    def both(partials, axis, keepdims):
        return set().union(*(part for row in partials for part in row))

    def count(partials, axis, keepdims):
        return len(both(partials, axis, keepdims))

    x = da.from_array(VALUES, chunks=(2, 4))
    found = da.reduction(x, digits, count, combine=both, concatenate=False, dtype=int, split_every=4)
    assert found.compute(scheduler=scheduler) == len(set(VALUES.ravel().round().tolist()))


def test_reductions_of_dates_objects_and_masked_elements():
    dates = np.arange("2020-01-01", "2020-01-11", dtype="M8[D]")
    assert da.reduction(da.from_array(dates, chunks=3), np.max, np.max).compute() == dates[-1]
    objects = da.from_array(np.array([1, 2, 3, 4], dtype=object), chunks=3)
    assert da.reduction(objects, np.sum, np.sum, dtype=object).compute() == 10
    masked = da.from_array(np.ma.masked_equal(np.arange(6), 3), chunks=2)
    assert da.reduction(masked, np.ma.sum, np.ma.sum, dtype=int).compute() == 12


def test_a_reduction_gives_its_dtype_to_functions_that_take_it_and_may_become_another_array():
    x = da.ones(300, dtype="i1", chunks=100)
    assert da.reduction(x, np.sum, np.sum, dtype="i8").compute() == 300
    target = da.zeros(3)
    da.reduction(da.ones((4, 3), chunks=2), np.sum, np.sum, axis=0, out=target)
    assert target.compute().tolist() == [4, 4, 4]


def test_what_a_reduction_does_not_take_is_refused():
    x = da.ones(4, chunks=2)
    with pytest.raises(ValueError, match=r"block of shape \(4,\) as block \(0,\), expected \(1,\)"):
        da.reduction(x, as_it_is, as_it_is, keepdims=True, dtype=float).compute()
    with pytest.raises(ValueError, match="give dtype="):
        da.reduction(x, np.sum, lambda partials, axis, keepdims: partials.nothing)
    with pytest.raises(ValueError, match="axis 3 is out of bounds"):
        da.reduction(x, np.sum, np.sum, axis=3)
    with pytest.raises(ValueError, match="split_every must be at least 2"):
        da.reduction(x, np.sum, np.sum, split_every=1)


def test_an_array_of_a_graph():
    graph = {("z", i, j): (np.full, (2, 3), 10 * i + j) for i in range(2) for j in range(2)}
    array = da.Array(graph, "z", ((2, 2), (3, 3)), dtype=int)
    np.testing.assert_array_equal(array.compute(), np.repeat(np.repeat([[0, 1], [10, 11]], 2, axis=0), 3, axis=1))
    assert (array + 1)[3, 5].compute() == 12
    assert da.Array(graph, "z", (2, 3), shape=(4, 6), meta=np.empty((0, 0), int)).chunks == array.chunks
    with pytest.raises(TypeError, match="name, chunks and dtype"):
        da.Array(graph)


def test_arrays_in_chunks_in_which_they_meet():
    chunks, (x, y, z) = da.unify_chunks(da.ones(6, chunks=4), "i", da.ones((6, 4), chunks=(3, 2)), "ij", 5, None)
    assert chunks == {"i": (3, 1, 2), "j": (2, 2)}
    assert x.chunks == ((3, 1, 2),)
    assert y.chunks == ((3, 1, 2), (2, 2))
    assert z == 5
    one = da.unify_chunks(da.ones((1, 4)), "ij", da.ones((6, 4), chunks=2), "ij")[1][0]
    assert one.chunks == ((1,), (2, 2))
    with pytest.raises(ValueError, match="unify_chunks"):
        da.unify_chunks(da.ones(3), "i", da.ones(4), "i")


def test_the_kind_of_an_array():
    assert meta_from_array(da.ones((2, 2), dtype="f4")).shape == (0, 0)
    assert meta_from_array(da.ones((2, 2), dtype="f4")).dtype == np.float32
    assert meta_from_array(None, ndim=3, dtype="i1").shape == (0, 0, 0)
