"""What workers log, sent to the program as events: what `Client.forward_logging` sets up."""

from __future__ import annotations

import logging
from typing import Any

from .plugin import WorkerPlugin

# The topic of the events.
FORWARDED = "forwarded-log-record"


class ForwardLogging(WorkerPlugin):
    """Sends what a logger handles in the workers to the program.

    Parameters
    ----------
    logger_name : str, optional
        Which; default is all.
    level : int or str
        Only from this level on.
    """

    def __init__(self, logger_name: str | None = None, level: int | str = logging.NOTSET):
        self.name = f"forward-logging-{logger_name or '<root>'}"
        self.logger_name = logger_name
        self.level = level

    def setup(self, worker: Any) -> None:
        """Begin."""
        self._handler = _Forwarder(worker, self.level)
        logging.getLogger(self.logger_name).addHandler(self._handler)

    def teardown(self, worker: Any) -> None:
        """End."""
        logging.getLogger(self.logger_name).removeHandler(self._handler)


class _Forwarder(logging.Handler):
    def __init__(self, worker: Any, level: int | str):
        super().__init__(level)
        self._worker = worker

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "is_forwarded", False):
            return  # the worker is a thread of the program, which handles what it gets
        if record.exc_info:
            self.format(record)  # writes the traceback into the record, as text
        said = {**record.__dict__, "msg": record.getMessage(), "args": None, "exc_info": None, "worker": self._worker.address, "is_forwarded": True}
        said.pop("message", None)
        try:
            self._worker.log_event(FORWARDED, said)
        except Exception:  # noqa: BLE001
            self.handleError(record)
