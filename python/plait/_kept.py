"""Results that are kept for later runs while a cache is active: what stands between ``compute`` and the engine."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Protocol

from . import _plait


class Store(Protocol):
    """What keeps values: a dict of what it has, and a way to offer it more."""

    data: dict[str, Any]

    def put(self, key: str, value: Any, cost: float, nbytes: int) -> None: ...


# The caches that compute() asks; the last one is asked.
active: list[Store] = []


def compute(exprs: list, scheduler: Any, num_workers: int, optimize: bool, kwargs: dict) -> list:
    """The values of plan nodes, as ``_plait.compute`` gives them. What the cache has is not made again, also where it is a part of
    a plan; what was made is offered to it."""
    store = active[-1]
    plans = _plait.with_kept(exprs, list(store.data.values()))
    start = perf_counter()
    blocks = _plait.persist(plans, scheduler, num_workers, optimize, kwargs)
    seconds = perf_counter() - start
    for expr, kept in zip(exprs, blocks, strict=True):
        if expr.token not in store.data:
            num_bytes = max(1, _plait.bytes_of_blocks(kept))
            store.put(expr.token, kept, cost=seconds / len(exprs) / num_bytes, nbytes=num_bytes)
    return _plait.compute(blocks, "sync")
