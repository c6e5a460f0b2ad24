"""Ctrl-C in the middle of whatever a task may be doing, on every scheduler: it answers at once and leaves nothing behind."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

PROGRAM = pathlib.Path(__file__).with_name("interrupted_program.py")
# It is a fifth of a second on a quiet machine; a test must not depend on how busy this one is.
PATIENCE_S = 5
# No test waits for longer, whatever goes wrong.
LIMIT_S = 120


@pytest.fixture(autouse=True)
def programs_hear_ctrl_c():
    """A shell lets what it starts in the background ignore SIGINT, and every child inherits that; a handler is not inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


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
            start_new_session=True,
        )
        self.limit = threading.Timer(LIMIT_S, os.killpg, (self.process.pid, signal.SIGKILL))
        self.limit.daemon = True
        self.limit.start()

    def hear(self, word):
        for line in self.process.stdout:
            said = json.loads(line)
            if word in said:
                return said
        raise AssertionError(self.process.stderr.read())

    def interrupt(self):
        """As a terminal does it: the signal goes to the program and all its children."""
        sent = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        said = self.hear("interrupted")
        return said, said["interrupted"] - sent

    def end(self):
        _, errors = self.process.communicate(timeout=60)
        self.limit.cancel()
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


ENDS_WITH_A_STUCK_THREAD = """
import os, signal, sys, threading, time
import plait

begun, begin = os.pipe()

def stuck(pause):
    os.write(begin, b"x")
    while True:
        try:
            while True:
                time.sleep(pause)
        except BaseException:
            pass

def interrupt():
    os.read(begun, 1)
    os.kill(os.getpid(), signal.SIGINT)

class SlowToGo:
    def __del__(self):
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            pass

threading.Thread(target=interrupt, daemon=True).start()
kept = SlowToGo()
try:
    plait.get({"x": (stuck, float(sys.argv[1]))}, "x", scheduler="threads")
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("pause", ["0", "0.001", "60"])
def test_a_program_may_end_while_a_task_is_stuck(pause):
    """Its thread comes back to Python while the interpreter shuts down, or not at all."""
    command = [sys.executable, "-c", ENDS_WITH_A_STUCK_THREAD, pause]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "interrupted\n", "")


INTERRUPTS_A_RUN_INSIDE_A_RUN = """
import os, signal, threading, time
import plait

begun, begin = os.pipe()

def wait():
    os.write(begin, b"x")
    time.sleep(60)

def outer():
    plait.get({"inner": (wait,)}, "inner", scheduler="threads")

def interrupt():
    os.read(begun, 1)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
try:
    plait.get({"outer": (outer,)}, "outer", scheduler="threads")
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_reaches_a_run_inside_a_task():
    command = [sys.executable, "-c", INTERRUPTS_A_RUN_INSIDE_A_RUN]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=50)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "interrupted\n", "")
