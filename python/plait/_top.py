"""``plait top``: a cluster at work, in a terminal."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from .utils import format_bytes

_BAR = 10
_NAME = 28
_STATES = ("memory", "released", "processing", "queued", "waiting", "erred")


def snapshot(native: Any) -> dict[str, Any]:
    """What a scheduler tells of its workers and tasks.

    Parameters
    ----------
    native : object
        The engine's client.
    """
    return {**native.ask("info", {}), "counts": native.ask("counts", {}), "families": native.ask("progress", {})}


def _bar(fraction: float, width: int = _BAR) -> str:
    filled = min(width, max(0, round(fraction * width)))
    return f"[{'#' * filled}{'.' * (width - filled)}]"


def _table(rows: list[tuple[str, ...]], to_the_left: int) -> list[str]:
    """Columns of texts: the first ones to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    sides = ["<" if column < to_the_left else ">" for column in range(len(widths))]
    return ["  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)).rstrip() for row in rows]


def _natural(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (sys.maxsize, name)


def _worker_row(worker: dict[str, Any]) -> tuple[str, ...]:
    limit = worker["memory_limit"]
    memory = f"{_bar(worker['memory'] / limit)} {format_bytes(worker['memory'])} of {format_bytes(limit)}" if limit else format_bytes(worker["memory"])
    status = "not heard of" if worker["is_silent"] else worker["status"]
    threads = f"{len(worker['executing'])} of {worker['nthreads']}"
    results, on_disk = (format_bytes(worker[what]) for what in ("managed_bytes", "spilled_bytes"))
    return str(worker["name"])[:_NAME], status, memory, threads, str(worker["num_processing"]), results, on_disk


def _family_row(name: str, counts: dict[str, int]) -> tuple[str, ...]:
    whole = counts["tasks"]
    done = counts["memory"] + counts["released"]
    states = ", ".join(f"{counts[state]:,} {state}" for state in _STATES[2:] if counts[state])
    return name[:_NAME], f"{_bar(done / whole if whole else 1.0)} {done:,} of {whole:,}", states


def lines_of(found: dict[str, Any], height: int | None = None) -> list[str]:
    """A snapshot as lines of text.

    Parameters
    ----------
    found : dict
        What :func:`snapshot` returns.
    height : int, optional
        How many lines there may be; what does not fit is counted.
    """
    workers = sorted(found["workers"], key=lambda each: _natural(str(each["name"])))
    counts = found["counts"]
    threads, memory = (sum(each[what] for each in workers) for what in ("nthreads", "memory"))
    lines = [
        f"Scheduler {found['address']}: {len(workers)} workers, {threads} threads, {format_bytes(memory)} of memory",
        "Tasks: " + ", ".join(f"{counts[state]:,} {'in memory' if state == 'memory' else state}" for state in _STATES),
        "",
    ]
    if workers:
        lines += _table([("worker", "state", "memory", "threads", "tasks", "results", "on disk"), *map(_worker_row, workers)], 3)
    else:
        lines.append("no workers")
    families = {name: each for name, each in found["families"].items() if each["tasks"]}
    if families:
        by_work = sorted(families.items(), key=lambda each: (-(each[1]["processing"] + each[1]["queued"] + each[1]["waiting"]), each[0]))
        lines += ["", *_table([_family_row(name, each) for name, each in by_work], 3)]
    if height is not None and len(lines) > height:
        hidden = len(lines) - height + 1
        lines = [*lines[: height - 1], f"... {hidden} more lines"]
    return lines


def show(native: Any, is_once: bool, interval: float, as_json: bool) -> None:
    """Show a cluster until it is gone: on a terminal over and over at the same place, elsewhere one block after the other.

    Parameters
    ----------
    native : object
        The engine's client.
    is_once : bool
        Whether once is enough.
    interval : float
        Seconds from one to the next.
    as_json : bool
        Whether to print JSON, one line for each time.
    """
    is_terminal = sys.stdout.isatty() and not as_json and not is_once
    write = _on_terminal if is_terminal else _as_text
    while native.is_connected:
        try:
            found = snapshot(native)
        except Exception:
            if native.is_connected:
                raise
            break
        write([json.dumps(found)] if as_json else lines_of(found, shutil.get_terminal_size().lines - 1 if is_terminal else None), is_once or as_json)
        if is_once:
            return
        time.sleep(interval)
    print("The scheduler is gone.", file=sys.stderr)


_Write = Callable[[Iterable[str], bool], None]


def _on_terminal(lines: Iterable[str], _: bool) -> None:
    width = shutil.get_terminal_size().columns
    # To the top; each line, and nothing behind it; nothing below.
    sys.stdout.write("\x1b[H" + "".join(f"{line[:width]}\x1b[K\n" for line in lines) + "\x1b[J")
    sys.stdout.flush()


def _as_text(lines: Iterable[str], is_last: bool) -> None:
    print("\n".join(lines), end="\n" if is_last else "\n\n", flush=True)
