"""Files of JSON: read_json and to_json."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from .. import _plait
from .._files import File, compression_of, files_to_read, lines_between
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from .._lazy import utils
from ._collection import FrameBase
from ._delayed import from_delayed
from ._elsewhere import elsewhere
from ._options import refuse_unknown
from ._parts import local_paths, write_parts, written_files
from ._pandas_calls import make_meta


def _is_lines(function: str, orient: str, lines: bool | None) -> bool:
    if lines is None:
        return orient == "records"
    if lines and orient != "records":
        raise ValueError(f'{function}: Line-delimited JSON is only available with orient="records".')
    return bool(lines)


# Bytes of the files behind the first one that are looked at for the types of numbers.
_SAMPLE_OF_OTHERS = 1 << 16


def read_json(
    url_path: Any,
    orient: str = "records",
    lines: bool | None = None,
    storage_options: dict | None = None,
    blocksize: Any = None,
    sample: int = 2**20,
    encoding: str = "utf-8",
    errors: str = "strict",
    compression: str | None = "infer",
    meta: Any = None,
    engine: Any = None,
    include_path_column: Any = False,
    path_converter: Callable | None = None,
    **kwargs: Any,
) -> FrameBase:
    """Files of JSON as a lazy frame, a partition for each file or block of lines.

    Parameters
    ----------
    url_path : str, path, or list of them
        Patterns stand for all files that fit, in the order of their names.
    orient : str
        How values are arranged, as in ``pandas.read_json``.
    lines : bool, optional
        Whether every line is a record; the default for ``orient="records"``.
    storage_options : dict, optional
        For files that are not local, which fsspec reads.
    blocksize : int or str, optional
        About how many bytes of lines make a partition; by default a file is one.
    sample : int
        How many bytes of the first file tell the columns and their types.
    encoding, errors : str
        As for `open`.
    compression : str, optional
        "gzip", "bz2", "xz", "zstd", "zip" or None; by default the suffix says it.
    meta : optional
        The columns and their types.
    engine : callable or str, optional
        What reads in place of ``pandas.read_json``, or its ``engine``.
    include_path_column : bool or str
        Whether to add a column of the paths, named "path" or as is said here.
    path_converter : callable, optional
        What that column says of a path.
    **kwargs : object
        For ``pandas.read_json``.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If no file fits, blocks are asked of what has no lines, or a column of the name for the paths is there. When it is
        computed: if a part has values that are not of the types that the first one has.

    Examples
    --------
    >>> df.to_json("/tmp/numbers-of-an-example")  # doctest: +SKIP
    >>> dd.read_json("/tmp/numbers-of-an-example/*.part").x.sum().compute()  # doctest: +SKIP
    10
    """
    has_lines = _is_lines("read_json", orient, lines)
    if blocksize and not has_lines:
        raise ValueError("JSON file chunking only allowed for JSON-lines input (orient='records', lines=True).")
    files = files_to_read("read_json", url_path, compression, storage_options)
    column = "path" if include_path_column is True else include_path_column or None
    convert = path_converter or str
    paths = pd.CategoricalDtype([*dict.fromkeys(convert(file.path) for file in files)])
    read = pd.read_json if engine is None or isinstance(engine, str) else engine
    options = kwargs | {"orient": orient, "lines": has_lines} | ({"engine": engine} if isinstance(engine, str) else {})
    reader = _JsonReader(partial(_read, read, options), encoding, errors, column, paths)
    if meta is None:
        meta = reader.sampled(files[0], sample if has_lines else None, convert(files[0].path))
        if has_lines:
            meta = _with_wider_numbers(meta, [reader.sampled(file, _SAMPLE_OF_OTHERS, convert(file.path)) for file in files[1:]])
    part = delayed(reader, pure=True, name="read-json")
    size = utils.parse_bytes(blocksize) if isinstance(blocksize, str) else blocksize
    like = make_meta(meta)
    blocks = [(file, start, end) for file in files for start, end in _bounds(file, size)]
    return from_delayed([part(file, start, end, convert(file.path), like) for file, start, end in blocks], meta=like, prefix="read-json", verify_meta=False)


def _with_wider_numbers(first: Any, others: list) -> Any:
    """The rows of the first file, with the numbers of types that hold those of the others, too."""
    if not isinstance(first, pd.DataFrame):
        return first
    wider = {}
    for label, dtype in first.dtypes.items():
        types = [dtype, *(other.dtypes[label] for other in others if label in other)]
        if all(isinstance(each, np.dtype) and each.kind in "iuf" for each in types):
            wider[label] = np.result_type(*types)
    return first.astype(wider)


def _read(read: Callable, options: dict, text: Any) -> Any:
    return read(text, **options)


def _bounds(file: File, size: int | None) -> list[tuple]:
    if not size:
        return [(0, None)]
    if file.compression is not None:
        raise ValueError(f"read_json: {file.path} is compressed ({file.compression}) and cannot be read in blocks; leave out blocksize")
    length = file.size
    starts = _plait.bags.block_starts(length, size)
    return list(zip(starts, [*starts[1:], length], strict=True))


class _JsonReader:
    """Reads a file, or a block of its lines."""

    def __init__(self, read: Callable, encoding: str, errors: str, column: str | None, paths: Any):
        self.read, self.encoding, self.errors, self.column, self.paths = read, encoding, errors, column, paths

    def __call__(self, file: File, start: int, end: int | None, path: str, like: Any) -> Any:
        if end is None:
            with file.reader() as raw:
                data = raw.read()
        else:
            data = lines_between(file, start, end, b"\n")
        try:
            found = self._framed(data, path)
        except ValueError as error:
            error.add_note(f"while reading {file.path}{'' if end is None else f' from byte {start} on'}")
            raise
        return like if not len(found) and not set(found.columns) else found

    def sampled(self, file: File, size: int | None, path: str) -> Any:
        """What the beginning of a file looks like."""
        with file.reader() as raw:
            data = raw.read() if size is None else raw.read(size)
            if size is not None and len(data) == size:
                data += raw.readline()
        try:
            return self._framed(data, path)
        except ValueError as error:
            error.add_note(f"while reading the beginning of {file.path}")
            raise

    def _framed(self, data: bytes, path: str) -> Any:
        found = self.read(io.StringIO(data.decode(self.encoding, self.errors)))
        if self.column is None:
            return found
        if self.column in found.columns:
            raise ValueError(f"Files already contain the column name: read_json: the files have a column {self.column!r}; give include_path_column another name")
        return found.assign(**{self.column: pd.Series([path] * len(found), dtype=self.paths, index=found.index)})


def to_json(
    df: Any,
    url_path: Any,
    orient: str = "records",
    lines: bool | None = None,
    storage_options: dict | None = None,
    compute: bool = True,
    encoding: str = "utf-8",
    errors: str = "strict",
    compression: str | None = None,
    compute_kwargs: dict | None = None,
    name_function: Callable | None = None,
    **kwargs: Any,
) -> list:
    """Write a file of JSON for each partition. They get their names when all of them are whole.

    Parameters
    ----------
    df : DataFrame or Series
        The rows.
    url_path : str
        A pattern whose ``*`` the number of the partition replaces, or a folder of ``.part`` files.
    orient, lines : optional
        As for :func:`read_json`.
    storage_options : dict, optional
        For places that are not of this machine: what fsspec takes. Files go there when all are whole.
    compute : bool
        Whether to write now; else the paths are given as delayed values, each of which writes all files.
    encoding, errors : str
        As for `open`.
    compression : str, optional
        "gzip", "bz2", "xz", "zstd" or "infer".
    compute_kwargs : dict, optional
        For ``compute``.
    name_function : callable, optional
        What replaces the ``*``, of the number of the partition.
    **kwargs : object
        For ``pandas.DataFrame.to_json``.

    Returns
    -------
    list
        The paths.

    Raises
    ------
    ValueError
        If lines are asked of another ``orient``, or partitions would have the same file.
    """
    if not isinstance(df, FrameBase):
        raise TypeError(f"to_json: expected a lazy frame or series, found {type(df).__name__}")
    has_lines = _is_lines("to_json", orient, lines)
    refuse_unknown("to_json", {name: None for name in kwargs if name in ("path_or_buf", "mode")})
    if place := elsewhere("to_json", url_path, storage_options):
        same: dict[str, Any] = {"encoding": encoding, "errors": errors, "compression": compression, "compute_kwargs": compute_kwargs, "name_function": name_function}
        return place.written(partial(to_json, df, orient=orient, lines=lines, **same, **kwargs), compute)
    (path,) = local_paths(url_path, "to_json")
    files = _plait.csv_files(path, df.npartitions, False, name_function)
    stored = [File(name, compression_of("to_json", name, compression)) for name in files.names]
    written = write_parts(df, files, _JsonWriter(stored, {"orient": orient, "lines": has_lines, **kwargs}, encoding, errors), "to_json")
    return written_files(written, df.npartitions, compute, compute_kwargs)


class _JsonWriter:
    """Writes a partition."""

    def __init__(self, files: list[File], options: dict, encoding: str, errors: str):
        self.files, self.options, self.encoding, self.errors = files, options, encoding, errors

    def __call__(self, part: Any, path: str, number: int) -> None:
        text = part.to_json(**self.options)
        with self.files[number].writer(path) as raw:
            raw.write(text.encode(self.encoding, self.errors))
