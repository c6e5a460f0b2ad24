"""Raw task graphs, on every scheduler."""

import threading
import time
from operator import add

import numpy as np
import pytest

import plait
import plait.array

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


def nested(item, depth, wrap):
    for _ in range(depth):
        item = wrap(item)
    return item


def self_containing():
    items = [1]
    items.append(items)
    return items


@pytest.mark.parametrize("computation", [
    nested(1, 100_000, lambda inner: [inner]), nested(1, 100_000, lambda inner: (inc, inner)), self_containing(), (len, self_containing()),
], ids=["lists", "tasks", "a list in itself", "a list in itself, as an argument"])  # fmt: skip
def test_a_computation_without_an_end_is_an_error_that_names_its_key(computation):
    with pytest.raises(ValueError, match="the computation of 'deep' is nested more than 1000 levels deep, or holds itself"):
        plait.get({"deep": computation}, "deep")


def test_a_list_of_keys_without_an_end_is_an_error():
    with pytest.raises(ValueError, match="the list of keys is nested more than 1000 levels deep"):
        plait.get({"x": 1}, nested("x", 100_000, lambda inner: [inner]))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_computations_may_be_nested_a_thousand_deep(scheduler):
    assert plait.get({"deep": nested(1, 900, lambda inner: (inc, inner))}, "deep", scheduler=scheduler) == 901


def test_a_task_may_have_very_many_inputs():
    tasks = {("x", i): i for i in range(300_000)}
    started = time.process_time()
    assert plait.get({**tasks, "sum": (sum, list(tasks))}, "sum") == 299_999 * 150_000
    assert time.process_time() - started < 15  # minutes, where each task costs time in proportion to the largest


@pytest.mark.parametrize("num_workers, said", [("many", "TypeError: .*num_workers is 'many', expected a whole number"), (2**70, "OverflowError: .*num_workers is")])
def test_a_number_of_workers_that_is_none_is_an_error_that_names_it(num_workers, said):
    with pytest.raises((TypeError, OverflowError), match=said.split(": ")[1]):
        plait.array.ones(3).compute(num_workers=num_workers)
    with pytest.raises((TypeError, OverflowError), match=said.split(": ")[1]):
        plait.get({"x": 1}, "x", num_workers=num_workers)
    with plait.config.set(num_workers=num_workers), pytest.raises((TypeError, OverflowError, ValueError), match="num.workers"):
        plait.array.ones(3).compute()


def double_in_place(array):
    array *= 2
    return array


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_large_objects_go_from_task_to_task_and_belong_to_them(scheduler):
    def frame(n):
        import pandas

        return pandas.DataFrame({"x": range(n), "text": ["some text"] * n})

    dsk = {
        "array": (np.arange, 100_000.0),
        "twice": (double_in_place, "array"),
        "strided": (lambda array: array[::-3], "twice"),
        "frame": (frame, 20_000),
        "both": (lambda strided, frame: {"strided": strided, "frame": frame, "again": strided}, "strided", "frame"),
        "fortran": (np.asfortranarray, (np.reshape, "twice", (1000, 100))),
    }
    both, fortran = plait.get(dsk, ["both", "fortran"], scheduler=scheduler)
    expected = 2 * np.arange(100_000.0)
    np.testing.assert_array_equal(both["strided"], expected[::-3])
    assert both["again"] is both["strided"] and len(both["frame"]) == 20_000 and both["frame"].text[7] == "some text"
    assert both["strided"].flags.writeable and fortran.flags.f_contiguous
    np.testing.assert_array_equal(fortran, expected.reshape(1000, 100))
