"""The same frame in pandas and in Plait: one knows its rows, the other how to make them."""

import numpy as np
import pandas as pd

import plait.dataframe as dd

measured = pd.DataFrame({"depth": np.linspace(0, 50, 10_000), "salt": np.random.default_rng(2).normal(35, 0.5, 10_000)})
lazy = dd.from_pandas(measured, npartitions=4)

print(f"pandas holds {len(measured):,} rows in one piece")
print(f"Plait cuts them into {lazy.npartitions} partitions: {lazy.columns.tolist()}")

mean = lazy.salt.mean()
print(f"Nothing has run yet: {type(mean).__name__}")
print(f"Mean salt: {mean.compute():.6f} (pandas: {measured.salt.mean():.6f})")
