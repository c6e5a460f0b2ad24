"""Loops over computed rows, one partition in memory at a time."""

from __future__ import annotations

from typing import Any, Iterator


def _computed_parts(collection: Any) -> Iterator[Any]:
    return (part.compute() for part in collection.partitions)


class IterateRowsMixin:
    """Loops over the rows of a frame."""

    __slots__ = ()

    def iterrows(self) -> Iterator[tuple]:
        """Pairs of label and row; computes one partition after the other."""
        for part in _computed_parts(self):
            yield from part.iterrows()

    def itertuples(self, index: bool = True, name: str | None = "Pandas") -> Iterator[tuple]:
        """Rows as named tuples; computes one partition after the other."""
        for part in _computed_parts(self):
            yield from part.itertuples(index=index, name=name)


class IterateValuesMixin:
    """Loops over the values of a series or index."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        for part in _computed_parts(self):
            yield from part


class IterateItemsMixin(IterateValuesMixin):
    """Loops over the values of a series with their labels."""

    __slots__ = ()

    def items(self) -> Iterator[tuple]:
        """Pairs of label and value; computes one partition after the other."""
        for part in _computed_parts(self):
            yield from part.items()
