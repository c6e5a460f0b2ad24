"""What bounded a run, as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..utils import format_bytes, format_time


def covered(spans: Iterable[dict[str, Any]], start: float, stop: float) -> float:
    """The seconds between two times in which at least one of the spans was under way.

    Examples
    --------
    >>> covered([{"start": 1, "stop": 3}, {"start": 2, "stop": 4}, {"start": 8, "stop": 9}], 0, 10)
    4.0
    """
    seconds, reached = 0.0, start
    for span in sorted(spans, key=lambda each: each["start"]):
        begun = max(span["start"], reached)
        ended = min(span["stop"], stop)
        if ended > begun:
            seconds += ended - begun
            reached = ended
    return seconds


def bound_of(duration: float, compute: float, threads: int, spilled: int, num_tasks: int, moving: float = 0.0, moved: int = 0) -> str:
    """A sentence that says what bounded a run.

    Parameters
    ----------
    duration : float
        Seconds that it took.
    compute : float
        Seconds of all its tasks together.
    threads : int
        How many could run at a time.
    spilled : int
        The most bytes on disk.
    num_tasks : int
        How many ran.
    moving : float
        Seconds in which values were on their way between workers.
    moved : int
        Their bytes.

    Examples
    --------
    >>> bound_of(10.0, 38.0, 4, 0, 100)
    'The run was bound by computing: tasks filled 95 % of the time of 4 threads.'
    """
    share = compute / (duration * threads) if duration and threads else 0.0
    filled = f"tasks filled {share:.0%} of the time of {threads} threads".replace("%", " %")
    if not num_tasks:
        return "No task ran."
    if spilled:
        return f"The run was short of memory: {format_bytes(spilled)} went to disk, and {filled}."
    if share > 0.7:
        return f"The run was bound by computing: {filled}."
    if moving > max(0.5, 1.5 * share) * duration:
        under_way = f"{format_bytes(moved)} were on their way for {moving / duration:.0%} of the time".replace("%", " %")
        return f"The run was bound by moving values: {under_way}, and {filled}."
    if compute / num_tasks < 0.001:
        return f"The run was bound by its many short tasks: they took {format_time(compute / num_tasks)} each, and {filled}. Larger chunks would help."
    if share < 1.2 / threads:
        return f"The run was bound by what ran one after the other: {filled}. It may wait for the program itself, or for a chain of tasks."
    return f"The run had threads to spare: {filled}. More, smaller chunks would fill them."
