"""Operations along the rows against pandas: every type, missing values, empty and one-row partitions, every executor."""

import warnings

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import EXECUTORS, equal

pytestmark = pytest.mark.filterwarnings("ignore")

RNG = np.random.default_rng(8)
TYPES = (
    "int64", "int8", "uint16", "uint64", "float64", "float32", "bool", "Int64", "Int8", "UInt16", "Float32", "boolean", "str",
    "datetime64[us]", "datetime64[us, UTC]", "timedelta64[us]", "category", "ordered", "int64[pyarrow]", "double[pyarrow]", "bool[pyarrow]",
)  # fmt: skip


def column(dtype, n, missing=0.3):
    """Random values, some missing where the type has missing values."""
    kind = np.dtype(dtype).kind if dtype in ("int64", "int8", "uint16", "uint64", "float64", "float32", "bool") else "x"
    numbers = RNG.integers(0 if dtype.lower().startswith("u") else -20, 20, n)
    holes = RNG.random(n) < missing
    if kind in "iu":
        return pd.Series(numbers.astype(dtype))
    if kind == "b" or dtype in ("boolean", "bool[pyarrow]"):
        values = pd.Series(numbers > 0)
        return values if kind == "b" else values.astype("boolean").mask(pd.Series(holes)).astype(dtype)
    if dtype == "str":
        return pd.Series(np.where(holes, None, np.array(["a", "b", "zürich", ""])[numbers % 4]), dtype="str")
    if dtype.startswith("datetime"):
        stamps = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(numbers, unit="h")).mask(holes).astype("datetime64[us]")
        return stamps.dt.tz_localize("UTC") if "UTC" in dtype else stamps
    if dtype.startswith("timedelta"):
        return pd.Series(pd.to_timedelta(numbers, unit="min")).mask(holes).astype("timedelta64[us]")
    if dtype in ("category", "ordered"):
        values = np.where(holes, None, np.array(["low", "mid", "high"])[numbers % 3])
        return pd.Series(values, dtype=pd.CategoricalDtype(["low", "mid", "high"], ordered=dtype == "ordered"))
    return pd.Series(numbers.astype("float64") / (1 if "nt" in dtype else 4)).mask(holes).astype("Float64" if "nt" in dtype else dtype).astype(dtype)


def cuts(obj):
    """The same rows in partitions: one, several, with empty ones and single rows."""
    n = len(obj)
    in_order = obj.index.is_monotonic_increasing  # else rows stay where they are
    yield dd.from_pandas(obj, npartitions=1, sort=in_order)
    yield dd.from_pandas(obj, npartitions=min(4, max(n, 1)), sort=in_order)
    edges = [0, 0, 1, 1, min(2, n), min(5, n), n, n]
    pieces = [dd.from_pandas(obj.iloc[a:b], npartitions=1, sort=in_order) for a, b in zip(edges, edges[1:])]
    yield dd.concat(pieces)
    yield dd.concat([dd.from_pandas(obj.iloc[i : i + 1], npartitions=1, sort=in_order) for i in range(n)] or [dd.from_pandas(obj, npartitions=1, sort=in_order)])


