"""Classes by their numbers: what a classifier predicts, as the labels that it has learnt."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..array._encoded import EncodedArray, codes_dtype, encoded


def _taken(numbers: np.ndarray, table: np.ndarray) -> np.ndarray:
    return table[numbers]


def named(numbers: Array, classes: np.ndarray) -> Any:
    """A lazy array of the labels; texts are an array of texts."""
    if classes.dtype.kind in "biuf":
        return numbers.map_blocks(_taken, classes, dtype=classes.dtype)
    texts = classes.astype(str) if classes.dtype.kind == "O" else classes
    table = encoded(texts)
    if table.ndim == 1:
        return EncodedArray(numbers.map_blocks(_taken, table, dtype=table.dtype), texts.dtype)
    made = numbers.map_blocks(_taken, table, dtype=codes_dtype(texts.dtype), new_axis=1, chunks=(numbers.chunks[0], (table.shape[1],)))
    return EncodedArray(made, texts.dtype)
