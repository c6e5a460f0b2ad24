"""Plans that one program writes and another computes, C++ and Python in both directions."""

import os
import pathlib
import subprocess
import sys

import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd

ROOT = pathlib.Path(__file__).parents[1]
PROGRAM = ROOT / os.environ.get("PLAIT_BUILD_DIR", "build/dev") / "examples" / "hand_over"
PYTHON_READER = """
import sys, plait
means, totals = plait.load_plan(sys.argv[1])
print(means.compute().tolist(), totals.compute().points.to_dict())
"""


def write_in_cpp(path):
    subprocess.run([PROGRAM, "write", path], check=True)


def write_in_python(path):
    numbers = da.arange(12, chunks=5).reshape(3, 4)
    frame = dd.from_pandas(pd.DataFrame({"team": ["red", "blue", "red", "green"], "points": [3, 5, 4, 1]}), npartitions=2)
    plait.save_plan(path, (numbers * 2 + 1).mean(axis=0), frame[frame.points > 2].groupby("team").sum())


@pytest.mark.parametrize("write", [write_in_cpp, write_in_python])
def test_python_computes_what_another_program_wrote(write, tmp_path):
    path = tmp_path / "scores.plan"
    write(path)
    done = subprocess.run([sys.executable, "-c", PYTHON_READER, path], text=True, capture_output=True)
    assert done.stdout == "[9.0, 11.0, 13.0, 15.0] {'blue': 5, 'red': 7}\n", done.stderr


@pytest.mark.parametrize("write", [write_in_cpp, write_in_python])
def test_cpp_computes_what_another_program_wrote(write, tmp_path):
    path = tmp_path / "scores.plan"
    write(path)
    done = subprocess.run([PROGRAM, "compute", path], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "[ 9. 11. 13. 15.]"
    assert [line.split() for line in done.stdout.splitlines()[-2:]] == [["blue", "5"], ["red", "7"]]


def test_a_python_function_is_refused_by_cpp(tmp_path):
    path = tmp_path / "scores.plan"
    x = da.ones(4, chunks=2).map_blocks(lambda block: block + 1, dtype="f8")
    plait.save_plan(path, x, x)
    done = subprocess.run([PROGRAM, "compute", path], text=True, capture_output=True)
    assert done.returncode == 1 and "python" in done.stderr
