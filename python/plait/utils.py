"""Small functions that programs use beside the collections."""

from __future__ import annotations

from . import _plait


def parse_bytes(s: float | str) -> int:
    """The number of bytes that a text such as ``"10MB"`` (10**7) or ``"10MiB"`` (10 * 2**20) says.

    Raises
    ------
    ValueError
        If the text is not a size.
    """
    return int(s) if isinstance(s, (int, float)) else _plait.parse_bytes(s)


def format_bytes(n: float) -> str:
    """A number of bytes as text with a fitting unit: ``"1.50 GiB"``."""
    return _plait.format_bytes(n)


def key_split(s: object) -> str:
    """The name in a key without its token: ``"add-1f3a..."`` gives ``"add"``."""
    if isinstance(s, tuple):
        return key_split(s[0])
    head, separator, tail = str(s).rpartition("-")
    return head if separator and len(tail) == 32 else str(s)
