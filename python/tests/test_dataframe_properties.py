"""Frames against pandas on random input: every type, missing values everywhere, under every executor.

A property takes drawn data and `run`, which computes under a drawn executor. The same properties run on worker processes under
the mark `slow`. Draws are the same in every run (derandomize), so that a failure is never an accident.
"""

import operator

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plait
import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")
SETTINGS = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}

texts = st.one_of(st.none(), st.sampled_from(["", "a", "B", "ab c", "zürich", "日本", "x,y", 'say "hi"', "two\nlines", "NA"]))
floats = st.one_of(st.none(), st.integers(-20, 20).map(lambda n: n / 4))
VALUES = {
    "int64": st.integers(-1000, 1000),
    "int8": st.integers(-100, 100),
    "uint16": st.integers(0, 1000),
    "float64": floats,
    "float32": floats,
    "bool": st.booleans(),
    "Int64": st.one_of(st.none(), st.integers(-1000, 1000)),
    "boolean": st.one_of(st.none(), st.booleans()),
    "str": texts,
    "datetime64[us]": st.one_of(st.none(), st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2060-01-01")).map(lambda d: d.replace(microsecond=0))),
    "category": st.one_of(st.none(), st.sampled_from(["low", "mid", "high"])),
}
NUMBERS = ("int64", "int8", "uint16", "float64", "float32", "bool", "Int64")
FLOATING = ("float64", "float32")


@st.composite
def frames(draw, columns, max_rows=25, min_rows=1):
    """A frame with the given columns, each of one of the given types."""
    n = draw(st.integers(min_rows, max_rows))
    data = {}
    for name, types in columns.items():
        dtype = draw(st.sampled_from(types)) if isinstance(types, (list, tuple)) else types
        values = draw(st.lists(VALUES[dtype], min_size=n, max_size=n))
        data[name] = pd.Series(values, dtype=pd.CategoricalDtype(["low", "mid", "high"]) if dtype == "category" else dtype)
    return pd.DataFrame(data)


class Run:
    """Makes lazy frames and computes them: sync, threads, processes, or threads within a budget that is smaller than the data."""

    def __init__(self, executor, npartitions):
        self.executor, self.npartitions = executor, npartitions

    def given(self, df):
        """The frame that pandas works on; for a small budget, so many rows of it that they do not fit."""
        return pd.concat([df] * 150, ignore_index=True) if self.executor == "small budget" else df

    def lazy(self, df):
        npartitions = 12 if self.executor == "small budget" else self.npartitions
        return dd.from_pandas(df, npartitions=min(npartitions, max(1, len(df))))

    def compute(self, collection):
        if self.executor != "small budget":
            return collection.compute(scheduler=self.executor)
        with plait.config.set({"memory-budget": "600kB"}):
            return collection.compute(scheduler="threads")

    def check(self, collection, expected, **kwargs):
        equal(self.compute(collection), expected, **kwargs)


def runs(executors):
    return st.builds(Run, st.sampled_from(executors), st.integers(1, 4))


REFUSALS = (TypeError, ValueError, NotImplementedError, OverflowError)


def same_or_both_raise(run, of_plait, of_pandas, **kwargs):
    try:
        expected = of_pandas()
    except REFUSALS as error:
        with pytest.raises(REFUSALS):
            raise AssertionError(f"no error, but pandas: {error!r}; {run.compute(of_plait())!r}") from error
        return
    run.check(of_plait(), expected, **kwargs)


def any_order(obj):
    return obj.sort_values(list(obj.columns)).reset_index(drop=True)


OPERATORS = ("add", "sub", "mul", "truediv", "lt", "le", "gt", "ge", "eq", "ne")


def operators_and_filters(data, run):
    df = run.given(data.draw(frames({"x": NUMBERS, "y": NUMBERS, "k": "str", "t": "datetime64[us]"})))
    lazy = run.lazy(df)
    op = getattr(operator, data.draw(st.sampled_from(OPERATORS)))
    number = data.draw(st.sampled_from([0, 1, -2, 3, 0.5]))
    moment = pd.Timestamp("2020-02-03")
    for make in (
        lambda d: op(d.x, d.y),
        lambda d: op(d.x, number),
        lambda d: op(number, d.y),
        lambda d: d[(d.x > number) & (d.k != "a") | d.y.isna()],
        lambda d: d[(d.t >= moment) | d.k.isin(["a", "日本"])][["k", "t"]],
        lambda d: d.assign(z=d.x * 2, k=d.k.str.upper(), one=1)[d.y <= number],
        lambda d: d.x.where(d.y > number, 0),
        lambda d: d.fillna({"k": "none", "x": 1}),
        lambda d: d.dropna(subset=["x", "t"]),
    ):
        same_or_both_raise(run, lambda: make(lazy), lambda: make(df))


REDUCTIONS = ("sum", "mean", "min", "max", "count", "var", "std", "prod", "nunique", "any", "all", "median")


def reductions(data, run):
    df = run.given(data.draw(frames({"x": tuple(VALUES), "n": NUMBERS})))
    lazy = run.lazy(df)
    name = data.draw(st.sampled_from(REDUCTIONS))
    loose = {"rtol": 1e-4} if "float32" in {str(d) for d in df.dtypes} else {}
    expects_nothing = df.x.isna().all() and name in ("min", "max", "sum", "median")  # pandas' answer depends on the type
    if not expects_nothing:
        compare_reduction(run, lazy.x, df.x, name)
    if name != "prod":
        numbers, lazy_numbers = df[["n"]].assign(m=1.5), lazy[["n"]].assign(m=1.5)
        same_or_both_raise(run, lambda: getattr(lazy_numbers, name)(), lambda: getattr(numbers, name)(), **loose)
    assert len(lazy) == len(df)


def compare_reduction(run, lazy, series, name):
    try:
        expected = getattr(series, name)()
    except TypeError:
        with pytest.raises(TypeError):
            run.compute(getattr(lazy, name)())
        return
    result = run.compute(getattr(lazy, name)())
    if isinstance(expected, (str, pd.Timestamp, pd.Timedelta)):
        assert result == expected or abs(result - expected) <= pd.Timedelta("1us")
    else:
        equal(float(result) if pd.notna(result) else result, float(expected) if pd.notna(expected) else expected)


def counts_of_values(data, run):
    df = run.given(data.draw(frames({"x": tuple(t for t in VALUES if t not in ("Int64", "boolean"))})))
    lazy = run.lazy(df)
    dropna = data.draw(st.booleans())
    counts = run.compute(lazy.x.value_counts(dropna=dropna))
    expected = df.x.value_counts(dropna=dropna)
    assert counts.dtype == expected.dtype and list(counts) == list(expected)  # most frequent first
    assert as_dict(counts) == as_dict(expected)
    found, known = run.compute(lazy.x.unique()), df.x.unique()
    assert [missing_as_none(v) for v in found] == [missing_as_none(v) for v in known]


def missing_as_none(value):
    return None if pd.isna(value) else value


def as_dict(series):
    return {missing_as_none(label): value for label, value in series.items()}


AGGREGATES = ("sum", "mean", "count", "size", "min", "max", "var", "std", "first", "last")
KEYS = ("int64", "int8", "float64", "str", "bool", "datetime64[us]", "category", "Int64")


def groups(data, run):
    df = run.given(data.draw(frames({"k": KEYS, "g": ("str", "bool", "category"), "x": ("int64", "float64", "float32", "Int64"), "t": ("str", "datetime64[us]")})))
    lazy = run.lazy(df)
    keys = data.draw(st.sampled_from(["k", ["k"], ["k", "g"], ["g", "k"]]))
    options = {"dropna": data.draw(st.booleans()), "observed": True}
    functions = data.draw(st.lists(st.sampled_from(AGGREGATES), min_size=1, max_size=4, unique=True))
    # pandas' means of float32 are float64, but float32 where all of them are missing.
    loose = {"rtol": 1e-3, "check_dtype": False} if df.x.dtype == np.float32 else {"rtol": 1e-6}
    ordered = [f for f in functions if f in ("count", "min", "max", "first", "last")] or ["count"]
    for make in (
        lambda d: d.groupby(keys, **options).x.agg(functions),
        lambda d: d.groupby(keys, **options).agg({"x": functions, "t": ordered[0]}),
        lambda d: d.groupby(keys, **options).agg({"x": functions[0], "t": ordered[0]}) if "size" not in functions[:1] else d.groupby(keys, **options).size(),
        lambda d: getattr(d.groupby(keys, **options).x, functions[0])(),
        lambda d: d.groupby(keys, **options).agg(low=("x", "min"), rows=("t", "count")),
    ):
        run.check(make(lazy), make(df), **loose)


def joins(data, run):
    # Few different keys: many rows meet. A small budget holds no product of all with all, so only one side is large.
    kind = data.draw(st.sampled_from(["int64", "str", "float64", "datetime64[us]"]))
    left = data.draw(frames({"k": kind, "g": "bool", "x": "int64", "w": "float64"}, max_rows=12))
    right = data.draw(frames({"k": kind, "g": "bool", "x": "str"}, max_rows=8))
    small = data.draw(st.lists(VALUES[kind], min_size=2, max_size=3))
    for df in (left, right):
        picks = data.draw(st.lists(st.integers(0, len(small) - 1), min_size=len(df), max_size=len(df)))
        df["k"] = pd.Series([small[i] for i in picks], dtype=df.k.dtype)
    left = run.given(left)
    if run.executor == "small budget":
        right = right.drop_duplicates("k")
    how = data.draw(st.sampled_from(["inner", "left", "right", "outer"]))
    other = right.rename(columns={"k": "key"})
    lazy, lazy_right, lazy_other = run.lazy(left), dd.from_pandas(right, npartitions=min(2, len(right))), dd.from_pandas(other, npartitions=1)
    cases = [
        (lazy.merge(lazy_right, on="k", how=how), left.merge(right, on="k", how=how)),
        (lazy.merge(lazy_right, on=["k", "g"], how=how, suffixes=("_l", "_r")), left.merge(right, on=["k", "g"], how=how, suffixes=("_l", "_r"))),
        (lazy.merge(lazy_other, left_on="k", right_on="key", how=how), left.merge(other, left_on="k", right_on="key", how=how)),
    ]
    for result, expected in cases:
        found = run.compute(result)
        assert list(found.columns) == list(expected.columns)
        equal(any_order(found), any_order(expected))


def orders(data, run):
    df = run.given(data.draw(frames({"x": tuple(VALUES), "y": ("str", "float64", "int8"), "i": "int64"})))
    lazy = run.lazy(df)
    by = data.draw(st.sampled_from(["x", ["x", "y"], ["y", "x"], ["i", "y"]]))
    ascending = data.draw(st.booleans()) if isinstance(by, str) else [data.draw(st.booleans()) for _ in by]
    na_position = data.draw(st.sampled_from(["first", "last"]))
    expected = df.sort_values(by, ascending=ascending, na_position=na_position, kind="stable")
    run.check(lazy.sort_values(by, ascending=ascending, na_position=na_position), expected)
    n = data.draw(st.integers(1, 6))
    run.check(lazy.nlargest(n, "i"), df.nlargest(n, "i"))
    run.check(lazy.i.nsmallest(n), df.i.nsmallest(n))
    run.check(lazy.drop_duplicates("y"), df.drop_duplicates("y"))
    run.check(lazy.i.cumsum() + lazy.i, df.i.cumsum() + df.i)
    start = data.draw(st.integers(-2, len(df) + 2))
    run.check(lazy.loc[start : start + 5], df.loc[start : start + 5])


def texts_and_dates(data, run):
    df = run.given(data.draw(frames({"k": "str", "t": "datetime64[us]"})))
    lazy = run.lazy(df)
    for make in (
        lambda d: d.k.str.lower(),
        lambda d: d.k.str.len(),
        lambda d: d.k.str.contains("a"),
        lambda d: d.k.str.contains("^[ab]"),
        lambda d: d.k + "-" + d.k,
        lambda d: d.t.dt.year,
        lambda d: d.t.dt.month,
        lambda d: d.t.dt.day,
        lambda d: d.t.dt.hour,
        lambda d: d.t.dt.dayofweek,
        lambda d: d.t - d.t.min(),
    ):
        run.check(make(lazy), make(df))


def csv_files(data, run):
    df = run.given(data.draw(frames({"a": ("int64", "float64", "bool"), "k": "str", "b": ("Int64", "int8"), "z": "str"})))
    folder = data.draw(st.just(run.folder))
    ending, mark = data.draw(st.sampled_from(["\n", "\r\n"])), data.draw(st.booleans())
    path = folder / "random.csv"
    text = df.to_csv(index=False, lineterminator=ending)
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + text.encode())
    expected = pd.read_csv(path, float_precision="round_trip")
    size = None if run.executor == "small budget" else data.draw(st.sampled_from([None, 16, 40, 200]))
    found = run.compute(dd.read_csv(path, blocksize=size))
    text_columns = [c for c in expected.columns if expected[c].notna().any()]
    equal(found[text_columns].reset_index(drop=True), expected[text_columns])
    for old in folder.glob("out-*.csv"):
        old.unlink()
    names = run.lazy(df).to_csv(folder / "out-*.csv", index=False)
    written = pd.concat([pd.read_csv(name, dtype=str, keep_default_na=False) for name in names], ignore_index=True)
    equal(written, pd.read_csv(path, dtype=str, keep_default_na=False))


