"""Files that are written one a partition, by pandas: they get their names when all are whole."""

from __future__ import annotations

import errno
import os
from typing import Any

from .._lazy import pandas as pd
from .. import _plait
from ..delayed import delayed
from ._collection import FrameBase, build
from ._from_pandas import from_pandas
from ._pandas_calls import on_partitions


class _WritePart:
    """Writes a partition under its staged name."""

    def __init__(self, files: _plait.StagedFiles, write: Any):
        self.staging, self.names = files.staging, files.names
        self.staged_names = [files.staged_name(i) for i in range(len(files.names))]
        self.write = write

    def __call__(self, part: Any, number: Any) -> pd.Series:
        number = int(number.iloc[0])
        name = self.names[number]
        try:
            os.makedirs(self.staging, exist_ok=True)
            self.write(part, self.staged_names[number], number)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise OSError(errno.ENOSPC, f"no room for {name!r}; nothing was kept") from error
            raise
        return pd.Series([name])


def _numbers(frame: FrameBase) -> FrameBase:
    return from_pandas(pd.Series(range(frame.npartitions)), npartitions=frame.npartitions)


def write_parts(frame: FrameBase, files: _plait.StagedFiles, write: Any, label: str, reason: str = "") -> FrameBase:
    meta = pd.Series([], dtype="str")
    written = on_partitions(_WritePart(files, write), frame, _numbers(frame), label=label, meta=meta, keeps_divisions=False, aligns=False, reason=reason)
    return build("published", written, files)


def written_files(written: FrameBase, count: int, compute: bool, settings: dict | None) -> list:
    """The names of files, written now, or as delayed values: as files get their names together, each of these writes all."""
    if compute:
        return _names(written.compute(**(settings or {})))
    names = delayed(_names, pure=True)(written)
    return [names[number] for number in range(count)]


def _names(written: Any) -> list[str]:
    return list(written if written.ndim == 1 else written.iloc[:, 0])


def local_paths(given: Any, function: str) -> list[str]:
    """Paths or patterns as a list of text."""
    if not isinstance(given, (str, os.PathLike, list, tuple, set)):
        raise TypeError(f"{function} takes a path or a list of paths, found {type(given).__name__}")
    paths = [given] if isinstance(given, (str, os.PathLike)) else sorted(given) if isinstance(given, set) else list(given)
    if not paths:
        raise ValueError(f"{function}: the list of paths is empty; expected at least one file or pattern")
    found: list[str] = [os.path.expanduser(os.fspath(path)).removeprefix("file://") for path in paths]
    for path in found:
        protocol, separator, _ = path.partition("://")
        if separator and protocol.isalnum():
            raise NotImplementedError(f"{function}: files of this machine only; found {path!r}")
    return found
