"""Files of fields of fixed width: read_fwf."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

from .. import _plait
from .._files import File, files_to_read, lines_between
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from ..utils import parse_bytes
from ._collection import FrameBase
from ._delayed import from_delayed

_DEFAULT_BLOCKSIZE = 64 * 2**20
# What says how a file begins: blocks behind the beginning are read without.
_OF_THE_BEGINNING = ("colspecs", "widths", "infer_nrows", "header", "names", "skiprows")


def read_fwf(
    urlpath: Any,
    blocksize: Any = "default",
    lineterminator: str | None = None,
    compression: str | None = "infer",
    sample: int = 256000,
    sample_rows: int = 10,
    enforce: bool = False,
    assume_missing: bool = False,
    storage_options: dict | None = None,
    include_path_column: Any = False,
    **kwargs: Any,
) -> FrameBase:
    """Files of fields of fixed width as a lazy frame.

    Where the fields lie is found at the beginnings of all files; what they are called and their types at that of the first one.

    Parameters
    ----------
    urlpath : str, path, or list of them
        Patterns stand for all files that fit, in the order of their names.
    blocksize : int, str or None
        About how many bytes make a partition; None is a file a partition, as compressed files are.
    lineterminator : str, optional
        A newline.
    compression : str, optional
        "gzip", "bz2", "xz", "zstd", "zip" or None; by default the suffix says it.
    sample : int
        How many bytes of each file are looked at.
    sample_rows : int
        Taken for Dask's sake.
    enforce : bool
        Whether files with other headers than the first are an error.
    assume_missing : bool
        Whether integer columns without a given dtype are float64.
    storage_options : dict, optional
        For files that are not local, which fsspec reads.
    include_path_column : bool or str
        Whether to add a column of the paths, named "path" or as is said here.
    **kwargs
        ``colspecs``, ``widths``, ``infer_nrows``, ``names``, ``header``, ``skiprows``, ``dtype``, ``usecols``, ... as in
        ``pandas.read_fwf``.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If no file fits, or for options of pandas that go with whole files. When it is computed: if a part has values that are
        not of the types of the first one, or text between the fields that were found, with the name of the file.
    """
    for name in ("index_col", "iterator", "chunksize", "nrows"):
        if kwargs.pop(name, None) not in (None, False):
            raise ValueError(f"Keyword '{name}' is not supported in dd.read_fwf.")
    if kwargs.get("skipfooter") or not isinstance(kwargs.get("skiprows", 0) or 0, int) or not isinstance(kwargs.get("header", 0) or 0, (int, str)):
        raise NotImplementedError("read_fwf: skipfooter=, and lists or functions as skiprows= or header=, are not there")
    if lineterminator not in (None, "\n"):
        raise NotImplementedError(f"read_fwf: lineterminator={lineterminator!r} is not there; expected a newline")
    files = files_to_read("read_fwf", urlpath, compression, storage_options)
    size = _size(blocksize, files)
    column = "path" if include_path_column is True else include_path_column or None
    fields = _Fields(files, sample, kwargs, assume_missing)
    if column is not None and column in fields.columns:
        raise ValueError(f"read_fwf: the files have a column {column!r}; give include_path_column another name")
    paths = pd.CategoricalDtype([*dict.fromkeys(file.path for file in files)])
    reader = _FieldsReader(fields, enforce, column, paths)
    part = delayed(reader, pure=True, name="read-fwf")
    parts = [part(file, start, end) for file in files for start, end in _bounds(file, size)]
    return from_delayed(parts, meta=reader.framed(fields.like, files[0].path).iloc[:0], prefix="read-fwf", verify_meta=False)


def _size(blocksize: Any, files: list[File]) -> int | None:
    if blocksize is None:
        return None
    size = _DEFAULT_BLOCKSIZE if blocksize == "default" else parse_bytes(blocksize) if isinstance(blocksize, str) else blocksize
    if not isinstance(size, int) or size < 1:
        raise ValueError(f"read_fwf: blocksize is {blocksize!r}, expected a number of bytes of at least 1, or None")
    if any(file.compression for file in files):
        if blocksize != "default":
            warnings.warn("read_fwf: compressed files cannot be read in blocks; a partition is a file", stacklevel=3)
        return None
    return size


def _bounds(file: File, size: int | None) -> list[tuple]:
    if size is None:
        return [(0, None)]
    length = file.size
    starts = _plait.bags.block_starts(length, size) if length else [0]
    return list(zip(starts, [*starts[1:], length], strict=True))


class _Fields:
    """Where the fields lie, and how they are read."""

    def __init__(self, files: list[File], sample: int, kwargs: dict, assume_missing: bool):
        self.encoding = kwargs.get("encoding") or "utf-8"
        skipped = int(kwargs.get("skiprows") or 0)
        text = self._beginning(files[0], sample)
        is_found = kwargs.get("widths") is None and kwargs.get("colspecs", "infer") == "infer"
        if is_found:
            rows = [line for file in files for line in self._beginning(file, sample).splitlines()[skipped:][: kwargs.get("infer_nrows")]]
            self.colspecs = _runs(rows, kwargs.get("delimiter") or " \t", kwargs.get("comment"))
        else:
            with pd.read_fwf(io.StringIO(text), iterator=True, **kwargs) as begun:
                self.colspecs = list(begun._engine.data.colspecs)
        self.gaps = _gaps(self.colspecs) if is_found and not kwargs.get("comment") else None
        self.between = (kwargs.get("delimiter") or " \t") + "\r\n"
        header = kwargs.get("header", "infer")
        names = kwargs.get("names")
        has_header = header is not None and not (header == "infer" and names is not None)
        self.lines_before = int(kwargs.get("skiprows") or 0) + (1 + (0 if header == "infer" else int(header)) if has_header else 0)
        beginning = {name: kwargs[name] for name in ("header", "names", "skiprows") if name in kwargs}
        self.columns = list(pd.read_fwf(io.StringIO(text), colspecs=self.colspecs, nrows=1, **beginning).columns)
        self.options = {name: value for name, value in kwargs.items() if name not in _OF_THE_BEGINNING and name != "encoding"}
        self.header = self._begins(text)[0]
        like = self.read(self._begins(text)[1])
        given = self.options.get("dtype")
        if assume_missing and (given is None or isinstance(given, dict)):
            whole = [label for label in like.columns if like[label].dtype.kind in "iu" and label not in (given or {})]
            like = like.astype(dict.fromkeys(whole, np.float64))
        self.like = like

    def _beginning(self, file: File, sample: int) -> str:
        with file.reader() as raw:
            data = raw.read(sample)
            return (data + (raw.readline() if len(data) == sample else b"")).decode(self.encoding)

    def _begins(self, text: str) -> tuple[str, str]:
        """The lines that name the fields, and the rest."""
        lines = text.splitlines(keepends=True)
        return "".join(lines[: self.lines_before]), "".join(lines[self.lines_before :])

    def read(self, text: str) -> Any:
        """Lines as a frame."""
        return pd.read_fwf(io.StringIO(text), colspecs=self.colspecs, header=None, names=self.columns, **self.options)

    def rows(self, data: bytes, is_first: bool, enforce: bool, path: str) -> Any:
        """Lines of a file, of which the first ones may name the fields."""
        text = data.decode(self.encoding)
        if is_first:
            header, text = self._begins(text)
            if enforce and header != self.header:
                raise ValueError(f"read_fwf: {path!r} begins with {header!r}, but the first file with {self.header!r}")
        if not text.strip():
            return self.like.iloc[:0]
        self._check_gaps(text, path)
        return self.read(text)

    def _check_gaps(self, text: str, path: str) -> None:
        """What stands between the fields would be lost."""
        if self.gaps is None:
            return
        for line in text.splitlines():
            if any(line[gap].strip(self.between) for gap in self.gaps):
                raise ValueError(
                    f"read_fwf: a line of {path!r} has text where the beginnings of the files have none between their fields {self.colspecs}: {line!r}; "
                    "give colspecs= or widths="
                )


def _runs(lines: list[str], delimiters: str, comment: str | None) -> list[tuple[int, int]]:
    """From where to where some line has text."""
    filled = np.zeros(max(map(len, lines), default=0) + 2, dtype=bool)
    for line in lines:
        kept = line.partition(comment)[0] if comment else line
        for found in re.finditer(f"[^{re.escape(delimiters)}]+", kept):
            filled[found.start() + 1 : found.end() + 1] = True
    edges = np.flatnonzero(filled[1:] != filled[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _gaps(colspecs: list) -> list[slice]:
    stops = [0, *(stop for _, stop in colspecs)]
    starts = [*(start for start, _ in colspecs), None]
    return [slice(stop, start) for stop, start in zip(stops, starts, strict=True) if stop != start]


class _FieldsReader:
    """Reads a file, or a block of its lines."""

    def __init__(self, fields: _Fields, enforce: bool, column: str | None, paths: Any):
        self.fields, self.enforce, self.column, self.paths = fields, enforce, column, paths

    def __call__(self, file: File, start: int, end: int | None) -> Any:
        if end is None:
            with file.reader() as raw:
                data = raw.read()
        else:
            data = lines_between(file, start, end, b"\n")
            if start and self.fields.lines_before:
                data = self._behind_the_beginning(file, start, end, data)
        rows = self.fields.rows(data, start == 0, self.enforce, file.path)
        for label, dtype in self.fields.like.dtypes.items():
            found = rows[label].dtype
            if found != dtype and not np.can_cast(_plain(found), _plain(dtype), "same_kind"):
                raise ValueError(
                    f"read_fwf: column {label!r} of {file.path!r} has dtype {found}, but {dtype} at the beginning of the first file; give "
                    "dtype=, or assume_missing=True where integers are missing"
                )
        return self.framed(rows.astype(self.fields.like.dtypes.to_dict()), file.path)

    def _behind_the_beginning(self, file: File, start: int, end: int, data: bytes) -> bytes:
        """The block without lines that still name the fields, where blocks are very small."""
        with file.opened() as raw:
            for _ in range(self.fields.lines_before):
                raw.readline()
            begun = raw.tell()
        if start >= begun:
            return data
        before = lines_between(file, 0, start, b"\n")
        return data[max(begun - len(before), 0) :]

    def framed(self, rows: Any, path: str) -> Any:
        """The rows with the column of the path."""
        if self.column is None:
            return rows
        return rows.assign(**{self.column: pd.Series([path] * len(rows), dtype=self.paths, index=rows.index)})


def _plain(dtype: Any) -> Any:
    """A type of NumPy; what is none of its numbers is an object."""
    return dtype if isinstance(dtype, np.dtype) else np.dtype(object)
