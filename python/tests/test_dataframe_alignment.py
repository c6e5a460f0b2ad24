"""Operands with other rows, or cut otherwise: labels say which rows belong together, as in pandas."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import EXECUTORS, equal

pytestmark = pytest.mark.filterwarnings("ignore")

START = pd.Timestamp("2020-01-01")
LABELS = {
    "rows": lambda v: pd.RangeIndex(v[0], v[-1] + 1),
    "numbers": lambda v: pd.Index(v),
    "halves": lambda v: pd.Index(v * 0.5),
    "texts": lambda v: pd.Index([f"k{x:03d}" for x in v], dtype="str"),
    "days": lambda v: pd.DatetimeIndex(START + pd.to_timedelta(v, unit="D")),
    "days in a zone": lambda v: pd.DatetimeIndex(START.tz_localize("Europe/Berlin") + pd.to_timedelta(v, unit="D")),
    "spans": lambda v: pd.to_timedelta(v, unit="s"),
    "categories": lambda v: pd.CategoricalIndex([f"k{x:03d}" for x in v]),
}
OPERATIONS = {
    "add": lambda a, b, _: a.x + b.y,
    "sub reversed": lambda a, b, _: b.y - a.x,
    "add with fill_value": lambda a, b, _: a.x.add(b.y, fill_value=0),
    "floordiv": lambda a, b, _: a.x // (b.y + 1),
    "method eq": lambda a, b, _: a.x.eq(b.y),
    "method lt": lambda a, b, _: b.y.lt(a.x),
    "and": lambda a, b, _: (a.x > 3) & (b.y > 2),
    "or": lambda a, b, _: (a.x > 3) | (b.y > 2),
    "of texts": lambda a, b, _: a.k + b.m,
    "of dates": lambda a, b, _: a.t - b.t,
    "of frames": lambda a, b, _: a[["x"]] + b[["y"]].rename(columns={"y": "x"}),
    "of frames with other columns": lambda a, b, _: a[["x", "f"]] + b[["y", "f"]],
    "assign": lambda a, b, _: a.assign(z=b.y),
    "assign text": lambda a, b, _: a.assign(z=b.m),
    "assign dates": lambda a, b, _: a.assign(z=b.t),
    "assign bools": lambda a, b, _: a.assign(z=b.y > 2),
    "assign categories": lambda a, b, _: a.assign(z=b.c),
    "assign Int64": lambda a, b, _: a.assign(z=b.n),
    "assign the sum": lambda a, b, _: a.assign(z=a.x + b.y),
    "assign to a selection": lambda a, b, _: a[a.x > 2].assign(z=b.y),
    "assign back": lambda a, b, _: a[a.x > 2].assign(q=a.x * 2),
    "assign a selection": lambda a, b, _: a.assign(q=a.x[a.x > 2]),
    "selections of both": lambda a, b, _: a.x[a.x > 2] + a.f[a.x < 6],
    "where": lambda a, b, _: a.x.where(b.y > 2),
    "where else": lambda a, b, _: a.x.where(b.y > 2, b.f),
    "mask": lambda a, b, _: a.x.mask(b.y > 2),
    "mask else": lambda a, b, _: a.x.mask(a.x > 2, b.f),
    "fillna": lambda a, b, _: a.f.fillna(b.y),
    "combine_first": lambda a, b, _: a.f.combine_first(b.f),
    "filter twice": lambda a, b, _: a[a.x > 1][a.f > 0],
    "filter by others": lambda a, b, _: a[a.x > 4][(a.x + 1) % 2 == 0],
    "side by side": lambda a, b, lib: lib.concat([a, b[["y", "m"]]], axis=1),
    "side by side, inner": lambda a, b, lib: lib.concat([a, b[["y", "m"]]], axis=1, join="inner"),
    "three side by side": lambda a, b, lib: lib.concat([a[["x"]], b[["y"]], a[["k"]][a.x > 3]], axis=1),
    "series side by side": lambda a, b, lib: lib.concat([a.x, b.y], axis=1),
    "correlation": lambda a, b, _: a.x.corr(b.y),
    "covariance": lambda a, b, _: a.x.cov(b.f),
    "groups by others": lambda a, b, _: a.groupby(b.y).x.sum(),
}


def tables(kind, left=range(9), right=range(4, 13)):
    def table(values, x, k):
        values = np.array(values)
        n = len(values)
        return pd.DataFrame(
            {
                x: range(n),
                k: pd.Series([f"{k}{i % 3}" for i in range(n)], dtype="str"),
                "f": [None if i % 4 == 1 else i / 2 for i in range(n)],
                "t": pd.to_datetime([f"2021-03-{1 + i % 28:02d}" for i in range(n)]),
                "c": pd.Categorical([f"c{i % 2}" for i in range(n)]),
                "n": pd.array([None if i % 5 == 2 else i for i in range(n)], dtype="Int64"),
            }
        ).set_axis(LABELS[kind](values), axis=0)

    return table(left, "x", "k"), table(right, "y", "m")


def check(operation, p, q, cuts, scheduler="sync"):
    expected = OPERATIONS[operation](p, q, pd)
    f, g = (dd.from_pandas(frame, npartitions=n) for frame, n in zip((p, q), cuts))
    found = OPERATIONS[operation](f, g, dd).compute(scheduler=scheduler)
    if isinstance(p.index, pd.CategoricalIndex) and not isinstance(expected, float):
        # Which categories there are in common is pandas' business, partition by partition.
        found, expected = (rows.set_axis(rows.index.astype("str"), axis=0) for rows in (found, expected))
    if operation.endswith("side by side") or "inner" in operation:
        found, expected = found.sort_index(), expected.sort_index()
    equal(found, expected, check_freq=False) if isinstance(expected, (pd.DataFrame, pd.Series)) else equal(found, expected)


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_rows_are_aligned_by_their_labels(operation, kind):
    p, q = tables(kind)
    for cuts in ((3, 3), (1, 4), (5, 2), (1, 1)):
        check(operation, p, q, cuts)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_rows_that_have_no_label_in_common_or_all(operation):
    for right in (range(20, 24), range(9), range(3, 5), range(-5, 30)):
        p, q = tables("numbers", range(9), right)
        for cuts in ((3, 3), (2, 1), (9, 4)):
            check(operation, p, q, cuts)


@pytest.mark.parametrize("scheduler", EXECUTORS)
def test_rows_are_aligned_under_every_executor(scheduler):
    p, q = tables("numbers")
    for operation in ("add", "assign", "assign back", "side by side", "where else", "of frames with other columns"):
        check(operation, p, q, (3, 4), scheduler)


def test_labels_that_repeat_are_paired_as_in_pandas():
    p = pd.DataFrame({"x": range(6)}, index=[0, 1, 1, 2, 5, 5])
    q = pd.DataFrame({"y": range(5)}, index=[1, 2, 2, 3, 5])
    for cuts in ((1, 1), (3, 2), (2, 4)):
        f, g = dd.from_pandas(p, npartitions=cuts[0]), dd.from_pandas(q, npartitions=cuts[1])
        equal((f.x + g.y).compute(), p.x + q.y)
        with pytest.raises(ValueError, match="duplicate labels"):
            f.assign(z=g.y).compute()


def test_rows_without_an_order_are_aligned_in_one_partition():
    p = pd.DataFrame({"x": range(5)}, index=[3, 0, 4, 1, 9])
    q = pd.DataFrame({"y": range(4)}, index=[4, 7, 3, 0])
    f, g = dd.from_pandas(p, npartitions=1, sort=False), dd.from_pandas(q, npartitions=1, sort=False)
    assert not f.known_divisions
    equal((f.x + g.y).compute(), p.x + q.y)
    equal(f.assign(z=g.y).compute(), p.assign(z=q.y))
    equal(dd.concat([f, g], axis=1).compute(), pd.concat([p, q], axis=1))


def test_comparison_by_an_operator_wants_the_same_labels():
    p, q = tables("numbers")
    for cuts in ((3, 3), (1, 1), (2, 4)):
        f, g = dd.from_pandas(p, npartitions=cuts[0]), dd.from_pandas(q, npartitions=cuts[1])
        with pytest.raises(ValueError, match="identically-labeled"):
            (f.x == g.y).compute()
    other = dd.from_pandas(p, npartitions=2)
    equal((dd.from_pandas(p, npartitions=3).x <= other.x).compute(), p.x <= p.x)


def test_a_condition_that_lacks_rows_is_refused():
    p, q = tables("numbers")
    f, g = dd.from_pandas(p, npartitions=3), dd.from_pandas(q, npartitions=2)
    with pytest.raises(IndexError, match="Unalignable boolean Series"):
        f[g.y > 2].compute()


def test_unknown_divisions_of_several_partitions_are_refused_by_name():
    p, q = tables("numbers")
    f = dd.from_pandas(p.iloc[::-1], npartitions=3, sort=False)
    g = dd.from_pandas(q.iloc[::-1], npartitions=3, sort=False)
    assert not f.known_divisions
    for operation in ("add", "assign", "where", "side by side", "fillna"):
        with pytest.raises(ValueError, match="divisions of at least one are not known"):
            OPERATIONS[operation](f, g, dd)
    # What comes from the same partitions needs no divisions.
    equal((f.x[f.x > 2] + f.f).compute().sort_index(), p.x[p.x > 2] + p.f)
    with pytest.raises(TypeError, match="have no order"):
        dd.from_pandas(p, npartitions=2).x + dd.from_pandas(tables("texts")[1], npartitions=2).y


def test_partitions_side_by_side_by_their_numbers_where_the_user_says_so():
    p, q = tables("numbers", range(9), range(9))
    f, g = dd.from_pandas(p, npartitions=3).reset_index(drop=True), dd.from_pandas(q[["y"]], npartitions=3).reset_index(drop=True)
    with pytest.raises(ValueError, match="divisions"):
        dd.concat([f, g], axis=1)
    found = dd.concat([f, g], axis=1, ignore_unknown_divisions=True).compute()
    equal(found.reset_index(drop=True), pd.concat([p, q[["y"]]], axis=1).reset_index(drop=True))


def test_map_partitions_of_several_frames():
    p, q = tables("numbers")
    f, g = dd.from_pandas(p, npartitions=3), dd.from_pandas(q, npartitions=2)
    with pytest.raises(ValueError, match="partitions"):
        f.map_partitions(lambda a, b: a.x + b.y, g)
    found = f.map_partitions(lambda a, b: a.x + b.y, g, align_dataframes=True, meta=(None, "float64"))
    equal(found.compute(), p.x + q.y)


def test_frames_one_after_the_other_keep_divisions_where_they_can():
    p, q = tables("numbers", range(5), range(5, 11))
    f, g = dd.from_pandas(p, npartitions=2), dd.from_pandas(q, npartitions=3)
    assert dd.concat([f, g]).divisions == (0, 3, 5, 7, 9, 10)
    assert not dd.concat([g, f]).known_divisions
    found = dd.concat([dd.from_pandas(tables("numbers")[0], npartitions=2), g], interleave_partitions=True)
    assert found.known_divisions
    equal(found.compute().sort_index(kind="stable"), pd.concat([tables("numbers")[0], q]).sort_index(kind="stable"))


def test_series_of_other_names_one_after_the_other():
    p, _ = tables("numbers")
    f = dd.from_pandas(p, npartitions=3)
    for columns in (["x", "f"], ["x", "x"], ["k", "c"]):
        equal(dd.concat([f[c] for c in columns]).compute().astype(object), pd.concat([p[c] for c in columns]).astype(object))
    equal(dd.concat([f.x, f.x.rename("y")]).compute(), pd.concat([p.x, p.x.rename("y")]))
    equal(dd.concat([f, f.drop_duplicates("k")]).compute(), pd.concat([p, p.drop_duplicates("k")]))


def test_an_index_goes_with_rows_by_its_place():
    p = pd.DataFrame({"x": range(9)}, index=pd.Index(range(10, 19), name="n"))
    f = dd.from_pandas(p, npartitions=3)
    for labels in (lambda d: d.index.astype(str), lambda d: d.index.map(lambda n: n * 2), lambda d: d.index + 1):
        equal(f.assign(t=labels(f)).compute(), p.assign(t=labels(p)))
        equal(f[f.x > 2].assign(t=labels(f[f.x > 2])).compute(), p[p.x > 2].assign(t=labels(p[p.x > 2])))
    equal(f.assign(t=f.index.map(lambda n: n * 2, meta=("t", "int64"))).compute(), p.assign(t=p.index.map(lambda n: n * 2)))
    with pytest.raises(ValueError, match="expected 3"):
        f.assign(t=f[f.x > 1].index.astype(str)).compute()
    with pytest.raises(ValueError, match="no labels by which"):
        f.assign(t=dd.from_pandas(p, npartitions=2).index)
