"""Results that are, or will be, on a cluster."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable, Generator
from typing import Any

from .. import _plait
from ..utils import key_split
from . import _reprs
from ._context import answered, default_client
from .exceptions import FutureCancelledError


def text_of(key: Any) -> str:
    """A key as the scheduler writes it."""
    return key if isinstance(key, str) else str(key)


class Future:
    """A result of a task on a cluster, which may still be on its way. The cluster keeps it until the last future of it is gone.

    Futures are what a client's ``submit``, ``map``, ``scatter`` and ``compute`` return. They may be arguments of other tasks, of
    delayed calls, and stand inside collections, and may be sent to tasks.

    Parameters
    ----------
    key : str
        The key of a result that is on the cluster.
    client : Client, optional
        Whose cluster; default is the program's.

    Attributes
    ----------
    key : str
        Its name on the cluster.

    Examples
    --------
    >>> future = client.submit(sum, [1, 2])  # doctest: +SKIP
    >>> future.result()  # doctest: +SKIP
    3
    """

    __slots__ = ("__weakref__", "_client", "_is_held", "key")

    # The engine finds futures among arguments by this.
    __plait_future__ = True

    def __init__(self, key: Any, client: Any = None, state: Any = None, _id: Any = None):
        self.key = text_of(key)
        self._client: Any = None
        self._is_held = False
        self.bind_client(default_client(client))

    @classmethod
    def _of_wanted(cls, key: str, client: Any) -> Future:
        """The future of a key that the client wants already, once for this object."""
        future = cls.__new__(cls)
        future.key, future._client, future._is_held = key, client, True
        return future

    def bind_client(self, client: Any) -> None:
        """Say whose result this is."""
        self.release()
        self._client = client
        client._native.want([self.key])
        self._is_held = True

    @property
    def __plait_remote__(self) -> Any:
        """The engine's value: what stands in graphs for this future."""
        self._check_held()
        return self._client._native.value(self.key)

    def _check_held(self) -> None:
        if not self._is_held:
            raise FutureCancelledError(self.key, "it was released")

    @property
    def client(self) -> Any:
        """The client whose result this is."""
        return self._client

    @property
    def executor(self) -> Any:
        """The client whose result this is."""
        return self._client

    @property
    def status(self) -> str:
        """``"pending"``, ``"finished"``, ``"error"``, ``"lost"`` or ``"cancelled"``."""
        if not self._is_held or self._client.status == "closed":
            return "cancelled"
        return self._client._native.states([self.key])[0]

    def _when_done(self, callback: Callable[[], Any]) -> None:
        """Call back once it is done; at once if it is."""
        self._client._watch(self, callback)

    def _outcome(self) -> Any:
        """The result, in a thread that may wait."""
        return self._client._result(self)

    def done(self) -> bool:
        """Whether the task is over: finished, failed or cancelled."""
        return self.status != "pending"

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self.status == "cancelled"

    def result(self, timeout: float | str | None = None) -> Any:
        """Wait for the result.

        Parameters
        ----------
        timeout : float or str, optional
            Seconds, or a text such as ``"2s"``; default is to wait for as long as it takes.

        Raises
        ------
        TimeoutError
            If it is not there in time.
        FutureCancelledError
            If it was cancelled, or what it rests on is lost.
        Exception
            What the task has raised.
        """
        return answered(self._client.asynchronous, self._client._result, self, timeout)

    def exception(self, timeout: float | str | None = None, **kwargs: Any) -> Any:
        """Wait until the task is over: the exception that it has raised, or None."""
        return answered(self._client.asynchronous, self._exception, timeout)

    def _exception(self, timeout: Any) -> BaseException | None:
        status = self._client._waited(self, timeout)
        if status in ("cancelled", "lost"):
            return self._client._cancelled_error(self.key, status == "lost")
        return self._client._native.error(self.key) if status == "error" else None

    def traceback(self, timeout: float | str | None = None, **kwargs: Any) -> Any:
        """Wait until the task is over: the traceback of its exception, or None."""
        return answered(self._client.asynchronous, self._traceback, timeout)

    def _traceback(self, timeout: Any) -> Any:
        error = self._exception(timeout)
        return None if error is None else error.__traceback__

    def add_done_callback(self, fn: Callable[[Future], Any]) -> None:
        """Call ``fn(future)`` on a thread of its own when the task is over; at once if it is."""
        self._client._watch(self, lambda: threading.Thread(target=fn, args=(self,), daemon=True, name="plait-callback").start())

    def cancel(self, reason: str | None = None, msg: str | None = None, **kwargs: Any) -> Any:
        """Do not run the task, or stop it; see `Client.cancel`."""
        return self._client.cancel([self], reason=reason, msg=msg, **kwargs)

    def retry(self, **kwargs: Any) -> Any:
        """Run the task again if it has failed."""
        return self._client.retry([self], **kwargs)

    def release(self) -> None:
        """Give the result up: the cluster forgets it unless somebody else holds it. Called when the object goes."""
        if self._is_held:
            self._is_held = False
            if self._client.status == "running":
                self._client._native.release([self.key])

    def __del__(self) -> None:
        try:
            self.release()
        except Exception:  # noqa: BLE001
            pass  # the interpreter ends

    @property
    def type(self) -> Any:
        """The type of the result; None while it is not known, its name where the class is not to be found by that."""
        return self._client._type_of(self.key) if self._is_held else None

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._client._result_awaited(self).__await__()

    def __reduce__(self) -> tuple:
        return _received, (self.key, self._client._address)

    def __dask_tokenize__(self) -> tuple:
        return type(self).__name__, self.key

    def __str__(self) -> str:
        return _reprs.future_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _reprs.future_html(self)


