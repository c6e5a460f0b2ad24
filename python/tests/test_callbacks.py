"""Callbacks beside the runs of other threads."""

import threading

import plait
from plait.callbacks import Callback


def test_a_callback_that_ends_while_another_thread_runs_has_ended():
    begun, go_on = threading.Event(), threading.Event()

    def wait():
        begun.set()
        return go_on.wait(30)

    other = threading.Thread(target=lambda: plait.get({"x": (wait,)}, "x", scheduler="threads"))
    told = []
    with Callback(start=lambda dsk: told.append(len(dsk))):
        other.start()
        assert begun.wait(30)
        go_on.set()
    other.join()
    plait.get({"y": (abs, -1)}, "y")
    assert len(told) == 1 and not Callback.active


def test_a_callback_that_begins_while_another_thread_runs_goes_on():
    begun, go_on = threading.Event(), threading.Event()

    def wait():
        begun.set()
        return go_on.wait(30)

    with Callback():
        other = threading.Thread(target=lambda: plait.get({"x": (wait,)}, "x", scheduler="threads"))
        other.start()
        assert begun.wait(30)
        told = []
        with Callback(start=lambda dsk: told.append(list(dsk))):
            go_on.set()
            other.join()
            plait.get({"y": (abs, -1)}, "y")
    assert told == [["y"]]
