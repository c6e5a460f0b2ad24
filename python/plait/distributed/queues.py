"""What programs and tasks of one cluster hand to each other: queues and variables, which have names."""

from __future__ import annotations

from typing import Any

from .. import _pickle
from ._named import Named, Reply
from .future import Future


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


class Queue(Named):
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


class Variable(Named):
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
