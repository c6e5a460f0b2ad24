"""CSV files that pandas reads, block by block: those that are not on this machine, and options that the engine's parser does not have."""

from __future__ import annotations

import io
from typing import Any

from .._files import File, files_to_read, lines_between
from .._lazy import pandas as pd
from .. import _plait
from ..delayed import delayed
from ._delayed import from_delayed
from ._pandas_calls import make_meta

_BLOCK = 64 * 2**20
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32", "utf16", "utf32")  # whose line ends are more than one byte
_QUOTE_NONE = 3


def read_csv(urlpath: Any, *, sep: str, options: dict, blocksize: int | None, mark: str, sample: Any, compression: Any, storage_options: Any,
             path_column: Any, assume_missing: bool) -> Any:  # fmt: skip
    """The files as a lazy frame; types are those of a sample of the first file.

    Raises
    ------
    ValueError
        If no file fits, or the column for the paths is there already. When it is computed: if a block has values of other types
        than the sample, a file has other columns, or a text in quotes goes over the end of a block.
    """
    files = files_to_read("read_csv", urlpath, compression, storage_options)
    options = {"sep": sep} | options
    if mark != "\n":
        options["lineterminator"] = mark
    column = "path" if path_column is True else path_column or None
    blocks = [(file, start, end) for file in files for start, end in _bounds(file, blocksize, options)]
    reader = _Reader(options, mark.encode(), column, [file.path for file in files])
    like = reader.learn(files[0], sample, assume_missing)
    part = delayed(reader, pure=True, name="read-csv")
    return from_delayed([part(*block, like) for block in blocks], meta=make_meta(like), prefix="read-csv", verify_meta=False)


def _bounds(file: File, size: int | None, options: dict) -> list[tuple]:
    """Where the blocks of a file begin and end; a file whose lines cannot be told from its bytes, or are counted, is one."""
    encoding = str(options.get("encoding") or "").lower()
    is_counted = options.get("skipfooter") or not isinstance(options.get("skiprows") or 0, int)
    if size is None or file.compression is not None or encoding.startswith(_WIDE) or is_counted:
        return [(0, None)]
    length = file.size
    starts = _plait.bags.block_starts(length, size)
    return list(zip(starts, [*starts[1:], length], strict=True)) if len(starts) > 1 else [(0, None)]


class _Reader:
    """Reads a block; one that does not begin the file is given the names of its columns."""

    def __init__(self, options: dict, mark: bytes, column: str | None, paths: list):
        self.options, self.mark, self.column = options, mark, column
        self.paths = pd.CategoricalDtype([*dict.fromkeys(paths)])
        quoting, quote = options.get("quoting") or 0, options.get("quotechar", '"')
        self.quote = None if quoting == _QUOTE_NONE or not quote else str(quote).encode()
        self.later: dict = {}  # the options of a block that does not begin its file
        self.types: dict = {}  # of columns that would be read as another type where a block allows it

    def learn(self, file: File, sample: Any, assume_missing: bool) -> Any:
        """The columns and types of the first file."""
        with file.reader() as raw:
            data = raw.read() if sample is False else raw.read(sample)
            if sample is not False and len(data) == sample:
                data += _rest_of_line(raw, self.mark)
        narrowing = ("usecols", "dtype", "parse_dates", "index_col", "converters", "skipfooter")
        every = pd.read_csv(io.BytesIO(data), nrows=0, **{name: value for name, value in self.options.items() if name not in narrowing})
        has_names = self.options.get("names") is not None or self.options.get("header", "infer") is not None
        self.later = self.options | {"header": None, "skiprows": 0} | ({"names": list(every.columns)} if has_names else {})
        found = pd.read_csv(io.BytesIO(data), **{name: value for name, value in self.options.items() if name != "skipfooter"})
        given, free = self.options.get("dtype"), set(self.options.get("converters") or ())
        if given is None or isinstance(given, dict):
            said = set(given or ()) | free
            if assume_missing:
                found = found.astype({label: "float64" for label in found.columns if label not in said and pd.api.types.is_integer_dtype(found[label].dtype)})
            is_open = [label for label in found.columns if label not in said and label not in _dates(self.options)]
            self.types = {label: found[label].dtype for label in is_open if pd.api.types.is_float_dtype(found[label].dtype) or _is_text(found[label].dtype)}
        return self._with_path(found.iloc[:0], file)

    def __call__(self, file: File, start: int, end: int | None, like: Any) -> Any:
        if end is None:
            with file.reader() as raw:
                data = raw.read()
        else:
            data = lines_between(file, start, end, self.mark)
            if self.quote is not None and data.count(self.quote) % 2:
                raise ValueError(f"read_csv: in {file.path} a text in quotes goes over the end of the block at byte {end}; read files whole with blocksize=None")
        options = self.later if start else self.options
        given = options.get("dtype")
        if self.types:
            options = options | {"dtype": (given or {}) | self.types}
        try:
            found = pd.read_csv(io.BytesIO(data), **options)
        except pd.errors.EmptyDataError:
            return like
        except ValueError as error:
            error.add_note(f"while reading {file.path} from byte {start} on; types are those of a sample: say others with dtype=")
            raise
        return self._checked(self._with_path(found, file), like, file)

    def _with_path(self, found: Any, file: File) -> Any:
        if self.column is None:
            return found
        if self.column in found.columns:
            raise ValueError(f"Files already contain the column name: {self.column}, so the path column cannot use this name; give include_path_column another one")
        return found.assign(**{self.column: pd.Categorical.from_codes([self.paths.categories.get_loc(file.path)] * len(found), dtype=self.paths)})

    def _checked(self, found: Any, like: Any, file: File) -> Any:
        if list(found.columns) != list(like.columns):
            raise ValueError(f"read_csv: {file.path} has the columns {list(found.columns)}, but the first file has {list(like.columns)}; read them separately")
        other = {label: like[label].dtype for label in like.columns if found[label].dtype != like[label].dtype}
        wrong = {label: found[label].dtype for label, kind in other.items() if not _goes_into(found[label], kind)}
        if wrong:
            fixes = ", ".join(f"{label!r}: {str(kind)!r}" for label, kind in wrong.items())
            raise ValueError(
                f"read_csv: {file.path} has values of other types than the sample of the first file: "
                + "; ".join(f"column {label!r} is {kind}, expected {like[label].dtype}" for label, kind in wrong.items())
                + f"; say the types with dtype={{{fixes}}}, or make the sample larger with sample="
            )
        return found.astype(other) if other else found


def _rest_of_line(raw: Any, mark: bytes) -> bytes:
    rest = b""
    while more := raw.read(1 << 16):
        rest += more
        end = rest.find(mark)
        if end >= 0:
            return rest[: end + len(mark)]
    return rest


def _goes_into(values: Any, kind: Any) -> bool:
    """Whether values of another type are none, or all missing where the type has missing values."""
    holds_missing = not (pd.api.types.is_integer_dtype(kind) or pd.api.types.is_bool_dtype(kind))
    return not len(values) or bool(holds_missing and values.isna().all())


def _is_text(dtype: Any) -> bool:
    return isinstance(dtype, pd.StringDtype)


def _dates(options: dict) -> list:
    given = options.get("parse_dates")
    return list(given) if isinstance(given, (list, tuple)) else []
