"""CSV files that pandas reads, block by block: files elsewhere, and options that the engine's own reader does not have."""

from __future__ import annotations

import codecs
import csv
import inspect
import io
from typing import Any

from .._files import File, files_to_read
from .._lazy import pandas as pd
from ._text_blocks import frame_of_blocks, path_column, size_of_blocks, with_floats

# What says how a file begins: blocks behind the beginning are read without.
_OF_THE_BEGINNING = ("header", "names", "skiprows")
# What has nothing to do with the names of columns.
_OF_VALUES = ("usecols", "dtype", "converters", "parse_dates", "index_col", "skipfooter", "date_format", "dayfirst", "cache_dates")


def is_option_of_pandas(name: str) -> bool:
    """Whether pandas.read_csv has an option of this name."""
    return name in inspect.signature(pd.read_csv).parameters


def read_csv_by_pandas(
    urlpath: Any,
    blocksize: Any,
    lineterminator: str | None,
    compression: Any,
    sample: Any,
    assume_missing: bool,
    storage_options: Any,
    include_path_column: Any,
    kwargs: dict,
) -> Any:
    """See :func:`plait.dataframe.read_csv`. Columns and their types are those at the beginning of the first file."""
    if lineterminator not in (None, "", "\n", "\r\n"):
        raise NotImplementedError(f"read_csv: lineterminator={lineterminator!r} is not there beside options of pandas; expected a newline")
    if isinstance(kwargs.get("header"), list):
        raise TypeError("List of header rows is not supported for dd.read_csv")
    files = files_to_read("read_csv", urlpath, compression, storage_options)
    needs_whole = not _is_like_ascii(kwargs.get("encoding")) or kwargs.get("skipfooter") or callable(kwargs.get("skiprows"))
    size = None if needs_whole else size_of_blocks("read_csv", blocksize, files)
    name_of_path = None
    if include_path_column:
        label = "path" if include_path_column is True else include_path_column
        converters = dict(kwargs.get("converters") or {})
        name_of_path = converters.pop(label, None)
        kwargs = {**kwargs, "converters": converters or None}
    lines = _Rows(files, 256000 if sample is False else sample, kwargs, assume_missing)
    return frame_of_blocks("read_csv", lines, files, size, path_column("read_csv", include_path_column, lines.columns), name_of_path)


def _is_like_ascii(encoding: str | None) -> bool:
    """Whether lines end with the byte that ASCII has for that."""
    try:
        return "a\n".encode(codecs.lookup(encoding or "utf-8").name).endswith(b"a\n")
    except LookupError:
        raise LookupError(f"read_csv: unknown encoding {encoding!r}") from None


class _Rows:
    """What the columns are, and how lines become rows."""

    def __init__(self, files: list[File], sample: int, kwargs: dict, assume_missing: bool):
        self.encoding = kwargs.get("encoding") or "utf-8"
        self.options = {name: value for name, value in kwargs.items() if name != "encoding"}
        text, is_whole = self._beginning(files[0], int(sample))
        self.lines_before = _lines_before(text, self.options)
        naming = {name: value for name, value in self.options.items() if name not in _OF_VALUES}
        self.columns = list(pd.read_csv(io.StringIO(text), nrows=0, **naming).columns)
        self.options_behind = {name: value for name, value in self.options.items() if name not in _OF_THE_BEGINNING}
        beginning = {name: value for name, value in self.options.items() if is_whole or name != "skipfooter"}
        like = pd.read_csv(io.StringIO(text), **beginning)
        like = with_floats(like, self.options.get("dtype")) if assume_missing else like
        self.like = like.iloc[:10].astype({label: dtype for label, dtype in self._found_by_blocks(like).items()})
        self.types = self._types_of_blocks(like)
        quote = kwargs.get("quotechar", '"')
        self.quote = None if kwargs.get("quoting") == csv.QUOTE_NONE else quote

    def _beginning(self, file: File, sample: int) -> tuple[str, bool]:
        """The first lines, and whether they are all."""
        with file.reader() as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            lines = text.read(sample) + text.readline()
            return lines, not text.read(1)

    def _found_by_blocks(self, like: Any) -> dict:
        """Categories that are not given: none are known."""
        given = self.options.get("dtype")
        is_given = {label: isinstance(given.get(label), pd.CategoricalDtype) if isinstance(given, dict) else False for label in like.columns}
        unknown = pd.CategoricalDtype([])
        return {label: unknown for label, dtype in like.dtypes.items() if isinstance(dtype, pd.CategoricalDtype) and not is_given[label]}

    def _types_of_blocks(self, like: Any) -> Any:
        """Types to read with: a block may have no text that is not a number, such as "007", and no fraction."""
        given = self.options.get("dtype")
        if given is not None and not isinstance(given, dict):
            return given
        dates = self.options.get("parse_dates")
        said = {*(given or {}), *(self.options.get("converters") or {}), *(dates if isinstance(dates, (list, tuple)) else ())}
        open_ones = {label: dtype for label, dtype in like.dtypes.items() if label not in said and self.columns.count(label) == 1}
        return {**(given or {}), **{label: dtype for label, dtype in open_ones.items() if isinstance(dtype, pd.StringDtype) or dtype.kind == "f"}} or None

    def rows(self, data: bytes, is_first: bool, is_whole: bool, path: str) -> Any:
        """Lines of a file, of which the first ones may name the columns."""
        text = data.decode(self.encoding)
        if not is_whole and self.quote and text.count(self.quote) % 2:
            raise ValueError(f"read_csv: in {path!r} a text in quotes goes over the end of a block; read files whole with blocksize=None")
        if not text.strip():
            return self.like.iloc[:0]
        options = self.options if is_first else {"header": None, "names": self.columns, **self.options_behind}
        try:
            rows = pd.read_csv(io.StringIO(text), **{**options, "dtype": self.types})
        except pd.errors.EmptyDataError:  # nothing but lines that are left out
            return self.like.iloc[:0]
        except ValueError as error:
            error.add_note(f"while reading {path!r}; types are those at the beginning of the first file: say others with dtype=")
            if not is_whole and self.quote and self.quote in text:  # both ends of the block may stand inside of texts
                error.add_note("if a text in quotes goes over the end of a block, read files whole with blocksize=None")
            raise
        if list(rows.columns) != list(self.like.columns):
            raise ValueError(
                f"Columns do not match: read_csv: {path!r} has the columns {list(rows.columns)}, but the first file {list(self.like.columns)}; "
                "read them separately, or give names="
            )
        return rows


def _lines_before(text: str, options: dict) -> int:
    """How many lines at the beginning of a file are no rows, or among lines that are left out."""
    header = options.get("header", "infer")
    has_header = header is not None and not (header == "infer" and options.get("names") is not None)
    wanted = (1 if header == "infer" else int(header) + 1) if has_header else 0
    skiprows = options.get("skiprows") or 0
    if callable(skiprows):
        return 0
    left_out = set(range(skiprows)) if isinstance(skiprows, int) else {int(number) for number in skiprows}
    comment = options.get("comment")
    number = 0
    for line in text.splitlines() if wanted else ():
        is_nothing = (not line.strip() and options.get("skip_blank_lines", True)) or bool(comment and line.startswith(comment))
        wanted -= 0 if number in left_out or is_nothing else 1
        number += 1
        if wanted == 0:
            break
    return max(number, max(left_out, default=-1) + 1)


__all__ = ["is_option_of_pandas", "read_csv_by_pandas"]
