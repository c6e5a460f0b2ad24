"""What a workload file in benchmarks/workloads defines, and how the runner reads it.

A file defines

    TITLE = "text for the table"
    SYSTEMS = {"plait": prepare, "dask": prepare, ...}

where `prepare(quick)` imports its system, makes the data and returns `run`, a function without arguments whose result is
the answer: a number, a text, or lists and dictionaries of them. Only `run` is timed. A `run` that times itself, because it
starts a program, returns `Timed`. All other names are optional; `Workload` lists them with their defaults.
"""

import importlib
import pathlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FOLDER = pathlib.Path(__file__).parent / "workloads"
DATA = pathlib.Path(__file__).parents[1] / "build" / "bench-data"


@dataclass
class Timed:
    seconds: float
    answer: Any


@dataclass
class Workload:
    name: str
    title: str
    systems: dict[str, Callable[[bool], Callable[[], Any]]]
    # Writes input files, once, before any system starts.
    make_data: Callable[[bool], None] = lambda quick: None
    # Seconds that this machine needs at least, from what the probe measured.
    limit: Callable[[dict[str, float], bool], float | None] = lambda machine, quick: None
    # Plait must be so many times as fast as the best peer, and as Dask.
    target_best: float | None = None
    target_dask: float | None = None
    target_peak_mb: float | None = None
    # How far apart two answers may be; random data without a seed differs.
    relative_tolerance: float = 1e-9
    # Several processes at once hold their data; False runs one after the other.
    interleaved: bool = True
    repeats: int | None = None
    # Shown, but not compared with: a floor that does less than what is measured.
    floors: tuple[str, ...] = ()
    # Free memory that a system needs to be tried at all.
    needs_gb: dict[str, float] = field(default_factory=dict)


OPTIONAL = {
    "make_data": "make_data",
    "limit": "limit",
    "target_best": "TARGET_BEST",
    "target_dask": "TARGET_DASK",
    "target_peak_mb": "TARGET_PEAK_MB",
    "relative_tolerance": "RELATIVE_TOLERANCE",
    "interleaved": "INTERLEAVED",
    "repeats": "REPEATS",
    "floors": "FLOORS",
    "needs_gb": "NEEDS_GB",
}


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py"))


def load(name: str) -> Workload:
    module = importlib.import_module(f"benchmarks.workloads.{name}")
    options = {option: getattr(module, constant) for option, constant in OPTIONAL.items() if hasattr(module, constant)}
    return Workload(name=name, title=module.TITLE, systems=module.SYSTEMS, **options)


def same(answer: Any, expected: Any, relative_tolerance: float) -> bool:
    if isinstance(expected, dict):
        return (
            isinstance(answer, dict)
            and answer.keys() == expected.keys()
            and all(same(answer[key], expected[key], relative_tolerance) for key in expected)
        )
    if isinstance(expected, list):
        return (
            isinstance(answer, list)
            and len(answer) == len(expected)
            and all(same(a, e, relative_tolerance) for a, e in zip(answer, expected))
        )
    if isinstance(expected, float) or isinstance(answer, float):
        return abs(answer - expected) <= relative_tolerance * max(1e-300, abs(expected))
    return answer == expected