def agree(of, obj, **kwargs):
    """``of`` gives on lazy frames what it gives on pandas, or both refuse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = of(obj)
        except (TypeError, ValueError, NotImplementedError, ArithmeticError) as error:
            with pytest.raises((TypeError, ValueError, NotImplementedError, ArithmeticError)):
                raise AssertionError(f"no error, but pandas: {error!r}; {of(dd.from_pandas(obj, npartitions=2)).compute()!r}") from None
            return
        for lazy in cuts(obj):
            equal(of(lazy).compute(scheduler="sync"), expected, **kwargs)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ["cumsum", "cumprod", "cummin", "cummax"])
@pytest.mark.parametrize("skipna", [True, False])
def test_running_values(name, dtype, skipna):
    series = column(dtype, 17, missing=0.0 if name == "cumprod" and not skipna else 0.3)
    if name == "cumprod" and "int" in dtype.lower():
        series = series.clip(1, 3)
    loose = {"rtol": 1e-4} if "32" in dtype else {}
    agree(lambda s: getattr(s, name)(skipna=skipna), series, **loose)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("periods", [1, -1, 3, -4, 0, 30])
def test_shift_and_diff(dtype, periods):
    series = column(dtype, 13)
    agree(lambda s: s.shift(periods), series)
    if dtype not in ("int64[pyarrow]",):
        agree(lambda s: s.diff(periods), series)


@pytest.mark.parametrize("dtype", TYPES)
def test_fills(dtype):
    series = column(dtype, 23, missing=0.7)
    for limit in (None, 1, 2, 30):
        agree(lambda s: s.ffill(limit=limit), series)
        agree(lambda s: s.bfill(limit=limit), series)


@pytest.mark.parametrize("dtype", ["int64", "float64", "float32", "Float32", "bool", "uint16"])
@pytest.mark.parametrize("missing", [0.3, 0.7, 1.0])
def test_interpolation(dtype, missing):
    series = column(dtype, 23, missing)
    for direction in (None, "forward", "backward", "both"):
        for limit in (None, 1, 2, 30):
            agree(lambda s: s.interpolate(limit=limit, limit_direction=direction), series)  # noqa: B023
        for area in ("inside", "outside"):
            agree(lambda s: s.interpolate(limit=1, limit_direction=direction, limit_area=area), series)  # noqa: B023


def test_interpolation_goes_over_partitions_in_which_nothing_is_missing():
    df = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6, 7, 8]})
    agree(lambda d: d.x.where(~d.x.isin([2, 3, 4, 8])).interpolate(), df)


def test_interpolation_of_frames_stays_in_their_partitions(capsys):
    df = pd.DataFrame({"f": column("float64", 19), "g": column("float32", 19, 0.8), "i": range(19)}, index=np.arange(19) ** 2)
    agree(lambda d: d.interpolate(), df)
    agree(lambda d: d.interpolate(axis=1), df)
    agree(lambda d: d.interpolate().g, df)
    agree(lambda d: d.interpolate(limit=0), df)
    agree(lambda d: d.interpolate(limit_direction="up"), df)
    lazy = dd.from_pandas(df, npartitions=3)
    assert lazy.interpolate().divisions == lazy.divisions
    for executor in EXECUTORS:
        equal(lazy.interpolate(limit_direction="both").compute(scheduler=executor), df.interpolate(limit_direction="both"))
    print(lazy.interpolate().explain())
    assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")


@pytest.mark.parametrize("dtype", ["int64", "float64", "float32", "Int64", "uint16", "str", "bool"])
def test_pct_change(dtype):
    series = column(dtype, 13)
    agree(lambda s: s.pct_change(), series)
    agree(lambda s: s.pct_change(-2), series)


def test_shift_fills_with_a_constant():
    day = pd.Timestamp("2021-01-01")
    for dtype, value in [
        ("int64", 0), ("int64", 0.5), ("float64", 1), ("str", "none"), ("bool", False), ("int8", 1000), ("datetime64[us]", day),
    ]:  # fmt: skip
        agree(lambda s: s.shift(2, fill_value=value), column(dtype, 9))  # noqa: B023


def frame(n=29, index=None):
    df = pd.DataFrame({"i": column("int64", n), "f": column("float64", n), "g": column("float32", n), "N": column("Int64", n), "b": column("bool", n)})
    return df if index is None else df.set_axis(index)


def test_frames():
    df = frame()
    for of in (
        lambda d: d[["i", "f", "N"]].cumsum(),
        lambda d: d.cummax(),
        lambda d: d.shift(2),
        lambda d: d.shift(1)[["f"]],
        lambda d: d[["i", "f"]].diff(-3),
        lambda d: d.ffill(limit=1),
        lambda d: d.bfill(),
        lambda d: d[["i", "f"]].pct_change(),
        lambda d: d.assign(lag=d.f.shift(1), total=d.i.cumsum()),
        lambda d: d.f - d.f.shift(1),
        lambda d: d[d.i > 0].f.cumsum(),
        lambda d: d.i.cumsum() + d.i,
        lambda d: d[["i", "f"]].cumsum(axis=1),
    ):
        agree(of, df, rtol=1e-4)
    agree(lambda d: d.cumsum(), df.iloc[:0])
    # The labels of no columns have another type than pandas gives them, whatever the operation.
    agree(lambda d: d[[]].cumsum(), df, check_column_type=False)
    # pandas keeps integers where there is no row at all; the type of a lazy result does not depend on how many there are.
    agree(lambda d: d.shift(1), df.iloc[:0], check_dtype=False)
    agree(lambda d: d.rename(columns={"i": 1, "f": ("a", "b")})[[1, ("a", "b")]].shift(1), df)


AGGREGATES = ("sum", "mean", "min", "max", "count", "var", "std", "sem", "median")


@pytest.mark.parametrize("name", AGGREGATES)
@pytest.mark.parametrize("dtype", ["float64", "int64", "Int64", "bool", "float32"])
def test_windows_of_rows(name, dtype):
    series = column(dtype, 31)
    for window, options in [(1, {}), (3, {}), (5, {"min_periods": 1}), (40, {"min_periods": 2}), (4, {"center": True}), (5, {"center": True, "min_periods": 1})]:
        agree(lambda s: getattr(s.rolling(window, **options), name)(), series, rtol=1e-5, atol=1e-9)  # noqa: B023
    for closed in ("both", "left", "neither"):
        agree(lambda s: getattr(s.rolling(3, min_periods=1, closed=closed), name)(), series, rtol=1e-5, atol=1e-9)  # noqa: B023
    agree(lambda s: getattr(s.rolling(3, min_periods=0), name)(), series, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("name", AGGREGATES)
def test_windows_of_time(name):
    times = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.sort(RNG.integers(0, 60, 29)), unit="s")
    series = frame(29, times).f
    for options in ({}, {"min_periods": 2}, {"closed": "both"}, {"closed": "left"}, {"closed": "neither"}, {"center": True}, {"center": True, "closed": "both"}):
        for window in ("3s", "20s", "500s"):
            agree(lambda s: getattr(s.rolling(window, **options), name)(), series, rtol=1e-5, atol=1e-9)  # noqa: B023
    agree(lambda s: getattr(s.rolling("7s"), name)(), series[::-1], rtol=1e-5, atol=1e-9)


def test_windows_of_frames_and_choices_of_columns():
    df = frame()
    for of in (
        lambda d: d.rolling(3).sum(),
        lambda d: d.rolling(3)["f"].mean(),
        lambda d: d.rolling(3)[["f", "i"]].max(),
        lambda d: d.rolling(4).quantile(0.3),
        lambda d: d.f.rolling(4, min_periods=1).quantile(0.5, interpolation="nearest"),
        lambda d: d.f.rolling(4, min_periods=1).quantile(0.5, interpolation="midpoint"),
        lambda d: d.f.rolling(5, min_periods=2).var(ddof=0),
        lambda d: d.f.rolling(3).apply(np.nansum),
        lambda d: d.f.rolling(4).skew(),
        lambda d: d.rolling(3).agg({"i": "sum"}),
        lambda d: d.f.rolling(3, win_type="triang").sum() if _has_scipy() else d.f,
        lambda d: d.f - d.f.rolling(3).mean(),
    ):
        agree(of, df, rtol=1e-4, atol=1e-9)
    with pytest.raises(ValueError, match="window"):
        dd.from_pandas(df, npartitions=2).rolling(-1)
    with pytest.raises(ValueError, match="monotonic"):
        jumping = frame(4, pd.to_datetime(["2020-01-02", "2020-01-01", "2020-01-04", "2020-01-03"]))
        dd.from_pandas(jumping, npartitions=1, sort=False).f.rolling("2s").sum().compute()


def _has_scipy():
    try:
        import scipy  # noqa: F401
    except ImportError:
        return False
    return True


def test_windows_stay_accurate_beside_large_and_infinite_values():
    values = pd.Series(RNG.normal(size=400) + 1e8)
    agree(lambda s: s.rolling(7).var(), values, rtol=1e-4)
    agree(lambda s: s.rolling(7).mean(), values)
    values[100] = np.inf
    values[200] = -np.inf
    agree(lambda s: s.rolling(7, min_periods=1).sum(), values)
    agree(lambda s: s.rolling(7, min_periods=1).max(), values)
    large = pd.Series([1e16, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    exact = [2.0 if i > 1 else np.nan if i == 0 else 1e16 + 1 for i in range(8)]
    for lazy in cuts(large):
        equal(lazy.rolling(2).sum().compute(), pd.Series(exact))


def test_windows_longer_than_many_rows_use_an_ordered_tree():
    values = pd.Series(RNG.integers(0, 50, 5000).astype("float64")).mask(pd.Series(RNG.random(5000) < 0.1))
    lazy = dd.from_pandas(values, npartitions=7)
    equal(lazy.rolling(1500, min_periods=1).median().compute(), values.rolling(1500, min_periods=1).median())
    equal(lazy.rolling(2500, min_periods=10).quantile(0.9).compute(), values.rolling(2500, min_periods=10).quantile(0.9))


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_every_executor(scheduler):
    df = frame(40)
    lazy = dd.from_pandas(df, npartitions=11)
    for of in (
        lambda d: d.cumsum(),
        lambda d: d.shift(5),
        lambda d: d.f.rolling(9, min_periods=1).mean(),
        lambda d: d.bfill(),
        lambda d: d.f.diff(-7),
    ):
        equal(of(lazy).compute(scheduler=scheduler), of(df), rtol=1e-4)


def test_nothing_is_gathered(capsys):
    lazy = dd.from_pandas(frame(40), npartitions=11)
    for result in (lazy.f.cumsum(), lazy.f.shift(3), lazy.f.rolling(3).mean(), lazy.f.ffill(), lazy.f.diff()):
        print(result.explain())
        assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")
        assert result.npartitions == 11
        assert result.divisions == lazy.divisions


def test_explain_says_why_pandas_does_it(capsys):
    print(dd.from_pandas(pd.Series(["a", "b", "c"]), npartitions=2).cumsum().explain())
    assert "cumsum of column" in capsys.readouterr().out
    print(dd.from_pandas(pd.Series([1.0, 2.0]), npartitions=1).rolling(2).skew().explain())
    assert "rolling.skew" in capsys.readouterr().out


def test_windows_of_time_whose_rows_share_a_time():
    times = pd.Timestamp("2020-01-01") + pd.to_timedelta([0, 0, 0, 2, 2, 3, 3, 3, 9, 9], unit="s")
    series = pd.Series(np.arange(10.0), index=times)
    for closed in ("right", "left", "both", "neither"):
        for center in (False, True):
            agree(lambda s: s.rolling("3s", closed=closed, center=center).sum(), series)  # noqa: B023


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("keep", ["first", "last", False])
def test_values_that_have_been_before(dtype, keep):
    for n in (0, 1, 9, 30):
        agree(lambda s: s.duplicated(keep=keep), column(dtype, n).rename("values"))


@pytest.mark.parametrize("keep", ["first", "last", False])
def test_rows_that_have_been_before(keep, capsys):
    df = pd.DataFrame({"x": RNG.integers(0, 3, 40), "y": RNG.choice(["a", "b", None], 40), "z": np.arange(40)})
    agree(lambda d: d.duplicated(keep=keep), df)
    agree(lambda d: d.duplicated(["x", "y"], keep=keep), df)
    agree(lambda d: d.duplicated("y", keep=keep), df.set_index("z", drop=False))
    agree(lambda d: d[~d.duplicated(["x", "y"], keep=keep)], df)
    agree(lambda d: d.assign(again=d.duplicated("x", keep=keep))[["again"]], df)
    lazy = dd.from_pandas(df, npartitions=11)
    assert len(lazy.duplicated(["x"])) == 40
    equal(lazy.duplicated(["x", "y"], keep=keep).compute(scheduler="processes"), df.duplicated(["x", "y"], keep=keep))
    print(lazy.duplicated().explain())
    assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")
    with pytest.raises(KeyError, match="nowhere"):
        lazy.duplicated("nowhere")
    with pytest.raises(ValueError, match="keep"):
        lazy.duplicated(keep="best")
