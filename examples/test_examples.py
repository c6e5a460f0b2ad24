"""The examples run, and what they print is right: Plait's answers in both languages equal those of pandas."""

import os
import pathlib
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
