"""Parquet files: ``read_parquet`` and ``to_parquet``."""

from __future__ import annotations

import functools
import operator
import os
import sys
import uuid
from numbers import Integral
from typing import TYPE_CHECKING, Any, Callable

from .. import _plait
from .._lazy import pandas as pd
from .._lazy import pyarrow as pa
from . import _parquet_by_arrow
from ..delayed import delayed
from ..utils import parse_bytes
from ._collection import FrameBase, build
from ._elsewhere import elsewhere
from ._pandas_calls import answered, method_on_partitions, no_form
from ._parts import local_paths, write_parts

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
        The size of partitions where that decides, uncompressed; default is about 16 MB as the file holds them. Files are never put together.

    Notes
    -----
    ``aggregate_files``, ``metadata_task_size`` and ``ignore_metadata_file`` are taken for Dask's sake.
    """
    elsewhere = _parquet_by_arrow.is_elsewhere(path, filesystem)
    _check_options("read_parquet", kwargs, None if elsewhere else storage_options, engine, filesystem if isinstance(filesystem, str) else None)
    paths = [] if elsewhere else local_paths(path, "read_parquet")
    names = [columns] if isinstance(columns, str) else [] if columns is None else list(columns)
    if elsewhere:
        if dtype_backend is not None:
            raise NotImplementedError("read_parquet: dtype_backend= is for files of this machine")
        frame = _parquet_by_arrow.read_parquet(path, _needed(names, filters, index), filters, storage_options, filesystem)
    else:
        frame = build(
            "read_parquet", paths, [], dtype_backend or "", bool(calculate_divisions), _bytes_of(blocksize), _row_groups_of(split_row_groups)
        )
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


def _check_options(function: str, kwargs: dict, storage_options: Any, engine: Any, filesystem: Any) -> None:
    if kwargs:
        raise TypeError(f"{function}: the option {next(iter(kwargs))!r} is not there yet")
    if storage_options:
        raise ValueError(f"{function}: storage_options= is for remote files, and these are of this machine")
    if engine not in (None, "auto", "pyarrow"):
        raise ValueError(f"{function}: engine must be 'pyarrow', found {engine!r}")
    if filesystem not in (None, "fsspec", "arrow", "pyarrow"):
        raise NotImplementedError(f"{function}: filesystem= is not there yet; files are those of this machine")


_COMPARISONS = {"==": "eq", "=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def _is_among(value: Any, values: Any) -> bool:
    return value in values


_TESTS: dict[str, Callable] = {op: getattr(operator, name) for op, name in _COMPARISONS.items()} | {"in": _is_among, "not in": _is_among}


def condition_of(frame: Any, filters: Any) -> Any:
    """The rows that filters in Dask's form select; a missing value is not equal to any, as in pandas."""
    if not isinstance(filters, (list, tuple)) or not all(isinstance(part, (list, tuple)) for part in filters):
        raise TypeError(f"read_parquet: filters= takes tuples (column, op, value) in a list or list of lists; found {filters!r}")
    groups = [filters] if isinstance(filters[0], tuple) else filters
    return functools.reduce(operator.or_, (functools.reduce(operator.and_, (_term(frame, *t) for t in group)) for group in groups))


def _term(frame: Any, *parts: Any) -> Any:
    if len(parts) != 3:
        raise ValueError(f"read_parquet: a filter is (column, op, value), found {parts!r}")
    column, op, value = parts
    if op in ("is", "is not"):
        if not pd.isna(value):
            raise ValueError(f"read_parquet: the filter {op!r} is for missing values, found {value!r}")
        missing = _values_of(frame, column).isna()
        return missing if op == "is" else ~missing
    if op not in _TESTS:
        raise ValueError(f"read_parquet: unknown filter {op!r}; expected one of {', '.join(_TESTS)}")
    values = _values_of(frame, column)
    if isinstance(values.dtype, pd.CategoricalDtype) and (values.cat.known or op in ("<", "<=", ">", ">=")):
        values = values if values.cat.known else values.cat.as_known()
        chosen = values.isin([category for category in values.dtype.categories if _TESTS[op.removeprefix("not ")](category, value)])
        return ~chosen if op == "not in" else chosen
    if op in ("in", "not in"):
        chosen = values.isin(list(value))
        return chosen if op == "in" else ~chosen
    return getattr(values, _COMPARISONS[op])(value)


def _values_of(frame: Any, column: Any) -> Any:
    """A column, or the labels."""
    return frame.index.to_series() if column not in frame.columns and column == frame._meta.index.name else frame[column]


