"""What Dask's frames have beyond pandas' methods: other partitions, functions that look around, approximations, accessors."""

import datetime
import pickle

import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as dd

dask_frames = pytest.importorskip("dask.dataframe")

DATES = pd.date_range("2020-01-01", periods=12, freq="D")
PDF = pd.DataFrame({"x": np.arange(12), "y": np.linspace(0, 1, 12), "k": list("cabcabcabcab")}, index=DATES)
SCHEDULERS = ("sync", "threads", "processes")


def lazy(npartitions=3, rows=PDF):
    return dd.from_pandas(rows, npartitions=npartitions)


def theirs(npartitions=3, rows=PDF):
    return dask_frames.from_pandas(rows, npartitions=npartitions)


def same(ours, expected, **kwargs):
    """Values under every executor, and again after pickling."""
    compare = pd.testing.assert_frame_equal if expected.ndim == 2 else pd.testing.assert_series_equal
    for scheduler in SCHEDULERS:
        compare(ours.compute(scheduler=scheduler), expected, check_freq=False, **kwargs)
    compare(pickle.loads(pickle.dumps(ours)).compute(scheduler="sync"), expected, check_freq=False, **kwargs)


# Other partitions


@pytest.mark.parametrize("cuts", [[0, 5, 11], [0, 1, 2, 3, 11], [0, 11], [0, 10, 11]])
def test_rows_are_cut_at_labels_as_in_dask(cuts):
    divisions = [DATES[i] for i in cuts]
    ours, expected = lazy().repartition(divisions=divisions), theirs().repartition(divisions=divisions)
    assert ours.divisions == expected.divisions == tuple(divisions)
    assert [len(part) for part in plait.compute(*ours.to_delayed())] == [len(part) for part in expected.partitions]
    same(ours, PDF)
    same(dd.repartition(PDF, divisions).x, PDF.x)


def test_forced_divisions_reach_beyond_the_rows():
    day = pd.Timedelta("1D")
    divisions = [DATES[0] - 9 * day, DATES[0] - 5 * day, DATES[6], DATES[-1] + day]
    ours = lazy().repartition(divisions=divisions, force=True)
    assert ours.divisions == tuple(divisions)
    same(ours, PDF)


@pytest.mark.parametrize("freq", ["7D", "3D", "MS", "2W"])
def test_partitions_are_spans_of_time_as_in_dask(freq):
    ours = lazy().repartition(freq=freq)
    assert ours.divisions == tuple(dict.fromkeys(theirs().repartition(freq=freq).divisions))  # Dask's last one may come twice
    same(ours, PDF)


@pytest.mark.parametrize("size", [100, "300B", "1kB", 100000])
def test_partitions_are_of_a_size(size):
    whole = PDF[["x", "y"]].reset_index(drop=True)
    ours = lazy(4, whole).repartition(partition_size=size)
    limit = size if isinstance(size, int) else {"300B": 300, "1kB": 1000}[size]
    assert max(ours.memory_usage_per_partition(deep=True).compute()) <= limit + 132  # an index of a range takes so much by itself
    pd.testing.assert_frame_equal(ours.compute(), whole)


WRONG_PARTITIONS = [
    (ValueError, "rows would be left out", lambda f: f.repartition(divisions=[DATES[1], DATES[-1]])),
    (ValueError, "set force=True", lambda f: f.repartition(divisions=[DATES[0] - pd.Timedelta("1D"), DATES[-1]])),
    (ValueError, "must be different and in order", lambda f: f.repartition(divisions=[DATES[0], DATES[5], DATES[5], DATES[-1]])),
    (TypeError, "has no order with the frame's labels", lambda f: f.repartition(divisions=[0, 5])),
    (ValueError, "expected at least two divisions", lambda f: f.repartition(divisions=[DATES[0]])),
    (ValueError, "the divisions of the frame are not known", lambda f: f.clear_divisions().repartition(divisions=[DATES[0], DATES[-1]])),
    (ValueError, "exactly one of", lambda f: f.repartition(divisions=[1], npartitions=2)),
    (ValueError, "partition_size must be at least 1", lambda f: f.repartition(partition_size=0)),
    (TypeError, "freq= is for frames whose index is of dates", lambda f: f.reset_index().repartition(freq="D")),
    (ValueError, "force= goes with divisions=", lambda f: f.repartition(npartitions=2, force=True)),
]


