"""Statistics of an array that is far larger than the memory: blocks are made, reduced and forgotten."""

import plait
import plait.array as da

readings = da.random.default_rng(4).random((20_000, 20_000, 10), chunks=(1_000, 1_000, 10))
print(f"{readings.npartitions} blocks, {readings.nbytes / 1e9:.0f} GB if they were all there at once")

# One pass for all three: what they share is made once.
mean, deviation, most = plait.compute(readings.mean(), readings.std(), readings.max())
print(f"mean {mean:.5f}, standard deviation {deviation:.5f}, maximum {most:.5f}")
