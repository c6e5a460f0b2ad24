"""``to_parquet``: frames as folders of Parquet files."""

from __future__ import annotations

import functools
import os
import uuid
from typing import Any

from .. import _plait
from .._lazy import pandas as pd
from .._lazy import pyarrow as pa
from ..delayed import delayed
from ._collection import FrameBase, build
from ._elsewhere import elsewhere
from ._pandas_calls import answered, no_form
from ._parquet_options import check_options
from ._parts import local_paths, write_parts


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
    check_options("to_parquet", {}, None, engine, filesystem)
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
    try:
        said = pa.schema(schema)
    except (TypeError, ValueError) as error:
        raise type(error)(f"to_parquet: schema= takes Arrow's types by the columns' names, or a whole schema; found {schema!r}: {error}") from None
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
