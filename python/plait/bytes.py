"""The bytes of files, in blocks, as delayed values."""

from __future__ import annotations

import os
from typing import Any

from . import _plait
from ._files import File, files_to_read, lines_between
from ._lazy import LazyModule
from .delayed import delayed
from .utils import parse_bytes

__all__ = ["open_files", "read_bytes"]

_fsspec: Any = LazyModule("fsspec.core")


def read_bytes(
    urlpath: Any,
    delimiter: bytes | None = None,
    not_zero: bool = False,
    blocksize: Any = "128 MiB",
    sample: Any = "10 kiB",
    compression: str | None = None,
    include_path: bool = False,
    **kwargs: Any,
) -> tuple:
    """The bytes of files in blocks.

    Parameters
    ----------
    urlpath : str, path, or list of them
        Patterns stand for all files that fit, in the order of their names.
    delimiter : bytes, optional
        What a block ends with, such as ``b"\\\\n"``: it is as long as it takes.
    not_zero : bool
        Whether the first byte of every file is left out; with a delimiter, all up to the first one.
    blocksize : int, str or None
        About how many bytes a block has; None is a file a block. Compressed files cannot be cut.
    sample : int, str or False
        How many bytes of the first file are read now, up to the next delimiter.
    compression : str, optional
        "gzip", "bz2", "xz", "zstd", "zip", "infer" or None.
    include_path : bool
        Whether to give the paths, too.
    **kwargs : object
        For files that are not local, which fsspec reads.

    Returns
    -------
    sample : bytes
    blocks : list of list of Delayed
        Of each file.
    paths : list of str
        If asked for.

    Raises
    ------
    OSError
        If no file fits.
    ValueError
        If a compressed file were to be cut, or for an unknown compression.
    TypeError
        If ``delimiter`` is no bytes; for a set of paths, which has no order.
    """
    if delimiter is not None and not isinstance(delimiter, (bytes, bytearray)):
        raise TypeError(f"read_bytes: delimiter is {delimiter!r}, expected bytes")
    if not isinstance(urlpath, (str, os.PathLike, list, tuple)):
        raise TypeError(f"read_bytes takes a path or a list of paths, whose order is that of the blocks; found {type(urlpath).__name__}")
    try:
        files = files_to_read("read_bytes", urlpath, compression, kwargs or None)
    except ValueError as error:
        if "No files" not in str(error):
            raise
        raise OSError(f"{urlpath} resolved to no files") from error
    size = parse_bytes(blocksize) if isinstance(blocksize, str) else blocksize
    if isinstance(size, float) and size.is_integer():
        size = int(size)
    if size is not None and (not isinstance(size, int) or size < 1):
        raise TypeError(f"read_bytes: blocksize is {blocksize!r}, expected a number of bytes of at least 1, text such as '64MiB', or None")
    read = delayed(_block, pure=True)
    blocks = [[read(file, start, end, delimiter) for start, end in _bounds(file, size, not_zero)] for file in files]
    first = _sample(files[0], sample, delimiter)
    return (first, blocks, [file.path for file in files]) if include_path else (first, blocks)


def _bounds(file: File, size: int | None, not_zero: bool) -> list[tuple]:
    """Where the blocks of a file begin and end; the end of the last one is open."""
    if size is None:
        return [(int(not_zero), None)]
    if file.compression is not None:
        raise ValueError("Cannot do chunked reads on compressed files. To read, set blocksize=None")
    length = file.size
    if not length:
        return []
    starts = _plait.bags.block_starts(length, size)
    return list(zip([starts[0] + int(not_zero), *starts[1:]], [*starts[1:], length], strict=True))


def _block(file: File, start: int, end: int | None, delimiter: bytes | None) -> Any:
    if end is None:
        with file.reader() as whole:
            return whole.read()[start:]
    if delimiter:
        return lines_between(file, start, end, delimiter)
    with file.opened() as raw:
        raw.seek(start)
        return raw.read(end - start)


def _sample(file: File, size: Any, delimiter: bytes | None) -> Any:
    """The beginning of a file, up to a delimiter."""
    if size is False or size is None:
        return size
    count = parse_bytes("10 kiB" if size is True else size) if isinstance(size, (str, bool)) else size
    with file.reader() as raw:
        found = raw.read(count)
        while delimiter and (more := raw.read(count)):
            head, mark, _ = more.partition(delimiter)
            found += head + mark
            if mark:
                break
    return found


def open_files(urlpath: Any, mode: str = "rb", **kwargs: Any) -> Any:
    """Files that open when they are entered, by fsspec: see ``fsspec.open_files``.

    Raises
    ------
    ImportError
        If the package fsspec is not installed.
    """
    return _fsspec.open_files(urlpath, mode=mode, **kwargs)
