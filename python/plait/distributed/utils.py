"""Logs, as notebooks show them."""

from __future__ import annotations

import html

from ..utils import funcname, key_split, parse_bytes, parse_timedelta

__all__ = ["Log", "Logs", "funcname", "key_split", "parse_bytes", "parse_timedelta"]


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
