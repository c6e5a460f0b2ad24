"""Parquet files that are not on this machine: Arrow reads their row groups by way of fsspec, or of a file system of its own."""

from __future__ import annotations

import os
from typing import Any

from .. import _plait
from .._files import is_remote
from .._lazy import LazyModule, futures
from .._lazy import pandas as pd
from .._lazy import pyarrow as pa
from ..delayed import delayed
from ._delayed import from_delayed

_arrow_datasets: Any = LazyModule("pyarrow.dataset")
_arrow_files: Any = LazyModule("pyarrow.fs")
_arrow_parquet: Any = LazyModule("pyarrow.parquet")
_fsspec: Any = LazyModule("fsspec.core")

_PART = 32 * 2**20  # bytes of a partition, as they are without compression
_FOOTERS_AT_ONCE = 16


def is_elsewhere(path: Any, filesystem: Any) -> bool:
    """Whether the files are not read from this machine's folders."""
    return is_remote(path) or not (filesystem is None or isinstance(filesystem, str))


def read_parquet(path: Any, columns: list | None, filters: Any, storage_options: dict | None, filesystem: Any) -> Any:
    """The files as a lazy frame; a partition is some row groups of a file.

    Parameters
    ----------
    path : str or list of str
        Files, patterns, or a folder, whose folders named ``column=value`` are columns.
    columns : list of str, optional
        Columns to read.
    filters : list, optional
        Row groups, and folders, that have no such row are left out; the rows themselves are not looked at.
    storage_options : dict, optional
        What fsspec takes.
    filesystem : str, fsspec or Arrow file system
        "fsspec", "arrow", or one that is there already.

    Raises
    ------
    ValueError
        If no file fits.
    """
    system, places = _placed(path, storage_options, filesystem)
    folders = _arrow_datasets.HivePartitioning.discover(infer_dictionary=True)
    files = _arrow_datasets.dataset(places, filesystem=system, format="parquet", partitioning=folders)
    schema = files.schema
    missing = [name for name in columns or () if name not in schema.names]
    if missing:
        raise KeyError(f"read_parquet: the files have no column {missing[0]!r}{_plait.did_you_mean(missing[0], schema.names)}")
    wanted = None if columns is None else [*columns, *(name for name in _labels(schema) if name not in columns)]
    with futures.ThreadPoolExecutor(_FOOTERS_AT_ONCE) as footers:
        pieces = [piece for some in footers.map(lambda file: _pieces(file, schema, filters), files.get_fragments()) for piece in some]
    chosen = schema if wanted is None else _subset(schema, wanted)
    like = chosen.empty_table().to_pandas()
    if (numbers := _numbering(schema)) is not None:
        like.index = pd.RangeIndex(0, name=numbers["name"])
    read = delayed(_read, pure=True, name="read-parquet")
    parts = [read(piece, schema, wanted, before) for piece, before in pieces] or [delayed(like)]
    return from_delayed(parts, meta=like, prefix="read-parquet", verify_meta=False)


def _placed(path: Any, options: dict | None, filesystem: Any) -> tuple:
    """The file system, and the paths on it."""
    paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
    names: list[str] = [os.fspath(each) for each in paths]
    if filesystem in ("arrow", "pyarrow"):
        if options:
            raise ValueError("read_parquet: storage_options= is for fsspec; with filesystem='arrow' give a pyarrow.fs.FileSystem instead")
        system, _ = _arrow_files.FileSystem.from_uri(names[0])
        places = [_arrow_files.FileSystem.from_uri(each)[1] for each in names]
    elif filesystem is None or isinstance(filesystem, str):
        system = _fsspec.url_to_fs(names[0], **(options or {}))[0]
        places = [found for each in names for found in _expanded(system, system._strip_protocol(each))]
    else:
        if options:
            raise ValueError("read_parquet: storage_options= and filesystem= both say where files are; give one of them")
        system = filesystem
        places = names if isinstance(system, _arrow_files.FileSystem) else [found for each in names for found in _expanded(system, each)]
    if not places:
        raise ValueError(f"read_parquet: no file fits {path!r}")
    return system, places if len(places) > 1 else places[0]


def _expanded(system: Any, path: str) -> list[str]:
    return sorted(system.glob(path)) if any(mark in path for mark in "*?[") else [path]


def _pieces(file: Any, schema: Any, filters: Any) -> list[tuple[Any, int]]:
    """Row groups of a file, put together to partitions of a sensible size, each with the number of rows before it."""
    wanted = {group.id for group in file.row_groups}
    if filters and _leaves_out_missing(filters):
        wanted = {group.id for group in file.subset(filter=_arrow_parquet.filters_to_expression(filters), schema=schema).row_groups}
    pieces: list[tuple[list[int], int]] = []
    before, size = 0, _PART
    for group in file.row_groups:
        is_next = bool(pieces) and pieces[-1][0][-1] == group.id - 1  # only neighbours go together: their rows are numbered
        if group.id in wanted:
            if not is_next or size + group.total_byte_size > _PART:
                pieces.append(([], before))
                size = 0
            pieces[-1][0].append(group.id)
            size += group.total_byte_size
        before += group.num_rows
    return [(file.subset(row_group_ids=ids), rows) for ids, rows in pieces]


def _leaves_out_missing(filters: Any) -> bool:
    """Whether no missing value passes: Arrow leaves out row groups of missing values alone, which pandas finds unequal to any other."""
    groups = [filters] if isinstance(filters[0], tuple) else filters
    return all(op in ("==", "=", "<", "<=", ">", ">=", "in") for group in groups for _, op, _ in group)


def _numbering(schema: Any) -> dict | None:
    """How a file numbers its rows, where its labels are no column."""
    labels = (schema.pandas_metadata or {}).get("index_columns") or [None]
    return labels[0] if isinstance(labels[0], dict) and labels[0].get("kind") == "range" else None


def _labels(schema: Any) -> list[str]:
    """The columns that are the frame's labels."""
    known = schema.pandas_metadata or {}
    return [name for name in known.get("index_columns", ()) if isinstance(name, str)]


def _subset(schema: Any, names: list) -> Any:
    return pa.schema([schema.field(name) for name in names], metadata=schema.metadata)


def _read(piece: Any, schema: Any, columns: list | None, before: int) -> Any:
    found = piece.to_table(schema=schema, columns=columns, use_threads=False).to_pandas(use_threads=False)
    if (numbers := _numbering(piece.physical_schema)) is not None:
        first, step = numbers["start"] + before * numbers["step"], numbers["step"]
        found.index = pd.RangeIndex(first, first + len(found) * step, step, name=numbers["name"])
    return found
