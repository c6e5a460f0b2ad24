"""Frames that come together: labels and their names, labels of two kinds, lists of frames, tables of two keys."""

import pickle

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from plait.dataframe import utils

pytestmark = pytest.mark.filterwarnings("ignore")


def lazy(obj, npartitions=2):
    return dd.from_pandas(obj, npartitions=npartitions)


@pytest.mark.parametrize("npartitions", [1, 2])
@pytest.mark.parametrize("how", ["left", "right", "inner", "outer"])
@pytest.mark.parametrize("names", [("L", "R"), ("L", None), (None, "R"), (None, None), ("c", "a"), ("same", "same")])
def test_joined_labels_have_the_name_of_the_side_that_leads(names, how, npartitions):
    left = pd.DataFrame({"a": [1, 2, 3, 5]}, index=pd.Index([1, 2, 3, 4], name=names[0]))
    right = pd.DataFrame({"c": [1, 2, 3]}, index=pd.Index([2, 3, 9], name=names[1]))
    found = lazy(left, npartitions).join(lazy(right, npartitions), how=how).compute()
    pd.testing.assert_frame_equal(found.sort_index(), left.join(right, how=how).sort_index())


@pytest.mark.parametrize("npartitions", [1, 2])
@pytest.mark.parametrize("swap", [False, True])
def test_text_and_whole_numbers_as_labels(swap, npartitions):
    text = pd.DataFrame({"a": [1, 2]}, index=["a", "b"])
    numbers = pd.DataFrame({"a": [3, 4]}, index=[0, 1])
    both = [numbers, text] if swap else [text, numbers]
    frames = [lazy(each, npartitions) for each in both]
    pd.testing.assert_frame_equal(dd.concat(frames).compute(), pd.concat(both))
    pd.testing.assert_series_equal(dd.concat([each.a for each in frames]).compute(), pd.concat([each.a for each in both]))


def test_text_and_whole_numbers_in_a_column():
    both = [pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"a": [1, 2]})]
    pd.testing.assert_frame_equal(dd.concat([lazy(each, 1) for each in both]).compute(), pd.concat(both))


def test_a_float_column_without_values_takes_the_type_of_the_texts():
    both = [pd.DataFrame({"a": [np.nan, np.nan]}), pd.DataFrame({"a": ["x", "y"]})]
    assert dd.concat([lazy(each) for each in both]).compute().a.tolist()[2:] == ["x", "y"]


def test_columns_in_order():
    both = [pd.DataFrame({"b": [1], "a": [2]}), pd.DataFrame({"b": [1], "c": [2]})]
    found = dd.concat([lazy(each, 1) for each in both], sort=True).compute()
    pd.testing.assert_frame_equal(found, pd.concat(both, sort=True))
    assert dd.concat([lazy(both[0], 1)] * 2, sort=True).columns.tolist() == pd.concat([both[0]] * 2, sort=True).columns.tolist()


def test_categories_lose_their_order():
    ordered = pd.Series(pd.Categorical(["a", "b"], ordered=True), name="c")
    plain = pd.Series(pd.Categorical(["b", "a"], ordered=False), name="c")
    for one, other in ((ordered, plain), (ordered.to_frame(), plain.to_frame())):
        found = dd.concat([lazy(one, 1), lazy(other, 1)], ignore_order=True).compute()
        column = found if found.ndim == 1 else found.c
        assert column.astype(str).tolist() == ["a", "b", "b", "a"] and not column.cat.ordered


def test_a_list_of_frames_is_joined():
    frames = [pd.DataFrame({name: range(4)}, index=range(k, k + 4)) for k, name in enumerate("abc")]
    first, *others = map(lazy, frames)
    for how in ("left", "inner", "outer"):
        expected = frames[0].join(frames[1:], how=how)
        # pandas makes floats of all of them on its way.
        pd.testing.assert_frame_equal(first.join(others, how=how).compute().sort_index(), expected.sort_index(), check_dtype=False)
    with pytest.raises(ValueError, match="on= and suffixes are for one"):
        first.join(others, on="a")


