"""Errors in tasks: the user's frames, the key, the inputs and the line, on every scheduler; and the task once more."""

import concurrent.futures
import traceback

import dask
import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd

POOL = concurrent.futures.ThreadPoolExecutor(2)


def get_of_dask(dsk, keys, **kwargs):
    return dask.get(dsk, keys)


SCHEDULERS = ["sync", "threads", "processes", POOL, get_of_dask]


def halve(block):
    return block.nonsense


def array():
    return da.from_array(np.arange(12.0).reshape(3, 4), chunks=(3, 2)).map_blocks(halve, dtype=float)


def frame():
    return dd.from_pandas(pd.DataFrame({"a": [1, 2]}), npartitions=2).map_partitions(halve, meta={"a": "i8"})


def caught(lazy, scheduler):
    with pytest.raises(AttributeError, match="nonsense") as info:
        lazy.compute(scheduler=scheduler)
    return info.value


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("make", [array, frame])
def test_the_users_frames_the_key_and_the_line_are_shown(make, scheduler):
    shown = "".join(traceback.format_exception(caught(make(), scheduler)))
    assert "in halve" in shown and "return block.nonsense" in shown
    assert "while running ('halve-" in shown
    assert f"made by {__file__}:" in shown


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes", POOL])
def test_the_inputs_are_shown(scheduler):
    shown = "".join(traceback.format_exception(caught(array(), scheduler)))
    assert "from float64 array of shape (3, 2)" in shown


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("make", [array, frame])
def test_a_failed_task_runs_again_on_this_thread(make, scheduler):
    error = caught(make(), scheduler)
    with pytest.raises(AttributeError, match="nonsense") as again:
        plait.recreate_task(error)
    assert again.value is not error
    assert "halve" in [entry.name for entry in again.traceback]


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_a_failed_task_of_a_raw_graph_runs_again(scheduler):
    with pytest.raises(AttributeError) as info:
        plait.get({("x", 0): 1, "y": (halve, ("x", 0))}, "y", scheduler=scheduler)
    with pytest.raises(AttributeError, match="'int' object has no attribute 'nonsense'"):
        plait.recreate_task(info.value)


class FailsOnce:
    has_failed = False

    def __call__(self, block):
        if not FailsOnce.has_failed:
            FailsOnce.has_failed = True
            raise ValueError("the first time")
        return block * 2


def test_a_task_that_succeeds_this_time_gives_its_value():
    with pytest.raises(ValueError) as info:
        da.ones(3).map_blocks(FailsOnce(), dtype=float).compute(scheduler="sync")
    assert plait.recreate_task(info.value).tolist() == [2, 2, 2]


def test_an_error_of_no_task_is_refused():
    with pytest.raises(TypeError, match="no task of Plait has raised this KeyError"):
        plait.recreate_task(KeyError("x"))
    with pytest.raises(ValueError) as info:
        da.ones(3).reshape(5)
    with pytest.raises(TypeError, match="no task of Plait"):
        plait.recreate_task(info.value)


def test_an_error_of_persist_runs_again():
    with pytest.raises(AttributeError) as info:
        array().persist()
    with pytest.raises(AttributeError, match="nonsense"):
        plait.recreate_task(info.value)
