"""A million independent tasks that do nothing, made and run from C++."""

import json
import pathlib
import subprocess

from benchmarks.workload import Timed

TITLE = "1M no-op tasks in C++"
TARGET_BEST = 1
PROGRAMS = pathlib.Path(__file__).parents[2] / "build" / "release" / "benchmarks"


def num_tasks(quick):
    return 10_000 if quick else 1_000_000


def program_of(name, *arguments, size):
    """A system that is a program: `name arguments... size(quick)` prints its seconds and its answer."""

    def prepare(quick):
        path = PROGRAMS / name
        if not path.exists():
            raise FileNotFoundError(f"{path}: build it with `make bench`, or cmake with PLAIT_BENCHMARKS=ON")

        def run():
            command = [path, *arguments, str(size(quick))]
            printed = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            return Timed(printed["seconds"], printed["answer"])

        return run

    return prepare


def program(name, *arguments):
    return program_of(name, *arguments, size=num_tasks)


SYSTEMS = {
    "plait": program("noop_plait"),
    "oneTBB": program("noop_tbb", "task_group"),
    "loop": program("noop_tbb", "parallel_for"),
}
FLOORS = ("loop",)  # oneTBB's parallel loop: pieces of one range, not tasks that somebody could name or wait for.


def limit(machine, quick):
    return num_tasks(quick) * machine["task_ns"] * 1e-9
