"""What ``replace`` is told, as pairs of constants by column."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from . import _labels
from ._literals import is_scalar

_EVERYWHERE = ""


def replacements(to_replace: Any, value: Any, has_value: bool, is_frame: bool) -> dict | None:
    """Pairs by the engine's column names, or under "" for all columns; None for what is not said by plain constants."""
    by_column = _by_column(to_replace, value, has_value, is_frame)
    if by_column is None or not all(_is_plain(side) for pairs in by_column.values() for pair in pairs for side in pair):
        return None
    return by_column


def _by_column(to_replace: Any, value: Any, has_value: bool, is_frame: bool) -> dict | None:
    if isinstance(to_replace, dict):
        num_nested = sum(isinstance(item, dict) for item in to_replace.values())
        if not has_value and num_nested == 0:
            return {_EVERYWHERE: list(to_replace.items())}
        if not has_value and is_frame and num_nested == len(to_replace):
            return {_labels.encode(column): list(pairs.items()) for column, pairs in to_replace.items()}
        if not has_value or not is_frame:
            return None
        by_column = value if isinstance(value, dict) else dict.fromkeys(to_replace, value)
        return {_labels.encode(column): [(old, by_column[column])] for column, old in to_replace.items() if column in by_column}
    if not has_value:
        return None
    if is_scalar(to_replace):
        return {_EVERYWHERE: [(to_replace, value)]}
    if not isinstance(to_replace, (list, tuple)):
        return None
    values = list(value) if isinstance(value, (list, tuple)) else [value] * len(to_replace)
    return {_EVERYWHERE: list(zip(to_replace, values))} if len(values) == len(to_replace) else None


def _is_plain(constant: Any) -> bool:
    """None and NA are put into columns as objects, and found among other missing values or not."""
    return is_scalar(constant) and constant is not None and constant is not pd.NA
