"""The programs in README.md run as they stand there, beside the flights data."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / os.environ.get("PLAIT_BUILD_DIR", "build/dev")


def program(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return block


@pytest.fixture(scope="module")
def flights_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    subprocess.run([sys.executable, ROOT / "examples" / "make_flights.py", folder], check=True)
    return folder


@pytest.mark.slow
def test_the_python_program_runs(flights_folder):
    (flights_folder / "program.py").write_text(program("python"))
    done = subprocess.run([sys.executable, "program.py"], cwd=flights_folder, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    # 6,861 of ExpressJet's flights left more than an hour late.
    assert re.search(r"^EV +\d+\.\d+ +6861$", done.stdout, re.MULTILINE), done.stdout
    assert (flights_folder / "graph.svg").stat().st_size > 1000


@pytest.mark.slow
def test_the_cpp_program_runs(flights_folder):
    (flights_folder / "program.cpp").write_text(program("cpp"))
    command = [ROOT / "tests" / "consumer" / "run", BUILD, "program.cpp"]
    done = subprocess.run(command, cwd=flights_folder, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "6861" in done.stdout
