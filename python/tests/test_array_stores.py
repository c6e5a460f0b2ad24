"""Arrays in Zarr stores and HDF5 files, store() and what it gives back, stacks of pictures."""

from __future__ import annotations

import os

import numpy as np
import pytest

import plait
import plait.array as da

SCHEDULERS = ["sync", "threads", "processes"]
A = np.arange(24.0).reshape(4, 6)


def lazy() -> da.Array:
    return da.from_array(A, chunks=(2, 4))


def failing(block, block_id=None):
    if block_id == (1, 1):
        raise RuntimeError("no such block")
    return block + 100


# --- store ---


class Lines:
    """A target in a file, which other processes reach, too."""

    def __init__(self, path, shape):
        self.path, self.shape, self.dtype = str(path), shape, np.dtype(float)
        np.memmap(self.path, mode="w+", shape=shape, dtype=float)[:] = 0

    def opened(self):
        return np.memmap(self.path, mode="r+", shape=self.shape, dtype=float)

    def __setitem__(self, place, block):
        self.opened()[place] = block

    def __getitem__(self, place):
        return np.array(self.opened()[place])


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_store_gives_back_what_targets_hold(tmp_path, scheduler):
    target = Lines(tmp_path / "lines", (8, 12))
    region = (slice(0, 8, 2), slice(-6, None))
    stored = da.store(lazy(), target, regions=region, return_stored=True, scheduler=scheduler)
    assert stored.chunks == lazy().chunks
    np.testing.assert_array_equal(target[region], A)
    np.testing.assert_array_equal(stored.compute(scheduler=scheduler), A)
    target[0, 6] = 99
    assert stored[0, 0].compute(scheduler=scheduler) == 99  # read when it is computed


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_store_may_give_back_blocks_that_are_written_when_they_are_computed(tmp_path, scheduler):
    target = Lines(tmp_path / "lines", A.shape)
    stored = lazy().store(target, compute=False, return_stored=True)
    assert not target[:].any()
    assert stored.sum().compute(scheduler=scheduler) == A.sum()
    np.testing.assert_array_equal(target[:], A)


def test_loaded_blocks_stay_as_they_were():
    target = np.zeros(A.shape)
    stored = lazy().store(target, return_stored=True, load_stored=True)
    target[:] = 0
    np.testing.assert_array_equal(stored.compute(), A)


def test_store_makes_delayed_targets_once():
    made, target = [], np.zeros((2, *A.shape))

    def make(number):
        made.append(number)
        return target[number]

    makers = [plait.delayed(make)(number) for number in range(2)]
    assert da.store([lazy(), lazy() + 1], makers, scheduler="threads") is None
    np.testing.assert_array_equal(target, [A, A + 1])
    assert sorted(made) == [0, 1]
    first, second = da.store([lazy(), lazy()], [np.zeros(A.shape), np.zeros(A.shape)], return_stored=True)
    assert (first == second).all().compute()
    (one,) = (da.store([lazy()], [makers[0]], compute=False),)
    one.compute(scheduler="threads")


def test_store_counts_regions():
    with pytest.raises(ValueError, match="1 regions are given for 2 arrays"):
        da.store([lazy(), lazy()], [np.zeros(A.shape)] * 2, regions=[(slice(0, 4),)])


# --- Zarr ---


@pytest.fixture
def zarr():
    return pytest.importorskip("zarr", minversion="3")


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_zarr_arrays_are_written_and_read_by_block(zarr, tmp_path, scheduler):
    place = tmp_path / "a.zarr"
    with plait.config.set(scheduler=scheduler):
        assert lazy().to_zarr(place) is None
        back = da.from_zarr(str(place))
        assert back.chunks == lazy().chunks
        np.testing.assert_array_equal(back.compute(), A)
        np.testing.assert_array_equal(da.from_zarr(place, chunks=(4, 3))[1:3, ::2].compute(), A[1:3, ::2])
    assert zarr.open_array(str(place), mode="r").chunks == (2, 4)
    assert os.listdir(tmp_path) == ["a.zarr"]


