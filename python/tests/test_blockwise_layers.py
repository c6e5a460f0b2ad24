"""Layers whose tasks follow from the names of axes, as Dask makes them."""

from __future__ import annotations

import operator

import dask
import dask.blockwise
import numpy as np
import pytest

import plait
import plait.array as da
import plait.blockwise
from plait.highlevelgraph import HighLevelGraph

SCHEDULERS = ["sync", "threads", "processes"]


def total(blocks, more=0):
    return np.sum(np.asarray(blocks, dtype=object).sum()) + more


def shown(layer):
    """Keys with the values of their tasks, inputs standing for themselves."""
    return {key: task({each: f"<{each}>" for each in task.dependencies}) for key, task in layer.items()}


def together(*args, **kwargs):
    return (*args, *sorted(kwargs.items()))


LAYERS = {
    "elementwise": lambda b: b.blockwise(together, "z", "ij", "x", "ij", "y", "ij", numblocks={"x": (2, 2), "y": (2, 2)}),
    "transposed": lambda b: b.blockwise(together, "z", "ij", "x", "ij", "y", "ji", numblocks={"x": (1, 2), "y": (2, 1)}),
    "broadcast": lambda b: b.blockwise(together, "z", "ij", "x", "ij", "y", "j", numblocks={"x": (2, 2), "y": (1,)}),
    "outer": lambda b: b.blockwise(together, "z", "ij", "x", "i", "y", "j", numblocks={"x": (2,), "y": (3,)}),
    "contracted": lambda b: b.blockwise(together, "z", "i", "x", "ij", numblocks={"x": (2, 3)}),
    "contracted twice": lambda b: b.blockwise(together, "z", "", "x", "ij", numblocks={"x": (2, 2)}),
    "literal": lambda b: b.blockwise(together, "z", "i", "x", "i", 100, None, k=[1], numblocks={"x": (2,)}),
    "new axis": lambda b: b.blockwise(together, "z", "ki", "x", "i", numblocks={"x": (2,)}, new_axes={"k": (2, 2)}),
    "own values": lambda b: b.blockwise(together, "z", "i", b.BlockwiseDepDict({(0,): "a", (1,): "b"}), "i", numblocks={}),
    "index": lambda b: b.blockwise(together, "z", "ij", b.BlockIndex((2, 2)), "ij", numblocks={}),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_have_the_tasks_of_dasks(name):
    ours, theirs = LAYERS[name](plait.blockwise), LAYERS[name](dask.blockwise)
    assert len(ours) == len(theirs) and set(ours) == set(theirs) == ours.get_output_keys()
    assert shown(ours) == shown(theirs)
    key = max(ours)
    kept, needs = ours.cull({key}, set())
    assert set(kept) == {key} and kept.is_materialized() and set(needs) == {key}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_layers_run(scheduler):
    x = da.from_array(np.arange(12).reshape(3, 4), chunks=(2, 2))
    blocks = plait.blockwise.blockwise(operator.mul, "twice", "ij", x.name, "ij", 2, None, numblocks={x.name: x.numblocks})
    graph = HighLevelGraph.from_collections("twice", blocks, dependencies=[x])
    sums = plait.blockwise.blockwise(np.sum, "sums", "i", "twice", "ij", numblocks={"twice": x.numblocks}, concatenate=True, axis=1)
    graph = plait.blockwise.optimize_blockwise(HighLevelGraph({**graph.layers, "sums": sums}, {**graph.dependencies, "sums": {"twice"}}))
    graph.validate()
    found = plait.get(graph, [("sums", 0), ("sums", 1)], scheduler=scheduler)
    np.testing.assert_array_equal(np.concatenate(found), 2 * np.arange(12).reshape(3, 4).sum(axis=1))
    assert [name for name in graph.cull([("sums", 1)]).layers if name in ("twice", "sums")]
    assert set(graph.cull([("sums", 1)]).layers["twice"]) == {("twice", 1, 0), ("twice", 1, 1)}


def test_layers_that_cannot_be_are_errors():
    with pytest.raises(ValueError, match="have 2 and 3 blocks along axis 'i'"):
        plait.blockwise.blockwise(together, "z", "i", "x", "i", "y", "i", numblocks={"x": (2,), "y": (3,)})
    with pytest.raises(ValueError, match="no argument has the axis 'j' of the output"):
        plait.blockwise.blockwise(together, "z", "ij", "x", "i", numblocks={"x": (2,)})
    with pytest.raises(ValueError, match="does not say how many blocks 'y' has"):
        plait.blockwise.blockwise(together, "z", "i", "y", "i", numblocks={"x": (2,)})
    with pytest.raises(NotImplementedError, match="define __getitem__"):
        plait.blockwise.BlockwiseDep()[0]


def test_copies_of_layers_have_other_keys():
    layer = LAYERS["literal"](plait.blockwise)
    graph = HighLevelGraph({"x": {("x", i): i for i in range(2)}, "z": layer}, {"x": set(), "z": {"x"}})
    copied, is_bound = layer.clone(graph.get_all_external_keys(), 1)
    assert not is_bound and not set(copied) & set(layer)
    assert plait.get(graph, ("z", 1)) == (1, 100, ("k", [1]))
