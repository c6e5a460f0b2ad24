"""`plait scheduler` and `plait worker`: a cluster out of programs of their own."""

import json
import signal
import subprocess
import sys

import pytest

from plait.distributed import Client, LocalCluster


def start(*arguments):
    return subprocess.Popen([sys.executable, "-m", "plait", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_scheduler_and_workers_by_hand(tmp_path):
    file = str(tmp_path / "here.json")
    scheduler = start("scheduler", "--port", "0", "--scheduler-file", file)
    try:
        said = scheduler.stdout.readline()
        assert said == f"Scheduler at {json.loads((tmp_path / 'here.json').read_text())['address']}\n"
        workers = start("worker", "--scheduler-file", file, "--nworkers", "2", "--nthreads", "1", "--name", "w", "--resources", "GPU=2")
        with Client(scheduler_file=file) as client:
            client.wait_for_workers(2, timeout=30)
            assert client.submit(lambda x: x + 1, 1, resources={"GPU": 1}).result(timeout=30) == 2
            told = client.scheduler_info()["workers"].values()
            assert sorted((one["name"], one["nthreads"], one["resources"]["GPU"]) for one in told) == [("w-0", 1, 2.0), ("w-1", 1, 2.0)]
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
    scheduler = start("scheduler", "--port", "99999")
    assert "the port is 99999, expected 0" in scheduler.stderr.read() and scheduler.wait(timeout=30) == 1


def test_resources_that_are_no_numbers_by_name_are_refused():
    with pytest.raises(TypeError, match="resources is 'GPU', expected a dict"):
        LocalCluster(n_workers=1, dashboard_address=None, resources="GPU")