def test_zarr_arrays_are_replaced_when_the_new_ones_are_whole(zarr, tmp_path):
    place = tmp_path / "a.zarr"
    lazy().to_zarr(place)
    with pytest.raises(zarr.errors.ContainsArrayError, match="holds an array; mode='w' replaces it"):
        lazy().to_zarr(place)
    (da.from_zarr(place) + 1).to_zarr(place, mode="w")  # over what it is made of
    np.testing.assert_array_equal(da.from_zarr(place).compute(), A + 1)
    with pytest.raises(RuntimeError, match="no such block"):
        lazy().map_blocks(failing, dtype=float).to_zarr(place, overwrite=True)
    np.testing.assert_array_equal(da.from_zarr(place).compute(), A + 1)
    assert os.listdir(tmp_path) == ["a.zarr"]


def test_zarr_arrays_of_groups(zarr, tmp_path):
    place = str(tmp_path / "g.zarr")
    da.to_zarr(lazy(), place, component="u/v")
    da.to_zarr(lazy() * 2, place, component="u/w")
    assert sorted(zarr.open_group(place, mode="r")["u"]) == ["v", "w"]
    np.testing.assert_array_equal(da.from_zarr(place, component="u/w").compute(), A * 2)
    with pytest.raises(zarr.errors.ContainsGroupError, match="name the array in it"):
        lazy().to_zarr(place)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "text").write_text("of somebody")
    with pytest.raises(FileExistsError, match="holds something else than a Zarr array"):
        lazy().to_zarr(tmp_path / "notes", mode="w")
    assert (tmp_path / "notes" / "text").read_text() == "of somebody"


def test_regions_of_zarr_arrays(zarr, tmp_path):
    target = zarr.create_array(store=str(tmp_path / "r.zarr"), shape=(10, 10), chunks=(3, 3), dtype=float)
    expected = np.zeros((10, 10))
    region = (slice(1, 9, 2), slice(1, 7))
    expected[region] = A
    lazy().to_zarr(target, region=region)
    np.testing.assert_array_equal(target[:], expected)
    with pytest.raises(ValueError, match="region= is the place in a zarr.Array"):
        lazy().to_zarr(tmp_path / "new.zarr", region=region)
    with pytest.raises(ValueError, match="the array has shape"):
        lazy().to_zarr(target, region=(slice(0, 3), slice(0, 6)))
    with pytest.raises(TypeError, match="expected slices that go forwards"):
        lazy().to_zarr(target, region=(3, slice(0, 6)))


def test_zarr_arrays_that_are_written_later(zarr, tmp_path):
    later = lazy().to_zarr(tmp_path / "l.zarr", compute=False)
    assert os.listdir(tmp_path) == []
    later.compute()
    stored = (lazy() + 1).to_zarr(tmp_path / "m.zarr", compute=False, return_stored=True)
    assert stored.sum().compute() == A.sum() + A.size
    assert sorted(os.listdir(tmp_path)) == ["l.zarr", "m.zarr"]
    assert lazy().to_zarr(tmp_path / "n.zarr", return_stored=True)[1].compute().tolist() == A[1].tolist()


def test_blocks_are_cut_as_zarr_writes(zarr, tmp_path):
    uneven = da.from_array(np.arange(7), chunks=((2, 3, 2),))
    with pytest.warns(UserWarning, match="chunks of one shape"):
        uneven.to_zarr(tmp_path / "u.zarr")
    np.testing.assert_array_equal(da.from_zarr(tmp_path / "u.zarr").compute(), np.arange(7))
    x = da.arange(100, chunks=3)
    x.to_zarr(tmp_path / "s.zarr", chunks=(4,), shards=(8,))
    np.testing.assert_array_equal(da.from_zarr(tmp_path / "s.zarr").compute(), np.arange(100))
    memory = zarr.create_array(store=zarr.storage.MemoryStore(), shape=(100,), chunks=(7,), dtype=int)
    x.to_zarr(memory)
    np.testing.assert_array_equal(memory[:], np.arange(100))
    with pytest.raises(TypeError, match="memory of this process"), plait.config.set(scheduler="processes"):
        x.to_zarr(memory)
    da.ones(()).to_zarr(tmp_path / "0.zarr")
    assert da.from_zarr(tmp_path / "0.zarr").compute() == 1
    with pytest.raises(ValueError, match="compute_chunk_sizes"):
        x[x > 3].to_zarr(tmp_path / "x.zarr")
    with pytest.raises(ValueError, match="mode is 'r'"):
        x.to_zarr(tmp_path / "x.zarr", mode="r")


# --- HDF5 ---


