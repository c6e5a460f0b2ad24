"""Columns and rows: selection, filters, arithmetic, text and dates, against pandas on random frames."""

import operator
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plait
import plait.dataframe as dd
from frame_samples import EXECUTORS, equal, frames

partitions = st.integers(1, 4)
few = settings(max_examples=25, deadline=None)


@few
@given(frames(min_rows=1), partitions)
def test_a_frame_comes_back_as_it_was(df, npartitions):
    equal(dd.from_pandas(df, npartitions=npartitions).compute(), df)


@pytest.mark.parametrize("op", ["add", "sub", "mul", "truediv", "floordiv", "mod", "lt", "le", "gt", "ge", "eq", "ne"])
@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_operators_are_those_of_pandas(op, df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    call = getattr(operator, op)
    for make in (lambda d: call(d.f, 2), lambda d: call(d.f, d.i), lambda d: call(3, d.f), lambda d: call(d.i, 7)):
        equal(make(lazy).compute(), make(df))


@few
@given(frames(min_rows=1), partitions, st.integers(-1000, 1000))
def test_filters_keep_the_labels(df, npartitions, bound):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(lazy[lazy.i > bound].compute(), df[df.i > bound])
    equal(lazy[(lazy.f < bound) & lazy.b | (lazy.k == "a")].compute(), df[(df.f < bound) & df.b | (df.k == "a")])
    equal(lazy.f[~lazy.b].compute(), df.f[~df.b])
    equal(lazy[["f", "k"]].compute(), df[["f", "k"]])


@few
@given(frames(min_rows=1), partitions)
def test_assigned_columns_replace_or_follow(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(
        lazy.assign(x=lazy.i * 2, f=lazy.f + 1, one=1, word="w").compute(), df.assign(x=df.i * 2, f=df.f + 1, one=1, word="w")
    )
    lazy["y"] = lazy.i + lazy.g
    equal(lazy.compute(), df.assign(y=df.i + df.g))


@few
@given(frames(min_rows=1), partitions)
def test_text_methods_are_those_of_pandas(df, npartitions):
    k, lazy = df.k, dd.from_pandas(df, npartitions=npartitions).k
    for make in (
        lambda s: s.str.lower(),
        lambda s: s.str.upper(),
        lambda s: s.str.len(),
        lambda s: s.str.contains("a"),
        lambda s: s.str.contains("^A", regex=True),
        lambda s: s.str.startswith("A"),
        lambda s: s.str.endswith("c"),
        lambda s: s.str.strip(),
        lambda s: s.str.replace("a", "o"),
        lambda s: s.str.slice(0, 2),
        lambda s: s.str[0],
        lambda s: s.str.zfill(4),
        lambda s: s.isin(["a", "日本"]),
        lambda s: s.fillna("none"),
        lambda s: s.isna(),
    ):
        equal(make(lazy).compute(), make(k))


@few
@given(frames(min_rows=1), partitions)
def test_date_methods_are_those_of_pandas(df, npartitions):
    t, lazy = df.t, dd.from_pandas(df, npartitions=npartitions).t
    # A partition without a missing date has integer parts where pandas' whole column has floats.
    for name in ("year", "month", "day", "hour", "minute", "second", "dayofweek", "dayofyear", "quarter"):
        equal(getattr(lazy.dt, name).compute(), getattr(t.dt, name))
    equal(lazy.dt.floor("h").compute(), t.dt.floor("h"))


@few
@given(frames(min_rows=1), partitions)
def test_missing_values_are_found_filled_and_dropped(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(lazy.isna().compute(), df.isna())
    equal(lazy.dropna().compute(), df.dropna())
    equal(lazy.dropna(subset=["f"]).compute(), df.dropna(subset=["f"]))
    equal(lazy.f.fillna(0).compute(), df.f.fillna(0))
    equal(lazy.fillna({"f": 1.5, "k": "?"}).compute(), df.fillna({"f": 1.5, "k": "?"}))


@few
@given(frames(min_rows=1), partitions)
def test_columns_are_dropped_renamed_and_converted(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(lazy.drop(columns=["k", "t"]).compute(), df.drop(columns=["k", "t"]))
    equal(lazy.rename(columns={"i": "j"}).compute(), df.rename(columns={"i": "j"}))
    equal(lazy.astype({"i": "float64", "b": "int64"}).compute(), df.astype({"i": "float64", "b": "int64"}))
    equal(lazy.round(1).f.compute(), df.round(1).f)
    equal(lazy.f.clip(-1, 1).compute(), df.f.clip(-1, 1))
    equal(lazy.f.abs().compute(), df.f.abs())
    equal(lazy.f.where(lazy.b, -1.0).compute(), df.f.where(df.b, -1.0))
    equal(lazy.i.between(-5, 5).compute(), df.i.between(-5, 5))


@few
@given(frames(min_rows=1), partitions)
def test_functions_get_pandas_partitions(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(lazy.map_partitions(lambda part: part[["i"]] * 2).compute(), df[["i"]] * 2)
    equal(lazy.apply(lambda row: row.i + row.g, axis=1, meta=(None, "int64")).compute(), df.apply(lambda row: row.i + row.g, axis=1))
    equal(lazy.i.map(lambda v: v + 0.5).compute(), df.i.map(lambda v: v + 0.5))
    equal(lazy.k.map({"a": "A", "b": "B"}).compute(), df.k.map({"a": "A", "b": "B"}))


@pytest.mark.parametrize("scheduler", EXECUTORS)
def test_every_executor_gives_the_same(scheduler):
    df = pd.DataFrame({"k": list("abcab") * 20, "x": np.arange(100.0)})
    lazy = dd.from_pandas(df, npartitions=5)
    result = lazy[lazy.x > 10].assign(y=lazy.x * 2).compute(scheduler=scheduler)
    equal(result, df[df.x > 10].assign(y=df.x * 2))
    equal(lazy.map_partitions(lambda p: p.x + 1).compute(scheduler=scheduler), df.x + 1)


def test_object_columns_travel_as_pandas_objects():
    df = pd.DataFrame({"o": [{"a": 1}, [2], None, "x"], "i": [1, 2, 3, 4]})
    lazy = dd.from_pandas(df, npartitions=2)
    equal(lazy.compute(), df)
    equal(lazy[lazy.i > 2].compute(), df[df.i > 2])
    equal(lazy.i.sum().compute(), 10)
    assert len(lazy) == 4
    assert lazy.dtypes["o"] == object


def test_an_unknown_column_is_named_with_its_neighbours():
    lazy = dd.from_pandas(pd.DataFrame({"dep_delay": [1.0], "carrier": ["AA"]}), npartitions=1)
    with pytest.raises(KeyError, match="did you mean 'dep_delay'"):
        lazy["dep_dalay"]
    with pytest.raises(AttributeError):
        lazy.nothing
    with pytest.raises(KeyError, match="carrier"):
        lazy.groupby("carier")


def test_plans_are_pickled():
    df = pd.DataFrame({"k": list("abcab"), "x": np.arange(5.0)})
    lazy = dd.from_pandas(df, npartitions=2)
    grouped = lazy[lazy.x > 0].groupby("k").x.sum()
    again = pickle.loads(pickle.dumps(grouped))
    equal(again.compute(), grouped.compute())


def test_persisted_frames_are_pickled_with_their_partitions():
    df = pd.DataFrame({"k": pd.Categorical(list("abcab")), "x": np.arange(5.0), "o": [(1,), (2,), None, (4,), (5,)]})
    calls = []

    def count(part):
        calls.append(len(part))
        return part

    kept = dd.from_pandas(df, npartitions=2).map_partitions(count, meta=df).persist(scheduler="sync")
    again = pickle.loads(pickle.dumps(kept))
    equal(again.compute(), df)
    equal(pickle.loads(pickle.dumps(kept.x + 1)).compute(), df.x + 1)
    assert len(calls) == 2


def test_lazy_frames_show_their_structure():
    lazy = dd.from_pandas(pd.DataFrame({"x": [1, 2, 3], "y": [0.5, 1, 2]}), npartitions=2)
    assert repr(lazy).startswith("Dask DataFrame Structure:\n")
    assert "npartitions=2" in repr(lazy) and "int64" in repr(lazy)
    assert "Dask Series Structure" in repr(lazy.x)
    assert "<table" in lazy._repr_html_()
    assert "dtype=int64" in repr(lazy.x.sum())


def test_head_goes_on_where_partitions_are_short():
    df = pd.DataFrame({"x": range(12)})
    lazy = dd.from_pandas(df, npartitions=6)
    equal(lazy.head(5), df.head(5))
    equal(lazy[lazy.x > 8].head(2), df[df.x > 8].head(2))
    equal(lazy.tail(5), df.tail(5))
    equal(lazy.x.head(3), df.x.head(3))


def test_pandas_operations_are_marked(capsys):
    lazy = dd.from_pandas(pd.DataFrame({"x": [1.0, 2.0, 4.0]}), npartitions=2)
    equal(lazy.interpolate(method="index").compute(), pd.DataFrame({"x": [1.0, 2.0, 4.0]}))
    print(lazy.interpolate(method="index").explain())
    assert "[pandas" in capsys.readouterr().out


def test_numpy_functions_stay_lazy():
    df = pd.DataFrame({"x": [1.0, 4.0, 9.0]})
    lazy = dd.from_pandas(df, npartitions=2)
    equal(np.sqrt(lazy.x).compute(), np.sqrt(df.x))
    equal(np.add(lazy.x, 1).compute(), df.x + 1)
    equal(np.hypot(lazy.x, lazy.x).compute(), np.hypot(df.x, df.x))
    equal(lazy.index.compute(), df.index)


def test_several_results_share_their_work():
    df = pd.DataFrame({"x": range(100)})
    lazy = dd.from_pandas(df, npartitions=4)
    total, mean = plait.compute(lazy.x.sum(), lazy.x.mean())
    assert (total, mean) == (4950, 49.5)