@pytest.mark.parametrize("number", range(len(WRONG_PARTITIONS)))
def test_partitions_that_cannot_be_are_refused(number):
    kind, message, make = WRONG_PARTITIONS[number]
    with pytest.raises(kind, match=message):
        make(lazy())


def test_divisions_are_forgotten_and_found_again():
    rows = lazy()
    assert rows.clear_divisions().divisions == (None,) * 4
    assert rows.clear_divisions().compute_current_divisions() == rows.divisions == theirs().clear_divisions().compute_current_divisions()
    assert rows.compute_current_divisions("x") == (0, 4, 8, 11)
    again = rows.clear_divisions().compute_current_divisions(set_divisions=True)
    assert again.divisions == rows.divisions
    same(again, PDF)
    same(rows.x.clear_divisions().compute_current_divisions(set_divisions=True), PDF.x)
    with pytest.raises(ValueError, match="are not in the order of column 'k'"):
        rows.compute_current_divisions("k")
    with pytest.raises(NotImplementedError, match="set_index"):
        rows.compute_current_divisions("x", set_divisions=True)


def test_divisions_are_checked_where_that_is_asked_for():
    same(lazy().enforce_runtime_divisions(), PDF)
    moved = lazy().map_partitions(lambda part: part.set_axis(part.index + pd.Timedelta("9D")), meta=PDF)
    with pytest.raises(RuntimeError, match="partition 0 has labels from"):
        moved.enforce_runtime_divisions().compute(scheduler="sync")
    with pytest.raises(ValueError, match="not known"):
        lazy().clear_divisions().enforce_runtime_divisions()


# Functions that look around


@pytest.mark.parametrize("npartitions", [1, 2, 5, 12])
@pytest.mark.parametrize("before, after", [(2, 0), (0, 3), (1, 1), (7, 4), (0, 0), (20, 20)])
def test_functions_see_rows_from_as_many_partitions_as_it_takes(npartitions, before, after):
    def windows(rows):
        return rows.x.shift(before).fillna(-1) + rows.x.shift(-after).fillna(-1) * 100

    same(lazy(npartitions).map_overlap(windows, before, after), windows(PDF), check_names=False)


@pytest.mark.parametrize("npartitions", [1, 2, 5, 12])
@pytest.mark.parametrize("span", ["3D", datetime.timedelta(days=5), pd.Timedelta("36h")])
def test_functions_see_a_span_of_time(npartitions, span):
    thinned = PDF.iloc[[0, 1, 2, 4, 7, 8, 9, 11]]
    rows = dd.from_pandas(thinned, npartitions=npartitions)
    same(rows.map_overlap(lambda part: part[["x"]].rolling(span).sum(), span, 0), thinned[["x"]].rolling(span).sum())
    behind = rows.map_overlap(lambda part: part.x[::-1].rolling(3).sum()[::-1], 0, "12D")
    same(behind, thinned.x[::-1].rolling(3).sum()[::-1])


def test_overlaps_of_partitions_without_rows():
    rows = lazy(6)[lazy(6).x > 7]
    same(rows.map_overlap(lambda part: part.x.diff(), 1, 0), PDF.x[PDF.x > 7].diff())
    same(rows.map_overlap(lambda part: part.x.diff(), "36h", 0), PDF.x[PDF.x > 7].diff())


def test_other_frames_are_grown_alike():
    other = lazy(2).x * 10

    def both(part, values, by=1):
        return part.x.shift(1) + values.shift(1) * by

    same(lazy(3).map_overlap(both, 1, 0, other, by=2), PDF.x.shift(1) * 21, check_names=False)
    same(dd.map_overlap(both, lazy(3), 1, 0, values=other), PDF.x.shift(1) * 11, check_names=False)
    assert lazy().map_overlap(both, 1, 0, other, clear_divisions=True).divisions == (None,) * 5
    with pytest.raises(ValueError, match="whose divisions are not all known"):
        lazy(3).map_overlap(both, 1, 0, other.clear_divisions())


def test_overlaps_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="must be positive integers"):
        lazy().map_overlap(len, -1, 0)
    with pytest.raises(TypeError, match="DatetimeIndex"):
        lazy().reset_index().map_overlap(len, "1D", 0)


# Rows at random, bytes, approximations


