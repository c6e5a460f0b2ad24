"""Delayed values among the arguments of functions of partitions: every call gets the value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import Delayed, delayed
from ._collection import FrameBase
from ._delayed import from_delayed


def with_values(function: Callable, args: tuple, kwargs: dict, meta: Any) -> tuple[Callable, tuple, dict]:
    """The function with arguments that are partitions, or are there already; ``meta`` must be known where some are delayed.

    Raises
    ------
    ValueError
        If it is not.
    """
    places = {place for place, arg in enumerate(args) if isinstance(arg, Delayed)}
    names = {name for name, arg in kwargs.items() if isinstance(arg, Delayed)}
    if not places and not names:
        return function, args, kwargs
    if meta is None:
        raise ValueError("map_partitions: a delayed argument is not known before it is computed; say in meta= what the function gives")
    args = tuple(_boxed(arg) if place in places else arg for place, arg in enumerate(args))
    kwargs = {name: _boxed(arg) if name in names else arg for name, arg in kwargs.items()}
    return _OfValues(function, places, names), args, kwargs


def _boxed(value: Delayed) -> FrameBase:
    """A series of one partition, whose one value it is."""
    return from_delayed([delayed(_box, pure=True)(value)], meta=pd.Series([], dtype=object), prefix="value")


def _box(value: Any) -> pd.Series:
    values = np.empty(1, dtype=object)
    values[0] = value
    return pd.Series(values)


class _OfValues:
    """A function of which some arguments come as series of one value."""

    def __init__(self, function: Callable, places: set[int], names: set[str]):
        self.function, self.places, self.names = function, places, names

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = (arg.iloc[0] if place in self.places else arg for place, arg in enumerate(args))
        return self.function(*given, **{name: arg.iloc[0] if name in self.names else arg for name, arg in kwargs.items()})
