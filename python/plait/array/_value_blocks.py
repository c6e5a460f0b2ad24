"""Arrays whose blocks are values of a plan's node that the engine knows no elements of: Python objects, sparse matrices."""

from __future__ import annotations

from typing import Any

from ._array import Array


class ValueArray(Array):
    """What is known of such an array before computing: its node, whose blocks are values, and their extents."""

    __slots__ = ("_expr", "_own_chunks")
    _is_encoded = True  # what only knows the engine's arrays does not take it

    def __init__(self, expr: Any, chunks: tuple):
        self._expr, self._own_chunks, self._column_names, self._own_name = expr, chunks, None, None

    def __plait_exprs__(self) -> list:
        return [self._expr]

    @property
    def chunks(self) -> tuple:
        """The extents of the blocks along each axis; NaN where only computing tells."""
        return self._own_chunks

    @property
    def shape(self) -> tuple:
        """The extents; NaN where only computing tells."""
        return tuple(sum(extents) for extents in self._own_chunks)

    @property
    def chunksize(self) -> tuple:
        """The largest extent of a block along each axis."""
        return tuple(max(extents) for extents in self._own_chunks)

    @property
    def npartitions(self) -> int:
        """The number of blocks."""
        return self._expr.num_blocks

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._own_chunks)

    @property
    def name(self) -> str:
        """The name of the layer of tasks that makes this array."""
        return self._own_name or self._expr.name

    def _with_name(self, name: str) -> Any:
        made = type(self)(self._expr, self._own_chunks)
        made._own_name = name
        return made

    def _become(self, other: Any) -> None:
        self._expr, self._own_chunks, self._own_name = other._expr, other._own_chunks, None

    @property
    def _op(self) -> str:
        return self._expr.op