@pytest.fixture
def h5py():
    return pytest.importorskip("h5py")


def test_datasets_of_hdf5_files(h5py, tmp_path):
    path = tmp_path / "h.h5"
    da.to_hdf5(path, {"/x": lazy(), "/g/total": lazy().sum()})
    lazy().to_hdf5(str(path), "/y", chunks=None, compression=None)
    with h5py.File(path) as file:
        assert file["x"].chunks == (2, 4) and file["y"].chunks is None and file["g/total"][()] == A.sum()
        np.testing.assert_array_equal(da.from_array(file["x"]).compute(scheduler="threads"), A)
    with pytest.raises(ValueError, match="give names with arrays"):
        da.to_hdf5(path, lazy())
    with pytest.raises(ValueError, match="'/x' is a ndarray"):
        da.to_hdf5(path, "/x", A)


def test_datasets_are_replaced_when_the_new_ones_are_whole(h5py, tmp_path):
    path = tmp_path / "h.h5"
    lazy().to_hdf5(path, "/x")
    with h5py.File(path, "a") as file:
        file["x"].attrs["unit"] = "m"
        (da.from_array(file["x"]) * 2).to_hdf5(tmp_path / "i.h5", "/x")
    (lazy() + 1).to_hdf5(path, "/x")
    for broken in (path, tmp_path / "new.h5"):
        with pytest.raises(RuntimeError, match="no such block"):
            lazy().map_blocks(failing, dtype=float).to_hdf5(broken, "/x")
    with pytest.raises(TypeError):
        lazy()[:2].to_hdf5(path, "/x")
    with h5py.File(path) as file:
        assert list(file) == ["x"] and file["x"].attrs["unit"] == "m"
        np.testing.assert_array_equal(file["x"][:], A + 1)
    assert not (tmp_path / "new.h5").exists()


@pytest.mark.parametrize("module, write", [("zarr", lambda x, place: x.to_zarr(place)), ("h5py", lambda x, place: x.to_hdf5(place, "/x"))])
def test_a_library_that_is_missing_is_named(monkeypatch, tmp_path, module, write):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ImportError, match=f"pip install {module}"):
        write(lazy(), tmp_path / "x")


# --- Pictures ---


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_pictures_are_read_one_a_chunk(tmp_path, scheduler):
    for number in range(3):
        np.save(tmp_path / f"{number}.npy", np.full((2, 3), number))
    stack = da.image.imread(str(tmp_path / "*.npy"), imread=np.load, preprocess=np.negative)
    assert stack.chunks == ((1, 1, 1), (2,), (3,))
    np.testing.assert_array_equal(stack.compute(scheduler=scheduler), np.full((2, 3), 1) * np.array([0, -1, -2])[:, None, None])
    with pytest.raises(ValueError, match="there is no file"):
        da.image.imread(str(tmp_path / "*.png"))
    np.save(tmp_path / "3.npy", np.zeros((2, 2)))
    with pytest.raises(ValueError, match="shape"):
        da.image.imread(str(tmp_path / "*.npy"), imread=np.load).compute(scheduler="threads")


# --- Each block by itself ---


@pytest.mark.parametrize("chunks, shape", [((1, 2, 3), (6, 4)), ((1, 2, 3), 24), ((2, 1, 2), (2, 12)), ((2, 3, 4), (1, 6, 4)[1:]), ((1, 1, 1), (6, 4))])
def test_blocks_are_reshaped_each_by_itself(chunks, shape):
    import dask.array as dask_array

    data = np.arange(24).reshape(2, 3, 4)
    ours = da.reshape_blockwise(da.from_array(data, chunks=chunks), shape)
    theirs = dask_array.reshape_blockwise(dask_array.from_array(data, chunks=chunks), shape)
    assert ours.chunks == theirs.chunks and ours.shape == theirs.shape
    np.testing.assert_array_equal(ours.compute(), theirs.compute())
    again = da.reshape_blockwise(ours, data.shape, chunks=da.from_array(data, chunks=chunks).chunks)
    np.testing.assert_array_equal(again.compute(), data)


