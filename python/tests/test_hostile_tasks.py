"""Tasks, functions, values and programs that make it hard for a run: each gets its error or its answer, on every scheduler."""

import multiprocessing
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import traceback

import numpy as np
import pytest

import plait
import plait.array as da
from plait.diagnostics import Profiler, ProgressBar

SCHEDULERS = ["sync", "threads", "processes"]
SPILL = {"memory-budget": "30 MB"}


class HoldsALock(Exception):
    def __init__(self, text):
        super().__init__(text)
        self.lock = threading.Lock()


class CannotBeReadBack(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


class HasNoText(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def raise_value_error():
    raise ValueError("the cellar is empty")


def raise_from_another():
    try:
        return 1 / 0
    except ZeroDivisionError as error:
        raise KeyError("no divisor") from error


def raise_what_holds_a_lock():
    raise HoldsALock("cannot travel")


def raise_what_cannot_be_read_back():
    raise CannotBeReadBack(1, 2)


def raise_what_has_no_text():
    raise HasNoText()


def raise_a_group():
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])


def leave():
    sys.exit("goodbye")


def recurse():
    return recurse()


def caught_from(function, scheduler):
    with pytest.raises(BaseException) as caught:
        plait.get({"bad": (function,)}, "bad", scheduler=scheduler)
    assert caught.value.__notes__ == ["while running 'bad'"]
    return caught.value


@pytest.mark.parametrize("function", [raise_value_error, raise_from_another, raise_a_group, leave, recurse])
def test_every_scheduler_raises_the_same_exception(function):
    errors = [caught_from(function, scheduler) for scheduler in SCHEDULERS]
    assert len({(type(error), str(error)) for error in errors}) == 1


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_an_exception_without_a_text_is_raised_all_the_same(scheduler):
    assert type(caught_from(raise_what_has_no_text, scheduler)) is HasNoText


@pytest.mark.parametrize("function", [raise_what_holds_a_lock, raise_what_cannot_be_read_back])
def test_an_exception_that_cannot_be_pickled_keeps_its_text_and_traceback(function):
    here, there = caught_from(function, "threads"), caught_from(function, "processes")
    assert type(there) is RuntimeError
    assert str(there).endswith(f"{type(here).__name__}: {here} (the exception itself cannot be pickled)")
    assert function.__name__ in [frame.name for frame in traceback.extract_tb(there.__traceback__)]


@pytest.mark.parametrize("make", [threading.Lock, lambda: (i for i in range(3))])
def test_a_value_that_cannot_be_pickled_stays_in_its_process(make):
    assert plait.get({"x": (make,)}, "x", scheduler="threads") is not None
    with pytest.raises(TypeError, match=r"cannot send a Python object to another process: cannot pickle[^\n]*\n.*'x'"):
        plait.get({"x": (make,)}, "x", scheduler="processes")


def test_a_large_value_comes_back_from_another_process():
    value = plait.get({"x": (np.arange, 5_000_000)}, "x", scheduler="processes")
    assert value.flags.writeable
    np.testing.assert_array_equal(value, np.arange(5_000_000))


def total(scheduler):
    return float(da.ones((100,), chunks=10).sum().compute(scheduler=scheduler))


@pytest.mark.parametrize("inner", SCHEDULERS)
@pytest.mark.parametrize("outer", SCHEDULERS)
def test_a_task_may_compute(outer, inner):
    tasks = {i: (total, inner) for i in range(10)}
    assert plait.get(tasks, list(tasks), scheduler=outer, num_workers=2) == (100,) * 10


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_many_threads_may_compute_at_once(scheduler):
    wrong = []

    def compute_some(i):
        for _ in range(3):
            if da.full((200, 200), i, chunks=50).sum().compute(scheduler=scheduler) != 40_000 * i:
                wrong.append(i)
            if plait.get({"square": (pow, i, 2)}, "square", scheduler=scheduler) != i * i:
                wrong.append(i)

    threads = [threading.Thread(target=compute_some, args=(i,)) for i in range(8)]
    with Profiler() as profiler, ProgressBar(minimum=60):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert sum(task.key == "square" for task in profiler.results) == 8 * 3


def test_a_profiler_may_end_before_the_runs_of_other_threads():
    begun, go_on = threading.Event(), threading.Event()

    def wait():
        begun.set()
        return go_on.wait(30)

    other = threading.Thread(target=lambda: plait.get({"x": (wait,)}, "x", scheduler="threads"))
    with Profiler():
        other.start()
        assert begun.wait(30)
    go_on.set()
    other.join()


@pytest.mark.parametrize("before", SCHEDULERS)
def test_a_forked_process_may_compute(before):
    total(before)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.map(total, SCHEDULERS) == [100, 100, 100]
    assert total(before) == 100