def test_one_series_beside_nothing_is_a_frame():
    series = pd.Series([1, 2], name="s")
    pd.testing.assert_frame_equal(dd.concat([lazy(series)], axis=1).compute(), pd.concat([series], axis=1))
    pd.testing.assert_series_equal(dd.concat([lazy(series)]).compute(), series)


def test_the_columns_of_a_frame_are_no_keys():
    frame = lazy(pd.DataFrame({"k": [1, 2], "x": [1, 2]}))
    with pytest.raises(NotImplementedError, match="found a lazy frame"):
        frame.merge(frame, on=frame[["k"]])


def test_merge_takes_what_the_method_takes():
    left, right = pd.DataFrame({"k": [1, 2, 3], "a": [1, 2, 3]}), pd.DataFrame({"k": [2, 3, 4], "b": [5, 6, 7]})
    merged = dd.merge(lazy(left), lazy(right), on="k", shuffle_method="tasks", npartitions=3, broadcast=True)
    assert merged.npartitions == 3
    pd.testing.assert_frame_equal(merged.compute().reset_index(drop=True), left.merge(right, on="k"))
    with pytest.raises(ValueError, match="shuffle_method"):
        dd.merge(lazy(left), lazy(right), on="k", shuffle_method="pigeon")


def test_a_column_that_begins_with_an_underscore_is_an_attribute():
    left, right = pd.DataFrame({"k": [1, 2, 3]}), pd.DataFrame({"k": [2, 3, 4]})
    merged = lazy(left).merge(lazy(right), on="k", how="outer", indicator=True)
    assert sorted(merged._merge.compute()) == ["both", "both", "left_only", "right_only"]
    merged._merge = merged._merge == "both"
    assert merged["_merge"].sum().compute() == 2
    with pytest.raises(AttributeError, match="_nosuch"):
        pickle.loads(pickle.dumps(merged))._nosuch  # noqa: B018


@pytest.mark.parametrize("values", ["B", ["B"], ["B", "D"]], ids=str)
@pytest.mark.parametrize("aggfunc", ["mean", "sum", "count", "first", "last"])
def test_a_table_of_two_keys_has_a_column_for_every_category(values, aggfunc):
    frame = pd.DataFrame({"A": np.repeat(list("xy"), 10), "C": pd.Categorical(list("abca") * 5), "B": np.arange(20.0), "D": np.arange(20)})
    found = lazy(frame, 4).pivot_table(index="A", columns="C", values=values, aggfunc=aggfunc).compute()
    expected = frame.pivot_table(index="A", columns="C", values=values, aggfunc=aggfunc, observed=False)
    assert list(found.columns) == list(expected.columns)
    pd.testing.assert_frame_equal(found.set_axis(expected.columns, axis=1), expected)


@pytest.mark.parametrize("wrong", [{"index": ["A"]}, {"columns": "nosuch"}, {"aggfunc": ["sum"]}, {"columns": "A"}], ids=str)
def test_a_table_of_two_keys_says_what_is_wrong(wrong):
    frame = pd.DataFrame({"A": list("xy"), "C": pd.Categorical(list("ab")), "B": [1, 2]})
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}"):
        lazy(frame).pivot_table(**({"index": "A", "columns": "C", "values": "B"} | wrong))


def test_pandas_objects_are_taken_for_lazy_ones():
    frame = pd.DataFrame({"x": range(10)}, index=range(1, 11))
    assert dd.repartition(frame, [0, 4, 20]).divisions == (0, 4, 20)
    rolled = dd.map_overlap(lambda part: part.rolling(2).sum(), frame, 1, 0)
    pd.testing.assert_frame_equal(rolled.compute(), frame.rolling(2).sum())
    pd.testing.assert_frame_equal(dd.get_dummies(pd.DataFrame({"k": list("ab")})), pd.get_dummies(pd.DataFrame({"k": list("ab")})))


def test_labels_are_set():
    frame = pd.DataFrame({"x": range(4), "y": range(4)})
    rows = lazy(frame)
    rows.index = rows.x * 10
    frame.index = frame.x * 10
    pd.testing.assert_frame_equal(rows.compute(), frame)
    with pytest.raises(TypeError, match="lazy series or index"):
        rows.index = [1, 2, 3, 4]


