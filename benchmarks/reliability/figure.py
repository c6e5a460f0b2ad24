"""How a reliability script says what it has measured: a line for each figure, and an exit code that is not 0 if a target is missed."""

import atexit
import os
import pathlib
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python"))

from plait.distributed import Client

_missed: list[str] = []


def tell(number: int | str, what: str, measured: str, target: str, met: bool) -> None:
    """One figure as a row of the table in docs/reliability.md.

    Parameters
    ----------
    number : int or str
        Of the figure, in the list of docs/reliability.md.
    what, measured, target : str
        What was measured, what came out, and what was to come out.
    met : bool
        Whether it did.
    """
    print(f"| {number} | {what} | {measured} | {target} | {'met' if met else 'missed'} |", flush=True)
    if not met:
        _missed.append(str(number))


def end() -> None:
    """Ends the script: with an error if a target was missed."""
    sys.exit(f"missed: {', '.join(_missed)}" if _missed else 0)


def bounded(seconds: float) -> None:
    """The script is killed with all that it has started after so many seconds: a figure that hangs is a figure that is missed."""

    def stop() -> None:
        print(f"| ? | {pathlib.Path(sys.argv[0]).stem} | no end after {seconds:g} s | an end | missed |", flush=True)
        os._exit(3)  # workers end with their program

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    atexit.register(timer.cancel)


def until(is_true: Callable[[], Any], seconds: float = 20.0, pause: float = 0.0005) -> float:
    """Looks until it is true; how many seconds that took.

    Raises
    ------
    TimeoutError
        If it does not come true in time.
    """
    start = time.perf_counter()
    while not is_true():
        if time.perf_counter() - start > seconds:
            raise TimeoutError(f"not true within {seconds} s")
        time.sleep(pause)
    return time.perf_counter() - start


def spread(seconds: Iterable[float]) -> str:
    """Milliseconds: the median, the 99th percentile and how many there are."""
    found = sorted(seconds)
    return f"{statistics.median(found) * 1e3:.3g} ms, p99 {p99(found) * 1e3:.3g} ms (n={len(found)})"


def p99(seconds: Iterable[float]) -> float:
    found = sorted(seconds)
    return found[min(len(found) - 1, int(len(found) * 0.99))]


@contextmanager
def cluster_of(n_workers: int, threads_per_worker: int = 1, memory_limit: Any = "1GB", **options: Any) -> Iterator[Client]:
    """A client of a cluster of its own, which goes at the end."""
    with Client(n_workers=n_workers, threads_per_worker=threads_per_worker, memory_limit=memory_limit, dashboard_address=None, **options) as client:
        yield client


def pids(client: Client) -> dict[str, int]:
    """The worker processes by their names."""
    return dict(client.cluster._native.worker_pids())


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Sends a signal, if the process is still there."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass
