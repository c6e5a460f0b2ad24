"""What goes wrong on a cluster, beside what tasks raise themselves."""

from __future__ import annotations

import builtins
from concurrent.futures import CancelledError
from typing import Any

TimeoutError = builtins.TimeoutError


class CommClosedError(OSError):
    """The connection to the scheduler is gone."""


class ClosedClientError(Exception):
    """The client is closed, or its scheduler is gone."""


class Reschedule(Exception):
    """Raised by a task that wants to run elsewhere."""


class FutureCancelledError(CancelledError):
    """A result that nobody will have: its future was cancelled, or what it rests on is lost.

    Attributes
    ----------
    key : object
        The key of the future.
    reason : str
        Why.
    """

    def __init__(self, key: Any, reason: str | None, msg: str | None = None):
        self.key = key
        self.reason = reason or "unknown"
        self.msg = msg

    def __str__(self) -> str:
        text = f"{self.key} cancelled for reason: {self.reason}."
        return f"{text}\n{self.msg}" if self.msg else text

    def __reduce__(self) -> tuple:
        return type(self), (self.key, self.reason, self.msg)


class FuturesCancelledError(CancelledError):
    """Several results that nobody will have.

    Attributes
    ----------
    errors : list of FutureCancelledError
        One for each.
    """

    def __init__(self, errors: list[FutureCancelledError]):
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def __reduce__(self) -> tuple:
        return type(self), (self.errors,)


class KilledWorker(RuntimeError):
    """The workers that ran a task ended each time, so it is not tried again.

    Attributes
    ----------
    task : str
        The task's key.
    """

    def __init__(self, task: str, message: str = ""):
        self.task = task
        self.message = message or f"the workers that ran the task {task!r} ended each time; it is not tried again"
        super().__init__(task, self.message)

    def __str__(self) -> str:
        return self.message
