"""Columns of texts as categories that are known to all partitions."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from ..base import compute
from ._dtypes import has_unknown_categories
from ._pandas_calls import Method, on_partitions


def _is_text(dtype: Any) -> bool:
    return dtype == object or isinstance(dtype, pd.StringDtype)


def categorized(frame: Any, columns: Any, index: Any, kwargs: dict) -> Any:
    """The frame with columns, and labels, as known categories; they are computed now, in one run."""
    meta = frame._meta
    if columns is None:
        wanted = [label for label in meta.columns if _is_text(meta[label].dtype) or isinstance(meta[label].dtype, pd.CategoricalDtype)]
    else:
        wanted = [columns] if pd.api.types.is_scalar(columns) else list(columns)
    for label in wanted:
        frame._name_of(label)
    wanted = [label for label in wanted if not isinstance(meta[label].dtype, pd.CategoricalDtype) or has_unknown_categories(meta[label].dtype)]
    labels = meta.index.dtype
    is_wanted = (_is_text(labels) or has_unknown_categories(labels)) if index is None else bool(index)
    is_wanted = is_wanted and not (isinstance(labels, pd.CategoricalDtype) and not has_unknown_categories(labels))
    lazy = [frame[label].dropna().drop_duplicates() for label in wanted]
    if is_wanted:
        lazy.append(frame.index.to_series().dropna().drop_duplicates())
    if not lazy:
        return frame
    found = [_dtype_of(values) for values in compute(*lazy, **kwargs)]
    types = dict(zip(wanted, found))
    result = on_partitions(Method("astype"), frame, types, label="astype", meta=meta.astype(types)) if wanted else frame
    if not is_wanted:
        return result
    call = _WithLabels(found[-1])
    return on_partitions(call, result, label="categorize", meta=call(result._meta))


def _dtype_of(values: Any) -> Any:
    """The categories of some values, in order where they have one."""
    return values.astype("category").cat.remove_unused_categories().dtype


class _WithLabels:
    """A partition whose labels have another type."""

    def __init__(self, dtype: Any):
        self.dtype = dtype

    def __call__(self, part: Any) -> Any:
        return part.set_axis(part.index.astype(self.dtype), axis=0)
