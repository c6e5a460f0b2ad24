"""What arguments of ``compute`` say of the tasks of a run: the same as ``annotate`` around it."""

import pytest

import plait
from plait.distributed import Client


def failing(times):
    left = [times]

    def call():
        left[0] -= 1
        if left[0] >= 0:
            raise OSError("again")
        return "done"

    return plait.delayed(call, pure=False)()


def test_retries_run_a_task_again():
    assert failing(2).compute(scheduler="threads", retries=2) == "done"
    assert plait.compute(failing(1), scheduler="sync", retries=1) == ("done",)
    with pytest.raises(OSError, match="again"):
        failing(2).compute(scheduler="threads", retries=1)


def test_what_one_machine_does_not_follow_it_says():
    with pytest.warns(UserWarning, match="priority"):
        assert failing(0).compute(scheduler="threads", priority=3) == "done"
    with pytest.raises(TypeError, match="retries is 'many'"):
        failing(0).compute(scheduler="threads", retries="many")
    with pytest.raises(TypeError, match="no argument 'retires'"):
        failing(0).compute(scheduler="threads", retires=2)


def test_a_function_that_is_the_scheduler_gets_them():
    given = []

    def get(dsk, keys, **kwargs):
        given.append(kwargs)
        return plait.get(dsk, keys)

    assert failing(0).compute(scheduler=get, retries=2) == "done"
    assert given == [{"retries": 2}]


def test_a_cluster_follows_them():
    with Client(n_workers=1, threads_per_worker=1, processes=False):
        assert failing(2).compute(retries=2) == "done"
        assert plait.persist(failing(2), retries=2)[0].compute() == "done"
        with pytest.raises(TypeError, match="no argument 'retires' of a run on a cluster"):
            plait.persist(failing(0), retires=2)
