"""A program that is interrupted: ``python interrupted_program.py SCHEDULER WORK SPILL_DIRECTORY``.

It says on its standard output, in lines of JSON: the process whose task has begun; the time of the interrupt and what is left
of the run; what a run after it gives.
"""

import json
import os
import sys
import threading
import time

import plait
import plait.array as da

REPLY = 1


def say(**words):
    os.write(REPLY, (json.dumps(words) + "\n").encode())


def begin(*_):
    say(begun=os.getpid())


def spin():
    begin()
    while True:
        pass


def sleep():
    begin()
    time.sleep(60)


def native():
    begin()
    # One task of about a minute, which holds next to no memory.
    return da.random.default_rng(1).random(30_000_000_000, chunks=-1).sum()


def spill():
    begin()
    x = da.random.default_rng(1).random((16_000, 8_000), chunks=(100, 8_000))
    return [(x + i).rechunk((16_000, 50)).std(axis=0).sum() for i in range(20)]


def run(work, scheduler):
    if work in (spin, sleep):
        plait.get({"a": (work,), "b": (work,)}, ["a", "b"], scheduler=scheduler, num_workers=2)
    else:
        plait.compute(work(), scheduler=scheduler, num_workers=2)


def memory_files():
    links = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except FileNotFoundError:
            pass  # that of the listing itself
    return [link for link in links if link.startswith("/memfd:")]


def run_after(scheduler):
    if scheduler == "threads":
        both = threading.Barrier(2, timeout=30)  # every worker is there again
        plait.get({"a": (both.wait,), "b": (both.wait,)}, ["a", "b"], scheduler=scheduler, num_workers=2)
    return float(da.ones((400, 400), chunks=(100, 100)).sum().compute(scheduler=scheduler, num_workers=2))


def main():
    scheduler, work, directory = sys.argv[1:]
    plait.config.set({"memory-budget": "64 MB", "array.rechunk.task-size": "8 MB", "spill.directory": directory})
    assert run_after(scheduler) == 160_000
    try:
        run(globals()[work], scheduler)
    except KeyboardInterrupt:
        say(interrupted=time.monotonic(), memory_files=memory_files())
    say(after=run_after(scheduler))


if __name__ == "__main__":
    main()
