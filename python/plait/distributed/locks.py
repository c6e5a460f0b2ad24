"""What programs and tasks of one cluster wait for: locks, semaphores and events, which have names."""

from __future__ import annotations

import uuid
from typing import Any, Self

from ._named import Named, Reply


def _patience(kind: str, blocking: bool, timeout: Any) -> Any:
    """How long to wait for a lock: 0 for not at all, None for ever."""
    if not blocking and timeout is not None:
        raise ValueError(f"{kind}.acquire: timeout is {timeout!r}, but blocking is False, so it does not wait")
    return timeout if blocking else 0


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


class Semaphore(_Held, Named):
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
        wanted = _patience("Lock", blocking, timeout)
        return self._acquired(wanted)

    def locked(self) -> Any:
        """Whether somebody holds it."""
        return self._ask("info", lambda reply: reply.number > 0)

    def __reduce__(self) -> tuple:
        return type(self), (self.name,)


class MultiLock(_Held, Named):
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
        wanted = _patience("MultiLock", blocking, timeout)
        if self._is_held:
            raise RuntimeError("MultiLock.acquire: this object holds the locks already")

        def note(reply: Reply) -> bool:
            self._is_held = reply.ok
            return reply.ok

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


class Event(Named):
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
