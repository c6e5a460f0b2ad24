"""Layers whose tasks follow from the names of axes: what libraries build their own collections of.

`plait.array.blockwise` is the same for arrays. A layer here is only described; its tasks are made when somebody asks for them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ._lazy import numpy as np
from ._task_containers import List
from ._task_nodes import DataNode, GraphNode, Task, TaskRef
from .highlevelgraph import HighLevelGraph, Layer

__all__ = ["BlockIndex", "Blockwise", "BlockwiseDep", "BlockwiseDepDict", "blockwise", "blockwise_token", "fuse_roots", "optimize_blockwise"]


class BlockwiseDep:
    """An argument that has a value for each block, rather than a key: what sources of data derive from.

    ``numblocks`` says how many blocks there are along each axis, ``self[index]`` what the block of that index is given.
    """

    numblocks: tuple[int, ...]
    produces_tasks: bool = False

    def __getitem__(self, idx: tuple[int, ...]) -> Any:
        raise NotImplementedError(f"{type(self).__name__} must say what each block is given: define __getitem__")

    def get(self, idx: tuple[int, ...], default: Any) -> Any:
        """What a block is given, or ``default`` if there is nothing for it."""
        try:
            return self[idx]
        except KeyError:
            return default

    @property
    def produces_keys(self) -> bool:
        """Whether the values are keys of other tasks."""
        return False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.numblocks}>"


class BlockwiseDepDict(BlockwiseDep):
    """The values for blocks as a dict.

    Parameters
    ----------
    mapping : dict
        Indices of blocks, as tuples, to values.
    numblocks : tuple of int, optional
        Default is one axis, as long as the dict.
    produces_tasks, produces_keys : bool
        Whether the values are tasks, or keys.
    """

    def __init__(self, mapping: dict, numblocks: tuple[int, ...] | None = None, produces_tasks: bool = False, produces_keys: bool = False):
        self.mapping, self.produces_tasks, self._produces_keys = mapping, produces_tasks, produces_keys
        self.numblocks = numblocks or (len(mapping),)

    @property
    def produces_keys(self) -> bool:
        return self._produces_keys

    def __getitem__(self, idx: tuple[int, ...]) -> Any:
        return self.mapping[idx]


class BlockIndex(BlockwiseDep):
    """Gives each block its own index."""

    def __init__(self, numblocks: tuple[int, ...]):
        self.numblocks = numblocks

    def __getitem__(self, idx: tuple[int, ...]) -> tuple[int, ...]:
        return idx


def blockwise_token(i: int, prefix: str = "__dask_blockwise__") -> str:
    """What stands in a layer's task for its argument number ``i``."""
    return f"{prefix}{i}"


