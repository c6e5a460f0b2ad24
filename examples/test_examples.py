"""The examples run, and what they print is right: Plait's answers in both languages equal those of pandas."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PROGRAMS = ROOT / os.environ.get("PLAIT_BUILD_DIR", "build/dev") / "examples"
sys.path.insert(0, str(ROOT / "examples"))

import flights_systems
import make_flights


@pytest.fixture(scope="session")
def flights_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flights")
    make_flights.write_flights(folder)
    return folder


@pytest.fixture(scope="session")
def expected(flights_folder):
    return flights_systems.run("pandas", flights_folder)


@pytest.mark.slow
@pytest.mark.parametrize("system", ["plait", "dask"])
def test_the_flights_job_answers_as_pandas_does(system, flights_folder, expected):
    answers = flights_systems.run(system, flights_folder)
    assert answers.keys() == expected.keys()
    assert [name for name in expected if not flights_systems.is_equal(answers[name], expected[name])] == []


@pytest.mark.slow
def test_a_wrong_answer_is_noticed(expected):
    routes = expected["the busiest routes"]
    assert flights_systems.is_equal(routes, routes)
    assert not flights_systems.is_equal(routes + 1, routes)


@pytest.mark.slow
def test_the_flights_job_in_cpp_prints_the_same_figures(flights_folder, expected):
    done = subprocess.run([PROGRAMS / "flights", flights_folder], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    words = done.stdout.split()
    for count in expected["the busiest routes"]:
        assert str(count) in words
    for count in expected["delays by carrier"][("dep_delay", "count")]:
        assert str(count) in words


# What a program says of a way to answer: how many answers are right, the log loss, and how many of the likeliest were late.
ANSWERS = r"^(never late|logistic model|forest) +([\d.]+) right, log loss ([\d.]+).*, ([\d.]+) were late$"


def answers_of(command, folder):
    done = subprocess.run([*command, folder], text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return {name: [float(each) for each in found] for name, *found in re.findall(ANSWERS, done.stdout, re.MULTILINE)}


@pytest.mark.slow
def test_whether_a_flight_will_be_late_is_answered_alike_in_both_languages(flights_folder):
    in_python = answers_of([sys.executable, ROOT / "examples" / "flights_late.py"], flights_folder)
    never, logistic, forest = in_python["never late"], in_python["logistic model"], in_python["forest"]
    # They know more than nothing, not much about the single flight, and the forest knows a little more.
    assert never[0] < min(logistic[0], forest[0]) and max(logistic[0], forest[0]) < never[0] + 0.02
    assert never[1] > logistic[1] > forest[1] > never[1] - 0.06
    assert 2 * never[2] < min(logistic[2], forest[2])

    in_cpp = answers_of([PROGRAMS / "flights_late"], flights_folder)
    assert in_cpp.keys() == in_python.keys()
    for name, figures in in_python.items():
        assert in_cpp[name] == pytest.approx(figures, abs=0.02 if name == "forest" else 0.002), name


def test_delayed_functions_in_cpp_run_on_threads_and_in_processes():
    done = subprocess.run([PROGRAMS / "delayed", "10000"], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "1229 primes below 10000, a share of 0.1229; all numbers add up to 49995000" in done.stdout
    assert "in worker processes: 1229" in done.stdout


def test_a_cluster_in_cpp_calls_functions_and_computes_collections():
    done = subprocess.run([PROGRAMS / "cluster"], text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "highest of 20 paths: " in done.stdout
    assert "sum: 499999500000" in done.stdout
