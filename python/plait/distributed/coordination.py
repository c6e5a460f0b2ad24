"""What programs and tasks of one cluster agree by: locks, semaphores, events, queues and variables, which have names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator
from typing import Any, NamedTuple, Self

from .. import _pickle
from ._context import answered, default_client, seconds_of
from .future import Future


class Reply(NamedTuple):
    """What the scheduler answers: whether it did what was asked in time, a number, and what it handed out."""

    ok: bool
    number: int
    items: list[tuple[bytes, list[str]]]
    names: list[str]


def _nothing(reply: Reply) -> None:
    pass


class _Named:
    """Something on the scheduler that all who know its name share; ``id`` is this object's own."""

    _kind = ""

    def __init__(self, name: Any = None, client: Any = None):
        self.name = name if name is not None else f"{self._kind}-{uuid.uuid4().hex}"
        self.id = uuid.uuid4().hex
        self._given_client = client

    @property
    def client(self) -> Any:
        """The client through which it is asked."""
        return default_client(self._given_client)

    @property
    def _text(self) -> str:
        """Its name among those of its kind."""
        return str(self.name)

    def _ask(self, action: str, then: Callable[[Reply], Any] = _nothing, timeout: Any = None, **arguments: Any) -> Any:
        """Have the scheduler do something, and make what the user gets of its reply."""
        client = self.client
        seconds = None if timeout is None else seconds_of(timeout)

        def ask() -> Any:
            client._check_open()
            reply = client._native.share(self._kind, action, **{"names": [self._text], "timeout": seconds, **arguments})
            return then(Reply(*reply))

        return answered(client.asynchronous, ask)

    def __reduce__(self) -> tuple:
        return type(self), (self.name,)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name}>"

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._itself().__await__()

    async def _itself(self) -> Any:
        return self


def _new_owner() -> int:
    """A number for a holder, which no other has."""
    return uuid.uuid4().int >> 64


class _Held:
    """What is acquired and released, as a context: `with` and `async with`."""

    acquire: Any
    release: Any

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()

    async def __aenter__(self) -> Self:
        await self.acquire()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.release()


class Semaphore(_Held, _Named):
    """A number of leases that tasks and programs share; who holds one may go on.

    A lease comes back when its holder gives it back, and when the process that holds it ends.

    Parameters
    ----------
    max_leases : int
        How many there are.
    name : str, optional
        Under which others find it; default is one that no other has.

    Examples
    --------
    >>> with Semaphore(max_leases=2, name="database"):  # doctest: +SKIP
    ...     use_the_database()
    """

    _kind = "semaphore"

    def __init__(self, max_leases: int = 1, name: Any = None, scheduler_rpc: Any = None, loop: Any = None, client: Any = None):
        super().__init__(name, client)
        if max_leases <= 0:
            raise ValueError(f"{type(self).__name__}: max_leases is {max_leases}, expected at least 1")
        self.max_leases = max_leases
        self._owners: list[int] = []

    def acquire(self, timeout: float | str | None = None) -> Any:
        """Take a lease; wait for one if there is none.

        Parameters
        ----------
        timeout : float or str, optional
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether there is one now.
        """
        return self._acquired(timeout)

    def _acquired(self, timeout: Any) -> Any:
        owner = _new_owner()

        def note(reply: Reply) -> bool:
            if reply.ok:
                self._owners.append(owner)
            return reply.ok

        return self._ask("acquire", note, timeout, limit=self.max_leases, owner=owner)

    def release(self) -> Any:
        """Give a lease back.

        Returns
        -------
        bool
            Whether the scheduler still knew of it.

        Raises
        ------
        RuntimeError
            If this object holds none.
        """
        if not self._owners:
            raise RuntimeError(f"{type(self).__name__} {self.name!r} is released, but this object holds no lease of it")
        return self._ask("release", lambda reply: reply.ok, limit=self.max_leases, owner=self._owners.pop(0))

    def get_value(self) -> Any:
        """How many leases are taken."""
        return self._ask("info", lambda reply: reply.number)

    def close(self) -> Any:
        """Forget it: who has it can take no lease any more."""
        return self._ask("remove")

    def __reduce__(self) -> tuple:
        return type(self), (self.max_leases, self.name)


