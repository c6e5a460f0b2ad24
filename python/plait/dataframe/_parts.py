"""Files that are written one a partition, by pandas: each gets its final name when it is whole."""

from __future__ import annotations

import errno
import os
from typing import Any

from .._lazy import pandas as pd
from ._collection import FrameBase
from ._from_pandas import from_pandas
from ._pandas_calls import on_partitions


class _WritePart:
    """Writes a partition under a temporary name, which becomes the final one when the file is whole."""

    def __init__(self, names: list[str], write: Any):
        self.names = names
        self.write = write

    def __call__(self, part: Any, number: Any) -> pd.Series:
        number = int(number.iloc[0])
        name = self.names[number]
        temporary = f"{name}.{os.getpid()}.tmp"
        try:
            self.write(part, temporary, number)
            os.replace(temporary, name)
        except BaseException as error:
            if os.path.exists(temporary):
                os.unlink(temporary)
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise OSError(errno.ENOSPC, f"no room for {name!r}; nothing was kept") from error
            raise
        return pd.Series([name])


def _numbers(frame: FrameBase) -> FrameBase:
    return from_pandas(pd.Series(range(frame.npartitions)), npartitions=frame.npartitions)


def write_parts(frame: FrameBase, names: list[str], write: Any, label: str, reason: str = "") -> FrameBase:
    meta = pd.Series([], dtype="str")
    for name in names:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    return on_partitions(_WritePart(names, write), frame, _numbers(frame), label=label, meta=meta, keeps_divisions=False, reason=reason)


def check_local(function: str, storage_options: Any, path: Any) -> None:
    """Raises where a path is not one of this machine."""
    if storage_options:
        raise NotImplementedError(f"{function}: storage_options= is for remote files, which are not there yet; expected a path of this machine")
    local_paths(path, function)


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
