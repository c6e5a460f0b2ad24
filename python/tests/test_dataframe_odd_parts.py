"""Partitions that lack something: rows, values, categories; and columns of types that have no kernels of their own."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import plait
import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")

LISTS = pd.DataFrame({"k": [1, 2, 3], "l": [[1, 2], [], None], "s": [{"a": 1}, None, {"a": 2}]})
NOTHING = pd.DataFrame({"k": [4, 5], "l": [None, None], "s": [None, None]})


def lazy(frame, *bounds):
    """Partitions that begin at these rows."""
    ends = [*bounds[1:], len(frame)]
    parts = [plait.delayed(frame.iloc[start:end]) for start, end in zip(bounds, ends)]
    return dd.from_delayed(parts, meta=frame.iloc[:0], verify_meta=False)


@pytest.mark.parametrize("frames", [[LISTS, NOTHING], [NOTHING, LISTS], [LISTS.iloc[1:2], LISTS]])
def test_lists_and_structs_beside_a_file_without_any(tmp_path, frames):
    for i, frame in enumerate(frames):
        frame.to_parquet(tmp_path / f"{i}.parquet")
    found = dd.read_parquet(tmp_path).compute()
    whole = pd.concat(frames)
    assert [None if x is None else list(x) for x in found.l] == [None if x is None else list(x) for x in whole.l]
    assert [x and x["a"] for x in found.s] == [x and x["a"] for x in whole.s]


@pytest.mark.parametrize("value", [decimal.Decimal("1.5"), datetime.date(2020, 1, 2), datetime.time(3, 4), "x", 1.5])
def test_a_value_beside_a_file_of_missing_ones(tmp_path, value):
    pd.DataFrame({"x": [value, None]}).to_parquet(tmp_path / "0.parquet")
    pd.DataFrame({"x": [None]}).to_parquet(tmp_path / "1.parquet")
    x = dd.read_parquet(tmp_path).x
    assert x.count().compute() == 1 and x.compute().iloc[0] == value


def test_decimals_of_different_precision_in_two_files(tmp_path):
    pq.write_table(pa.table({"x": pa.array([decimal.Decimal("1.5")], pa.decimal128(5, 1))}), tmp_path / "0.parquet")
    pq.write_table(pa.table({"x": pa.array([decimal.Decimal("22.25")], pa.decimal128(9, 2))}), tmp_path / "1.parquet")
    assert dd.read_parquet(tmp_path).x.compute().tolist() == [decimal.Decimal("1.50"), decimal.Decimal("22.25")]


PRICES = pd.DataFrame(
    {
        "k": list("abcab"),
        "c": pd.Categorical(list("xyxyx"), categories=list("yxz")),
        "d": pd.Series([decimal.Decimal(i) / 4 for i in range(4)] + [None], dtype=pd.ArrowDtype(pa.decimal128(10, 2))),
        "n": range(5),
    }
)


@pytest.mark.parametrize("name", ["min", "max", "sum", "count", "first"])
def test_decimals_by_groups(name):
    f = lazy(PRICES, 0, 2, 2)
    pd.testing.assert_series_equal(getattr(f.groupby("k").d, name)().compute(), getattr(PRICES.groupby("k").d, name)())


def test_decimals_are_numbers_and_travel_with_other_columns():
    f = lazy(PRICES, 0, 2, 2)
    assert f.groupby("k").max(numeric_only=True).columns.tolist() == ["d", "n"]
    assert f.nlargest(2, "n").dtypes["d"] == PRICES.dtypes["d"]
    add = dd.Aggregation("add", lambda groups: groups.sum(), lambda groups: groups.sum())
    assert f.groupby("k").agg({"n": add}).compute().n.to_dict() == {"a": 3, "b": 5, "c": 2}


def test_a_condition_that_is_a_function_adds_no_rows():
    f = lazy(PRICES[["n"]], 0, 0, 2, 2)
    pd.testing.assert_frame_equal(f.mask(lambda d: d > 2).compute(), PRICES[["n"]].mask(lambda d: d > 2))
    pd.testing.assert_series_equal(f.n.where(lambda s: s > 2).compute(), PRICES.n.where(lambda s: s > 2))


def test_texts_of_a_concatenation_with_an_empty_piece():
    words = pd.DataFrame({"k": [3, 1, 2], "s": list("cab")})
    pieces = pd.concat([words.iloc[:1], words.iloc[1:1], words.iloc[1:]])
    assert dd.from_pandas(pieces, sort=False).sort_values("k").s.compute().tolist() == ["a", "b", "c"]
    assert dd.from_pandas(pieces.iloc[1:1]).s.compute().tolist() == []


@pytest.mark.parametrize("observed", [True, False])
def test_groups_of_no_rows_keep_their_categories(observed):
    none = lambda f: f[f.n > 9]  # noqa: E731
    found = none(lazy(PRICES, 0, 2)).groupby("c", observed=observed).n.sum().compute()
    pd.testing.assert_series_equal(found, none(PRICES).groupby("c", observed=observed).n.sum())


def test_a_part_without_rows_tells_its_categories():
    other = PRICES.assign(c=PRICES.c.cat.rename_categories({"y": "q"}))
    f, g = lazy(PRICES, 0, 2), lazy(other, 0, 2)
    found = dd.concat([f[f.n > 9], g]).c.compute()
    assert found.tolist() == other.c.tolist() and set(found.cat.categories) == {"x", "y", "z", "q"}


@pytest.mark.parametrize("how", ["inner", "left", "outer"])
def test_keys_of_other_categories_are_values(how):
    left = PRICES[["c", "n"]]
    right = pd.DataFrame({"c": pd.Categorical(["x", "w"]), "m": [1, 2]})
    found = lazy(left, 0, 2).merge(lazy(right, 0, 1), on="c", how=how).compute()
    expected = left.merge(right, on="c", how=how)
    assert found.c.dtype == expected.c.dtype and sorted(found.c) == sorted(expected.c)
    same = lazy(left, 0, 2).merge(lazy(left, 0, 1).drop_duplicates("c"), on="c", how=how).compute()
    assert same.c.dtype == left.c.dtype


def test_categories_of_a_file_of_no_rows(tmp_path):
    for i, (start, end) in enumerate([(0, 0), (0, 3), (3, 3), (3, 5)]):
        PRICES.iloc[start:end][["c", "n"]].to_parquet(tmp_path / f"{i}.parquet")
    found = dd.read_parquet(tmp_path, filters=[("n", ">", 1)])
    assert found.dtypes["c"] == "category" and found.compute().c.dtype == "category"
    assert found.compute().c.tolist() == PRICES.c.tolist()[2:]


def test_filter_to_nothing_then_shift_keeps_the_type():
    f = lazy(PRICES, 0, 2)
    found = f[f.n > 9].groupby("k").n.shift(1, fill_value=0).compute()
    assert found.dtype == PRICES[PRICES.n > 9].groupby("k").n.shift(1, fill_value=0).dtype


def test_keys_given_twice():
    with pytest.raises(pd.errors.MergeError, match="not a combination"):
        lazy(PRICES, 0).merge(lazy(PRICES, 0), on="k", left_on="k")


def test_all_missing_objects_as_categories():
    nothing = pd.DataFrame({"o": pd.Series([None, None, None], dtype=object), "n": range(3)})
    found = lazy(nothing, 0, 1).astype({"o": "category"}).compute()
    assert found.o.isna().all() and len(found.o.cat.categories) == 0
    assert np.isnan(lazy(nothing, 0, 1).o.astype("category").compute().cat.codes.where(lambda c: c >= 0)).all()
