"""The collection protocol as types: what a collection is, for type checkers and ``isinstance``."""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar, runtime_checkable

Key: TypeAlias = "str | int | float | tuple[Key, ...]"
Graph: TypeAlias = Mapping[Any, Any]
NestedKeys: TypeAlias = "list[Key | NestedKeys]"
PostComputeCallable: TypeAlias = Callable[..., Any]

CollType = TypeVar("CollType", bound="DaskCollection")
CollType_co = TypeVar("CollType_co", bound="DaskCollection", covariant=True)


class SchedulerGetCallable(Protocol):
    """What runs a graph."""

    def __call__(self, dsk: Graph, keys: Any, **kwargs: Any) -> Any:
        """The values of the keys, in the lists in which these are."""


class PostPersistCallable(Protocol[CollType_co]):
    """What makes a collection of a graph: the first part of what ``__dask_postpersist__`` gives."""

    def __call__(self, dsk: Graph, *args: Any, rename: Mapping[str, str] | None = None) -> CollType_co:
        """A collection whose blocks the graph makes; ``rename`` says which names its keys have now."""


@runtime_checkable
class DaskCollection(Protocol):
    """A collection of any library."""

    __dask_scheduler__: staticmethod

    def __dask_graph__(self) -> Graph:
        """Its keys and tasks; None if this object is no collection."""

    def __dask_keys__(self) -> NestedKeys:
        """The keys of its blocks, in nested lists."""

    def __dask_postcompute__(self) -> tuple[PostComputeCallable, tuple]:
        """The function that makes the result of the blocks' values, and its further arguments."""

    def __dask_postpersist__(self) -> tuple[PostPersistCallable, tuple]:
        """The function that makes a collection of a graph, and its further arguments."""

    def __dask_tokenize__(self) -> Hashable:
        """What names its content."""

    __dask_optimize__: Any

    def compute(self, **kwargs: Any) -> Any:
        """Its result."""

    def persist(self: CollType, **kwargs: Any) -> CollType:
        """The collection with its blocks in memory."""

    def visualize(self, filename: str | None = "mydask", format: str | None = None, optimize_graph: bool = False, **kwargs: Any) -> Any:
        """Its graph as a picture."""


@runtime_checkable
class HLGDaskCollection(DaskCollection, Protocol):
    """A collection whose graph has layers."""

    def __dask_layers__(self) -> Sequence[str]:
        """The names of the layers that its blocks are in."""


class _NoDefault(enum.Enum):
    no_default = "no default"

    def __repr__(self) -> str:
        return "<no-default>"


no_default = _NoDefault.no_default
NoDefault: TypeAlias = _NoDefault
