"""How often each level comes in lines of JSON (listing 15's data), and the same by a function that nobody can look into."""

import collections

from benchmarks.systems import bag_module, for_each
from benchmarks.workload import DATA

TITLE = "bag, 400k lines of JSON, pluck and count"
TARGET_DASK = 20
TARGET_BEST = 1

LOGS = [
    {"timestamp": "2024-01-01 10:00:00", "level": "INFO", "message": "User login"},
    {"timestamp": "2024-01-01 10:01:00", "level": "ERROR", "message": "Connection failed"},
    {"timestamp": "2024-01-01 10:02:00", "level": "INFO", "message": "User logout"},
    {"timestamp": "2024-01-01 10:03:00", "level": "WARNING", "message": "Slow query"},
]


def num_lines(quick):
    return 4_000 if quick else 400_000


def path(quick):
    return DATA / f"logs-{num_lines(quick)}.json"


def make_data(quick):
    import json

    DATA.mkdir(parents=True, exist_ok=True)
    if not path(quick).exists():
        unfinished = path(quick).with_suffix(".unfinished")
        unfinished.write_text("".join(json.dumps(log) + "\n" for log in LOGS) * (num_lines(quick) // len(LOGS)))
        unfinished.rename(path(quick))


def lazy(system, quick):
    import json

    db = bag_module(system)

    def run():
        lines = db.read_text(str(path(quick)), blocksize="16MiB")
        return dict(lines.map(json.loads).pluck("level").frequencies().compute())

    return run


def orjson(quick):
    import orjson

    def run():
        with open(path(quick), "rb") as lines:
            return dict(collections.Counter(orjson.loads(line)["level"] for line in lines))

    return run


def polars(quick):
    import polars as pl

    def run():
        counts = pl.scan_ndjson(path(quick)).group_by("level").len().collect()
        return dict(counts.iter_rows())

    return run


def duckdb(quick):
    import duckdb

    connection = duckdb.connect()
    query = f"select level, count(*) from read_json('{path(quick)}', format='newline_delimited', columns={{level: 'varchar'}}) group by level"
    return lambda: dict(connection.execute(query).fetchall())


SYSTEMS = for_each(lazy, "plait", "dask") | {"orjson": orjson, "polars": polars, "duckdb": duckdb}


def limit(machine, quick):
    # Each byte is copied out of the page cache and then read.
    return path(quick).stat().st_size * 1e-9 * (1 / machine["cached_file_gb_s"] + 1 / machine["read_gb_s"]) if path(quick).exists() else 0
