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


def test_what_a_reduction_does_not_take_is_refused():
    x = da.ones(4, chunks=2)
    with pytest.raises(NotImplementedError, match="concatenate=False"):
        da.reduction(x, np.sum, np.sum, concatenate=False)
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
