"""How many workers, with how many threads and how much memory, where a program does not say: as Dask reads it."""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

from .. import _plait
from ..system import CPU_COUNT
from ..utils import parse_bytes


def nprocesses_nthreads(n: int = CPU_COUNT) -> tuple[int, int]:
    """How many processes with how many threads each a machine of ``n`` cores gets: as many threads as processes, or fewer.

    Examples
    --------
    >>> nprocesses_nthreads(4), nprocesses_nthreads(32)
    ((4, 1), (8, 4))
    """
    processes = n if n <= 4 else min(each for each in range(1, n + 1) if n % each == 0 and each * each >= n)
    return processes, n // processes


class WorkerSizes(NamedTuple):
    """What a cluster's workers are made of."""

    n_workers: int
    threads_per_worker: int
    memory_limit: int | None  # bytes of each worker; None is no limit


def worker_sizes(n_workers: int | None, threads_per_worker: int | None, processes: bool, memory_limit: Any = "auto") -> WorkerSizes:
    """The sizes of workers, of what a program says of them.

    Parameters
    ----------
    n_workers, threads_per_worker : int, optional
        Default is one process a core up to four cores, then fewer processes with several threads; one worker with all
        threads without processes.
    processes : bool
        Whether workers are processes.
    memory_limit : str, float, int or None
        Of each worker: see :func:`memory_limit_of`.

    Raises
    ------
    ValueError, TypeError
        If a number makes no sense.
    """
    for name, count, least in (("n_workers", n_workers, 0), ("threads_per_worker", threads_per_worker, 1)):
        if count is not None and (not isinstance(count, int) or isinstance(count, bool)):
            raise TypeError(f"LocalCluster: {name} is {count!r}, expected a whole number")
        if count is not None and count < least:
            raise ValueError(f"LocalCluster: {name} is {count}, expected at least {least}")
    if n_workers is None and threads_per_worker is None:
        n_workers, threads_per_worker = nprocesses_nthreads() if processes else (1, CPU_COUNT)
    if n_workers is None:
        n_workers = max(1, CPU_COUNT // int(threads_per_worker or 1)) if processes else 1
    if threads_per_worker is None:
        threads_per_worker = max(1, math.ceil(CPU_COUNT / n_workers)) if n_workers else CPU_COUNT
    return WorkerSizes(n_workers, threads_per_worker, memory_limit_of(memory_limit, n_workers))


def memory_limit_of(memory_limit: Any, n_workers: int) -> int | None:
    """A worker's limit in bytes; None is none.

    Parameters
    ----------
    memory_limit : str, float, int or None
        ``"auto"`` is the machine's memory, shared out over the workers; a float up to 1 is a part of the machine's memory; a
        text such as ``"2GB"`` and an int are bytes; 0 and None are no limit.
    n_workers : int
        Among how many the memory is shared out.

    Raises
    ------
    ValueError
        If it is negative, or a text that is none of these.
    """
    memory = _plait.usable_memory()
    if memory_limit is None:
        return None
    if memory_limit == "auto":
        limit = memory // max(1, n_workers)
    else:
        if isinstance(memory_limit, str):
            try:
                memory_limit = float(memory_limit) if "." in memory_limit else parse_bytes(memory_limit)
            except ValueError:
                memory_limit = parse_bytes(memory_limit)
        if isinstance(memory_limit, float) and memory_limit <= 1:
            limit = int(memory_limit * memory)
        else:
            limit = int(memory_limit)
    if limit < 0:
        raise ValueError(f"LocalCluster: memory_limit is {memory_limit!r}, expected bytes such as '2GB', 'auto', or None for no limit")
    if limit > memory:
        warnings.warn(f"a worker's memory_limit of {limit:,} bytes is more than the machine has; it is {memory:,} bytes", stacklevel=4)
        limit = memory
    return limit or None
