"""Bags of the lines of text files, and text files of bags."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from . import _steps
from ._bag import Bag
from ._collection import ops
from .._files import File, files_to_read, lines_between
from ._native import Lines, form_of_lines, lines_before
from ._sizes import bytes_argument

# What Python's text files know as ends of lines.
_NEWLINES = (None, "", "\n", "\r", "\r\n")


def read_text(
    urlpath: Any,
    blocksize: int | str | None = None,
    compression: str | None = "infer",
    encoding: str = "utf-8",
    errors: str = "strict",
    linedelimiter: str | None = None,
    collection: bool = True,
    storage_options: dict | None = None,
    files_per_partition: int | None = None,
    include_path: bool = False,
) -> Any:
    """The lines of text files. A line keeps its end.

    Parameters
    ----------
    urlpath : str, path, or list of them
        Patterns such as ``"logs/*.json.gz"`` stand for all files that fit, in the order of their names.
    blocksize : int or str, optional
        About how many bytes of a file make a partition, such as "64MB"; by default a file is one. Compressed files cannot be cut.
    compression : str, optional
        "gzip", "bz2", "xz", "zstd", "zip" or None; by default the suffix says it.
    encoding, errors : str
        As for `open`.
    linedelimiter : str, optional
        What ends a line; by default every kind of end of line, which becomes a newline.
    collection : bool
        Whether to give one bag rather than a list of delayed values, lists of lines, one a partition.
    storage_options : dict, optional
        For files that are not local, which fsspec reads.
    files_per_partition : int, optional
        How many files make a partition.
    include_path : bool
        Whether items are pairs of line and path.

    Returns
    -------
    Bag or list of Delayed

    Raises
    ------
    ValueError
        If no file fits a pattern, if both ``blocksize`` and ``files_per_partition`` are given, or for a compressed file with ``blocksize``.
    """
    if blocksize is not None and files_per_partition is not None:
        raise ValueError("read_text: only one of blocksize and files_per_partition may be given")
    if files_per_partition is not None and files_per_partition < 1:
        raise ValueError(f"read_text: files_per_partition must be at least 1, found {files_per_partition}")
    "".encode(encoding, errors)  # an encoding that does not exist is the user's mistake, here
    files = files_to_read("read_text", urlpath, compression, storage_options)
    how = {"encoding": encoding, "errors": errors, "delimiter": linedelimiter, "include_path": bool(include_path)}
    parts: list = []
    step: Callable
    if blocksize is None:
        together = files_per_partition or 1
        parts = [files[start : start + together] for start in range(0, len(files), together)]
        step = partial(lines_of_files, how)
    else:
        parts = [block for file in files for block in _blocks_of(file, bytes_argument("read_text", "blocksize", blocksize))]
        step = partial(lines_of_block, how)
    bag = Bag._of(ops.call([ops.from_partitions(parts, "files")], step, "read_text", False, form=form_of_lines(how, files)))
    if collection:
        return bag
    return Bag._of(ops.call([bag._expr], _whole, "read_text", False)).to_delayed()


def _whole(part: Any) -> Any:
    return _steps.listed(part)


def _blocks_of(file: File, blocksize: int) -> list:
    if file.compression is not None:
        raise ValueError(f"read_text: {file.path} is compressed ({file.compression}) and cannot be read in blocks; leave out blocksize")
    size = file.size
    starts = ops.block_starts(size, blocksize)
    return [(file, start, end) for start, end in zip(starts, [*starts[1:], size], strict=True)]


def lines_of_files(how: dict, files: list[File]) -> Iterator:
    """The lines of files, one after the other."""
    return Lines(_lines_of_all(how, files), partial(_place_in_files, how, files))


def _place_in_files(how: dict, files: list[File], number: int) -> str:
    for file in files:
        count = sum(1 for _ in _lines_of(file, how))
        if number < count:
            return f"line {number + 1} of {file.path}"
        number -= count
    return f"item {number}"


def _lines_of_all(how: dict, files: list[File]) -> Iterator:
    for file in files:
        try:
            lines = _lines_of(file, how)
            if how["include_path"]:
                lines = ((line, file.path) for line in lines)
            yield from lines
        except UnicodeDecodeError as error:
            error.add_note(f"while reading {file.path} as {how['encoding']}; read_text takes encoding= and errors=")
            raise


def _lines_of(file: File, how: dict) -> Iterator:
    delimiter = how["delimiter"]
    with file.reader() as raw:
        if delimiter in _NEWLINES:
            yield from io.TextIOWrapper(raw, encoding=how["encoding"], errors=how["errors"], newline=delimiter)
        else:
            yield from _split(raw.read().decode(how["encoding"], how["errors"]), delimiter)


def lines_of_block(how: dict, block: tuple) -> Iterator:
    """The lines that begin in a block of a file."""
    file, start, _ = block
    lines = _lines_in(how, block)
    return Lines(iter(lines), lambda number: f"line {lines_before(file.path, start) + number + 1} of {file.path}")


def _lines_in(how: dict, block: tuple) -> list:
    file, start, end = block
    delimiter = how["delimiter"]
    mark = delimiter.encode(how["encoding"]) if delimiter else b"\n"
    data = lines_between(file, start, end, mark)
    try:
        if delimiter in _NEWLINES:
            lines = _lines_of_data(data, how)
        else:
            lines = _split(data.decode(how["encoding"], how["errors"]), delimiter)
    except UnicodeDecodeError as error:
        error.add_note(f"while reading {file.path} from byte {start} on as {how['encoding']}; read_text takes encoding= and errors=")
        raise
    if lines and not lines[-1]:
        del lines[-1]  # the next line is that of the next block
    return [(line, file.path) for line in lines] if how["include_path"] else lines


def _lines_of_data(data: bytes, how: dict) -> list:
    # Five times as quick as io.StringIO, which holds four bytes a character.
    try:
        return list(io.TextIOWrapper(io.BytesIO(data), encoding=how["encoding"], errors=how["errors"], newline=how["delimiter"]))
    except UnicodeDecodeError:
        data.decode(how["encoding"], how["errors"])  # whose error knows the place among all bytes
        raise


def _split(text: str, delimiter: str) -> list:
    """Lines with their ends; what follows the last end is a line, if it is anything."""
    parts = text.split(delimiter)
    return [part + delimiter for part in parts[:-1]] + parts[-1:] if text else []


def from_url(urls: str | Iterable[str]) -> Bag:
    """The lines of what is at URLs, as bytes; a partition each.

    Examples
    --------
    >>> db.from_url(["http://example.com/a.txt", "http://example.com/b.txt"]).npartitions
    2
    """
    given = [urls] if isinstance(urls, str) else list(urls)
    return Bag._of(ops.call([ops.from_partitions(given, "urls")], _lines_at, "from_url", False))


def _lines_at(url: str) -> list:
    from urllib.request import urlopen

    with urlopen(url) as answer:
        return list(answer)
