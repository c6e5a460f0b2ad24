"""Clusters: what they tell of themselves, how they grow and shrink, what all clients share, and that nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import numpy as np
import pytest

import plait.array as da
from distributed_samples import Counter, add, end_once, inc, wait_for_file
from plait.distributed import (
    Client,
    Environ,
    Event,
    LocalCluster,
    Lock,
    MultiLock,
    Queue,
    Semaphore,
    SpecCluster,
    UploadDirectory,
    Variable,
    WorkerPlugin,
    get_task_stream,
    get_worker,
    performance_report,
    progress,
    wait,
)
from plait.distributed.diagnostics import MemorySampler


@pytest.fixture(scope="module")
def client():
    with Client(n_workers=2, threads_per_worker=2, memory_limit="1GB", dashboard_address=":0") as client:
        yield client


# --- What it tells of itself ---

SCHEDULER_KEYS = {"type", "id", "address", "services", "started", "n_workers", "total_threads", "total_memory", "workers"}
WORKER_KEYS = {
    *("type", "id", "host", "resources", "local_directory", "name", "nthreads", "memory_limit", "last_seen", "services", "metrics"),
    *("status", "nanny"),
}
METRICS = {
    *("task_counts", "bandwidth", "digests_total_since_heartbeat", "managed_bytes", "spilled_bytes", "transfer", "event_loop_interval"),
    *("cpu", "memory", "time", "host_net_io", "host_disk_io", "num_fds"),
}


def test_the_information_is_laid_out_as_dasks(client):
    info = client.scheduler_info()
    assert set(info) == SCHEDULER_KEYS | {"total_occupancy"}
    assert (info["type"], info["n_workers"], info["total_threads"], info["total_memory"]) == ("Scheduler", 2, 4, 2 * 10**9)
    assert isinstance(info["total_occupancy"], float)
    assert sorted(each["name"] for each in info["workers"].values()) == [0, 1]
    for worker in info["workers"].values():
        assert set(worker) == WORKER_KEYS | {"memory"}
        assert set(worker["metrics"]) == METRICS
        assert (worker["nthreads"], worker["memory_limit"], worker["status"]) == (2, 10**9, "running")
    assert len(client.scheduler_info(n_workers=1)["workers"]) == 1
    assert client.nthreads() == client.ncores() == dict.fromkeys(info["workers"], 2)


def test_texts_and_tables(client):
    address = client.cluster.scheduler_address
    assert repr(client) == f"<Client: '{address}' processes=2 threads=4, memory=1.86 GiB>"
    assert repr(client.cluster) == f"LocalCluster({client.cluster.name}, '{address}', workers=2, threads=4, memory=1.86 GiB)"
    assert address in client._repr_html_() and "LocalCluster" in client._repr_html_()
    assert client.cluster.worker_spec[0]["options"]["memory_limit"] == "1GB"
    assert "Worker: 0" in client.scheduler_info()._repr_html_()


def test_who_has_what(client):
    future = client.submit(np.ones, 1000, key="some-ones")
    future.result()
    ((address,),) = client.who_has([future]).values()
    assert "some-ones" in client.has_what()[address]
    assert client.nbytes(["some-ones"], summary=False)["some-ones"] >= 8000
    assert sum(client.nbytes(["some-ones"]).values()) >= 8000
    assert set(client.processing()) == set(client.nthreads())
    assert any("some-ones" in str(line) for line in client.story(future))


def test_notes_and_events(client):
    client.set_metadata(["run", "number"], 3)
    assert client.get_metadata("run") == {"number": 3} and client.get_metadata(["run", "number"]) == 3
    assert client.get_metadata("none", default=5) == 5
    with pytest.raises(KeyError):
        client.get_metadata("none")
    client.log_event(["a", "b"], {"x": np.float64(1)})
    ((when, event),) = client.get_events("a")
    assert when > 1e9 and event == {"x": 1.0} and set(client.get_events()) >= {"a", "b"}


def test_functions_on_workers(client):
    pids = client.run(os.getpid)
    assert set(pids) == set(client.nthreads()) and os.getpid() not in pids.values()
    assert sorted(client.run(lambda dask_worker: dask_worker.name).values()) == [0, 1]
    assert list(client.run(add, 1, y=2, workers=[0]).values()) == [3]

    async def coroutine():
        return "awaited"

    assert set(client.run(coroutine).values()) == {"awaited"}
    with pytest.raises(ZeroDivisionError):
        client.run(lambda: 1 / 0)
    assert all(isinstance(each, ZeroDivisionError) for each in client.run(lambda: 1 / 0, on_error="return").values())
    assert client.run(lambda: 1 / 0, on_error="ignore") == {}
    assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.workers)) == 2


def test_logs_of_workers(client):
    import logging

    client.run(lambda: logging.getLogger("mine").warning("so far so good"))
    logs = client.get_worker_logs()
    assert set(logs) == set(client.nthreads())
    for lines in logs.values():
        assert any(level == "WARNING" and "so far so good" in text for level, text in lines)
        assert "started" in lines[-1][1]
    assert all(len(lines) == 1 for lines in client.get_worker_logs(n=1).values())


# --- What all share ---


def test_locks_and_semaphores(client):
    lock = Lock("door")
    assert lock.acquire(timeout=1) and lock.locked()
    assert not Lock("door").acquire(blocking=False) and not Lock("door").acquire(timeout="20ms")
    lock.release()
    assert not lock.locked()
    with pytest.raises(RuntimeError, match="holds no lease"):
        lock.release()
    semaphore = Semaphore(2, "seats")
    with semaphore, semaphore:
        assert semaphore.get_value() == 2 and not semaphore.acquire(timeout=0)
    assert semaphore.get_value() == 0


def bump(name, _):
    with Lock(f"lock of {name}"):
        value = Variable(name).get()
        Variable(name).set(value + 1)


def test_a_lock_keeps_tasks_of_all_workers_apart(client):
    Variable("count").set(0)
    client.gather(client.map(bump, ["count"] * 20, range(20)))
    assert Variable("count").get() == 20


def test_several_locks_at_once(client):
    both = MultiLock(["left", "right"])
    with both:
        assert not Lock("left").acquire(blocking=False)
        assert not MultiLock(["right", "other"]).acquire(timeout=0)
    assert Lock("left").acquire(timeout=0)


def test_events(client):
    event = Event("started")
    assert not event.is_set() and not event.wait(timeout=0.02)
    future = client.submit(lambda: Event("started").wait(timeout=20), pure=False)
    event.set()
    assert future.result() and event.is_set()
    event.clear()
    assert not event.is_set()


def test_queues_and_variables_hold_values_and_futures(client):
    queue = Queue("things", maxsize=2)
    future = client.submit(inc, 1)
    queue.put({"a": 1})
    queue.put(future)
    with pytest.raises(TimeoutError):
        queue.put(3, timeout=0.02)
    assert queue.qsize() == 2
    assert queue.get() == {"a": 1} and queue.get().result() == 2
    with pytest.raises(TimeoutError):
        queue.get(timeout=0.02)
    queue.put(1)
    assert queue.get(batch=True) == [1]
    variable = Variable("thing")
    with pytest.raises(TimeoutError):
        variable.get(timeout=0.02)
    variable.set(client.submit(inc, 40))
    assert variable.get().result() == 41
    variable.delete()


def test_published_results(client):
    x = client.persist(da.arange(6, chunks=3))
    client.publish_dataset(x=x, f=client.submit(inc, 1))
    assert set(client.list_datasets()) >= {"x", "f"}
    del x
    with Client(client.cluster.scheduler_address, set_as_default=False) as other:
        assert other.get_dataset("f").result() == 2
        assert other.get_dataset("x").sum().compute(scheduler=other) == 15
    with pytest.raises(KeyError, match="published already"):
        client.publish_dataset(x=1)
    client.unpublish_dataset("x")
    with pytest.raises(KeyError, match="no dataset 'x'"):
        client.get_dataset("x")
    assert client.get_dataset("x", default=None) is None


def test_actors(client):
    counter = client.submit(Counter, 10, actor=True).result()
    assert counter.increment().result() == 11 and counter.increment(by=4).result(timeout=20) == 15
    assert counter.n == 15
    assert client.submit(lambda counter: counter.increment().result(), counter).result() == 16
    with pytest.raises(ValueError, match="no count"):
        counter.fail().result()
    many = client.map(Counter, range(4), actor=True)
    assert [each.increment().result() for each in client.gather(many)] == [1, 2, 3, 4]


# --- Plugins and files ---


class Marks(WorkerPlugin):
    name = "marks"

    def setup(self, worker):
        os.environ["MARKED"] = str(worker.name)

    def teardown(self, worker):
        del os.environ["MARKED"]


def variable(name):
    return os.environ.get(name)


def test_plugins(client):
    client.register_plugin(Marks())
    assert sorted(client.run(variable, "MARKED").values()) == ["0", "1"]
    client.unregister_worker_plugin("marks")
    assert set(client.run(variable, "MARKED").values()) == {None}
    with pytest.raises(ValueError, match="no worker has a plugin"):
        client.unregister_worker_plugin("marks")
    client.register_plugin(Environ({"COLOR": "red"}))
    assert set(client.run(variable, "COLOR").values()) == {"red"}


def test_files(client, tmp_path):
    (tmp_path / "sent_module.py").write_text("def answer(): return 42\n")
    client.upload_file(str(tmp_path / "sent_module.py"))

    def use():
        import sent_module

        return sent_module.answer()

    assert client.submit(use, pure=False).result() == 42
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "inner_module.py").write_text("x = 7\n")
    client.register_plugin(UploadDirectory(str(tmp_path / "pack"), update_path=True))
    assert set(client.run(lambda: __import__("inner_module").x).values()) == {7}
    with pytest.raises(FileNotFoundError):
        client.upload_file(str(tmp_path / "none.py"))


# --- Seeing ---


def read(link):
    with urllib.request.urlopen(link, timeout=20) as answer:
        assert answer.status == 200
        return answer.read().decode()


def test_the_dashboard(client):
    kept = client.persist(da.ones(8, chunks=2))
    wait(kept)
    link = client.dashboard_link
    assert "Plait: Status" in read(link)
    snapshot = json.loads(read(link.replace("/status", "/json/snapshot.json")))
    assert len(snapshot["workers"]) == 2 and snapshot["tasks"]["memory"] >= 4
    assert 'dask_scheduler_workers{state="idle"}' in read(link.replace("/status", "/metrics"))
    assert read(link.partition("/status")[0] + "/health") == "ok"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(link.partition("?")[0])
    assert client.scheduler_info()["services"]["dashboard"] == int(link.split(":")[2].split("/")[0])


def test_a_second_client_finds_the_dashboard(client):
    with Client(client.cluster.scheduler_address, set_as_default=False) as other:
        assert other.dashboard_link == client.dashboard_link


def test_a_report(client, tmp_path):
    path = tmp_path / "report.html"
    with performance_report(filename=str(path)):
        da.random.default_rng(0).random((400, 400), chunks=100).sum().compute()
    page = path.read_text()
    assert "Task Stream" in page and "Number of tasks" in page
    assert "default_rng(0)" in page and len(page) < 2_000_000
    plots = json.loads(page.rpartition("const plots = ")[2].split(";\n")[0])
    assert len(plots[0]["tasks"]) > 0 and all(took >= 0 for _, took, *_ in plots[0]["tasks"])


def test_the_task_stream(client, tmp_path):
    with get_task_stream(plot="save", filename=str(tmp_path / "stream.html")) as stream:
        client.gather(client.map(inc, range(10), pure=False))
    assert sum(each["name"] == "inc" for each in stream.data) == 10
    assert all(each["stop"] >= each["start"] > 1e9 and each["worker"] in client.nthreads() for each in stream.data)
    assert "Task Stream" in (tmp_path / "stream.html").read_text()
    assert len(client.get_task_stream(count=3)) == 3


def test_progress_reaches_its_end(client, capsys):
    progress(client.map(inc, range(50)))
    assert "100% Completed" in capsys.readouterr().out


def test_memory_over_time(client):
    sampler = MemorySampler()
    with sampler.sample("run", interval=0.01):
        da.ones(1000).sum().compute()
    assert len(sampler.to_pandas()) >= 2 and (sampler.to_pandas()["run"] > 0).all()


def test_the_state_as_a_file(client, tmp_path):
    client.dump_cluster_state(str(tmp_path / "dump"))
    assert set(json.loads((tmp_path / "dump.json").read_text())) >= {"info", "tasks", "written"}


# --- Size ---


def test_growing_and_shrinking_keeps_results():
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        cluster.scale(3)
        client.wait_for_workers(3)
        futures = client.map(inc, range(30), pure=False)
        wait(futures)
        cluster.scale(1)
        assert client.gather(futures) == list(range(1, 31))
        assert len(cluster.worker_spec) == 1
        with pytest.raises(TimeoutError, match="of 5 workers"):
            client.wait_for_workers(5, timeout=0.02)


def test_a_cluster_adapts(tmp_path):
    path = str(tmp_path / "go")
    with LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        adaptive = cluster.adapt(minimum=0, maximum=3, interval="10ms", wait_count=2, target_duration="1ms")
        futures = client.map(lambda path, i: wait_for_file_of_task(path) and i, [path] * 12, range(12), pure=False)
        client.wait_for_workers(2)
        open(path, "w").close()
        assert client.gather(futures) == list(range(12))
        del futures
        while client.scheduler_info()["workers"]:  # nothing to do, nothing to hold
            pass
        adaptive.stop()
        assert ("up", 3) in adaptive.log
    with pytest.raises(ValueError, match="minimum is 5"):
        with LocalCluster(n_workers=0, dashboard_address=None) as cluster:
            cluster.adapt(minimum=5, maximum=2)


def wait_for_file_of_task(path):
    return wait_for_file(path)


def test_workers_that_are_threads_of_the_program():
    with Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:
        assert client.submit(os.getpid).result() == os.getpid()
        assert da.ones(10, chunks=2).sum().compute() == 10


def test_a_cluster_of_specified_workers():
    from plait.distributed import Nanny

    options = {"nthreads": 1, "memory_limit": "200MB"}
    with SpecCluster(workers={"alice": {"cls": Nanny, "options": options}}, scheduler={"options": {"dashboard_address": None}}) as cluster:
        with Client(cluster) as client:
            assert client.submit(lambda: get_worker().name).result() == "alice"


def test_a_scheduler_file(client, tmp_path):
    path = str(tmp_path / "scheduler.json")
    client.write_scheduler_file(path)
    assert os.stat(path).st_mode & 0o077 == 0
    program = f"from plait.distributed import Client\nwith Client(scheduler_file={path!r}) as client:\n    print(client.submit(pow, 2, 5).result())\n"
    assert subprocess.check_output([sys.executable, "-"], input=program, text=True, timeout=60) == "32\n"


# --- Faults ---


def test_a_worker_that_is_killed_in_the_middle_is_replaced_and_nothing_is_lost(tmp_path):
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        before = set(client.run(os.getpid).values())
        futures = client.map(inc, range(50))
        wait(futures)
        os.kill(next(iter(before)), signal.SIGKILL)
        assert client.submit(sum, futures).result() == sum(range(1, 51))
        client.wait_for_workers(2, timeout=20)
        assert set(client.run(os.getpid).values()) != before


def test_a_task_that_ends_its_worker_once_runs_again(tmp_path):
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        assert client.submit(end_once, str(tmp_path / "ended")).result() == "done"


def test_a_task_that_ends_every_worker_is_blamed_and_others_are_not():
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        innocent = client.map(inc, range(20))
        poison = client.submit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(Exception, match="(?i)worker"):
            poison.result()
        assert client.gather(innocent) == list(range(1, 21))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"


def test_a_driver_that_is_killed_leaves_no_process():
    program = (
        "import os, sys\nfrom plait.distributed import Client\n"
        "client = Client(n_workers=2, threads_per_worker=1, dashboard_address=None)\n"
        "print(*client.run(os.getpid).values(), flush=True)\nsys.stdin.read()\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pids = [int(each) for each in driver.stdout.readline().split()]
    assert len(pids) == 2 and all(alive(pid) for pid in pids)
    driver.kill()
    driver.wait()
    gone = threading.Event()
    for _ in range(500):
        if not any(alive(pid) for pid in pids):
            break
        gone.wait(0.02)
    assert not any(alive(pid) for pid in pids)
    driver.stdin.close()
    driver.stdout.close()


def test_closing_leaves_no_process():
    client = Client(n_workers=2, threads_per_worker=1, dashboard_address=None)
    pids = list(client.run(os.getpid).values())
    client.close()
    assert not any(alive(pid) for pid in pids)
