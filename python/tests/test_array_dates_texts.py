"""Arrays of dates, durations and texts against NumPy: comparisons, arithmetic, places, layout, what only needs an order."""

from __future__ import annotations

import operator
import pickle

import numpy as np
import pytest

import plait.array as da
import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")

DAYS = np.array(["2020-01-01", "NaT", "2021-05-05", "2020-03-01", "2020-01-01", "1999-01-01"], "M8[D]")
VALUES = {
    "days": DAYS,
    "instants": DAYS.astype("M8[ns]"),
    "durations": np.array([5, -3, "NaT", 7, 0, 5], "m8[s]"),
    "texts": np.array(["a", "bc", "", "bc", "zz", "é"]),
    "bytes": np.array([b"a", b"bc", b"", b"bc", b"q", b"z"]),
}


def check(of_numpy, of_plait, schedulers=("sync",)):
    """Both give the same, lazily, or both raise."""
    try:
        expected = np.asarray(of_numpy())
    except Exception:
        with pytest.raises(Exception):
            of_plait().compute(scheduler="sync")
        return
    lazy = of_plait()
    assert isinstance(lazy, da.Array)
    is_text_scalar = expected.ndim == 0 and expected.dtype.kind in "US"  # which is as long as its text
    assert lazy.dtype == expected.dtype or is_text_scalar
    assert len(lazy.shape) == expected.ndim
    assert all(n != n or n == own for n, own in zip(lazy.shape, expected.shape, strict=True))
    for scheduler in schedulers:
        for optimized in (True, False):
            found = np.asarray(lazy.compute(scheduler=scheduler, optimize_graph=optimized))
            assert (found.dtype == expected.dtype or is_text_scalar) and found.shape == expected.shape
            np.testing.assert_array_equal(found, expected)


