"""Operations by key with many different keys, whose work is cut into parts by key: pandas' answers, whatever the memory budget."""

import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")

# One part; several whose results are put together; several that stay partitions of the result.
BUDGETS = ["1GB", "600kB", "150kB"]


def sample(rows=3000, seed=7):
    random = np.random.default_rng(seed)
    few = random.integers(0, rows // 3, rows)
    times = pd.Timestamp("2024-02-28") + pd.to_timedelta(random.integers(0, 200_000, rows), unit="s")
    return pd.DataFrame(
        {
            "i": few,
            "f": np.where(random.random(rows) < 0.1, np.nan, random.integers(0, rows // 2, rows) / 4),
            "t": pd.Series(few % 401).map("text {}".format).where(random.random(rows) > 0.05),
            "d": pd.Series(times.floor("min")).where(random.random(rows) > 0.05),
            "c": pd.Categorical(pd.Series(few % 53).map("c{}".format)),
            "b": few % 2 == 0,
            "n": pd.array(np.where(few % 7 == 0, None, few % 97), dtype="Int64"),
            "u": random.permutation(rows),
        },
        index=pd.Index(random.integers(0, rows, rows), name="label"),
    )


FRAME = sample()


def lazy_frames(frame):
    """One partition, several, some without rows."""
    yield dd.from_pandas(frame, npartitions=7, sort=False)
    rows = len(frame)
    pieces = [frame[:0], frame[: rows // 2], frame[rows // 2 : rows // 2 + 1], frame[:0], frame[rows // 2 + 1 :]]
    yield dd.concat([dd.from_pandas(piece, npartitions=1, sort=False) for piece in pieces])


def agree(operation, frame=FRAME, scheduler="threads", **how):
    expected = operation(frame)
    for budget in BUDGETS:
        with plait.config.set({"memory-budget": budget}):
            for lazy in lazy_frames(frame):
                found = operation(lazy).compute(scheduler=scheduler)
                if isinstance(expected, (pd.DataFrame, pd.Series)):
                    equal(found, expected, **how)
                elif isinstance(expected, float):
                    assert found == pytest.approx(expected, nan_ok=True)
                else:
                    assert found == expected


@pytest.mark.parametrize("subset", [["i"], ["t"], ["d", "c"], ["n", "b"], ["f"], None])
@pytest.mark.parametrize("keep", ["first", "last", False])
def test_drop_duplicates(subset, keep):
    agree(lambda f: f.drop_duplicates(subset=subset, keep=keep))


def test_rows_without_duplicates():
    agree(lambda f: f[["i", "t", "f"]].drop_duplicates())
    agree(lambda f: f[["c", "b"]].drop_duplicates(keep=False))
    agree(lambda f: f.drop_duplicates(subset=["i"], ignore_index=True))
    agree(lambda f: f.i.drop_duplicates(keep="last"))
    agree(lambda f: f.t.drop_duplicates(ignore_index=True))
    agree(lambda f: f.drop_duplicates(subset=["t"])[["u"]])
    for keep in ("first", "last", False):
        agree(lambda f, keep=keep: f[["i", "c"]].duplicated(keep=keep))
        agree(lambda f, keep=keep: f.t.duplicated(keep=keep))
    agree(lambda f: f[~f.duplicated(subset=["i"])])


def test_the_number_of_different_rows():
    for budget in BUDGETS:
        with plait.config.set({"memory-budget": budget}):
            for lazy in lazy_frames(FRAME):
                assert len(lazy.drop_duplicates(subset=["i", "c"])) == len(FRAME.drop_duplicates(subset=["i", "c"]))
                assert lazy.drop_duplicates(subset=["i"]).npartitions == lazy.npartitions


@pytest.mark.parametrize("column", ["i", "f", "t", "d", "n", "b"])
def test_different_values_of_a_series(column):
    agree(lambda f: f[column].nunique())
    agree(lambda f: f[column].nunique(dropna=False))
    agree(lambda f: f[column].value_counts())
    agree(lambda f: f[column].value_counts(ascending=True, dropna=False))
    agree(lambda f: f[column].value_counts(sort=False))
    agree(lambda f: f[column].value_counts(normalize=True))
    agree(lambda f: f[column].mode())
    expected = pd.Series(FRAME[column].unique(), name=column)
    for budget in BUDGETS:
        with plait.config.set({"memory-budget": budget}):
            for lazy in lazy_frames(FRAME):
                equal(lazy[column].unique().compute(), expected)


def test_different_values_of_a_frame():
    agree(lambda f: f.nunique())
    agree(lambda f: f.nunique(dropna=False))


KEYS = [["i"], ["t"], ["f"], ["d"], ["n"], ["t", "i"], ["c", "i"], ["b", "d", "f"]]


@pytest.mark.parametrize("by", KEYS, ids=",".join)
@pytest.mark.parametrize("sort", [True, False])
@pytest.mark.parametrize("dropna", [True, False])
def test_groups(by, sort, dropna):
    def groups(f):
        return f.groupby(by if len(by) > 1 else by[0], sort=sort, dropna=dropna, observed=True)

    agree(lambda f: groups(f).agg({"u": ["sum", "mean", "max"], "f": "count"} if "f" not in by else {"u": ["sum", "mean", "max"]}))
    agree(lambda f: groups(f).size())
    agree(lambda f: groups(f).u.median())
    agree(lambda f: groups(f).u.nunique())
    agree(lambda f: groups(f).u.first())


def test_groups_of_an_index_level_and_of_a_computed_key():
    agree(lambda f: f.groupby("label").u.sum())
    agree(lambda f: f.groupby(f.u // 2).i.mean())
    agree(lambda f: f.groupby(f.u // 2, sort=False).i.median())


def test_medians_and_quantiles():
    numbers = FRAME[["i", "f", "u"]]
    agree(lambda f: f.median(), numbers)
    agree(lambda f: f.quantile([0.1, 0.5, 0.99]), numbers)
    agree(lambda f: f.describe(), numbers)
    agree(lambda f: f.d.quantile(0.3))
    agree(lambda f: f.f.quantile([0, 0.25, 1]))


@pytest.mark.parametrize("scheduler", ["sync", "processes"])
def test_every_scheduler(scheduler):
    agree(lambda f: f.drop_duplicates(subset=["t"]), scheduler=scheduler)
    agree(lambda f: f.groupby(["t", "i"]).u.agg(["sum", "median"]), scheduler=scheduler)
    agree(lambda f: f.i.value_counts(), scheduler=scheduler)
    agree(lambda f: f[["i", "u"]].median(), scheduler=scheduler)


def timed(rows=2000, tz=None, seed=3):
    random = np.random.default_rng(seed)
    times = pd.Timestamp("2024-02-27 05:17", tz=tz) + pd.to_timedelta(np.sort(random.integers(0, 40 * 86_400, rows)), unit="s")
    times = times[(times.day < 10) | (times.day > 13)]  # spans without rows
    return pd.DataFrame({"x": random.normal(size=len(times)), "n": random.integers(0, 9, len(times))}, index=times.rename("time"))


@pytest.mark.parametrize("rule", ["h", "7min", "D", "3D", "W", "ME", "2ME", "QS", "B"])
@pytest.mark.parametrize("options", [{}, {"closed": "right"}, {"label": "right", "closed": "right"}], ids=str)
def test_resample(rule, options):
    for frame in (timed(), timed(tz="Europe/Berlin"), timed().iloc[::-1]):
        for name in ("sum", "mean", "count", "max", "median", "nunique", "std"):
            agree(lambda f, name=name: getattr(f.resample(rule, **options), name)(), frame, check_freq=False)
    agree(lambda f: f.resample(rule, **options).size(), timed(), check_freq=False)
    agree(lambda f: f.x.resample(rule, **options).first(), timed(), check_freq=False)
    agree(lambda f: f.resample(rule, **options)["n"].prod(), timed(), check_freq=False)
    agree(lambda f: f.resample(rule, **options).agg("min"), timed(), check_freq=False)


def test_resample_of_nothing_and_of_an_origin():
    agree(lambda f: f.resample("h").sum(), timed()[:0], check_freq=False)
    agree(lambda f: f.resample("17min", origin="epoch").sum(), timed(), check_freq=False)
    agree(lambda f: f.resample("17min", origin="start", offset="3min").sum(), timed(), check_freq=False)
    agree(lambda f: f.resample("17min", origin="end").sum(), timed(), check_freq=False)


def test_rows_that_are_distinct_are_narrowed_as_often_as_fewer_columns_are_wanted():
    frame = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "k": list("ababac"), "y": range(6)})

    def aligned(rows):
        distinct = rows.drop_duplicates("k")
        return distinct.assign(x=distinct[distinct.x <= 2].x)

    found, expected = aligned(dd.from_pandas(frame, npartitions=3)), aligned(frame)
    for columns in (["k"], ["k", "x"], ["y"], ["x", "k", "y"]):
        equal(found[columns].compute(), expected[columns])
    equal(found.duplicated(["k"]).compute(), expected.duplicated(["k"]))
