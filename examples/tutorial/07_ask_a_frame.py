"""Groups, filters and spans of time."""

import numpy as np
import pandas as pd

import plait
import plait.dataframe as dd

numbers = np.random.default_rng(7)
trips = pd.DataFrame(
    {
        "start": pd.Timestamp("2024-03-01") + pd.to_timedelta(numbers.integers(0, 14 * 86_400, 50_000), unit="s"),
        "line": numbers.choice(["red", "green", "blue"], 50_000),
        "minutes": numbers.exponential(12, 50_000),
    }
)
lazy = dd.from_pandas(trips, npartitions=6)

by_line = lazy.groupby("line").minutes.agg(["mean", "max", "count"])
long = lazy[lazy.minutes > 30]
by_day = lazy.set_index("start").minutes.resample("D").sum()

lines, num_long, days = plait.compute(by_line, long.minutes.count(), by_day)
print(lines.sort_index().round(2))
print(f"{num_long:,} trips took more than half an hour")
print(days.head().round(0))
