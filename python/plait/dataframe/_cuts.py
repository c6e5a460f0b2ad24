"""Where from_pandas cuts rows into partitions: where Dask does."""

from __future__ import annotations

import bisect
from typing import Any

from .._lazy import pandas as pd
from .. import _plait
from ._literals import translated


def _even_cuts(num_rows: int, npartitions: int) -> list[int]:
    """Starts of partitions that differ by one row at most, the longer ones first."""
    size, longer = divmod(num_rows, npartitions)
    return [i * size + min(i, longer) for i in range(npartitions)]


class _SortedCuts:
    """Where Dask cuts a sorted index: about even, equal labels together."""

    def __init__(self, labels: list, npartitions: int | None, chunksize: int | None):
        self.labels = labels
        self.unique = sorted(set(labels))
        self.is_unique = len(self.unique) == len(labels)
        self.firsts = [] if self.is_unique else [bisect.bisect_left(labels, x) for x in self.unique]
        self.npartitions = npartitions or 0
        self.exact = bool(not self.is_unique and npartitions and len(self.unique) >= npartitions)
        self.by_count = bool(npartitions)
        self.size, self.longer = divmod(len(labels), npartitions) if npartitions else (chunksize or 0, 0)

    def _length(self, partition: int) -> int:
        return self.size + (partition < self.longer)

    def cuts(self) -> tuple[list, list[int]]:
        if self.is_unique:
            return self._unique_cuts()
        divisions, locations = [self.labels[0]], [0]
        wanted, drift = self._length(0), 0
        remaining = self.npartitions - 1 if self.exact else 0
        group = None
        while wanted < len(self.labels):
            if group is None:
                group = bisect.bisect_left(self.unique, self.labels[wanted])
            if self.exact and remaining > len(self.unique) - group:
                group -= remaining - (len(self.unique) - group)
                wanted = self.firsts[group]
            label, start = self.labels[wanted], self.firsts[group]
            if label <= divisions[-1]:
                group += 1
                wanted = self.firsts[group] if group < len(self.firsts) else len(self.labels)
                continue
            if self.by_count:
                drift += start - locations[-1] - self._length(len(divisions) - 1)
            remaining -= self.exact
            wanted = start + max(1, self._length(len(divisions)) - drift)
            divisions.append(label)
            locations.append(start)
            group = None
        return [*divisions, self.labels[-1]], [*locations, len(self.labels)]

    def _unique_cuts(self) -> tuple[list, list[int]]:
        locations = [0]
        while (following := locations[-1] + max(1, self._length(len(locations) - 1))) < len(self.labels):
            locations.append(following)
        return [*(self.labels[i] for i in locations), self.labels[-1]], [*locations, len(self.labels)]


def _range_cuts(index: pd.RangeIndex, npartitions: int | None, chunksize: int | None) -> tuple[list, list[int]]:
    """As _SortedCuts, without a list of the labels."""
    num_rows = len(index)
    if npartitions:
        locations = _even_cuts(num_rows, min(npartitions, num_rows))
    else:
        locations = list(range(0, num_rows, chunksize or num_rows))
    return [*(int(index[i]) for i in locations), int(index[-1])], [*locations, num_rows]


def cuts_of(data: Any, npartitions: int | None, sort: bool, chunksize: int | None) -> tuple[list | None, list[int]]:
    num_rows = len(data)
    if num_rows == 0:
        return None, [0] * ((npartitions or 1) + 1)
    if sort or data.index.is_monotonic_increasing:
        if isinstance(data.index, pd.RangeIndex) and data.index.step > 0:
            return _range_cuts(data.index, npartitions, chunksize)
        return _SortedCuts(list(data.index), npartitions, chunksize).cuts()
    size = chunksize if npartitions is None else -(-num_rows // npartitions)
    return None, [*range(0, num_rows, size or num_rows), num_rows]


def literal_divisions(divisions: list | None) -> list | None:
    if divisions is None:
        return None
    known = [translated(d) for d in divisions]
    return None if any(isinstance(d, _plait.NoNativeForm) for d in known) else known
