"""Hashes of bytes, for libraries that make keys of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

__all__ = ["hash_buffer", "hash_buffer_hex", "hashers"]


def _hash_blake2b(buf: Any) -> bytes:
    return hashlib.blake2b(buf, digest_size=16, usedforsecurity=False).digest()


# Functions of a buffer that give bytes; the first one that takes the buffer is used.
hashers: list[Callable[[Any], bytes]] = [_hash_blake2b]


def hash_buffer(buf: Any, hasher: Callable[[Any], bytes] | None = None) -> bytes:
    """A hash of an object that shows its bytes; the same bytes give the same hash in every process.

    Parameters
    ----------
    buf : bytes, memoryview, numpy.ndarray, ...
        The bytes, which lie one behind the other.
    hasher : callable, optional
        What is tried first; then the functions in ``hashers`` are.

    Raises
    ------
    TypeError
        If no function takes it.
    """
    for each in ([] if hasher is None else [hasher]) + hashers:
        try:
            return each(buf)
        except (TypeError, OverflowError, BufferError):
            continue
    raise TypeError(f"hash_buffer takes an object that shows its bytes; found {type(buf).__name__}")


def hash_buffer_hex(buf: Any, hasher: Callable[[Any], bytes] | None = None) -> str:
    """:func:`hash_buffer` as hexadecimal digits."""
    return hash_buffer(buf, hasher).hex()
