"""Plugins: what a program has every worker do when it starts and when it ends."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
import zipfile
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from ...utils import funcname

# The plugins of this worker process by their names.
_here: dict[str, Any] = {}


class WorkerPlugin:
    """What a worker does when it starts and when it ends: a base class to derive from.

    Attributes
    ----------
    name : str
        Under which it is known; a plugin of the same name takes its place.
    """

    def setup(self, worker: Any) -> Any:
        """Called once in each worker process, with what `get_worker` returns there."""

    def teardown(self, worker: Any) -> Any:
        """Called when the plugin is taken off."""


class NannyPlugin(WorkerPlugin):
    """A plugin for what has to be there before a worker starts. Here it is set up in the worker, which starts at once.

    Attributes
    ----------
    restart : bool
        Whether workers start again after it.
    """

    restart = False


class SchedulerPlugin:
    """What runs beside the scheduler. The scheduler itself runs no Python: the plugin lives in the process that registers it.

    Only `start`, `before_close` and `close` are called.
    """

    def start(self, scheduler: Any) -> Any:
        """Called when it is registered."""

    def before_close(self) -> Any:
        """Called before the cluster closes."""

    def close(self) -> Any:
        """Called when the cluster has closed."""


class Environ(NannyPlugin):
    """Sets environment variables in the workers.

    Parameters
    ----------
    environ : dict
        Their values; None removes one.
    """

    name = "environ"

    def __init__(self, environ: dict[str, str | None] | None = None):
        self.environ = {name: None if value is None else str(value) for name, value in (environ or {}).items()}

    def setup(self, worker: Any) -> None:
        """Set the variables."""
        for name, value in self.environ.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class UploadFile(WorkerPlugin):
    """Puts a file into the folder of each worker; one with Python code can be imported there.

    Parameters
    ----------
    filepath : str
        The file: ``.py``, ``.egg``, ``.zip`` or any other.
    load : bool
        Whether a module that is there already is loaded again.
    """

    def __init__(self, filepath: str, load: bool = True):
        self.name = f"upload-{os.path.basename(filepath)}"
        self.filename = os.path.basename(filepath)
        self.load = load
        with open(filepath, "rb") as file:
            self.data = file.read()

    def setup(self, worker: Any) -> None:
        """Write the file."""
        folder = worker.local_directory
        os.makedirs(folder, exist_ok=True)
        staged = os.path.join(folder, f".{self.filename}.{uuid.uuid4().hex}")
        with open(staged, "wb") as file:
            file.write(self.data)
        path = os.path.join(folder, self.filename)
        os.replace(staged, path)
        module, suffix = os.path.splitext(self.filename)
        if suffix in (".py", ".zip", ".egg", ".pyz"):
            entry = folder if suffix == ".py" else path
            if entry not in sys.path:
                sys.path.insert(0, entry)
            if self.load and suffix == ".py":
                sys.modules.pop(module, None)


class UploadDirectory(NannyPlugin):
    """Puts a folder into the folder of each worker, whose modules tasks can import from there as a package.

    Parameters
    ----------
    path : str
        The folder.
    restart_workers : bool
        Whether workers start again after it, so that they import the new modules. ``restart`` is its old name.
    update_path : bool
        Whether the modules in it can be imported by themselves, too.
    skip_words : tuple of str
        Parts of paths to leave out.
    skip : tuple of callable
        Functions of a path that say whether to leave it out.
    mode : {"workers", "all", "scheduler"}
        Where to: ``"all"`` is also where the process that registers it finds it, which stands for the scheduler's.
    """

    def __init__(
        self,
        path: str,
        restart_workers: bool = False,
        update_path: bool = False,
        skip_words: tuple[str, ...] = (".git", ".github", ".pytest_cache", "tests", "docs"),
        skip: tuple[Callable[[str], bool], ...] = (lambda path: os.path.splitext(path)[1] == ".pyc",),
        mode: str = "workers",
        *,
        restart: bool = False,
    ):
        if mode not in ("workers", "all", "scheduler"):
            raise ValueError(f"UploadDirectory: mode is {mode!r}, expected 'workers', 'all' or 'scheduler'")
        self.mode = mode
        self.restart = restart_workers or restart
        path = os.path.abspath(os.path.expanduser(path))
        self.name = f"upload-directory-{os.path.basename(path)}"
        self.folder = os.path.basename(path)
        self.update_path = update_path
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for root, _, files in os.walk(path):
                for each in files:
                    file = os.path.join(root, each)
                    words = os.path.relpath(file, path).split(os.sep)
                    if not any(word in skip_words for word in words) and not any(is_skipped(file) for is_skipped in skip):
                        archive.write(file, os.path.join(self.folder, *words))
        self.data = packed.getvalue()

    def setup(self, worker: Any) -> None:
        """Write the folder."""
        if self.mode != "scheduler":
            self._write(worker.local_directory)

    def start(self, scheduler: Any) -> None:
        """Write the folder here."""
        if self.mode != "workers":
            folder = tempfile.mkdtemp(prefix="plait-scheduler-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            self._write(folder)

    def _write(self, place: str) -> None:
        with zipfile.ZipFile(BytesIO(self.data)) as archive:
            archive.extractall(place)
        for path in (place, *([os.path.join(place, self.folder)] if self.update_path else [])):
            if path not in sys.path:
                sys.path.insert(0, path)


class SchedulerUploadFile(SchedulerPlugin):
    """Puts a file where the process that registers it, beside the scheduler, can import it.

    Parameters
    ----------
    filepath : str
        The file: ``.py``, ``.egg``, ``.zip`` or any other.
    load : bool
        Whether a module that is there already is loaded again.
    """

    name = "upload_file"

    def __init__(self, filepath: str, load: bool = True):
        self._file = UploadFile(filepath, load)

    def start(self, scheduler: Any) -> None:
        """Write the file."""
        self._folder = tempfile.TemporaryDirectory(prefix="plait-scheduler-")
        self._file.setup(SimpleNamespace(local_directory=self._folder.name))

    def close(self) -> None:
        """Remove it."""
        sys.path[:] = [each for each in sys.path if not each.startswith(self._folder.name)]
        self._folder.cleanup()


class InstallPlugin(WorkerPlugin):
    """Calls a function that installs something. The workers share one environment: the first one installs, the others find it done.

    Parameters
    ----------
    install_fn : callable
        What installs; it is called in each worker process, and so finds what it has done before.
    restart_workers : bool
        Taken as in Dask.
    """

    def __init__(self, install_fn: Callable[[], Any], restart_workers: bool = False):
        self.name = f"{type(self).__name__}-{uuid.uuid4()}"
        self.restart_workers = restart_workers
        self._install_fn = install_fn

    def setup(self, worker: Any) -> None:
        """Install."""
        self._install_fn()


class _Command:
    """A program that installs packages, as a function."""

    def __init__(self, words: list[str], what: str):
        self.words = words
        self._what = what

    def __call__(self) -> None:
        if shutil.which(self.words[0]) is None:
            raise RuntimeError(f"{self._what}: there is no program {self.words[0]!r}")
        ran = subprocess.run(self.words, capture_output=True, text=True)
        if ran.returncode != 0:
            raise RuntimeError(f"{self._what} failed: {ran.stderr.strip()}")


class PipInstall(InstallPlugin):
    """Installs packages with pip; see `InstallPlugin`.

    Parameters
    ----------
    packages : list of str
        As pip takes them.
    pip_options : list of str, optional
        Further words for pip.
    restart_workers : bool
        Taken as in Dask.
    """

    def __init__(self, packages: list[str], pip_options: list[str] | None = None, restart_workers: bool = False):
        words = [sys.executable, "-m", "pip", "install", *(pip_options or []), *packages]
        super().__init__(_Command(words, f"PipInstall of {', '.join(packages)}"), restart_workers)
        self.packages = packages


class CondaInstall(InstallPlugin):
    """Installs packages with conda; see `InstallPlugin`.

    Parameters
    ----------
    packages : list of str
        As conda takes them.
    conda_options : list of str, optional
        Further words for conda.
    restart_workers : bool
        Taken as in Dask.
    """

    def __init__(self, packages: list[str], conda_options: list[str] | None = None, restart_workers: bool = False):
        words = ["conda", "install", "--yes", *(conda_options or []), *packages]
        super().__init__(_Command(words, f"CondaInstall of {', '.join(packages)}"), restart_workers)
        self.packages = packages


class Callback(WorkerPlugin):
    """A function that each worker calls when it starts: what `Client.register_worker_callbacks` registers."""

    def __init__(self, function: Callable):
        self.function = function
        self.name = f"callback-{funcname(function)}"

    def setup(self, worker: Any) -> Any:
        """Call it."""
        return self.function(dask_worker=worker) if "dask_worker" in _arguments(self.function) else self.function()


def _arguments(function: Callable) -> tuple[str, ...]:
    code = getattr(function, "__code__", None)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code else ()


def name_of(plugin: Any, name: str | None) -> str:
    """Under which a plugin is known."""
    return name or getattr(plugin, "name", None) or f"{funcname(type(plugin))}-{uuid.uuid4()}"


def install(worker: Any, plugin: Any, name: str) -> None:
    """Set a plugin up in this worker process, in the place of one of the same name."""
    remove(worker, name)
    if hasattr(plugin, "setup"):
        plugin.setup(worker=worker)
    _here[name] = plugin


def remove(worker: Any, name: str) -> bool:
    """Take a plugin off; whether it was there."""
    plugin = _here.pop(name, None)
    if plugin is not None and hasattr(plugin, "teardown"):
        plugin.teardown(worker=worker)
    return plugin is not None
