"""The benchmark runner judges rightly: answers, targets, and systems that fail."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from benchmarks import race, report, workload
from benchmarks.race import Outcome

MACHINE = {
    "read_gb_s": 30.0,
    "copy_gb_s": 40.0,
    "fma_gflop_s": 100.0,
    "mt19937_ns": 1.0,
    "task_ns": 1.0,
    "cached_file_gb_s": 5.0,
    "python_start_s": 0.01,
}


def outcome(system, seconds, answer=1.0, peak_mb=100.0):
    return Outcome(system, times=[seconds, 2 * seconds], answer=answer, peak_mb=peak_mb)


def row(outcomes, **options):
    load = workload.Workload(name="matmul", title="matmul", systems={}, **options)
    race.judge_answers(outcomes, load)
    return report.Row(load, outcomes, limit=0.5)


def test_every_workload_defines_what_the_runner_needs():
    for name in workload.names():
        load = workload.load(name)
        assert "plait" in load.systems, name
        assert load.limit(MACHINE, True) >= 0, name


@pytest.mark.parametrize(
    ("answer", "expected", "equal"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.001, False),
        ([1, 2.0], [1, 2.0], True),
        ([1], [1, 2], False),
        ({"A": [0.5, 3]}, {"A": [0.5, 3]}, True),
        ({"A": [0.5, 3]}, {"A": [0.5, 4]}, False),
        ({"A": 1}, {"B": 1}, False),
        (None, {"B": 1}, False),
    ],
)
def test_answers_are_compared(answer, expected, equal):
    assert workload.same(answer, expected, 1e-9) is equal


def test_ratios_are_of_the_best_times():
    result = row([outcome("plait", 1.0), outcome("dask", 8.0), outcome("numpy", 3.0)])
    assert (result.to_best, result.to_dask, result.to_limit) == (3.0, 8.0, 2.0)
    assert result.best_peer.system == "numpy"


def test_a_floor_is_no_peer():
    result = row([outcome("plait", 1.0), outcome("dask", 8.0), outcome("loop", 0.1)], floors=("loop",))
    assert result.best_peer.system == "dask"


def test_reached_targets_miss_nothing():
    assert row([outcome("plait", 1.0), outcome("dask", 8.0)], target_dask=8, target_best=1, target_peak_mb=100).misses() == []


def test_each_missed_target_is_named():
    misses = row([outcome("plait", 1.0), outcome("dask", 8.0)], target_dask=10, target_peak_mb=50).misses()
    assert misses == [
        "matmul: 8x Dask, and 10x is the target",
        "matmul: 100 MB at the peak, and 50 MB is the target",
    ]


def test_a_wrong_answer_is_a_miss():
    (miss,) = row([outcome("plait", 1.0, answer=2.0), outcome("dask", 8.0, answer=1.0)]).misses()
    assert miss == "matmul: the answer of plait differs: 2.0"


def test_a_system_that_fails_is_named_and_hurts_no_other():
    result = row([Outcome("plait", error="ValueError: no"), outcome("dask", 8.0)])
    assert result.misses() == ["matmul: Plait did not run: ValueError: no"]
    assert "dask 8 s" in report.table([result])


@pytest.mark.slow
def test_systems_run_in_processes_of_their_own():
    load = workload.load("matmul")
    numpy, dask = race.run_workload(load, ["numpy", "dask"], repeats=2, quick=True)
    assert numpy.error is None and dask.error is None
    assert len(numpy.times) == len(dask.times) == 2
    assert dask.answer_is_right


@pytest.mark.slow
def test_a_child_that_cannot_start_reports_why():
    (missing,) = race.run_workload(workload.load("matmul"), ["missing"], repeats=1, quick=True)
    assert missing.error == "KeyError: 'missing'"