def parquet_files(data, run):
    df = run.given(data.draw(frames({name.strip("[]"): name for name in VALUES})))
    folder = run.folder / "frame"
    run.lazy(df).to_parquet(folder, overwrite=True)
    back = dd.read_parquet(folder)
    run.check(back, df)
    columns = data.draw(st.lists(st.sampled_from(list(df.columns)), min_size=1, max_size=3, unique=True))
    run.check(dd.read_parquet(folder, columns=columns), df[columns])
    run.check(dd.read_parquet(folder, columns=columns, filters=[("int64", ">", 0), ("str", "!=", "a")]), df[(df.int64 > 0) & (df["str"] != "a")][columns])


PROPERTIES = [operators_and_filters, reductions, counts_of_values, groups, joins, orders, texts_and_dates, csv_files, parquet_files]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.mark.parametrize("property_", PROPERTIES, ids=lambda p: p.__name__)
def test_frames_agree_with_pandas(property_, folder):
    @settings(max_examples=30, **SETTINGS)
    @given(st.data(), runs(["sync", "threads", "records"]))
    def check(data, run):
        run.folder = folder
        property_(data, run)

    check()


@pytest.mark.parametrize("property_", PROPERTIES, ids=lambda p: p.__name__)
def test_frames_agree_with_pandas_where_the_data_does_not_fit(property_, folder):
    @settings(max_examples=3, **SETTINGS)
    @given(st.data(), runs(["small budget"]))
    def check(data, run):
        run.folder = folder
        property_(data, run)

    check()


@pytest.mark.slow
@pytest.mark.parametrize("property_", PROPERTIES, ids=lambda p: p.__name__)
def test_frames_agree_with_pandas_in_other_processes(property_, folder):
    @settings(max_examples=4, **SETTINGS)
    @given(st.data(), runs(["processes"]))
    def check(data, run):
        run.folder = folder
        property_(data, run)

    check()