class Blockwise(Layer):
    """The layer of one task for each block of its output.

    Parameters
    ----------
    output : str
        Its name: keys are ``(output, i, j, ...)``.
    output_indices : iterable
        The names of the output's axes.
    task : Task
        What is done for a block; `TaskRef` of ``blockwise_token(i)`` stand for its arguments.
    indices : iterable of pairs
        The arguments: the name of a collection or a `BlockwiseDep` with the names of its axes, or a value with None.
    numblocks : mapping
        How many blocks each collection has along its axes.
    concatenate : bool, optional
        Whether blocks along axes that the output does not have come as one NumPy array; else in lists, nested for several axes.
    new_axes : mapping, optional
        Axes that no argument has, with their extent, or the extents of their blocks.
    output_blocks : set of tuple, optional
        The blocks that there are; default is all.
    annotations : mapping, optional
        See `Layer`.

    Raises
    ------
    ValueError
        If arguments have different numbers of blocks along an axis, or none has an axis of the output.
    """

    def __init__(
        self,
        output: str,
        output_indices: Iterable,
        task: Task,
        indices: Iterable[tuple[Any, Iterable | None]],
        numblocks: Mapping[str, Sequence[int]],
        concatenate: bool | None = None,
        new_axes: Mapping[str, Any] | None = None,
        output_blocks: set[tuple[int, ...]] | None = None,
        annotations: Mapping[str, Any] | None = None,
    ):
        super().__init__(annotations=annotations)
        self.output, self.output_indices, self.task = output, tuple(output_indices), task
        self.indices = tuple((name, None if axes is None else tuple(axes)) for name, axes in indices)
        self.numblocks = {name: tuple(counts) for name, counts in numblocks.items()}
        self.concatenate, self.new_axes, self.output_blocks = concatenate, dict(new_axes or {}), output_blocks
        self.dims = self._counts()
        self._made: dict | None = None

    def _counts(self) -> dict:
        """How many blocks there are along each axis."""
        counts: dict = {}
        for name, axes in self.indices:
            own = () if axes is None else self._numblocks_of(name)
            for axis, count in zip(axes or (), own, strict=True):
                known = counts.setdefault(axis, count)
                if known == 1:
                    counts[axis] = count
                elif count not in (1, known):
                    raise ValueError(f"blockwise: arguments have {known} and {count} blocks along axis {axis!r}")
        for axis, extent in self.new_axes.items():
            counts[axis] = len(extent) if isinstance(extent, (tuple, list)) else 1
        if unknown := [axis for axis in self.output_indices if axis not in counts]:
            raise ValueError(f"blockwise: no argument has the axis {unknown[0]!r} of the output; give its extent in new_axes=")
        return counts

    def _numblocks_of(self, name: Any) -> tuple[int, ...]:
        if isinstance(name, BlockwiseDep):
            return tuple(name.numblocks)
        if name not in self.numblocks:
            raise ValueError(f"blockwise: numblocks= does not say how many blocks {name!r} has")
        return self.numblocks[name]

    # The mapping of keys to tasks.

    @property
    def is_blockwise(self) -> bool:
        return True

    def is_materialized(self) -> bool:
        return self._made is not None

    def get_output_keys(self) -> set:
        blocks = self.output_blocks
        if blocks is None:
            blocks = set(itertools.product(*(range(self.dims[axis]) for axis in self.output_indices)))
        return {(self.output, *block) for block in blocks}

    @property
    def _tasks(self) -> dict:
        if self._made is None:
            self._made = {key: self._task_of(key) for key in sorted(self.get_output_keys())}
        return self._made

    def __getitem__(self, key: Any) -> Any:
        return self._tasks[key]

    def __iter__(self) -> Iterator:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self.get_output_keys())

    def __contains__(self, key: object) -> bool:
        return key in self._tasks

    def cull(self, keys: Iterable, all_hlg_keys: Any) -> tuple[Layer, dict]:
        wanted = {key[1:] for key in keys if isinstance(key, tuple) and key[0] == self.output}
        new: Any = self.__copy__()
        new.output_blocks, new._made = wanted & {key[1:] for key in self.get_output_keys()}, None
        return new, {key: self.get_dependencies(key, all_hlg_keys) for key in new}

    def _task_of(self, key: tuple) -> Task:
        place = dict(zip(self.output_indices, key[1:], strict=True))
        nodes = {blockwise_token(i): self._argument(name, axes, place) for i, (name, axes) in enumerate(self.indices)}
        return self.task.substitute(nodes, key=key)

    def _argument(self, name: Any, axes: tuple | None, place: Mapping) -> Any:
        """What stands for an argument of the task of one block."""
        if axes is None:
            return name if isinstance(name, (GraphNode, TaskRef)) else DataNode(None, name)
        counts = self._numblocks_of(name)
        summed = [axis for axis in dict.fromkeys(axes) if axis not in place]

        def nested(left: list, at: dict) -> Any:
            if left:
                return List(*(nested(left[1:], {**at, left[0]: i}) for i in range(self.dims[left[0]])))
            index = tuple(at[axis] if count > 1 else 0 for axis, count in zip(axes, counts, strict=True))
            if not isinstance(name, BlockwiseDep):
                return TaskRef((name, *index))
            value = name[index]
            if name.produces_keys:
                return TaskRef(value)
            return value if isinstance(value, (GraphNode, TaskRef)) else DataNode(None, value)

        node = nested(summed, dict(place))
        if summed and self.concatenate:
            return Task(None, concatenated, node, [axes.index(axis) for axis in summed])
        return node

    def __repr__(self) -> str:
        arguments = ", ".join(f"({name}, {axes})" for name, axes in self.indices)
        return f"Blockwise<{arguments} -> {self.output}>"


def concatenated(blocks: Any, axes: list[int]) -> Any:
    """Arrays in nested lists as one; the outermost list goes along the first of ``axes``."""
    if not axes:
        return blocks
    return np.concatenate([concatenated(each, axes[1:]) for each in blocks], axis=axes[0])


def blockwise(
    func: Callable,
    output: str,
    output_indices: Iterable,
    *arrind_pairs: Any,
    numblocks: Mapping[str, Sequence[int]],
    concatenate: bool | None = None,
    new_axes: Mapping[Any, Any] | None = None,
    dependencies: Sequence = (),
    **kwargs: Any,
) -> Blockwise:
    """The layer that calls a function for each block of its output.

    Parameters
    ----------
    func : callable
        What is called with the blocks.
    output : str
        The layer's name.
    output_indices : iterable
        The names of the output's axes, such as ``"ij"``.
    *arrind_pairs : object
        Names of collections, each followed by the names of its axes; values, each followed by None.
    numblocks : mapping
        How many blocks each collection has along its axes.
    concatenate, new_axes : optional
        See `Blockwise`.
    dependencies : sequence
        Taken for Dask's sake; values among ``kwargs`` that are keys stand there as ``TaskRef``.
    **kwargs : object
        Further arguments of ``func``.

    Examples
    --------
    >>> from plait.blockwise import blockwise
    >>> x = da.arange(4, chunks=2)
    >>> layer = blockwise(np.add, "twice", "i", x.name, "i", x.name, "i", numblocks={x.name: x.numblocks})
    >>> graph = plait.highlevelgraph.HighLevelGraph.from_collections("twice", layer, dependencies=[x])
    >>> plait.get(graph, [("twice", 0), ("twice", 1)])
    (array([0, 2]), array([4, 6]))
    """
    pairs = list(zip(arrind_pairs[::2], arrind_pairs[1::2], strict=True))
    task = Task(output, func, *(TaskRef(blockwise_token(i)) for i in range(len(pairs))), **kwargs)
    return Blockwise(output, output_indices, task, pairs, numblocks, concatenate, new_axes)


def optimize_blockwise(graph: HighLevelGraph, keys: Iterable = ()) -> HighLevelGraph:
    """The graph as it is: the engine joins what goes together when it runs it."""
    return graph


def fuse_roots(graph: HighLevelGraph, keys: Iterable = ()) -> HighLevelGraph:
    """The graph as it is; see :func:`optimize_blockwise`."""
    return graph
