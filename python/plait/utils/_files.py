"""Files and folders for a while, as tests use them."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any


def import_required(mod_name: str, error_msg: str) -> Any:
    """A module; a RuntimeError with that message, where it is not installed."""
    try:
        return importlib.import_module(mod_name)
    except ImportError as error:
        raise RuntimeError(error_msg) from error


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


@contextlib.contextmanager
def tmpfile(extension: str = "", dir: str | None = None) -> Iterator[str]:
    """The path of a file that is not there yet; what stands there at the end is removed."""
    suffix = extension.lstrip(".")
    folder = tempfile.mkdtemp(dir=dir)
    path = os.path.join(folder, "file" + (f".{suffix}" if suffix else ""))
    try:
        yield path
    finally:
        _remove(folder)


@contextlib.contextmanager
def tmpdir(dir: str | None = None) -> Iterator[str]:
    """The path of a new folder, which is removed at the end."""
    folder = tempfile.mkdtemp(dir=dir)
    try:
        yield folder
    finally:
        _remove(folder)


@contextlib.contextmanager
def changed_cwd(new_cwd: str | os.PathLike) -> Iterator[None]:
    """Another working directory until the end."""
    before = os.getcwd()
    os.chdir(new_cwd)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def tmp_cwd(dir: str | None = None) -> Iterator[str]:
    """A new folder as the working directory, which is removed at the end."""
    with tmpdir(dir) as folder, changed_cwd(folder):
        yield folder


def _write(path: str, text: Any, open: Callable, mode: str) -> None:
    file = open(path, mode)
    try:
        file.write(text)
    finally:
        file.close()


@contextlib.contextmanager
def filetext(text: Any, extension: str = "", open: Callable = builtins.open, mode: str = "w") -> Iterator[str]:
    """The path of a new file that holds ``text``, which is removed at the end."""
    with tmpfile(extension) as path:
        _write(path, text, open, mode)
        yield path


@contextlib.contextmanager
def filetexts(d: dict[str, Any], open: Callable = builtins.open, mode: str = "t", use_tmpdir: bool = True) -> Iterator[list[str]]:
    """New files with the names and texts of a dict, in a new working directory (or in this one); removed at the end."""
    with tmp_cwd() if use_tmpdir else contextlib.nullcontext():
        for name, text in d.items():
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            _write(name, text, open, f"w{mode}")
        try:
            yield list(d)
        finally:
            for name in d:
                _remove(name)


def ensure_not_exists(filename: str) -> None:
    """Remove a file, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(filename)
