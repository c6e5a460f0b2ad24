"""Gives Bag the methods that are functions, too: those that read and write files, and make frames."""

from __future__ import annotations

from . import _delayed
from ._bag import Bag
from ._frames import to_dataframe
from ._item import Item
from ._writing import to_textfiles
from .avro import to_avro

Bag.to_avro = to_avro
Bag.to_dataframe = to_dataframe
Bag.to_delayed = _delayed.to_delayed
Bag.to_textfiles = to_textfiles
Item.from_delayed = staticmethod(_delayed.item_from_delayed)
Item.to_delayed = _delayed.item_to_delayed