def lazily(x):
    return da.from_array(x, chunks=tuple(max(1, (n + 1) // 2) for n in x.shape))


def same_for(x, function):
    check(lambda: function(np, x), lambda: function(da, lazily(x)))


COMPARISONS = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("compare", COMPARISONS)
def test_comparisons_are_elementwise(name, compare):
    x = VALUES[name]
    check(lambda: compare(x, x[::-1]), lambda: compare(lazily(x), lazily(x)[::-1]), ("sync", "processes") if compare is operator.eq else ("sync",))
    for other in (x[0], "a", b"a", 3, None, ["a"] * 6, np.datetime64("2020-02-01"), np.timedelta64(3, "s")):
        check(lambda other=other: compare(x, other), lambda other=other: compare(lazily(x), other))
        if not isinstance(other, np.generic):  # which answers itself where the types do not go together
            check(lambda other=other: compare(other, x), lambda other=other: compare(other, lazily(x)))


@pytest.mark.parametrize("dtype", ["bool", "int8", "float64", "complex128"])
def test_numbers_are_equal_to_no_text(dtype):
    x = np.array([0, 1, 2, 3]).astype(dtype)
    for other in ("1", b"1", None, np.array(["1"] * 4), np.datetime64("2020-01-01")):
        for compare in COMPARISONS:
            check(lambda c=compare, o=other: c(x, o), lambda c=compare, o=other: c(lazily(x), o))
    assert (lazily(x) == "1").shape == (4,)


ARITHMETIC = [
    lambda xp, t, d: t + d,
    lambda xp, t, d: d + t,
    lambda xp, t, d: t - d,
    lambda xp, t, d: t - t[::-1],
    lambda xp, t, d: t - np.datetime64("2020-01-01"),
    lambda xp, t, d: t + np.timedelta64(36, "h"),
    lambda xp, t, d: t + t,
    lambda xp, t, d: t + 3,
    lambda xp, t, d: t * 2,
    lambda xp, t, d: d - t,
    lambda xp, t, d: d * 2,
    lambda xp, t, d: d * 1.5,
    lambda xp, t, d: d / 2,
    lambda xp, t, d: d / np.timedelta64(2, "s"),
    lambda xp, t, d: d // np.timedelta64(2, "s"),
    lambda xp, t, d: d % np.timedelta64(2, "s"),
    lambda xp, t, d: -d,
    lambda xp, t, d: abs(d),
    lambda xp, t, d: np.isnat(t),
    lambda xp, t, d: np.isnat(d),
    lambda xp, t, d: np.maximum(t, t[::-1]),
    lambda xp, t, d: xp.diff(t),
    lambda xp, t, d: xp.clip(t, np.datetime64("2020-01-15"), np.datetime64("2020-12-01")),
    lambda xp, t, d: xp.where(np.isnat(t), np.datetime64("1970-01-01"), t),
]


@pytest.mark.parametrize("number", range(len(ARITHMETIC)))
@pytest.mark.parametrize("name", ["days", "instants"])
def test_dates_and_durations_add_up(name, number):
    t, d, function = VALUES[name], VALUES["durations"], ARITHMETIC[number]
    check(lambda: function(np, t, d), lambda: function(da, lazily(t), lazily(d)), ("sync", "processes") if number == 0 else ("sync",))


TEXTS = [lambda xp, u: u + u[::-1], lambda xp, u: u + "x", lambda xp, u: "x" + u, lambda xp, u: np.strings.str_len(u), lambda xp, u: u + 3, lambda xp, u: np.sin(u),
         lambda xp, u: xp.where(u == "bc", "long text", u), lambda xp, u: xp.isin(u, ["bc", "no"])]  # fmt: skip


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_texts_are_joined_and_chosen(number):
    same_for(VALUES["texts"], TEXTS[number])


@pytest.mark.parametrize(("name", "dtype"), [("days", "M8[ns]"), ("instants", "M8[D]"), ("days", "i8"), ("days", "U12"), ("durations", "m8[ms]"), ("durations", "i8"),
                                             ("durations", "f8"), ("texts", "U1"), ("texts", "U9"), ("texts", "i8")])  # fmt: skip
def test_elements_are_converted(name, dtype):
    same_for(VALUES[name], lambda xp, x: x.astype(dtype))


@pytest.mark.parametrize(("values", "dtype"),
                         [([1, 2, 3], "M8[D]"), ([1, 2, 3], "m8[s]"), ([1, 2, 3], "U"), ([1.5, 2.5, 3], "U4"), ([True, False], "S5"), ([1.5], "M8[D]")])  # fmt: skip
def test_numbers_become_dates_and_texts(values, dtype):
    same_for(np.array(values), lambda xp, x: x.astype(dtype))


ORDERED = [
    lambda xp, x, **kw: xp.min(x, **kw),
    lambda xp, x, **kw: xp.max(x, **kw),
    lambda xp, x, **kw: x.min(**kw),
    lambda xp, x, **kw: x.max(**kw),
    lambda xp, x, **kw: xp.sum(x, **kw),
    lambda xp, x, **kw: xp.mean(x, **kw),
]


@pytest.mark.parametrize("name", ["days", "instants", "durations"])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, 2])
def test_reductions_find_what_is_no_time_first(name, axis):
    for x in (VALUES[name].reshape(2, 3), VALUES[name][[0, 3, 4, 5]].reshape(2, 2)):
        for function in ORDERED:
            for keepdims in (False, True):
                same_for(x, lambda xp, x, f=function, k=keepdims: f(xp, x, axis=axis, keepdims=k))
        same_for(x, lambda xp, x: xp.argmin(x, axis=axis))
        same_for(x, lambda xp, x: xp.argmax(x, axis=axis))


@pytest.mark.parametrize("name", VALUES)
def test_distinct_and_extreme_elements_come_in_order(name):
    same_for(VALUES[name], lambda xp, x: xp.min(x))
    same_for(VALUES[name].reshape(2, 3), lambda xp, x: xp.max(x))
    same_for(VALUES[name], lambda xp, x: x.min(axis=0, keepdims=True))
    same_for(VALUES[name][:0], lambda xp, x: xp.max(x))
    same_for(VALUES[name], lambda xp, x: xp.unique(x))
    same_for(VALUES[name].reshape(3, 2), lambda xp, x: xp.unique(x))


INDICES = [0, -1, 7, slice(1, 4), slice(None, None, -2), slice(4, 1), [0, 2], [], None, Ellipsis, (Ellipsis, None), (), (0, 0), (0, 0, 0), (slice(None), 1),
           (Ellipsis, 0), (None, Ellipsis, [1, 0]), (1, slice(None, None, -1)), (slice(None), [1, 1]), np.array([True, False, True]),
           (slice(None), None, 1)]  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("number", range(len(INDICES)))
def test_places_are_numpy_s(name, number):
    for shape in ((3, 2), (6,)):
        same_for(VALUES[name].reshape(shape), lambda xp, x: x[INDICES[number]])


@pytest.mark.parametrize("name", VALUES)
def test_masks_choose_elements(name):
    for shape in ((3, 2), (6,)):
        x = VALUES[name].reshape(shape)
        same_for(x, lambda xp, x: x[x == VALUES[name][0]])
        check(lambda x=x: x[np.asarray(x == x[0])], lambda x=x: lazily(x)[np.asarray(x == x[0])])


LAYOUTS = [
    lambda xp, x: xp.concatenate([x, x]),
    lambda xp, x: xp.concatenate([x, x], axis=-1),
    lambda xp, x: xp.concatenate([x, x], axis=None),
    lambda xp, x: xp.concatenate([x, x], axis=2),
    lambda xp, x: xp.stack([x, x]),
    lambda xp, x: xp.stack([x, x], axis=-1),
    lambda xp, x: xp.append(x, x),
    lambda xp, x: xp.append(x, x, axis=1),
    lambda xp, x: xp.hstack([x, x]),
    lambda xp, x: xp.vstack([x, x[0]]),
    lambda xp, x: xp.dstack([x, x]),
    lambda xp, x: xp.flip(x),
    lambda xp, x: xp.flip(x, -1),
    lambda xp, x: xp.roll(x, 2),
    lambda xp, x: xp.roll(x, 1, axis=-1),
    lambda xp, x: xp.repeat(x, 2),
    lambda xp, x: xp.repeat(x, 2, axis=1),
    lambda xp, x: xp.take(x, [1, 1], axis=-1),
    lambda xp, x: x.reshape(2, 3),
    lambda xp, x: x.reshape(-1),
    lambda xp, x: x.reshape((1, -1, 1)),
    lambda xp, x: x.reshape(4, 4),
    lambda xp, x: x.T,
    lambda xp, x: x.transpose(1, 0),
    lambda xp, x: x.swapaxes(0, -1),
    lambda xp, x: x.swapaxes(0, 2),
    lambda xp, x: xp.moveaxis(x[None], 0, -1),
    lambda xp, x: xp.squeeze(x[None]),
    lambda xp, x: xp.expand_dims(x, (0, -1)),
    lambda xp, x: xp.broadcast_to(x, (2, 3, 2)),
    lambda xp, x: xp.atleast_3d(x),
    lambda xp, x: xp.ravel(x),
]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("number", range(len(LAYOUTS)))
def test_elements_move_as_numpy_s(name, number):
    same_for(VALUES[name].reshape(3, 2), lambda xp, x: LAYOUTS[number](xp, x))


@pytest.mark.parametrize("name", VALUES)
def test_items_are_set(name):
    def changed(xp, x, index, value):
        copy = x.copy()
        copy[index] = value
        return copy

    for index in (0, slice(1, 3), [0, 2], (slice(None), 1), (Ellipsis, 0)):
        same_for(VALUES[name].reshape(3, 2), lambda xp, x, i=index: changed(xp, x, i, VALUES[name][3]))


def test_texts_of_different_lengths_are_joined():
    short, long = np.array(["a", "b"]), np.array(["long text"])
    check(lambda: np.concatenate([short, long]), lambda: da.concatenate([lazily(short), lazily(long)]))
    check(lambda: np.concatenate([short, [1, 2]]), lambda: da.concatenate([lazily(short), np.array([1, 2])]))


@pytest.mark.parametrize("shape", [(), (0,), (1,), (0, 3), (2, 0)])
def test_arrays_of_no_or_one_element(shape):
    for dtype in ("U3", "S2", "M8[s]", "m8[D]"):
        x = np.zeros(shape, dtype)
        for function in (lambda xp, x: x == x, lambda xp, x: x.T, lambda xp, x: x[...], lambda xp, x: x.reshape(-1), lambda xp, x: xp.stack([x, x])):
            same_for(x, function)


@pytest.mark.parametrize("name", VALUES)
def test_they_are_pickled_persisted_and_rechunked(name):
    x = VALUES[name]
    lazy = lazily(x)
    for same in (pickle.loads(pickle.dumps(lazy)), lazy.persist(scheduler="sync"), lazy.rechunk(2), lazy.rechunk({0: 4}), da.asarray(x), da.array(list(x))):
        np.testing.assert_array_equal(same.compute(scheduler="sync"), x)
    assert lazy.rechunk(2).chunks == ((2, 2, 2),)
    assert (lazy.nbytes, lazy.size, len(lazy), lazy.ndim) == (x.nbytes, 6, 6, 1)


def test_explain_says_why_numpy_works():
    assert "by NumPy: texts have no native form" in str((lazily(VALUES["texts"]) == "a").explain())
    assert "by NumPy: dates have no native form" in str((lazily(DAYS) + np.timedelta64(1, "D")).explain())


@pytest.mark.parametrize("call", [lambda x: da.cumprod(x), lambda x: da.round(x), lambda x: x.var()])
def test_what_is_not_there_says_so(call):
    with pytest.raises(NotImplementedError, match="dates have no native form"):
        call(lazily(DAYS))


def test_what_has_no_elements_of_numpy_s_is_refused_where_the_array_is_made():
    for values in (np.zeros(2, [("a", object)]), np.array(["a"], np.dtypes.StringDType())):
        with pytest.raises(TypeError, match="no native form"):
            da.from_array(values)


def test_chunks_are_delayed_values_and_frames():
    for values in (np.array(["a", "bcd", "e"]), np.array(["2020-01-01", "NaT", "2020-01-03"], "M8[D]"), np.array([b"x", b"yy", b"z"])):
        blocks = da.from_array(values, chunks=2).to_delayed()
        assert blocks.shape == (2,)
        assert np.concatenate([block.compute() for block in blocks]).tolist() == values.tolist()
    frame = dd.from_dask_array(da.from_array(np.array(["a", "b", "c"]), chunks=2), columns="k")
    assert frame.compute().tolist() == ["a", "b", "c"]


def test_truth_of_dates_and_texts():
    dates = np.array([0, 3, "NaT", 4], dtype="M8[ns]")
    lazy = da.from_array(dates, chunks=3)
    for name in ("any", "all", "nanmin", "nanmax", "count_nonzero", "argwhere", "flatnonzero"):
        np.testing.assert_array_equal(getattr(da, name)(lazy).compute(), getattr(np, name)(dates))
    assert lazy.any().compute() and not lazy.all().compute()
    texts = np.array([["a", ""], ["", "b"]])
    lazy = da.from_array(texts, chunks=1)
    for name in ("count_nonzero", "argwhere", "flatnonzero"):
        np.testing.assert_array_equal(getattr(da, name)(lazy).compute(), getattr(np, name)(texts))
    np.testing.assert_array_equal(np.array([one.compute() for one in lazy.nonzero()]), texts.nonzero())


def test_results_go_where_out_says():
    spans = np.array([[1, 2], [3, 4]], "m8[s]")
    target = da.zeros(2, dtype="m8[s]")
    assert da.sum(da.from_array(spans, chunks=1), axis=0, out=target) is target
    assert target.compute().tolist() == spans.sum(axis=0).tolist()
    with pytest.raises(TypeError, match="cannot become one of timedelta64"):
        da.sum(da.from_array(spans), axis=0, out=da.zeros(2))
    with pytest.raises(ValueError, match=r"out= has shape \(3,\), but the result has \(2,\)"):
        da.max(da.from_array(spans), axis=0, out=da.zeros(3, dtype="m8[s]"))
    masked = da.ma.masked_array(da.zeros(2))
    da.sum(da.ma.masked_less(da.array([[1.0, 2], [3, 4]]), 2), axis=0, out=masked)
    assert masked.compute().tolist() == [3, 6]


def test_a_condition_alone_gives_the_places_where_it_holds():
    for condition in (np.array(["a", "", "b"]), np.array([1, 0, 2], "m8[s]"), np.array([1, 0, "x"], dtype=object), np.ma.array([1, 0, 2], mask=[False, True, False])):
        assert da.where(da.from_array(condition, chunks=2))[0].compute().tolist() == [0, 2]
