"""Products and singular values of matrices in blocks."""

import numpy as np

import plait.array as da

numbers = da.random.RandomState(5)
tall = numbers.normal(size=(3_000, 40), chunks=(1_000, 40))
wide = numbers.normal(size=(40, 2_000), chunks=(40, 500))
matrix = tall @ wide

u, s, v = da.linalg.svd_compressed(matrix, k=40, seed=5)
exact = np.linalg.svd(matrix.compute(), compute_uv=False)[:40]
print(f"{matrix.shape} in {matrix.npartitions} blocks has rank {int((exact > 1e-6).sum())}")
print(f"largest singular values: {s[:3].compute().round(2)}")
print(f"furthest from NumPy's: {abs(s.compute() - exact).max():.1e}")
