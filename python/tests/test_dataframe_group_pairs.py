"""Covariances and correlations of groups, and their largest and smallest values, against pandas."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd


def sample(n=300):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "k": rng.choice(list("abcd"), n),
            "j": rng.integers(0, 5, n),
            "x": np.where(rng.random(n) < 0.1, np.nan, rng.normal(1e6, 1, n)),
            "y": rng.integers(-5, 5, n),
            "b": rng.random(n) < 0.5,
            "f": rng.normal(size=n).astype("float32"),
            "i": pd.array(rng.integers(0, 9, n), dtype="Int64"),
            "t": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 9, n), "D"),
        }
    )
    frame.loc[::7, "i"] = pd.NA
    frame.loc[frame.k == "c", "x"] = np.nan
    return frame


ROWS = sample()
OF_PAIRS = {
    "correlations": lambda d: d.groupby("k")[["x", "y", "b", "f", "i"]].corr(),
    "covariances": lambda d: d.groupby("k")[["x", "y", "b", "f", "i"]].cov(),
    "two keys": lambda d: d.groupby(["k", "j"])[["x", "y"]].corr(),
    "numbers only": lambda d: d.groupby(["j", "k"]).corr(numeric_only=True),
    "few rows": lambda d: d.groupby(["k", "j"])[["x", "y"]].cov(min_periods=12),
    "degrees of freedom": lambda d: d.groupby("j")[["y", "f"]].cov(ddof=0),
    "a computed key": lambda d: d.groupby(d.y > 0)[["x", "f"]].corr(),
    "one row each": lambda d: d.drop_duplicates("k").groupby("k")[["x", "y"]].cov(),
}
OF_VALUES = {
    "largest": lambda d: d.groupby("k").x.nlargest(3),
    "smallest of two keys": lambda d: d.groupby(["k", "j"]).y.nsmallest(4),
    "dates": lambda d: d.groupby("j").t.nlargest(),
    "none": lambda d: d.groupby("k").f.nlargest(0),
    "more than there are": lambda d: d.groupby("k").x.nsmallest(1000),
    "the key itself": lambda d: d.groupby("y").y.nlargest(2),
    "a series by another": lambda d: d.x.groupby(d.k).nlargest(2),
    "nullable": lambda d: d.groupby("k").i.nsmallest(6),
    "a computed key": lambda d: d.groupby(d.y > 0).x.nlargest(2),
    "the last of equal ones": lambda d: d.groupby("k").y.nlargest(3, keep="last"),
    "without keys as labels": lambda d: d.groupby("k", group_keys=False).x.nlargest(2),
    "groups as they come": lambda d: d.groupby("k", sort=False).x.nlargest(2),
}


@pytest.mark.parametrize("npartitions", [1, 3, 7])
@pytest.mark.parametrize("case", OF_PAIRS)
def test_matrices_of_groups_are_those_of_pandas(case, npartitions):
    found = OF_PAIRS[case](dd.from_pandas(ROWS, npartitions=npartitions))
    assert "[pandas" not in str(found.explain())
    pd.testing.assert_frame_equal(found.compute(), OF_PAIRS[case](ROWS), atol=1e-7)


@pytest.mark.parametrize("npartitions", [1, 3, 7])
@pytest.mark.parametrize("case", OF_VALUES)
def test_the_largest_values_of_groups_are_those_of_pandas(case, npartitions):
    found = OF_VALUES[case](dd.from_pandas(ROWS, npartitions=npartitions))
    pd.testing.assert_series_equal(found.compute(), OF_VALUES[case](ROWS))


def test_the_largest_values_of_groups_need_no_pandas():
    assert "[pandas" not in str(dd.from_pandas(ROWS, npartitions=3).groupby("k").x.nlargest(3).explain())


def test_no_rows_have_no_matrices_and_no_largest_values():
    nothing = dd.from_pandas(ROWS, npartitions=3).query("y > 100").groupby("k")
    assert nothing[["x", "y"]].corr().compute().shape == (0, 2)
    assert nothing.x.nlargest(3).compute().shape == (0,)


def test_correlations_far_from_zero_keep_their_digits():
    """Of a sum of products of such numbers nothing would be left."""
    rows = ROWS.assign(x=ROWS.f + 1e9, y=ROWS.f * 1e-6 + ROWS.j)
    expected = rows.groupby("k")[["x", "y"]].corr()
    pd.testing.assert_frame_equal(dd.from_pandas(rows, npartitions=5).groupby("k")[["x", "y"]].corr().compute(), expected, atol=1e-6)


def test_what_has_no_order_is_refused():
    groups = dd.from_pandas(ROWS, npartitions=2).groupby("j")
    with pytest.raises(TypeError, match="nlargest"):
        groups.k.nlargest(2).compute()
    with pytest.raises(TypeError, match="n is 2.5, expected a whole number"):
        groups.x.nlargest(2.5)
    with pytest.raises(ValueError, match="pearson"):
        groups[["x", "y"]].corr(method="nope").compute()


OF_COUNTS = {
    "counts": lambda d: d.groupby("k").y.value_counts(),
    "of two keys": lambda d: d.groupby(["k", "j"]).y.value_counts(),
    "of floats, some missing": lambda d: d.assign(x=d.x.round()).groupby("j").x.value_counts(),
    "of texts": lambda d: d.groupby("j").k.value_counts(),
    "of nullable numbers": lambda d: d.groupby("k").i.value_counts(),
    "by a computed key": lambda d: d.groupby(d.y > 0).j.value_counts(),
    "shares": lambda d: d.groupby("k").y.value_counts(normalize=True),
    "of a key": lambda d: d.groupby("y").y.value_counts(),
    "missing ones": lambda d: d.groupby("k").i.value_counts(dropna=False),
}


@pytest.mark.parametrize("npartitions", [1, 3, 7])
@pytest.mark.parametrize("case", OF_COUNTS)
def test_counts_of_values_of_groups_are_those_of_pandas(case, npartitions):
    found, expected = OF_COUNTS[case](dd.from_pandas(ROWS, npartitions=npartitions)).compute(), OF_COUNTS[case](ROWS)
    pd.testing.assert_series_equal(found.sort_index(), expected.sort_index())
    groups, of_pandas = ([each.index.get_level_values(i) for i in range(each.index.nlevels - 1)] for each in (found, expected))
    assert all(a.equals(b) for a, b in zip(groups, of_pandas, strict=True))
    assert found.tolist() == expected.tolist()  # the most frequent first; of equally frequent ones the first of the group


@pytest.mark.parametrize("column", ["y", "x", "k", "i", "t"])
@pytest.mark.parametrize("by", ["j", ["j", "b"]])
def test_different_values_of_groups_are_those_of_pandas(column, by):
    found, expected = (each.groupby(by)[column].unique() for each in (dd.from_pandas(ROWS, npartitions=4), ROWS))
    found = found.compute()
    assert found.index.equals(expected.index)
    assert all(pd.Series(a).equals(pd.Series(b)) for a, b in zip(found, expected, strict=True))
