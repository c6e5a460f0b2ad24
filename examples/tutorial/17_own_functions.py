"""Own functions: on partitions, and on rows."""

import numpy as np
import pandas as pd

import plait.dataframe as dd

numbers = np.random.default_rng(17)
boxes = pd.DataFrame({"width": numbers.uniform(1, 3, 8_000), "height": numbers.uniform(1, 3, 8_000), "shelf": numbers.integers(0, 9, 8_000)})
lazy = dd.from_pandas(boxes, npartitions=4)


def with_area(part):
    return part.assign(area=part.width * part.height)


def is_tall(row):
    return row.height > row.width


areas = lazy.map_partitions(with_area)
print(areas.head(3).round(3))
tall = lazy.apply(is_tall, axis=1, meta=("tall", bool))
print(f"{tall.sum().compute():,} boxes are taller than wide ({(boxes.height > boxes.width).sum():,} by pandas)")
print(f"rows of each partition: {lazy.map_partitions(len).compute().tolist()}")
