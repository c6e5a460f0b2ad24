"""What the command ``plait doctor`` finds: the installation, the machine, and what other programs give."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from . import __version__, _plait, config
from .utils import format_bytes

# What Plait needs, and what makes more possible.
_NEEDED = {"numpy": (2, 0), "pandas": (2, 2), "pyarrow": (26, 0), "cloudpickle": (3, 0), "yaml": None, "scipy_openblas32": None}
_USEFUL = {
    "ipywidgets": "progress bars in notebooks are widgets with it",
    "fsspec": "files in cloud storage are read with it",
}
_PACKAGES = {"yaml": "pyyaml", "scipy_openblas32": "scipy-openblas32"}


@dataclass
class Finding:
    """One thing that was looked at: ``good``, ``bad``, or a ``note`` of what could be better."""

    what: str
    state: str
    found: str
    advice: str = ""


def findings() -> list[Finding]:
    """All that was looked at, in the order in which it is shown."""
    return [_engine(), *_packages(), _product(), _processes(), *_memory(), _spill(), _graphviz(), _settings()]


def _engine() -> Finding:
    return Finding("plait", "good", f"{__version__}, {os.path.dirname(__file__)}")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(_PACKAGES.get(package, package))
    except importlib.metadata.PackageNotFoundError:
        return None


def _packages() -> Iterator[Finding]:
    for package, least in _NEEDED.items():
        name = _PACKAGES.get(package, package)
        version = _version(package)
        if version is None or importlib.util.find_spec(package) is None:
            yield Finding(name, "bad", "not installed", f"python -m pip install {name}")
        elif least is not None and tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < least:
            wanted = ".".join(map(str, least))
            yield Finding(name, "bad", f"{version}, at least {wanted} is needed", f"python -m pip install '{name}>={wanted}'")
        else:
            yield Finding(name, "good", version)
    for package, use in _USEFUL.items():
        version = _version(package)
        advice = "" if version else f"{use}: python -m pip install {package}"
        yield Finding(package, "good" if version else "note", version or "not installed", advice)


def _product() -> Finding:
    """The BLAS, by a product of matrices whose result is known."""
    da = importlib.import_module("plait.array")
    result = float(da.ones((64, 64), chunks=32).dot(da.ones((64, 64), chunks=32)).sum().compute(scheduler="threads"))
    threads = os.environ.get("OPENBLAS_NUM_THREADS")
    if result != 64**3:
        return Finding("BLAS", "bad", f"a product of matrices sums to {result}, not to {64**3}", "python -m pip install --force-reinstall scipy-openblas32")
    return Finding("BLAS", "good", "OpenBLAS multiplies rightly" + (f"; OPENBLAS_NUM_THREADS={threads}" if threads else ""))


def _processes() -> Finding:
    """Worker processes, by a task of each."""
    try:
        result = _plait.get({"x": (os.getpid,)}, "x", "processes", 1)
    except Exception as error:
        return Finding("worker processes", "bad", f"a task in a worker process failed: {error}", 'use scheduler="threads" until this is mended')
    state = "good" if result != os.getpid() else "bad"
    return Finding("worker processes", state, f"a task ran in process {result}")


def _memory() -> Iterator[Finding]:
    usable = _plait.usable_memory()
    with open("/proc/meminfo") as file:
        whole = next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemTotal"))
    limit = "" if usable >= whole else f", of the machine's {format_bytes(whole)}: a cgroup limits this process"
    cores = _plait.usable_cores()
    of_machine = os.cpu_count() or cores
    yield Finding("cores", "good", f"{cores}" + (f" of the machine's {of_machine}: affinity or a quota leaves fewer" if cores < of_machine else ""))
    budget = config.get("memory-budget")
    text = f"{budget:.0%} of it" if isinstance(budget, float) and budget <= 1 else str(budget)
    state, advice = ("good", "") if usable >= 2**30 else ("note", "runs spill early; give the process more, or use smaller chunks")
    yield Finding("memory", state, f"{format_bytes(usable)} usable{limit}; runs take {text} (memory-budget)", advice)


def _spill() -> Finding:
    folder = config.get("spill.directory", None) or config.get("temporary-directory", None) or tempfile.gettempdir()
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("spill directory", "bad", f"{folder} cannot be written to", "set spill.directory to a folder on a local disk")
    free = shutil.disk_usage(folder).free
    advice = "" if free >= _plait.usable_memory() else "large runs may need more: set spill.directory to a folder with more room"
    return Finding("spill directory", "note" if advice else "good", f"{folder}, {format_bytes(free)} free", advice)


def _graphviz() -> Finding:
    program = shutil.which("dot")
    if program is None:
        return Finding("Graphviz", "note", "not installed", "visualize() draws SVG without it; for PNG and PDF: apt install graphviz")
    return Finding("Graphviz", "good", program)


def _settings() -> Finding:
    try:
        unknown = [name for name, _, source, meaning in _plait.config_entries() if not meaning and source != "default"]
    except ValueError as error:
        return Finding("settings", "bad", str(error), "mend the file")
    if unknown:
        return Finding("settings", "note", f"nothing reads {', '.join(unknown)}", "plait config list shows the settings that there are")
    return Finding("settings", "good", f"files are looked for in {', '.join(config.paths)}")
