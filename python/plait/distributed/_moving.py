"""What goes to the cluster and comes back: data and results; and results that nobody wants any more."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from numbers import Number
from typing import Any

from ..errors import shorten_traceback
from ..tokenize import tokenize
from ._connected import Connected
from ._context import answered, seconds_of
from ._demands import CONTAINERS
from .exceptions import FutureCancelledError
from .future import Future, text_of


def _with_replaced(x: Any, replace: Callable[[Future], Any]) -> Any:
    """The object with its futures replaced, in lists, tuples, sets and dicts."""
    if isinstance(x, Future):
        return replace(x)
    if type(x) in CONTAINERS:
        return type(x)(_with_replaced(each, replace) for each in x)
    if type(x) is dict:
        return {key: _with_replaced(value, replace) for key, value in x.items()}
    return x


def _futures_in(x: Any) -> list[Future]:
    found: list[Future] = []
    _with_replaced(x, found.append)
    return found


class Moving(Connected):
    """The part of `Client` that moves data and results."""

    def scatter(
        self,
        data: Any,
        workers: Any = None,
        broadcast: bool | int = False,
        direct: bool | None = None,
        hash: bool = True,
        timeout: Any = None,
        asynchronous: bool | None = None,
    ) -> Any:
        """Send data to the cluster.

        Parameters
        ----------
        data : list, dict or object
            The items of lists, tuples, sets and dicts are sent one by one; other objects whole.
        workers : list of str, optional
            Which workers take them.
        broadcast : bool or int
            Whether each item goes to all workers; or to how many.
        hash : bool
            Whether equal data has equal keys.

        Returns
        -------
        Future, or a container of futures as the data's
            What stands for the data.
        """
        if isinstance(workers, (str, Number)):
            workers = [workers]
        self._check_open()
        kind = type(data)
        if kind is dict:
            items = data
        else:
            objects = list(data) if kind in CONTAINERS else [data]
            items = {f"{type(each).__name__}-{tokenize(each) if hash else uuid.uuid4()}": each for each in objects}
        texts = [text_of(key) for key in items]

        def send() -> Any:
            self._native.scatter(list(items.values()), texts, None if workers is None else [str(each) for each in workers], broadcast)
            if kind is dict:
                return {key: Future(key, self) for key in items}
            if kind not in CONTAINERS:
                return Future(next(iter(items)), self)
            by_object = {id(each): key for key, each in items.items()}
            keys = [by_object.get(id(each)) or f"{type(each).__name__}-{tokenize(each)}" for each in objects]
            return kind(Future(key, self) for key in keys)

        return answered(self.asynchronous if asynchronous is None else asynchronous, send)

    def gather(self, futures: Any, errors: str = "raise", direct: bool | None = None, asynchronous: bool | None = None) -> Any:
        """Wait for results, and bring them here.

        Parameters
        ----------
        futures : Future, or a container of futures
            Lists, tuples, sets and dicts, in whatever depth; what is no future stays as it is.
        errors : {"raise", "skip"}
            Whether the first error is raised; else a list comes without the failed ones, elsewhere None stands for them.

        Returns
        -------
        object
            The same with results in the places of futures.
        """
        if errors not in ("raise", "skip"):
            raise ValueError(f"gather: errors is {errors!r}, expected 'raise' or 'skip'")
        if isinstance(futures, Iterator):
            futures = list(futures)
        return answered(self.asynchronous if asynchronous is None else asynchronous, self._gathered, futures, errors)

    def _gathered(self, futures: Any, errors: str) -> Any:
        is_plain = type(futures) is list and all(type(each) is Future for each in futures)
        wanted = futures if is_plain else _futures_in(futures)
        others = [each for each in wanted if each._client is not self]
        if others:
            raise ValueError(f"gather: the future {others[0].key} belongs to another cluster's client: {others[0]._client!r}")
        texts = list(dict.fromkeys(each.key for each in wanted))
        failed: set[str] = set()
        if errors == "skip" and texts:
            self._native.wait(texts, None, "ALL_COMPLETED")
            failed = {text for text, state in zip(texts, self._native.states(texts)) if state != "finished"}
        good = [text for text in texts if text not in failed]
        with shorten_traceback():
            values = dict(zip(good, self._values_of(good)))
        if is_plain:
            return [values[each.key] for each in futures if each.key not in failed]
        if failed and isinstance(futures, list):
            futures = [each for each in futures if not (isinstance(each, Future) and each.key in failed)]
        return _with_replaced(futures, lambda future: values.get(future.key))

    def _values_of(self, texts: list[str]) -> list:
        """The results of tasks, or the first error."""
        if not texts:
            return []
        self._check_open()
        try:
            return self._native.gather(texts)
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, KeyboardInterrupt) and not error.args:
                raise  # Ctrl-C; the engine's, which says that a task was cancelled, has a text
            if self.status == "closed":
                raise FutureCancelledError(texts[0], "the client was closed") from None
            for text, state in zip(texts, self._native.states(texts)):
                if state in ("cancelled", "lost"):
                    raise self._cancelled_error(text, state == "lost") from None
            raise

    def _result(self, future: Future, timeout: Any = None) -> Any:
        with shorten_traceback():
            if timeout is not None:
                self._waited(future, timeout)
            future._check_held()
            return self._values_of([future.key])[0]

    def _waited(self, future: Future, timeout: Any = None) -> str:
        """The status of a future that is done."""
        self._check_open()
        _, left = self._native.wait([future.key], None if timeout is None else seconds_of(timeout), "ALL_COMPLETED")
        if left:
            raise TimeoutError(f"the future {future.key} is not done after {timeout}")
        return future.status

    def cancel(self, futures: Any, asynchronous: bool | None = None, force: bool = False, reason: str | None = None, msg: str | None = None) -> Any:
        """Do not run the tasks of futures, and stop those that run; what needs their results is cancelled, too.

        Parameters
        ----------
        futures : Future, or a container of futures
            What nobody wants any more.
        force : bool
            Whether to cancel what other clients want, too.
        reason, msg : str, optional
            What the error of who asks for the result says.
        """
        texts = [each.key for each in self.futures_of(futures)]
        is_awaited = self.asynchronous if asynchronous is None else asynchronous
        return answered(is_awaited, self._native.cancel, texts, force, reason or "", msg or "")

    def retry(self, futures: Any, asynchronous: bool | None = None) -> Any:
        """Run tasks again that have failed.

        Parameters
        ----------
        futures : Future, or a container of futures
            Whose tasks.
        """
        texts = [each.key for each in self.futures_of(futures)]
        return answered(self.asynchronous if asynchronous is None else asynchronous, self._native.retry, texts)
