"""Partitions by position, and other numbers of them."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ._collection import FrameBase
from ._concat import concat
from ._pandas_calls import on_partitions, on_whole


def repartitioned_objects(frame: Any, npartitions: int, reason: str = "") -> Any:
    """Neighbours put together; more partitions are cut from the whole."""
    if npartitions > frame.npartitions:
        whole = on_whole(same, frame, label="repartition", meta=frame._meta, reason=reason)
        cuts = [(i, npartitions) for i in range(npartitions)]
        return concat([on_partitions(_share, whole, *cut, label="repartition", meta=frame._meta, reason=reason) for cut in cuts])
    ends = [frame.npartitions * i // npartitions for i in range(npartitions + 1)]
    parts = [frame.partitions[start:stop] for start, stop in zip(ends, ends[1:])]
    return concat([on_whole(same, part, label="repartition", meta=frame._meta, reason=reason) for part in parts])


def same(obj: Any) -> Any:
    """What it is given."""
    return obj


def _share(obj: Any, number: int, count: int) -> Any:
    return obj.iloc[len(obj) * number // count : len(obj) * (number + 1) // count]


class Partitions:
    """The partitions of a collection by position."""

    def __init__(self, collection: FrameBase):
        self._collection = collection

    def __getitem__(self, key: Any) -> Any:
        count = self._collection.npartitions
        numbers = np.arange(count)[key]
        numbers = [int(numbers)] if np.isscalar(numbers) else [int(n) for n in numbers]
        return self._collection._ask("partitions", numbers)

    def __iter__(self) -> Any:
        return (self[i] for i in range(self._collection.npartitions))

    def __len__(self) -> int:
        return self._collection.npartitions
