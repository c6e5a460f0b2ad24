"""Answers that differed from pandas' once, each with others of its kind."""

import itertools

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")


def split(frame, npartitions=3):
    return dd.from_pandas(frame, npartitions=npartitions, sort=False)


QS = [0.1, 0.9, 0, 1, 0.5, 1 / 3]


@pytest.mark.parametrize("dtype", ["int64", "int8", "uint64", "float64", "float32"])
def test_quantiles_are_exact(dtype):
    rng = np.random.default_rng(3)
    for n in (1, 2, 9, 40):
        for values in (np.arange(n), rng.integers(0, 100, n), np.sort(rng.integers(0, 5, n))[::-1]):
            p = pd.Series(values).astype(dtype)
            for npartitions in (1, 3, 7):
                f = split(p, npartitions)
                for q in QS:
                    assert f.quantile(q).compute() == p.quantile(q)
                equal(f.quantile(QS).compute(), p.quantile(QS))
                equal(f.describe(percentiles=[0.1, 0.75]).compute(), p.describe(percentiles=[0.1, 0.75]))


def test_quantiles_of_missing_values_times_and_frames():
    p = pd.DataFrame({"x": [3.0, None, 1.0, 7.0, None, 2.0], "y": [5, 1, 4, 2, 8, 0], "z": np.nan})
    f = split(p)
    equal(f.quantile(0.3).compute(), p.quantile(0.3), check_names=False)
    equal(f.quantile([0.9, 0.1]).compute(), p.quantile([0.9, 0.1]))
    equal(f.describe().compute(), p.describe())
    times = pd.Series(pd.to_datetime(["2020-01-05", None, "2020-01-01", "2020-02-07 13:30"], format="mixed"))
    assert split(times).quantile(0.3).compute() == times.quantile(0.3)
    assert pd.isna(split(p.z).quantile(0.5).compute())


def test_quantiles_that_are_none():
    f = split(pd.Series([1, 2, 3]))
    for bad in (1.5, -0.1, [0.5, 2]):
        with pytest.raises(ValueError, match=r"\[0, 1\]"):
            f.quantile(bad).compute()
    with pytest.raises(ValueError, match="method"):
        f.quantile(0.5, method="guess")


