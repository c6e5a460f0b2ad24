"""Names that are not there: misspelt ones have a near name, those of Dask, NumPy and pandas say that they are to come."""

import pandas as pd
import pytest

import plait
import plait.array as da
import plait.bag as db
import plait.dataframe as dd
from plait import _missing_names

FRAME = dd.from_pandas(pd.DataFrame({"value": range(9), "k": list("abcabcabc")}), npartitions=3)
OWNERS = {
    "plait.distributed": plait.distributed,
    "plait.distributed.comm": plait.distributed.comm,
    "plait.distributed.metrics": plait.distributed.metrics,
    "Client": object.__new__(plait.distributed.Client),
    "plait": plait,
    "plait.datasets": plait.datasets,
    "plait.array": da,
    "Array": da.ones(3),
    "plait.array.random": da.random,
    "plait.bag": db,
    "plait.ml": plait.ml,
    "Bag": db.range(4, npartitions=2),
    "Item": db.range(4, npartitions=2).sum(),
    "plait.dataframe": dd,
    "DataFrame": FRAME,
    "Series": FRAME.value,
    "Index": FRAME.index,
    "DataFrameGroupBy": FRAME.groupby("k"),
    "SeriesGroupBy": FRAME.groupby("k").value,
}


@pytest.mark.parametrize(
    ("owner", "name", "near"),
    [
        ("plait", "aray", "array"),
        ("plait.array", "meen", "mean"),
        ("plait.array.random", "nrmal", "normal"),
        ("plait.bag", "read_txt", "read_text"),
        ("Bag", "foldbi", "foldby"),
        ("Item", "aply", "apply"),
        ("plait.dataframe", "read_cvs", "read_csv"),
        ("Array", "meen", "mean"),
        ("DataFrame", "gruopby", "groupby"),
        ("DataFrame", "valeu", "value"),
        ("Series", "meen", "mean"),
        ("Index", "mxa", "max"),
        ("DataFrameGroupBy", "valu", "value"),
        ("SeriesGroupBy", "meen", "mean"),
    ],
)
def test_a_misspelt_name_is_an_ordinary_attribute_error_with_the_nearest_name(owner, name, near):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'; did you mean .*'{near}'"):
        getattr(OWNERS[owner], name)
    assert not hasattr(OWNERS[owner], name)


@pytest.mark.parametrize("owner", OWNERS)
def test_a_name_that_is_like_no_other_has_no_suggestion(owner):
    with pytest.raises(AttributeError, match="has no attribute 'xylophonequartet'$"):
        OWNERS[owner].xylophonequartet


@pytest.mark.parametrize(
    ("owner", "name"),
    [("plait.array", "kron"), ("plait.dataframe", "read_excel"), ("Array", "byteswap"), ("DataFrame", "sort_index"), ("SeriesGroupBy", "ohlc")],
)
def test_a_name_of_numpy_or_pandas_says_that_it_is_to_come(owner, name):
    with pytest.raises(AttributeError, match=f"{owner}.{name} is not there yet"):
        getattr(OWNERS[owner], name)


@pytest.mark.parametrize("owner", _missing_names._OF_DASK)
def test_what_is_to_come_is_not_there(owner):
    for name in _missing_names._OF_DASK[owner].split():
        with pytest.raises(AttributeError, match=f"{owner}.{name} is not there yet"):
            getattr(OWNERS[owner], name)


def test_columns_complete():
    assert {"value", "k"} <= set(dir(FRAME)) & set(dir(FRAME.groupby("k")))
    assert FRAME._ipython_key_completions_() == ["value", "k"]
