"""Functions that stand in graphs to make tasks wait for others."""

from __future__ import annotations

from typing import Any


class chunks:
    """What `plait.graph_manipulation` puts into graphs."""

    @staticmethod
    def bind(node: Any, *args: Any, **kwargs: Any) -> Any:
        """The value of ``node``, once the others are there, too."""
        return node

    @staticmethod
    def checkpoint(*args: Any, **kwargs: Any) -> None:
        """None, once all others are there."""
