"""A cluster as an executor of `concurrent.futures`."""

from __future__ import annotations

import concurrent.futures as cf
import weakref
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any


from ._context import seconds_of
from .future import Future

_KEYWORDS = frozenset(["pure", "workers", "resources", "allow_other_workers", "retries", "priority"])


class ClientExecutor(cf.Executor):
    """Runs calls on a cluster: what `Client.get_executor` returns.

    Parameters
    ----------
    client : Client
        Whose cluster.
    **kwargs : object
        ``pure``, ``workers``, ``resources``, ``allow_other_workers``, ``retries`` and ``priority``, as `Client.submit` takes them.
    """

    def __init__(self, client: Any, **kwargs: Any):
        unknown = sorted(set(kwargs) - _KEYWORDS)
        if unknown:
            raise TypeError(f"get_executor: there is no argument {unknown[0]!r}; expected some of {', '.join(sorted(_KEYWORDS))}")
        self._client = client
        self._kwargs = {"pure": False, **kwargs}
        self._futures: weakref.WeakSet[Future] = weakref.WeakSet()
        self._is_shut_down = False

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> cf.Future:
        """Call a function on the cluster; see `concurrent.futures.Executor.submit`."""
        if self._is_shut_down:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = self._client.submit(fn, *args, **{**self._kwargs, **kwargs})
        self._futures.add(future)
        answer = _ClusterFuture(future)
        future.add_done_callback(answer._finish)
        return answer

    def map(self, fn: Callable, *iterables: Iterable, timeout: float | None = None, chunksize: int = 1) -> Iterator:
        """Call a function with each item; see `concurrent.futures.Executor.map`."""
        deadline = None if timeout is None else monotonic() + seconds_of(timeout)
        futures = self._client.map(fn, *(list(each) for each in iterables), **self._kwargs)
        self._futures.update(futures)

        def results() -> Iterator:
            try:
                for future in futures:
                    yield future.result(None if deadline is None else max(0.0, deadline - monotonic()))
            finally:
                self._client.cancel([each for each in futures if not each.done()])

        return results()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; wait for those that are there, unless ``wait`` is False."""
        self._is_shut_down = True
        left = [each for each in self._futures if not each.done()]
        if cancel_futures or not wait:
            self._client.cancel(left)
        for each in left if wait and not cancel_futures else ():
            each.exception()

    def __repr__(self) -> str:
        return f"<ClientExecutor of {self._client!r}>"


class _ClusterFuture(cf.Future):
    """A future of `concurrent.futures` for one of a cluster."""

    def __init__(self, future: Future):
        super().__init__()
        self._future = future

    def _finish(self, future: Future) -> None:
        if self.cancelled() or not self.set_running_or_notify_cancel():
            return
        try:
            self.set_result(future.client._result(future))
        except BaseException as error:  # noqa: BLE001
            self.set_exception(error)

    def cancel(self) -> bool:
        is_cancelled = super().cancel()
        if is_cancelled:
            self._future.cancel()
        return is_cancelled


def CompatibleExecutor(*args: Any, **kwargs: Any) -> Any:  # noqa: N802
    """Gone, as in Dask: see `Client.get_executor`.

    Raises
    ------
    NotImplementedError
        Always.
    """
    raise NotImplementedError("CompatibleExecutor is gone; use client.get_executor()")
