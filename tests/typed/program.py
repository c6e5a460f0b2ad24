"""A typed program as a user writes it; tests/typed/test_typed.py holds it against `mypy --strict`."""

from __future__ import annotations

import numpy as np

import plait
import plait.array as da
import plait.dataframe as dd
from plait.array import Array
from plait.dataframe import DataFrame, Scalar, Series
from plait.diagnostics import Profiler, ProgressBar


def means(rows: int, columns: int) -> Array:
    x = da.random.default_rng(7).random((rows, columns), chunks=(rows // 2, columns))
    y = da.ones((rows, columns), chunks=(rows // 2, columns))
    product: Array = (x + 2 * y) @ y.T
    sums: Array = product.sum(axis=0).rechunk(10)
    return sums


def routines(x: Array) -> list[Array]:
    return [
        da.sin(x),
        da.concatenate([x, x], axis=0),
        da.where(x > 0, x, -x),
        x[1:, None],
        x.reshape(-1).astype(np.float32),
        da.from_array(np.arange(10), chunks=5),
        x.map_blocks(np.abs, dtype=x.dtype),
    ]


def late(pattern: str) -> DataFrame:
    flights: DataFrame = dd.read_csv(pattern, parse_dates=["time_hour"])
    delayed: DataFrame = flights[flights["dep_delay"] > 60]
    table: DataFrame = delayed.groupby("carrier").agg({"dep_delay": ["mean", "count"]})
    return table


def joined(left: DataFrame, right: DataFrame) -> DataFrame:
    both = left.merge(right, on="carrier", how="left")
    table: DataFrame = both.assign(late=both["dep_delay"] > 15).sort_values("dep_delay").dropna()
    return table


def delays(flights: DataFrame) -> Series:
    column: Series = flights["dep_delay"].fillna(0.0).clip(lower=0)
    return column


def texts_and_dates(flights: DataFrame) -> Series:
    groups = flights.groupby("carrier")
    sums: Series = groups.dep_delay.sum()
    tables: DataFrame = groups[["dep_delay", "arr_delay"]].mean()
    hours: Series = flights.time_hour.dt.hour + flights.carrier.str.upper().str.len()
    kept: DataFrame = flights[flights.dep_delay > 60].fillna(0).shift(1)
    total: Scalar = kept.dep_delay.max()
    print(tables, total)
    return sums + hours


def main() -> None:
    array = means(20, 30)
    shape: tuple[int | float, ...] = array.shape
    kind: np.dtype = array.dtype
    print(shape, kind, array.chunks, array.npartitions)
    with plait.config.set(scheduler="threads", num_workers=2), ProgressBar(), Profiler() as profiler:
        print(array.compute())
    print(len(profiler.results))
    first, second = plait.compute(array, array.sum())
    print(first, second, plait.tokenize(array))
    (kept,) = plait.persist(array)
    print(kept, plait.get({"a": 1, "b": (abs, "a")}, "b"))


if __name__ == "__main__":
    main()