class _WriteParquet:
    """Arrow's writer of a partition; with ``partition_on``, of a folder of folders that hold a file of the part's name."""

    def __init__(self, schema: Any, index: bool | None, options: dict, metadata: dict, partition_on: list, names: list):
        self.schema = schema
        self.index = index
        self.options = options
        self.metadata = metadata
        self.partition_on = partition_on
        self.names = names

    def _schema_of(self, part: Any) -> Any:
        """A whole schema, or what the rows have but where types are said."""
        if not isinstance(self.schema, dict):
            return self.schema
        schema = pa.Schema.from_pandas(part, preserve_index=self.index)
        for name, kind in self.schema.items():
            place = schema.get_field_index(name)
            schema = schema if place < 0 else schema.set(place, pa.field(name, kind))
        return schema

    def _write(self, part: Any, path: str) -> None:
        from pyarrow import parquet

        table = pa.Table.from_pandas(part, schema=self._schema_of(part), preserve_index=self.index)
        if self.metadata:
            table = table.replace_schema_metadata({**(table.schema.metadata or {}), **self.metadata})
        parquet.write_table(table, path, **self.options)

    def __call__(self, part: Any, path: str, number: int) -> None:
        if not self.partition_on:
            self._write(part, path)
            return
        os.makedirs(path)
        for values, rows in part.groupby(self.partition_on, observed=True, sort=False, dropna=False):
            texts = [None if pd.isna(value) else str(value) for value in values]
            folder = os.path.join(path, *map(_plait.folder_name, self.partition_on, texts))
            os.makedirs(folder)
            self._write(rows.drop(columns=self.partition_on), os.path.join(folder, self.names[number]))


def to_parquet(
    df: Any,
    path: Any,
    compression: Any = "snappy",
    write_index: bool = True,
    append: bool = False,
    overwrite: bool = False,
    ignore_divisions: bool = False,
    partition_on: Any = None,
    storage_options: Any = None,
    custom_metadata: Any = None,
    write_metadata_file: Any = None,
    compute: bool = True,
    compute_kwargs: Any = None,
    schema: Any = "infer",
    name_function: Any = None,
    filesystem: Any = None,
    engine: Any = None,
    **kwargs: Any,
) -> Any:
    """Write a folder of Parquet files, ``part.<number>.parquet``, one a partition.

    Parameters
    ----------
    df : DataFrame
    path : str
        The folder. It gets its new files together, once all of them are whole.
    compression : str, default "snappy"
    write_index : bool, default True
    append : bool, default False
        All files of the folder stay, and the new ones are numbered behind them.
    overwrite : bool, default False
        Parquet files of other names in the folder go, too; else they are refused.
    ignore_divisions : bool, default False
        Whether appended rows may have labels that those of the folder have reached already.
    partition_on : str or list of str, optional
        Columns that become folders: ``<column>=<value>/part.<number>.parquet``. Missing values have a folder, too.
    storage_options : dict, optional
        For places that are not of this machine (``"s3://..."``): what fsspec takes. Files go there when all are whole.
    write_metadata_file : bool, default False
        Whether to write the statistics of all files once more into a file ``_metadata``, for other readers: `read_parquet` asks the files.
        One that is there already is written anew.
    compute : bool, default True
        False gives a delayed value, which writes when it is computed.
    compute_kwargs : dict, optional
        For ``compute``.
    name_function : callable, optional
        The name of a file from its number.
    schema : pyarrow.Schema or dict, optional
        The types of all columns, or of some by name. Default are those of the frame.
    custom_metadata : dict, optional
        Entries of the metadata of each file.

    Returns
    -------
    None or Delayed

    Raises
    ------
    ValueError
        For ``partition_on`` with a column that is not there, or every column; for columns that have no text as name; for
        Parquet files of other names in the folder; for appended columns of other names or types.
    """
    _check_options("to_parquet", {}, None, engine, filesystem)
    metadata = _metadata(custom_metadata or {})
    on = [partition_on] if isinstance(partition_on, str) else list(partition_on or [])
    types = None if schema is None or isinstance(schema, str) else _types(df, schema, on)
    if place := elsewhere("to_parquet", path, storage_options):
        if append:
            raise NotImplementedError("to_parquet: append=True is for folders of this machine")
        same = {"compression": compression, "write_index": write_index, "partition_on": on, "compute_kwargs": compute_kwargs, "schema": schema, **kwargs}
        write = functools.partial(
            to_parquet, df, custom_metadata=custom_metadata, write_metadata_file=write_metadata_file, name_function=name_function, **same
        )
        return place.written_folder(write, compute, overwrite)
    (folder,) = local_paths(path, "to_parquet")
    if len({str(label) for label in df.columns}) < len(df.columns) or not all(isinstance(label, str) for label in df.columns):
        raise ValueError(f"to_parquet: parquet files take different texts as column names, found {list(df.columns)}; rename the columns")
    mode = (bool(write_index), bool(overwrite), bool(append), bool(ignore_divisions), on, name_function)
    if kwargs or metadata or types is not None or isinstance(compression, dict):
        answer = no_form("to_parquet: options of Arrow's writer")
    else:
        answer = build("to_parquet", df, folder, compression or "none", *mode)
    options = {"compression": compression or "none", **kwargs}
    written = answered(answer, _to_parquet_by_arrow, df, folder, types, options, metadata, mode)
    if not compute:
        return delayed(_finish, pure=True)(written, folder, bool(write_metadata_file))
    _finish(written.compute(**(compute_kwargs or {})), folder, bool(write_metadata_file))
    return None


