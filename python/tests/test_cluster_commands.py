"""`plait scheduler`, `plait worker` and `plait top`: a cluster out of programs of their own."""

import json
import signal
import subprocess
import sys
import urllib.request

import pytest

from plait.distributed import Client, LocalCluster


def start(*arguments):
    return subprocess.Popen([sys.executable, "-m", "plait", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def start_scheduler(*arguments):
    return start("scheduler", "--port", "0", "--dashboard-address", ":0", *arguments)


def test_a_scheduler_and_workers_by_hand(tmp_path):
    file = str(tmp_path / "here.json")
    scheduler = start_scheduler("--scheduler-file", file)
    try:
        said = scheduler.stdout.readline()
        assert said == f"Scheduler at {json.loads((tmp_path / 'here.json').read_text())['address']}\n"
        workers = start("worker", "--scheduler-file", file, "--nworkers", "2", "--nthreads", "1", "--name", "w", "--resources", "GPU=2")
        with Client(scheduler_file=file) as client:
            client.wait_for_workers(2, timeout=30)
            assert client.submit(lambda x: x + 1, 1, resources={"GPU": 1}).result(timeout=30) == 2
            told = client.scheduler_info()["workers"].values()
            assert sorted((one["name"], one["nthreads"], one["resources"]["GPU"]) for one in told) == [("w-0", 1, 2.0), ("w-1", 1, 2.0)]
            assert scheduler.stdout.readline() == f"Dashboard at {client.dashboard_link}\n"
            with urllib.request.urlopen(client.dashboard_link, timeout=30) as page:
                assert page.status == 200
    finally:
        scheduler.send_signal(signal.SIGTERM)
    assert scheduler.wait(timeout=30) == 0 and scheduler.stderr.read() == ""
    assert workers.wait(timeout=30) == 0
    assert not (tmp_path / "here.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected the scheduler's address, or --scheduler-file"),
        (["tcp://127.0.0.1:1", "--nworkers", "0"], "--nworkers is 0, expected at least 1"),
        (["tcp://127.0.0.1:1", "--resources", "GPU"], "'GPU', expected NAME=NUMBER"),
        (["--scheduler-file", "/nowhere/here.json"], "No such file or directory"),
    ],
)
def test_what_a_worker_cannot_use_is_refused(arguments, message):
    worker = start("worker", *arguments)
    assert message in worker.stderr.read() and worker.wait(timeout=30) == 1


def test_a_port_that_is_none_is_refused():
    scheduler = start("scheduler", "--port", "99999", "--no-dashboard")
    assert "the port is 99999, expected 0" in scheduler.stderr.read() and scheduler.wait(timeout=30) == 1


def test_resources_that_are_no_numbers_by_name_are_refused():
    with pytest.raises(TypeError, match="resources is 'GPU', expected a dict"):
        LocalCluster(n_workers=1, dashboard_address=None, resources="GPU")


PRELOAD = """
import pathlib

def dask_setup(about):
    pathlib.Path(__file__).with_suffix(".set-up").write_text(type(about).__name__ + " " + str(about.name if hasattr(about, "name") else about.address))

async def dask_teardown(about):
    pathlib.Path(__file__).with_suffix(".torn-down").touch()
"""


def test_programs_that_are_loaded_first_are_told_of_the_scheduler_or_the_worker(tmp_path):
    for name in ("of_scheduler", "of_worker"):
        (tmp_path / f"{name}.py").write_text(PRELOAD)
    scheduler = start_scheduler("--preload", str(tmp_path / "of_scheduler.py"))
    address = scheduler.stdout.readline().split()[-1]
    worker = start("worker", address, "--name", "w", "--preload", str(tmp_path / "of_worker.py"))
    try:
        with Client(address) as client:
            client.wait_for_workers(1, timeout=30)
    finally:
        scheduler.send_signal(signal.SIGTERM)
    assert scheduler.wait(timeout=30) == 0 and worker.wait(timeout=30) == 0
    assert (tmp_path / "of_worker.set-up").read_text() == "Worker w"
    assert (tmp_path / "of_scheduler.set-up").read_text().endswith(f" {address}")
    assert (tmp_path / "of_scheduler.torn-down").exists() and (tmp_path / "of_worker.torn-down").exists()


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("http://example.com/setup.py", "is an address; expected a file"),
        ("/nowhere/setup.py", "there is no file '/nowhere/setup.py'"),
        ("no_such_module", "No module named"),
    ],
)
def test_what_cannot_be_loaded_first_is_refused(what, message):
    worker = start("worker", "tcp://127.0.0.1:1", "--preload", what)
    assert message in worker.stderr.read() and worker.wait(timeout=30) == 1


def top(*arguments):
    ran = subprocess.run([sys.executable, "-m", "plait", "top", *arguments], capture_output=True, text=True, timeout=60)
    return ran.returncode, ran.stdout, ran.stderr


def test_top_shows_workers_and_tasks_once():
    with LocalCluster(n_workers=2, threads_per_worker=1, memory_limit="1GB", dashboard_address=None) as cluster, Client(cluster) as client:
        held = client.map(abs, range(10))
        client.gather(held)
        code, text, errors = top(cluster.scheduler_address, "--once")
        assert (code, errors) == (0, "")
        lines = text.splitlines()
        assert lines[0].startswith(f"Scheduler {cluster.scheduler_address}: 2 workers, 2 threads, ")
        assert lines[1].startswith("Tasks: 10 in memory, ")
        assert [line.split()[:2] for line in lines[4:6]] == [["0", "running"], ["1", "running"]]
        assert "of 0.93 GiB" in lines[4] or "of 953" in lines[4]
        assert lines[7] == "abs  [##########] 10 of 10"
        code, text, _ = top(cluster.scheduler_address, "--once", "--json")
        assert code == 0 and json.loads(text)["counts"]["memory"] == 10


def test_top_goes_on_until_the_scheduler_is_gone():
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        shown = start("top", cluster.scheduler_address, "--interval", "0.01")
        for _ in range(2):
            while not shown.stdout.readline().startswith("Scheduler tcp://"):
                assert shown.poll() is None
    text, errors = shown.communicate(timeout=30)
    assert shown.returncode == 0 and errors == "The scheduler is gone.\n" and "\x1b" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tcp://127.0.0.1:1"], "127.0.0.1:1"),
        (["--interval", "0"], "--interval is 0, expected more than 0"),
        (["tcp://127.0.0.1:1", "--scheduler-file", "x"], "not both"),
    ],
)
def test_what_top_cannot_show_is_refused(arguments, message):
    code, _, errors = top(*arguments)
    assert code == 1 and message in errors and "Traceback" not in errors