# How a future that arrives in a process finds the client of its cluster there: what _found.py gives. Who needs it waits for
# that: another thread may still be importing the package.
_client_at: concurrent.futures.Future[Callable[[str], Any]] = concurrent.futures.Future()


def client_at_from(find: Callable[[str], Any]) -> None:
    """Say how the client of a cluster's address is found."""
    _client_at.set_result(find)


def client_at(address: str) -> Any:
    """The client of this process for the scheduler at an address."""
    return _client_at.result()(address)


def _received(key: Any, address: str) -> Future:
    return Future(key, client_at(address))


def futures_of(o: Any, client: Any = None) -> list[Future]:
    """The futures in an object: in lists, tuples, sets and dicts, and those that hold the blocks of persisted collections.

    Parameters
    ----------
    o : object
        What is searched.
    client : Client, optional
        Whose futures; default is the program's client.

    Raises
    ------
    FuturesCancelledError
        If one was cancelled.
    """
    found: dict[str, Future] = {}
    stack = [o]
    while stack:
        x = stack.pop()
        if isinstance(x, Future):
            found.setdefault(x.key, x)
        elif type(x) in (list, tuple, set, frozenset):
            stack.extend(reversed(list(x)))
        elif type(x) is dict:
            stack.extend(reversed(list(x.values())))
        elif hasattr(type(x), "__plait_exprs__"):
            for key in _plait.cluster.remote_keys(x.__plait_exprs__()):
                found.setdefault(key, Future(key, client))
    return list(found.values())


def prefix_of(future: Future) -> str:
    """The name of what a task calls."""
    return key_split(future.key)


# Futures that nobody holds, and whose work is wanted.
_fired: set[Future] = set()


def fire_and_forget(obj: Any) -> None:
    """Have tasks run to their end though nobody keeps their futures.

    Parameters
    ----------
    obj : Future, list, dict or collection
        What holds the futures.
    """

    def forget(future: Future) -> Callable[[], None]:
        return lambda: _fired.discard(future)

    for future in futures_of(obj):
        _fired.add(future)
        future._client._watch(future, forget(future))
