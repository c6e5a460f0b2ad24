"""Bytes: of a partition, and as users write them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any

_UNITS = {"": 1, "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
          "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}  # fmt: skip

_SAMPLES = 1000


def bytes_argument(what: str, argument: str, given: Any) -> int:
    """A number of bytes, or a text such as "100MB"."""
    try:
        if isinstance(given, str):
            text = given.strip().lower()
            number = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
            size = int(float(number or 1) * _UNITS[text[len(number) :].strip()])
        else:
            size = int(given)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{what}: {argument} is {given!r}, expected a number of bytes or a text such as '100MB'") from None
    if size < 1:
        raise ValueError(f"{what}: {argument} must be at least 1 byte, found {given!r}")
    return size


def size_of_partition(part: Iterable) -> float:
    """About how many bytes the items of a partition take."""
    items = part if isinstance(part, list) else list(part)
    if not items:
        return float(sys.getsizeof(items))
    step = max(1, len(items) // _SAMPLES)
    sample = items[::step]
    return sys.getsizeof(items) + sum(map(_size, sample)) / len(sample) * len(items)


def _size(thing: Any, depth: int = 3) -> float:
    size: float = getattr(thing, "nbytes", None) or sys.getsizeof(thing)
    if depth and isinstance(thing, list | tuple | set | frozenset | dict):
        inside = list(islice(thing.items() if isinstance(thing, dict) else thing, 10))
        if inside:
            size += sum(_size(each, depth - 1) for each in inside) / len(inside) * len(thing)
    return size
