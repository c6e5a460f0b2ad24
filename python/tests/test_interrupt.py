"""Ctrl-C in the middle of whatever a task may be doing, on every scheduler: it answers at once and leaves nothing behind."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

PROGRAM = pathlib.Path(__file__).with_name("interrupted_program.py")
# It is a fifth of a second on a quiet machine; a test must not depend on how busy this one is.
PATIENCE_S = 5


def children_of(process):
    children = []
    for tasks in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            children += [int(child) for child in tasks.read_text().split()]
    return children


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spilled_bytes(process, directory):
    total = 0
    for link in pathlib.Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            if os.readlink(link).startswith(str(directory)):
                total += link.stat().st_blocks * 512
    return total


def wait_until(condition):
    give_up = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < give_up


def is_running(process):
    return pathlib.Path(f"/proc/{process}").exists()


class Program:
    """The program under test, and what it says."""

    def __init__(self, scheduler, work, directory):
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), scheduler, work, str(directory)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hear(self, word):
        for line in self.process.stdout:
            said = json.loads(line)
            if word in said:
                return said
        raise AssertionError(self.process.stderr.read())

    def interrupt(self):
        sent = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        said = self.hear("interrupted")
        return said, said["interrupted"] - sent

    def end(self):
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@pytest.mark.parametrize("work", ["native", "spin", "sleep", "spill"])
@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_ctrl_c_answers_at_once_and_leaves_nothing_behind(scheduler, work, tmp_path):
    shared_before = set(os.listdir("/dev/shm"))
    program = Program(scheduler, work, tmp_path)
    worker = program.hear("begun")["begun"]
    main = program.process.pid
    if work == "native":
        # The task has begun when somebody has computed for a while.
        start = cpu_seconds(main)
        wait_until(lambda: any(cpu_seconds(p) > 0.2 for p in children_of(main)) or cpu_seconds(main) > start + 0.2)
    if work == "spill":
        wait_until(lambda: spilled_bytes(main, tmp_path) > 1_000_000)
    children = children_of(main)
    said, seconds = program.interrupt()
    print(f"{scheduler} {work}: {1000 * seconds:.0f} ms")
    assert seconds < PATIENCE_S
    assert said["memory_files"] == []
    if work in ("spin", "sleep") and scheduler == "processes":
        assert not is_running(worker)
    assert program.hear("after") == {"after": 160_000}
    assert program.end() == (0, "")
    assert not any(is_running(child) for child in children)
    assert os.listdir(tmp_path) == []
    assert set(os.listdir("/dev/shm")) <= shared_before
