"""Frames of four times the memory budget: right answers, and memory that is measured from outside.

What counts is the growth of `VmHWM` (the peak of resident memory), summed over the program and its worker processes, from the moment
when everything is loaded and small frames have gone through the same operations: interpreter and libraries are not the budget's.
"""

import pathlib
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BUDGET_MB = 100
NUM_PARTS = 40
ROWS_A_PART = 4 * BUDGET_MB * 1_000_000 // 64 // NUM_PARTS
NUM_ROWS = NUM_PARTS * ROWS_A_PART

# To be 1.25: what allocators and the kernels of both workers take besides the values still comes on top (docs/differences.md).
MOST_TIMES_THE_BUDGET = {"threads": 3, "processes": 5}

PROGRAM = """
import sys
import numpy as np, pandas as pd
import plait, plait.dataframe as dd

operation, source, target, scheduler = sys.argv[1:]
OPERATIONS = {
    "sort_values": lambda f: f.sort_values("x"),
    "set_index": lambda f: f.set_index("u"),
    "merge": lambda f: f.merge(f[["u", "y"]].rename(columns={"y": "z"}), on="u"),
    "shift": lambda f: f[["u", "x"]].shift(3),
}


def run(frame, target):
    OPERATIONS[operation](frame).to_parquet(target)


with plait.config.set(scheduler=scheduler, num_workers=2):
    small = pd.DataFrame({"u": np.arange(200), "k": 1, "x": np.arange(200.0), "y": 1.0, "s": "a"})
    small_frame = dd.from_pandas(small, npartitions=4)
    run(small_frame, target + "-small")
    run(dd.read_parquet(target + "-small").reset_index().assign(u=1, x=1.0, y=1.0), target + "-smaller")
    print("ready", flush=True)
    sys.stdin.readline()
    run(dd.read_parquet(source), target)
    print("done", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """About 400 MB in memory, in 40 files."""
    folder = tmp_path_factory.mktemp("budget") / "source"
    folder.mkdir()
    random = np.random.default_rng(5)
    numbers = random.permutation(NUM_ROWS)
    for part in range(NUM_PARTS):
        u = numbers[part * ROWS_A_PART : (part + 1) * ROWS_A_PART]
        s = np.char.add("text ", (u % 100_000).astype(str))
        table = pa.table({"u": u, "k": u % 100, "x": random.normal(size=ROWS_A_PART), "y": random.normal(size=ROWS_A_PART), "s": s})
        pq.write_table(table, folder / f"part.{part:03d}.parquet")
    return folder


def family(program):
    """The program and its children."""
    found = [program]
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == program:
                found.append(int(entry.name))
        except (OSError, ValueError):
            pass
    return found


def kilobytes(process, name):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def wait_for(program, word):
    line = program.stdout.readline()
    assert line == word + "\n", program.stderr.read()


def peak_megabytes(operation, source, target, scheduler):
    command = ["env", f"PLAIT_MEMORY_BUDGET={BUDGET_MB}MB", sys.executable, "-c", PROGRAM, operation, str(source), str(target), scheduler]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as program:
        try:
            wait_for(program, "ready")
            at_start = {process: kilobytes(process, "VmRSS") for process in family(program.pid)}
            program.stdin.write("go\n")
            program.stdin.flush()
            wait_for(program, "done")
            return sum(kilobytes(process, "VmHWM") - at_start.get(process, 0) for process in family(program.pid)) / 1000
        finally:
            program.kill()


def read(folder):
    files = sorted(folder.glob("part.*.parquet"), key=lambda path: int(path.name.split(".")[1]))
    return pd.concat([pq.read_table(file).to_pandas() for file in files])


EXPECTED = {
    "sort_values": lambda f: f.sort_values("x").reset_index(drop=True),
    "set_index": lambda f: f.set_index("u").sort_index(),
    "merge": lambda f: f.merge(f[["u", "y"]].rename(columns={"y": "z"}), on="u").sort_values("u").reset_index(drop=True),
    "shift": lambda f: f[["u", "x"]].reset_index(drop=True).shift(3),
}


@pytest.mark.slow
@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.parametrize("operation", EXPECTED)
def test_four_times_the_budget(operation, scheduler, source, tmp_path):
    peak = peak_megabytes(operation, source, tmp_path / "target", scheduler)
    result = read(tmp_path / "target")
    if operation == "merge":
        result = result.sort_values("u")
    if operation != "set_index":
        result = result.reset_index(drop=True)
    pd.testing.assert_frame_equal(result, EXPECTED[operation](read(source)))
    assert peak <= MOST_TIMES_THE_BUDGET[scheduler] * BUDGET_MB
    print(f"{operation} on {scheduler}: {peak / BUDGET_MB:.2f} times the budget")
