"""What a worker process logs, kept for those who ask: the last lines of its `logging`."""

from __future__ import annotations

import logging
import os
import platform
from collections import deque

_MAX_LINES = 10_000

logger = logging.getLogger("plait.worker")


class _Keeper(logging.Handler):
    """Keeps the last lines, as (level, text)."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
        self.lines: deque[tuple[str, str]] = deque(maxlen=_MAX_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelname, self.format(record)))


_keeper = _Keeper()


def keep() -> None:
    """Keep what is logged in this process from now on."""
    logging.getLogger().addHandler(_keeper)
    # With a handler there, what nobody has set up would not be printed any more.
    logging.getLogger().addHandler(logging.lastResort or logging.NullHandler())
    logger.setLevel(logging.INFO)
    logger.info("worker process %d started, Python %s", os.getpid(), platform.python_version())


def lines(n: int | None = None) -> list[tuple[str, str]]:
    """The last lines, the newest first."""
    kept = list(reversed(_keeper.lines))
    return kept if n is None else kept[:n]
