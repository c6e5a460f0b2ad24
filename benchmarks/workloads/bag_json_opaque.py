"""The hour of each line of JSON by a Python function, counted."""

from benchmarks.systems import bag_module, for_each
from benchmarks.workloads.bag_json import limit as limit
from benchmarks.workloads.bag_json import make_data as make_data
from benchmarks.workloads.bag_json import path

TITLE = "bag, 400k lines of JSON, a Python function"
TARGET_DASK = 3


def hour(log):
    return log["timestamp"].split()[1].split(":")[0]


def lazy(system, quick):
    import json

    db = bag_module(system)
    return lambda: dict(db.read_text(str(path(quick)), blocksize="16MiB").map(json.loads).map(hour).frequencies().compute())


SYSTEMS = for_each(lazy, "plait", "dask")
