"""Functions of partitions: delayed and pandas arguments, labels that they make, values as lazy arrays, groups by series of pandas."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd


@pytest.fixture
def pdf() -> pd.DataFrame:
    return pd.DataFrame({"x": range(6), "k": list("ababab")})


@pytest.fixture
def df(pdf: pd.DataFrame) -> Any:
    return dd.from_pandas(pdf, npartitions=3)


def times(part: pd.DataFrame, number: int, offset: int = 0) -> pd.Series:
    return part.x * number + offset


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_a_function_of_partitions_gets_delayed_values(df: Any, pdf: pd.DataFrame, scheduler: Any) -> None:
    three, ones = plait.delayed(int)("3"), plait.delayed(np.ones)(2)
    made = df.map_partitions(times, three, offset=ones.sum(), meta=("x", float))
    assert made.compute(scheduler=scheduler).tolist() == (pdf.x * 3 + 2).tolist()
    assert dd.map_partitions(times, df, three, meta=("x", int)).compute(scheduler=scheduler).tolist() == (pdf.x * 3).tolist()
    with pytest.raises(ValueError, match="meta="):
        df.map_partitions(times, three)


def test_a_layer_is_called_by_its_token(df: Any) -> None:
    assert df.map_partitions(times, 2, token="doubled")._name.startswith("doubled-")
    assert dd.map_partitions(times, df, 2, token="doubled").compute().tolist() == [0, 2, 4, 6, 8, 10]


def test_values_are_lazy(df: Any, pdf: pd.DataFrame) -> None:
    for lazy, expected in ((df.x, pdf.x), (df[["x"]], pdf[["x"]]), (df, pdf), (df.index, pdf.index)):
        assert isinstance(lazy.values, da.Array)
        assert lazy.values.numblocks[0] == 3
        np.testing.assert_array_equal(lazy.values.compute(), expected.to_numpy())


def test_labels_that_a_function_makes_have_no_known_divisions(df: Any, pdf: pd.DataFrame) -> None:
    assert not np.hypot(df.index, 3).known_divisions
    assert not df.index.map_partitions(lambda labels: labels[::-1]).known_divisions
    assert df.index.rename("row").divisions == df.index.dropna().divisions == df.divisions


def test_rows_are_grouped_by_a_series_of_pandas(df: Any, pdf: pd.DataFrame) -> None:
    key = pd.Series([0, 0, 1, 1, 0, 2], name="group")
    for lazy, rows in ((df, pdf[["x"]]), (df.x, pdf.x)):
        expected = rows.groupby(key).sum()
        found = lazy.groupby(key).sum() if rows.ndim == 1 else lazy[["x"]].groupby(key).sum()
        assert found.compute().equals(expected)
    assert df.groupby([key, "k"]).x.max().compute().equals(pdf.groupby([key, "k"]).x.max())
    # Labels say which row a key is of; rows without one belong to no group.
    some = key.iloc[[5, 0, 1]]
    assert df.groupby(some).x.sum().compute().tolist() == pdf.groupby(some).x.sum().tolist()


def test_rows_around_a_partition_come_from_pandas_objects_too(df: Any, pdf: pd.DataFrame) -> None:
    found = dd.map_overlap(lambda a, b: a + b.shift(1), df.x, 1, 0, pdf.x * 2)
    np.testing.assert_array_equal(found.compute(), pdf.x + (pdf.x * 2).shift(1))


def test_windows_tell_what_they_were_asked_for(df: Any) -> None:
    windows = df.rolling(2, min_periods=1, center=True)
    assert (windows.window, windows.min_periods, windows.center, windows.win_type) == (2, 1, True, None)
    assert (df.rolling(3, 2).min_periods, df.rolling(3).min_periods) == (2, None)


def test_equal_rows_have_equal_intervals() -> None:
    rows = pd.DataFrame({"x": [1.0, 2.0]}, index=pd.date_range("2020", periods=2))
    dd.utils.assert_eq(dd.from_pandas(rows, npartitions=1), rows)
    without = rows.set_axis(pd.DatetimeIndex(list(rows.index)))
    with pytest.raises(AssertionError):
        dd.utils.assert_eq(dd.from_pandas(rows, npartitions=1), without)
    dd.utils.assert_eq(dd.from_pandas(rows, npartitions=1), without, check_freq=False)
