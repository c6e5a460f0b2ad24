"""What all parts of a client build on: its connection to the scheduler."""

from __future__ import annotations

from typing import Any

from .exceptions import ClosedClientError, FutureCancelledError
from .future import Future, futures_of


class Connected:
    """The part of `Client` that is connected."""

    _native: Any
    _executor: Any
    _address: str
    status: str
    asynchronous: bool

    def _check_open(self) -> None:
        if self.status == "running":
            if self._native.is_connected:
                return
            raise ClosedClientError(f"the scheduler at {self._address} is gone, and what it knew with it; start a new cluster")
        if self.status == "connecting":
            raise ClosedClientError("the client is not connected; await it first")
        raise ClosedClientError("the client is closed; make a new one")

    def _cancelled_error(self, key: str, is_lost: bool = False) -> FutureCancelledError:
        """The error of who asks for a result that nobody will have."""
        if is_lost:
            return FutureCancelledError(key, "what it rests on is lost")
        reason, text = self._native.why_cancelled(key)
        return FutureCancelledError(key, reason or None, text or None)

    def futures_of(self, futures: Any) -> list[Future]:
        """The futures in an object; see `plait.distributed.futures_of`."""
        return futures_of(futures, self)
