"""What a cluster does about damage, workers that start again, and who watches: with real processes."""

import contextlib
import mmap
import os
import pathlib
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import plait
import plait.array as da
from distributed_samples import inc, wait_for_file
from plait.callbacks import Callback
from plait.diagnostics import Profiler
from plait.distributed import Client, WorkerPlugin, get_worker, wait


@pytest.fixture
def client():
    with Client(n_workers=2, threads_per_worker=1, memory_limit="1GB", dashboard_address=None) as client:
        yield client


def pids(client):
    return {str(name): pid for name, pid in client.cluster._native.worker_pids().items()}


def damage(processes, at_least):
    """Flips a byte in the middle of each large piece of shared memory that the processes hold; how many there were."""
    damaged = set()
    for path in (f"/proc/{pid}/fd/{number}" for pid in processes for number in os.listdir(f"/proc/{pid}/fd")):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            if not os.readlink(path).startswith("/memfd:plait"):
                continue
            with open(path, "r+b") as file:
                status = os.stat(file.fileno())
                if status.st_size < at_least or status.st_ino in damaged:
                    continue
                damaged.add(status.st_ino)
                file.seek(status.st_size // 2)
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ 1]))
    return len(damaged)


# --- Damage ---


def make_rows(n):
    return np.arange(n)


def total_of(rows):
    return int(rows.sum())


def test_a_copy_that_is_damaged_is_fetched_again(client):
    rows = client.submit(make_rows, 200_000, workers=["0"])
    wait(rows)
    client.replicate([rows])
    wait(client.submit(inc, 1, workers=["1"]))  # comes after the copy
    assert damage([pids(client)["1"]], 1_000_000) == 1
    assert client.submit(total_of, rows, workers=["1"]).result() == 199_999 * 100_000


def test_data_of_which_no_copy_is_good_is_an_error_that_says_so(client):
    rows = client.scatter(np.arange(200_000), broadcast=True)
    client.run(os.getpid)  # comes to the workers after the data: on its way nobody has it open
    assert damage(pids(client).values(), 1_000_000) == 1  # one piece of memory, which both have open
    with pytest.raises(OSError, match="its checksum does not match"):
        client.submit(total_of, rows).result()
    assert client.submit(inc, 1).result() == 2


# --- Workers that start again ---


class Marks(WorkerPlugin):
    name = "marks"

    def setup(self, worker):
        os.environ["MARKED"] = f"{worker.name} of {worker.nthreads}"


def mark_of(path=None):
    return os.getpid(), os.environ.get("MARKED")


def kill(client, name):
    before = pids(client)[name]
    os.kill(before, signal.SIGKILL)
    while (found := client.submit(mark_of, workers=[name], pure=False).result())[0] == before:
        pass
    return found


def test_plugins_are_there_before_the_first_task_of_a_worker_that_started_again(client):
    client.register_plugin(Marks())
    assert kill(client, "0")[1] == "0 of 1"
    client.cluster.scale(3)
    assert client.submit(mark_of, workers=["2"], pure=False).result()[1] == "2 of 1"
    client.restart()
    assert {mark for _, mark in client.run(mark_of).values()} == {"0 of 1", "1 of 1", "2 of 1"}
    client.unregister_worker_plugin("marks")
    assert kill(client, "1")[1] is None


class Broken(WorkerPlugin):
    name = "broken"

    def setup(self, worker):
        raise ValueError(f"no luck on {get_worker().nthreads}")


def test_a_plugin_that_fails_is_not_kept(client):
    with pytest.raises(ValueError, match="no luck on 1"):
        client.register_plugin(Broken())
    assert kill(client, "0")[1] is None


# --- Who watches ---


def test_observers_hear_of_runs_on_a_cluster(client):
    keys = []
    x = da.ones(1000, chunks=100) + 1
    with Profiler() as profiler, Callback(pretask=lambda key, dsk, state: keys.append(key)):
        assert x.sum().compute() == 2000
    assert len(profiler.results) == len(keys) > 10
    assert all(each.end_time >= each.start_time for each in profiler.results)
    assert "10 tasks" in str(x.explain(analyze=True)) or "tasks" in str(x.explain(analyze=True))


