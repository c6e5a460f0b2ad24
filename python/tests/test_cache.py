"""plait.cache: results that are kept are not made again, alone and inside other work, within a number of bytes."""

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd
from plait.cache import Cache, KeptResults

SCHEDULERS = ["sync", "threads", "processes"]


class Counted:
    def __init__(self):
        self.num_calls = 0

    def __call__(self, block):
        self.num_calls += 1
        return block + 1


def counted_array():
    function = Counted()
    return da.from_array(np.arange(12.0), chunks=4).map_blocks(function, dtype=float), function


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
def test_the_same_work_is_done_once(scheduler):
    x, function = counted_array()
    with Cache(1e9):
        first = x.compute(scheduler=scheduler)
        assert function.num_calls == 3
        assert np.array_equal(x.compute(scheduler=scheduler), first)
        assert x.sum().compute(scheduler=scheduler) == first.sum()
        assert plait.compute({"both": [x.max(), x]})[0]["both"][0] == 12
    assert function.num_calls == 3
    x.compute()
    assert function.num_calls == 6


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_results_are_those_without_a_cache(scheduler):
    frame = dd.from_pandas(pd.DataFrame({"k": list("abcab"), "x": range(5)}), npartitions=2)
    wanted = [frame.groupby("k").x.sum(), frame.x + 1, frame.x.mean(), frame]
    expected = [each.compute() for each in wanted]
    with Cache(1e9) as cache:
        for _ in range(2):
            for lazy, one in zip(wanted, expected, strict=True):
                found = lazy.compute(scheduler=scheduler)
                dd.assert_eq(found, one)
        assert len(cache.cache.data) == 4


def test_a_kept_result_is_not_the_callers():
    x, _ = counted_array()
    with Cache(1e9):
        first = x.compute()
        expected = first.copy()
        if first.flags.writeable:
            first[:] = -1
        assert np.array_equal(x.compute(), expected)


def test_a_cache_is_registered_and_keeps_what_it_has():
    x, function = counted_array()
    cache = Cache(1e9)
    cache.register()
    try:
        x.compute()
    finally:
        cache.unregister()
    assert len(cache.cache.data) == 1
    with cache:
        x.compute()
    assert function.num_calls == 3
    with pytest.raises(ValueError):
        cache.unregister()


def test_what_is_larger_than_the_cache_is_not_kept():
    x, function = counted_array()
    with Cache(10) as cache:
        x.compute()
        x.compute()
    assert function.num_calls == 6 and cache.cache.data == {}


def test_what_was_dear_stays():
    kept = KeptResults(100)
    kept.put("cheap", "c", cost=1, nbytes=60)
    kept.put("dear", "d", cost=5, nbytes=60)
    assert kept.data == {"dear": "d"}
    kept.put("cheap again", "c", cost=1, nbytes=60)
    assert kept.data == {"dear": "d"}
    kept.put("small", "s", cost=1, nbytes=40)
    assert (kept.total_bytes, set(kept.data)) == (100, {"dear", "small"})
    kept.clear()
    assert (kept.total_bytes, kept.data) == (0, {})


def test_what_nobody_asks_for_counts_less_after_a_while():
    kept = KeptResults(100, halflife=1)
    kept.put("old", 1, cost=4, nbytes=100)
    for each in range(4):
        kept.put(f"new {each}", 2, cost=1, nbytes=100)
    assert "old" not in kept.data


def test_a_cache_of_somebody_else_is_asked():
    class Theirs:
        def __init__(self):
            self.data = {}
            self.offers = []

        def put(self, key, value, cost, nbytes):
            self.offers.append((cost > 0, nbytes))
            self.data[key] = value

    x, function = counted_array()
    theirs = Theirs()
    with Cache(theirs):
        x.compute()
        x.compute()
    assert theirs.offers == [(True, 96)] and function.num_calls == 3


def test_what_is_no_cache_is_refused():
    with pytest.raises(TypeError, match="expected a number of bytes or a cache with data and put, found a str"):
        Cache("1GB")
    with pytest.raises(TypeError, match="number of bytes only"):
        Cache(KeptResults(10), 5)


def test_errors_are_those_without_a_cache():
    with Cache(1e9) as cache, pytest.raises(AttributeError, match="nonsense") as info:
        da.ones(3).map_blocks(lambda block: block.nonsense, dtype=float).compute()
    assert cache.cache.data == {}
    with pytest.raises(AttributeError):
        plait.recreate_task(info.value)
