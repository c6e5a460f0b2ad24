"""Parquet files: ``read_parquet`` and ``to_parquet``."""

from __future__ import annotations

import sys
from numbers import Integral
from typing import TYPE_CHECKING, Any

from .. import _plait
from . import _parquet_by_arrow
from ..utils import parse_bytes
from ._collection import build
from ._pandas_calls import answered, method_on_partitions
from ._parquet_filters import condition_of
from ._parquet_options import check_options
from ._parquet_writing import to_parquet
from ._parts import local_paths

if TYPE_CHECKING:
    from .frame import DataFrame


def read_parquet(
    path: Any = None,
    columns: Any = None,
    filters: Any = None,
    categories: Any = None,
    index: Any = None,
    storage_options: Any = None,
    dtype_backend: Any = None,
    calculate_divisions: bool = False,
    ignore_metadata_file: bool = False,
    metadata_task_size: Any = None,
    split_row_groups: Any = "infer",
    blocksize: Any = "default",
    aggregate_files: Any = None,
    parquet_file_extension: Any = (".parq", ".parquet", ".pq"),
    filesystem: Any = "fsspec",
    engine: Any = None,
    arrow_to_pandas: Any = None,
    **kwargs: Any,
) -> DataFrame:
    """Parquet files as a lazy frame; a partition is some row groups of a file.

    Parameters
    ----------
    path : str or list of str
        Files, patterns, or a folder. Where files stand in folders named ``column=value``, as ``to_parquet(partition_on=)``
        writes them, such columns come behind the others, as categories.
    columns : str or list of str, optional
        Columns to read; one as text gives a series.
    filters : list of tuples or list of lists of tuples, optional
        Rows to keep: ``(column, op, value)`` with ``==``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``in``, ``not in``, and ``is`` and ``is not`` with a missing
        value; tuples of one list must all hold, of several lists one. They go into the reader, which leaves out row groups, and folders,
        that have no such row.
    categories : list of str, optional
        Columns that become categories.
    index : str, list of str or False, optional
        The column that is the index; False gives none, and an index of the files is a column, as one among ``columns`` is.
    storage_options : dict, optional
        For files that are not on this machine (``"s3://..."``): what fsspec takes. Arrow reads them, not the engine's reader.
    filesystem : str, fsspec or Arrow file system, optional
        "fsspec" or "arrow", or one that is there already.
    dtype_backend : {"numpy_nullable", "pyarrow"}, optional
        Which of pandas' types columns have. Default are those that were written, or NumPy's.
    calculate_divisions : bool
        Whether the divisions are those that the statistics of the files tell of the index. They are known where every partition has
        its own labels, none of which is missing.
    split_row_groups : {"infer", "adaptive"}, bool or int
        How many row groups of a file are a partition: by their size; one; with False, all; or so many.
    blocksize : int or str, optional
        The size of partitions where that decides, uncompressed; default is about 16 MB as the file holds them.
    aggregate_files : bool or str, optional
        Whether small files that follow each other are put together, up to that size or number of row groups; or the column of
        folders whose value they must share. Without effect where ``split_row_groups`` is True or False.

    Notes
    -----
    ``metadata_task_size`` and ``ignore_metadata_file`` are taken for Dask's sake.
    """
    elsewhere = _parquet_by_arrow.is_elsewhere(path, filesystem)
    check_options("read_parquet", kwargs, None if elsewhere else storage_options, engine, filesystem if isinstance(filesystem, str) else None)
    paths = [] if elsewhere else local_paths(path, "read_parquet")
    names = [columns] if isinstance(columns, str) else [] if columns is None else list(columns)
    if elsewhere:
        if aggregate_files:
            raise NotImplementedError("read_parquet: aggregate_files= is for files of this machine")
        if dtype_backend is not None:
            raise NotImplementedError("read_parquet: dtype_backend= is for files of this machine")
        frame = _parquet_by_arrow.read_parquet(path, _needed(names, filters, index), filters, storage_options, filesystem)
    else:
        frame = build(
            "read_parquet", paths, [], dtype_backend or "", bool(calculate_divisions), _bytes_of(blocksize), _row_groups_of(split_row_groups),
            _files_together(aggregate_files, split_row_groups),
        )  # fmt: skip
    files = frame
    if filters:
        frame = frame[condition_of(frame, filters)]
    if categories is not None:
        given = [categories] if isinstance(categories, str) else list(categories)
        frame = frame.astype(dict.fromkeys(given, "category")) if given else frame
    frame = _labelled_by(frame, index, names, files if calculate_divisions else None)
    if columns is None:
        return frame
    return frame[columns] if isinstance(columns, str) else frame[names]


def _bytes_of(blocksize: Any) -> int:
    return 0 if blocksize is None or blocksize == "default" else parse_bytes(blocksize)


def _row_groups_of(split: Any) -> int:
    """How many row groups are a partition; 0 leaves that to their size."""
    if split in (None, "infer", "adaptive"):
        return 0
    if isinstance(split, bool):
        return 1 if split else sys.maxsize
    if isinstance(split, Integral) and int(split) > 0:
        return int(split)
    raise ValueError(f"read_parquet: split_row_groups must be 'infer', 'adaptive', True, False or a number of row groups; found {split!r}")


def _files_together(aggregate: Any, split: Any) -> str | None:
    """Which files are put together: the column of folders that they share, "" for any, None for none."""
    if not isinstance(aggregate, (bool, str, type(None))):
        raise ValueError(f"read_parquet: aggregate_files must be True, False or the name of a column that folders are; found {aggregate!r}")
    if isinstance(split, bool) or not aggregate:
        return None
    return "" if aggregate is True else aggregate


def _needed(columns: list, filters: Any, index: Any) -> list | None:
    """The columns that have to be read; None is all."""
    if not columns:
        return None
    groups = [filters] if filters and isinstance(filters[0], tuple) else filters or []
    labels = [] if index is None or index is False else [index] if isinstance(index, str) else list(index)
    return list(dict.fromkeys([*columns, *labels, *(term[0] for group in groups for term in group)]))


def _labelled_by(frame: Any, index: Any, columns: list, files: Any) -> Any:
    """The frame with the index that is asked for; one that is no longer wanted, or that is asked for as a column, becomes columns.

    ``files`` are asked where partitions begin by that index.
    """
    own = [label for label in frame._meta.index.names if label is not None]
    wanted = [] if index is None or index is False else [index] if isinstance(index, str) else list(index)
    if wanted == own if wanted else index is None and not set(own) & set(columns):
        return frame
    frame = frame.reset_index(drop=not own)
    if not wanted:
        return frame
    if len(wanted) > 1:
        raise NotImplementedError(f"read_parquet: index= names one column; found {wanted}")
    name = frame._name_of(wanted[0])
    divisions = [] if files is None or name not in files._names else _plait.parquet_divisions(files._engine, name)
    indexed = frame._ask("set_index", name, False, False, True, divisions)
    return answered(indexed, method_on_partitions, "set_index", frame, wanted[0], keeps_divisions=False)


__all__ = ["read_parquet", "to_parquet"]
