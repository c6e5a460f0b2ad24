"""Files of bags: every partition is written under another name first, so that either all files are there or none is new."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ._collection import ops
from .._files import File, files_to_write
from ..delayed import delayed


def write_partitions(bag: Any, files: list[File], write: Callable, label: str, compute: bool, kwargs: dict) -> list:
    """Have ``write(staged path, file, partition)`` write every partition, and then give all files their names.

    Returns
    -------
    list
        The paths; without ``compute`` delayed values, each of which writes one file.
    """
    staged = [file.staged() for file in files]
    for folder in {os.path.dirname(path) for path in staged}:
        os.makedirs(folder, exist_ok=True)
    places = ops.from_partitions(list(zip(staged, files, strict=True)), "files")
    if not compute:
        written = bag._other(ops.call([bag._expr, places], partial(_write_alone, write), label, False))
        path_of = delayed(_only, pure=True)
        return [path_of(part) for part in written.to_delayed()]
    written = bag._other(ops.call([bag._expr, places], partial(_write_staged, write), label, False))
    try:
        written.compute(**kwargs)
        for path, file in zip(staged, files, strict=True):
            file.publish(path)
    except BaseException:
        for path in staged:
            _remove(path)
        raise
    return [file.path for file in files]


def _remove(path: str) -> None:
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


def _write_staged(write: Callable, part: Iterable, place: tuple) -> list:
    write(*place, part)
    return []


def _write_alone(write: Callable, part: Iterable, place: tuple) -> list:
    staged, file = place
    try:
        write(staged, file, part)
        file.publish(staged)
    except BaseException:
        _remove(staged)
        raise
    return [file.path]


def _only(part: list) -> Any:
    return part[0]


def write_lines(encoding: str | None, last_endline: bool, staged: str, file: File, part: Iterable) -> None:
    """Writes items as lines."""
    with file.writer(staged) as raw:
        begun = False
        for item in part:
            line = item if isinstance(item, bytes) else item.encode(encoding or "utf-8")
            raw.write(b"\n" + line if begun else line)
            begun = True
        if last_endline:
            raw.write(b"\n")


def to_textfiles(
    b: Any,
    path: Any,
    name_function: Callable[[int], str] | None = None,
    compression: str | None = "infer",
    encoding: str | None = "utf-8",
    compute: bool = True,
    storage_options: dict | None = None,
    last_endline: bool = False,
    **kwargs: Any,
) -> list:
    """Write every partition to a text file, an item a line. If that fails, no file is there that was not there before.

    Parameters
    ----------
    b : Bag
        Of texts.
    path : str or list of str
        A pattern whose ``*`` the number of the partition replaces, a folder, or a path for each partition.
    name_function : callable, optional
        What replaces the ``*``, of the number of the partition.
    compression : str, optional
        "gzip", "bz2", "xz", "zstd" or None; by default the suffix says it.
    encoding : str, optional
    compute : bool
        Whether to write now; else delayed values are given, each of which writes one file.
    storage_options : dict, optional
        For places that are not of this machine (``"s3://..."``): what fsspec takes. Files go there when all are whole.
    last_endline : bool
        Whether the last line ends as the others do.
    **kwargs : object
        For ``compute``.

    Returns
    -------
    list
        The paths.

    Raises
    ------
    ValueError
        If there are not as many paths as partitions; for options of places that are local.
    """
    files = files_to_write("to_textfiles", path, b.npartitions, compression, name_function, storage_options)
    return write_partitions(b, files, partial(write_lines, encoding, bool(last_endline)), "to_textfiles", compute, kwargs)
