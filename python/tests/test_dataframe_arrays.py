"""Frames of arrays, arrays of frames, frames of a function's results, and shuffles."""

import numpy as np
import pandas as pd
import pytest

import plait.array as da
import plait.dataframe as dd
from frame_samples import equal


@pytest.mark.parametrize("chunks", [(2, 1), (4, 3), 7, (7, 1)])
def test_a_frame_has_the_rows_of_an_array(chunks):
    values = np.arange(21.0).reshape(7, 3)
    frame = dd.from_dask_array(da.from_array(values, chunks=chunks), columns=["x", "y", "z"])
    equal(frame.compute(), pd.DataFrame(values, columns=["x", "y", "z"]))
    assert frame.loc[3:4].compute().y.tolist() == [10.0, 13.0]
    assert frame.divisions[-1] == 6


def test_series_records_and_labels():
    line = da.arange(5, chunks=2)
    equal(dd.from_dask_array(line, columns="n").compute(), pd.Series(np.arange(5), name="n"))
    records = np.array([(1, 2.5), (3, 4.5)], dtype=[("a", "i8"), ("b", "f8")])
    equal(dd.from_array(records, chunksize=1).compute(), pd.DataFrame({"a": [1, 3], "b": [2.5, 4.5]}))
    labels = dd.from_pandas(pd.Series(range(5), index=[9, 8, 7, 6, 5]), npartitions=3, sort=False).index
    assert labels.npartitions == 3
    equal(dd.from_dask_array(line, index=labels).compute(), pd.Series(np.arange(5), index=[9, 8, 7, 6, 5]))
    unknown = line[line > 1]
    assert dd.from_dask_array(unknown).compute().tolist() == [2, 3, 4]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="one or two axes, found 3"):
        dd.from_dask_array(da.ones((2, 2, 2)))
    with pytest.raises(ValueError, match="has 2 columns, but 3 labels"):
        dd.from_dask_array(da.ones((2, 2)), columns=["a", "b", "c"])
    with pytest.raises(ValueError, match="2 blocks of rows, but the index 1 partitions"):
        dd.from_dask_array(da.ones(4, chunks=2), index=dd.from_pandas(pd.Series([1]), npartitions=1).index)


def test_arrays_of_frames():
    frame = pd.DataFrame({"x": range(7), "y": np.arange(7.0)})
    lazy = dd.from_pandas(frame, npartitions=3)
    array = lazy.to_dask_array(lengths=True)
    assert array.shape == (7, 2)
    np.testing.assert_array_equal(array.compute(), frame.to_numpy())
    unknown = lazy[lazy.x > 2].x.to_dask_array()
    assert np.isnan(unknown.shape[0])
    assert unknown.sum().compute() == 18
    with pytest.raises(ValueError, match="2 lengths are given, but there are 3 partitions"):
        lazy.to_dask_array(lengths=[3, 4])


def test_a_function_makes_the_partitions():
    def rows(n, label, factor=1):
        return pd.DataFrame({"x": np.arange(n) * factor, "k": label})

    made = dd.from_map(rows, [1, 3], ["a", "b"], factor=2)
    equal(made.compute(), pd.concat([rows(1, "a", 2), rows(3, "b", 2)]))
    known = dd.from_map(rows, [2, 2], args=["c"], meta={"x": int, "k": str}, divisions=(0, 1, 2))
    assert known.divisions == (0, 1, 2)
    with pytest.raises(ValueError, match="iterables of one length"):
        dd.from_map(rows, [1], [1, 2])


@pytest.mark.parametrize("npartitions", [None, 1, 5])
def test_a_shuffle_brings_equal_keys_together(npartitions):
    frame = pd.DataFrame({"k": np.arange(60) % 7, "s": [f"text {i % 4}" for i in range(60)], "x": range(60)})
    moved = dd.from_pandas(frame, npartitions=4).shuffle(["k", "s"], npartitions=npartitions)
    assert moved.npartitions == (npartitions or 4)
    parts = [part.compute() for part in moved.to_delayed()]
    keys = [set(zip(part.k, part.s)) for part in parts]
    assert sum(map(len, keys)) == len(set.union(*keys))
    equal(pd.concat(parts).sort_values("x"), frame)
    by_label = dd.from_pandas(frame.set_index("k"), npartitions=4, sort=False).shuffle(on_index=True)
    assert sum(part.index.nunique().compute() for part in by_label.to_delayed()) == 7
    with pytest.raises(TypeError, match="either `on` or on_index"):
        moved.shuffle()


def test_values_are_a_lazy_array():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": [0.5, 1.5, 2.5]}, index=[4, 5, 6])
    lazy = dd.from_pandas(frame, npartitions=2)
    for found, expected in ((lazy, frame), (lazy.x, frame.x), (lazy.index, frame.index), (lazy.x.astype(str), frame.x.astype(str))):
        assert isinstance(found.values, da.Array)
        assert found.values.dtype == expected.to_numpy().dtype
        np.testing.assert_array_equal(found.values.compute(), expected.to_numpy())