def test_what_blocks_cannot_become_is_an_error():
    x = da.zeros((2, 3, 4), chunks=1)
    for shape, chunks, text in [
        ((5, 5), None, "has 25 elements"),
        ((4, 6), None, "do not become"),
        ((24, 1, 1), None, "say the chunks="),
        ((6, 4), ((6,), (4,)), "only for a result"),
        ((3, 2, 4), ((3,), (2,), (4,)), "do not have as many elements"),
        ((3, 2, 4), ((3,), (2,), (3,)), "do not make up"),
    ]:
        with pytest.raises(ValueError, match=text):
            da.reshape_blockwise(x, shape, chunks)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("n", [None, 1, 2, 10])
def test_gaps_are_filled_along_an_axis(n, axis):
    import pandas as pd

    rng = np.random.default_rng(0)
    data = np.where(rng.random((9, 7)) < 0.6, np.nan, rng.random((9, 7)))
    filled = da.push(da.from_array(data, chunks=(2, 3)), n, axis)
    assert filled.chunks == da.from_array(data, chunks=(2, 3)).chunks
    along = data if axis == 0 else data.T
    expected = pd.DataFrame(along).ffill(limit=n).to_numpy()
    np.testing.assert_array_equal(filled.compute(), expected if axis == 0 else expected.T)


def test_gaps_among_dates_are_filled():
    dates = np.array(["2020-01-01", "NaT", "2020-01-03", "NaT"], dtype="datetime64[D]")
    assert da.push(da.from_array(dates, chunks=2), None, 0).compute().astype(str).tolist() == ["2020-01-01", "2020-01-01", "2020-01-03", "2020-01-03"]
    assert da.push(da.arange(4, chunks=2), None, 0).compute().tolist() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        da.push(da.ones(3), None, 2)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_python_functions_become_universal_ones(scheduler):
    join = da.frompyfunc(lambda a, b: f"{a}-{b}", 2, 1)
    result = join(da.arange(3, chunks=2), da.from_array(np.array([[0], [1]]), chunks=1))
    expected = np.frompyfunc(lambda a, b: f"{a}-{b}", 2, 1)(np.arange(3), np.array([[0], [1]]))
    assert result.dtype == object and (result.compute(scheduler=scheduler) == expected).all()
    assert join(1, 2) == "1-2" and (join.nin, join.nout) == (2, 1)
    with pytest.raises(NotImplementedError, match="several results"):
        da.frompyfunc(divmod, 2, 2)
    with pytest.raises(TypeError, match="takes 2 arguments, found 1"):
        join(1)


def test_drawings_of_arrays():
    assert lazy().to_svg().startswith("<svg") and lazy().to_svg(size=50) != lazy().to_svg()
    with pytest.raises(NotImplementedError, match="nothing to draw"):
        da.ones(()).to_svg()


# --- Dates and texts ---

DATES = np.array(["2020-01-01", "NaT", "2021-02-03", "2022-12-31"], dtype="datetime64[D]")
TEXTS = np.array([["a", "bb", "ccc"], ["dd", "e", ""]])


def lengths(block):
    return np.strings.str_len(block)


def joined(first, second):
    return np.strings.add(first, second)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_functions_get_blocks_of_dates_and_texts(scheduler):
    dates, texts = da.from_array(DATES, chunks=3), da.from_array(TEXTS, chunks=(1, 2))
    steps = {
        "dates": (dates.map_blocks(np.copy), DATES),
        "later": (dates.map_blocks(lambda block, days: block + days, np.timedelta64(2, "D")), DATES + np.timedelta64(2, "D")),
        "years": (dates.map_blocks(lambda block: block.astype("datetime64[Y]").astype(int), dtype=int), DATES.astype("datetime64[Y]").astype(int)),
        "lengths": (texts.map_blocks(lengths), lengths(TEXTS)),
        "texts of numbers": (da.arange(3, chunks=2).map_blocks(lambda block: block.astype("U3"), dtype="U3"), np.array(["0", "1", "2"])),
        "two": (da.map_blocks(joined, texts, da.from_array(TEXTS, chunks=2), dtype="U6"), joined(TEXTS, TEXTS)),
        "fewer axes": (texts.map_blocks(lambda block: block[:, 0], drop_axis=1, dtype="U3"), TEXTS[:, 0]),
        "whole": (da.map_blocks(lambda block, all: block + all.size, da.arange(2, chunks=1), all=texts, dtype=int), np.array([6, 7])),
        "blockwise": (da.blockwise(lengths, "ij", texts, "ij"), lengths(TEXTS)),
        "transposed": (da.blockwise(np.transpose, "ji", texts, "ij", dtype=TEXTS.dtype), TEXTS.T),
        "contracted": (da.blockwise(lambda rows: rows[:, 0], "i", texts, "ij", dtype="U3", concatenate=True), TEXTS[:, 0]),
        "lists": (da.blockwise(lambda rows: np.array([len(rows)] * len(rows[0])), "i", texts, "ij", dtype=int), np.array([2, 2])),
    }
    for name, (lazy_result, expected) in steps.items():
        found = lazy_result.compute(scheduler=scheduler)
        assert lazy_result.shape == expected.shape and found.dtype.kind == expected.dtype.kind, name
        np.testing.assert_array_equal(found, expected, err_msg=name)


