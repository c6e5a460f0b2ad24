"""What a client sees of a cluster at work: code, events as they come, logs, what moved."""

import logging
import os
import queue
import re
import time
from types import SimpleNamespace

import pytest

from distributed_samples import fail, inc
from plait import _code_samples
from plait.distributed import Client, SSHCluster, SubprocessCluster, get_task_metadata, get_worker, performance_report
from plait.distributed.diagnostics.plugin import CondaInstall, InstallPlugin, SchedulerUploadFile
from plait.distributed.profile import drawn, merge, of_function


@pytest.fixture(scope="module")
def client():
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        yield client


def spin(seconds):
    """Computes in Python for so long."""
    return spun(time.monotonic() + seconds)


def spun(end):
    number = 0
    while time.monotonic() < end:
        number += 1
    return number > 0


def log(level, text, failed=False):
    """Logs on the worker."""
    logger = logging.getLogger("plait.tests.forwarded")
    logger.setLevel(logging.INFO)
    try:
        if failed:
            raise ValueError("no luck")
    except ValueError:
        logger.exception(text)
    else:
        logger.log(level, "%s", text)


# --- Code ---


def tree_of(*stacks):
    samples = _code_samples.Samples()
    samples.add([[(function.__code__, function.__code__.co_firstlineno) for function in stack] for stack in stacks])
    return samples.between(None, None)


def test_stacks_are_counted_as_a_tree_of_calls():
    tree = tree_of([spin, spun], [spin, spun], [spin], [log])
    assert tree["count"] == 4
    by_name = {child["description"]["name"]: child for child in tree["children"].values()}
    assert (by_name["spin"]["count"], by_name["log"]["count"]) == (3, 1)
    ((identifier, below),) = by_name["spin"]["children"].items()
    assert (below["count"], below["identifier"], identifier.split(";")[0]) == (2, identifier, "spun")
    assert by_name["spin"]["description"]["line"] == "def spin(seconds):"


def test_a_call_that_has_not_begun_is_at_its_first_line():
    frame = SimpleNamespace(f_code=spin.__code__, f_lineno=None, f_back=None)
    assert _code_samples.frames_of(frame) == [(spin.__code__, spin.__code__.co_firstlineno)]


def test_trees_are_added_up_and_left_as_they_are():
    one, other = tree_of([spin, spun]), tree_of([spin], [log])
    both = merge(one, other)
    assert both["count"] == 3 and sorted(child["count"] for child in both["children"].values()) == [1, 2]
    assert one["count"] == 1 and [child["count"] for child in one["children"].values()] == [1]
    assert of_function(both, "spin")["count"] == 2 and of_function(both, "nothing")["count"] == 0


def test_a_tree_is_drawn_as_wide_as_it_took():
    text = drawn(tree_of([spin, spun], [spin], [spin], [log]))
    assert re.findall(r"left:([0-9.]+)%;width:([0-9.]+)%;top:([0-9]+)px", text) == [("0.00", "75.00", "0"), ("0.00", "25.00", "18"), ("75.00", "25.00", "0")]
    assert "3 of 4 samples (75.0%)" in text


def test_what_tasks_compute_in_python_is_seen(client, tmp_path):
    client.gather(client.map(spin, [0.3, 0.31]))
    tree = client.profile()
    spins = of_function(tree, "spin")
    assert spins["count"] >= 2
    assert client.profile(key="spin")["count"] >= spins["count"]
    assert sorted(client.profile(merge_workers=False)) == sorted(client.scheduler_info()["workers"])
    tree, page = client.profile(plot=True, filename=str(tmp_path / "profile.html"))
    assert (tmp_path / "profile.html").read_text() == page and ">spin</b>" in page
    assert client.profile(start=time.time() + 60)["count"] == 0
    with pytest.raises(NotImplementedError, match="run no Python"):
        client.profile(scheduler=True)


def test_a_report_has_code_and_transfers(client, tmp_path):
    path = tmp_path / "report.html"
    with performance_report(filename=str(path)):
        client.gather(client.map(spin, [0.2, 0.21]))
        client.gather(client.map(bytes, [2_000_000, 2_000_001]))
    text = path.read_text()
    assert ">spin</b>" in text
    assert re.search(r"in which \d+ values of 3\.8\d MiB moved", text)
    assert "Idle time of threads" in text and "/s while values moved" in text
    assert text.count("<h2>Calling code</h2>") == 1 and "bytes, [2_000_000" in text and "re.search" not in text


