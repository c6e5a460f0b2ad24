"""Names that users give the blocks of an array."""

import pickle

import numpy as np
import pytest

import plait
import plait.array as da
from plait.graph_manipulation import clone
from plait.highlevelgraph import HighLevelGraph
from plait.local import get_sync

V = np.arange(6)


def double(block):
    return block * 2


MADE = {
    "from_array": lambda name: da.from_array(V, chunks=2, name=name),
    "ones": lambda name: da.ones(6, chunks=2, name=name),
    "zeros": lambda name: da.zeros(6, chunks=2, name=name),
    "empty": lambda name: da.empty(6, chunks=2, name=name),
    "full": lambda name: da.full(6, 3, chunks=2, name=name),
    "ones_like": lambda name: da.ones_like(V, chunks=2, name=name),
    "full_like": lambda name: da.full_like(V, 3, chunks=2, name=name),
    "map_blocks": lambda name: da.map_blocks(double, da.arange(6, chunks=2), name=name),
    "blockwise": lambda name: da.blockwise(double, "i", da.arange(6, chunks=2), "i", name=name, dtype=int),
    "from_delayed": lambda name: da.from_delayed(plait.delayed(np.arange)(6), (6,), dtype=int, name=name),
}


@pytest.mark.parametrize("how", MADE)
def test_a_name_stands_whole_in_the_keys_and_the_graph(how):
    x = MADE[how]("mine")
    assert x.name == "mine"
    assert x.__dask_layers__() == ("mine",)
    assert x.__dask_keys__() == [("mine", i) for i in range(x.npartitions)]
    np.testing.assert_array_equal(np.concatenate(get_sync(x.dask, x.__dask_keys__())), x.compute())
    assert repr(x).startswith("plait.array<mine, ")
    assert MADE[how](None).name != "mine"


def test_a_name_stays_through_pickles_copies_and_persist_and_goes_with_the_content():
    x = da.from_array(V, chunks=2, name="mine")
    assert [y.name for y in (pickle.loads(pickle.dumps(x)), x.copy(), x.persist())] == ["mine"] * 3
    assert "mine" not in (clone(x).name, (x + 1).name)
    x[0] = 7
    assert x.name != "mine"
    y = da.zeros(6, chunks=2, name="mine")
    np.add(da.from_array(V, chunks=2), 1, out=y)
    assert y.name != "mine"


def test_graphs_refer_to_blocks_by_the_name():
    x = da.from_array(V, chunks=3, name="mine")
    graph = HighLevelGraph.from_collections("sums", {("sums", i): (np.cumsum, ("mine", i)) for i in range(2)}, dependencies=[x])
    y = da.Array(graph, "sums", chunks=((3, 3),), dtype=int)
    assert y.name == "sums" and y.__dask_keys__() == [("sums", 0), ("sums", 1)]
    assert y.compute().tolist() == [0, 1, 3, 3, 7, 12]


def test_from_array_without_a_name_gives_one_like_no_other():
    first, second = (da.from_array(V, name=False) for _ in range(2))
    assert first.name != second.name
    assert da.from_array(V).name == da.from_array(V, name=True).name


@pytest.mark.parametrize("values", [np.array(["a", "bc"]), V.astype("M8[D]"), np.ma.array(V, mask=V > 2), np.array([None, 1], dtype=object)])
def test_arrays_of_every_kind_have_names(values):
    x = da.from_array(values, chunks=2, name="mine")
    assert x.name == "mine"
    assert np.ma.allequal(x.compute(), values)


def test_a_name_is_text():
    with pytest.raises(TypeError, match="name is 3, expected a text"):
        da.ones(2, name=3)
