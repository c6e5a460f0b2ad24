"""From files to rows to learn from and rows to be tested by, on one scale."""

import numpy as np
import pandas as pd

import plait.dataframe as dd
from plait.ml.model_selection import train_test_split
from plait.ml.preprocessing import LabelEncoder, StandardScaler

numbers = np.random.default_rng(9)
for week in range(4):
    sent = pd.date_range("2024-03-04", periods=5_000, freq="2min") + pd.Timedelta(weeks=week)
    parcels = pd.DataFrame({"sent": sent, "kg": numbers.gamma(2, 3, 5_000), "depot": numbers.choice(["hill", "port", "yard"], 5_000)})
    parcels.assign(days=numbers.poisson(1 + parcels.kg / 4)).to_csv(f"parcels_{week}.csv", index=False)

parcels = dd.read_csv("parcels_*.csv", parse_dates=["sent"])
parcels["hour"] = parcels["sent"].dt.hour
parcels["depot_number"] = LabelEncoder().fit_transform(parcels["depot"])
rows = parcels[["kg", "hour", "depot_number"]].to_dask_array(lengths=True)
is_slow = (parcels["days"] > 3).astype(int).to_dask_array(lengths=True)

train, test, train_slow, test_slow = train_test_split(rows, is_slow, test_size=0.2, random_state=9)
scaler = StandardScaler().fit(train)
print(f"{rows.shape[0]:,} rows: {train.shape[0]:,} to learn from, {test.shape[0]:,} for the test")
print(f"Means and deviations of the training rows, scaled: {abs(scaler.transform(train).mean(axis=0).compute()).max():.2f}, ", end="")
print(f"{scaler.transform(train).std(axis=0).compute().max():.2f}")
print(f"Slow parcels: {train_slow.mean().compute():.2f} of those, {test_slow.mean().compute():.2f} of the others")