@pytest.mark.parametrize("shuffle", [False, True])
def test_rows_are_dealt_out_as_in_dask(shuffle):
    ours = lazy().random_split([0.5, 0.3, 0.2], random_state=3, shuffle=shuffle)
    expected = theirs().random_split([0.5, 0.3, 0.2], random_state=3, shuffle=shuffle)
    for own, other in zip(ours, expected, strict=True):
        same(own, other.compute().astype({"k": "str"}))
    left, right = lazy().x.random_split([0.5, 0.5])
    pd.testing.assert_series_equal(pd.concat([left.compute(), right.compute()]).sort_index(), PDF.x, check_freq=False)
    with pytest.raises(ValueError, match="sum to 1"):
        lazy().random_split([0.5, 0.6])


def test_bytes_of_partitions_are_pandas():
    assert lazy().memory_usage_per_partition(deep=True).compute().tolist() == [
        part.memory_usage(deep=True).sum() for part in plait.compute(*lazy().to_delayed())
    ]
    assert lazy().x.memory_usage_per_partition(index=False).compute().tolist() == [32, 32, 32]


def test_approximations_are_exact():
    rows = lazy()
    assert rows.nunique_approx().compute() == 12 and rows[["k"]].nunique_approx().compute() == 3 and rows.k.nunique_approx().compute() == 3
    pd.testing.assert_series_equal(rows[["x", "y"]].median_approximate().compute(), PDF[["x", "y"]].median(), check_names=False)
    assert rows.x.median_approximate().compute() == 5.5
    same(rows[["x", "y"]].median_approximate(axis=1), PDF[["x", "y"]].median(axis=1))


# Categories


def test_texts_become_categories_that_are_known():
    rows = PDF.assign(c=pd.Categorical(list("zyx" * 4)), missing=[None, "b"] * 6)
    ours, expected = lazy(3, rows).categorize(), theirs(3, rows).categorize().compute()
    for column in ("k", "c", "missing"):
        assert ours[column].cat.known
        assert list(ours[column].cat.categories) == list(expected[column].cat.categories)
    pd.testing.assert_series_equal(ours.compute().k.astype("str"), PDF.k, check_freq=False)
    assert ours.k.cat.codes.compute().tolist() == [2, 0, 1] * 4
    some = lazy(3, rows).categorize(columns=["k"])
    assert some.missing.dtype == rows.missing.dtype and some.k.dtype == ours.k.dtype
    labelled = lazy(3, PDF.set_index("k").sort_index())
    assert list(labelled.categorize().compute().index.categories) == ["a", "b", "c"]
    assert labelled.categorize(index=False).index.dtype == labelled.index.dtype
    with pytest.raises(KeyError):
        lazy().categorize(columns=["nosuch"])


# Between frames


@pytest.mark.parametrize("join", ["outer", "inner", "left", "right"])
def test_frames_are_aligned_as_in_pandas(join):
    left, right = PDF.iloc[:8], PDF.iloc[4:].rename(columns={"y": "z"})
    lazy_left, lazy_right = lazy(3, left), lazy(2, right)
    for ours, expected in zip(lazy_left.align(lazy_right, join), left.align(right, join), strict=True):
        same(ours, expected)
    for ours, expected in zip(lazy_left.x.align(lazy_right.x, join, fill_value=7), left.x.align(right.x, join, fill_value=7), strict=True):
        same(ours, expected)
    with pytest.raises(ValueError, match="join must be"):
        lazy_left.align(lazy_right, "cross")


def test_products_and_combinations_are_pandas():
    numbers = PDF[["x", "y"]]
    rows = lazy(3, numbers)
    assert rows.x.dot(rows.y).compute() == pytest.approx(PDF.x.dot(PDF.y))
    pd.testing.assert_series_equal(rows.x.dot(rows).compute(), PDF.x.dot(numbers), check_names=False)
    weights = pd.Series([2.0, 3.0], index=["x", "y"])
    same(rows.dot(dd.from_pandas(weights, npartitions=2)), numbers.dot(weights))
    table = pd.DataFrame({"a": [1, 2], "b": [3.0, 4.0]}, index=["x", "y"])
    same(rows.dot(dd.from_pandas(table, npartitions=1)), numbers.dot(table))
    same(rows.x.combine(rows.y, max), PDF.x.combine(PDF.y, max), check_names=False)
    same(rows.combine(rows * 2, np.minimum), numbers.combine(numbers * 2, np.minimum))
    with pytest.raises(TypeError, match="dask dataframe"):
        rows.dot(weights)