# --- Events ---


def test_a_handler_hears_the_events_of_its_topic_from_then_on(client):
    heard = queue.Queue()
    client.log_event("weather", "before")
    client.subscribe_topic("weather", heard.put)
    client.log_event(["weather", "else"], "rain")
    client.submit(lambda: get_worker().log_event("weather", {"sun": 1})).result()
    assert [heard.get(timeout=20)[1] for _ in range(2)] == ["rain", {"sun": 1}]
    client.unsubscribe_topic("weather")
    with pytest.raises(ValueError, match="nothing is subscribed to 'weather'"):
        client.unsubscribe_topic("weather")


def test_a_handler_that_fails_or_awaits_is_called_again(client):
    heard = queue.Queue()

    async def handle(event):
        heard.put(event[1])
        raise ValueError("no luck")

    client.subscribe_topic("odd", handle)
    for number in range(3):
        client.log_event("odd", number)
    assert [heard.get(timeout=20) for _ in range(3)] == [0, 1, 2]
    client.unsubscribe_topic("odd")


# --- Logs ---


def test_what_tasks_log_is_handled_here(client):
    heard = queue.Queue()

    class Handler(logging.Handler):
        def emit(self, record):
            heard.put(record)

    handler, logger = Handler(), logging.getLogger("plait.tests.forwarded")
    logger.addHandler(handler)
    try:
        client.forward_logging("plait.tests", level=logging.WARNING)
        client.submit(log, logging.INFO, "quiet").result()
        client.submit(log, logging.WARNING, "loud").result()
        client.submit(log, logging.ERROR, "failed", failed=True).result()
        loud, failed = (heard.get(timeout=20) for _ in range(2))
        assert (loud.getMessage(), loud.levelno, loud.name) == ("loud", logging.WARNING, "plait.tests.forwarded")
        assert loud.worker in client.scheduler_info()["workers"]
        assert failed.getMessage() == "failed" and "ValueError: no luck" in failed.exc_text
    finally:
        client.unforward_logging("plait.tests")
        logger.removeHandler(handler)
    assert client.submit(inc, 1).result() == 2


# --- Blocks, installing, other clusters ---


def test_a_block_knows_the_tasks_that_ended_in_it(client):
    before = client.submit(inc, 100)
    before.result()
    with get_task_metadata() as tasks:
        one, other = client.submit(inc, 101), client.submit(fail, 102)
        one.result()
        other.exception()
    assert tasks.state == {one.key: "memory", other.key: "erred"}
    assert tasks.metadata[one.key]["worker"] in client.scheduler_info()["workers"]
    assert tasks.metadata[one.key]["start"] <= tasks.metadata[one.key]["stop"]


def test_what_a_plugin_installs_is_there_in_each_worker(client, tmp_path):
    client.register_plugin(InstallPlugin(lambda: (tmp_path / str(os.getpid())).touch()))
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(str(pid) for pid in client.run(os.getpid).values())


def test_a_program_that_installs_and_is_not_there_is_named(client, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="CondaInstall of numpy: there is no program 'conda'"):
        CondaInstall(["numpy"]).setup(None)


def test_a_file_for_the_scheduler_can_be_imported_here(client, tmp_path):
    (tmp_path / "for_the_scheduler.py").write_text("answer = 42")
    client.register_plugin(SchedulerUploadFile(str(tmp_path / "for_the_scheduler.py")))
    assert __import__("for_the_scheduler").answer == 42
    client.unregister_scheduler_plugin("upload_file")


def test_other_clusters_are_this_one_or_say_what_to_use():
    with SubprocessCluster(n_workers=1, dashboard_address=":0", worker_kwargs={"resources": {"GPU": 1}}) as cluster, Client(cluster) as client:
        assert client.submit(inc, 1, resources={"GPU": 1}).result() == 2
    with pytest.raises(NotImplementedError, match="LocalCluster.*Ray"):
        SSHCluster(["localhost"])
