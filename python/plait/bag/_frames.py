"""Bags and frames of each other."""

from __future__ import annotations

from functools import partial
from typing import Any

from .._lazy import LazyModule
from .._lazy import pandas as pd
from ._bag import Bag
from ._collection import ops

# Loaded when the first frame is made: a program of bags need not wait for it.
_frames: Any = LazyModule("plait.dataframe")
_collections: Any = LazyModule("plait.dataframe._collection")
_convert: Any = LazyModule("plait.dataframe._convert")

_FORMATS = ("tuple", "dict", "frame")


def to_dataframe(self: Bag, meta: Any = None, columns: Any = None, optimize_graph: bool = True) -> Any:
    """A frame of a bag of dicts, tuples or single values.

    Parameters
    ----------
    meta : DataFrame, dict or list of pairs, optional
        The columns and their types. Without it they are guessed from the first item, which is computed for that.
    columns : list, optional
        Names of the columns, where ``meta`` is not given.
    optimize_graph : bool
        Plans of frames are optimized when they are computed, whatever is given.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If both ``meta`` and ``columns`` are given, or if the first partition has no item to guess from.

    Examples
    --------
    >>> b = db.from_sequence([{"name": "Alice", "balance": 100}, {"name": "Bob", "balance": 200}], npartitions=2)
    >>> b.to_dataframe().compute()
        name  balance
    0  Alice      100
    0    Bob      200
    """
    if meta is not None and columns is not None:
        raise ValueError("to_dataframe: both meta and columns are given; meta names the columns")
    if meta is None:
        head = self.take(1, warn=False)
        if not head:
            raise ValueError("to_dataframe: the first partition has no items to guess the columns from; give meta")
        like = pd.DataFrame(list(head), columns=columns).iloc[:0]
    else:
        like = _frames.make_meta(meta)
    step = partial(_frame_of_items, list(like.columns), like.dtypes.to_dict())
    return _collections.wrap(ops.to_frame(self._expr, step, _convert.schema_table(like)))


def _frame_of_items(columns: list, dtypes: dict, part: Any) -> Any:
    items = part if isinstance(part, list) else list(part)
    return pd.DataFrame(items, columns=columns).astype(dtypes)


def bag_of_frame(frame: Any, index: bool = False, format: str = "tuple") -> Bag:
    """The rows of a frame, or the values of a series; see `DataFrame.to_bag`."""
    if format not in _FORMATS:
        raise ValueError(f"to_bag: format is {format!r}, expected 'tuple', 'dict' or 'frame'")
    return Bag._of(ops.call([frame._expr], partial(_rows, bool(index), format), "to_bag", False))


def _rows(index: bool, format: str, rows: Any) -> Any:
    if format == "frame":
        return rows
    if isinstance(rows, pd.DataFrame):
        if format == "tuple":
            return list(rows.itertuples(index, name=None))
        records = rows.to_dict("records")
        return [{"index": label, **record} for record, label in zip(records, rows.index, strict=True)] if index else records
    if format == "tuple":
        return list(rows.items()) if index else list(rows)
    return rows.to_frame().to_dict(orient="records")
