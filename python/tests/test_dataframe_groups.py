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
    pd.testing.assert_frame_equal(
        getattr(nothing.groupby("k"), aggregate)().compute(), getattr(pdf[pdf.v > 10].groupby("k"), aggregate)()
    )


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