class Lock(Semaphore):
    """Who holds it may go on; the others wait. It is not reentrant, and comes back when the process that holds it ends.

    Parameters
    ----------
    name : str, optional
        Under which others find it; default is one that no other has.
    client : Client, optional
        Default is the program's.

    Examples
    --------
    >>> with Lock("file"):  # doctest: +SKIP
    ...     write_the_file()
    """

    _kind = "lock"

    def __init__(self, name: Any = None, client: Any = None, scheduler_rpc: Any = None, loop: Any = None):
        super().__init__(1, name, client=client)

    def acquire(self, blocking: bool = True, timeout: float | str | None = None) -> Any:  # type: ignore[override]
        """Take the lock.

        Parameters
        ----------
        blocking : bool
            Whether to wait for it.
        timeout : float or str, optional
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether it is held now.
        """
        if not blocking and timeout is not None:
            raise ValueError(f"Lock.acquire: timeout is {timeout!r}, but blocking is False, so it does not wait")
        return self._acquired(timeout if blocking else 0)

    def locked(self) -> Any:
        """Whether somebody holds it."""
        return self._ask("info", lambda reply: reply.number > 0)

    def __reduce__(self) -> tuple:
        return type(self), (self.name,)


class MultiLock(_Held, _Named):
    """Several locks that are taken at once, so that two programs which need the same ones do not block each other.

    Parameters
    ----------
    names : list of str
        The locks' names; a `Lock` of such a name is the same lock.
    client : Client, optional
        Default is the program's.
    """

    _kind = "lock"

    def __init__(self, names: list[str] | None = None, client: Any = None):
        super().__init__(None, client)
        self.names = list(names or [])
        self._owner = _new_owner()
        self._is_held = False

    def acquire(self, blocking: bool = True, timeout: float | str | None = None, num_locks: int | None = None) -> Any:
        """Take the locks.

        Parameters
        ----------
        blocking : bool
            Whether to wait for them.
        timeout : float or str, optional
            Seconds to wait at most.
        num_locks : int, optional
            How many of them are enough.

        Returns
        -------
        bool
            Whether they are held now.
        """
        if not blocking and timeout is not None:
            raise ValueError(f"MultiLock.acquire: timeout is {timeout!r}, but blocking is False, so it does not wait")
        if self._is_held:
            raise RuntimeError("MultiLock.acquire: this object holds the locks already")

        def note(reply: Reply) -> bool:
            self._is_held = reply.ok
            return reply.ok

        wanted = timeout if blocking else 0
        return self._ask("acquire", note, wanted, names=self.names, count=num_locks or len(self.names), owner=self._owner)

    def release(self) -> Any:
        """Give the locks back.

        Raises
        ------
        ValueError
            If they are not held.
        """
        if not self._is_held:
            raise ValueError("MultiLock.release: the locks are not held")
        self._is_held = False
        return self._ask("release", names=self.names, owner=self._owner)

    def locked(self) -> bool:
        """Whether this object holds them."""
        return self._is_held

    def __reduce__(self) -> tuple:
        return type(self), (self.names,)


class Event(_Named):
    """A flag that programs and tasks set, clear, and wait for.

    Parameters
    ----------
    name : str, optional
        Under which others find it; default is one that no other has.
    client : Client, optional
        Default is the program's.
    """

    _kind = "event"

    def set(self) -> Any:
        """Set the flag; all who wait go on."""
        return self._ask("put")

    def clear(self) -> Any:
        """Clear the flag."""
        return self._ask("remove")

    def is_set(self) -> Any:
        """Whether it is set."""
        return self._ask("info", lambda reply: reply.number > 0)

    def wait(self, timeout: float | str | None = None) -> Any:
        """Wait until it is set; False if it is not in time."""
        return self._ask("get", lambda reply: reply.ok, timeout)


