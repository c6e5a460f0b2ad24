"""Files that are written to other machines: into a folder of this one, and from there by fsspec when all are whole."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from typing import Any

from .._files import File, is_remote, refuse_options, remote_file_system, scratch_folder
from ..delayed import delayed


def elsewhere(function: str, path: Any, options: dict | None) -> Elsewhere | None:
    """The place that a path names, if it is not one of this machine.

    Raises
    ------
    ValueError
        For ``storage_options=`` of a path of this machine; for a kind of place that fsspec does not know.
    """
    if isinstance(path, (str, os.PathLike)) and is_remote(path):
        return Elsewhere(function, os.fspath(path), options)
    refuse_options(function, [os.fspath(each) for each in ([path] if isinstance(path, (str, os.PathLike)) else path)], options)
    return None


class Elsewhere:
    """A path of another machine, and the one of this machine that is written instead: ``local``."""

    def __init__(self, function: str, path: str, options: dict | None):
        self.function, self.path, self.options = function, path.rstrip("/"), options
        remote_file_system(function, path, options)  # fails now, not when all has been made
        self.folder = os.path.join(scratch_folder(), f"plait-{uuid.uuid4().hex}")
        self.local = os.path.join(self.folder, self.path.rpartition("/")[2])

    def file(self, name: str) -> File:
        """Where a file belongs that is written under ``name``."""
        return File(self.path.rpartition("/")[0] + name[len(self.folder) :], None, self.options)

    def written(self, write: Callable, compute: bool) -> list:
        """Write files, and give their names.

        Parameters
        ----------
        write : callable
            Of a local path and ``compute``; gives the names of the files, or delayed ones.
        compute : bool
            Whether to write now; else delayed names are given, each of which writes all files.
        """
        if not compute:
            names = write(self.local, compute=False)
            sent = delayed(self.send, pure=False)(names)
            return [sent[number] for number in range(len(names))]
        try:
            return self.send(write(self.local, compute=True))
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def written_folder(self, write: Callable, compute: bool, overwrite: bool) -> Any:
        """Write a folder of Parquet files; the same parameters, of a function that gives None.

        Parameters
        ----------
        overwrite : bool
            Whether files of other names go; else they are an error.
        """
        if not compute:
            return delayed(self.send_folder, pure=False)(write(self.local, compute=False), overwrite)
        try:
            return self.send_folder(write(self.local, compute=True), overwrite)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, names: list[str]) -> list[str]:
        """Bring files that have been written to where they belong."""
        files = [self.file(name) for name in names]
        for name, file in zip(names, files, strict=True):
            file.publish(name)
        shutil.rmtree(self.folder, ignore_errors=True)
        return [file.path for file in files]

    def send_folder(self, _: None, overwrite: bool) -> None:
        """Bring all files of the folder to where they belong.

        Raises
        ------
        ValueError
            If Parquet files of other names are there.
        """
        names = [os.path.join(folder, name) for folder, _, found in os.walk(self.local) for name in found]
        system, root = remote_file_system(self.function, self.path, self.options)
        written = {system._strip_protocol(self.file(name).path) for name in names}
        there = system.find(root) if system.exists(root) else []
        others = [each for each in there if each not in written and _is_of_a_dataset(each)]
        if not overwrite and (data := [each for each in others if each.endswith(".parquet")]):
            raise ValueError(f"{self.function}: {self.path} holds other Parquet files, such as {data[0]}; overwrite=True removes them")
        self.send(names)
        for each in others:
            system.rm_file(each)


def _is_of_a_dataset(path: str) -> bool:
    return path.endswith(".parquet") or path.rpartition("/")[2] in ("_metadata", "_common_metadata")


__all__ = ["Elsewhere", "elsewhere"]