def die_once(directory):
    marker = pathlib.Path(directory) / str(time.monotonic_ns())
    first = not any(pathlib.Path(directory).iterdir())
    marker.touch()
    if first:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(directory):
    (pathlib.Path(directory) / str(time.monotonic_ns())).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_task_of_a_killed_worker_runs_again_once(tmp_path):
    dsk = {"one": 1, "risky": (die_once, str(tmp_path)), "both": [(abs, "one"), "risky"]}
    assert plait.get(dsk, "both", scheduler="processes", num_workers=2) == [1, "alive"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_task_that_kills_its_worker_again_and_again_is_named(tmp_path):
    with pytest.raises(RuntimeError, match=r"'deadly' was lost 5 times .* killed by signal 9 \(Killed\)"):
        plait.get({"deadly": (die, str(tmp_path)), "x": (len, ["deadly"])}, "x", scheduler="processes")
    assert len(list(tmp_path.iterdir())) == 5
    assert total("processes") == 100


@pytest.fixture
def tiny_disk(tmp_path):
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", tmp_path], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("needs the right to mount a file system")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def spread(look=np.sqrt):
    """Needs 64 MB of blocks twice."""
    x = da.random.default_rng(1).random((4000, 2000), chunks=(100, 2000)).map_blocks(look, dtype=float)
    return ((x - x.mean(axis=0)) ** 2).sum()


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_full_disk_is_named(scheduler, tiny_disk):
    with plait.config.set({**SPILL, "spill.directory": str(tiny_disk)}):
        with pytest.raises(OSError, match=re.escape(str(tiny_disk)) + ": No space left on device") as caught:
            spread().compute(scheduler=scheduler)
        assert "Set spill.directory to a folder with more room" in str(caught.value)
        assert total(scheduler) == 100
    assert os.statvfs(tiny_disk).f_bfree == os.statvfs(tiny_disk).f_blocks


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
def test_what_was_damaged_on_disk_is_made_again(scheduler, tmp_path):
    """A task in the middle writes into the spill file, which has no name, but a descriptor."""
    ran, damaged = [], []

    def look(block):
        ran.append(1)
        for link in pathlib.Path("/proc/self/fd").iterdir():
            if damaged or not os.path.islink(link) or not os.readlink(link).startswith(str(tmp_path)):
                continue
            size = link.stat().st_size
            if size > 5_000_000:
                damaged.extend(os.pwrite(int(link.name), b"!", at) for at in range(100, size, 1000))
        return np.sqrt(block)

    expected = spread().compute(scheduler="sync")
    with plait.config.set({**SPILL, "spill.directory": str(tmp_path)}):
        assert spread(look).compute(scheduler=scheduler) == pytest.approx(expected)
    assert damaged
    assert len(ran) > 40  # some blocks were made twice


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_value_that_can_never_fit_says_which_chunks_would(scheduler):
    x = da.ones((4000, 4000), chunks=-1).map_blocks(np.sqrt, dtype=float)
    with plait.config.set({"memory-budget": "30 MB"}):
        with pytest.raises(MemoryError, match="can never fit the memory budget: .* and the budget is 28.61 MiB. Use chunks of"):
            x.sum().compute(scheduler=scheduler)


FAULTY = """
import os, signal, sys, threading, time
import numpy as np, pandas as pd
import plait, plait.dataframe as dd


def children():
    mine = str(os.getpid())
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1] == mine:
                found.append(int(entry))
        except OSError:
            pass
    return found


def disturb(signal_number, every, count):
    while count > 0:
        time.sleep(every)
        for child in children()[:1]:
            os.kill(child, signal_number)
            count -= 1


frame = pd.DataFrame({"k": np.arange(60_000) % 997, "x": np.arange(60_000.0)})
lazy = dd.from_pandas(frame, npartitions=12)
slow = lazy.map_partitions(lambda part: (time.sleep(0.1), part)[1])
what, number, every, count = sys.argv[1:]
threading.Thread(target=disturb, args=(getattr(signal, number), float(every), int(count)), daemon=True).start()
with plait.config.set(scheduler="processes", num_workers=2):
    if what == "merge":
        result = slow.merge(lazy.rename(columns={"x": "y"}), on="k").x.sum().compute()
        expected = frame.merge(frame.rename(columns={"x": "y"}), on="k").x.sum()
    else:
        result = slow.groupby("k").x.sum().compute().sum()
        expected = frame.x.sum()
assert result == expected, (result, expected)
print("right")
"""


@pytest.mark.parametrize("what", ["merge", "groups"])
@pytest.mark.parametrize(("signal_name", "every", "count"), [("SIGKILL", 0.25, 4), ("SIGSTOP", 0.4, 1)])
def test_children_that_are_killed_or_stopped_from_outside_are_replaced(what, signal_name, every, count):
    program = subprocess.run([sys.executable, "-c", FAULTY, what, signal_name, str(every), str(count)], capture_output=True, text=True, timeout=60)
    assert program.stdout == "right\n", program.stderr
