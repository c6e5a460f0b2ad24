"""What annotations do for runs on one machine."""

import os
import warnings

import numpy as np
import pytest

import plait
import plait.array as da
import plait.bag as db
from plait.highlevelgraph import MaterializedLayer

executors = pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])


def shy(folder, times, value):
    """Fails so many times; counts by files, so that it may run in any process."""
    calls = len(os.listdir(folder))
    (folder / str(calls)).touch()
    if calls < times:
        raise OSError(f"call {calls}")
    return value


@executors
def test_a_task_runs_again_as_often_as_its_retries_say(tmp_path, scheduler):
    value = plait.delayed(shy)(tmp_path, 3, plait.delayed(abs)(-7))
    with plait.annotate(retries=1), pytest.raises(OSError, match="call 1"):
        value.compute(scheduler=scheduler)
    assert len(os.listdir(tmp_path)) == 2
    with plait.annotate(retries=1):
        assert value.compute(scheduler=scheduler) == 7


@executors
def test_the_input_of_a_task_that_runs_again_is_as_it_was(tmp_path, scheduler):
    def half_done(block):
        block = block + 1  # a block is never written to
        return shy(tmp_path, 2, block)

    x = da.arange(6, chunks=6).map_blocks(half_done, dtype=int).map_blocks(np.negative)
    with plait.annotate(retries=2):
        assert x.compute(scheduler=scheduler).tolist() == [-1, -2, -3, -4, -5, -6]


def test_retries_hold_for_bags_graphs_and_executors_of_ones_own(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    with plait.annotate(retries=1), ThreadPoolExecutor(1) as pool:
        assert db.from_sequence([1, 2], npartitions=1).map(lambda item: shy(folders[0], 1, item)).compute(scheduler="threads") == [1, 2]
        assert plait.get({"x": (shy, folders[1], 1, 5)}, "x") == 5
        assert plait.delayed(shy)(folders[2], 1, 5).compute(scheduler=pool) == 5


def test_an_interrupted_task_does_not_run_again():
    calls = []

    def interrupted():
        calls.append(1)
        raise KeyboardInterrupt

    with plait.annotate(retries=5), pytest.raises(KeyboardInterrupt):
        plait.delayed(interrupted)().compute(scheduler="sync")
    assert len(calls) == 1


def test_what_a_run_cannot_follow_is_said():
    x = plait.delayed(abs)(-1)
    with plait.annotate(priority=1, workers="alice"), pytest.warns(UserWarning, match="annotate: workers, priority mean nothing to this run"):
        x.compute()
    with plait.annotate(retries=lambda key: 1), pytest.warns(UserWarning, match="annotate: retries mean nothing"):
        x.compute()
    with plait.annotate(retries=1), pytest.warns(UserWarning, match="annotate: retries mean nothing"):
        x.compute(scheduler=lambda dsk, keys, **kwargs: plait.get(dsk, keys))


def test_a_block_in_which_nothing_asked_for_what_it_says_is_told_of():
    with pytest.warns(UserWarning, match="nothing was computed in the block, so that retries, color had no effect"), plait.annotate(retries=1, color="red"):
        x = da.ones(3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with plait.annotate(retries=1), plait.annotate(retries=2):
            x.compute()
        with plait.annotate(priority=1):
            MaterializedLayer({"x": 1})
        with plait.annotate(color="red"):
            da.ones(3)
