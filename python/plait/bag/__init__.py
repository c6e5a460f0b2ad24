"""Bags: items of any kind in partitions, with Dask's functions on them."""

from __future__ import annotations

from ..base import compute
from ._bag import Bag
from ._building import concat, from_sequence, map, map_partitions, range, zip
from ._item import Item

__all__ = ["Bag", "Item", "compute", "concat", "from_sequence", "map", "map_partitions", "range", "zip"]
