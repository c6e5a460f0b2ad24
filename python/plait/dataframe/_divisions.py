"""Where set_index cuts rows into partitions: computed from the column, as Dask does."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from ..base import compute
from ._pandas_calls import on_partitions


def divisions_of(frame: Any, label: Any, npartitions: int) -> list:
    """The labels at which partitions begin, and the last one; none where they cannot be known: some labels are missing, or have no order."""
    return _borders(frame, frame[label], label, npartitions) if _has_order(frame[label]._meta.dtype) else []


def divisions_in_order(frame: Any, label: Any) -> list | None:
    """The divisions by a column in whose order the rows are said to be, none where they cannot be known; None if the rows are not
    in its order."""
    column = frame[label]
    if not _has_order(column._meta.dtype):
        return []
    ends = _ends(column)
    if not ends.known.all():
        return []
    firsts, lasts = list(ends["first"]), list(ends["last"])
    if not ends.in_order.all() or any(first < last for last, first in zip(lasts, firsts[1:])):
        return None
    if any(first == last for last, first in zip(lasts, firsts[1:])):
        return []  # rows of one label lie in two partitions
    return [*firsts, lasts[-1]]


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


def _ends(column: Any) -> Any:
    """For every partition the first and last label, whether it has any and misses none, and whether they are in order."""
    empty = column._meta.reset_index(drop=True)
    truths = pd.Series([], dtype=bool)
    meta = pd.DataFrame({"first": empty, "last": empty, "known": truths, "in_order": truths})
    return on_partitions(_ends_of_part, column, label="ends", meta=meta, keeps_divisions=False).compute()


def _ends_of_part(part: pd.Series) -> pd.DataFrame:
    known = len(part) > 0 and not part.hasnans
    ends = [part.min(), part.max()] if known else [_SOME.get(part.dtype.kind, "")] * 2
    first, last = (pd.Series([end], dtype=part.dtype) for end in ends)
    return pd.DataFrame({"first": first, "last": last, "known": known, "in_order": part.is_monotonic_increasing})


_SOME = {kind: 0 for kind in "iufmM"}
