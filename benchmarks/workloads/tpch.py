"""The 22 queries of TPC-H one after the other; `python -m benchmarks.tpch` shows them one by one."""

from benchmarks.tpch import data
from benchmarks.tpch.systems import SYSTEMS as TPCH_SYSTEMS

TITLE = "TPC-H, scale 1, 22 queries"
TARGET_BEST = 0.5
INTERLEAVED = False
REPEATS = 3


def scale(quick):
    return 0.01 if quick else 1


def make_data(quick):
    data.make(scale(quick))


def prepared(system):
    def prepare(quick):
        run = TPCH_SYSTEMS[system](scale(quick))
        return lambda: {str(number): run(number) for number in range(1, 23)}

    return prepare


# DuckDB first: its answers are the measure.
SYSTEMS = {system: prepared(system) for system in ("duckdb", "polars", "plait")}


def limit(machine, quick):
    """Every file is copied out of the page cache once."""
    num_bytes = sum(path.stat().st_size for path in data.folder(scale(quick)).glob("*.parquet"))
    return num_bytes * 1e-9 / machine["cached_file_gb_s"]
