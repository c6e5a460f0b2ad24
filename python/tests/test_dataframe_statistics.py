"""Medians, shapes, labels of extremes and covariances against pandas."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal
from test_dataframe_along_rows import TYPES, agree, column, cuts, frame

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
            raise AssertionError(f"no error, but pandas: {error!r}; {getattr(dd.from_pandas(obj, npartitions=2), name)().compute()!r}") from None
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


def test_equal_values_have_no_shape_and_no_correlation():
    for values in ([0.1] * 7, [True] * 7, [3] * 7, [1e10] * 7):
        df = pd.DataFrame({"x": values, "y": np.arange(7.0)})
        for name in ("skew", "kurt", "cov", "corr"):
            statistic(name, df)
        for lazy in cuts(df):
            assert np.isnan(lazy.x.skew().compute()) and np.isnan(lazy.x.kurt().compute())


def test_medians_are_exact_over_many_partitions(capsys):
    rng = np.random.default_rng(3)
    for values in (rng.normal(size=1001), rng.integers(-5, 5, 1000), rng.integers(0, 2**63, 501, dtype="uint64"), np.repeat(-0.0, 7)):
        series = pd.Series(values)
        lazy = dd.from_pandas(series, npartitions=13)
        assert lazy.median().compute() == series.median()
        print(lazy.median().explain())
        assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")
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
    equal(lazy.corr(min_periods=100).compute(), df.corr(min_periods=100))
    equal(lazy.assign(s="x").cov(numeric_only=True).compute(), df.cov(numeric_only=True), rtol=1e-4)
    far = pd.DataFrame({"x": np.arange(1000.0) + 1e9, "y": np.arange(1000.0) ** 2 + 1e9})
    equal(dd.from_pandas(far, npartitions=7).cov().compute(), far.cov())


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_statistics_on_every_executor(scheduler):
    df = frame(40)[["i", "f"]]
    lazy = dd.from_pandas(df, npartitions=11)
    for name in ("median", "skew", "idxmax", "corr"):
        equal(getattr(lazy, name)().compute(scheduler=scheduler), getattr(df, name)())


def test_methods_of_correlation_that_the_engine_does_not_have(capsys):
    df = frame(20)
    lazy = dd.from_pandas(df, npartitions=3)
    nearness = lambda x, y: float(np.abs(x - y).max())  # noqa: E731
    np.testing.assert_allclose(lazy.i.corr(lazy.f, method=nearness).compute(), df.i.corr(df.f, method=nearness))
    equal(lazy[["i", "f"]].corr(method=nearness).compute(), df[["i", "f"]].corr(method=nearness))
    print(lazy[["i", "f"]].corr(method="spearman").explain())
    assert "the method 'spearman'" in capsys.readouterr().out
    with pytest.raises(ValueError, match="method must be either"):
        lazy[["i", "f"]].corr(method="nearest")
    with pytest.raises(TypeError, match="lazy series"):
        lazy.i.cov(df.i)


def test_labels_of_extremes_of_columns_of_numbers():
    df = frame(15)[["i", "f"]].assign(s=[f"{i}" for i in range(15)])
    lazy = dd.from_pandas(df, npartitions=3)
    equal(lazy.idxmin(numeric_only=True).compute(), df.idxmin(numeric_only=True))
    equal(lazy.skew(numeric_only=True).compute(), df.skew(numeric_only=True), rtol=1e-5)
    equal(lazy[["i", "f"]].idxmax(axis=1).compute(), df[["i", "f"]].idxmax(axis=1))
    assert lazy.i.idxmax().compute() == df.i.idxmax()


FIRST = [{"method": "first", "na_option": option, "ascending": ascending} for option in ("keep", "top", "bottom") for ascending in (True, False)]


@pytest.mark.parametrize("dtype", TYPES)
def test_ranks(dtype):
    for n in (0, 1, 9, 22):
        series = column(dtype, n)
        for options in ({}, {"method": "min", "ascending": False}, {"method": "max", "na_option": "top"}, {"method": "dense", "na_option": "bottom"}, *FIRST):
            agree(lambda x: x.rank(**options), series)  # noqa: B023
            agree(lambda x: x.rank(pct=True, **options), series)  # noqa: B023


def test_ranks_of_frames(capsys):
    df = frame(29)[["i", "f", "g"]]
    agree(lambda d: d.rank(), df)
    agree(lambda d: d.rank(method="first"), df)
    agree(lambda d: d.rank(numeric_only=True), df.assign(s="x"))
    agree(lambda d: d.rank(axis=1), df)
    agree(lambda d: d.assign(r=d.i.rank())[["r"]], df)
    lazy = dd.from_pandas(df, npartitions=3)
    print(lazy.rank().explain(), lazy.rank(method="first").explain())
    assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")
    with pytest.raises(ValueError, match="na_option"):
        lazy.rank(na_option="middle")
    with pytest.raises(ValueError, match="method"):
        lazy.rank(method="best")


@pytest.mark.parametrize("dtype", TYPES)
def test_modes_and_numbers_of_different_values(dtype):
    for n in (0, 1, 9, 22):
        series = column(dtype, n).rename("values")
        for dropna in (True, False):
            if dropna or dtype != "boolean":  # pandas fails where all that is most frequent is missing
                agree(lambda x: x.mode(dropna=dropna), series)  # noqa: B023
            for lazy in cuts(series):
                assert lazy.nunique(dropna=dropna).compute() == series.nunique(dropna=dropna)
    df = frame(15)
    for lazy in cuts(df):
        equal(lazy.nunique(dropna=False).compute(), df.nunique(dropna=False))


@pytest.mark.parametrize("dtype", TYPES)
def test_whether_values_are_in_order(dtype):
    for n in (0, 1, 2, 9):
        for series in (column(dtype, n), column(dtype, n, missing=0).sort_values(), column(dtype, n, missing=0).sort_values(ascending=False)):
            series = series.reset_index(drop=True)
            for lazy in cuts(series):
                assert bool(lazy.is_monotonic_increasing.compute()) == series.is_monotonic_increasing
                assert bool(lazy.is_monotonic_decreasing.compute()) == series.is_monotonic_decreasing
    lazy = dd.from_pandas(pd.Series(range(9), index=range(0, 18, 2)), npartitions=3)
    assert lazy.index.is_monotonic_increasing.compute() and not lazy.index.is_monotonic_decreasing.compute()


def test_bytes_are_those_of_the_partitions():
    df = frame(20)
    for lazy in cuts(df):
        parts = [lazy.get_partition(i).compute() for i in range(lazy.npartitions)]
        for options in ({}, {"deep": True, "index": False}):
            equal(lazy.memory_usage(**options).compute(), sum(part.memory_usage(**options) for part in parts))
            assert lazy.f.memory_usage(**options).compute() == sum(part.f.memory_usage(**options) for part in parts)
        assert lazy.f.nbytes.compute() == df.f.nbytes


def test_a_reduction_gives_the_value_that_its_function_gives_whatever_meta_says():
    frame = pd.DataFrame({"x": range(4), "y": range(4)})
    lazy = dd.from_pandas(frame, npartitions=2)
    said = pd.Series([], dtype="int64")
    total = lazy.reduction(lambda part: part.x.sum(), aggregate=lambda sums: sums.sum(), meta=said)
    assert isinstance(total, dd.Series)
    assert total.compute() == 6
    assert (total + 1).compute() == 7
    pd.testing.assert_series_equal(lazy.reduction(lambda part: part.sum(), aggregate=lambda sums: sums.sum(), meta=said).compute(), frame.sum())
