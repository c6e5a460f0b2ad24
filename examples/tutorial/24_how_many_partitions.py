"""Exercise: as many partitions as make each of a size that suits."""

import math

import numpy as np
import pandas as pd

import plait.dataframe as dd
from plait.utils import format_bytes, parse_bytes

num_rows, bytes_per_row, wanted = 100_000_000, 50, parse_bytes("100 MiB")
needed = math.ceil(num_rows * bytes_per_row / wanted)
print(f"{format_bytes(num_rows * bytes_per_row)} in pieces of {format_bytes(wanted)}: {needed} partitions")

sample = dd.from_pandas(pd.DataFrame({"id": np.arange(96_000), "value": np.zeros(96_000)}), npartitions=needed)
print(f"a smaller frame in as many: {sample.npartitions}, {sample.map_partitions(len).compute().max():,} rows in the largest")
