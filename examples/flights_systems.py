"""The flights job on Plait, Dask and pandas: run one of them, or race all, each in its own process.

    python examples/flights_systems.py dask demo-output/data     # used by race(): answers and times, pickled to stdout
"""

import pathlib
import pickle
import resource
import subprocess
import sys
import time

import flights_job

SYSTEMS = ("plait", "pandas", "dask")
REPEATS = 3


def modules(system):
    """The dataframe module, the array module and the function that computes several results at once."""
    if system == "plait":
        import plait
        import plait.array
        import plait.dataframe

        return plait.dataframe, plait.array, plait.compute
    if system == "dask":
        import dask
        import dask.array
        import dask.dataframe

        return dask.dataframe, dask.array, dask.compute
    return flights_job.PandasFrames, flights_job.NumPyArrays, lambda *results: results


def run(system, folder):
    """The answers of the whole job: name to pandas frame or NumPy array."""
    dd, da, compute = modules(system)
    questions = flights_job.delays(dd, folder)
    *answers, table = compute(*questions.values(), flights_job.measurements(dd, folder))
    (matrix,) = compute(flights_job.correlation(da, table.dropna().to_numpy()))
    return dict(zip(questions, answers)) | {"correlation of delay and weather": matrix}


def run_timed(system, folder):
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answers = run(system, folder)
        times.append(time.perf_counter() - start)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"answers": answers, "first": times[0], "best": min(times), "peak_mb": peak_mb}


def race(folder):
    """Runs every system in a process of its own; prints times and whether the answers equal those of pandas."""
    reports = {system: in_own_process(system, folder) for system in SYSTEMS}
    expected = reports["pandas"]["answers"]
    plait_time = reports["plait"]["best"]
    print(f"\n{'system':8} {'first run':>10} {f'best of {REPEATS}':>10} {'Plait is':>14} {'peak memory':>12}  answers")
    different = []
    for system, report in reports.items():
        wrong = [name for name, answer in report["answers"].items() if not is_equal(answer, expected[name])]
        different += [f"{system}: {name}" for name in wrong]
        verdict = "equal" if not wrong else "DIFFERENT: " + ", ".join(wrong)
        print(
            f"{system:8} {report['first']:8.2f} s {report['best']:8.2f} s {report['best'] / plait_time:6.1f}x faster"
            f" {report['peak_mb']:9.0f} MB  {verdict}"
        )
    return different


def in_own_process(system, folder):
    command = [sys.executable, "-W", "ignore", __file__, system, str(folder)]
    return pickle.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def is_equal(answer, expected):
    import numpy
    import pandas

    # Dask's text is Arrow's string type, and its groups come in any order; pandas sorts them.
    loosely = {"check_dtype": False, "check_index_type": False, "rtol": 1e-9}
    try:
        if isinstance(expected, numpy.ndarray):
            numpy.testing.assert_allclose(answer, expected, rtol=1e-9)
        elif isinstance(expected, pandas.Series):
            pandas.testing.assert_series_equal(answer.sort_index(), expected.sort_index(), **loosely)
        else:
            pandas.testing.assert_frame_equal(answer.sort_index(), expected.sort_index(), **loosely)
    except AssertionError as error:
        print(error, file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(run_timed(sys.argv[1], pathlib.Path(sys.argv[2]))))
