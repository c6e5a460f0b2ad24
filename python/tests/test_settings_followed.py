"""Settings of Dask that say how work is done are followed, or refused by their names."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import plait
import plait.array as da
import plait.bag as db
import plait.multiprocessing
from plait import config


def initialize():
    pass


def double(x):
    return x * 2


WORK = {
    "array": ("array_optimize", lambda: da.ones(4, chunks=2) + 1),
    "bag": ("bag_optimize", lambda: db.from_sequence([1, 2]).sum()),
    "delayed": ("delayed_optimize", lambda: plait.delayed(double)(2)),
}


@pytest.mark.parametrize("kind", WORK)
def test_a_function_that_optimizes_is_refused_and_none_switches_optimization_off(kind):
    key, work = WORK[kind]
    with config.set({key: initialize}):
        with pytest.raises(NotImplementedError, match=f"the setting {key} is a function"):
            work().compute(scheduler="sync")
    with config.set({key: None}):
        assert work().compute(scheduler="sync") is not None


def test_without_optimization_every_operation_has_its_tasks():
    seen = []

    def get(dsk, keys, **kwargs):
        seen.append(len(dsk))
        return plait.get(dsk, keys)

    x = da.ones(4, chunks=2) + 1
    x.compute(scheduler=get)
    with config.set(array_optimize=None):
        x.compute(scheduler=get)
    assert seen[0] < seen[1]


def test_an_initializer_of_worker_processes_is_refused():
    with config.set({"multiprocessing.initializer": initialize}):
        with pytest.raises(NotImplementedError, match="multiprocessing.initializer"):
            da.ones(3).compute(scheduler="processes")
        with pytest.raises(NotImplementedError, match="multiprocessing.initializer"):
            db.from_sequence([1, 2]).map(double).compute()
        with pytest.raises(NotImplementedError, match="multiprocessing.initializer"):
            plait.multiprocessing.get({"x": 1}, "x")
        assert da.ones(3).sum().compute(scheduler="threads") == 3
        with ThreadPoolExecutor(1) as pool:
            assert da.ones(3).sum().compute(scheduler="processes", pool=pool) == 3