def test_meta_with_labels():
    meta = utils.make_meta({"a": "i8"}, index=pd.Index([], dtype="f8", name="k"), parent_meta=pd.DataFrame())
    pd.testing.assert_frame_equal(meta, pd.DataFrame({"a": pd.Series([], dtype="i8")}, index=pd.Index([], dtype="f8", name="k")))


def test_texts_become_one_or_stand_behind_each_other():
    series = pd.Series(["a", None, "c", "d"], name="s")
    rows = lazy(series)
    assert rows.str.cat(sep="-").compute() == series.str.cat(sep="-")
    upper = series.str.upper()
    for others, plain in ((rows.str.upper(), upper), ([rows.str.upper(), rows], [upper, series])):
        pd.testing.assert_series_equal(rows.str.cat(others, sep=":", na_rep="?").compute(), series.str.cat(plain, sep=":", na_rep="?"))


def test_every_match_has_a_row_and_divisions_are_not_known():
    series = pd.Series(["a1b2", "c3", "d"], index=[10, 20, 30])
    found = lazy(series).str.extractall(r"([a-z])(\d)")
    assert not found.known_divisions
    pd.testing.assert_frame_equal(found.compute(), series.str.extractall(r"([a-z])(\d)"))


def test_labels_of_texts_and_categories():
    frame = pd.DataFrame({"x": range(4)}, index=pd.Index(list("abca"), name="k"))
    rows = dd.from_pandas(frame, npartitions=2, sort=False)
    pd.testing.assert_index_equal(rows.index.str.upper().compute(), frame.index.str.upper())
    assert "upper" in dir(rows.index.str)
    categories = frame.set_index(pd.CategoricalIndex(frame.index)).index
    labels = dd.from_pandas(frame.set_index(categories), npartitions=2, sort=False).index
    assert labels.cat.known and not labels.cat.ordered and labels.cat.categories.tolist() == ["a", "b", "c"]
    assert labels.cat.codes.compute().tolist() == categories.codes.tolist()
    pd.testing.assert_index_equal(labels.cat.as_ordered().compute(), categories.as_ordered())
    assert labels.cat.add_categories(["z"]).cat.remove_unused_categories().compute().categories.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["str", "dt", "cat"])
def test_methods_of_another_type_say_of_which(name):
    with pytest.raises(AttributeError, match=f"Can only use .{name} accessor"):
        getattr(lazy(pd.Series([1.5, 2.5])), name)


def test_no_rows_beside_dates_change_nothing_of_the_labels():
    dated = pd.DataFrame({"a": [1.0]}, index=pd.to_datetime(["2020-01-01"]))
    nothing = pd.DataFrame({"a": pd.Series([], dtype=float)})
    pd.testing.assert_frame_equal(dd.concat([lazy(nothing, 1), lazy(dated, 1)]).compute(), pd.concat([nothing, dated]))


@pytest.mark.parametrize("labels", [list("abcdef"), pd.date_range("2020", periods=6), range(6)])
def test_frames_behind_each_other_whose_labels_only_one_of_them_still_has(labels):
    frame = pd.DataFrame({"x": range(6), "k": list("ababab")}, index=pd.Index(labels, name="i"))

    def joined(rows, concat):
        return concat([rows, rows[rows.x > 2]])

    both = joined(dd.from_pandas(frame, npartitions=3), dd.concat), joined(frame, pd.concat)
    for make in (lambda d: d.groupby("k").x.sum(), lambda d: d.x.sum(), lambda d: d[["x"]].describe(), lambda d: d.k.nunique(), lambda d: d.k.value_counts()):
        found, expected = make(both[0]).compute(), make(both[1])
        assert found.equals(expected) if isinstance(expected, (pd.Series, pd.DataFrame)) else found == expected
    pd.testing.assert_frame_equal(both[0].compute(), both[1], check_freq=False)


def test_frames_with_objects_behind_each_other_whose_labels_are_kept_in_another_way():
    frame = pd.DataFrame({"o": pd.Series([1, "a", (2,)], dtype=object), "x": range(3)})
    rows = dd.from_pandas(frame, npartitions=2)
    pd.testing.assert_frame_equal(dd.concat([rows, rows[rows.x > 1]]).compute(), pd.concat([frame, frame[frame.x > 1]]))
