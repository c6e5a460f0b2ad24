"""Files by name: which there are, and how they are opened, compressed or not, here or by way of fsspec."""

from __future__ import annotations

import glob
import io
import os
import tempfile
import uuid
from collections.abc import Iterable
from typing import Any

from . import config
from ._lazy import pyarrow as pa

_BY_SUFFIX = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}
_COMPRESSIONS = (*_BY_SUFFIX.values(), None)


class File:
    """A file as a partition holds it: its path, and what else opening it takes."""

    def __init__(self, path: str, compression: str | None, options: dict | None = None):
        self.path, self.compression, self.options = path, compression, options

    @property
    def is_remote(self) -> bool:
        """Whether fsspec opens it."""
        return "://" in self.path

    @property
    def size(self) -> int:
        """Its bytes, as they are stored."""
        if not self.is_remote:
            return os.path.getsize(self.path)
        system, path = remote_file_system("open a file", self.path, self.options)
        return system.size(path)

    def exists(self) -> bool:
        """Whether it is there."""
        if not self.is_remote:
            return os.path.exists(self.path)
        system, path = remote_file_system("look for a file", self.path, self.options)
        return system.exists(path)

    def opened(self, mode: str = "rb") -> Any:
        """The stored bytes."""
        if not self.is_remote:
            return open(self.path, mode)
        system, path = remote_file_system("open a file", self.path, self.options)
        return system.open(path, mode)

    def reader(self) -> Any:
        """The bytes without their compression."""
        raw = self.opened()
        if self.compression is None:
            return raw
        if self.compression == "zstd":
            with raw:
                return io.BytesIO(pa.CompressedInputStream(raw, "zstd").read())
        if self.compression == "zip":
            import zipfile

            archive = zipfile.ZipFile(raw)
            return archive.open(archive.namelist()[0])
        return _module(self.compression).open(raw, "rb")

    def writer(self, path: str) -> Any:
        """Takes bytes that are stored under ``path``, a local one, compressed as this file is."""
        if self.compression is None:
            return open(path, "wb")
        if self.compression == "zstd":
            return pa.CompressedOutputStream(path, "zstd")
        if self.compression == "zip":
            raise ValueError(f"{self.path}: zip archives are read, not written")
        return _module(self.compression).open(path, "wb")


    def staged(self) -> str:
        """A new path of this machine for the bytes, until :meth:`publish` brings them to their place."""
        folder, name = (scratch_folder(), os.path.basename(self.path)) if self.is_remote else os.path.split(self.path)
        return os.path.join(folder, f".{name}.{uuid.uuid4().hex}")

    def publish(self, staged: str) -> None:
        """Give bytes that are stored under another path of this machine their place."""
        if not self.is_remote:
            os.replace(staged, self.path)
            return
        system, path = remote_file_system("write a file", self.path, self.options)
        system.makedirs(os.path.dirname(path), exist_ok=True)
        system.put_file(staged, path)
        os.remove(staged)


def scratch_folder() -> str:
    """Where files lie on their way to other machines: where the engine spills values."""
    return config.get("spill.directory", None) or config.get("temporary-directory", None) or tempfile.gettempdir()


def _module(compression: str) -> Any:
    import bz2
    import gzip
    import lzma

    return {"gzip": gzip, "bz2": bz2, "xz": lzma}[compression]


def remote_file_system(what: str, path: str, options: dict | None) -> tuple:
    """fsspec's file system of a path, and the path on it.

    Raises
    ------
    ImportError
        If the package fsspec is not installed.
    """
    try:
        import fsspec
    except ImportError:
        raise ImportError(f"{what}: {path} is not a local path; files elsewhere need the package fsspec (pip install fsspec)") from None
    return fsspec.core.url_to_fs(path, **(options or {}))


def compression_of(what: str, path: str, compression: str | None) -> str | None:
    """How a file is compressed: as it is said, or by its suffix."""
    if compression == "infer":
        return _BY_SUFFIX.get(os.path.splitext(path)[1].lower())
    if compression not in _COMPRESSIONS:
        known = ", ".join(repr(each) for each in ("infer", *_COMPRESSIONS))
        raise ValueError(f"{what}: compression is {compression!r}, expected one of {known}")
    return compression


