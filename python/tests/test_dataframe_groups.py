"""Aggregates of groups that are made of all values of a group, against pandas."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd


def sample(dtype, missing=False):
    rng = np.random.default_rng(5)
    values = pd.Series(rng.integers(0, 100, 60)).astype(dtype)
    if missing:
        values[::7] = None
    return pd.DataFrame({"k": ["a", "b", "b", "c", "a", "b"] * 9 + ["d", "d", "e", "f", "f", "f"], "v": values, "w": values})


@pytest.mark.parametrize("aggregate", ["median", "skew"])
@pytest.mark.parametrize("npartitions", [1, 7])
@pytest.mark.parametrize(("dtype", "missing"), [("int64", False), ("uint8", False), ("float64", True), ("float32", True), ("Int64", True), ("Float64", True)])
def test_aggregates_of_all_values(aggregate, npartitions, dtype, missing):
    pdf = sample(dtype, missing)
    df = dd.from_pandas(pdf, npartitions=npartitions)
    expected = getattr(pdf.groupby("k"), aggregate)()
    result = getattr(df.groupby("k"), aggregate)()
    pd.testing.assert_frame_equal(result.compute(), expected, rtol=1e-5 if dtype == "float32" else 1e-9)
    assert "[pandas" not in _plan(result)
    mixed = df.groupby("k").agg({"v": ["sum", aggregate], "w": ["count"]}).compute()
    pd.testing.assert_frame_equal(mixed, pdf.groupby("k").agg({"v": ["sum", aggregate], "w": ["count"]}), rtol=1e-5 if dtype == "float32" else 1e-9)
    one = getattr(df.groupby("k").v, aggregate)().compute()
    pd.testing.assert_series_equal(one, getattr(pdf.groupby("k").v, aggregate)(), rtol=1e-5 if dtype == "float32" else 1e-9)


@pytest.mark.parametrize("aggregate", ["median", "skew"])
def test_groups_without_rows_and_of_equal_values(aggregate):
    pdf = pd.DataFrame({"k": [1, 1, 1, 2], "v": [3.0, 3.0, 3.0, np.nan]})
    df = dd.from_pandas(pdf, npartitions=2)
    pd.testing.assert_frame_equal(getattr(df.groupby("k"), aggregate)().compute(), getattr(pdf.groupby("k"), aggregate)())
    nothing = df[df.v > 10]
    pd.testing.assert_frame_equal(getattr(nothing.groupby("k"), aggregate)().compute(), getattr(pdf[pdf.v > 10].groupby("k"), aggregate)())


def test_the_reason_of_the_pandas_way_is_in_the_plan():
    df = dd.from_pandas(pd.DataFrame({"k": [1, 1, 2], "s": ["a", "b", "c"]}), npartitions=2)
    total = df.groupby("k").s.sum()
    assert "sum: column 's' of type str" in _plan(total)
    assert total.compute().tolist() == ["ab", "c"]


def test_a_mistake_is_an_error_and_no_slow_path():
    df = dd.from_pandas(pd.DataFrame({"k": [1, 1, 2], "s": ["a", "b", "c"]}), npartitions=2)
    with pytest.raises(TypeError, match="do not go together"):
        df.s - 1
    with pytest.raises(ValueError, match="keep must be"):
        df.drop_duplicates(keep="frist")
    with pytest.raises(KeyError, match="did you mean 's'"):
        df.sort_values("ss")


def _plan(collection):
    return repr(collection.expr)


KEYED = pd.DataFrame({"a": [0, 1, 2, 0, 1, 2, 0, 1], "b": [1, 1, 0, 0, 1, 1, 0, 0], "c": [1.0, None, 3.0, 4.0, None, 6.0, 7.0, 9.0], "s": list("xyzxyzxy")})


def same_groups(aggregate, pdf=KEYED):
    expected = aggregate(pdf)
    compare = pd.testing.assert_frame_equal if expected.ndim == 2 else pd.testing.assert_series_equal
    for npartitions in (1, 3):
        compare(aggregate(dd.from_pandas(pdf, npartitions=npartitions)).compute(), expected)


@pytest.mark.parametrize("name", ["sum", "idxmax", "shift", "rank", "describe", "any"])
def test_a_computed_key_with_the_name_of_a_column_leaves_that_column_in(name):
    same_groups(lambda df: getattr(df[["a", "b", "c"] if name == "idxmax" else list(df.columns)].groupby(df.a + 1), name)(), KEYED.dropna())


@pytest.mark.parametrize("name", ["sum", "min", "first", "prod"])
def test_fewer_values_than_min_count_give_none_beside_columns_of_text(name):
    rows = KEYED if name != "prod" else KEYED[["a", "b", "c"]]
    same_groups(lambda df: getattr(df.groupby("a"), name)(min_count=2), rows)
    same_groups(lambda df: getattr(df.groupby("a").c, name)(min_count=3), rows)


@pytest.mark.parametrize("name", ["sum", "mean", "min", "max", "var", "std", "first", "last", "median", "any", "all"])
def test_missing_values_that_are_not_skipped(name):
    same_groups(lambda df: getattr(df.groupby("a").c, name)(skipna=False))
    same_groups(lambda df: getattr(df.groupby("b")[["c"]], name)(skipna=False))


def test_options_that_an_aggregate_does_not_have():
    groups = dd.from_pandas(KEYED, npartitions=2).groupby("a")
    for name in ("mean", "var", "median", "count", "nunique"):
        with pytest.raises(TypeError, match="min_count"):
            getattr(groups.c, name)(min_count=1)
    with pytest.raises(TypeError, match="skipna"):
        groups.c.count(skipna=False)


@pytest.mark.parametrize("function", [np.std, np.var, np.sum, np.mean])
def test_functions_of_numpy_have_the_degrees_of_freedom_of_numpy(function):
    same_groups(lambda df: df.groupby("a").agg({"c": function}))
    same_groups(lambda df: df.groupby("a").c.agg(function))
    same_groups(lambda df: df.groupby("a").c.agg([function, "std"] if function is not np.std else [function, "var"]))


def test_aggregates_of_columns_that_were_not_chosen():
    groups = dd.from_pandas(KEYED, npartitions=2).groupby("a")
    with pytest.raises(KeyError, match="b"):
        groups[["c"]].agg({"b": "sum"})
    with pytest.raises(pd.errors.SpecificationError):
        groups.c.agg({"b": "sum"})


def test_a_part_whose_rows_all_have_no_group_is_transformed_to_missing_values():
    pdf = pd.DataFrame({"k": [1.0, 1.0, 2.0, None, None, None], "c": [1, 2, 3, 4, 5, 6]})
    same_groups(lambda df: df.groupby("k").c.transform(lambda x: x - x.mean()), pdf)
    same_groups(lambda df: df.groupby(["k", "c"])[["c"]].transform(lambda x: x * 2.0), pdf.assign(d=1.0))


@pytest.mark.parametrize("aggregate", ["sum", "count", "cumsum", "idxmax", "nunique"])
def test_the_name_of_the_index_is_a_key(aggregate):
    pdf = KEYED[["a", "b", "c"]].set_index("a").dropna().sort_index(kind="stable")
    same_groups(lambda df: getattr(df.groupby("a"), aggregate)(), pdf)
    same_groups(lambda df: getattr(df.groupby(["a", "b"]).c, aggregate)(), pdf)
    same_groups(lambda df: getattr(df.c.groupby("a"), aggregate)(), pdf)


def test_a_grouper_names_a_column():
    same_groups(lambda df: df.groupby(pd.Grouper(key="a")).c.sum())


def test_fewer_groups_than_partitions_are_transformed():
    expected = KEYED.groupby("b")[["a", "c"]].transform(lambda rows: rows - rows.mean())
    found = dd.from_pandas(KEYED, npartitions=8).groupby("b")[["a", "c"]].transform(lambda rows: rows - rows.mean())
    pd.testing.assert_frame_equal(found.compute(), expected)
