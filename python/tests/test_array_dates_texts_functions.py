"""Functions that move elements or look at their order, of arrays of dates, durations, texts and records: NumPy's answers, from several blocks."""

from __future__ import annotations

import numpy as np
import pytest

import plait.array as da

RNG = np.random.default_rng(17)
HOURS = np.array("2021-03-01", "M8[h]") + RNG.integers(0, 40, (5, 4)).astype("m8[h]")
HOURS[3, 1] = "NaT"
WORDS = np.array([["oak", "ash", "yew", ""], ["elm", "oak", "fir", "ash"], ["Ulme", "élan", "oak", "yew"]])
RECORDS = np.array([(2, "b"), (1, "z"), (2, "a"), (1, "z"), (2, "b")], [("number", "i4"), ("name", "U2")])
ALL = {
    "dates": HOURS,
    "durations": HOURS - HOURS[0, 0],
    "texts": WORDS,
    "bytes": np.char.encode(WORDS, "utf8"),
    "records": RECORDS.reshape(5, 1),
}


def lazily(x):
    return da.from_array(x, chunks=tuple(max(1, (extent + 1) // 2) for extent in x.shape))


def same(found, expected):
    for one, other in zip(found, expected, strict=True) if isinstance(expected, (tuple, list)) else [(found, expected)]:
        assert isinstance(one, da.Array)
        values = np.asarray(one.compute(scheduler="sync"))
        assert values.dtype == one.dtype == other.dtype
        assert values.shape == other.shape
        np.testing.assert_array_equal(values, other)


MOVES = {
    "tile": lambda m, x: m.tile(x, (2, 1, 2)),
    "block": lambda m, x: m.block([[x, x], [x, x]]),
    "delete": lambda m, x: m.delete(x, [0, 2], axis=0),
    "insert": lambda m, x: m.insert(x, 1, x[0], axis=0),
    "diagonal": lambda m, x: m.diagonal(x, 0, 1, 0),
    "diag": lambda m, x: m.diag(x),
    "rot90": lambda m, x: m.rot90(x, 3),
    "compress": lambda m, x: m.compress([False, True, True], x, axis=0),
    "meshgrid": lambda m, x: m.meshgrid(x[:, 0], np.arange(3), x[0], indexing="xy"),
    "sparse meshgrid": lambda m, x: m.meshgrid(np.arange(2), x[:, 0], sparse=True, indexing="ij"),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("name", ALL)
def test_elements_move_as_in_numpy(name, move):
    same(MOVES[move](da, lazily(ALL[name])), MOVES[move](np, ALL[name]))


@pytest.mark.parametrize("name", ALL)
def test_elements_are_chosen_by_conditions(name):
    x, lazy = ALL[name], lazily(ALL[name])
    first, second, rest = x[0, 0], x[1, 0], x[2, 0]
    same(da.extract(lazy == second, lazy), np.extract(x == second, x))
    same(da.select([lazy == first, lazy == second], [lazy, lazy[:1]], rest), np.select([x == first, x == second], [x, x[:1]], rest))


def test_triangles_of_dates_are_filled_with_the_first_of_all():
    same(da.tril(lazily(HOURS)), np.where(np.tri(5, 4, dtype=bool), HOURS, np.zeros((), "M8[h]")))


@pytest.mark.parametrize("name", ALL)
def test_points_by_a_list_of_places_for_each_axis(name):
    x = ALL[name]
    rows, columns = [2, 0, 2], [0, 0, x.shape[1] - 1]
    same(lazily(x).vindex[rows, columns], x[rows, columns])
    same(lazily(x).vindex[rows], x[rows])


@pytest.mark.parametrize("name", ALL)
def test_unique_tells_first_places_counts_and_the_place_of_each(name):
    x = ALL[name]
    same(da.unique(lazily(x), True, True, True), np.unique(x, True, True, True))
    same(da.unique(lazily(x), return_counts=True), np.unique(x, return_counts=True))
    line = x.ravel()
    some = line != line[0]
    lazy = lazily(line)
    same(da.unique(lazy[lazy != line[0]], return_counts=True), np.unique(line[some], return_counts=True))
    same(da.union1d(lazily(x), lazily(line[:2])), np.union1d(x, line[:2]))


@pytest.mark.parametrize("name", [name for name in ALL if name != "records"])
def test_places_in_order(name):
    x = ALL[name]
    ordered = np.sort(x.ravel())
    for side in ("left", "right"):
        same(da.searchsorted(lazily(ordered), lazily(x), side=side), np.searchsorted(ordered, x, side=side))
    same(da.isin(lazily(x), lazily(ordered[:4])), np.isin(x, ordered[:4]))
    same(da.isin(lazily(x), ordered[2:3], invert=True), np.isin(x, ordered[2:3], invert=True))
    with pytest.raises((ValueError, TypeError, np.exceptions.AxisError)):
        da.searchsorted(lazily(x), lazily(x)).compute()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("k", [2, -2, 9])
def test_topk_gives_the_ends_of_each_line(name, k):
    x = ALL[name]
    ordered = np.sort(x, axis=0)
    expected = ordered[::-1][:k] if k > 0 else ordered[:-k]
    same(da.topk(lazily(x), k, axis=0), expected)
    places = da.argtopk(lazily(x), k, axis=0).compute()
    np.testing.assert_array_equal(np.take_along_axis(x, places, 0), expected)
    np.testing.assert_array_equal(lazily(x).topk(k, axis=0).compute(), expected)


def test_argtopk_gives_the_first_of_equal_texts():
    words = lazily(np.array(["oak", "elm", "oak", "elm", "oak"]))
    assert da.argtopk(words, 2).compute().tolist() == [0, 2] and da.argtopk(words, -1).compute().tolist() == [1]


def test_quantiles_of_dates_and_durations_are_those_of_whole_lines():
    durations = ALL["durations"]
    for axis in (0, 1):
        same(da.median(lazily(durations), axis=axis), np.median(durations, axis=axis))
        same(da.nanmedian(lazily(durations), axis=axis), np.nanmedian(durations, axis=axis))
        same(da.quantile(lazily(HOURS), [0.2, 0.5], axis=axis), np.quantile(HOURS, [0.2, 0.5], axis=axis))
        same(da.nanpercentile(lazily(durations), 30, axis=axis, method="lower"), np.nanpercentile(durations, 30, axis=axis, method="lower"))
        same(da.nanargmin(lazily(HOURS), axis=axis), np.nanargmin(HOURS, axis=axis))
    line = np.sort(HOURS.ravel())[:-1]
    same(da.percentile(lazily(line), [0, 40, 100]), np.percentile(line, [0, 40, 100]))
    same(da.percentile(lazily(line), [75], method="nearest"), np.percentile(line, [75], method="nearest"))


def test_running_sums_of_durations_are_none_from_the_first_that_is_none():
    durations = ALL["durations"]
    for axis in (0, 1):
        same(da.cumsum(lazily(durations), axis=axis), np.cumsum(durations, axis=axis))
    same(lazily(durations).cumsum(axis=1), np.cumsum(durations, axis=1))
    with pytest.raises(TypeError, match="no cumsum"):
        da.cumsum(lazily(HOURS), axis=0)


def test_bins_of_dates():
    line = np.sort(HOURS.ravel())[:-1]
    edges = line[[0, 6, 12, -1]]
    counts, found = da.histogram(lazily(line), bins=edges)
    same(counts, np.histogram(line, bins=edges)[0])
    np.testing.assert_array_equal(found, edges)
    with pytest.raises(TypeError, match="edges of that type"):
        da.histogram(lazily(line), bins=3)


def test_one_text_is_set_under_a_mask_of_several_axes():
    for mask in (lambda x: x == "oak", lambda x: WORDS == "oak"):
        lazy, expected = lazily(WORDS), WORDS.copy()
        lazy[mask(lazy)] = "long word"
        expected[WORDS == "oak"] = "long word"
        same(lazy, expected)
    with pytest.raises(NotImplementedError, match="for one value"):
        lazy[lazy == "ash"] = np.array(["a", "b"])
