"""``initializer``: a function that every worker process calls before its first task of a run."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

import plait
import plait.bag as db
import plait.multiprocessing


def lines_of(path):
    return path.read_text().splitlines() if path.exists() else []


def noting(path):
    def note():
        with open(path, "a") as file:
            file.write(f"{os.getpid()}\n")

    return note


def pids(n=8):
    return [plait.delayed(os.getpid, pure=False)() for _ in range(n)]


def test_each_worker_of_a_run_calls_it_once(tmp_path):
    path = tmp_path / "started"
    for runs in (1, 2):
        ran = plait.compute(*pids(), scheduler="processes", num_workers=2, initializer=noting(path))
        started = lines_of(path)
        assert len(started) <= 2 * runs
        assert {str(each) for each in ran} <= set(started)
        assert str(os.getpid()) not in started


def test_it_comes_before_the_tasks():
    def prepare():
        os.environ["PREPARED"] = "yes"

    def look(_):
        return os.environ.get("PREPARED")

    assert db.from_sequence(range(4), npartitions=2).map(look).compute(initializer=prepare) == ["yes"] * 4
    assert plait.multiprocessing.get({"x": (look, 1)}, "x", initializer=prepare) == "yes"
    with plait.config.set({"multiprocessing.initializer": prepare}):
        assert plait.delayed(look)(1).compute(scheduler="processes") == "yes"
    assert "PREPARED" not in os.environ


def test_its_error_ends_the_run():
    def fail():
        raise OSError("no device")

    with pytest.raises(OSError, match="no device"):
        plait.compute(*pids(), scheduler="processes", initializer=fail)
    assert len(plait.compute(*pids(), scheduler="processes")) == 8


def test_where_it_means_nothing_it_is_refused():
    with pytest.raises(TypeError, match="initializer"):
        plait.compute(*pids(), scheduler="threads", initializer=print)
    with pytest.raises(TypeError, match="without arguments; found 'numpy.random.seed'"):
        plait.compute(*pids(), scheduler="processes", initializer="numpy.random.seed")
    with ThreadPoolExecutor(1) as pool, pytest.warns(UserWarning, match="pool= brings its own"):
        assert len(plait.compute(*pids(), pool=pool, initializer=print)) == 8
    with ThreadPoolExecutor(1) as pool, pytest.raises(TypeError, match="no argument 'retry'"):
        plait.compute(*pids(), pool=pool, retry=3)


def test_the_setting_is_for_worker_processes_only():
    with plait.config.set({"multiprocessing.initializer": str}):
        assert plait.compute(*pids(), scheduler="threads") == (os.getpid(),) * 8
