"""Joins and concatenation of frames."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from . import _labels
from ._collection import FrameBase, is_lazy
from ._concat import concat, lazy
from ._convert import schema_table
from ._literals import is_scalar
from ._options import SHUFFLE_METHODS, check_choice
from ._pandas_calls import answered, as_meta, no_form, nonempty, on_everything, on_partitions


def _labels_of(keys: Any) -> list:
    if keys is None:
        return []
    if is_lazy(keys) and keys.ndim == 2:
        raise NotImplementedError("merge: keys are labels or lazy series, found a lazy frame; give its columns in a list")
    return [keys] if is_scalar(keys) or isinstance(keys, tuple) else list(keys)


def _names(labels: list) -> list[str]:
    return [_labels.encode(label) for label in labels]


def _with_keys(frame: Any, keys: list) -> tuple[Any, list]:
    """The labels of the keys; a series becomes a column of its own name."""
    for key in keys:
        if is_lazy(key):
            frame = frame._assign(key.name, key)
    return frame, [key.name if is_lazy(key) else key for key in keys]


def merge(
    left: Any,
    right: Any,
    how: str = "inner",
    on: Any = None,
    left_on: Any = None,
    right_on: Any = None,
    left_index: bool = False,
    right_index: bool = False,
    sort: bool = False,
    suffixes: tuple = ("_x", "_y"),
    copy: Any = None,
    indicator: Any = False,
    validate: Any = None,
    shuffle_method: Any = None,
    npartitions: Any = None,
    broadcast: Any = None,
) -> Any:
    """Rows of two frames with equal keys, side by side: ``pd.merge``.

    A small side goes to every partition of the other, two large ones are shuffled; ``shuffle_method`` and ``broadcast`` are taken
    for Dask's sake.

    Raises
    ------
    ValueError
        For keys that do not go together, another ``how`` or ``shuffle_method``.
    """
    check_choice("merge", "shuffle_method", shuffle_method, SHUFFLE_METHODS)
    merged = _merged(left, right, how, on, left_on, right_on, left_index, right_index, suffixes, indicator, validate)
    return merged if npartitions in (None, "auto") else merged.repartition(npartitions=npartitions)


def _merged(
    left: Any, right: Any, how: str, on: Any, left_on: Any, right_on: Any, left_index: bool, right_index: bool, suffixes: tuple, indicator: Any, validate: Any
) -> Any:
    left, right = lazy(left), lazy(right)
    left = left.to_frame() if left.ndim == 1 else left
    right = right.to_frame() if right.ndim == 1 else right
    if on is not None:
        if left_on is not None or right_on is not None or left_index or right_index:
            raise pd.errors.MergeError('Can only pass argument "on", or "left_on" and "right_on", or the indexes, not a combination of them.')
        left_on = right_on = on
    left_keys, right_keys = _labels_of(left_on), _labels_of(right_on)
    if how == "cross" and (left_keys or right_keys or left_index or right_index):
        raise ValueError("how='cross' pairs all rows and takes no keys")
    left, left_keys = _with_keys(left, left_keys)
    right, right_keys = _with_keys(right, right_keys)
    if how == "cross":
        answer = no_form("merge: how='cross'")
    elif indicator not in (False, True) or validate is not None:
        answer = no_form("merge: validate=, or a name for indicator=")
    else:
        names = (suffixes[0] or "", suffixes[1] or "")
        answer = left._ask("merge", right, how, _names(left_keys), _names(right_keys), left_index, right_index, names, bool(indicator))
    return answered(
        answer, _pandas_merge, left, right, how=how, left_on=left_keys or None, right_on=right_keys or None, left_index=left_index,
        right_index=right_index, suffixes=suffixes, indicator=indicator, validate=validate,
    )  # fmt: skip


class _MergeWhole:
    """pd.merge of two frames whose partitions come one after the other."""

    def __init__(self, num_left: int, kwargs: dict):
        self.num_left = num_left
        self.kwargs = kwargs

    def __call__(self, *partitions: Any) -> pd.DataFrame:
        left = pd.concat(partitions[: self.num_left])
        right = pd.concat(partitions[self.num_left :])
        return pd.merge(left, right, **self.kwargs)


def _pandas_merge(left: FrameBase, right: FrameBase, reason: str, **kwargs: Any) -> Any:
    meta = as_meta(pd.merge(nonempty(left._meta), nonempty(right._meta), **kwargs))
    return on_everything(_MergeWhole(left.npartitions, kwargs), [left, right], schema_table(meta), "merge", reason)


def merge_asof(
    left: Any,
    right: Any,
    on: Any = None,
    left_on: Any = None,
    right_on: Any = None,
    left_index: bool = False,
    right_index: bool = False,
    by: Any = None,
    left_by: Any = None,
    right_by: Any = None,
    suffixes: tuple = ("_x", "_y"),
    tolerance: Any = None,
    allow_exact_matches: bool = True,
    direction: str = "backward",
) -> Any:
    """For each row of ``left`` the row of ``right`` with the nearest key: ``pandas.merge_asof``.

    Each partition of ``left`` is matched with all rows of ``right``, which one task puts together.

    Parameters
    ----------
    left, right : DataFrame or Series
        Both in the order of their keys.
    on, left_on, right_on : label, optional
        The columns of the keys.
    left_index, right_index : bool
        Whether keys are the labels of rows.
    by, left_by, right_by : label or list of labels, optional
        Columns that must be equal.
    suffixes : tuple of str
        What columns of one name get.
    tolerance : int or timedelta, optional
        The largest distance.
    allow_exact_matches : bool
        Whether an equal key is near.
    direction : {"backward", "forward", "nearest"}
        On which side.

    Returns
    -------
    DataFrame
        In the partitions of ``left``. Where keys are columns, the rows of each partition count from 0.

    Raises
    ------
    ValueError
        If the arguments are wrong. When it is computed: if keys are not in order.

    Examples
    --------
    >>> quotes = dd.from_pandas(pd.DataFrame({"at": [1, 3], "price": [10, 30]}), npartitions=1)
    >>> dd.merge_asof(df.rename(columns={"x": "at"}), quotes, on="at").price.compute().tolist()
    [10, 10, 30, 30]
    """
    left, right = lazy(left), lazy(right)
    left = left.to_frame() if left.ndim == 1 else left
    right = right.to_frame() if right.ndim == 1 else right
    kwargs = {
        "on": on, "left_on": left_on, "right_on": right_on, "left_index": left_index, "right_index": right_index, "by": by, "left_by": left_by,
        "right_by": right_by, "suffixes": suffixes, "tolerance": tolerance, "allow_exact_matches": allow_exact_matches, "direction": direction,
    }  # fmt: skip
    meta = as_meta(pd.merge_asof(nonempty(left._meta), nonempty(right._meta), **kwargs))
    everything = right.repartition(npartitions=1) if right.npartitions > 1 else right
    has_labels = bool(left_index)
    return on_partitions(pd.merge_asof, left, everything, label="merge_asof", meta=meta, keeps_divisions=has_labels, aligns=False, **kwargs)


__all__ = ["concat", "merge", "merge_asof"]
