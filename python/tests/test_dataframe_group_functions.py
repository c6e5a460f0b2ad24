"""What pandas makes of groups: functions of the user, one result a group; results for each row; some of the rows.

Groups are worked on partition by partition; the answer is that of pandas on all rows, with its order.
"""

import re

import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")
N = 300


def sample():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "k": rng.integers(0, 7, N),
            "j": rng.choice(["a", "b", None], N),
            "x": np.where(np.arange(N) % 17 == 0, np.nan, rng.normal(size=N)),
            "y": rng.integers(0, 50, N),
            "c": pd.Categorical(rng.choice(["u", "v"], N), categories=["w", "v", "u"]),
        },
        index=rng.permutation(N),
    )
    frame.loc[frame.k == 3, "y"] = 1  # a group of equal values
    return frame


def spread(values):
    return values.max() - values.min()


# One result, or several rows, for each group.
GROUPS = {
    "a number of a frame": lambda d: d.groupby("k").apply(lambda g: g.x.sum()),
    "rows with other labels": lambda d: d.groupby("k").apply(lambda g: g.nlargest(2, "y")),
    "rows with a column more": lambda d: d.groupby("k").apply(lambda g: g.assign(z=g.x - g.x.mean())),
    "a number of a column": lambda d: d.groupby("k").x.apply(spread),
    "some values of a column": lambda d: d.groupby("k").x.apply(lambda s: s.nlargest(2)),
    "by two keys, one of them missing at times": lambda d: d.groupby(["k", "j"]).apply(len),
    "a missing key is a group": lambda d: d.groupby("j", dropna=False).apply(len),
    "only categories that occur": lambda d: d.groupby("c", observed=True).apply(len),
    "by a key that is computed": lambda d: d.groupby(d.y % 3).apply(lambda g: g.x.max()),
    "functions of columns": lambda d: d.groupby("k").agg({"x": spread, "y": "sum"}),
    "a list of functions": lambda d: d.groupby("k").x.agg(["sum", spread]),
    "description": lambda d: d.groupby("k").x.describe(),
    "quantile": lambda d: d.groupby("k").x.quantile(0.3),
    "largest values": lambda d: d.groupby("k").x.nlargest(3),
    "label of the largest": lambda d: d.groupby("k").y.idxmax(),
    "correlations": lambda d: d.groupby("k")[["x", "y"]].corr(),
    "covariances by two keys": lambda d: d.groupby(["k", "c"], observed=True)[["x", "y"]].cov(),
}
# What the results make is only known of all groups together.
TOGETHER = {
    "series that may become rows": lambda d: d.groupby("k").apply(lambda g: g.x.nlargest(2)),
    "series that become rows": lambda d: d.groupby("k").apply(lambda g: pd.Series({"a": g.x.sum(), "b": len(g)})),
    "groups without rows": lambda d: d.groupby("c", observed=False).apply(len),
    "in the order of appearance": lambda d: d.groupby("k", sort=False).apply(len),
    "without keys as labels": lambda d: d.groupby("k", group_keys=False).apply(lambda g: g.nlargest(2, "y")),
    "without keys, like the rows": lambda d: d.groupby("k", group_keys=False).apply(lambda g: g.assign(z=g.x - g.x.mean())),
    "without keys, like the rows, where keys are missing": lambda d: d.groupby("j", group_keys=False).apply(lambda g: g.assign(z=g.x - g.x.mean())),
    "without keys, like the rows of some groups": lambda d: d.groupby("k", group_keys=False).apply(lambda g: g if len(g) > 40 else g.iloc[::-1]),
    "a column without keys": lambda d: d.groupby("k", group_keys=False).x.apply(lambda s: s - s.mean()),
    "a number without keys": lambda d: d.groupby("k", group_keys=False).apply(lambda g: g.x.sum()),
}
ROWS = {
    "mean": lambda d: d.groupby("k").x.transform("mean"),
    "a function": lambda d: d.groupby("k").x.transform(lambda s: s - s.mean()),
    "several columns": lambda d: d.groupby("k")[["x", "y"]].transform("sum"),
    "all columns": lambda d: d[["k", "x", "y"]].groupby("k").transform("max"),
    "keys that are missing at times": lambda d: d.groupby("j").y.transform("sum"),
    "a missing key is a group": lambda d: d.groupby("j", dropna=False).y.transform("sum"),
    "by a key that is computed": lambda d: d.x.groupby(d.y % 3).transform("max"),
    "by a column and a computed key": lambda d: d.groupby(["k", d.y > 20]).x.transform("min"),
    "running sums": lambda d: d.groupby("k").y.cumsum(),
    "running sums of several columns": lambda d: d.groupby("k")[["x", "y"]].cumsum(),
    "numbers of rows": lambda d: d.groupby("k").cumcount(),
    "the row before": lambda d: d.groupby("k").x.shift(1),
    "the row before, where keys are missing": lambda d: d.groupby("j").x.shift(1),
    "filled from before": lambda d: d.groupby("k").x.ffill(),
    "filled from behind by two keys": lambda d: d.groupby(["k", "j"]).x.bfill(),
    "ranks": lambda d: d.groupby("k").y.rank(method="first"),
    "differences": lambda d: d.groupby("k").x.diff(),
    "beside the other columns": lambda d: d.assign(m=d.groupby("k").y.transform("sum"), n=d.groupby("j").cumcount()),
    "of rows that a filter leaves": lambda d: d[d.y > 10].groupby("k").y.transform("sum"),
    "as a condition": lambda d: d[d.x > d.groupby("k").x.transform("mean")],
}
SOME_ROWS = {
    "first": lambda d: d.groupby("k").head(2),
    "last of a column": lambda d: d.groupby("k").x.tail(2),
    "first of two columns": lambda d: d.groupby("k")[["x", "y"]].head(1),
    "first by a key that is computed": lambda d: d.groupby(d.y % 3).head(2),
    "groups that satisfy a condition": lambda d: d.groupby("k").filter(lambda g: len(g) > 40),
    "groups of a column that do": lambda d: d.groupby("k").y.filter(lambda s: s.sum() > 1000),
}
ALL = GROUPS | {f"together: {name}": case for name, case in TOGETHER.items()}
ALL |= {f"rows: {name}": case for name, case in ROWS.items()} | {f"some rows: {name}": case for name, case in SOME_ROWS.items()}


