"""joblib's calls on Plait's workers: ``with joblib.parallel_backend("plait"): search.fit(X, y)``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import joblib
from joblib.parallel import AutoBatchingMixin, ParallelBackendBase

from .. import compat
from .._schedulers import chosen
from ..delayed import delayed
from ..system import CPU_COUNT


class PlaitBackend(AutoBatchingMixin, ParallelBackendBase):
    """Runs batches of joblib's calls as tasks.

    Parameters
    ----------
    scheduler : str, executor, callable or None
        What runs them; the setting ``scheduler``, else worker processes.
    """

    supports_retrieve_callback = True
    default_n_jobs = -1

    def __init__(self, scheduler: Any = None, nesting_level: int | None = None, inner_max_num_threads: int | None = None, **kwargs: Any):
        super().__init__(nesting_level=nesting_level, inner_max_num_threads=inner_max_num_threads, **kwargs)
        self.scheduler = scheduler
        self._waiting: ThreadPoolExecutor | None = None

    def effective_n_jobs(self, n_jobs: int | None) -> int:
        """How many calls run side by side; -1: one a core."""
        if n_jobs == 0:
            raise ValueError("n_jobs == 0 in Parallel has no meaning")
        if n_jobs is None:
            return 1
        return n_jobs if n_jobs > 0 else max(1, CPU_COUNT + 1 + n_jobs)

    def configure(self, n_jobs: int = 1, parallel: Any = None, **kwargs: Any) -> int:
        """Called by joblib before the first call."""
        self.parallel = parallel
        count = self.effective_n_jobs(n_jobs)
        self._waiting = ThreadPoolExecutor(count)
        return count

    def submit(self, func: Callable, callback: Callable | None = None) -> Future:
        """A batch of calls as a task; a thread waits for its result."""
        assert self._waiting is not None
        future = self._waiting.submit(self._run, func)
        if callback is not None:
            future.add_done_callback(callback)
        return future

    def _run(self, func: Callable) -> Any:
        runner = chosen(self.scheduler)
        return delayed(func, pure=False)().compute(scheduler="processes" if runner is None else runner)

    def retrieve_result_callback(self, out: Future) -> Any:
        """The result of a batch, or its error."""
        return out.result()

    def terminate(self) -> None:
        """Called by joblib after the last call."""
        if self._waiting is not None:
            self._waiting.shutdown(cancel_futures=True)
            self._waiting = None

    def abort_everything(self, ensure_ready: bool = True) -> None:
        """Called by joblib when a call has failed."""
        self.terminate()
        if ensure_ready:
            self.configure(n_jobs=self.parallel.n_jobs, parallel=self.parallel)


# What joblib looks for, in a module of its own, when a program names the backend "dask" (see plait.compat).
DaskDistributedBackend = PlaitBackend


def register() -> None:
    """Make the backend known to joblib as "plait", and as "dask" where ``import dask`` resolves to Plait."""
    joblib.register_parallel_backend("plait", PlaitBackend)
    if compat.is_installed():
        joblib.register_parallel_backend("dask", PlaitBackend)