def test_observers_hear_of_a_run_that_fails(client):
    ended = []
    with Callback(finish=lambda dsk, state, failed: ended.append(failed)):
        with pytest.raises(ZeroDivisionError):
            da.ones(10, chunks=5).map_blocks(lambda block: 1 // 0, dtype=float).compute()
    assert ended == [True]


# --- A cap for one task ---


def take_more_and_more():
    return len([bytearray(10_000_000) for _ in range(1000)])


def test_a_task_over_its_cap_fails_and_nobody_else_notices(client):
    kept = client.map(inc, range(10), workers=["0"])
    wait(kept)
    before = pids(client)
    with plait.annotate(memory="200MB"):
        greedy = client.submit(take_more_and_more, workers=["0"])
    with pytest.raises(MemoryError, match=r"the task took [\d.]+ MiB and may take 190.73 MiB \(memory=\)"):
        greedy.result()
    assert pids(client) == before
    assert client.gather(kept) == list(range(1, 11))
    assert len(client.has_what()) == 2


def test_a_native_task_over_its_cap_fails(client):
    with plait.annotate(memory="20MB"):
        with pytest.raises(MemoryError, match=r"may take 19.07 MiB \(memory=\)"):
            da.random.default_rng(0).random((2000, 2000), chunks=-1).compute()
        assert da.ones((10, 10), chunks=-1).sum().compute() == 100


def fill_the_room(said, until):
    """Takes all memory that this process may still ask for, without using it, until a file is there; a new thread has no stack then."""
    held = []
    for size in (64 << 20, 4 << 20, 256 << 10):
        try:
            while True:
                held.append(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE))
        except OSError:
            pass
    pathlib.Path(said).touch()
    while not os.path.exists(until):
        time.sleep(0.01)
    return len(held)


def test_a_worker_without_room_for_a_thread_lives(tmp_path):
    with Client(n_workers=1, threads_per_worker=1, memory_limit="64MB", dashboard_address=None) as client:
        kept = client.map(inc, range(10))
        assert client.gather(kept) == list(range(1, 11))
        before = pids(client)
        filling = client.submit(fill_the_room, str(tmp_path / "full"), str(tmp_path / "asked"))
        wait_for_file(tmp_path / "full")
        with ThreadPoolExecutor(4) as threads:
            calls = [threads.submit(client.run, time.sleep, 0.3, on_error="return") for _ in range(4)]
            answers = [answer for call in calls for answer in call.result().values()]
        (tmp_path / "asked").touch()
        assert all(answer is None or "no room for another thread" in str(answer) for answer in answers)
        assert any(answer is not None for answer in answers)
        assert filling.result(timeout=20) > 0
        assert pids(client) == before
        assert client.gather(kept) == list(range(1, 11))


def test_a_task_that_takes_far_more_than_its_worker_may_is_stopped_soon():
    with Client(n_workers=1, threads_per_worker=1, memory_limit="100MB", dashboard_address=None) as client:
        before = pids(client)
        start = time.monotonic()
        with pytest.raises(MemoryError, match=r"took [\d.]+ \wiB and its worker may take 95.37 MiB \(memory_limit=\)"):
            client.submit(take_more_and_more_slowly).result(timeout=30)
        assert time.monotonic() - start < 15
        assert pids(client) == before


def take_more_and_more_slowly():
    held = []
    for _ in range(4000):
        held.append(b"x" * 1_000_000)
        time.sleep(0.0005)
    return len(held)


# --- Tasks that compute ---


def computed_inside(n):
    return int(da.ones(n, chunks=10).sum().compute())


def test_tasks_that_compute_collections_leave_their_thread_to_them():
    with Client(n_workers=1, threads_per_worker=1, dashboard_address=None) as client:
        assert client.gather(client.map(computed_inside, [30, 40], pure=False)) == [30, 40]
