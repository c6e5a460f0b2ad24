"""Waiting for futures: for all, for the first, and for one after the other as they come."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, CancelledError
from time import monotonic
from typing import Any, NamedTuple


from ._context import answered, in_thread, seconds_of
from .future import Future, futures_of

__all__ = ["ALL_COMPLETED", "FIRST_COMPLETED", "as_completed", "wait"]


class DoneAndNotDoneFutures(NamedTuple):
    """What :func:`wait` returns."""

    done: set
    not_done: set


def _wait(futures: list[Future], timeout: Any, return_when: str) -> DoneAndNotDoneFutures:
    if not futures:
        return DoneAndNotDoneFutures(set(), set())
    native = futures[0].client._native
    seconds = None if timeout is None else seconds_of(timeout)
    done = set(native.wait([each.key for each in futures], seconds, return_when)[0])
    if len(done) < len(futures) and (return_when == ALL_COMPLETED or not done):
        raise TimeoutError(f"{len(futures) - len(done)} of {len(futures)} futures are not done after {timeout}")
    answer = DoneAndNotDoneFutures({each for each in futures if each.key in done}, {each for each in futures if each.key not in done})
    cancelled = [each for each in answer.done if each.status in ("cancelled", "lost")]
    if cancelled:
        raise cancelled[0].client._cancelled_error(cancelled[0].key, cancelled[0].status == "lost")
    return answer


def wait(fs: Any, timeout: float | str | None = None, return_when: str = ALL_COMPLETED) -> Any:
    """Wait until futures are done: finished or failed.

    Parameters
    ----------
    fs : Future, or a list or other container of futures
        What is waited for.
    timeout : float or str, optional
        Seconds, or a text such as ``"2s"``.
    return_when : {"ALL_COMPLETED", "FIRST_COMPLETED"}
        What is waited for.

    Returns
    -------
    DoneAndNotDoneFutures
        Two sets, ``done`` and ``not_done``.

    Raises
    ------
    TimeoutError
        If they are not done in time.
    FutureCancelledError
        If one was cancelled.

    Examples
    --------
    >>> done, not_done = wait([client.submit(sum, [1, 2])])  # doctest: +SKIP
    """
    if isinstance(timeout, Future):
        raise TypeError(f"wait: timeout is {timeout!r}; to wait for several futures, give them as a list")
    if isinstance(timeout, str) and timeout in (ALL_COMPLETED, FIRST_COMPLETED):
        raise ValueError(f"wait: timeout is {timeout!r}, which says when to return; give it as return_when=")
    if return_when not in (ALL_COMPLETED, FIRST_COMPLETED):
        raise NotImplementedError(f"wait: return_when is {return_when!r}, expected 'ALL_COMPLETED' or 'FIRST_COMPLETED'")
    futures = futures_of(fs)
    is_asynchronous = bool(futures) and futures[0].client.asynchronous
    return answered(is_asynchronous, _wait, futures, timeout, return_when)


class as_completed:  # noqa: N801
    """Futures in the order in which they are done. More may be added while they come.

    Parameters
    ----------
    futures : iterable of Future or ActorFuture, optional
        The first ones.
    with_results : bool
        Whether to give ``(future, result)``.
    raise_errors : bool
        Whether the errors of tasks are raised, where results are asked for; else the result is ``(type, error, traceback)``. Where a
        future was cancelled, the result is its CancelledError.
    timeout : float or str, optional
        Raise TimeoutError if they are not all done in this time.

    Examples
    --------
    >>> for future in as_completed(client.map(abs, [1, -2])):  # doctest: +SKIP
    ...     print(future.result())
    """

    def __init__(
        self,
        futures: Iterable[Future] | None = None,
        loop: Any = None,
        with_results: bool = False,
        raise_errors: bool = True,
        *,
        timeout: float | str | None = None,
    ):
        self.with_results = with_results
        self.raise_errors = raise_errors
        self._deadline = None if timeout is None else monotonic() + seconds_of(timeout)
        self._timeout = timeout
        self._changed = threading.Condition()
        self._done: deque[Future] = deque()
        self._num_waiting = 0
        self._generation = 0
        if futures is not None:
            self.update(futures)

    def update(self, futures: Iterable[Future]) -> None:
        """Add futures."""
        added = list(futures)
        for each in added:
            if not hasattr(each, "_when_done"):
                raise TypeError(f"as_completed takes futures; found {each!r}")
        with self._changed:
            self._num_waiting += len(added)
            generation = self._generation
        for each in added:
            each._when_done(self._teller_of(each, generation))

    def add(self, future: Future) -> None:
        """Add a future."""
        self.update([future])

    def _teller_of(self, future: Future, generation: int) -> Any:
        def tell() -> None:
            with self._changed:
                if generation != self._generation:
                    return
                self._num_waiting -= 1
                self._done.append(future)
                self._changed.notify_all()

        return tell

    def is_empty(self) -> bool:
        """Whether all futures have been given."""
        return self.count() == 0

    def has_ready(self) -> bool:
        """Whether a future is done that has not been given."""
        return bool(self._done)

    def count(self) -> int:
        """How many futures have not been given."""
        with self._changed:
            return self._num_waiting + len(self._done)

    def clear(self) -> None:
        """Forget all futures."""
        with self._changed:
            self._generation += 1
            self._num_waiting = 0
            self._done.clear()

    def _next_done(self, is_blocking: bool = True) -> list[Future]:
        """The next future, in a list; an empty one if there is none, or none yet and nobody wants to wait."""
        with self._changed:
            while not self._done and self._num_waiting and is_blocking:
                # Short waits, so that Ctrl-C is answered.
                self._changed.wait(0.1)
                if self._deadline is not None and monotonic() > self._deadline and not self._done:
                    raise TimeoutError(f"as_completed: {self._num_waiting} futures are not done after {self._timeout}")
            return [self._done.popleft()] if self._done else []

    def _given(self, future: Future) -> Any:
        if not self.with_results:
            return future
        try:
            return future, future._outcome()
        except CancelledError as error:  # nobody's mistake: it comes as a result
            return future, error
        except Exception as error:
            if self.raise_errors:
                raise
            return future, (type(error), error, error.__traceback__)

    def _next(self, end: type[BaseException]) -> Any:
        found = self._next_done()
        if not found:
            raise end
        return self._given(found[0])

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._next(StopIteration)

    def next(self) -> Any:
        """The next future that is done; waits for it."""
        return self._next(StopIteration)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        return await in_thread(self._next, StopAsyncIteration)

    def next_batch(self, block: bool = True) -> list:
        """All futures that are done and have not been given; at least one, if ``block``."""
        found = self._next_done(block)
        while found and self._done:
            found += self._next_done(False)
        return [self._given(each) for each in found]

    def batches(self) -> Iterator[list]:
        """Lists of all futures that are done by then."""
        while not self.is_empty():
            yield self.next_batch()

    def __repr__(self) -> str:
        return f"<as_completed: waiting={self._num_waiting} done={len(self._done)}>"
