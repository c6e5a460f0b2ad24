"""What a collection was made of may be changed in place later: the collection has what was given."""

import numpy as np
import pandas as pd
import pytest

import plait.array as da
import plait.dataframe as dd


def every_type() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "i": [1, 2, 3, 4],
            "f": [1.0, 2.0, 3.0, np.nan],
            "b": [True, False, True, True],
            "s": list("abcd"),
            "I": pd.array([1, None, 3, 4], dtype="Int64"),
            "B": pd.array([True, None, False, True], dtype="boolean"),
            "c": pd.Categorical(list("uvuv")),
            "t": pd.date_range("2020", periods=4),
            "z": pd.date_range("2020", periods=4, tz="UTC"),
            "d": pd.to_timedelta([1, 2, 3, 4], unit="h"),
            "a": pd.array([1, 2, None, 4], dtype="int64[pyarrow]"),
            "o": pd.Series([1, "a", None, (1,)], dtype=object),
        }
    )


@pytest.mark.parametrize("npartitions", [1, 2])
@pytest.mark.parametrize("has_objects", [False, True])
def test_a_frame_that_is_changed_after_from_pandas(npartitions: int, has_objects: bool) -> None:
    frame = every_type() if has_objects else every_type().drop(columns="o")
    before = frame.copy()
    lazy = dd.from_pandas(frame, npartitions=npartitions)
    columns = {label: dd.from_pandas(frame[label], npartitions=npartitions) for label in frame}
    for place, label in enumerate(frame.columns):
        other = frame[label].iloc[1]
        frame.loc[0, label] = other
        frame.iloc[3, place] = other
    frame["i"] += 100
    frame["f"] *= 2
    pd.testing.assert_frame_equal(lazy.compute(), before)
    for label, column in columns.items():
        pd.testing.assert_series_equal(column.compute(), before[label])


def test_a_result_that_is_changed_changes_no_other() -> None:
    lazy = dd.from_pandas(every_type(), npartitions=2).persist()
    result = lazy.compute()
    result.loc[0, "i"] = 77
    result["f"] *= 3
    pd.testing.assert_frame_equal(lazy.compute(), every_type())


@pytest.mark.parametrize("make", [da.from_array, da.asarray, da.array])
@pytest.mark.parametrize("values", [np.arange(6), np.arange(6).astype("M8[D]"), np.array(list("abcdef")), np.array([1, "a", None, 2, 3, 4], dtype=object)])
def test_an_array_that_is_changed_later(make, values) -> None:
    before = values.copy()
    lazy = make(values)
    masked = da.from_array(np.ma.masked_array(values, mask=[True] + [False] * 5)) if values.dtype == int else None
    in_chunks = da.from_array(values, chunks=2)
    frame = dd.from_array(values, chunksize=4)
    values[:] = values[1]
    np.testing.assert_array_equal(lazy.compute(), before)
    np.testing.assert_array_equal(in_chunks.compute(), before)
    assert frame.compute().tolist() == pd.Series(before).tolist()
    if masked is not None:
        assert masked.compute().tolist() == [None, 1, 2, 3, 4, 5]
    values[:] = before


def test_an_array_that_nobody_can_write_to_is_not_copied() -> None:
    values = np.arange(6.0)
    values.flags.writeable = False
    lazy = da.from_array(values, chunks=-1)
    values.flags.writeable = True
    values[0] = 7
    assert lazy.compute()[0] == 7


def test_arrays_beside_lazy_ones_are_as_they_were_given():
    given = np.arange(4.0)
    lazy = da.ones(4, chunks=2)
    results = [lazy + given, da.concatenate([lazy, given])[4:] + 1, da.where(lazy > 0, given, 0) + 1]
    given[0] = 99
    for result in results:
        assert result.compute().tolist() == [1, 2, 3, 4]
