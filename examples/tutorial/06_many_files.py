"""Many CSV files as one frame."""

import numpy as np
import pandas as pd

import plait.dataframe as dd

numbers = np.random.default_rng(6)
for station in range(5):
    times = pd.date_range("2024-06-01", periods=20_000, freq="min")
    pd.DataFrame({"time": times, "station": station, "wind": numbers.gamma(2, 3, 20_000)}).to_csv(f"station_{station}.csv", index=False)

wind = dd.read_csv("station_*.csv", parse_dates=["time"])
print(f"{wind.npartitions} partitions, {len(wind):,} rows")
print(wind.dtypes)
print(wind.head())
