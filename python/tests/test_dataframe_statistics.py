"""Medians, shapes, labels of extremes and covariances against pandas; rows by label; categories."""

import numpy as np
import pandas as pd
import pytest
from frame_samples import equal
from test_dataframe_along_rows import TYPES, column, cuts, frame

import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["median", "skew", "kurt", "idxmin", "idxmax"])
def test_statistics_of_a_series(name, dtype):
    loose = {"rtol": 1e-5}
    for n in (1, 2, 9, 22):
        series = column(dtype, n)
        if series.isna().all():
            continue
        statistic(name, series, **loose)


def statistic(name, obj, **loose):
    try:
        expected = getattr(obj, name)()
    except (TypeError, ValueError, NotImplementedError) as error:
        with pytest.raises((TypeError, ValueError, NotImplementedError)):
            raise AssertionError(f"no error, but pandas: {error!r}; {getattr(dd.from_pandas(obj, npartitions=2), name)().compute()!r}")
        return
    for lazy in cuts(obj):
        found = getattr(lazy, name)().compute()
        if isinstance(expected, (pd.Series, pd.DataFrame)):
            equal(found, expected, **loose)
        elif isinstance(expected, (pd.Timestamp, pd.Timedelta, str)):
            assert found == expected
        else:
            np.testing.assert_allclose(float("nan") if pd.isna(found) else found, float("nan") if pd.isna(expected) else expected, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize("name", ["median", "skew", "kurt", "idxmin", "idxmax", "cov", "corr"])
def test_statistics_of_frames(name):
    for n in (5, 29):
        df = frame(n)
        statistic(name, df[["i", "f"]], rtol=1e-5)
        statistic(name, df[["i", "f", "g", "b"]], rtol=1e-4)
        statistic(name, df, rtol=1e-4)
    renamed = frame(12)[["i", "f"]].rename(columns={"i": 1, "f": 2})
    statistic(name, renamed, rtol=1e-5)


def test_statistics_that_miss_values():
    series = pd.Series([1.0, np.nan, 3.0, 5.0])
    for lazy in cuts(series):
        assert lazy.median().compute() == 3
        assert np.isnan(lazy.median(skipna=False).compute())
        assert np.isnan(lazy.skew(skipna=False).compute())
        with pytest.raises(ValueError, match="NA value"):
            lazy.idxmin(skipna=False).compute()
    with pytest.raises(ValueError, match="all NA"):
        dd.from_pandas(pd.Series([np.nan, np.nan]), npartitions=2).idxmax().compute()
    with pytest.raises(ValueError, match="empty"):
        dd.from_pandas(pd.Series([], dtype="float64"), npartitions=1).idxmin().compute()


def test_medians_are_exact_over_many_partitions():
    rng = np.random.default_rng(3)
    for values in (rng.normal(size=1001), rng.integers(-5, 5, 1000), rng.integers(0, 2**63, 501, dtype="uint64"), np.repeat(-0.0, 7)):
        series = pd.Series(values)
        lazy = dd.from_pandas(series, npartitions=13)
        assert lazy.median().compute() == series.median()
        assert "pandas" not in lazy.median().explain()
    df = pd.DataFrame({"x": rng.normal(size=100), "s": "a"})
    equal(dd.from_pandas(df, npartitions=3).median(numeric_only=True).compute(), df.median(numeric_only=True))


def test_labels_of_extremes_are_of_the_index():
    df = frame(20, pd.date_range("2020-01-01", periods=20, freq="D").rename("day"))[["i", "f"]]
    for name in ("idxmin", "idxmax"):
        statistic(name, df)
        statistic(name, df.i)
        statistic(name, df.set_axis([f"r{i}" for i in range(20)]).f)


def test_covariances_of_two_series():
    df = frame(40)
    for lazy in cuts(df):
        np.testing.assert_allclose(lazy.i.cov(lazy.f).compute(), df.i.cov(df.f))
        np.testing.assert_allclose(lazy.i.corr(lazy.f).compute(), df.i.corr(df.f))
        np.testing.assert_allclose(lazy.f.corr(lazy.N).compute(), df.f.corr(df.N))
    lazy = dd.from_pandas(df, npartitions=3)
    np.testing.assert_allclose(lazy.i.corr(lazy.f, method="spearman").compute() if _has_scipy() else 0, df.i.corr(df.f, method="spearman") if _has_scipy() else 0)
    equal(lazy.corr(min_periods=100).compute(), df.corr(min_periods=100))
    equal(lazy.assign(s="x").cov(numeric_only=True).compute(), df.cov(numeric_only=True), rtol=1e-4)
    far = pd.DataFrame({"x": np.arange(1000.0) + 1e9, "y": np.arange(1000.0) ** 2 + 1e9})
    equal(dd.from_pandas(far, npartitions=7).cov().compute(), far.cov())


def _has_scipy():
    try:
        import scipy  # noqa: F401
    except ImportError:
        return False
    return True


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_statistics_on_every_executor(scheduler):
    df = frame(40)[["i", "f"]]
    lazy = dd.from_pandas(df, npartitions=11)
    for name in ("median", "skew", "idxmax", "corr"):
        equal(getattr(lazy, name)().compute(scheduler=scheduler), getattr(df, name)())


# Rows by label


def labelled(kind):
    rng = np.random.default_rng(5)
    labels = {
        "int": np.arange(0, 60, 2),
        "float": np.arange(30) / 2,
        "text": np.array(sorted(f"k{i:02}" for i in range(30))),
        "date": pd.date_range("2019-12-20", periods=30, freq="D"),
        "zone": pd.date_range("2019-12-20", periods=30, freq="D", tz="Europe/Berlin"),
        "repeated": np.repeat(np.arange(10), 3),
    }[kind]
    return pd.DataFrame({"x": rng.normal(size=30), "s": [f"row {i}" for i in range(30)]}, index=labels)


KEYS = {
    "int": [4, 5, 20, -3, 100, 0],
    "float": [2.0, 2.25, 14.5, 7, -1.0],
    "text": ["k04", "k04x", "a", "z", "k29"],
    "date": [pd.Timestamp("2020-01-02"), "2020-01", "2019", "2020-01-05", "2019-12-25"],
    "zone": [pd.Timestamp("2020-01-02", tz="Europe/Berlin"), "2020-01", "2020-01-05"],
    "repeated": [3, 0, 9, 4],
}


def ways_to_know(df):
    """With divisions, and without."""
    known = dd.from_pandas(df, npartitions=5)
    assert known.known_divisions
    yield known
    yield dd.from_pandas(df, npartitions=5, sort=False)


@pytest.mark.parametrize("kind", KEYS)
def test_slices_of_labels(kind):
    df = labelled(kind)
    for lazy in ways_to_know(df):
        for start in [None, *KEYS[kind]]:
            for stop in [None, *KEYS[kind]]:
                equal(lazy.loc[start:stop].compute(), df.loc[start:stop], check_freq=False)
        equal(lazy.x.loc[KEYS[kind][0] :].compute(), df.x.loc[KEYS[kind][0] :], check_freq=False)
        equal(lazy.loc[: KEYS[kind][0], ["s"]].compute(), df.loc[: KEYS[kind][0], ["s"]], check_freq=False)


@pytest.mark.parametrize("kind", KEYS)
def test_lists_of_labels(kind):
    df = labelled(kind)
    picks = list(dict.fromkeys([df.index[3], df.index[22], df.index[0], df.index[29]]))
    for lazy in ways_to_know(df):
        equal(lazy.loc[picks].compute(), df.loc[picks], check_freq=False)
        equal(lazy.loc[picks[::-1], "x"].compute(), df.loc[picks[::-1], "x"], check_freq=False)
        equal(lazy.loc[[picks[0]] * 2].compute(), df.loc[[picks[0]] * 2], check_freq=False)
        equal(lazy.loc[picks[0]].compute(), df.loc[[picks[0]]], check_freq=False)
        equal(lazy.loc[[]].compute(), df.loc[[]], check_freq=False)


@pytest.mark.parametrize("kind, label", [("int", 5), ("int", 1000), ("int", 2.5), ("text", "k04x"), ("float", 2.25), ("date", pd.Timestamp("2020-01-02 12:00"))])
def test_a_label_that_no_row_has_is_a_key_error(kind, label):
    for lazy in ways_to_know(labelled(kind)):
        with pytest.raises(KeyError):
            lazy.loc[[lazy.compute().index[2], label]].compute()
        with pytest.raises(KeyError):
            lazy.loc[label].compute()


def test_only_partitions_that_can_hold_the_labels_are_made():
    lazy = dd.from_pandas(labelled("int"), npartitions=5)
    assert lazy.loc[4:8].npartitions == 1
    assert lazy.loc[4:20].npartitions == 2
    for rows in (lazy.loc[4:8], lazy.loc[[4, 50]], lazy.loc[4]):
        assert "pandas" not in rows.explain().replace("from_pandas", "")


def test_labels_count_where_nobody_else_looks_at_them():
    df = labelled("int")
    lazy = dd.from_pandas(df, npartitions=5)
    assert len(lazy[lazy.x > 0].loc[10:30]) == len(df[df.x > 0].loc[10:30])
    assert len(lazy[lazy.x > 0].x.rolling(2).sum()) == (df.x > 0).sum()


# Categories


def test_categories():
    dtype = pd.CategoricalDtype(["low", "mid", "high"])
    series = pd.Series(["mid", None, "low", "mid", "high"] * 4, dtype=dtype)
    for of in (
        lambda s: s.cat.codes,
        lambda s: s.cat.add_categories(["more"]),
        lambda s: s.cat.add_categories("more"),
        lambda s: s.cat.remove_categories(["mid"]),
        lambda s: s.cat.remove_categories("low").cat.codes,
        lambda s: s.cat.rename_categories(["a", "b", "c"]),
        lambda s: s.cat.rename_categories({"mid": "middle"}),
        lambda s: s.cat.rename_categories(str.upper),
        lambda s: s.cat.rename_categories([1, 2, 3]).cat.codes,
        lambda s: s.cat.reorder_categories(["high", "mid", "low"], ordered=True),
        lambda s: s.cat.set_categories(["mid", "other"]),
        lambda s: s.cat.set_categories(["x", "y", "z"], rename=True),
        lambda s: s.cat.as_ordered(),
        lambda s: s.cat.as_ordered().cat.as_unordered(),
    ):
        for lazy in (dd.from_pandas(series, npartitions=1), dd.from_pandas(series, npartitions=4)):
            result = of(lazy)
            assert result.dtype == of(series).dtype
            equal(result.compute(), of(series))
            assert "pandas" not in result.explain().replace("from_pandas", "")
    lazy = dd.from_pandas(series, npartitions=3)
    equal(lazy.to_frame("c").assign(n=lazy.cat.codes).compute(), series.to_frame("c").assign(n=series.cat.codes))
    for wrong in (lambda s: s.cat.add_categories(["low"]), lambda s: s.cat.remove_categories(["nothing"]), lambda s: s.cat.reorder_categories(["low"])):
        with pytest.raises(ValueError):
            wrong(series)
        with pytest.raises(ValueError):
            wrong(lazy)


def test_codes_have_room_for_many_categories():
    series = pd.Series([f"c{i}" for i in range(300)], dtype="category")
    equal(dd.from_pandas(series, npartitions=3).cat.codes.compute(), series.cat.codes)
    for n in (126, 127, 128, 129):
        few = pd.Series([f"c{i}" for i in range(n)], dtype="category")
        assert dd.from_pandas(few, npartitions=3).cat.codes.dtype == few.cat.codes.dtype
