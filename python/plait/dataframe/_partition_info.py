"""What a function of partitions is told of the partition that it gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._lazy import inspect
from .._lazy import pandas as pd
from ._collection import FrameBase
from ._from_pandas import from_pandas


def numbers(count: int) -> FrameBase:
    """A partition with its number, for each of them."""
    return from_pandas(pd.Series(range(count)), npartitions=count)


def takes_partition_info(function: Callable) -> bool:
    """Whether a function has a parameter ``partition_info``."""
    try:
        return "partition_info" in inspect.signature(function).parameters
    except (TypeError, ValueError):  # of C
        return False


class WithPartitionInfo:
    """A function whose last argument, a partition's number, becomes ``partition_info``."""

    def __init__(self, function: Callable, divisions: tuple):
        self.function, self.divisions = function, divisions

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        *rest, place = args
        number = int(place.iloc[0])
        return self.function(*rest, partition_info={"number": number, "division": self.divisions[number]}, **kwargs)
