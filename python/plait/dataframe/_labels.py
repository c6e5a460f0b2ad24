"""Column labels: any hashable in pandas, text in the engine.

Text stands for itself. Any other label is its ``repr`` behind a mark, and the parts of a nested label are joined by the
engine's separator.
"""

from __future__ import annotations

import datetime
from typing import Any, Hashable

from .._lazy import ast
from .._lazy import numpy as np
from .._lazy import pandas as pd

SEPARATOR = "\x1f"
UNNAMED = "__unnamed__"
_MARK = "\x1e"
_LEVEL = "__index_level_{}__"
_INDEX_PREFIX = "__index__"


def _part(label: Hashable) -> str:
    if isinstance(label, str):
        return label
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, pd.Timestamp):
        return f"{_MARK}T{label.isoformat()}"
    if label is None or isinstance(label, (bool, int, float, complex, bytes, tuple)):
        return _MARK + repr(label)
    raise TypeError(f"a column label of type {type(label).__name__} is not supported; expected text, numbers or tuples of them")


def _label(part: str) -> Hashable:
    if not part.startswith(_MARK):
        return part
    if part.startswith(_MARK + "T"):
        return pd.Timestamp(datetime.datetime.fromisoformat(part[2:]))
    if part == _MARK + "nan":
        return float("nan")
    return ast.literal_eval(part[1:])


def encode(label: Hashable) -> str:
    """The engine's name of a column."""
    if isinstance(label, tuple) and label:
        return SEPARATOR.join(_part(part) for part in label)
    return _part(label)


def are_nested(names: list[str]) -> bool:
    """Whether columns with these names have labels of several levels."""
    return any(SEPARATOR in name for name in names)


def decode(name: str) -> Hashable:
    """The label that a user sees."""
    if SEPARATOR in name:
        return tuple(_label(part) for part in name.split(SEPARATOR))
    return _label(name)


def encode_name(name: Hashable) -> str:
    """The engine's name of a series, which may have none."""
    return UNNAMED if name is None else encode(name)


def decode_name(name: str) -> Hashable:
    return None if name == UNNAMED else decode_level(name)


def encode_level(name: Hashable, level: int) -> str:
    """The engine's name of an index level."""
    return _LEVEL.format(level) if name is None else encode(name)


def decode_level(name: str) -> Hashable:
    if name.startswith("__index_level_") and name.endswith("__"):
        return None
    while name.startswith(_INDEX_PREFIX):
        name = name.removeprefix(_INDEX_PREFIX)
    return decode(name)


def free_level(level: str, columns: Any) -> str:
    """The engine's name of an index level beside columns and other levels, of which one may have the same name."""
    while level in columns:
        level = _INDEX_PREFIX + level
    return level


def columns_index(names: list[str]) -> pd.Index:
    """The columns of a frame: nested labels make a MultiIndex."""
    labels: list[Any] = [decode(name) for name in names]
    if labels and all(isinstance(label, tuple) for label in labels):
        return pd.MultiIndex.from_tuples(labels)
    if not labels:
        return pd.Index([], dtype="str")
    return pd.Index(labels)