@pytest.mark.parametrize("freq", ["D", "h", "7min", "2D", "15s", "ms"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_dates_half_way_are_rounded_to_the_even_multiple(freq, zone):
    step = pd.Timedelta(freq if freq[0].isdigit() else "1" + freq) / 2
    for start in ("2020-06-01", "1969-06-28"):
        p = pd.Series(pd.Timestamp(start, tz=zone) + step * np.arange(12)).astype(f"datetime64[ns{', ' + zone if zone else ''}]")
        for unit in ("ns", "us"):
            q = p.dt.as_unit(unit)
            equal(split(q).dt.round(freq).compute(), q.dt.round(freq))


def test_labels_that_a_date_index_does_not_have():
    p = pd.DataFrame({"a": range(5)}, index=pd.date_range("2020-01-01", periods=5))
    f = dd.from_pandas(p, npartitions=2)
    equal(f.loc[["2020-01-02", "2020-01-05"]].compute(), p.loc[["2020-01-02", "2020-01-05"]], check_freq=False)
    for labels in (["nosuch"], ["2020-01-02", "2021-01-01"], ["2019-01-01"]):
        with pytest.raises(KeyError):
            f.loc[labels].compute()


@pytest.mark.parametrize("index", [pd.RangeIndex(6), pd.Index(range(6)), pd.Index([0.5, 1, 2, 3, 4, 5]), pd.date_range("2020", periods=6)])
def test_the_extremes_of_no_labels_are_missing(index):
    f = dd.from_pandas(pd.DataFrame({"a": range(6)}, index=index), npartitions=2)
    for name in ("min", "max"):
        assert pd.isna(getattr(f[f.a > 10].index, name)().compute())
        assert getattr(f[f.a > 3].index, name)().compute() == getattr(index[4:], name)()


def test_fill_value_stands_for_one_missing_side():
    a, b = pd.Series([1, np.nan, np.nan, 4]), pd.Series([np.nan, np.nan, 3, 4])
    for name in ("add", "rsub", "mul", "truediv", "eq", "lt"):
        equal(getattr(split(a, 2), name)(split(b, 2), fill_value=0).compute(), getattr(a, name)(b, fill_value=0))
    n, m = a.astype("Int64"), b.astype("Int64")
    equal(split(n, 2).add(split(m, 2), fill_value=0).compute(), n.add(m, fill_value=0))


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32", "uint32", "int64"])
def test_sums_of_small_integers_by_group(dtype):
    for values in ([1, 2, 3, 4], [100, 100, 3, 4]):
        p = pd.DataFrame({"k": [1, 1, 2, 2], "v": np.array(values, dtype)})
        f = split(p, 2)
        equal(f.groupby("k").v.sum().compute(), p.groupby("k").v.sum())
        equal(f.groupby("k").v.prod().compute(), p.groupby("k").v.prod())
        assert f.v.sum().compute() == p.v.sum()


def test_true_false_and_missing_is_no_number():
    left = pd.DataFrame({"k": [1, 2, 3], "a": [1.0, 2, 3]})
    for keys in ([1, 5], [1, 2]):
        right = pd.DataFrame({"k": keys, "s": ["x", "y"], "b": [True, False]})
        for how in ("left", "outer", "inner"):
            expected = left.merge(right, on="k", how=how)
            found = split(left, 2).merge(split(right, 2), on="k", how=how)
            for name in ("sum", "max", "mean"):
                equal(getattr(found, name)(numeric_only=True).compute(), getattr(expected, name)(numeric_only=True))


def test_a_replaced_column_keeps_its_place():
    p = pd.DataFrame({"x": range(4), "y": list("abcd"), "o": [object()] * 4})
    f = split(p, 2)
    equal(f.assign(x=f.x * 2).compute(), p.assign(x=p.x * 2))
    equal(f[["x", "y"]].assign(x=1.5, z=2, y=f.x).compute(), p[["x", "y"]].assign(x=1.5, z=2, y=p.x))
    f["x"] = f.x.where(f.x > 1)
    assert list(f.columns) == list(f.compute().columns) == ["x", "y", "o"]


@pytest.mark.parametrize(
    "values",
    [["x", "y"], pd.to_datetime(["2020-01-01", "2020-01-02"]), pd.Categorical(["x", "y"]), pd.to_timedelta([1, 2]), pd.array([1, 2], "Int64"), [True, False]],
    ids=["text", "dates", "categories", "spans", "Int64", "bools"],
)
def test_a_part_without_any_value_takes_the_type_of_the_others(values):
    with_values = pd.DataFrame({"a": values})
    for empty in ([np.nan, np.nan], []):
        without = pd.DataFrame({"a": np.array(empty, "float64")})
        for parts in itertools.permutations([without, with_values, without]):
            found = dd.concat([split(part, 1) for part in parts]).compute()
            expected = pd.concat([p.astype(object) for p in parts]).a
            assert [None if pd.isna(v) else v for v in found.a] == [None if pd.isna(v) else v for v in expected]
            if with_values.a.dtype not in ("bool", "Int64"):
                assert found.a.dtype == with_values.a.dtype


def test_numbers_beside_text_are_refused_where_they_are_met():
    f = dd.concat([split(pd.DataFrame({"a": [1.5]}), 1), split(pd.DataFrame({"a": ["x"]}), 1)])
    with pytest.raises(Exception, match="do not go together"):
        f.compute()


def test_several_levels_of_one_name():
    t = pd.DataFrame({"dt": pd.date_range("2020-01-01", periods=20, freq="7h"), "v": range(20), "w": 1.5})
    f = split(t)
    for make in (
        lambda x: x.groupby([x.dt.dt.dayofweek, x.dt.dt.hour]).v.sum(),
        lambda x: x.groupby([x.dt.dt.year, x.dt.dt.month, x.dt.dt.hour])[["v", "w"]].mean(),
        lambda x: x.groupby([x.dt.dt.year, x.dt.dt.day]).size(),
        lambda x: x.groupby([x.v % 2, x.v % 3]).v.max(),
        lambda x: x.groupby([x.v % 2, x.v % 3]).agg({"v": "max", "w": "sum"}),
    ):
        equal(make(f).compute(), make(t))


def test_groups_of_categories_without_rows():
    p = pd.DataFrame({"x": range(9), "k": list("abcabcabc"), "c": pd.Categorical(list("uvuvuvuvu"), categories=list("uvw"))})
    f = split(p)
    for keys in ("c", ["c", "k"], ["k", "c"]):
        for observed in (True, False):
            equal(f.groupby(keys, observed=observed).size().compute(), p.groupby(keys, observed=observed).size())
            equal(f.groupby(keys, observed=observed).x.sum().compute(), p.groupby(keys, observed=observed).x.sum())
    for aggfunc in ("mean", "sum", "count"):
        found = f.pivot_table(index="k", columns="c", values="x", aggfunc=aggfunc).compute()
        expected = p.pivot_table(index="k", columns="c", values="x", aggfunc=aggfunc, observed=False, dropna=False)
        equal(found, expected, check_dtype=False)


def test_logic_of_missing_values():
    a = pd.Series([True, False, None, None, None, True, False], dtype=object)
    b = pd.Series([None, None, True, False, None, True, True], dtype=object)
    c = pd.Series([True, True, True, False, False, True, False])
    for x, y in itertools.product([a, b, c], repeat=2):
        f = split(pd.DataFrame({"x": x.fillna(False).astype(bool), "y": y.fillna(False).astype(bool)}), 2)
        given = pd.DataFrame({"x": x.notna(), "y": y.notna()})
        g = split(given, 2)
        left, right = f.x.where(g.x), f.y.where(g.y)
        for op in ("__or__", "__and__", "__xor__"):
            equal(getattr(left, op)(right).compute(), getattr(x, op)(y), check_names=False)


def test_values_that_are_all_kept_keep_their_type():
    p = pd.DataFrame({"x": range(6), "y": np.arange(6) * 0.5})
    f = split(p)
    for condition in (lambda x: x.x > -1, lambda x: x.x > 3):
        equal(f.x.where(condition(f), f.y).compute(), p.x.where(condition(p), p.y))
        equal(f.x.mask(~condition(f), 0.5).compute(), p.x.mask(~condition(p), 0.5))


def test_options_that_a_method_does_not_have():
    f = split(pd.DataFrame({"k": [1, 2], "x": [1.0, 2.0]}), 2)
    calls = [
        lambda: f.x.sum(bool_only=True), lambda: f.x.sum(ddof=0), lambda: f.x.mean(min_count=3), lambda: f.median(engine_=1),
        lambda: f.groupby("k").x.sum(skipnaa=False), lambda: f.groupby("k").x.sum(ddof=0), lambda: f.groupby("k").x.mean(how=1),
        lambda: f.groupby("k").size(x=1), lambda: f.sort_values("x", kind="stable"), lambda: f.set_index("x", verify_integrity=True),
        lambda: dd.concat([f, f], keys=["a", "b"]), lambda: f.join(f, sort=True, lsuffix="_l"), lambda: f.x.clip(1, inplace=True),
        lambda: f.index.value_counts(bins=3),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            call()
    for wrong in (lambda: f.sort_values("x", shuffle_method="magic"), lambda: f.describe(percentiles_method="magic")):
        with pytest.raises(ValueError, match="magic"):
            wrong()
    assert f.sort_values("x", npartitions=2).npartitions == 2


def test_statistics_of_columns_that_are_floats_in_some_partitions_only():
    p, q = pd.DataFrame({"x": range(9)}), pd.DataFrame({"y": range(6)}, index=range(6))
    f, g = dd.from_pandas(p, npartitions=3), dd.from_pandas(q, npartitions=2)
    found, expected = f.x + g.y, p.x + q.y
    for name in ("median", "mean", "min", "max", "sum", "nunique", "skew"):
        assert np.isclose(float(getattr(found, name)().compute()), float(getattr(expected, name)()))
    assert found.quantile(0.3).compute() == expected.quantile(0.3)
    equal(found.describe().compute(), expected.describe())
    equal(found.cumsum().compute(), expected.cumsum())
    equal(found.value_counts().compute().sort_index(), expected.value_counts().sort_index())
    equal(found.rank().compute(), expected.rank())
    equal(found.shift(1).compute(), expected.shift(1))
    equal(found.drop_duplicates().compute(), expected.drop_duplicates())
    equal(found.nlargest(3).compute(), expected.nlargest(3))
    equal(found.to_frame("v").groupby("v").v.count().compute(), expected.to_frame("v").groupby("v").v.count())
    equal(found.to_frame("v").sort_values("v").compute(), expected.to_frame("v").sort_values("v"))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint64", "int64", "UInt8"])
@pytest.mark.parametrize("bounds", [(-2, 3), (-200, 300), (None, 300), (-1, 2**40), (5, None)])
def test_bounds_that_a_type_cannot_hold_limit_nothing(dtype, bounds):
    series = pd.Series([0, 7, 100, 3], dtype=dtype)
    equal(dd.from_pandas(series, npartitions=2).clip(*bounds).compute(), series.clip(*bounds))


@pytest.mark.parametrize("join", ["inner", "outer"])
def test_frames_of_objects_are_concatenated_where_columns_differ(join):
    left = pd.DataFrame({"o": pd.Series([[1], {2}], dtype=object), "i": [1, 2], "only": ["a", "b"]})
    right = pd.DataFrame({"i": [0.5, 1.5, 2.5], "o": pd.Series([None, "x", (3,)], dtype=object), "more": [1, 2, 3]})
    lazy = [dd.from_pandas(frame, npartitions=2) for frame in (left, right)]
    found = dd.concat(lazy, join=join)
    expected = pd.concat([left, right], join=join)
    assert found.npartitions == 4
    equal(found.compute(), expected)
    equal(found._meta, expected.iloc[:0])


def test_replaced_values_may_be_of_another_type_than_their_column():
    p = pd.DataFrame({"i": range(12), "k": list("abc") * 4, "t": pd.date_range("2024", periods=12)})
    f = split(p)
    replaced, expected = f.where(f.i > 2, 0), p.where(p.i > 2, 0)
    assert replaced.dtypes.to_dict() == expected.dtypes.to_dict()
    equal(replaced.compute(), expected)
    equal(replaced[["i"]].compute(), expected[["i"]])
    assert replaced.i.sum().compute() == expected.i.sum()
    equal(f.k.where(f.i > 2, f.i).compute(), p.k.where(p.i > 2, p.i))


@pytest.mark.parametrize(("values", "unit"), [([1, 2, 3], "h"), ([5, 0, 9], None), (["1 days", "2h", "5"], None), ([1.0, 2.5, 3.0], "D")])
def test_spans_of_time_have_the_resolution_that_their_type_says(values, unit):
    p = pd.Series(values, name="x")
    spans = dd.to_timedelta(split(p), unit=unit)
    found = spans.compute()
    assert spans.dtype == found.dtype
    equal(found.astype("m8[ns]"), pd.to_timedelta(p, unit=unit).astype("m8[ns]"))


def test_what_moved_rows_of_groups_look_like_can_be_said():
    p = pd.DataFrame({"k": list("abab"), "x": [1, 2, 3, 4]})
    moved = split(p).groupby("k").x.shift(1, meta=("x", "f8"))
    assert moved.dtype == "f8"
    equal(moved.compute(), p.groupby("k").x.shift(1))


@pytest.mark.parametrize("dtype", ["string", "object", "str"])
def test_texts_of_every_type_become_categories(dtype):
    p = pd.DataFrame({"k": pd.Series(["b", "a", "b", None, "c"] * 4, dtype=dtype), "x": range(20)})
    f, expected = split(p), p.k.astype("category")
    found = f.k.astype("category").cat.as_known()
    assert found.cat.categories.tolist() == ["a", "b", "c"]
    assert found.cat.codes.compute().tolist() == expected.cat.codes.tolist()
    sums = f.categorize("k").groupby("k", observed=True).x.sum().compute()
    assert sums.to_dict() == p.groupby(expected, observed=True).x.sum().to_dict()
    dummies = dd.get_dummies(f.categorize("k"), columns=["k"]).sum().compute()
    assert dummies.to_dict() == pd.get_dummies(p, columns=["k"]).sum().to_dict()
