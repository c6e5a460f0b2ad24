"""Files of fields of fixed width: read_fwf."""

from __future__ import annotations

import io
import re
from typing import Any

from .._files import File, files_to_read
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._collection import FrameBase
from ._text_blocks import frame_of_blocks, path_column, size_of_blocks, with_floats

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
    size = size_of_blocks("read_fwf", blocksize, files)
    fields = _Fields(files, sample, kwargs, assume_missing, enforce)
    return frame_of_blocks("read_fwf", fields, files, size, path_column("read_fwf", include_path_column, fields.columns))


class _Fields:
    """Where the fields lie, and how they are read."""

    def __init__(self, files: list[File], sample: int, kwargs: dict, assume_missing: bool, enforce: bool):
        self.enforce = enforce
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
        self.like = with_floats(like, self.options.get("dtype")) if assume_missing else like

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

    def rows(self, data: bytes, is_first: bool, is_whole: bool, path: str) -> Any:
        """Lines of a file, of which the first ones may name the fields."""
        text = data.decode(self.encoding)
        if is_first:
            header, text = self._begins(text)
            if self.enforce and header != self.header:
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
