"""Settings of Dask that say how work is done are followed, or refused by their names."""

import pytest

import plait
import plait.array as da
import plait.bag as db
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