def _packed(value: Any) -> dict[str, Any]:
    """A value for the scheduler: a future stays one, and is kept by what holds it.

    Raises
    ------
    TimeoutError
        If it is a future that has been cancelled: its result will not come.
    """
    is_future = isinstance(value, Future)
    if is_future and value.status == "cancelled":
        raise TimeoutError(f"the future {value.key} has been cancelled, so there is nothing to share")
    return {"data": _pickle.dumps((is_future, value.key if is_future else value)), "keys": [value.key] if is_future else []}


def _unpacked(client: Any, reply: Reply) -> list:
    found = [_pickle.loads(data) for data, _ in reply.items]
    values = [Future(value, client) if is_future else value for is_future, value in found]
    if any(is_future for is_future, _ in found):
        client._native.ask("counts", {})  # what the scheduler knows of them has come before its answer
    return values


class Queue(_Named):
    """A queue of small values and futures between programs and tasks.

    Parameters
    ----------
    name : str, optional
        Under which others find it; default is one that no other has.
    client : Client, optional
        Default is the program's.
    maxsize : int
        How many values it takes; who puts another one waits. 0 is any number.
    """

    _kind = "queue"

    def __init__(self, name: Any = None, client: Any = None, maxsize: int = 0):
        super().__init__(name, client)
        self.maxsize = maxsize

    def put(self, value: Any, timeout: float | str | None = None, **kwargs: Any) -> Any:
        """Add a value at the end.

        Raises
        ------
        TimeoutError
            If the queue stays full.
        """

        def check(reply: Reply) -> None:
            if not reply.ok:
                raise TimeoutError(f"Queue {self.name!r}: it is still full after {timeout}")

        return self._ask("put", check, timeout, limit=self.maxsize, **_packed(value))

    def get(self, timeout: float | str | None = None, batch: bool | int = False, **kwargs: Any) -> Any:
        """Take the first value.

        Parameters
        ----------
        timeout : float or str, optional
            Seconds to wait at most.
        batch : bool or int
            True takes all values that are there, as a list; a number takes so many, and waits for them.

        Raises
        ------
        TimeoutError
            If there is none in time.
        """
        client = self.client

        def taken(reply: Reply) -> Any:
            values = _unpacked(client, reply)
            if not reply.ok and batch is not True:
                raise TimeoutError(f"Queue {self.name!r}: nothing has come after {timeout}")
            return values[0] if batch is False else values

        if batch is True:
            return self._ask("get", taken, 0, count=0)
        return self._ask("get", taken, timeout, count=1 if batch is False else batch)

    def qsize(self, **kwargs: Any) -> Any:
        """How many values are in it."""
        return self._ask("info", lambda reply: reply.number)

    def close(self) -> Any:
        """Forget it and what is in it."""
        return self._ask("remove")

    def __reduce__(self) -> tuple:
        return type(self), (self.name, None, self.maxsize)


class Variable(_Named):
    """A small value or a future that programs and tasks share. A future that stands in it is kept.

    Parameters
    ----------
    name : str, optional
        Under which others find it; default is one that no other has.
    client : Client, optional
        Default is the program's.
    """

    _kind = "variable"

    def set(self, value: Any, timeout: float | str = "30 s", **kwargs: Any) -> Any:
        """Give it a value; a future must not have been cancelled."""
        return self._ask("put", timeout=timeout, **_packed(value))

    def get(self, timeout: float | str | None = None, **kwargs: Any) -> Any:
        """Its value; wait for one if it has none.

        Raises
        ------
        TimeoutError
            If it has none in time.
        """
        client = self.client

        def loaded(reply: Reply) -> Any:
            if not reply.ok:
                raise TimeoutError(f"Variable {self.name!r} has no value after {timeout}")
            return _unpacked(client, reply)[0]

        return self._ask("get", loaded, timeout)

    def delete(self) -> Any:
        """Forget it."""
        return self._ask("remove")
