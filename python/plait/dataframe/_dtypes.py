"""pandas' types as the engine names them."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd

_PLAIN = {int: "int64", float: "float64", bool: "bool", str: "str"}


def dtype_name(dtype: Any) -> str | None:
    """The engine's name of a type; None for objects and for categories that are given: they have none.

    Raises
    ------
    TypeError
        Where pandas knows no such type.
    """
    if isinstance(dtype, type) and dtype in _PLAIN:
        return _PLAIN[dtype]
    parsed = pd.api.types.pandas_dtype(dtype)
    if parsed == object or isinstance(parsed, pd.CategoricalDtype) and parsed.categories is not None:
        return None
    return str(parsed)


def has_unknown_categories(dtype: Any) -> bool:
    """Whether it is a type of categories that are not known before they are computed: partitions have their own."""
    return isinstance(dtype, pd.CategoricalDtype) and (dtype.categories is None or not len(dtype.categories))


def meta_as(meta: Any, dtypes: Any) -> Any:
    """What ``astype`` makes of rows like these: categories that are not given are unknown, whatever made-up rows would have."""
    try:
        return meta.astype(dtypes)
    except (TypeError, ValueError):  # some types do not go into each other without a value either
        return None
