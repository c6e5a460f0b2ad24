"""Reductions, groups, distinct values, joins and sorts, against pandas on random frames."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plait.dataframe as dd
from frame_samples import EXECUTORS, equal, frames

partitions = st.integers(1, 4)
few = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize("name", ["sum", "mean", "count", "min", "max", "var", "std", "prod", "nunique"])
@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_reductions_of_columns(name, df, npartitions):
    df = df.assign(f=df.f / 1e3)
    lazy = dd.from_pandas(df, npartitions=npartitions)
    for column in ("f", "i", "g"):
        if name == "prod" and column == "i":
            continue
        equal(getattr(lazy[column], name)().compute(), getattr(df[column], name)())
    if name in ("count", "nunique"):
        equal(getattr(lazy, name)().compute(), getattr(df, name)())
    elif name != "prod":
        equal(getattr(lazy[["i", "f"]], name)().compute(), getattr(df[["i", "f"]], name)())
    if name in ("min", "max"):
        equal(getattr(lazy.t, name)().compute(), getattr(df.t, name)())


@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_lengths(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    assert len(lazy) == len(df)
    assert len(lazy[lazy.i > 0]) == (df.i > 0).sum()
    assert lazy.shape[0].compute() == len(df)


@pytest.mark.parametrize("by", ["k", "g", ["g", "b"], ["k", "g"]])
@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_groups_give_what_pandas_gives(by, df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    spec = {"f": ["sum", "mean", "count", "min", "max", "var", "std"], "i": ["sum", "first", "last"]}
    equal(lazy.groupby(by).agg(spec).compute(), df.groupby(by).agg(spec))
    equal(lazy.groupby(by).agg({"f": "mean", "i": "max"}).compute(), df.groupby(by).agg({"f": "mean", "i": "max"}))
    equal(lazy.groupby(by).f.sum().compute(), df.groupby(by).f.sum())
    equal(lazy.groupby(by)[["f", "i"]].mean().compute(), df.groupby(by)[["f", "i"]].mean())
    equal(lazy.groupby(by).i.agg(["min", "max"]).compute(), df.groupby(by).i.agg(["min", "max"]))
    equal(lazy.groupby(by).size().compute(), df.groupby(by).size())
    equal(lazy.groupby(by).f.count().compute(), df.groupby(by).f.count())


@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_groups_by_series_and_named_aggregates(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(lazy.groupby(lazy.i > 0).f.sum().compute(), df.groupby(df.i > 0).f.sum())
    equal(
        lazy.groupby("g").agg(total=("f", "sum"), n=("i", "count")).compute(),
        df.groupby("g").agg(total=("f", "sum"), n=("i", "count")),
    )
    equal(lazy.f.groupby(lazy.g).max().compute(), df.f.groupby(df.g).max())


@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_distinct_values(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    assert list(lazy.g.unique().compute()) == list(df.g.unique())
    equal(lazy.k.value_counts().compute().sort_index(), df.k.value_counts().sort_index())
    equal(lazy.g.value_counts().compute().sort_index(), df.g.value_counts().sort_index())
    equal(lazy[["g", "b"]].drop_duplicates().compute(), df[["g", "b"]].drop_duplicates())
    equal(lazy.g.drop_duplicates().compute(), df.g.drop_duplicates())


@few
@given(df=frames(min_rows=1), npartitions=partitions)
def test_the_largest_rows(df, npartitions):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    equal(lazy.nlargest(3, "i").compute(), df.nlargest(3, "i"))
    equal(lazy.i.nsmallest(2).compute(), df.i.nsmallest(2))


@pytest.mark.parametrize("how", ["inner", "left", "right", "outer"])
@few
@given(left=frames(min_rows=1), right=frames(min_rows=1, max_rows=8), parts=st.tuples(partitions, partitions))
def test_merges_have_the_rows_of_pandas(how, left, right, parts):
    a, b = dd.from_pandas(left, npartitions=parts[0]), dd.from_pandas(right, npartitions=parts[1])
    result = a.merge(b, on=["g", "b"], how=how).compute()
    expected = left.merge(right, on=["g", "b"], how=how)
    order = list(expected.columns)
    equal(
        result.sort_values(order).reset_index(drop=True), expected.sort_values(order).reset_index(drop=True), check_dtype=True
    )


@few
@given(df=frames(min_rows=1), npartitions=partitions, ascending=st.booleans())
def test_sorted_values(df, npartitions, ascending):
    lazy = dd.from_pandas(df, npartitions=npartitions)
    result = lazy.sort_values("f", ascending=ascending).compute()
    equal(result, df.sort_values("f", ascending=ascending, kind="stable"))
    equal(lazy.sort_values(["g", "i"]).compute().i, df.sort_values(["g", "i"], kind="stable").i)


@pytest.mark.parametrize("scheduler", EXECUTORS)
def test_groups_and_joins_on_every_executor(scheduler):
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"k": rng.choice(list("abcd"), 1000), "x": rng.normal(size=1000)})
    names = pd.DataFrame({"k": list("abcd"), "name": ["A", "B", "C", "D"]})
    lazy = dd.from_pandas(df, npartitions=7)
    spec = {"x": ["mean", "count"]}
    equal(lazy.groupby("k").agg(spec).compute(scheduler=scheduler), df.groupby("k").agg(spec))
    joined = lazy.merge(dd.from_pandas(names, npartitions=1), on="k").groupby("name").x.sum()
    equal(joined.compute(scheduler=scheduler), df.merge(names, on="k").groupby("name").x.sum())


def test_describe_of_one_partition_is_that_of_pandas():
    df = pd.DataFrame({"x": [1.0, 2.0, 4.0, 8.0], "n": [3, 1, 4, 1]})
    equal(dd.from_pandas(df, npartitions=1).describe().compute(), df.describe())


def test_unknown_aggregates_are_refused_at_once():
    lazy = dd.from_pandas(pd.DataFrame({"k": [1], "x": [1.0]}), npartitions=1)
    with pytest.raises(ValueError):
        lazy.groupby("k").agg({"x": "meann"})


def test_concat_puts_frames_one_after_the_other():
    a, b = pd.DataFrame({"x": [1, 2], "y": [0.5, 1.5]}), pd.DataFrame({"x": [3], "z": ["c"]})
    result = dd.concat([dd.from_pandas(a, npartitions=2), dd.from_pandas(b, npartitions=1)]).compute()
    equal(result, pd.concat([a, b]))


def test_users_aggregations_are_made_of_the_chunks_of_partitions():
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"k": rng.integers(0, 4, 100), "x": rng.integers(0, 50, 100).astype(float), "y": rng.random(100)})
    lazy = dd.from_pandas(df, npartitions=3)
    seen = []

    def extremes(groups):
        seen.append(sum(len(group) for _, group in groups))
        return groups.max(), groups.min()

    spread = dd.Aggregation("spread", extremes, lambda high, low: (high.max(), low.min()), lambda high, low: high - low)
    total = dd.Aggregation("total", lambda groups: groups.sum(), lambda parts: parts.sum())
    groups = df.groupby("k")
    spread_of_x = groups.x.max() - groups.x.min()
    lazy_spread = lazy.groupby("k").x.agg(spread)
    seen.clear()  # of made-up rows
    equal(lazy_spread.compute(scheduler="sync"), spread_of_x)
    assert sorted(seen) == [33, 33, 34]
    equal(lazy.groupby("k").agg({"x": spread, "y": total}).compute(), pd.DataFrame({"x": spread_of_x, "y": groups.y.sum()}))
    both = lazy.groupby("k").agg({"x": [spread, total]}).compute()
    equal(both, pd.DataFrame({("x", "spread"): spread_of_x, ("x", "total"): groups.x.sum()}))
    beside = lazy.groupby("k").x.agg([spread, "max"]).compute()
    equal(beside, pd.DataFrame({"spread": spread_of_x, "max": groups.x.max()}))


def test_a_series_without_a_name_is_grouped():
    df = pd.DataFrame({"k": [1, 2, 1, 2, 3], "x": [1.0, 2, 3, 4, 5], "y": [2.0, 2, 2, 3, 3]})
    lazy = dd.from_pandas(df, npartitions=2)
    total = dd.Aggregation("total", lambda groups: groups.sum(), lambda parts: parts.sum())
    for make in (
        lambda d: (d.x * d.y).groupby(d.k).sum(),
        lambda d: (d.x * d.y).groupby(d.k % 2).mean(),
        lambda d: (d.x * d.y).groupby([d.k % 2, d.y > 2]).max(),
        lambda d: (d.x * d.y).groupby(d.k).agg(["min", "count"]),
        lambda d: (d.x * d.y).groupby(d.k).size(),
        lambda d: (d.x * d.y).groupby(d.k).median(),
        lambda d: (d.x * d.y).groupby(d.k).nunique(),
    ):
        equal(make(lazy).compute(), make(df))
    equal((lazy.x * lazy.y).groupby(lazy.k).agg(total).compute(), (df.x * df.y).groupby(df.k).sum())
