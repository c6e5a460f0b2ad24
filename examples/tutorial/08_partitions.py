"""How a frame is cut, and what it knows of the cuts."""

import numpy as np
import pandas as pd

import plait.dataframe as dd

numbers = np.random.default_rng(8)
parcels = pd.DataFrame({"town": numbers.choice(["Bern", "Lyon", "Oslo", "Turin"], 40_000), "kg": numbers.uniform(0, 20, 40_000)})
lazy = dd.from_pandas(parcels, npartitions=5)

finer = lazy.repartition(npartitions=20)
print(f"{lazy.npartitions} partitions become {finer.npartitions}; rows of the first: {finer.map_partitions(len).compute().tolist()[:3]}")

by_town = lazy.set_index("town")
print(f"Divisions by town: {by_town.divisions}")
print(f"{len(by_town.loc['Oslo']):,} parcels for Oslo, of {(parcels.town == 'Oslo').sum():,}")
