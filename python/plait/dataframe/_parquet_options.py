"""Options that reading and writing Parquet files have in common."""

from __future__ import annotations

from typing import Any


def check_options(function: str, kwargs: dict, storage_options: Any, engine: Any, filesystem: Any) -> None:
    if kwargs:
        raise TypeError(f"{function}: the option {next(iter(kwargs))!r} is not there yet")
    if storage_options:
        raise ValueError(f"{function}: storage_options= is for remote files, and these are of this machine")
    if engine not in (None, "auto", "pyarrow"):
        raise ValueError(f"{function}: engine must be 'pyarrow', found {engine!r}")
    if filesystem not in (None, "fsspec", "arrow", "pyarrow"):
        raise NotImplementedError(f"{function}: filesystem= is not there yet; files are those of this machine")