def _metadata(given: dict) -> dict:
    """What is said of the whole of a file, as bytes."""
    known = {each.encode() if isinstance(each, str) else each for each in given}
    if b"pandas" in known:
        raise ValueError("to_parquet: custom_metadata= cannot say what pandas' own entry, b'pandas', says")
    return dict(given)


def _types(df: Any, schema: Any, partition_on: list) -> Any:
    """The types of some columns by name, or a whole schema, without the columns that are folders."""
    said = pa.schema(schema)
    own = [str(label) for label in (*df.columns, *df._meta.index.names)]
    if strange := [name for name in said.names if name not in own and not name.startswith("__index_level_")]:
        raise ValueError(f"to_parquet: schema= names {strange}, but the columns are {list(df.columns)}")
    if isinstance(schema, dict):
        return {field.name: field.type for field in said if field.name not in partition_on}
    return pa.schema([field for field in said if field.name not in partition_on], metadata=said.metadata)


def _named_types(types: Any) -> dict:
    return types if isinstance(types, dict) else {} if types is None else {field.name: field.type for field in types}


def _stored_types(folder: str) -> dict:
    """What files that are there have in their columns; none where there are no files."""
    from pyarrow import parquet

    files = _plait.parquet_files_in(folder)
    return _named_types(parquet.read_schema(files[0])) if files else {}


def _appended_types(df: Any, folder: str, types: Any) -> Any:
    """The types in which rows are appended: Python objects become what the files have."""
    stored = _stored_types(folder)
    for name, kind in _named_types(types).items():
        if name in stored and stored[name] != kind:
            raise ValueError(f"to_parquet: Appended dtypes differ: column {name!r} is {stored[name]} in the files, {kind} in schema=")
    if types is not None and not isinstance(types, dict):
        return types
    objects = [name for name, dtype in df.dtypes.items() if dtype == object and name in stored and not pa.types.is_null(stored[name])]
    return {name: stored[name] for name in objects} | (types or {})


def _finish(written: Any, folder: str, write_metadata_file: bool) -> None:
    # Readers that trust such a file must find what is there now.
    place = os.path.join(folder, "_metadata")
    if not write_metadata_file and not os.path.exists(place):
        return
    together = _metadata_of(folder)
    if together is not None:
        staged = f"{place}.{uuid.uuid4().hex}"
        together.write_metadata_file(staged)
        os.replace(staged, place)
    elif write_metadata_file:
        raise ValueError(f"to_parquet: the files of {folder} are written, but have different schemas, so that no file _metadata holds for all")
    else:
        os.remove(place)


def _metadata_of(folder: str) -> Any:
    """What all files say of their row groups; None where they have different schemas."""
    from pyarrow import parquet

    together: Any = None
    for path in _plait.parquet_files_in(folder):
        found = parquet.read_metadata(path)
        found.set_file_path(os.path.relpath(path, folder))
        if together is None:
            together = found
        elif together.schema.equals(found.schema):
            together.append_row_groups(found)
        else:
            return None
    return together


def _to_parquet_by_arrow(df: Any, folder: str, types: Any, options: dict, metadata: dict, mode: tuple, reason: str) -> FrameBase:
    write_index, overwrite, append, ignore_divisions, on, name_function = mode
    files = _plait.parquet_files(df._engine, folder, write_index, overwrite, append, ignore_divisions, on, name_function, list(_named_types(types)))
    types = _appended_types(df, folder, types) if append else types
    # Where types are said the labels are written out, as a schema has no place for those that only number the rows.
    index = False if not write_index else None if types is None else True if isinstance(types, dict) else set(df._meta.index.names) <= set(types.names)
    write = _WriteParquet(types, index, options, metadata, on, [os.path.basename(name) for name in files.names])
    return write_parts(df, files, write, "to_parquet", reason)


__all__ = ["read_parquet", "to_parquet"]
