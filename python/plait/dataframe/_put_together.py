"""Partitions that are pandas objects, one after the other."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd


def put_together(parts: list) -> Any:
    """``pandas.concat`` of partitions: where each has found categories of its own, the whole has all of them, in order."""
    if isinstance(parts[0], pd.Index):
        return parts[0].append(parts[1:])
    if all(isinstance(part, pd.Series) for part in parts):
        return pd.concat(_alike(list(parts)))
    if all(isinstance(part, pd.DataFrame) and part.columns.is_unique for part in parts):
        for label, dtype in parts[0].dtypes.items():
            if isinstance(dtype, pd.CategoricalDtype) and all(label in part for part in parts):
                columns = [part[label] for part in parts]
                alike = _alike(columns)
                parts = parts if alike is columns else [_with(part, label, column) for part, column in zip(parts, alike, strict=True)]
    return pd.concat(parts)


def _with(part: pd.DataFrame, label: Any, column: pd.Series) -> pd.DataFrame:
    part = part.copy(deep=False)
    part[label] = column
    return part


def _alike(columns: list) -> list:
    """Series of categories of one type with the categories of all; the list itself where there is nothing to do."""
    types = [column.dtype for column in columns]
    if not all(isinstance(dtype, pd.CategoricalDtype) and not dtype.ordered for dtype in types) or all(dtype == types[0] for dtype in types):
        return columns
    kinds = {dtype.categories.dtype for dtype in types if len(dtype.categories)}
    if len(kinds) != 1:
        return columns
    (kind,) = kinds
    every = pd.concat([pd.Series(dtype.categories).astype(kind) for dtype in types]).drop_duplicates()
    try:
        every = every.sort_values()
    except TypeError:  # texts among numbers: in order of appearance
        pass
    return [column.cat.set_categories(every) for column in columns]
