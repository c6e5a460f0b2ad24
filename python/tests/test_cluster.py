"""The engine's cluster as its bindings give it: `plait.distributed` builds on them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

import plait
import plait.array as da
import plait.bag as db
from plait import _plait

cluster_module = _plait.cluster


class Future:
    """What the bindings take for a future."""

    __plait_future__ = True

    def __init__(self, key):
        self.key = key


@pytest.fixture(scope="module")
def cluster():
    made = cluster_module.LocalCluster(n_workers=2, threads_per_worker=1)
    yield made
    made.close()


@pytest.fixture
def client(cluster):
    made = cluster_module.Client(cluster.address)
    yield made
    made.close()


def inc(x):
    return x + 1


def test_collections_give_the_values_of_threads(client):
    executor = client.executor()
    x = da.random.default_rng(7).random((400, 300), chunks=(100, 100))
    np.testing.assert_array_equal((x + x.T[:300, :400].T).mean(axis=0).compute(scheduler=executor), (x + x.T[:300, :400].T).mean(axis=0).compute())
    frame = plait.datasets.timeseries(end="2000-01-05", partition_freq="1d")
    grouped = frame.groupby("name").x.mean()
    assert grouped.compute(scheduler=executor).equals(grouped.compute())
    assert db.from_sequence(range(100), npartitions=4).map(inc).sum().compute(scheduler=executor) == 5050
    assert plait.delayed(inc)(plait.delayed(inc)(1)).compute(scheduler=executor) == 3


def test_the_name_of_the_scheduler_stands_for_the_last_client(client):
    assert da.arange(10, chunks=5).sum().compute(scheduler="cluster") == 45


def test_a_hundred_calls_give_a_hundred_results(client):
    keys = [f"inc-{i}" for i in range(100)]
    client.submit_calls(inc, [(i,) for i in range(100)], None, keys)
    assert client.gather(keys) == list(range(1, 101))
    assert client.states(keys) == ["finished"] * 100
    client.release(keys)
    assert client.states(keys[:1]) == ["cancelled"]


def test_futures_among_the_arguments_are_inputs(client):
    client.submit_calls(inc, [(1,)], None, ["first"])
    client.submit_calls(lambda a, b, scale=1: (a + sum(b["all"])) * scale, [(Future("first"), {"all": [Future("first"), 10]})], {"scale": 2}, ["second"])
    assert client.gather(["second"]) == [28]


def test_keywords_may_hold_futures(client):
    client.submit_calls(inc, [(1,)], None, ["keyword"])
    client.submit_calls(lambda a, by: a * by, [(3,), (4,)], {"by": Future("keyword")}, ["by-0", "by-1"])
    assert client.gather(["by-0", "by-1"]) == [6, 8]


def test_an_exception_comes_back_as_itself(client):
    client.submit_calls(lambda: 1 // 0, [()], None, ["failed"])
    assert client.wait(["failed"], return_when="FIRST_EXCEPTION") == (["failed"], [])
    assert isinstance(client.error("failed"), ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        client.gather(["failed"])


def test_waiting_ends_with_its_time(client):
    client.submit_calls(lambda: __import__("time").sleep(0.3), [()], None, ["slow"])
    assert client.wait(["slow"], timeout=0.01) == ([], ["slow"])
    assert client.wait(["slow"], timeout=20) == (["slow"], [])


def test_scattered_data_is_an_input(client):
    data = np.arange(100_000)
    client.scatter([data], ["data"])
    client.submit_calls(np.sum, [(Future("data"),)], None, ["sum of data"])
    assert client.gather(["sum of data"]) == [data.sum()]
    np.testing.assert_array_equal(client.gather(["data"])[0], data)


def test_changes_are_told(client):
    seen = {}
    done = threading.Event()

    def note(key, state):
        seen[key] = state
        if len(seen) == 3:
            done.set()

    client.on_change(note)
    client.submit_calls(inc, [(i,) for i in range(3)], None, ["a", "b", "c"])
    assert done.wait(20)
    assert set(seen) == {"a", "b", "c"}
    client.on_change(None)


def test_the_scheduler_tells_of_its_workers(cluster, client):
    assert cluster.wait_for_workers(2)
    info = client.ask("info")
    assert [worker["nthreads"] for worker in info["workers"]] == [1, 1]
    assert info["address"] == cluster.address
    client.submit_calls(inc, [(1,)], None, ["where"])
    client.wait(["where"])
    assert len(client.ask("who_has", {"keys": ["where"]})["where"]) == 1
    with pytest.raises(ValueError, match="knows no question 'inof'"):
        client.ask("inof")


def test_functions_run_on_workers_outside_of_tasks(cluster, client):
    assert cluster.wait_for_workers(2)
    pids = {name: pid for name, (ok, pid) in client.run(os.getpid).items() if ok}
    assert pids == cluster.worker_pids()
    failed = client.run(int, ("x",))
    assert all(not ok and isinstance(error, ValueError) for ok, error in failed.values())


def test_a_task_knows_its_worker(client):
    client.submit_calls(lambda: cluster_module.current_worker(), [()], None, ["worker"])  # noqa: PLW0108
    assert client.gather(["worker"])[0]["nthreads"] == 1
    assert cluster_module.current_worker() is None


def test_a_killed_worker_changes_nothing_but_time():
    with_kill = cluster_module.LocalCluster(n_workers=2, threads_per_worker=1)
    client = cluster_module.Client(with_kill.address)
    try:
        assert with_kill.wait_for_workers(2)
        keys = [f"block-{i}" for i in range(40)]
        client.submit_calls(lambda i: (__import__("time").sleep(0.01), np.full(10_000, i))[1], [(i,) for i in range(40)], None, keys)
        client.wait(keys[:10])
        os.kill(next(iter(with_kill.worker_pids().values())), signal.SIGKILL)
        client.submit_calls(lambda blocks: int(sum(block.sum() for block in blocks)), [([Future(key) for key in keys],)], None, ["total"])
        assert client.gather(["total"]) == [10_000 * sum(range(40))]
        assert with_kill.wait_for_workers(2)
    finally:
        client.close()
        with_kill.close()


def test_threads_of_this_process_can_be_workers():
    made = cluster_module.LocalCluster(n_workers=1, threads_per_worker=2, processes=False)
    client = cluster_module.Client(made.address)
    client.submit_calls(os.getpid, [()], None, ["pid"])
    assert client.gather(["pid"]) == [os.getpid()]
    client.close()
    made.close()


def test_persisted_collections_stay_on_the_cluster(client):
    x = da.arange(1000, chunks=100).persist(scheduler=client.executor())
    assert (x + 1).sum().compute(scheduler=client.executor()) == 500500
    assert x.sum().compute() == 499500


def test_a_closed_cluster_is_an_error_for_its_clients():
    made = cluster_module.LocalCluster(n_workers=1)
    client = cluster_module.Client(made.address)
    made.close()
    with pytest.raises(RuntimeError, match="connection to the scheduler at"):
        client.submit_calls(inc, [(1,)], None, ["late"])
        client.gather(["late"])
    assert not client.is_connected


def test_a_program_needs_no_guard_and_leaves_nothing_behind(tmp_path):
    program = """