def line_after(raw: Any, place: int, mark: bytes) -> int:
    """Where the next line begins, after the next end of a line; 0 at the beginning of the file."""
    if place == 0:
        return 0
    raw.seek(place)
    seen = b""
    while data := raw.read(1 << 16):
        seen = seen[-len(mark) :] + data
        found = seen.find(mark)
        if found >= 0:
            return raw.tell() - len(seen) + found + len(mark)
    return raw.tell()


def lines_between(file: File, start: int, end: int, mark: bytes) -> bytes:
    """What begins in a block of a file, whole lines."""
    with file.opened() as raw:
        first, last = line_after(raw, start, mark), line_after(raw, end, mark)
        raw.seek(first)
        return raw.read(last - first)


def is_remote(urlpath: Any) -> bool:
    """Whether a path, or one of a list of them, is not one of this machine."""
    paths = [urlpath] if isinstance(urlpath, str | os.PathLike) else urlpath if isinstance(urlpath, list | tuple | set) else []
    return any("://" in _local(path) for path in paths if isinstance(path, str | os.PathLike))


def _local(path: Any) -> str:
    text = os.fspath(path)
    text = text[len("file://") :] if text.startswith("file://") else text
    return text if "://" in text else os.path.abspath(os.path.expanduser(text))


def files_to_read(what: str, urlpath: Any, compression: str | None, options: dict | None) -> list[File]:
    """The files that a path, a pattern or a list of them names, in the order of their names.

    Raises
    ------
    ValueError
        If a pattern fits no file; for options of files of this machine.
    """
    found: list[str] = []
    for path in [urlpath] if isinstance(urlpath, str | os.PathLike) else urlpath:
        path = _local(path)
        if not glob.has_magic(path):
            found.append(path)
        elif "://" in path:
            system, pattern = remote_file_system(what, path, options)
            found += [system.unstrip_protocol(each) for each in sorted(system.glob(pattern))]
        else:
            found += sorted(glob.glob(path, recursive=True))
    if not found:
        raise ValueError(f"{what}: No files found", urlpath)
    refuse_options(what, found, options)
    return [File(path, compression_of(what, path, compression), options) for path in found]


def files_to_write(what: str, path: Any, n: int, compression: str | None, name_function: Any, options: dict | None) -> list[File]:
    """The files of ``n`` partitions: a list of paths, a pattern whose ``*`` is replaced, or a folder.

    Raises
    ------
    ValueError
        If there are not as many paths as partitions, or two of them are the same; for options of places that are local.
    """
    if isinstance(path, str | os.PathLike):
        name = name_function or (lambda i: str(i).zfill(len(str(n - 1))))
        pattern = os.fspath(path)
        if "*" not in pattern:
            pattern = os.path.join(pattern, "*.part")
        if pattern.count("*") > 1:
            raise ValueError(f"{what}: {pattern!r} has more than one *, which the number of the partition replaces")
        paths = [pattern.replace("*", name(i)) for i in range(n)]
    else:
        paths = [os.fspath(each) for each in path]
    if len(paths) != n:
        raise ValueError(f"{what}: {len(paths)} paths for {n} partitions; repartition({len(paths)}) the bag, or give as many paths")
    paths = [_local(each) for each in paths]
    if len(set(paths)) < n:
        raise ValueError(f"{what}: some partitions have the same file, such as {_twice(paths)}")
    refuse_options(what, paths, options)
    return [File(each, compression_of(what, each, compression), options) for each in paths]


def refuse_options(what: str, paths: list[str], options: dict | None) -> None:
    """Raises where ``storage_options=`` says something of files that fsspec does not open."""
    if options and not any("://" in path for path in paths):
        raise ValueError(f"{what}: storage_options= is for remote files, such as 's3://...'; found {options!r} for a path of this machine")


def _twice(paths: Iterable[str]) -> str:
    seen: set = set()
    return next(path for path in paths if path in seen or seen.add(path))  # type: ignore[func-returns-value]
