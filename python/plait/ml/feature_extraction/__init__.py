"""Features of what is no numbers."""

from __future__ import annotations

from . import text

__all__ = ["text"]
