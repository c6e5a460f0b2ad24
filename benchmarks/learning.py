"""Rows to learn from, and how each system takes them: NumPy arrays, or blocks of them."""

from benchmarks.systems import array_module

BLOCK_BYTES = 8 << 20


def in_blocks(system, array):
    """The same rows as a lazy array of `system`."""
    rows = max(1, BLOCK_BYTES * len(array) // array.nbytes)
    return array_module(system).from_array(array, chunks=(rows, *array.shape[1:]))


def noisy_classes(rows, columns):
    """Rows of normal numbers, and classes 0 and 1 whose odds are linear in them."""
    import numpy as np

    generator = np.random.default_rng(1)
    x = generator.standard_normal((rows, columns))
    # None is near zero, so that they can be compared by their ratios.
    weights = np.where(np.arange(columns) % 2, -1, 1) * generator.uniform(1, 2, columns) / np.sqrt(columns)
    y = generator.random(rows) < 1 / (1 + np.exp(-(x @ weights + 0.5)))
    return x, y.astype(np.int64)


def curved_classes(rows, columns):
    """Rows and classes that a forest tells apart better than a plane does, with some noise; the last tenth is for tests."""
    import numpy as np

    generator = np.random.default_rng(1)
    x = generator.standard_normal((rows, columns))
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3] + 0.5 * generator.standard_normal(rows) > 0
    last = rows - rows // 10
    return x[:last], y[:last].astype(np.int64), x[last:], y[last:].astype(np.int64)


def passes_over(num_bytes, passes, machine):
    """Seconds to read so many bytes so many times."""
    return passes * num_bytes * 1e-9 / machine["read_gb_s"]
