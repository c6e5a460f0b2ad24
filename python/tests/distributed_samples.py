"""Functions that tasks of the tests of plait.distributed call."""

import os
import signal
import time


def inc(x):
    return x + 1


def add(x, y):
    return x + y


def fail(x):
    raise ValueError(f"no {x}")


def wait_for_file(path):
    """Runs until the file is there."""
    while not os.path.exists(path):
        time.sleep(0.005)
    return path


def end_once(path):
    """Ends its process the first time."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return "done"
    os.kill(os.getpid(), signal.SIGKILL)


class Counter:
    """An actor."""

    def __init__(self, start=0):
        self.n = start

    def increment(self, by=1):
        self.n += by
        return self.n

    def fail(self):
        raise ValueError("no count")


def sleep_after_touching(path):
    """Cannot be interrupted while it sleeps."""
    open(path, "w").close()
    time.sleep(5)
