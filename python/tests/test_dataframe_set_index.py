"""set_index: rows in the order of a column, in partitions whose divisions are known."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import EXECUTORS, equal

pytestmark = pytest.mark.filterwarnings("ignore")


def frame(n=60, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "i": rng.integers(-50, 50, n),
            "s": rng.integers(0, 5, n).astype("int8"),
            "f": rng.normal(size=n).round(2),
            "k": pd.Series([f"t{x:02d}" for x in rng.integers(0, 30, n)], dtype="str"),
            "t": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), unit="h"),
            "z": (pd.Timestamp("2020-01-01", tz="Europe/Berlin") + pd.to_timedelta(rng.integers(0, 1000, n), unit="h")),
            "d": pd.to_timedelta(rng.integers(-500, 1000, n), unit="min"),
            "row": range(n),
        }
    )


def check_divisions(found):
    assert found.known_divisions
    divisions = found.divisions
    assert len(divisions) == found.npartitions + 1
    assert list(divisions) == sorted(divisions)
    for i in range(found.npartitions):
        part = found.partitions[i].compute(scheduler="sync")
        if len(part):
            assert divisions[i] <= part.index.min()
            last = i == found.npartitions - 1
            assert part.index.max() <= divisions[i + 1] if last else part.index.max() < divisions[i + 1]
            assert part.index.is_monotonic_increasing


@pytest.mark.parametrize("column", ["i", "s", "f", "k", "t", "z", "d"])
@pytest.mark.parametrize("npartitions", [1, 4])
@pytest.mark.parametrize("drop", [True, False])
def test_divisions_are_known(column, npartitions, drop):
    p = frame()
    found = dd.from_pandas(p, npartitions=npartitions).set_index(column, drop=drop)
    check_divisions(found)
    equal(found.compute(), p.set_index(column, drop=drop).sort_index(kind="stable"))
    assert 1 <= found.npartitions <= npartitions
    some = found.divisions[0]
    equal(found.loc[some:some].compute(), p.set_index(column, drop=drop).sort_index(kind="stable").loc[some:some])


@pytest.mark.parametrize("scheduler", EXECUTORS)
def test_rows_are_aligned_after_set_index(scheduler):
    p, q = frame(30, 1).drop_duplicates("i"), frame(40, 2).drop_duplicates("i")
    f, g = dd.from_pandas(p, npartitions=3).set_index("i"), dd.from_pandas(q, npartitions=4).set_index("i")
    a, b = p.set_index("i").sort_index(), q.set_index("i").sort_index()
    equal((f.row + g.row).compute(scheduler=scheduler), a.row + b.row)
    equal(f.assign(x=g.f).compute(scheduler=scheduler), a.assign(x=b.f))


def test_divisions_that_are_given():
    p = frame()
    found = dd.from_pandas(p, npartitions=3).set_index("i", divisions=[-50, 0, 20, 50])
    assert found.divisions == (-50, 0, 20, 50)
    check_divisions(found)
    equal(found.compute(), p.set_index("i").sort_index(kind="stable"))
    with pytest.raises(ValueError, match="divisions must be sorted"):
        dd.from_pandas(p, npartitions=3).set_index("i", divisions=[0, -50])
    assert dd.from_pandas(p, npartitions=3).set_index("i", npartitions=2).npartitions == 2


def test_rows_that_are_sorted_already():
    p = frame().sort_values("t").reset_index(drop=True).drop_duplicates("t")
    f = dd.from_pandas(p, npartitions=4)
    found = f.set_index("t", sorted=True)
    assert found.npartitions == 4
    check_divisions(found)
    equal(found.compute(), p.set_index("t"))


def test_rows_that_are_said_to_be_sorted_and_are_not_are_sorted_with_a_warning():
    p = frame()
    with pytest.warns(UserWarning, match="the rows are not in the order of 'i'; they are sorted"):
        found = dd.from_pandas(p, npartitions=4).set_index("i", sorted=True)
    check_divisions(found)
    equal(found.compute(), p.set_index("i").sort_index(kind="stable"))
    within = pd.DataFrame({"i": [2, 1, 3, 4], "row": range(4)})
    with pytest.warns(UserWarning, match="they are sorted"):
        assert dd.from_pandas(within, npartitions=2).set_index("i", sorted=True).compute().index.tolist() == [1, 2, 3, 4]


def test_labels_that_give_no_divisions():
    p = frame(20)
    p.loc[3, "f"] = np.nan
    f = dd.from_pandas(p.assign(c=p.k.astype("category"), b=p.i > 0), npartitions=3)
    for column in ("f", "c", "b"):
        found = f.set_index(column)
        assert not found.known_divisions
        assert sorted(found.compute().row) == list(range(20))
    assert not f.set_index("i", sort=False).known_divisions
    equal(f.set_index("i", sort=False).row.compute(), p.set_index("i").row)
    nothing = f[f.i > 1000].set_index("i")
    assert len(nothing) == 0


def test_the_index_becomes_a_column_again():
    p = frame()
    f = dd.from_pandas(p, npartitions=3)
    found = f.set_index("i", npartitions=2).reset_index()
    equal(found.compute().reset_index(drop=True), p.sort_values("i", kind="stable")[["i", *[c for c in p.columns if c != "i"]]].reset_index(drop=True))