from plait import _plait
cluster = _plait.cluster.LocalCluster(n_workers=2)
client = _plait.cluster.Client(cluster.address)
client.submit_calls(lambda x: x * x, [(i,) for i in range(4)], None, list("abcd"))
print(client.gather(list("abcd")), *cluster.worker_pids().values())
"""
    script = tmp_path / "program.py"
    script.write_text(program)
    for command in ([sys.executable, str(script)], [sys.executable, "-c", program], [sys.executable, "-"]):
        done = subprocess.run(command, input=program, capture_output=True, text=True, timeout=60, check=True)
        numbers = done.stdout.split("]")
        assert numbers[0] == "[0, 1, 4, 9"
        for pid in map(int, numbers[1].split()):
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


def test_a_result_that_cannot_be_sent_says_so(client):
    client.submit_calls(threading.Lock, [()], None, ["lock"])
    with pytest.raises(TypeError, match="cannot pickle '_thread.lock' object"):
        client.gather(["lock"])


def test_an_argument_that_cannot_be_sent_is_named_at_once(client):
    with pytest.raises(TypeError, match="cannot pickle '_thread.lock' object"):
        client.submit_calls(inc, [(threading.Lock(),)], None, ["never"])


def test_a_task_that_asks_for_too_much_memory_fails_and_its_worker_lives():
    made = cluster_module.LocalCluster(n_workers=1, threads_per_worker=1, memory_limit=256 << 20)
    client = cluster_module.Client(made.address)
    try:
        assert made.wait_for_workers(1)
        before = made.worker_pids()
        client.submit_calls(lambda: len(bytearray(8 << 30)), [()], None, ["huge"])
        with pytest.raises(MemoryError) as raised:
            client.gather(["huge"])
        assert "its worker may take 256.00 MiB (memory_limit)" in "".join(raised.value.__notes__)
        client.submit_calls(inc, [(1,)], None, ["after"])
        assert client.gather(["after"]) == [2]
        assert made.worker_pids() == before
    finally:
        client.close()
        made.close()


def test_a_task_that_ends_its_process_is_blamed_and_no_other(client):
    client.submit_calls(inc, [(i,) for i in range(50)], None, [f"innocent-{i}" for i in range(50)])
    client.submit_calls(lambda: os._exit(3), [()], None, ["poison"])
    with pytest.raises(RuntimeError, match="the workers that ran this task died"):
        client.gather(["poison"])
    assert client.gather([f"innocent-{i}" for i in range(50)]) == list(range(1, 51))


def test_a_function_that_is_cancelled_stops(cluster, client):
    assert cluster.wait_for_workers(2)
    keys = ["endless-0", "endless-1"]
    client.submit_calls(lambda: [None for _ in iter(int, 1)], [(), ()], None, keys)
    while [task["state"] for task in client.ask("tasks", {"keys": keys}).values()] != ["processing", "processing"]:
        pass
    client.cancel(keys)
    client.submit_calls(inc, [(1,), (2,)], None, ["next-0", "next-1"])
    assert client.gather(["next-0", "next-1"]) == [2, 3]
    assert client.states(keys) == ["cancelled", "cancelled"]


def test_a_cluster_grows_and_shrinks_without_losing_a_result():
    made = cluster_module.LocalCluster(n_workers=0, threads_per_worker=1)
    client = cluster_module.Client(made.address)
    try:
        client.submit_calls(inc, [(i,) for i in range(30)], None, [f"kept-{i}" for i in range(30)])
        made.scale(3)
        client.wait([f"kept-{i}" for i in range(30)])
        assert made.wait_for_workers(3)
        made.scale(1)
        while len(client.ask("info")["workers"]) > 1 or len(made.worker_pids()) > 1:
            pass
        assert client.gather([f"kept-{i}" for i in range(30)]) == list(range(1, 31))
    finally:
        client.close()
        made.close()


def test_a_future_of_another_cluster_is_refused(client):
    client.submit_calls(inc, [(Future("of another cluster"),)], None, ["foreign"])
    with pytest.raises(KeyError, match="takes a result that is not on the cluster any more"):
        client.gather(["foreign"])
