"""Sizes of objects in memory, estimated."""

from __future__ import annotations

import importlib.metadata
import itertools
import logging
import random
import sys
from array import array
from collections.abc import Mapping
from typing import Any

from ._lazy import numpy as np
from ._lazy import pandas as pd
from ._lazy import pyarrow as pa
from .utils import Dispatch

__all__ = ["SimpleSizeof", "sizeof"]

sizeof = Dispatch(name="sizeof")

# Of long collections so many items are looked at.
_NUM_SAMPLES = 10

# What pandas keeps for a series or a block of equal columns, and for an index, beside the data.
_SERIES_BYTES = 1200
_INDEX_BYTES = 400


class SimpleSizeof:
    """A base, first of all, for classes whose ``__sizeof__`` says all there is to say."""


@sizeof.register((object, SimpleSizeof))
def sizeof_default(o: Any) -> int:
    """What Python says."""
    return sys.getsizeof(o)


sizeof_blocked = sizeof_default


@sizeof.register((bytes, bytearray))
def sizeof_bytes(o: bytes) -> int:
    """The bytes themselves."""
    return len(o)


@sizeof.register(memoryview)
def sizeof_memoryview(o: memoryview) -> int:
    """The bytes that it shows."""
    return o.nbytes


@sizeof.register(array)
def sizeof_array(o: array) -> int:
    """The items of an ``array.array``."""
    return o.itemsize * len(o)


@sizeof.register((list, tuple, set, frozenset))
def sizeof_python_collection(seq: Any) -> int:
    """A collection and its items; of many items, by some of them."""
    own = sys.getsizeof(seq)
    if len(seq) <= _NUM_SAMPLES:
        return own + sum(map(sizeof, seq))
    if isinstance(seq, (set, frozenset)):
        samples = list(itertools.islice(seq, _NUM_SAMPLES))
    else:
        samples = random.sample(seq, _NUM_SAMPLES)
    return own + int(len(seq) / _NUM_SAMPLES * sum(map(sizeof, samples)))


@sizeof.register(dict)
def sizeof_python_dict(d: Mapping) -> int:
    """A dict, its keys and its values."""
    return sys.getsizeof(d) + sizeof(list(d.keys())) + sizeof(list(d.values())) - 2 * sizeof([])


@sizeof.register_lazy("numpy")
def register_numpy() -> None:
    """Arrays: what is stretched counts once."""

    def of_ndarray(x: Any) -> int:
        return int(x[tuple(slice(None) if stride else slice(1) for stride in x.strides)].nbytes)

    sizeof.register(np.ndarray, of_ndarray)


def _size_of_objects(*columns: Any) -> int:
    """Objects in columns, by some of them: those that stand in many places count once."""
    num_cells = sum(map(len, columns))
    if num_cells == 0:
        return 0
    samples = {id(item): item for column in columns for item in np.random.choice(np.asarray(column, dtype=object), size=100).tolist()}
    found = sum(map(sizeof, samples.values()))
    num_drawn = 100 * len(columns)
    return int(found * num_cells / num_drawn) if len(samples) > num_drawn / 2 else found


@sizeof.register_lazy("pandas")
def register_pandas() -> None:
    """Frames, series and indexes."""

    def holds_objects(data: Any) -> bool:
        return data.dtype == object or data.dtype == pd.StringDtype("python")

    def of_frame(df: Any) -> int:
        size = sizeof(df.index) + sizeof(df.columns)
        columns = [df.iloc[:, place] for place in range(df.shape[1])]
        last_dtype = None
        for column in columns:
            if column.dtype != last_dtype:
                size += _SERIES_BYTES
            last_dtype = column.dtype
            size += column.memory_usage(index=False, deep=False)
        return max(_SERIES_BYTES, size + _size_of_objects(*(column for column in columns if holds_objects(column))))

    def of_series(s: Any) -> int:
        size = _SERIES_BYTES + sizeof(s.index) + s.memory_usage(index=False, deep=False)
        return size + (_size_of_objects(s) if holds_objects(s) else 0)

    def of_index(i: Any) -> int:
        return _INDEX_BYTES + i.memory_usage(deep=False) + (_size_of_objects(i) if holds_objects(i) else 0)

    def of_multi_index(i: Any) -> int:
        return sum(map(sizeof, i.levels)) + sum(codes.nbytes for codes in i.codes)

    sizeof.register(pd.DataFrame, of_frame)
    sizeof.register(pd.Series, of_series)
    sizeof.register(pd.Index, of_index)
    sizeof.register(pd.MultiIndex, of_multi_index)


@sizeof.register_lazy("pyarrow")
def register_pyarrow() -> None:
    """Tables and chunked arrays."""

    def of_chunked_array(data: Any) -> int:
        return 1000 + sum(buffer.size for chunk in data.iterchunks() for buffer in chunk.buffers() if buffer)

    def of_table(table: Any) -> int:
        columns = sum(of_chunked_array(column) - 1000 for column in table.itercolumns())
        return 1000 + sizeof(table.schema.metadata) + columns

    sizeof.register(pa.ChunkedArray, of_chunked_array)
    sizeof.register(pa.Table, of_table)


@sizeof.register_lazy("scipy")
def register_spmatrix() -> None:
    """Sparse matrices: their parts."""
    sparse = importlib.import_module("scipy.sparse")
    sizeof.register(sparse.spmatrix, lambda s: sum(map(sizeof, vars(s).values())))


@sizeof.register_lazy("xarray")
def register_xarray() -> None:
    """Labelled arrays: their data."""
    xr = importlib.import_module("xarray")
    sizeof.register((xr.DataArray, xr.Variable), lambda x: sys.getsizeof(x) + sizeof(x.data))
    sizeof.register(xr.Dataset, lambda x: sys.getsizeof(x) + sizeof(dict(x.variables)))


def _register_plugins() -> None:
    """Sizes that other packages bring along, under the entry points of Dask and of Plait."""
    for group in ("dask.sizeof", "plait.sizeof"):
        for plugin in importlib.metadata.entry_points(group=group):
            try:
                plugin.load()(sizeof)
            except Exception:
                logging.getLogger(__name__).exception("sizeof: the entry point %s failed", plugin.name)


_register_plugins()
