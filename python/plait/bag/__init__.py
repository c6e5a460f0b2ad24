"""Bags: items of any kind in partitions, with Dask's functions on them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .._missing_names import missing
from ..base import compute
from . import _methods, random
from ._bag import Bag
from ._building import concat, from_sequence, map, map_partitions, range, zip
from ._delayed import from_delayed
from ._item import Item
from ._text import from_url, read_text
from ._writing import to_textfiles
from .avro import read_avro
from .utils import assert_eq

__all__ = [
    "Bag",
    "Item",
    "assert_eq",
    "compute",
    "concat",
    "from_delayed",
    "from_sequence",
    "from_url",
    "map",
    "map_partitions",
    "random",
    "range",
    "read_avro",
    "read_text",
    "to_textfiles",
    "zip",
]

del _methods

if not TYPE_CHECKING:

    def __getattr__(name: str):
        raise missing(__name__, name, sys.modules[__name__])
