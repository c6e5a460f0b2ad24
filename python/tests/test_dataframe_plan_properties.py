"""Random plans over files: whatever the optimizer moves, joins or streams, the answer is pandas' own.

A plan is a chain of steps on a frame ``d`` that is read from CSV or Parquet files, where steps may look at a second one, ``e``,
and at reductions of both: of what the plan has come to, and of the files themselves.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plait
import plait.dataframe as dd
from frame_samples import equal
from plan_samples import through_a_record

pytestmark = pytest.mark.filterwarnings("ignore")


def concat(frames):
    return (pd if isinstance(frames[0], pd.DataFrame) else dd).concat(frames)


def above(d, column, bound):
    return d[d[column] > bound]


def by_number(e):
    return e.groupby("n").agg(v=("x", "max"), c=("k", "count")).reset_index()


def on_sides(d):
    return d[(d.x > -2) & (d.n < 8) & (d.v > d.x) & (d.c > 5)]


def with_own_mean(d):
    return d[d.v > d.x.mean()].drop(columns=["v", "c"])


STEPS = {
    "filter by own mean": lambda d, e: d[d.x > d.x.mean() - 1],
    "filter by another's minimum": lambda d, e: d[d.n > e.n.min()],
    "filter by text": lambda d, e: d[(d.k != "a") | d.b],
    "filter by membership": lambda d, e: d[d.n.isin([1, 2, 3, 5, 8])],
    "centre": lambda d, e: d.assign(x=d.x - d.x.mean()),
    "fill with own mean": lambda d, e: d.assign(x=d.x.fillna(d.x.mean())),
    "fill with another's maximum": lambda d, e: d.assign(x=d.x.fillna(e.x.max())),
    "scale by both": lambda d, e: d.assign(x=d.x / (e.x.max() - d.x.min() + 1)),
    "new column": lambda d, e: d.assign(z=d.x * 2 + d.n),
    "drop what is missing": lambda d, e: d.dropna(subset=["x"]),
    "select": lambda d, e: d[["n", "x", "b", "k"]],
    "rename there and back": lambda d, e: d.rename(columns={"n": "m"})[["m", "x", "k", "b"]].rename(columns={"m": "n"}),
    "other type": lambda d, e: d.assign(n=d.n.astype("float64")),
    "text": lambda d, e: d.assign(k=d.k.str.upper().fillna("none")),
    "join": lambda d, e: d.merge(e[e.b][["n", "x"]].rename(columns={"x": "w"}).drop_duplicates(subset=["n"])[["n"]], on="n", how="inner"),
    "left join": lambda d, e: d[["n", "x", "b", "k"]].merge(e.groupby("k").n.max().reset_index().rename(columns={"n": "most"}), on="k", how="left"),
    "filter below a new column": lambda d, e: above(d.assign(z=d.x * 2 + d.n, x=d.x + 1), "n", 4),
    "filter by a new column": lambda d, e: above(d.assign(z=d.x * 2 + d.n), "z", 1),
    "filter below a mean": lambda d, e: above(d.assign(x=d.x - d.x.mean()), "n", 2),
    "filter below names": lambda d, e: above(d.rename(columns={"n": "m", "x": "n"}), "m", 4).rename(columns={"n": "x", "m": "n"}),
    "filter on the sides of a join": lambda d, e: on_sides(d[["n", "x", "b", "k"]].merge(by_number(e), on="n", suffixes=("", "_e"))),
    "filter on one side of a join": lambda d, e: on_sides(d[["n", "x", "b", "k"]].merge(by_number(e), on="n", how="left", suffixes=("", "_e"))),
    "join twice, then filter": lambda d, e: above(
        d[["n", "x", "b", "k"]].merge(by_number(e), on="n").merge(e.groupby("k").x.max().reset_index().rename(columns={"x": "y"}), on="k"), "n", 3
    ),
    "both a join and its rows": lambda d, e: with_own_mean(d[["n", "x", "b", "k"]].merge(by_number(e), on="n")),
    "numbers of rows": lambda d, e: d.reset_index(drop=True)[["x", "n", "k", "b"]],
    "append": lambda d, e: concat([d, e])[["x", "n", "k", "b"]],
    "itself again": lambda d, e: concat([d, d[d.b]]),
}

ENDS = {
    "rows": lambda d, e: [d[["x", "n", "k"]]],
    "one column": lambda d, e: [d.x],
    "sums": lambda d, e: [d[["x", "n"]].sum(), d.x.count(), e.x.sum() + d.n.sum()],
    "groups": lambda d, e: [d.groupby("k").agg({"x": ["sum", "count"], "n": "max"}), d.n.nunique()],
    "groups of two keys": lambda d, e: [d.groupby(["k", "b"]).x.mean()],
    "counts": lambda d, e: [d.k.value_counts(), d.x.max(), d[d.x < d.x.mean()].n.min()],
    "different rows": lambda d, e: [d.drop_duplicates(subset=["n", "k"])[["x", "n"]], d[~d.duplicated(subset=["k", "n"], keep="last")].n, d[["n", "x"]].nunique()],
    "groups as they come": lambda d, e: [d.groupby(["k", "n"], sort=False).x.agg(["sum", "median"]), d.x.value_counts()],
    "medians": lambda d, e: [d.x.median(), d[["x", "n"]].quantile([0.2, 0.7]), d.groupby("n").x.median()],
    "difference": lambda d, e: [d.x - d.x.max(), d.x.mean()],
    "spread": lambda d, e: [((d.x - d.x.mean()) ** 2).sum(), d.x.var()],
}


def sample(seed, rows):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "x": np.where(random.random(rows) < 0.2, np.nan, random.integers(-40, 40, rows) / 8),
            "n": random.integers(0, 10, rows),
            "k": random.choice(["a", "b", "cd", "é"], rows),
            "b": random.random(rows) < 0.5,
            "unused": random.random(rows),
        }
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    for name, seed in (("d", 1), ("e", 2)):
        for part in range(3):
            frame = sample(10 * seed + part, 120)
            frame.to_csv(folder / f"{name}-{part}.csv", index=False)
            frame.to_parquet(folder / f"{name}-{part}.parquet", row_group_size=25)
    return folder


def whole(files, name):
    return pd.concat([pd.read_csv(path) for path in sorted(files.glob(f"{name}-*.csv"))])


def lazy(files, name, kind):
    if kind == "csv":
        return dd.read_csv(str(files / f"{name}-*.csv"), blocksize=2000)
    return dd.read_parquet(str(files / f"{name}-*.parquet"))


def in_order(obj):
    """Rows by their values: joins and groups may come in another order."""
    if isinstance(obj, pd.DataFrame) and "x" in obj.columns:
        return obj.sort_values(list(obj.columns)).reset_index(drop=True)
    if isinstance(obj, pd.Series) and obj.index.nlevels == 1 and not isinstance(obj.index.dtype, pd.StringDtype):
        return obj.sort_values().reset_index(drop=True)
    return obj.sort_index() if isinstance(obj, (pd.DataFrame, pd.Series)) else obj


@settings(deadline=None, derandomize=True, max_examples=120, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=4),
    end=st.sampled_from(sorted(ENDS)),
    kinds=st.tuples(*[st.sampled_from(["csv", "parquet"])] * 2),
    scheduler=st.sampled_from(["sync", "threads", "records"]),
    budget=st.sampled_from(["1GB", "100kB"]),  # the smaller one cuts keys into parts
)
def test_plans_over_files_give_what_pandas_gives(files, steps, end, kinds, scheduler, budget):
    with plait.config.set({"memory-budget": budget}):
        plan_gives_what_pandas_gives(files, steps, end, kinds, scheduler)


def plan_gives_what_pandas_gives(files, steps, end, kinds, scheduler):
    expected, others = whole(files, "d"), whole(files, "e")
    result, other = lazy(files, "d", kinds[0]), lazy(files, "e", kinds[1])
    for step in steps:
        expected, result = STEPS[step](expected, others), STEPS[step](result, other)
    expected, result = ENDS[end](expected, others), ENDS[end](result, other)
    for lazies, is_optimized in ((result, False), (through_a_record(*result), True)):
        computed = plait.compute(*lazies, scheduler=scheduler, optimize_graph=not is_optimized)
        for of_plait, of_pandas in zip(computed, expected, strict=True):
            if isinstance(of_pandas, (pd.DataFrame, pd.Series)):
                equal(in_order(of_plait), in_order(of_pandas))
            else:
                assert of_plait == pytest.approx(of_pandas, nan_ok=True)
