"""Clocks under the names of Dask's: what programs measure time with."""

from __future__ import annotations

import sys
from time import monotonic, process_time, thread_time, time
from typing import Any

from .._missing_names import missing

__all__ = ["monotonic", "process_time", "thread_time", "time"]


def __getattr__(name: str) -> Any:
    raise missing(__name__, name, sys.modules[__name__])
