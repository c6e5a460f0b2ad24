"""The ten questions of db-benchmark on groups: a table of 10⁷ rows in memory, 100 and 100,000 groups, and a group a row."""

from benchmarks.systems import frame_module
from benchmarks.workload import DATA

TITLE = "db-benchmark, 10 group-bys of 10⁷ rows"
TARGET_BEST = 1
INTERLEAVED = False
REPEATS = 3
FEW = 100
KEYS = [f"id{i}" for i in range(1, 7)]
NUM_COLUMNS_READ = 36  # by all questions together


def rows(quick):
    return 10**5 if quick else 10**7


def path(quick):
    return DATA / f"h2o-groups-{rows(quick)}.parquet"


def make_data(quick):
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    if path(quick).exists():
        return
    generator = np.random.default_rng(7)
    n = rows(quick)
    many = n // FEW

    def names(digits, count):
        labels = pa.array([f"id{i + 1:0{digits}d}" for i in range(count)])
        return pa.DictionaryArray.from_arrays(pa.array(generator.integers(0, count, n, dtype=np.int32)), labels).cast(pa.string())

    columns = {
        "id1": names(3, FEW),
        "id2": names(3, FEW),
        "id3": names(10, many),
        "id4": generator.integers(1, FEW + 1, n),
        "id5": generator.integers(1, FEW + 1, n),
        "id6": generator.integers(1, many + 1, n),
        "v1": generator.integers(1, 6, n),
        "v2": generator.integers(1, 16, n),
        "v3": np.round(generator.uniform(0, 100, n), 6),
    }
    DATA.mkdir(parents=True, exist_ok=True)
    unfinished = path(quick).with_suffix(".unfinished")
    parquet.write_table(pa.table(columns), unfinished, row_group_size=10**6)
    unfinished.rename(path(quick))


def plait(quick):
    x = frame_module("plait").read_parquet(str(path(quick))).persist()

    def sums(lazy):
        result = lazy.compute()
        return [len(result), *(float(total) for total in (result.sum() if result.ndim == 2 else [result.sum()]))]

    def run():
        extremes = x.groupby("id3").agg({"v1": "max", "v2": "min"})
        related = x.groupby(["id2", "id4"])[["v1", "v2"]].corr().compute()["v2"].iloc[::2] ** 2
        return [
            sums(x.groupby("id1").agg({"v1": "sum"})),
            sums(x.groupby(["id1", "id2"]).agg({"v1": "sum"})),
            sums(x.groupby("id3").agg({"v1": "sum", "v3": "mean"})),
            sums(x.groupby("id4").agg({"v1": "mean", "v2": "mean", "v3": "mean"})),
            sums(x.groupby("id6").agg({"v1": "sum", "v2": "sum", "v3": "sum"})),
            sums(x.groupby(["id4", "id5"]).agg({"v3": ["median", "std"]})),
            sums(extremes.v1 - extremes.v2),
            sums(x.groupby("id6").v3.nlargest(2)),
            [len(related), float(related.sum())],
            sums(x.groupby(KEYS).agg({"v3": "sum", "v1": "count"})),
        ]

    return run


def polars(quick):
    import polars as pl

    x = pl.read_parquet(path(quick)).lazy()
    v1, v2, v3 = pl.col("v1"), pl.col("v2"), pl.col("v3")

    def sums(keys, *aggregates, unfold=False):
        groups = x.group_by(keys).agg(*aggregates)
        result = (groups.explode("v3") if unfold else groups).collect()
        return [result.height, *(float(result[name].sum()) for name in result.columns if not name.startswith("id"))]

    return lambda: [
        sums("id1", v1.sum()),
        sums(["id1", "id2"], v1.sum()),
        sums("id3", v1.sum(), v3.mean()),
        sums("id4", v1.mean(), v2.mean(), v3.mean()),
        sums("id6", v1.sum(), v2.sum(), v3.sum()),
        sums(["id4", "id5"], v3.median().alias("median"), v3.std().alias("std")),
        sums("id3", (v1.max() - v2.min()).alias("range")),
        sums("id6", v3.top_k(2), unfold=True),
        sums(["id2", "id4"], (pl.corr("v1", "v2") ** 2).fill_nan(0).alias("r2")),  # of equal values there is none
        sums(KEYS, v3.sum(), v1.count()),
    ]


def duckdb(quick):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"create table x as select * from '{path(quick)}'")

    def sums(keys, *aggregates):
        named = [f"{aggregate} as a{i}" for i, aggregate in enumerate(aggregates)]
        connection.execute(f"create or replace temp table answer as select {keys}, {', '.join(named)} from x group by {keys}")
        totals = ", ".join(f"sum(a{i})::double" for i in range(len(aggregates)))
        return list(connection.execute(f"select count(*), {totals} from answer").fetchone())

    return lambda: [
        sums("id1", "sum(v1)"),
        sums("id1, id2", "sum(v1)"),
        sums("id3", "sum(v1)", "avg(v3)"),
        sums("id4", "avg(v1)", "avg(v2)", "avg(v3)"),
        sums("id6", "sum(v1)", "sum(v2)", "sum(v3)"),
        sums("id4, id5", "median(v3)", "stddev(v3)"),
        sums("id3", "max(v1) - min(v2)"),
        sums("id6", "unnest(max(v3, 2))"),
        sums("id2, id4", "case when isnan(corr(v1, v2)) then 0 else pow(corr(v1, v2), 2) end"),
        sums(", ".join(KEYS), "sum(v3)", "count(v1)"),
    ]


SYSTEMS = {"plait": plait, "polars": polars, "duckdb": duckdb}


def limit(machine, quick):
    return rows(quick) * 8e-9 * NUM_COLUMNS_READ / machine["read_gb_s"]
