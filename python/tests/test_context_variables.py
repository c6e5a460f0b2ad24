"""What the program says by context variables holds for its tasks on threads, as in Dask; what tasks say, for themselves only."""

import contextvars
import decimal

import numpy as np
import pytest

import plait
import plait.array as da
import plait.bag as db

word = contextvars.ContextVar("word", default="nothing")


@pytest.fixture(autouse=True)
def say():
    token = word.set("said")
    yield
    word.reset(token)


def heard(*_):
    return word.get()


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
def test_delayed_calls_blocks_items_and_raw_tasks_see_them(scheduler):
    assert plait.delayed(heard)().compute(scheduler=scheduler) == "said"
    assert plait.get({"x": (heard,)}, "x", scheduler=scheduler) == "said"
    assert db.from_sequence(range(4), npartitions=2).map(heard).compute(scheduler=scheduler) == ["said"] * 4
    blocks = da.zeros(4, chunks=2).map_blocks(lambda block: block + len(word.get()), dtype=float)
    np.testing.assert_array_equal(blocks.compute(scheduler=scheduler), [4.0] * 4)


def test_each_call_sees_what_is_said_when_it_is_made():
    call = plait.delayed(heard, pure=False)
    found = []
    for each in ("one", "two", "three"):
        word.set(each)
        found.append(call().compute(scheduler="threads"))
    assert found == ["one", "two", "three"]


def test_what_a_task_says_no_other_hears():
    def change(number):
        before = word.get()
        word.set(f"of task {number}")
        return before

    calls = [plait.delayed(change, pure=False)(number) for number in range(50)]
    assert set(plait.compute(*calls, scheduler="threads")) == {"said"}
    assert word.get() == "said"


def test_a_run_inside_a_task_hears_the_task():
    def outer():
        word.set("inside")
        return plait.delayed(heard)().compute(scheduler="threads")

    assert plait.delayed(outer)().compute(scheduler="threads") == "inside"


def test_errors_of_numpy_and_digits_of_decimal_are_such_variables():
    blocks = da.ones(4, chunks=2).map_blocks(lambda block: block / np.zeros_like(block), dtype=float)
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        blocks.compute(scheduler="threads")
    with decimal.localcontext() as digits:
        digits.prec = 3
        third = plait.delayed(lambda: decimal.Decimal(1) / 3)().compute(scheduler="threads")
    assert third == decimal.Decimal("0.333")


def test_a_failed_task_leaves_the_thread_as_it_was():
    def fail():
        word.set("failed")
        raise ValueError("no")

    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            plait.delayed(fail, pure=False)().compute(scheduler="threads")
    assert plait.delayed(heard)().compute(scheduler="threads") == "said"
