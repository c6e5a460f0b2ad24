"""Partitions by position, and other numbers of them."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._lazy import utils
from ._collection import FrameBase, build
from ._concat import concat
from ._literals import translated
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


def repartitioned_at(frame: Any, divisions: Any, force: bool = False) -> Any:
    """The same rows cut at labels."""
    answer = build("repartition_at", frame, [translated(label) for label in divisions], bool(force))
    if isinstance(answer, _plait.NoNativeForm):
        raise NotImplementedError(f"repartition: divisions of {answer.reason} are not there")
    return answer


def repartitioned_by_size(frame: Any, size: Any) -> Any:
    """Partitions of at most so many bytes, by what the frame takes now: it is computed for that."""
    limit = float(utils.parse_bytes(size) if isinstance(size, str) else size)
    bytes_of_each = on_partitions(_bytes_of, frame, label="memory_usage", meta=pd.Series([], dtype="int64"), keeps_divisions=False)
    answer = build("repartition_by_size", frame, [float(each) for each in bytes_of_each.compute()], limit)
    if isinstance(answer, _plait.NoNativeForm):
        raise NotImplementedError(f"repartition: partition_size= with {answer.reason} is not there; say npartitions=")
    return answer


def _bytes_of(part: Any) -> pd.Series:
    used = part.memory_usage(deep=True)
    return pd.Series([int(used.sum() if isinstance(used, pd.Series) else used)])


def repartitioned_by_time(frame: Any, freq: Any) -> Any:
    """A partition for each span of time, of a frame whose index is of dates and whose divisions are known."""
    first, *_, last = frame.divisions
    if not isinstance(first, pd.Timestamp):
        raise TypeError("repartition: freq= is for frames whose index is of dates and whose divisions are known")
    freq = pd.tseries.frequencies.to_offset(freq) if isinstance(freq, str) else freq
    try:
        start = first.ceil(freq)
    except ValueError:  # months and the like have no fixed length
        start = first
    cuts = list(pd.date_range(start=start, end=last, freq=freq))
    if not cuts:
        cuts = [first, last]
    elif cuts[-1] != last:
        cuts.append(last)
    if cuts[0] != first:
        cuts.insert(0, first)
    return repartitioned_at(frame, cuts if len(cuts) > 1 else [*cuts, last])


def cut_alike(what: str, frames: list) -> list:
    """The frames with the same labels in partitions of the same number: those of the same partitions stay as they are."""
    first = frames[0]
    if all(frame.npartitions == first.npartitions and frame.divisions == first.divisions for frame in frames):
        return frames
    if not all(frame.known_divisions for frame in frames):
        counts = [frame.npartitions for frame in frames]
        raise ValueError(f"{what}: the frames have {counts} partitions, whose divisions are not all known; repartition them alike")
    divisions = sorted({label for frame in frames for label in frame.divisions})
    return [repartitioned_at(frame, divisions, force=True) for frame in frames]


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