def test_reductions_are_of_functions_of_the_user():
    rows = lazy(12)
    assert rows.x.reduction(lambda x: x.sum()).compute() == 66
    assert rows.x.reduction(lambda x: x.sum(), aggregate=lambda sums: sums.sum(), split_every=2).compute() == 66
    assert rows.reduction(lambda f: f[["x", "y"]].sum(), aggregate=lambda sums: sums.sum()).compute().tolist() == pytest.approx([66, 6])
    spread = rows.x.reduction(
        lambda x, more=0: pd.Series({"n": len(x), "sum": x.sum() + more}),
        combine=lambda parts, more=0: parts.sum(),
        aggregate=lambda parts, more=0: parts["sum"].sum() / parts["n"].sum(),
        split_every=3,
        more=1,
    )
    assert spread.compute() == pytest.approx((66 + 12) / 12)
    assert rows.x.reduction(lambda x, least=0: (x >= least).sum(), aggregate=lambda s: s.sum(), chunk_kwargs={"least": 6}).compute() == 6
    with pytest.raises(ValueError, match="split_every"):
        rows.x.reduction(len, split_every=1)


def test_windows_of_groups_are_pandas():
    for npartitions in (1, 4):
        rows = lazy(npartitions)
        same(rows.groupby("k").x.rolling(2).sum(), PDF.groupby("k").x.rolling(2).sum())
        same(rows.groupby("k")[["x", "y"]].rolling(3, min_periods=1).mean(), PDF.groupby("k")[["x", "y"]].rolling(3, min_periods=1).mean())
        same(rows.groupby("k").rolling("4D")["x"].max(), PDF.groupby("k").rolling("4D")["x"].max())
        same(rows.x.groupby(rows.k).rolling(2).agg(["min", "max"]), PDF.x.groupby(PDF.k).rolling(2).agg(["min", "max"]))


def test_nearest_keys_are_matched_on_any_cut():
    left = pd.DataFrame({"t": [1, 5, 10, 12, 30], "v": list("abcde")})
    right = pd.DataFrame({"t": [1, 2, 3, 6, 7, 11, 40], "w": range(7)})
    for cuts in (1, 2, 4):
        for direction in ("backward", "forward", "nearest"):
            ours = dd.merge_asof(dd.from_pandas(left, cuts), dd.from_pandas(right, 5 - cuts), on="t", direction=direction, tolerance=8)
            expected = pd.merge_asof(left, right, on="t", direction=direction, tolerance=8)
            pd.testing.assert_frame_equal(ours.compute().reset_index(drop=True), expected)
    by_label = dd.merge_asof(lazy(3), dd.from_pandas(PDF[["y"]].iloc[::3], 2), left_index=True, right_index=True)
    same(by_label, pd.merge_asof(PDF, PDF[["y"]].iloc[::3], left_index=True, right_index=True))
    with pytest.raises(ValueError, match="must be sorted"):
        dd.merge_asof(dd.from_pandas(left, 2), dd.from_pandas(right[::-1].reset_index(drop=True), 2), on="t").compute(scheduler="sync")


# The rest


def test_what_is_known_of_a_frame():
    rows = lazy()
    assert [type(each).__name__ for each in rows.axes] == ["Index", "Index"] and len(rows.x.axes) == 1
    assert "Structure" in rows.to_html() and rows.optimize() is rows and rows.to_backend("pandas") is rows
    with pytest.raises(ValueError, match="expected 'pandas'"):
        rows.to_backend("cudf")
    same(rows.x.add_prefix("on "), PDF.x.add_prefix("on "))
    same(dd.DataFrame.from_dict({"x": [1, 2, 3]}, npartitions=2), pd.DataFrame({"x": [1, 2, 3]}))
    assert dd.to_bag(rows.x).compute() == list(range(12))
    assert dd.compute(rows.x.sum()) == (66,)


def test_other_libraries_add_accessors():
    @dd.extensions.register_dataframe_accessor("of_tests")
    class OfTests:
        def __init__(self, rows):
            self.rows = rows

        def total(self):
            return self.rows.x.sum()

    try:
        assert lazy().of_tests.total().compute() == 66
        assert dd.DataFrame.of_tests is OfTests
        with pytest.warns(UserWarning, match="takes the place"):
            dd.extensions.register_dataframe_accessor("of_tests")(OfTests)
    finally:
        del dd.DataFrame.of_tests
    assert {"register_series_accessor", "register_index_accessor"} <= set(dir(dd.extensions))
