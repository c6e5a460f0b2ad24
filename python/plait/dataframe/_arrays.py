"""Frames of arrays, arrays of frames, and frames of a function's results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from .. import _plait
from .._lazy import arrays
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from ._collection import FrameBase
from ._delayed import from_delayed
from ._from_pandas import from_pandas
from ._pandas_calls import make_meta, on_whole
from ._rows import no_default

if TYPE_CHECKING:
    from ..array import Array


def from_dask_array(x: Array, columns: Any = None, index: Any = None, meta: Any = None) -> FrameBase:
    """A frame of an array of two axes, or a series of one of one axis: a partition for each block of rows.

    Parameters
    ----------
    x : Array
        Of one or two axes.
    columns : list, str or pandas.Index, optional
        The labels of the columns; of a series its name. Default is 0, 1, ...
    index : Index, optional
        Labels of the rows, in as many partitions, whose divisions are taken over. Default counts from 0, and is known to
        ``divisions`` where the extents of the blocks are known.
    meta : optional
        Taken for Dask's sake: the types are those of the array.

    Returns
    -------
    DataFrame or Series

    Raises
    ------
    ValueError
        If the array has more than two axes, other numbers of columns than ``columns``, or of partitions than ``index``.

    Examples
    --------
    >>> dd.from_dask_array(da.ones((4, 2), chunks=2), columns=["x", "y"]).x.sum().compute()
    np.float64(4.0)
    """
    x = arrays.asarray(x)
    if x.ndim not in (1, 2):
        raise ValueError(f"from_dask_array: expected an array of one or two axes, found {x.ndim}")
    labels = columns
    if x.ndim == 2:
        labels = list(range(x.shape[1])) if columns is None else [columns] if np.isscalar(columns) else list(columns)
        if len(labels) != x.shape[1]:
            raise ValueError(f"from_dask_array: the array has {x.shape[1]} columns, but {len(labels)} labels are given")
        x = x.rechunk({1: -1})
    lengths = x.chunks[0]
    starts = [0, *accumulate(lengths)]
    is_counted = index is None and not any(n != n for n in lengths)
    if index is not None and index.npartitions != len(lengths):
        raise ValueError(f"from_dask_array: the array has {len(lengths)} blocks of rows, but the index {index.npartitions} partitions")
    own = [None] * len(lengths) if index is None else index.to_delayed()
    make = delayed(_frame_of_block, pure=True)
    blocks = x.to_delayed().ravel()
    parts = [make(block, labels, start if is_counted else None, rows) for block, start, rows in zip(blocks, starts, own)]
    rows = None if index is None else index._meta
    empty = _frame_of_block(np.empty((0, *x.shape[1:]), dtype=x.dtype), labels, 0, rows)
    divisions = (*starts[:-1], starts[-1] - 1) if is_counted and starts[-1] > 0 and 0 not in lengths else None
    if index is not None and index.known_divisions:
        divisions = index.divisions
    return from_delayed(parts, meta=empty, divisions=divisions, prefix="from-dask-array")


def _frame_of_block(block: np.ndarray, labels: Any, start: int | None, index: Any) -> Any:
    if index is None and start is not None:
        index = pd.RangeIndex(start, start + len(block))
    return pd.Series(block, name=labels, index=index) if block.ndim == 1 else pd.DataFrame(block, columns=labels, index=index)


def from_array(arr: Any, chunksize: int = 50000, columns: Any = None, meta: Any = None) -> FrameBase:
    """A frame of an array in memory, ``chunksize`` rows a partition; of a lazy array, see :func:`from_dask_array`.

    An array of records gives a column a field.

    Examples
    --------
    >>> dd.from_array(np.arange(4), chunksize=2).compute().tolist()
    [0, 1, 2, 3]
    """
    if isinstance(arr, arrays.Array):
        return from_dask_array(arr, columns=columns, meta=meta)
    arr = np.asarray(arr)
    if arr.dtype.names is not None:
        frame = pd.DataFrame({field: arr[field] for field in arr.dtype.names})
        return from_pandas(frame if columns is None else frame[list(columns)], chunksize=chunksize)
    return from_dask_array(arrays.asarray(arr).rechunk({0: chunksize}), columns=columns, meta=meta)


def to_dask_array(frame: Any, lengths: Any = None, meta: Any = None, optimize: bool = True) -> Array:
    """The values as an array: a block of rows for each partition.

    Parameters
    ----------
    lengths : list of int or True, optional
        The numbers of rows of the partitions; True counts them now. Without, the extents of blocks are not known.
    meta : array, optional
        An array of the dtype of the result; default is what pandas gives for the columns together.
    optimize : bool
        Taken for Dask's sake: the plan is optimized when it is computed.

    Examples
    --------
    >>> df[["x"]].to_dask_array(lengths=True).sum(axis=0).compute()
    array([10])
    """
    lengths = _known_lengths("to_dask_array", frame, lengths)
    empty = frame._meta.to_numpy() if meta is None else meta
    native: Any = _plait.frame_values(frame._engine, [] if lengths is None else list(map(int, lengths)))
    if not isinstance(native, _plait.NoNativeForm) and native.dtype == empty.dtype:
        return _with_columns_of(frame, arrays.Array(native))
    return _with_columns_of(frame, _of_blocks(frame, delayed(_values, pure=True), lengths, empty))


def to_records(frame: Any, index: bool = True, lengths: Any = None) -> Array:
    """The rows as an array of records, a field for each column: a block for each partition.

    Parameters
    ----------
    index : bool
        Whether the labels of rows are fields, too.
    lengths : list of int or True, optional
        The numbers of rows of the partitions; True counts them now. Without, the extents of blocks are not known.

    Notes
    -----
    Records with texts or other Python objects have no form as elements of an array: they are one value, which pandas makes of all rows.

    Examples
    --------
    >>> df[["x"]].to_records(lengths=True).dtype.names
    ('index', 'x')
    """
    rows = frame.to_frame() if frame.ndim == 1 else frame
    empty = np.asarray(rows._meta.to_records(index=bool(index)))
    if empty.dtype.hasobject:
        return on_whole(_records, rows, label="to_records", index=bool(index))
    return _of_blocks(rows, partial(delayed(_records, pure=True), index=bool(index)), _known_lengths("to_records", rows, lengths), empty)


def _known_lengths(what: str, frame: Any, lengths: Any) -> Any:
    """The numbers of rows, counted if they are asked for; None where they are not known."""
    if lengths is None or lengths is False:
        return None
    if lengths is True:
        return tuple(_one_column(frame).map_partitions(_length, meta=("length", "int64")).compute())
    if len(lengths) != frame.npartitions:
        raise ValueError(f"{what}: {len(lengths)} lengths are given, but there are {frame.npartitions} partitions")
    return lengths


def _of_blocks(frame: Any, block_of: Callable, lengths: Any, empty: np.ndarray) -> Array:
    """An array of what a delayed function makes of each partition."""
    extents = [float("nan")] * frame.npartitions if lengths is None else lengths
    blocks = [arrays.from_delayed(block_of(part), (n, *empty.shape[1:]), empty.dtype) for part, n in zip(frame.to_delayed(), extents)]
    return arrays.concatenate(blocks, allow_unknown_chunksizes=True)


def _with_columns_of(frame: Any, array: Array) -> Array:
    if frame.ndim == 2:
        array._column_names = tuple(frame.columns)
    return array


def _one_column(frame: Any) -> Any:
    """As many rows in each partition, and no more columns than it takes to count them."""
    numbers = [name for name, kind in frame._meta.dtypes.items() if pd.api.types.is_numeric_dtype(kind)] if frame.ndim == 2 else []
    return frame[numbers[0]] if numbers and frame.columns.is_unique else frame


def _length(part: Any) -> pd.Series:
    return pd.Series([len(part)], name="length")


def _values(part: Any) -> np.ndarray:
    return part.to_numpy()


def _records(part: Any, index: bool) -> np.ndarray:
    return np.asarray(part.to_records(index=index))


def from_map(
    func: Callable,
    *iterables: Any,
    args: Any = None,
    meta: Any = no_default,
    divisions: Any = None,
    label: str | None = None,
    enforce_metadata: bool = False,
    **kwargs: Any,
) -> FrameBase:
    """A frame whose partitions a function makes, one for each item of the iterables.

    Parameters
    ----------
    func : callable
        ``func(*items, *args, **kwargs)`` gives a pandas object.
    *iterables : iterable
        Of one length.
    args : list, optional
        Further arguments of ``func``.
    meta : optional
        What the partitions hold; default is found by calling ``func`` for the first item.
    divisions : tuple, optional
        The labels at which partitions begin, and the last label.
    label : str, optional
        What the layer of tasks is called.
    enforce_metadata : bool
        Whether a partition with other dtypes than ``meta`` says is an error.

    Raises
    ------
    ValueError
        If the iterables have different lengths, or there is none.

    Examples
    --------
    >>> dd.from_map(lambda n: pd.DataFrame({"x": range(n)}), [1, 2]).x.sum().compute()
    np.int64(1)
    """
    if not callable(func):
        raise ValueError("from_map: `func` must be callable")
    items = [list(each) for each in iterables]
    if not items or any(len(each) != len(items[0]) for each in items):
        raise ValueError(f"from_map: expected iterables of one length, found lengths {[len(each) for each in items]}")
    if not items[0]:
        raise ValueError("from_map: expected at least one item, found none")
    call = delayed(func, pure=True)
    parts = [call(*each, *(args or ()), **kwargs) for each in zip(*items)]
    known = None if meta is no_default or meta is None else make_meta(meta)
    name = label or getattr(func, "__name__", "from-map").strip("<>")
    return from_delayed(parts, meta=known, divisions=divisions, prefix=name, verify_meta=enforce_metadata)
