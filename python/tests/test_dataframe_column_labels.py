"""Columns that are more than names: several levels, categories, a name of their own; and rows as records."""

import pickle

import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")

VISITS = pd.DataFrame(
    {"user": list("abcabc"), "event": pd.Categorical(list("vbvbvv"), categories=list("bvz")), "amount": [1.0, 2.0, 3.0, np.nan, 5.0, 6.0], "n": range(6)}
)


@pytest.fixture(params=[1, 3])
def visits(request):
    return dd.from_pandas(VISITS, npartitions=request.param)


def test_keys_beside_aggregates_of_two_levels(visits):
    how = {"amount": ["sum", "max"], "n": ["min"]}
    found, expected = visits.groupby("user").agg(how).reset_index(), VISITS.groupby("user").agg(how).reset_index()
    pd.testing.assert_frame_equal(found.compute(), expected)
    assert found.columns.tolist() == expected.columns.tolist()
    assert found[("amount", "max")].compute().tolist() == expected[("amount", "max")].tolist()
    pd.testing.assert_series_equal(found["user"].compute(), expected["user"])
    pd.testing.assert_frame_equal(found["amount"].compute(), expected["amount"])
    two = visits.groupby(["user", "event"], observed=True).agg(how).reset_index().compute()
    pd.testing.assert_frame_equal(two, VISITS.groupby(["user", "event"], observed=True).agg(how).reset_index())


def test_categories_as_columns(visits):
    table = visits.pivot_table(index="user", columns="event", values="amount", aggfunc="sum")
    assert isinstance(table.columns, pd.CategoricalIndex) and table.columns.name == "event"
    assert isinstance(table.compute().columns, pd.CategoricalIndex) and table.compute().columns.tolist() == ["b", "v", "z"]
    assert table["v"].compute().to_dict() == {"a": 1.0, "b": 5.0, "c": 9.0}
    for again in (pickle.loads(pickle.dumps(table)), table.persist(), plait.persist(table)[0]):
        pd.testing.assert_frame_equal(again.compute(), table.compute())


def test_dummies_of_categories(visits):
    pd.testing.assert_frame_equal(dd.get_dummies(visits.event).compute(), pd.get_dummies(VISITS.event))
    columns = dd.get_dummies(visits[["event", "n"]])
    pd.testing.assert_frame_equal(columns.compute(), pd.get_dummies(VISITS[["event", "n"]]))


def test_named_columns_of_a_function(visits):
    found = visits.map_partitions(lambda part: part[["n"]].rename_axis(columns="what"))
    assert found.columns.name == "what" and found.compute().columns.name == "what"


def test_rows_as_records(visits):
    numbers = visits[["n", "amount"]]
    records = numbers.to_records(lengths=True)
    expected = VISITS[["n", "amount"]].to_records()
    assert records.shape == (6,) and records.dtype.names == ("index", "n", "amount")
    assert records.dtype["n"] == expected.dtype["n"]
    np.testing.assert_array_equal(records.compute()["n"], expected["n"])
    np.testing.assert_array_equal(records["n"].compute(), expected["n"])
    assert np.isnan(numbers.to_records().shape[0])
    assert numbers.to_records(index=False).dtype.names == ("n", "amount")
    with pytest.raises(ValueError, match="lengths are given"):
        numbers.to_records(lengths=[1] * 99)


def test_records_with_texts(visits):
    records = visits[["user", "n"]].to_records(lengths=True).compute()
    assert records["user"].tolist() == list("abcabc") and records.dtype.names == ("index", "user", "n")
