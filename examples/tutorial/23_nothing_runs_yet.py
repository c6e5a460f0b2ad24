"""Exercise: what is printed before and after compute()."""

import plait.array as da

draws = da.random.default_rng(23).random((600, 600), chunks=(200, 200))
scaled = (draws + 1) * 2

print(f"before: {scaled}")
result = scaled.compute()
print(f"after:  {type(result).__name__} of shape {result.shape}, from {result.min():.3f} to {result.max():.3f}")
