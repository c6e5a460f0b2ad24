"""Labels that follow each other at an interval: pandas' ``freq`` is kept where rows stay in their places."""

import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")


def days(n=12, freq="D", **options):
    return pd.DataFrame({"x": np.arange(n), "g": list("ab") * (n // 2)}, index=pd.date_range("2024-01-01", periods=n, freq=freq, **options))


PROGRAMS = {
    "as it is": lambda f: f,
    "a column": lambda f: f.x + 1,
    "assigned": lambda f: f.assign(y=f.x * 2),
    "shifted": lambda f: f.x.shift(1),
    "differences": lambda f: f.x.diff().cumsum(),
    "rolling": lambda f: f.x.rolling(3).mean(),
    "rolling by time": lambda f: f[["x"]].rolling("3D").sum(),
    "filled": lambda f: f.x.where(f.x > 2).ffill(),
    "later rows": lambda f: f.loc["2024-01-03":],
    "a filter that leaves a stretch": lambda f: f[f.x > 3],
    "a filter that leaves holes": lambda f: f[f.x % 2 == 0].x[lambda s: s != 4],
    "by groups": lambda f: f.groupby("g").x.cumsum(),
    "in a function of users": lambda f: f.map_partitions(lambda p: p[["x"]] * 2) if hasattr(f, "map_partitions") else f[["x"]] * 2,
    "resampled": lambda f: f.x.resample("2D").sum(),
    "resampled, several": lambda f: f.x.resample("36h").agg(["min", "max"]),
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("npartitions", [1, 3])
def test_intervals_are_kept_as_pandas_keeps_them(program, npartitions):
    pandas = days()
    found = PROGRAMS[program](dd.from_pandas(pandas, npartitions=npartitions)).compute()
    expected = PROGRAMS[program](pandas)
    equal = pd.testing.assert_series_equal if expected.ndim == 1 else pd.testing.assert_frame_equal
    equal(found, expected, check_freq=not program.startswith("a filter that leaves holes"))
    assert program != "a filter that leaves holes" or found.index.freq is None


@pytest.mark.parametrize("freq", ["95min", "B", "ME", "W-TUE", "2D", "QS"])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_all_kinds_of_intervals(freq, zone):
    pandas = days(freq=freq, tz=zone)
    found = dd.from_pandas(pandas, npartitions=3).x.shift(1).compute()
    assert found.index.freq == pandas.index.freq and found.index.tz == pandas.index.tz


def test_spans_follow_each_other_too():
    pandas = pd.Series(range(6), index=pd.timedelta_range("1h", periods=6, freq="90min"))
    assert (dd.from_pandas(pandas, npartitions=2) * 2).compute().index.freq == pandas.index.freq


def test_rows_in_another_order_or_of_several_frames_have_none():
    pandas = days()
    f = dd.from_pandas(pandas, npartitions=2)
    assert f.sort_values("x", ascending=False).compute().index.freq is None
    assert dd.concat([f, f]).compute().index.freq is None
    assert f.reset_index().compute().index.equals(pd.RangeIndex(6).append(pd.RangeIndex(6)))


def test_functions_of_partitions_see_it():
    f = dd.from_pandas(days(), npartitions=2)
    seen = f.map_partitions(lambda part: pd.Series([str(part.index.freqstr)]), meta=(None, "str")).compute()
    assert seen.tolist() == ["D", "D"]


def test_it_travels_with_the_frame():
    import pickle

    f = pickle.loads(pickle.dumps(dd.from_pandas(days(), npartitions=2).x + 1))
    assert f.compute(scheduler="processes").index.freqstr == "D"
    assert plait.persist(f)[0].compute().index.freqstr == "D"
