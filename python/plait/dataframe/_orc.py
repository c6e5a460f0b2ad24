"""ORC files: read_orc and to_orc."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from .. import _plait
from .._files import File, files_to_read, is_remote, remote_file_system
from .._lazy import LazyModule
from .._lazy import pyarrow as pa
from ..delayed import delayed
from ._collection import FrameBase
from ._delayed import from_delayed
from ._elsewhere import elsewhere
from ._parts import local_paths, write_parts, written_files

_orc: Any = LazyModule("pyarrow.orc")


def _check(function: str, engine: Any) -> None:
    if engine != "pyarrow":
        raise NotImplementedError(f"{function}: engine={engine!r} is not there; expected 'pyarrow'")


def read_orc(
    path: Any,
    engine: str = "pyarrow",
    columns: list | None = None,
    index: Any = None,
    split_stripes: Any = 1,
    aggregate_files: Any = None,
    storage_options: Any = None,
) -> FrameBase:
    """ORC files as a lazy frame, some stripes of a file a partition.

    Parameters
    ----------
    path : str, path, or list of them
        Files, patterns, or a folder.
    engine : str
        "pyarrow".
    columns : list of str, optional
        Which columns; all by default.
    index : str, optional
        The column that becomes the index.
    split_stripes : int or False
        How many stripes make a partition; all of a file if False.
    aggregate_files : bool, optional
        Taken for Dask's sake, and without effect: a partition is of one file.
    storage_options : dict, optional
        For files that are not local, which fsspec reads.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If there is no file, or it has no such column.
    """
    _check("read_orc", engine)
    if split_stripes is not False and (not isinstance(split_stripes, int) or isinstance(split_stripes, bool) or split_stripes < 1):
        raise ValueError(f"read_orc: split_stripes is {split_stripes!r}, expected a number of stripes of at least 1, or False")
    given = [path] if is_remote(path) and isinstance(path, (str, os.PathLike)) else path if is_remote(path) else local_paths(path, "read_orc")
    stored = files_to_read("read_orc", [_within(os.fspath(each), storage_options) for each in given], None, storage_options)
    files = [_opened(file) for file in stored]
    known = list(files[0].schema.names)
    wanted = known if columns is None else list(columns)
    unknown = [label for label in [*wanted, *([] if index is None else [index])] if label not in known]
    if unknown:
        raise ValueError(f"read_orc: {stored[0].path!r} has no column {unknown[0]!r}{_plait.did_you_mean(str(unknown[0]), known)}")
    read = [*wanted, *([index] if index is not None and index not in wanted else [])]
    reader = _Stripes(read, index)
    empty = reader.framed(files[0].schema.empty_table().select(read))
    part = delayed(reader, pure=True, name="read-orc")
    pieces = []
    for each, file in zip(stored, files, strict=True):
        together = split_stripes or max(file.nstripes, 1)
        starts = range(0, max(file.nstripes, 1), together)
        pieces += [part(each, range(start, min(start + together, file.nstripes))) for start in starts]
    return from_delayed(pieces, meta=empty, prefix="read-orc", verify_meta=False)


def _within(path: str, options: dict | None) -> str:
    """A folder stands for the ORC files in it."""
    if is_remote(path):
        system, place = remote_file_system("read_orc", path, options)
        return f"{path.rstrip('/')}/*.orc" if system.isdir(place) else path
    return os.path.join(path, "*.orc") if os.path.isdir(path) else path


def _opened(file: File) -> Any:
    return _orc.ORCFile(file.opened() if file.is_remote else file.path)


class _Stripes:
    """Reads some stripes of a file."""

    def __init__(self, columns: list, index: Any):
        self.columns, self.index = columns, index

    def __call__(self, stored: File, stripes: range) -> Any:
        file = _opened(stored)
        batches = [file.read_stripe(stripe, columns=self.columns) for stripe in stripes]
        table = pa.Table.from_batches(batches) if batches else file.schema.empty_table()
        return self.framed(table.select(self.columns))

    def framed(self, table: Any) -> Any:
        """The table as a frame of pandas."""
        frame = table.to_pandas()
        return frame if self.index is None else frame.set_index(self.index)


def to_orc(
    df: Any,
    path: Any,
    engine: str = "pyarrow",
    write_index: bool = True,
    storage_options: Any = None,
    compute: bool = True,
    compute_kwargs: dict | None = None,
) -> Any:
    """Write a folder of ORC files, ``part.<number>.orc``, one a partition; they get their names when all of them are whole.

    Parameters
    ----------
    df : DataFrame
        The rows.
    path : str
        The folder.
    engine : str
        "pyarrow".
    write_index : bool
        Whether the index becomes a column, named "index" if it has no name.
    storage_options : dict, optional
        For places that are not of this machine: what fsspec takes. Files go there when all are whole.
    compute : bool
        Whether to write now; else the paths are given as delayed values, each of which writes all files.
    compute_kwargs : dict, optional
        For ``compute``.

    Returns
    -------
    list of str
        The paths.
    """
    _check("to_orc", engine)
    if place := elsewhere("to_orc", path, storage_options):
        return place.written(partial(to_orc, df, write_index=write_index, compute_kwargs=compute_kwargs), compute)
    (folder,) = local_paths(path, "to_orc")
    rows = df.reset_index() if write_index else df
    files = _plait.csv_files(f"{folder.rstrip('/')}/part.*.orc", rows.npartitions, False, None)
    return written_files(write_parts(rows, files, _write, "to_orc"), rows.npartitions, compute, compute_kwargs)


def _write(part: Any, path: str, number: int) -> None:
    table = pa.Table.from_pandas(part, preserve_index=False)
    plain = [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in table.schema]
    texts = [field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field for field in plain]
    _orc.write_table(table.cast(pa.schema(texts)).replace_schema_metadata(None), path)
