"""How a client hears of futures that are done."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

from ._context import in_thread
from ._moving import Moving
from .future import Future

_DONE = frozenset(["finished", "error", "lost", "cancelled"])


class Hearing(Moving):
    """The part of `Client` that hears of futures that are done."""

    def __init__(self) -> None:
        self._watched: dict[str, list[Callable[[], Any]]] = {}
        self._watch_lock = threading.Lock()
        self._is_watching = False

    @property
    def futures(self) -> dict[str, Future]:
        """Futures whose end somebody waits for, by their keys."""
        return {key: Future(key, self) for key in list(self._watched)}

    def _watch(self, future: Future, callback: Callable[[], Any]) -> None:
        """Call back once when the future is done; at once if it is."""
        text = future.key
        with self._watch_lock:
            self._watched.setdefault(text, []).append(callback)
            if not self._is_watching and self.status == "running":
                self._is_watching = True
                self._native.on_change(_tell_of(weakref.ref(self)))
        if future.status in _DONE:
            self._tell([text])

    def _tell(self, texts: list[str]) -> None:
        with self._watch_lock:
            callbacks = [each for text in texts for each in self._watched.pop(text, ())]
        for callback in callbacks:
            callback()

    async def _result_awaited(self, future: Future) -> Any:
        import asyncio  # slow to load, and there already

        loop = asyncio.get_running_loop()
        is_done = asyncio.Event()
        self._watch(future, partial(loop.call_soon_threadsafe, is_done.set))
        await is_done.wait()
        return await in_thread(self._result, future)


def _tell_of(client_ref: Any) -> Callable[[str, str], None]:
    def tell(key: str, state: str) -> None:
        client = client_ref() if state in _DONE else None
        if client is not None:
            client._tell([key])

    return tell
