"""Where Python code spends its time in this process: the stacks of the threads that run tasks, looked at now and then.

Threads that Python has not started itself are the engine's; those run tasks. What the engine computes is not Python, and is not seen.
"""

from __future__ import annotations

import linecache
import sys
import threading
from collections import deque
from collections.abc import Iterable
from time import sleep, time
from types import CodeType, FrameType
from typing import Any

_INTERVAL_S = 0.01
# Where nothing has been seen for a second.
_IDLE_INTERVAL_S = 0.1
_LOOKS_UNTIL_IDLE = 100
_CYCLE_S = 1.0
_MAX_CYCLES = 1000
_MAX_DEPTH = 100

# As Dask has it: count, children by their identifiers, identifier, description.
Tree = dict[str, Any]


def empty() -> Tree:
    """A tree of no samples."""
    return {"count": 0, "children": {}, "identifier": "root", "description": {"filename": "", "name": "", "line_number": 0, "line": ""}}


def merged(trees: Iterable[Tree]) -> Tree:
    """One tree with the samples of several.

    Examples
    --------
    >>> merged([empty(), empty()])["count"]
    0
    """
    whole = empty()
    for tree in trees:
        _add(whole, tree)
    return whole


def _add(to: Tree, tree: Tree) -> None:
    to["count"] += tree["count"]
    for name, child in tree["children"].items():
        if name not in to["children"]:
            to["children"][name] = {**child, "count": 0, "children": {}}
        _add(to["children"][name], child)


def engine_stacks() -> dict[int, FrameType]:
    """What runs on the engine's threads: the innermost frame of each, by the thread."""
    of_python = {thread.ident for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}
    return {thread: frame for thread, frame in sys._current_frames().items() if thread not in of_python and thread != threading.get_ident()}


def frames_of(innermost: FrameType) -> list[tuple[CodeType, int]]:
    """The frames of a stack, the outermost first: the code of each, and its line. Those of Python's imports are left out."""
    frames = []
    frame: FrameType | None = innermost
    while frame is not None:
        if not frame.f_code.co_filename.startswith("<frozen importlib"):
            frames.append((frame.f_code, frame.f_lineno or frame.f_code.co_firstlineno))  # none where a call has not begun
        frame = frame.f_back
    return frames[::-1]


def line_of(code: CodeType, line: int) -> str:
    """A frame as tracebacks write it."""
    text = linecache.getline(code.co_filename, line).strip()
    return f'  File "{code.co_filename}", line {line}, in {code.co_name}\n' + (f"    {text}\n" if text else "")


class Samples:
    """The stacks that were seen, for each second a tree. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cycles: deque[tuple[float, float, Tree]] = deque(maxlen=_MAX_CYCLES)
        self._tree = empty()
        self._began = time()

    def add(self, stacks: Iterable[list[tuple[CodeType, int]]]) -> int:
        """Count stacks; how many were counted. This module's own are left out."""
        number = 0
        with self._lock:
            for frames in stacks:
                if frames and not any(code.co_filename == __file__ for code, _ in frames):
                    self._count(frames[:_MAX_DEPTH])
                    number += 1
            now = time()
            if now - self._began > _CYCLE_S:
                if self._tree["count"]:
                    self._cycles.append((self._began, now, self._tree))
                    self._tree = empty()
                self._began = now
        return number

    def _count(self, frames: list[tuple[CodeType, int]]) -> None:
        tree = self._tree
        tree["count"] += 1
        for code, line in frames:
            name = f"{code.co_name};{code.co_filename};{code.co_firstlineno}"
            child = tree["children"].get(name)
            if child is None:
                description = {"filename": code.co_filename, "name": code.co_name, "line_number": line, "line": linecache.getline(code.co_filename, line).strip()}
                child = tree["children"][name] = {"count": 0, "children": {}, "identifier": name, "description": description}
            child["count"] += 1
            tree = child

    def between(self, start: float | None, stop: float | None) -> Tree:
        """What was seen from one time of the clock to another."""
        with self._lock:
            cycles = [*self._cycles, (self._began, time(), self._tree)]
            return merged(tree for began, ended, tree in cycles if ended >= (start or 0) and (stop is None or began <= stop))


_samples = Samples()
_begun = threading.Lock()


def begin() -> None:
    """Look at this process's stacks from now on; begins once."""
    if _begun.acquire(blocking=False):
        threading.Thread(target=_look_for_ever, daemon=True, name="plait-samples").start()


def _look_for_ever() -> None:
    num_quiet = 0
    while True:
        sleep(_INTERVAL_S if num_quiet < _LOOKS_UNTIL_IDLE else _IDLE_INTERVAL_S)
        seen = _samples.add([frames_of(frame) for frame in engine_stacks().values()])
        num_quiet = 0 if seen else num_quiet + 1


def between(start: float | None = None, stop: float | None = None) -> Tree:
    """What was seen in this process between two times; begins to look if nobody has."""
    begin()
    return _samples.between(start, stop)
