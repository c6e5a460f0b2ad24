"""What the scheduler keeps under a name, and how it is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from ._context import answered, default_client, seconds_of


class Reply(NamedTuple):
    """What the scheduler answers: whether it did what was asked in time, a number, and what it handed out."""

    ok: bool
    number: int
    items: list[tuple[bytes, list[str]]]
    names: list[str]


def _nothing(reply: Reply) -> None:
    pass


class Named:
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
