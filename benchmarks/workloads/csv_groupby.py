"""Mean, sum and count by category over five CSV files of a million rows (listing 06's data)."""

from benchmarks.systems import for_each, frame_module
from benchmarks.workload import DATA

TITLE = "CSV, 5 x 1M rows, groupby mean/sum/count"
TARGET_BEST = 2
TARGET_DASK = 8
NUM_FILES = 5


def rows(quick):
    return 20_000 if quick else 1_000_000


def pattern(quick):
    return str(DATA / f"csv-{rows(quick)}-*.csv")


def make_data(quick):
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv

    DATA.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(1)
    for i in range(NUM_FILES):
        path = DATA / f"csv-{rows(quick)}-{i}.csv"
        ids = np.arange(i * rows(quick), (i + 1) * rows(quick))
        columns = {
            "id": ids,
            "value": generator.standard_normal(rows(quick)),
            "category": np.array(["A", "B", "C", "D"])[generator.integers(0, 4, rows(quick))],
            "timestamp": np.datetime64("2024-01-01", "s") + np.arange(rows(quick)),
        }
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            csv.write_csv(pa.table(columns), unfinished, csv.WriteOptions(quoting_style="none"))
            unfinished.rename(path)


def answer(frame):
    """{category: [mean, sum, count]} of a pandas frame whose index is the category."""
    return {str(name): [float(row["mean"]), float(row["sum"]), int(row["count"])] for name, row in frame.iterrows()}


def lazy(system, quick):
    dd = frame_module(system)

    def run():
        frame = dd.read_csv(pattern(quick), parse_dates=["timestamp"])
        return answer(frame.groupby("category")["value"].agg(["mean", "sum", "count"]).compute())

    return run


def pandas(quick):
    import glob

    import pandas as pd

    def run():
        # Only what is needed, as the lazy systems find out by themselves.
        files = [pd.read_csv(name, usecols=["category", "value"]) for name in sorted(glob.glob(pattern(quick)))]
        return answer(pd.concat(files).groupby("category")["value"].agg(["mean", "sum", "count"]))

    return run


def polars(quick):
    import polars as pl

    def run():
        value = pl.col("value")
        groups = pl.scan_csv(pattern(quick), try_parse_dates=True).group_by("category")
        result = groups.agg(mean=value.mean(), sum=value.sum(), count=value.count()).collect()
        return {row["category"]: [row["mean"], row["sum"], row["count"]] for row in result.iter_rows(named=True)}

    return run


def duckdb(quick):
    import duckdb

    connection = duckdb.connect()
    query = f"select category, avg(value), sum(value), count(value) from read_csv('{pattern(quick)}') group by category"
    return lambda: {row[0]: list(row[1:]) for row in connection.execute(query).fetchall()}


SYSTEMS = for_each(lazy, "plait", "dask") | {"polars": polars, "duckdb": duckdb, "pandas": pandas}


def limit(machine, quick):
    num_bytes = sum(path.stat().st_size for path in DATA.glob(f"csv-{rows(quick)}-*.csv"))
    # Each byte is copied out of the page cache and then read.
    return num_bytes * 1e-9 * (1 / machine["cached_file_gb_s"] + 1 / machine["read_gb_s"])
