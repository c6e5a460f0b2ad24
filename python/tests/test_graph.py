"""Raw task graphs, on every scheduler."""

import threading
from operator import add

import pytest

import plait

SCHEDULERS = ["sync", "threads", "processes"]


def inc(x):
    return x + 1


def fail(x):
    raise ValueError(f"cannot take {x}")


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_tasks_take_the_values_of_keys(scheduler):
    dsk = {"x": 1, "y": (inc, "x"), "z": (add, "y", (inc, 10)), ("a", 0): (sum, ["x", "y", "z"]), "alias": "z"}
    assert plait.get(dsk, "z", scheduler=scheduler) == 13
    assert plait.get(dsk, [["x", "z"], [("a", 0)], "alias"], scheduler=scheduler) == ((1, 13), (16,), 13)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_the_functions_own_error_comes_back_with_its_traceback(scheduler):
    with pytest.raises(ValueError, match="cannot take 2") as caught:
        plait.get({"x": 2, "y": (fail, "x")}, "y", scheduler=scheduler)
    assert "while running 'y'" in caught.value.__notes__[0]
    functions = [entry.name for entry in caught.traceback] if scheduler != "processes" else ["fail"]
    assert "fail" in functions


def test_schedulers_give_the_same_error_text():
    texts = set()
    for scheduler in SCHEDULERS:
        with pytest.raises(ValueError) as caught:
            plait.get({"x": 2, "y": (fail, "x")}, "y", scheduler=scheduler)
        texts.add((str(caught.value), caught.value.__notes__[0]))
    assert len(texts) == 1


def test_a_cycle_is_named():
    with pytest.raises(RuntimeError, match="Cycle detected in the graph: 'a' -> 'b' -> 'a'"):
        plait.get({"a": (inc, "b"), "b": (inc, "a")}, "a")


def test_a_missing_key_is_named():
    with pytest.raises(KeyError, match="'q' is not a key"):
        plait.get({"a": 1}, "q")


def test_long_chains_need_no_deep_stack():
    dsk = {("c", 0): 0, **{("c", i): (inc, ("c", i - 1)) for i in range(1, 50_001)}}
    assert plait.get(dsk, ("c", 50_000), scheduler="threads") == 50_000


def test_only_what_is_wanted_runs():
    ran = []
    plait.get({"a": (ran.append, 1), "b": (ran.append, 2)}, "b")
    assert ran == [2]


def test_threads_run_side_by_side():
    both_there = threading.Barrier(2, timeout=30)
    plait.get({"a": (both_there.wait,), "b": (both_there.wait,)}, ["a", "b"], scheduler="threads", num_workers=2)


def test_threaded_and_multiprocessing_modules():
    import plait.multiprocessing
    import plait.threaded

    assert plait.threaded.get({"x": 1, "y": (inc, "x")}, "y") == 2
    assert plait.multiprocessing.get({"x": 1, "y": (inc, "x")}, "y") == 2


def test_a_function_that_cannot_be_pickled_is_named():
    lock = threading.Lock()
    with pytest.raises(TypeError, match="cannot send a Python object to another process.*lock"):
        plait.get({"x": (lambda: lock.locked(),)}, "x", scheduler="processes")
