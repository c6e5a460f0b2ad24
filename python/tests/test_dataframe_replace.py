"""Values replaced by others, against pandas."""

import warnings

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal

FRAME = pd.DataFrame(
    {
        "i": [1, 2, 3, 1, 9, 2],
        "small": np.array([1, 2, 3, 4, 5, 6], dtype="int8"),
        "f": [1.0, 2.5, np.nan, 1.0, -1.0, np.nan],
        "h": np.array([1, 2.5, 0, 4, 5, 6], dtype="float32"),
        "b": [True, False, True, True, False, False],
        "s": pd.Series(["a", "b", None, "", "a", "1"], dtype="str"),
        "t": pd.to_datetime(["2020-01-01", "2020-01-02", None, "2020-01-01", None, "2021-01-01"]),
        "n": pd.array([1, None, 3, 1, 2, 2], dtype="Int64"),
        "c": pd.Categorical(["a", "b", "a", None, "b", "a"]),
    }
)

NATIVE = ["i", "small", "f", "h", "b", "s", "t"]
DAY = pd.Timestamp("2020-01-01")


def same(of, obj):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = of(obj)
        except (TypeError, ValueError):
            with pytest.raises((TypeError, ValueError)):
                of(dd.from_pandas(obj, npartitions=3)).compute()
            return
        for npartitions in (1, 3, 6):
            equal(of(dd.from_pandas(obj, npartitions=npartitions)).compute(), expected)


@pytest.mark.parametrize("name", NATIVE)
@pytest.mark.parametrize(
    "arguments",
    [
        (1, 5), (1.0, 5), (1, 5.0), (2.5, 7), (300, 3), (np.nan, 0.0), (True, False), (False, False), ("a", "z"), ("a", np.nan), ("", "empty"),
        (DAY, pd.Timestamp("2030-01-01")), (pd.NaT, DAY),
        ([1, 2], [2, 1]), ([1, 1], [2, 3]), ([1, "a", DAY], [2, "q", DAY]), ([1, 2], 7), ({1: 2, 2: 1},), ({"a": "b", "b": "a"},), ({},), ([], []),
        ([1, 2], [1]), ({1: 2}, 3), (1,),
    ],
)  # fmt: skip
def test_constants_in_a_series(name, arguments):
    same(lambda x: x.replace(*arguments), FRAME[name])


@pytest.mark.parametrize("name", ["n", "c"])
def test_what_the_engine_leaves_to_pandas(name):
    same(lambda x: x.replace(3, 4), FRAME[name])
    same(lambda x: x.replace({"q": "z"}), FRAME[name])


def test_constants_in_frames():
    df = FRAME[NATIVE]
    same(lambda d: d.replace(1, 5), df)
    same(lambda d: d.replace({"i": 1, "s": "a"}, 7), df[["i", "f"]])
    same(lambda d: d.replace({"i": 1, "f": 2.5}, 7), df)
    same(lambda d: d.replace({"i": {1: 5, 2: 1}, "s": {"a": "c"}}), df)
    same(lambda d: d.replace({"i": {1: 5}, "nowhere": {1: 2}}), df)
    same(lambda d: d.replace({"i": 1, "f": 1.0}, {"i": 3, "f": 4}), df)
    same(lambda d: d.replace([1, "a"], [2, "z"])[["i"]], df)
    renamed = df[["i", "f"]].rename(columns={"i": 1, "f": ("a", "b")})
    same(lambda d: d.replace({1: {1: 5}})[[1, ("a", "b")]], renamed)
    same(lambda d: d.replace("a.*", "z", regex=True), df[["s"]])


def test_constants_are_replaced_where_rows_are_read(capsys):
    lazy = dd.from_pandas(FRAME[NATIVE], npartitions=3)
    print(lazy.replace({"i": {1: 5}}).explain())
    assert "[pandas" not in capsys.readouterr().out
    print(lazy.i.replace(1, 1.5).explain())  # an integer column, where there is no 1
    assert "replace: 1.5 in a column of type int64" in capsys.readouterr().out
