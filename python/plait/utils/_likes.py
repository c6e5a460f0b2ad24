"""What an object looks like: an array, a dataframe, an index, empty."""

from __future__ import annotations

import contextlib
import importlib
from typing import Any

from ._functions import typename


def is_arraylike(x: Any) -> bool:
    """Whether an object is an array of NumPy's kind; lists are none.

    Examples
    --------
    >>> plait.utils.is_arraylike(np.ones(5)), plait.utils.is_arraylike([1, 2])
    (True, False)
    """
    if not isinstance(getattr(x, "shape", None), tuple) or not hasattr(x, "dtype"):
        return False
    if any(hasattr(type(length), "__plait_exprs__") for length in x.shape):
        return False
    return hasattr(x, "__array_function__") or hasattr(x, "__array_ufunc__") or "scipy.sparse" in typename(type(x))


def is_dataframe_like(df: Any) -> bool:
    """Whether an object is a dataframe of pandas' kind."""
    kind = type(df)
    has_methods = all(hasattr(kind, name) for name in ("groupby", "head", "merge", "mean"))
    return has_methods and hasattr(df, "dtypes") and hasattr(df, "columns") and not (hasattr(kind, "name") or hasattr(kind, "dtype"))


def is_series_like(s: Any) -> bool:
    """Whether an object is a series of pandas' kind."""
    kind = type(s)
    has_methods = all(hasattr(kind, name) for name in ("groupby", "head", "mean"))
    return has_methods and hasattr(s, "dtype") and hasattr(s, "name") and "index" not in kind.__name__.lower()


def is_index_like(s: Any) -> bool:
    """Whether an object is an index of pandas' kind."""
    return hasattr(s, "name") and hasattr(s, "dtype") and "index" in type(s).__name__.lower()


def is_cupy_type(x: Any) -> bool:
    """Whether an object is CuPy's."""
    return "cupy" in str(type(x))


def is_namedtuple_instance(obj: Any) -> bool:
    """Whether an object is a named tuple."""
    return isinstance(obj, tuple) and all(hasattr(obj, name) for name in ("_make", "_asdict", "_replace", "_fields", "_field_defaults"))


def is_empty(obj: Any) -> bool:
    """Whether an object holds nothing: by its length, its number of values that are not zero, or its shape."""
    for is_so in (lambda: len(obj) == 0, lambda: obj.nnz == 0, lambda: 0 in obj.shape):
        with contextlib.suppress(Exception):
            return is_so()
    return False


def get_meta_library(like: Any) -> Any:
    """The package of an object's type, or of its ``_meta``: pandas for a pandas frame and for a lazy frame of these."""
    return importlib.import_module(typename(getattr(like, "_meta", like)).partition(".")[0])
