"""merge by levels of the index, and joins by labels: pandas' rows, columns and labels, whatever side has which level."""

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd

HOWS = ["inner", "left", "right", "outer"]


def left_rows() -> pd.DataFrame:
    return pd.DataFrame({"b": list("uvuwvx"), "x": range(6)}, index=pd.Index([3, 1, 2, 2, 5, 7], name="a"))


def right_rows() -> pd.DataFrame:
    return pd.DataFrame({"b": list("uuvyw"), "c": [1, 2, 2, 3, 9], "y": np.arange(5) / 2}, index=pd.Index([2, 1, 2, 4, 7], name="a"))


def level(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def column(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index()


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis(pd.RangeIndex(1, 1 + len(frame), name="a"))



CASES: dict[str, tuple[Any, Any, dict]] = {
    "level and column": (level, column, {"on": "a"}),
    "column and level": (column, level, {"on": "a"}),
    "levels": (level, level, {"on": "a"}),
    "levels that number the rows": (numbered, numbered, {"on": "a"}),
    "a level that numbers the rows, and a column": (numbered, column, {"on": "a"}),
    "a column, and a level that numbers the rows": (column, numbered, {"on": "a"}),
    "level and column, then columns": (level, column, {"on": ["a", "b"]}),
    "columns, then level and column": (level, column, {"on": ["b", "a"]}),
    "columns, then column and level": (column, level, {"on": ["b", "a"]}),
    "levels, then columns": (level, level, {"on": ["a", "b"]}),
    "columns, then levels": (level, level, {"on": ["b", "a"]}),
    "a level as a key of another name": (level, level, {"left_on": "a", "right_on": "c"}),
    "another name, and a level": (level, level, {"left_on": "x", "right_on": "a"}),
    "a level beside a column of its name": (level, column, {"left_on": "a", "right_on": "c"}),
    "a level beside a key of another name": (level, column, {"left_on": ["a", "x"], "right_on": ["a", "c"]}),
    "a numbering as a key of another name": (numbered, column, {"left_on": "a", "right_on": "c"}),
    "columns of one name on both sides": (level, column, {"on": "a", "suffixes": ("_l", "")}),
}


def ordered(frame: pd.DataFrame, has_labels: bool) -> pd.DataFrame:
    rows = frame.reset_index() if has_labels else frame.reset_index(drop=True)
    return rows.sort_values(list(rows.columns)).reset_index(drop=True)


def check(found: Any, expected: pd.DataFrame) -> None:
    has_labels = expected.index.names != [None]
    result = found.compute()
    assert list(found.columns) == list(result.columns) == list(expected.columns)
    assert list(found._meta.index.names) == list(result.index.names) == list(expected.index.names)
    pd.testing.assert_frame_equal(ordered(result, has_labels), ordered(expected, has_labels))


@pytest.mark.parametrize("parts", [(1, 1), (3, 2)])
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("name", CASES)
def test_keys_that_are_levels(name: str, how: Any, parts: tuple[int, int]) -> None:
    make_left, make_right, keys = CASES[name]
    left, right = make_left(left_rows()), make_right(right_rows())
    lazy = [dd.from_pandas(frame, npartitions=n, sort=False) for frame, n in zip((left, right), parts)]
    check(lazy[0].merge(lazy[1], how=how, **keys), left.merge(right, how=how, **keys))


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("keys", [["a", "b"], ["b"], ["b", "a"]])
def test_keys_among_several_levels(how: Any, keys: list[str]) -> None:
    def merged(left: Any, right: Any) -> Any:
        return left.groupby(["a", "b"]).sum().merge(right.groupby(["b", "a"]).sum(), on=keys, how=how)

    left, right = column(left_rows()), column(right_rows())
    check(merged(dd.from_pandas(left, npartitions=2), dd.from_pandas(right, npartitions=3)), merged(left, right))


@pytest.mark.parametrize("make", [level, numbered])
@pytest.mark.parametrize("how", ["leftsemi", "leftanti"])
def test_rows_that_are_chosen_by_a_level_keep_their_labels(make: Any, how: Any) -> None:
    left, right = make(left_rows()), column(right_rows())
    found = dd.from_pandas(left, npartitions=3, sort=False).merge(dd.from_pandas(right, npartitions=2), on="a", how=how).compute()
    is_there = left.index.isin(right.a)
    pd.testing.assert_frame_equal(found, left[is_there if how == "leftsemi" else ~is_there], check_index_type=False)


def test_a_name_that_is_a_level_and_a_column_is_refused() -> None:
    left = left_rows().assign(a=1)
    lazy = dd.from_pandas(left, npartitions=2, sort=False)
    with pytest.raises(ValueError, match="'a' is both an index level and a column label, which is ambiguous"):
        lazy.merge(dd.from_pandas(right_rows(), npartitions=2), on="a")


def labelled(first: int, count: int, step: int = 1) -> pd.DataFrame:
    labels = np.arange(first, first + count * step, step).repeat(2)
    return pd.DataFrame({f"x{first}": np.arange(2.0 * count)}, index=pd.Index(labels, name="i"))


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("by", [{"left_index": True, "right_index": True}, {"on": "i"}])
@pytest.mark.parametrize("parts", list(itertools.product([1, 2, 4], [1, 3])))
def test_frames_joined_by_known_labels_have_known_divisions(how: Any, by: dict, parts: tuple[int, int]) -> None:
    left, right = labelled(0, 10), labelled(4, 6, 2)
    lazy = [dd.from_pandas(frame, npartitions=n) for frame, n in zip((left, right), parts)]
    joined = lazy[0].merge(lazy[1], how=how, **by)
    expected = left.merge(right, how=how, **by)
    assert joined.known_divisions
    pd.testing.assert_frame_equal(joined.compute(), expected, check_index_type=False)
    parts_of = [part.compute() for part in joined.partitions]
    for part, start, stop in zip(parts_of, joined.divisions, joined.divisions[1:]):
        assert all(start <= label <= stop for label in part.index)
    for label in (4, 5, 9, 14):
        if label in expected.index:
            pd.testing.assert_frame_equal(joined.loc[label].compute(), expected.loc[[label]], check_index_type=False)


def test_joins_by_labels_of_several_frames_are_cut_once() -> None:
    frames = [labelled(first, 12) for first in (0, 3, 5)]
    lazy = [dd.from_pandas(frame, npartitions=3) for frame in frames]
    joined = lazy[0].join(lazy[1], how="outer").join(lazy[2], how="inner")
    assert joined.known_divisions
    pd.testing.assert_frame_equal(joined.compute(), frames[0].join(frames[1], how="outer").join(frames[2], how="inner"), check_index_type=False)


def test_partitions_of_one_source_with_other_labels_are_aligned_by_them() -> None:
    frame = pd.DataFrame({"a": [0, 1, 2, 3, 4, 5], "b": [2, 3, 4, 5, 6, 7], "x": range(6)})
    lazy = dd.from_pandas(frame, npartitions=3)
    found = lazy.set_index("a", sorted=True, divisions=(0, 2, 4, 5)).x + lazy.set_index("b", sorted=True, divisions=(2, 4, 6, 7)).x
    pd.testing.assert_series_equal(found.compute(), frame.set_index("a").x + frame.set_index("b").x, check_names=False)
