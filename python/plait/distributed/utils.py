"""Logs, as notebooks show them, and a few names that programs look for here."""

from __future__ import annotations

import html
import socket
from concurrent.futures import CancelledError

from ..utils import funcname, key_split, parse_bytes, parse_timedelta
from .exceptions import TimeoutError

__all__ = ["CancelledError", "Log", "Logs", "TimeoutError", "funcname", "key_split", "open_port", "parse_bytes", "parse_timedelta"]


def open_port(host: str = "") -> int:
    """A port of this machine that is free now.

    Parameters
    ----------
    host : str
        The address whose port it is; default is any.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as found:
        found.bind((host, 0))
        return found.getsockname()[1]


class Log(str):
    """What one process has logged."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<pre style="font-size: 12px;">{html.escape(self.rstrip())}</pre>'


class Logs(dict):
    """What several processes have logged, by their names."""

    def _repr_html_(self) -> str:
        return "\n".join(
            f'<details><summary><h4 style="display: inline;">{html.escape(str(name))}</h4></summary>{Log(log)._repr_html_()}</details>'
            for name, log in sorted(self.items(), key=lambda each: str(each[0]))
        )
