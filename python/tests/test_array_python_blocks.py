"""Python functions on blocks: map_blocks, blockwise, data read in pieces, store. Under every executor where it can run there."""

import threading

import numpy as np
import pytest

import plait
import plait.array as da
from array_samples import RUNS, check, computed

A = np.random.default_rng(0).normal(size=(12, 10))
V = np.arange(17.0)


def lazy():
    return da.from_array(A, chunks=(5, 4))


def test_functions_are_told_which_block_they_make():
    ids = lazy().map_blocks(lambda block, block_id: np.full(block.shape, 10 * block_id[0] + block_id[1]))
    check(ids, np.repeat([0, 10, 20], [5, 5, 2])[:, None] + np.repeat([0, 1, 2], [4, 4, 2]))
    assert ids.dtype == np.int64


def test_block_info_says_where_a_block_stands():
    found = []

    def note(a, b, block_info):
        found.append(block_info)
        return a + b

    da.map_blocks(note, lazy(), lazy()[0], dtype=float).compute(scheduler="sync")
    info = next(info for info in found if info[None]["chunk-location"] == (2, 1))
    assert info[0] == {"shape": (12, 10), "num-chunks": (3, 3), "array-location": [(10, 12), (4, 8)], "chunk-location": (2, 1)}
    assert info[1] == {"shape": (10,), "num-chunks": (3,), "array-location": [(4, 8)], "chunk-location": (1,)}
    assert info[None] == {**info[0], "chunk-shape": (2, 4), "dtype": np.dtype(float)}


def test_arrays_can_be_made_of_no_array():
    made = da.map_blocks(lambda block_id: np.full(2, block_id[0]), chunks=((2, 2, 2),), dtype=int)
    check(made, [0, 0, 1, 1, 2, 2])
    with pytest.raises(ValueError, match="no lazy array among the arguments"):
        da.map_blocks(np.ones, 3)


def test_all_blocks_along_a_dropped_axis_come_as_one():
    check(lazy().map_blocks(lambda block: block.sum(axis=1), drop_axis=1), A.sum(axis=1), 1e-9)
    check(lazy().map_blocks(np.sum, drop_axis=[0, 1], dtype=float), A.sum(), 1e-9)
    check(lazy().map_blocks(lambda block: block.sum(axis=0)[None], drop_axis=0, new_axis=0), A.sum(axis=0)[None], 1e-9)


def test_block_info_tells_of_a_dropped_axis_as_the_function_sees_it():
    found = {}

    def total(block, block_info):
        found[block_info[0]["chunk-location"]] = block_info[0]
        return block.sum(axis=1)

    check(lazy().map_blocks(total, drop_axis=1, dtype=float), A.sum(axis=1), 1e-9)
    assert set(found) == {(0, 0), (1, 0), (2, 0)}
    assert found[1, 0]["num-chunks"] == (3, 1)
    assert found[1, 0]["array-location"] == [(5, 10), (0, 10)]


def test_lazy_keywords_are_given_whole():
    check(lazy().map_blocks(lambda block, mean, column: block - mean + column.size, mean=lazy().mean(), column=lazy()[:, 0]), A - A.mean() + 12, 1e-9)


