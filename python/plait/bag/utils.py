"""For tests of programs that use bags."""

from __future__ import annotations

from typing import Any


def assert_eq(a: Any, b: Any, scheduler: str = "sync") -> None:
    """Fails unless both are the same; bags and lazy values are computed.

    Raises
    ------
    AssertionError
        With both sides, if they differ.
    """
    left = a.compute(scheduler=scheduler) if hasattr(a, "compute") else a
    right = b.compute(scheduler=scheduler) if hasattr(b, "compute") else b
    if left != right:
        raise AssertionError(f"the two sides differ:\n{left!r}\n{right!r}")
