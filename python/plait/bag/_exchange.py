"""Items that go where those of the same key are: how a partition is cut by the hash of keys, and put together again."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator
from numbers import Number
from typing import Any

from .. import _plait
from ._steps import grouped


def stable_hash(key: Any) -> int:
    """A hash that is the same in every process, and equal for keys that are equal."""
    if isinstance(key, str):
        return zlib.crc32(key.encode("utf-8", "surrogatepass"))
    if isinstance(key, Number):
        return hash(key) if key == key else 0
    if key is None:
        return 0
    if isinstance(key, tuple):
        mixed = len(key)
        for part in key:
            mixed = (mixed * 1000003 + stable_hash(part)) & 0xFFFFFFFFFFFFFFFF
        return mixed
    if isinstance(key, frozenset):
        return sum(map(stable_hash, key))
    return int(_plait.tokenize(key)[:16], 16)


def _batches(part: Iterable, size: int) -> Iterator:
    items = iter(part)
    while batch := list(itertools.islice(items, size)):
        yield batch


def split_by_key(grouper: Callable, n: int, blocksize: int, part: Iterable) -> list:
    """A partition as ``n`` dicts of groups; ``blocksize`` items are looked at at a time."""
    parts: list[dict] = [{} for _ in range(n)]
    for batch in _batches(part, blocksize):
        for key, items in grouped(grouper, batch).items():
            own = parts[stable_hash(key) % n]
            if key in own:
                own[key].extend(items)
            else:
                own[key] = items
    return parts


def merged_groups(*parts: dict) -> list:
    """The groups of several partitions as pairs of key and items."""
    groups: dict = {}
    for part in parts:
        for key, items in part.items():
            if key in groups:
                groups[key] += items
            else:
                groups[key] = list(items)
    return list(groups.items())