@pytest.mark.parametrize("run", RUNS)
def test_blocks_of_another_shape_or_kind_are_refused(run):
    x = da.from_array(V, chunks=5)
    with pytest.raises(ValueError, match=r"map_blocks: the function returned a block of shape \(2,\) as block \(\d,\), expected \(5,\)"):
        computed(x.map_blocks(lambda block: block[:2], dtype=float), run)
    with pytest.raises(TypeError, match="returned a block of dtype float64, but its result was said to be int64"):
        computed(x.map_blocks(lambda block: block + 0.5, dtype=int), run)
    with pytest.raises(TypeError, match="a masked array stands where its mask would get lost"):
        computed(x.map_blocks(lambda block: np.ma.masked_less(block, 3), dtype=float), run)
    with pytest.raises(ZeroDivisionError):
        computed(x.map_blocks(lambda block: block // (1 // 0), dtype=float), run)


def test_chunks_may_be_unknown_to_all_but_the_function():
    positive = da.from_array(V, chunks=5).map_blocks(lambda block: block[block % 3 == 0], chunks=((np.nan,) * 4,), dtype=float)
    check(positive, V[V % 3 == 0])
    check(positive.sum() + positive.max(), V[V % 3 == 0].sum() + 15)
    check(positive * 2, V[V % 3 == 0] * 2)


@pytest.mark.parametrize("run", RUNS)
def test_functions_may_change_the_blocks_they_get(run):
    memory = V.copy()
    x = da.from_array(memory, chunks=5)

    def clear_first(block):
        block[0] = -1
        return block

    np.testing.assert_array_equal(computed(x.map_blocks(clear_first, dtype=float), run)[[0, 5, 10, 15]], [-1] * 4)
    np.testing.assert_array_equal(memory, V)
    y = x + 1
    changed, kept = plait.compute(y.map_blocks(clear_first, dtype=float), y)
    assert changed[0] == -1 and kept[0] == 1


def test_functions_that_cannot_be_pickled_run_on_threads():
    lock = threading.Lock()

    def guarded(block):
        with lock:
            return block + 1

    x = da.from_array(V, chunks=5).map_blocks(guarded, dtype=float)
    np.testing.assert_array_equal(x.compute(scheduler="threads"), V + 1)
    with pytest.raises(TypeError, match="cannot be sent to another process: cannot pickle '_thread.lock'"):
        x.compute(scheduler="processes")


def test_blockwise_matches_axes_by_name():
    x, v = lazy(), da.from_array(V, chunks=5)
    check(da.blockwise(np.transpose, "ji", x, "ij", dtype=float), A.T)
    check(da.blockwise(np.add, "ij", x, "ij", x[0], "j", dtype=float), A + A[0])
    check(da.blockwise(np.add, "ij", x, "ij", x.rechunk(3), "ij", dtype=float), A + A)
    check(da.blockwise(np.outer, "ij", v, "i", v, "j", dtype=float), np.outer(V, V))
    check(da.blockwise(lambda a, b: a @ b, "ik", x, "ij", x.T, "jk", dtype=float, concatenate=True), A @ A.T, 1e-9)
    check(da.blockwise(lambda parts: sum(part.sum(axis=1) for part in parts), "i", x, "ij", dtype=float), A.sum(axis=1), 1e-9)
    check(da.blockwise(lambda a, times: np.repeat(a, times), "i", v, "i", 2, None, dtype=float, adjust_chunks={"i": lambda n: 2 * n}), np.repeat(V, 2))
    check(da.blockwise(lambda a: a[:, None] * np.ones(3), "iz", v, "i", dtype=float, new_axes={"z": 3}), V[:, None] * np.ones(3))
    with pytest.raises(ValueError, match=r"blockwise: axis 'i': operands .* shapes \(12,\) and \(17,\)"):
        da.blockwise(np.add, "ij", x, "ij", v, "i", dtype=float)


class Readings:
    """Data that can be sliced, as a dataset in a file."""

    shape, dtype, ndim, chunks = A.shape, A.dtype, 2, (3, 5)

    def __init__(self):
        self.read = []

    def __getitem__(self, part):
        self.read.append(part)
        return A[part]


def test_data_is_read_piece_by_piece_and_only_where_it_is_needed():
    readings = Readings()
    x = da.from_array(readings, chunks=(5, 4))
    assert x.chunks == ((5, 5, 2), (4, 4, 2)) and readings.read == []
    np.testing.assert_array_equal((x + 1)[:5, :4].compute(scheduler="threads"), A[:5, :4] + 1)
    assert readings.read == [(slice(0, 5), slice(0, 4))]
    check(da.from_array(Readings(), chunks=(5, 4), lock=True), A)


def test_store_writes_block_by_block():
    target, part, numbers = np.zeros(A.shape), np.zeros((14, 24)), np.zeros(17)
    assert da.store([lazy(), da.from_array(V, chunks=5)], [target, numbers]) is None
    lazy().store(part, regions=(slice(1, 13), slice(2, 22, 2)), lock=False)
    np.testing.assert_array_equal(target, A)
    np.testing.assert_array_equal(numbers, V)
    np.testing.assert_array_equal(part[1:13, 2:22:2], A)
    assert not part[:, 1::2].any()
    later = da.store(lazy() + 1, target, compute=False)
    np.testing.assert_array_equal(target, A)
    later.compute()
    np.testing.assert_array_equal(target, A + 1)


def test_store_takes_regions_with_any_step_lists_and_whole_numbers():
    for region in [(slice(None, None, -1), slice(19, None, -2)), (slice(0, 24, 2), [*range(5), *range(10, 15)]), (slice(11, None, -1), np.arange(20) % 2 == 0)]:
        target = np.zeros((12 if region[0].step == -1 else 24, 20))
        da.store(lazy(), target, regions=region)
        np.testing.assert_array_equal(target[region], A)
        assert np.count_nonzero(target) == np.count_nonzero(A)
    rows = np.zeros((3, len(V)))
    da.from_array(V, chunks=5).store(rows, regions=(1,))
    np.testing.assert_array_equal(rows, [0 * V, V, 0 * V])
    with pytest.raises(NotImplementedError, match="one list of places at most"):
        da.store(lazy(), np.zeros((20, 20)), regions=(list(range(12)), list(range(10))))
    with pytest.raises(ValueError, match=r"the array has shape \(12, 10\), but the region has \(12, 20\)"):
        da.store(lazy(), np.zeros((24, 20)), regions=(slice(None, None, -2),))


def test_store_gives_arrays_as_they_are_stored():
    region = (slice(None), slice(None, None, -2))
    target = np.zeros((12, 20))
    stored = da.store([lazy() + 1], [target], regions=[region], return_stored=True)
    np.testing.assert_array_equal(target[region], A + 1)
    assert stored.chunks == lazy().chunks and stored.dtype == lazy().dtype
    target[region] = A + 2  # what lies there is read when it is computed
    np.testing.assert_array_equal(stored.compute(), A + 2)

    rounded = np.zeros(A.shape, dtype=np.int8)
    for load_stored in (True, False):
        rounded[:] = 0
        later = lazy().store(rounded, compute=False, return_stored=True, load_stored=load_stored)
        assert not rounded.any()
        np.testing.assert_array_equal(later.compute(), A.astype(np.int8) if load_stored else A)
        np.testing.assert_array_equal(rounded, A.astype(np.int8))
    with pytest.raises(ValueError, match="the array has shape"):
        lazy().store(np.zeros((2, 10)), compute=False, return_stored=True)


class Counted:
    """A target of whole numbers that counts how often it is read."""

    def __init__(self, extent):
        self.values, self.shape, self.num_reads = np.zeros(extent, dtype=int), (extent,), 0

    def __setitem__(self, place, block):
        self.values[place] = block

    def __getitem__(self, place):
        self.num_reads += 1
        return self.values[place]


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(
    ("compute", "load_stored", "reads_at_once", "reads", "first"),
    [(True, None, 0, 2, 100), (True, False, 0, 2, 100), (True, True, 2, 2, 0), (False, None, 0, 2, 0), (False, True, 0, 2, 0), (False, False, 0, 0, 0.5)],
)
def test_load_stored_says_when_a_target_is_read(is_late, compute, load_stored, reads_at_once, reads, first):
    target = Counted(6)
    stored = (da.arange(6, chunks=4) + 0.5).store(plait.delayed(target) if is_late else target, compute=compute, return_stored=True, load_stored=load_stored)
    assert target.num_reads == reads_at_once
    target.values[0] = 100  # after it is written, or before
    found = stored.compute()
    assert found[0] == first and found.dtype == np.float64
    assert target.num_reads == reads


@pytest.mark.parametrize("load_stored", [None, True, False])
@pytest.mark.parametrize("compute", [True, False])
@pytest.mark.parametrize("values", [np.arange(5).astype("M8[D]"), np.array(list("abcde"))], ids=["dates", "texts"])
def test_stored_dates_and_texts(values, compute, load_stored):
    target = np.zeros(5, dtype=values.dtype)
    stored = da.from_array(values, chunks=2).store(target, compute=compute, return_stored=True, load_stored=load_stored)
    np.testing.assert_array_equal(stored.compute(), values)
    np.testing.assert_array_equal(target, values)


class CountingLock:
    """A lock that is no context manager."""

    def __init__(self):
        self._lock, self.acquired, self.released = threading.Lock(), 0, 0

    def acquire(self):
        self._lock.acquire()
        self.acquired += 1

    def release(self):
        self.released += 1
        self._lock.release()


def test_a_lock_needs_only_acquire_and_release():
    lock = CountingLock()
    da.store(lazy(), np.zeros(A.shape), lock=lock)
    assert lock.acquired == lock.released == lazy().npartitions
    check(da.from_array(Readings(), chunks=(5, 4), lock=lock), A)
    assert lock.acquired == lock.released > lazy().npartitions


def test_what_changes_nothing_is_the_array_itself():
    x = lazy()
    assert x.astype(x.dtype) is x and x.rechunk(x.chunks) is x and x.reshape(x.shape) is x and da.broadcast_to(x, x.shape) is x
    some = da.from_array(V, chunks=5)
    some = some[some > 0]
    assert some.chunks == ((np.nan,) * some.npartitions,)


def test_numpy_gets_a_computed_array_where_it_asks_for_no_copy():
    with pytest.warns(FutureWarning, match="acquire a memory view"):
        np.testing.assert_array_equal(lazy().__array__(copy=False), A)
    with pytest.warns(FutureWarning, match="something ignored"):
        lazy().__array__(something=1)


def test_store_refuses_what_would_be_lost():
    with pytest.raises(ValueError, match="a source is a ndarray, expected a lazy array"):
        da.store([np.zeros(3)], np.zeros(3))
    with pytest.raises(ValueError, match=r"the array has shape \(12, 10\), but the target has \(2, 10\)"):
        da.store(lazy(), np.zeros((2, 10)))
    with pytest.raises(TypeError, match="the target of store is memory of this process"):
        da.store(lazy(), np.zeros(A.shape), scheduler="processes")
    with pytest.raises(ValueError, match="1 arrays are given for 2 targets"):
        da.store(lazy(), [np.zeros(A.shape)] * 2)


def test_data_is_read_by_a_function_of_the_user():
    class Cells:
        shape, dtype = A.shape, A.dtype

        def __getitem__(self, part):
            raise AssertionError("not asked")

    def cells(x, part):
        return A[part]

    check(da.from_array(Cells(), chunks=(5, 4), getitem=cells), A)


def test_chunks_of_more_axes_say_that_a_function_adds_some_in_front():
    made = da.map_blocks(lambda block: block[None], lazy(), chunks=((1,), *lazy().chunks))
    check(made, A[None])
    assert made.chunks == ((1,), (5, 5, 2), (4, 4, 2))


def test_points_stand_beside_slices_and_whole_numbers():
    x = lazy()
    assert x.vindex[:] is x
    for index in (0, (0, 1), (slice(None, None, -2), 3), ([0, 11], slice(None, None, -1)), ([[0, 1], [2, 3]], [4, 5])):
        check(x.vindex[index], A[index])
    check(x.vindex[2:9, [1, -1]], A[2:9, [1, -1]].T)  # the points come first
    check(x.vindex[..., [0, 3]], A[:, [0, 3]].T)
    for index in (None, ([1, 2], [1, 2, 3]), ([0], [10]), ([0], da.array([0])), ([True] * 12,), (0, 0, 0)):
        with pytest.raises(IndexError):
            x.vindex[index].compute()


KINDS = {
    "dates": np.array(["2020-01-01", "NaT", "2021-05-05"], "M8[D]"),
    "texts": np.array([["a", "bcd", "e"], ["f", "", "g"]]),
    "bytes": np.array([b"a", b"bcd", b""]),
    "objects": np.array([["a", None, 1.5], ["b", 2, "c"]], dtype=object),
    "masked": np.ma.masked_array(np.arange(6).reshape(2, 3), [[0, 1, 0], [1, 0, 0]]),
}


@pytest.mark.parametrize("name", KINDS)
def test_arrays_of_every_kind_have_blocks_and_are_compared(name):
    values = KINDS[name]
    x = da.from_array(values, chunks=2)
    assert da.utils.assert_eq(x, values)
    last, first = x.blocks[..., -1], x.blocks[0]
    assert type(last) is type(x) and last.chunks == (*x.chunks[:-1], (1,))
    np.testing.assert_array_equal(last.compute(), values[..., 2:])
    np.testing.assert_array_equal(first.compute(), values[:2])
    assert x.blocks.shape == x.numblocks
    other = values.copy()
    other[..., 0] = other[..., 2]
    with pytest.raises(AssertionError):
        da.utils.assert_eq(x, other)