@pytest.mark.parametrize("npartitions", [1, 5, 40])
@pytest.mark.parametrize("name", ALL)
def test_the_answer_is_that_of_pandas(name, npartitions):
    frame = sample()
    equal(ALL[name](dd.from_pandas(frame, npartitions=npartitions, sort=False)).compute(), ALL[name](frame))


@pytest.mark.parametrize("name", ["a number of a frame", "rows: a function", "some rows: groups that satisfy a condition"])
def test_in_other_processes_too(name):
    frame = sample()
    equal(ALL[name](dd.from_pandas(frame, npartitions=5, sort=False)).compute(scheduler="processes"), ALL[name](frame))


def test_each_partition_works_on_its_own_groups():
    df = dd.from_pandas(sample(), npartitions=5, sort=False)
    assert df.groupby("k").apply(len).npartitions == 5
    seen = df.groupby("k").x.transform("mean")
    assert seen.npartitions == 5
    assert seen.divisions == df.divisions
    assert re.search(r"groupby.transform: .* in 5 partitions", plait.explain(seen))


@pytest.mark.parametrize("npartitions", [2, 7])
def test_rows_with_equal_labels_keep_their_places(npartitions):
    frame = sample().set_axis(np.arange(N) % 90)
    df = dd.from_pandas(frame, npartitions=npartitions, sort=False)
    means = frame.groupby("k").x.transform("mean")
    equal(df.groupby("k").x.transform("mean").compute(), means)
    result = df.groupby("k", group_keys=False).apply(lambda g: g.assign(m=g.x.mean())).compute()
    equal(result, frame.drop(columns="k").assign(m=means))
    equal(df.groupby("k").head(3).compute(), frame.groupby("k").head(3))


def test_a_partition_without_rows_has_no_groups():
    frame = sample()
    df = dd.from_pandas(frame, npartitions=5, sort=False)
    for chosen in (lambda d: d[d.index < 40], lambda d: d[d.y > 1000]):
        result = chosen(df).groupby("k").apply(lambda g: g.x.sum()).compute()
        if len(chosen(frame)):
            equal(result, chosen(frame).groupby("k").apply(lambda g: g.x.sum()))
        assert len(result) == chosen(frame).k.nunique()
        equal(chosen(df).groupby("k").x.transform("mean").compute(), chosen(frame).groupby("k").x.transform("mean"))


def test_what_the_user_says_of_the_result_is_taken():
    frame = sample()
    df = dd.from_pandas(frame, npartitions=3, sort=False)
    result = df.groupby("k").apply(lambda g: g.x.sum(), meta=("total", "float64"))
    assert result.name == "total"
    equal(result.compute(), frame.groupby("k").apply(lambda g: g.x.sum()).rename("total"))
    shares = df.groupby("k").y.transform(lambda s: s / s.sum(), meta=("share", "float64"))
    equal(shares.compute(), frame.groupby("k").y.transform(lambda s: s / s.sum()).rename("share"))


def test_a_function_that_fails_says_where():
    df = dd.from_pandas(sample(), npartitions=3, sort=False)

    def fails_on_three(values):
        if len(values) > 2 and (values == 1).all():
            raise ArithmeticError("three")
        return values

    with pytest.raises(ArithmeticError, match="three"):
        df.groupby("k").y.transform(fails_on_three).compute()


@pytest.mark.parametrize("npartitions", [1, 2, 9])
def test_partitions_without_a_group_leave_the_labels_to_the_others(npartitions):
    frame = pd.DataFrame({"k": list("xyzx") * 3, "x": np.arange(12.0)[::-1]}, index=pd.Index(range(12), name="t"))
    groups = dd.from_pandas(frame, npartitions=npartitions).groupby("k")
    # A meta tells of columns; that the labels have two levels only the function knows.
    found = groups.apply(lambda g: g.nlargest(2, "x")[["x"]], meta={"x": "f8"})
    expected = frame.groupby("k").apply(lambda g: g.nlargest(2, "x")[["x"]])
    equal(found.compute().sort_index(), expected)
    equal(found.sort_values("x").compute(), expected.sort_values("x"))
    equal(found.nlargest(3, "x").compute(), expected.nlargest(3, "x"))
    assert found.sort_values("x").head(2).x.tolist() == expected.x.sort_values().head(2).tolist()
    assert len(found) == len(expected)
