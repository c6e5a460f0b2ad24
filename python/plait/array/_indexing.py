"""Entries of an index, for setting items."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._operands import index_item, is_integer

__all__ = ["is_integer", "is_mask_of", "one_item"]


def is_mask_of(index: Any, array: Array) -> bool:
    """Whether ``index`` is a boolean array with an element for each of ``array``."""
    return isinstance(index, (Array, np.ndarray)) and index.dtype == bool and index.ndim == array.ndim and array.ndim > 0


def one_item(item: Any):
    """One entry of an index: None, an ellipsis, a slice, an integer, or an array with one axis, lazy ones among them."""
    positions = item if isinstance(item, Array) else index_item(item)
    ndim = getattr(positions, "ndim", None)
    if ndim is not None and ndim > 1:
        raise NotImplementedError(f"an index array with {ndim} axes is not there yet; expected one axis")
    return int(positions) if ndim == 0 and positions.dtype.kind in "iu" else positions
