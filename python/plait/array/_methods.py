"""Methods of Array that say x.f(...) for the function f(x, ...) of plait.array."""

from __future__ import annotations

import importlib
from typing import Any

# Methods, and the modules of their functions.
_METHODS = {
    "_reductions": "all any argmax argmin max mean min prod std sum var",
    "_routines": "clip dot",
    "_layout": "repeat",
    "_cumulative": "cumprod cumsum",
    "_order": "argtopk topk",
    "_search": "nonzero",
    "_diagonal": "trace",
    "_store": "store",
}


def _method(module: str, name: str):
    def method(self, *args: Any, **kwargs: Any):
        return getattr(importlib.import_module(f"plait.array.{module}"), name)(self, *args, **kwargs)

    method.__name__, method.__qualname__ = name, f"Array.{name}"
    method.__doc__ = f"See `plait.array.{name}`."
    return method


class Methods:
    """The methods of `Array` that are functions, too."""

    __slots__ = ()

    def round(self, decimals: int = 0):
        """The elements rounded to ``decimals`` digits, halves to even."""
        from ._routines import around

        return around(self, decimals)

    def map_blocks(self, func, *args: Any, **kwargs: Any):
        """Apply a Python function to every block; see `plait.array.map_blocks`."""
        from ._map_blocks import map_blocks

        return map_blocks(func, self, *args, **kwargs)

    @property
    def blocks(self):
        """The blocks, indexed as elements are: ``x.blocks[0, 1]`` is an array."""
        from ._blocks import BlockView

        return BlockView(self)

    partitions = blocks

    @property
    def vindex(self):
        """Single elements by a list of positions for each axis: ``x.vindex[[0, 3], [2, 2]]``."""
        from ._blocks import PointIndex

        return PointIndex(self)


for _module, _names in _METHODS.items():
    for _name in _names.split():
        setattr(Methods, _name, _method(_module, _name))