def test_blocks_that_do_not_fit_their_texts_are_errors():
    texts = da.from_array(TEXTS, chunks=(1, 2))
    with pytest.raises(TypeError, match="block of dtype <U6.* was said to be <U4"):
        texts.map_blocks(lambda block: np.strings.multiply(block, 3), dtype="U4").compute(scheduler="threads")
    with pytest.raises(ValueError, match="say how long texts may be"):
        texts.map_blocks(np.copy, dtype=str)
    with pytest.raises(TypeError, match="block of dtype .*int64"):
        texts.map_blocks(lengths, dtype="U4").compute(scheduler="threads")
    with pytest.raises(ValueError, match="a block of shape"):
        texts.map_blocks(lambda block: block[:0], dtype="U4").compute(scheduler="threads")


def test_dates_and_texts_are_stored_and_made_of_delayed_values(tmp_path):
    for values in (DATES, TEXTS):
        x = da.from_array(values, chunks=2)
        target = np.zeros(values.shape, values.dtype)
        stored = da.store(x, target, return_stored=True)
        np.testing.assert_array_equal(target, values)
        np.testing.assert_array_equal(stored.compute(), values)
        np.testing.assert_array_equal(x.store(target, compute=False, return_stored=True).compute(), values)
        with pytest.raises(ValueError, match="the array has shape"):
            da.store(x, np.zeros((9, 9), values.dtype))
        made = da.from_delayed(plait.delayed(values), values.shape, dtype=values.dtype)
        np.testing.assert_array_equal(made.compute(), values)
        da.to_npy_stack(str(tmp_path / values.dtype.kind), x)
        np.testing.assert_array_equal(da.from_npy_stack(str(tmp_path / values.dtype.kind)).compute(), values)
    with pytest.raises(TypeError, match="was said to be <U3"):
        da.from_delayed(plait.delayed(np.arange(3)), (3,), dtype="U3").compute()


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_blocks_and_core_axes_of_dates_and_texts(scheduler):
    texts, dates = da.from_array(TEXTS, chunks=(1, 2)), da.from_array(DATES, chunks=3)
    assert texts.blocks[1].compute(scheduler=scheduler).tolist() == [["dd", "e", ""]]
    assert texts.blocks[..., 1].compute(scheduler=scheduler).tolist() == [["ccc"], [""]]
    assert dates.blocks[-1].compute(scheduler=scheduler).tolist() == DATES[3:].tolist()
    firsts = da.apply_gufunc(lambda rows: np.sort(rows)[..., 0], "(i)->()", texts, output_dtypes="U3", allow_rechunk=True)
    assert firsts.compute(scheduler=scheduler).tolist() == ["a", ""]
    years = da.apply_gufunc(lambda block: block.astype("datetime64[Y]").astype(int), "()->()", dates, output_dtypes=int)
    np.testing.assert_array_equal(years.compute(scheduler=scheduler), DATES.astype("datetime64[Y]").astype(int))
    with pytest.raises(NotImplementedError, match="texts have no native form"):
        da.apply_gufunc(lambda block: (block, block), "()->(),()", texts, output_dtypes=("U3", "U3"))
    around = da.from_array(TEXTS[0], chunks=2).map_overlap(lambda block: block[::-1][::-1], depth=1, boundary="none", dtype="U3")
    assert around.compute(scheduler=scheduler).tolist() == TEXTS[0].tolist()
    after = da.from_array(TEXTS[0], chunks=2).map_overlap(lambda block: np.roll(block, -1), depth=1, boundary="periodic", dtype="U3")
    assert after.compute(scheduler=scheduler).tolist() == np.roll(TEXTS[0], -1).tolist()
