"""Which tasks ran in a block, and how they ended."""

from __future__ import annotations

from time import time
from typing import Any

from ._context import default_client, in_thread


class get_task_metadata:  # noqa: N801
    """Note the tasks that end in a ``with`` block.

    Attributes
    ----------
    metadata : dict
        By its key, of each task that has run: ``worker``, ``start``, ``stop`` and ``nbytes``; of one that failed nothing.
    state : dict
        By its key ``"memory"`` or ``"erred"``.

    Examples
    --------
    >>> with get_task_metadata() as tasks:  # doctest: +SKIP
    ...     client.submit(abs, -1).result()
    >>> tasks.state  # doctest: +SKIP
    {'abs-...': 'memory'}
    """

    def __init__(self) -> None:
        self.metadata: dict[str, dict[str, Any]] | None = None
        self.state: dict[str, str] | None = None

    def _erred(self) -> set[str]:
        return {key for key, task in self._client._native.ask("tasks", {}).items() if task["state"] == "erred"}

    def _begin(self) -> None:
        self._client = default_client()
        self._client._check_open()
        self._had_erred = self._erred()
        self._start = time()

    def _end(self) -> None:
        ran = self._client._native.ask("task_stream", {"start": self._start})
        ran = [each for each in ran if each["start"] >= self._start]
        erred = sorted(self._erred() - self._had_erred)
        self.metadata = {each["key"]: {name: each[name] for name in ("worker", "start", "stop", "nbytes")} for each in ran}
        self.metadata.update({key: {} for key in erred})
        self.state = {each["key"]: "memory" for each in ran}
        self.state.update(dict.fromkeys(erred, "erred"))

    def __enter__(self) -> get_task_metadata:
        self._begin()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    async def __aenter__(self) -> get_task_metadata:
        await in_thread(self._begin)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await in_thread(self._end)
