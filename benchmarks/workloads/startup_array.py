"""A new Python that imports the array module and computes a first small result."""

from benchmarks.systems import for_each
from benchmarks.workloads.startup_frame import compile_plait, python

TITLE = "start Python, first array result"
TARGET_DASK = 5
make_data = compile_plait


def lazy(system, quick):
    return python(f"import {system}.array as da; print(float(da.ones((10, 10), chunks=(5, 5)).sum().compute()))")


SYSTEMS = for_each(lazy, "plait", "dask")


def limit(machine, quick):
    return machine["python_start_s"]
