"""How each system opens the tables and runs a query: `prepare(scale)` gives a function of the query's number."""

from collections.abc import Callable
from typing import Any

from benchmarks.systems import frame_module
from benchmarks.tpch import data

Rows = list[list[Any]]


class Tables:
    """`tables.lineitem` and the other tables, opened when they are first asked for."""

    def __init__(self, scale: float, read: Callable[[str], Any]):
        self.scale, self._read = scale, read

    def __getattr__(self, name: str) -> Any:
        if name not in data.TABLES:
            raise AttributeError(name)
        table = self._read(data.path(self.scale, name))
        setattr(self, name, table)
        return table


def plain(value: Any) -> Any:
    """A value that JSON has, the same from every system; dates are texts."""
    if hasattr(value, "item"):
        value = value.item()
    return str(value)[:10] if hasattr(value, "isoformat") else value


def rows_of(table: Any) -> Rows:
    return [[plain(value) for value in row] for row in table]


def lazy(system: str, scale: float) -> Callable[[int], Rows]:
    from benchmarks.tpch.frames import QUERIES

    dd = frame_module(system)

    def run(number: int) -> Rows:
        result = QUERIES[number](Tables(scale, dd.read_parquet)).compute()
        if not hasattr(result, "columns"):
            return [[float(result)]]
        return rows_of(result.itertuples(index=False, name=None))

    return run


def polars(scale: float) -> Callable[[int], Rows]:
    import polars as pl
    from benchmarks.tpch.polars_frames import QUERIES

    return lambda number: rows_of(QUERIES[number](Tables(scale, pl.scan_parquet)).collect().iter_rows())


def duckdb(scale: float) -> Callable[[int], Rows]:
    import duckdb
    from benchmarks.tpch.sql import queries

    connection = duckdb.connect()
    for table in data.TABLES:
        connection.execute(f"create view {table} as select * from read_parquet('{data.path(scale, table)}')")
    texts = queries(scale)
    return lambda number: rows_of(connection.execute(texts[number]).fetchall())


SYSTEMS: dict[str, Callable[[float], Callable[[int], Rows]]] = {
    "plait": lambda scale: lazy("plait", scale),
    "duckdb": duckdb,
    "polars": polars,
    "dask": lambda scale: lazy("dask", scale),
}
