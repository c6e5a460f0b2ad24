"""from_pandas cuts rows where Dask cuts them, whatever labels them."""

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as pdd

START = pd.Timestamp("2020-01-01")
LABELS = {
    "numbers": lambda v: pd.Index(v),
    "halves": lambda v: pd.Index(v * 0.5),
    "rows": lambda v: pd.RangeIndex(3, 3 + 2 * len(v), 2),
    "rows backwards": lambda v: pd.RangeIndex(len(v), 0, -1),
    "texts": lambda v: pd.Index([f"k{x:03d}" for x in v]),
    "days": lambda v: pd.DatetimeIndex(START + pd.to_timedelta(v, unit="D")),
    "days in a zone": lambda v: pd.DatetimeIndex(START.tz_localize("Europe/Berlin") + pd.to_timedelta(v, unit="D")),
    "spans": lambda v: pd.to_timedelta(v, unit="s"),
    "text objects": lambda v: pd.Index([f"k{x:03d}" for x in v], dtype=object),
    "number objects": lambda v: pd.Index(v, dtype=object),
}
HOW = [{"npartitions": 1}, {"npartitions": 2}, {"npartitions": 3}, {"npartitions": 7}, {"chunksize": 1}, {"chunksize": 3}]


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("sort", [True, False])
def test_cuts_and_divisions_are_those_of_dask(kind, sort):
    rng = np.random.default_rng(5)
    for num_rows in (1, 2, 7, 30):
        for different in (1, 3, num_rows, 5 * num_rows):
            index = LABELS[kind](rng.integers(0, different, num_rows))
            for how in HOW:
                for values in (np.arange(num_rows), [object()] * num_rows):
                    frame = pd.DataFrame({"x": values}, index=index)
                    ours, theirs = pdd.from_pandas(frame, sort=sort, **how), dd.from_pandas(frame, sort=sort, **how)
                    told = f"{list(index)} {how}"
                    assert ours.divisions == theirs.divisions, told
                    assert _lengths(ours) == _lengths(theirs), told


def test_equal_labels_stay_together_as_in_dask():
    cases = [([1, 1, 2, 2, 2, 3, 5, 5, 9], 3), (list("aabbbccd"), 4), ([1] * 6, 3), ([1, 1, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7], 5)]
    for labels, npartitions in cases:
        frame = pd.DataFrame({"x": range(len(labels))}, index=labels)
        ours, theirs = pdd.from_pandas(frame, npartitions=npartitions), dd.from_pandas(frame, npartitions=npartitions)
        assert ours.divisions == theirs.divisions
        assert _lengths(ours) == _lengths(theirs)


def _lengths(frame):
    compute = dask.compute if isinstance(frame, dd.DataFrame) else plait.compute
    return [len(part) for part in compute(*(frame.partitions[i] for i in range(frame.npartitions)), scheduler="sync")]


def test_rows_of_equal_labels_keep_their_order():
    frame = pd.DataFrame({"x": range(100)}, index=[1, 0] * 50)
    for values in (frame, frame.astype(object)):
        found = pdd.from_pandas(values, npartitions=2).compute()
        pd.testing.assert_frame_equal(found, values.sort_index(kind="stable"))


def test_labels_that_miss_or_have_no_order_give_no_divisions():
    for labels in ([2.0, np.nan, 1.0], [(1, "a"), "b", None], pd.interval_range(0, 3)):
        index = pd.Index(labels, tupleize_cols=False)
        found = pdd.from_pandas(pd.DataFrame({"x": range(3)}, index=index), npartitions=2, sort=False)
        assert not found.known_divisions
        assert list(found.compute()["x"]) == [0, 1, 2]


def test_a_frame_without_columns_keeps_its_rows():
    frame = pd.DataFrame(index=pd.RangeIndex(5))
    found = pdd.from_pandas(frame, npartitions=2).compute()
    pd.testing.assert_index_equal(found.index, frame.index)


def test_partitions_of_nothing_and_numbers_below_one():
    assert pdd.from_pandas(pd.DataFrame({"x": []}), npartitions=3).npartitions == 3
    frame = pd.DataFrame({"x": [1]})
    with pytest.raises(ValueError, match="npartitions must be at least 1, found 0"):
        pdd.from_pandas(frame, npartitions=0)
    with pytest.raises(ValueError, match="chunksize must be at least 1, found 0"):
        pdd.from_pandas(frame, chunksize=0)
    with pytest.raises(TypeError, match="npartitions as an int"):
        pdd.from_pandas(frame, npartitions=2.0)
