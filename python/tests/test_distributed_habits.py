"""What programs written for dask.distributed are used to: with real worker processes."""

import os
import traceback

import numpy as np
import pytest

import plait.array as da
from distributed_samples import fail, inc
from plait.distributed import CancelledError, Client, KilledWorker, LocalCluster, Reschedule, UploadDirectory, WorkerPlugin, get_task_stream, get_worker


@pytest.fixture
def client():
    with Client(n_workers=2, threads_per_worker=1, memory_limit="1GB", dashboard_address=None) as client:
        yield client


# --- Failures ---


def test_a_task_that_ends_its_process_is_a_killed_worker(client):
    future = client.submit(os._exit, 1, key="deadly")
    with pytest.raises(KilledWorker, match="died, again and again") as caught:
        future.result()
    assert caught.value.task == "deadly"
    assert isinstance(future.exception(), KilledWorker) and future.status == "error"
    assert client.submit(inc, 1).result() == 2


def test_the_traceback_of_a_task_is_that_of_its_functions(client):
    future = client.submit(fail, "luck")
    assert [frame.name for frame in traceback.extract_tb(future.traceback())][-1:] == ["fail"]
    with pytest.raises(ValueError, match="no luck") as caught:
        future.result()
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "fail"


def fail_the_first_time(path):
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return "done"
    raise Reschedule


def test_a_task_that_wants_to_run_elsewhere_runs_again(client, tmp_path):
    assert client.submit(fail_the_first_time, str(tmp_path / "tried")).result(timeout=20) == "done"


def test_a_cancelled_key_may_be_submitted_again(client):
    future = client.submit(inc, 1, key="x")
    future.cancel()
    assert future.cancelled()
    with pytest.raises(CancelledError):
        future.result()
    future.cancel()
    again = client.submit(inc, 5, key="x")
    assert again.result(timeout=20) == 6
    assert again.status == "finished"


def test_cancelling_after_the_cluster_has_gone_is_no_error():
    with LocalCluster(n_workers=1, dashboard_address=None) as cluster:
        client = Client(cluster)
        future = client.submit(inc, 1)
    future.cancel()
    assert future.cancelled()
    client.close()


def divide(x, y):
    return x / y


def test_what_has_failed_runs_again_here(client):
    four = client.submit(divide, 8, 2)
    after = client.submit(inc, client.submit(divide, four, 0))
    for failed in (after, [four, after], client.persist(da.ones(4, chunks=2).map_blocks(lambda block: divide(1, 0), dtype=float))):
        with pytest.raises(ZeroDivisionError) as caught:
            client.recreate_error_locally(failed)
        assert "divide" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert client.recreate_task_locally(four) == 4 and client.recreate_task_locally(client.submit(inc, four)) == 5
    with pytest.raises(ValueError, match="none of the futures has failed"):
        client.recreate_error_locally(four)
    with pytest.raises(ValueError, match="no task makes it"):
        client.recreate_task_locally(client.scatter(1))


def test_a_task_that_runs_here_is_this_process(client):
    assert client.recreate_task_locally(client.submit(os.getpid)) == os.getpid()


# --- Workers ---


class Remembers(WorkerPlugin):
    name = "remembers"

    def setup(self, worker):
        worker.secret = 42


def test_what_is_kept_on_a_worker_is_found_there_again(client):
    client.register_plugin(Remembers())
    assert client.submit(lambda: get_worker().secret).result() == 42
    assert set(client.run(lambda dask_worker: dask_worker.secret).values()) == {42}


def test_a_restart_makes_new_processes(client):
    client.register_plugin(Remembers())
    for _ in range(5):
        before = set(client.run(os.getpid).values())
        future = client.submit(inc, 1)
        client.restart(timeout=30)
        assert future.cancelled()
        after = set(client.run(os.getpid).values())
        assert len(after) == 2 and not after & before
    assert client.submit(lambda: get_worker().secret).result() == 42


def test_a_retired_worker_stays_away():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        client.wait_for_workers(2)
        futures = client.map(inc, range(10))
        client.retire_workers([list(client.nthreads())[0]])
        for _ in range(20):
            assert len(client.nthreads()) == 1
            client.submit(inc, 1, pure=False).result()
        assert client.gather(futures) == list(range(1, 11))
        cluster.scale(2)
        client.wait_for_workers(2, timeout=20)


def test_a_folder_goes_to_the_workers_as_a_package(client, tmp_path):
    package = tmp_path / "sent_package"
    package.mkdir()
    (package / "inner.py").write_text("value = 9\n")
    (package / "__init__.py").touch()
    with pytest.raises(ValueError, match="mode is 'here'"):
        UploadDirectory(str(package), mode="here")
    before = set(client.run(os.getpid).values())
    client.register_plugin(UploadDirectory(str(package), restart_workers=True))
    assert not before & set(client.run(os.getpid).values())
    assert client.submit(lambda: __import__("sent_package.inner").inner.value).result() == 9


# --- Results ---


def test_published_results_are_a_dict(client):
    x = client.persist(da.arange(10, chunks=5))
    client.datasets["x"] = x
    client.publish_dataset(y=[1, 2])
    assert sorted(client.datasets) == ["x", "y"] and len(client.datasets) == 2
    assert client.datasets["x"].sum().compute() == 45 and "z" not in client.datasets
    del client.datasets["x"]
    assert list(client.datasets) == ["y"]
    for name in (("a", 1), 7):
        client.publish_dataset("value", name=name)
        assert name in client.datasets and name in client.list_datasets() and client.get_dataset(name) == "value"
        del client.datasets[name]
    assert client.list_datasets() == ("y",)
    with pytest.raises(KeyError):
        client.datasets["x"]


def test_the_type_of_a_result(client):
    for made, kind in ((inc, int), (np.ones, np.ndarray)):
        future = client.submit(made, 3)
        future.result()
        assert future.type is kind


def test_futures_are_themselves_alone(client):
    one, other = client.submit(inc, 1), client.submit(inc, 1)
    assert one.key == other.key and one != other and len({one, other}) == 2


def test_the_task_stream_says_when_what_began_and_ended(client):
    with get_task_stream() as stream:
        client.submit(inc, 1).result()
    (ran,) = stream.data
    (begun,) = ran["startstops"]
    assert begun["action"] == "compute" and begun["start"] <= begun["stop"] and ran["status"] == "OK"
