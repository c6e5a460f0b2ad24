"""Square brackets against NumPy's, on random input; and what follows extents that only computing tells."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis.extra import numpy as hnp

import plait.array as da
from array_samples import RUNS, check, computed, holds_for, lazy


@holds_for(lazy(), st.data())
def test_slices(pair, data):
    x, lx = pair
    index = data.draw(hnp.basic_indices(x.shape, allow_newaxis=True, allow_ellipsis=True))
    check(lx[index], x[index])
    y = lx[index]
    if y.ndim and 0 not in y.shape:
        again = data.draw(hnp.basic_indices(y.shape))
        check(y[again], x[index][again])


@holds_for(lazy(), st.data())
def test_positions_and_masks(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(0, x.ndim - 1))
    positions = data.draw(st.lists(st.integers(-x.shape[axis], x.shape[axis] - 1), max_size=8))
    front = (slice(None),) * axis
    check(lx[(*front, positions)], x[(*front, np.array(positions, dtype=int))])
    mask = data.draw(hnp.arrays(bool, x.shape[axis]))
    check(lx[(*front, mask)], x[(*front, mask)])
    whole = data.draw(hnp.arrays(bool, x.shape))
    np.testing.assert_array_equal(lx[da.from_array(whole, chunks=2)].compute(), x[whole])


REAL = (np.bool_, np.int32, np.int64, np.float32, np.float64)


@holds_for(lazy(dtypes=REAL), st.data())
def test_elements_under_lazy_masks(pair, data):
    x, lx = pair
    kept, lazily = x[x > 0], lx[lx > 0]
    check(lazily, kept)
    check(lazily + lazily * 2, kept + kept * 2, 1e-6)
    check(lazily.sum(), kept.sum(), 1e-5)
    check(lazily[lazily > 1], kept[kept > 1])
    check(da.concatenate([lazily, lx.ravel()]), np.concatenate([kept, x.ravel()]))
    if len(kept):
        check(lazily.max(), kept.max())
        check(lazily.mean(), kept.mean(), 1e-5)
    else:
        for run in RUNS:
            with pytest.raises(ValueError, match="zero-size array"):
                computed(lazily.max(), run)


@holds_for(lazy(dtypes=REAL, max_dims=3), st.data())
def test_rows_under_lazy_masks(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(0, x.ndim - 1))
    front = (slice(None),) * axis
    mask = data.draw(hnp.arrays(bool, x.shape[axis]))
    lazy_mask = da.from_array(mask, chunks=data.draw(st.integers(1, len(mask))))
    kept, lazily = x[(*front, mask)], lx[(*front, lazy_mask)]
    assert np.isnan(lazily.shape[axis])
    check(lazily, kept)
    check(lazily.T, kept.T)
    check(lazily[None, ..., ::-1] if axis < x.ndim - 1 else lazily[None], kept[None, ..., ::-1] if axis < x.ndim - 1 else kept[None])
    for reduced in range(x.ndim):
        check(lazily.sum(axis=reduced), kept.sum(axis=reduced), 1e-5)
    check(lazily.astype(float) - lx.mean(), kept.astype(float) - x.mean(), 1e-5, 1e-4)  # float32 sums differ in the last place
    check(lazily.compute_chunk_sizes()[..., ::-1], kept[..., ::-1])


@holds_for(lazy(), st.data())
def test_lazy_positions(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(0, x.ndim - 1))
    positions = np.array(data.draw(st.lists(st.integers(-x.shape[axis], x.shape[axis] - 1), min_size=1, max_size=6)))
    front = (slice(None),) * axis
    check(lx[(*front, da.from_array(positions, chunks=2))], x[(*front, positions)])


def test_lazy_positions_in_empty_blocks():
    x = np.arange(60).reshape(2, 6, 5).astype(complex)
    lx = da.from_array(x, chunks=((2,), (0, 1, 1, 1, 1, 1, 1), (0, 4, 1)))
    check(lx[da.from_array(np.array([0, 1]), chunks=2)], x[[0, 1]])


@holds_for(lazy(dtypes=REAL), st.data())
def test_items_are_set(pair, data):
    x, lx = pair
    index = data.draw(hnp.basic_indices(x.shape, allow_newaxis=False, allow_ellipsis=True))
    expected = x.copy()
    if data.draw(st.booleans()):
        value = lazy_value = data.draw(st.sampled_from([0, 1]))
    else:
        shape = data.draw(st.sampled_from([np.shape(x[index]), np.shape(x[index])[1:], ()]))
        value, lazy_value = np.asarray(data.draw(hnp.arrays(x.dtype, shape, elements=st.sampled_from([0, 1])))), None
        lazy_value = da.from_array(value) if data.draw(st.booleans()) else value
    expected[index] = value
    lx[index] = lazy_value
    check(lx, expected)


@holds_for(lazy(dtypes=REAL), st.data())
def test_items_are_set_at_positions_and_under_masks(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(0, x.ndim - 1))
    front = (slice(None),) * axis
    positions = data.draw(st.lists(st.integers(-x.shape[axis], x.shape[axis] - 1), max_size=6))
    expected = x.copy()
    value = expected[(*front, np.array(positions, dtype=int))][::-1]
    expected[(*front, np.array(positions, dtype=int))] = value
    lx[(*front, positions)] = value
    check(lx, expected)
    expected[expected > 0] = 0
    lx[lx > 0] = 0
    check(lx, expected)
    mask = data.draw(hnp.arrays(bool, x.shape))
    values = np.arange(mask.sum()).astype(x.dtype)
    expected[mask] = values
    lx[mask] = values
    check(lx, expected)


@holds_for(lazy(), st.data())
def test_values_are_set_at_lazy_positions_and_under_lazy_masks_of_an_axis(pair, data):
    x, lx = pair
    axis = data.draw(st.integers(0, x.ndim - 1))
    positions = hnp.arrays(int, st.integers(0, 5), elements=st.integers(-x.shape[axis], x.shape[axis] - 1))
    chosen = data.draw(positions | hnp.arrays(bool, x.shape[axis])) if x.shape[axis] else np.zeros(0, dtype=bool)
    before = tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1]))) for _ in range(axis))
    expected = x.copy()
    shape = expected[(*before, chosen)].shape
    value = np.arange(np.prod(shape)).reshape(shape).astype(x.dtype)
    if data.draw(st.booleans()):
        value = value[(slice(None),) * axis + (slice(0, 1),)] if shape[axis] else value
    expected[(*before, chosen)] = value
    lx[(*before, da.from_array(chosen, chunks=2))] = value
    check(lx, expected)


@holds_for(lazy(), st.data())
def test_single_elements_by_lists(pair, data):
    x, lx = pair
    shape = data.draw(hnp.array_shapes(max_dims=2, max_side=3))
    points = tuple(data.draw(hnp.arrays(int, shape, elements=st.integers(-extent, extent - 1))) for extent in x.shape)
    check(lx.vindex[points], x[points])


@holds_for(lazy(max_dims=2), st.data())
def test_blocks_are_slices(pair, data):
    x, lx = pair
    number = data.draw(st.integers(-lx.numblocks[0], lx.numblocks[0] - 1))
    ends = np.cumsum((0, *lx.chunks[0]))
    check(lx.blocks[number], x[ends[number % lx.numblocks[0]] : ends[number % lx.numblocks[0] + 1]])
    check(lx.blocks[::-1], np.concatenate([x[start:end] for start, end in list(zip(ends, ends[1:], strict=False))[::-1]]))
