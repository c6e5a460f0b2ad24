"""Frames of delayed pandas objects."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from ..delayed import delayed, parts_of
from . import _convert
from ._collection import FrameBase, with_columns_of, wrap
from ._pandas_calls import conform, make_meta


def from_delayed(dfs: Any, meta: Any = None, divisions: tuple | None = None, prefix: str | None = None, verify_meta: bool = True) -> FrameBase:
    """A frame, series or index of delayed pandas objects, one a partition.

    Parameters
    ----------
    dfs : Delayed or list of Delayed
        The partitions.
    meta : pandas object, dict, list or tuple, optional
        What the partitions hold: an empty one, or names and dtypes. Default is found by computing the first.
    divisions : tuple, optional
        The labels at which partitions begin, and the last label.
    prefix : str, optional
        What the layer of tasks is called.
    verify_meta : bool
        Whether a partition with other dtypes than ``meta`` says is an error. Other columns always are.

    Returns
    -------
    DataFrame, Series or Index

    Raises
    ------
    TypeError
        If one of ``dfs`` is not delayed, or there is none.
    ValueError
        If there are not as many divisions as partitions and one more. When it is computed: if a partition is not what
        ``meta`` says.

    Examples
    --------
    >>> parts = [plait.delayed(pd.DataFrame)({"x": [i, i + 1]}) for i in range(2)]
    >>> dd.from_delayed(parts, meta={"x": int}).x.sum().compute()
    np.int64(4)
    """
    if prefix is not None and not isinstance(prefix, str):
        raise TypeError(f"from_delayed: prefix is {prefix!r}, expected text")
    parts = parts_of(dfs)
    if isinstance(divisions, str):
        raise NotImplementedError(f"from_delayed: divisions={divisions!r} is not there; give the labels, or use set_index(sorted=True)")
    if divisions is not None and len(divisions) != len(parts) + 1:
        raise ValueError(f"from_delayed: expected {len(parts) + 1} divisions for {len(parts)} partitions, got {len(divisions)}")
    empty = delayed(_emptied)(parts[0]).compute() if meta is None else make_meta(meta)
    make = Partition(empty, verify_meta)
    known = [] if divisions is None or any(each is None for each in divisions) else list(divisions)
    values = _plait.delayed_values(parts)
    return with_columns_of(wrap(_plait.frame_of_values(values, make, _convert.schema_table(empty), known, prefix or "from-delayed")), empty)


def _emptied(value: Any) -> Any:
    if not isinstance(value, (pd.DataFrame, pd.Series, pd.Index)):
        raise TypeError(f"from_delayed: expected pandas objects, got {type(value).__name__}")
    return value[:0]


class Partition:
    """Checks that a value is the partition that was said of it."""

    def __init__(self, meta: Any, verify: bool):
        self.meta, self.verify = meta, verify

    def __call__(self, value: Any) -> Any:
        kind = type(self.meta)
        if not isinstance(value, (pd.Index if isinstance(self.meta, pd.Index) else kind)):
            raise TypeError(f"from_delayed: expected partitions that are {kind.__name__}, got {type(value).__name__}")
        part = conform(value, self.meta, True)
        found, said = _dtypes(part), _dtypes(self.meta)
        others = {name: dtype for name, dtype in said.items() if found[name] != dtype and not _is_category_of(found[name], dtype, self.verify)}
        wrong = [name for name, dtype in others.items() if not (_is_text(found[name]) and _is_text(dtype))]
        if wrong and self.verify:
            differences = ", ".join(f"{name!r} has {_told(found[name])}, expected {_told(said[name])}" for name in wrong)
            raise ValueError(f"from_delayed: a partition is not what meta says: {differences}")
        for label, dtype in others.items():
            self._check_whole(part[label] if isinstance(part, pd.DataFrame) else part, dtype)
        if not others:
            return part
        return part.astype(others) if isinstance(part, pd.DataFrame) else part.astype(said[part.name])

    @staticmethod
    def _check_whole(values: Any, dtype: Any) -> None:
        """Fractions would be lost in a column of whole numbers."""
        if isinstance(dtype, np.dtype) and dtype.kind in "iu" and isinstance(values.dtype, np.dtype) and values.dtype.kind == "f":
            wrong = pd.Series(values)[lambda each: each.notna() & (each % 1 != 0)]
            if len(wrong):
                raise ValueError(f"a partition holds {wrong.iloc[0]} in {values.name!r}, but meta says {dtype}; give meta= or dtype=")


def _is_category_of(found: Any, said: Any, is_exact: bool) -> bool:
    """Whether both are categories, whose values each partition may have its own of: none are lost for being unknown before."""
    both = isinstance(found, pd.CategoricalDtype) and isinstance(said, pd.CategoricalDtype) and found.ordered == said.ordered
    return both and not (is_exact and len(said.categories))


def _told(dtype: Any) -> str:
    return f"the categories {list(dtype.categories)}" if isinstance(dtype, pd.CategoricalDtype) else str(dtype)


def _is_text(dtype: Any) -> bool:
    return dtype == object or isinstance(dtype, pd.StringDtype)


def _dtypes(obj: Any) -> dict:
    if isinstance(obj, pd.DataFrame):
        return dict(obj.dtypes)
    return {obj.name: obj.dtype}
