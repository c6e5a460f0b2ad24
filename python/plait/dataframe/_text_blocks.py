"""Files of text that pandas reads, block by block: what read_fwf and read_csv share."""

from __future__ import annotations

import warnings
from typing import Any, Protocol

from .. import _plait
from .._files import File, lines_between
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from .._lazy import utils
from ._collection import FrameBase
from ._delayed import from_delayed
from ._dtypes import has_unknown_categories

_DEFAULT_BLOCKSIZE = 64 * 2**20


class Lines(Protocol):
    """How lines of a file become rows."""

    lines_before: int  # lines at the beginning of a file that are no rows, as far as blocks behind the first one go
    like: Any  # rows of the types that all blocks have

    def rows(self, data: bytes, is_first: bool, is_whole: bool, path: str) -> Any:
        """Lines of a file, or all of them, as a frame; the first ones may name the columns."""


def size_of_blocks(what: str, blocksize: Any, files: list[File]) -> int | None:
    """About how many bytes make a partition; None is a file a partition."""
    if blocksize is None:
        return None
    size = _DEFAULT_BLOCKSIZE if blocksize == "default" else utils.parse_bytes(blocksize) if isinstance(blocksize, str) else blocksize
    if not isinstance(size, int) or size < 1:
        raise ValueError(f"{what}: blocksize is {blocksize!r}, expected a number of bytes of at least 1, or None")
    if any(file.compression for file in files):
        if blocksize != "default":
            warnings.warn(f"{what}: compressed files cannot be read in blocks; a partition is a file", stacklevel=3)
        return None
    return size


def path_column(what: str, include_path_column: Any, columns: list) -> str | None:
    """The name of the column of paths, if one is asked for."""
    column = "path" if include_path_column is True else include_path_column or None
    if column is not None and column in columns:
        raise ValueError(f"{what}: Files already contain the column name: {column}, so the path column cannot use this name; give include_path_column another one")
    return column


def frame_of_blocks(what: str, lines: Lines, files: list[File], size: int | None, column: str | None = None, name_of_path: Any = None) -> FrameBase:
    """The lines of files as a lazy frame: a block is a partition."""
    names = {file.path: name_of_path(file.path) if name_of_path else file.path for file in files}
    reader = _BlockReader(what, lines, column, names)
    prefix = what.replace("_", "-")
    part = delayed(reader, pure=True, name=prefix)
    parts = [part(file, start, end) for file in files for start, end in _bounds(file, size)]
    return from_delayed(parts, meta=reader.framed(lines.like, files[0].path).iloc[:0], prefix=prefix, verify_meta=False)


def _bounds(file: File, size: int | None) -> list[tuple]:
    if size is None:
        return [(0, None)]
    length = file.size
    starts = _plait.bags.block_starts(length, size) if length else [0]
    return list(zip(starts, [*starts[1:], length], strict=True)) if len(starts) > 1 else [(0, None)]


class _BlockReader:
    """Reads a file, or a block of its lines."""

    def __init__(self, what: str, lines: Lines, column: str | None, names: dict):
        self.what, self.lines, self.column, self.names = what, lines, column, names

    def __call__(self, file: File, start: int, end: int | None) -> Any:
        if end is None:
            with file.reader() as raw:
                data = raw.read()
        else:
            begun = self._begun(file) if self.lines.lines_before else 0
            data = lines_between(file, start, max(end, begun - 1) if start == 0 else end, b"\n")
            if 0 < start < begun:  # where blocks are very small, the first one has all that names the columns
                data = data[max(begun - start_of_lines(file, start), 0) :]
        rows = self.lines.rows(data, start == 0, end is None, file.path)
        return self.framed(self._of_the_types(rows, file.path), file.path)

    def _begun(self, file: File) -> int:
        """Where the lines end that are no rows."""
        with file.opened() as raw:
            for _ in range(self.lines.lines_before):
                raw.readline()
            return raw.tell()

    def _of_the_types(self, rows: Any, path: str) -> Any:
        if not len(rows):
            return self.lines.like.iloc[:0]
        types = {label: dtype for label, dtype in self.lines.like.dtypes.items() if not has_unknown_categories(dtype)}
        for label, dtype in types.items():
            values = rows[label]
            found = values.dtype
            is_missing = dtype.kind not in "iub" and values.isna().all()
            is_text = isinstance(dtype, pd.StringDtype) or dtype == object  # "007" has been read as 7
            fits = found.kind == "O" if is_text else np.can_cast(_plain(found), _plain(dtype), "same_kind")
            if found != dtype and not is_missing and not fits:
                raise ValueError(
                    f"{self.what}: column {label!r} of {path!r} has dtype {found}, but {dtype} at the beginning of the first file; give "
                    "dtype=, or assume_missing=True where integers are missing"
                )
        return rows.astype(types)

    def framed(self, rows: Any, path: str) -> Any:
        """The rows with the column of the path."""
        if self.column is None:
            return rows
        names = pd.CategoricalDtype([*dict.fromkeys(self.names.values())])
        return rows.assign(**{self.column: pd.Series([self.names[path]] * len(rows), dtype=names, index=rows.index)})


def with_floats(like: Any, given: Any) -> Any:
    """The rows with floats for whole numbers, but for types that are given (``dtype=``)."""
    if given is not None and not isinstance(given, dict):
        return like
    whole = [label for label in like.columns if like[label].dtype.kind in "iu" and label not in (given or {})]
    return like.astype(dict.fromkeys(whole, np.float64))


def start_of_lines(file: File, place: int) -> int:
    """Where the first line of a block begins."""
    return len(lines_between(file, 0, place, b"\n"))


def _plain(dtype: Any) -> Any:
    """A type of NumPy; what is none of its numbers is an object."""
    return dtype if isinstance(dtype, np.dtype) else np.dtype(object)
