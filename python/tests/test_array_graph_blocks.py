"""Blocks as tasks of graphs: what tasks may give for a block, and blocks of arrays that the engine holds otherwise than it shows them."""

import numpy as np
import pytest

import plait
import plait.array as da
from plait.base import clone_key
from plait.graph_manipulation import clone
from plait.highlevelgraph import HighLevelGraph
from plait.local import get_sync
from plait.threaded import get


@pytest.mark.parametrize("give", [np.float64(3), 3.0, np.array(3.0), np.array([3.0]), [3.0], np.array([3.0], dtype="f2"), 3])
@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_a_task_may_give_whatever_becomes_a_block(give, scheduler):
    graph = {("x", 0): (np.asanyarray, give) if isinstance(give, list) else give, ("x", 1): (np.ones, 2)}
    x = da.Array(graph, "x", chunks=((1, 2),), dtype=float)
    assert x.compute(scheduler=scheduler).tolist() == [3, 1, 1]
    assert (x * 2).sum().compute(scheduler=scheduler) == 10


def test_an_array_without_axes_of_a_number():
    x = da.Array({("x",): (np.float32, 2)}, "x", chunks=(), dtype="f4")
    assert x.compute() == np.float32(2) and (x + 1).dtype == np.float32


def test_a_block_of_another_shape_or_kind_is_refused():
    with pytest.raises(ValueError, match=r"block 1 of an array of a graph has shape \(3,\), but its chunks say \(2,\)"):
        da.Array({("x", 0): (np.ones, 2), ("x", 1): (np.ones, 3)}, "x", chunks=((2, 2),), dtype=float).compute()
    with pytest.raises(ValueError, match=r"has shape \(\), but its chunks say \(2,\)"):
        da.Array({("x", 0): (float, 1)}, "x", chunks=((2,),), dtype=float).compute()
    with pytest.raises(TypeError, match="block 0 of an array of a graph is complex128, but the array was said to be float64"):
        da.Array({("x", 0): (np.ones, 2, complex)}, "x", chunks=((2,),), dtype=float).compute()


RECORDS = np.zeros((4, 3), dtype=[("a", "i4"), ("b", "U2")])
RECORDS["a"] = np.arange(12).reshape(4, 3)
KINDS = {
    "texts": np.array([["a", "bc", ""], ["d", "e", "f"], ["g", "h", "i"], ["j", "k", "l"]]),
    "dates": np.arange(12).astype("M8[D]").reshape(4, 3),
    "records": RECORDS,
    "masked": np.ma.masked_less(np.arange(12).reshape(4, 3), 5),
    "objects": np.array([[1, None, "x"], [2, 3, 4], [5, 6, 7], [8, 9, 10]], dtype=object),
    "numbers": np.arange(12).reshape(4, 3),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [None, "mine"])
@pytest.mark.parametrize("run", [get_sync, get])
def test_the_keys_yield_what_numpy_shows(kind, name, run):
    values = KINDS[kind]
    x = da.from_array(values, chunks=(2, 2), name=name)
    keys = x.__dask_keys__()
    assert [len(key) for row in keys for key in row] == [3] * 4
    assert keys[1][0] == (x.name, 1, 0)
    blocks = run(x.dask, keys)
    assert all(type(block) is type(values) and block.dtype == values.dtype for row in blocks for block in row)
    joined = (np.ma if kind == "masked" else np).concatenate([(np.ma if kind == "masked" else np).concatenate(row, axis=1) for row in blocks])
    assert joined.tolist() == values.tolist()
    one = x[1, 1]
    assert np.ma.asanyarray(run(one.dask, one.__dask_keys__())[0]).tolist() == np.ma.asanyarray(values[1, 1]).tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_rebuilt_of_a_graph(kind):
    values = KINDS[kind]
    x = da.from_array(values, chunks=(2, 2))
    rebuild, args = x.__dask_postpersist__()
    again = rebuild(x.__dask_graph__(), *args)
    assert again.name == x.name and again.compute().tolist() == values.tolist()
    finish, args = x.__dask_postcompute__()
    assert finish(get(x.dask, x.__dask_keys__()), *args).tolist() == values.tolist()
    assert clone(x).name != x.name and clone(x).compute().tolist() == values.tolist()
    assert clone_key(x.__dask_keys__()[0][0], 1)[1:] == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_tasks_of_others_take_them(kind):
    values = KINDS[kind]
    x = da.from_array(values, chunks=(4, 2))
    graph = HighLevelGraph.from_collections("rows", {("rows", i): (np.shape, (x.name, 0, i)) for i in range(2)}, dependencies=[x])
    assert plait.get(graph, [("rows", 0), ("rows", 1)]) == ((4, 2), (4, 1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_makes_arrays_of_every_kind(kind):
    values = KINDS[kind]
    graph = {("x", 0, 0): values[:1], ("x", 1, 0): (np.positive if kind == "numbers" else lambda block: block[1:], values[1:] if kind == "numbers" else values)}
    x = da.Array(graph, "x", chunks=((1, 3), (3,)), dtype=values.dtype, meta=values[:0])
    assert isinstance(x, da.Array) and x.name == "x" and x.dtype == values.dtype
    assert x.compute().tolist() == values.tolist()
    assert x[1:, ::2].compute().tolist() == values[1:, ::2].tolist()
    assert get(x.dask, x.__dask_keys__()[1][0]).tolist() == values[1:].tolist()
    unknown = da.Array(graph, "x", chunks=((np.nan, np.nan), (3,)), meta=values[:0])
    assert unknown.compute().tolist() == values.tolist()
