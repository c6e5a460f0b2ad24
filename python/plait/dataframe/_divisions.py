"""Where set_index cuts rows into partitions: computed from the column, as Dask does."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from ..base import compute
from ._pandas_calls import on_partitions


def divisions_of(frame: Any, label: Any, npartitions: int, is_sorted: bool) -> list:
    """The labels at which partitions begin, and the last one; none where they cannot be known: some labels are missing, or have no order."""
    column = frame[label]
    if not _has_order(column._meta.dtype):
        return []
    return _ends_of_partitions(column, label) if is_sorted else _borders(frame, column, label, npartitions)


def _has_order(dtype: Any) -> bool:
    if isinstance(dtype, np.dtype):
        return dtype.kind in "iufmM"
    return isinstance(dtype, (pd.StringDtype, pd.DatetimeTZDtype))


def _borders(frame: Any, column: Any, label: Any, npartitions: int) -> list:
    borders = frame._ask("index_borders", frame._name_of(label), npartitions)
    if isinstance(borders, _plait.NoNativeForm):
        return []
    found, misses = compute(borders, column.isna().any())
    return [] if misses or len(found) < 2 else list(found)


def _ends_of_partitions(column: Any, label: Any) -> list:
    empty = column._meta.reset_index(drop=True)
    meta = pd.DataFrame({"first": empty, "last": empty, "known": pd.Series([], dtype=bool)})
    ends = on_partitions(_ends, column, label="ends", meta=meta, keeps_divisions=False).compute()
    if not ends.known.all():
        return []
    firsts, lasts = list(ends["first"]), list(ends["last"])
    for last, first in zip(lasts, firsts[1:]):
        if first < last:
            raise ValueError(f"set_index: with sorted=True, partitions must be in the order of {label!r}; found {first!r} in the one after {last!r}")
        if first == last:
            return []  # rows of one label lie in two partitions
    return [*firsts, lasts[-1]]


def _ends(part: pd.Series) -> pd.DataFrame:
    """The first and last label of a partition, and whether it has any and misses none."""
    known = len(part) > 0 and not part.hasnans
    ends = [part.min(), part.max()] if known else [_SOME.get(part.dtype.kind, "")] * 2
    first, last = (pd.Series([end], dtype=part.dtype) for end in ends)
    return pd.DataFrame({"first": first, "last": last, "known": known})


_SOME = {kind: 0 for kind in "iufmM"}
