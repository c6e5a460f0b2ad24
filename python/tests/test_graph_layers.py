"""Graphs of layers, annotations, and collections that wait for others or are computed anew."""

import copy
import pickle
from operator import add

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd
from plait.graph_manipulation import bind, checkpoint, clone, wait_on
from plait.highlevelgraph import HighLevelGraph, Layer, MaterializedLayer, compute_layer_dependencies
from plait.task_spec import Task, TaskRef
from test_foreign_collections import Row, row

dask = pytest.importorskip("dask")
dask_array = pytest.importorskip("dask.array")
theirs = pytest.importorskip("dask.highlevelgraph")

SCHEDULERS = ["sync", "threads", "processes"]


def inc(x):
    return x + 1


LAYERS = {
    "a": {("a", 0): 1, ("a", 1): 2},
    "b": {("b", 0): (inc, ("a", 0)), ("b", 1): (inc, ("a", 1))},
    "c": {("c", 0): (add, ("b", 0), ("a", 1)), "c": [("c", 0)]},
}
NEEDS = {"a": set(), "b": {"a"}, "c": {"a", "b"}}


def graphs():
    return HighLevelGraph(LAYERS, NEEDS), theirs.HighLevelGraph(LAYERS, NEEDS)


def test_a_graph_is_a_mapping_as_dasks():
    ours, expected = graphs()
    assert dict(ours) == dict(expected) == ours.to_dict() and len(ours) == len(expected) and set(ours) == set(expected)
    assert ours["c"] == expected["c"] and ours["b", 1] == expected["b", 1] and ("a", 0) in ours and "q" not in ours
    with pytest.raises(KeyError):
        ours["q"]
    assert ours.dependents == expected.dependents and ours.get_all_dependencies() == expected.get_all_dependencies()
    assert ours.get_all_external_keys() == expected.get_all_external_keys()
    assert compute_layer_dependencies(LAYERS) == NEEDS
    assert "3 layers" in repr(ours)
    assert plait.get(ours, ["c", [("b", 1)]]) == dask.get(expected, ["c", [("b", 1)]])
    assert pickle.loads(pickle.dumps(ours)).to_dict() == ours.to_dict()


def test_culling_keeps_what_is_needed():
    ours, expected = graphs()
    culled = ours.cull([[("b", 1)]])
    assert dict(culled) == dict(expected.cull([[("b", 1)]])) == {("a", 1): 2, ("b", 1): (inc, ("a", 1))}
    assert culled.dependencies == {"b": {"a"}, "a": set()}
    assert dict(ours.cull_layers(["b"])) == dict(expected.cull_layers(["b"]))
    culled.validate()


def test_a_graph_that_says_wrong_things_is_found():
    with pytest.raises(ValueError, match="builds on 'q', which is not in the graph"):
        HighLevelGraph(LAYERS, {**NEEDS, "b": {"q"}}).validate()
    with pytest.raises(ValueError, match="'b' takes keys of"):
        HighLevelGraph(LAYERS, {**NEEDS, "b": set()}).validate()
    with pytest.raises(TypeError, match="a layer is a mapping"):
        MaterializedLayer([1])
    with pytest.raises(TypeError, match="merge takes graphs"):
        HighLevelGraph.merge(5)
    with pytest.raises(TypeError, match="expected a collection"):
        HighLevelGraph.from_collections("x", {}, dependencies=[5])


def test_graphs_grow_from_collections():
    x = da.ones(4, chunks=2)
    graph = HighLevelGraph.from_collections("new", {"new": (sum, x.__dask_keys__())}, dependencies=[x, row()])
    assert graph.dependencies["new"] >= {x.name} and graph.layers["new"]["new"][0] is sum
    merged = HighLevelGraph.merge(graph, {"z": 1}, theirs.HighLevelGraph({"t": {"t": 5}}, {"t": set()}))
    assert merged["z"] == 1 and merged["t"] == 5
    np.testing.assert_array_equal(plait.get(graph, "new"), [2, 2])
    assert theirs.HighLevelGraph.from_collections("new", {"new": (sum, x.__dask_keys__())}, dependencies=[x]).to_dict().keys() == dict(x.dask).keys() | {"new"}


def test_a_layer_of_ones_own():
    class Squares(Layer):
        def __init__(self, count):
            super().__init__()
            self.count = count

        def __len__(self):
            return self.count

        def __iter__(self):
            return (("square", i) for i in range(self.count))

        def __getitem__(self, key):
            return (pow, key[1], 2)

        def is_materialized(self):
            return False

    graph = HighLevelGraph({"square": Squares(5)}, {"square": set()})
    assert plait.get(graph, [("square", 3)]) == (9,) and list(graph.cull([("square", 3)])) == [("square", 3)]
    assert copy.copy(graph.layers["square"]).count == 5 and graph.layers["square"].layer_info_dict()["is_materialized"] == "False"
    assert not MaterializedLayer({"a": Task("a", inc, 1)}).has_legacy_tasks and graph.layers["square"].has_legacy_tasks


def test_annotations_reach_layers():
    with plait.annotate(priority=1, workers="alice"), plait.annotate(priority=2):
        layer = MaterializedLayer({"x": 1})
        assert plait.get_annotations() == {"priority": 2, "workers": ["alice"]}
    assert layer.annotations == {"priority": 2, "workers": ["alice"]} and plait.get_annotations() == {}
    assert MaterializedLayer({"x": 1}).annotations is None
    assert layer.clone({"x"}, 1)[0].annotations == layer.cull({"x"}, {"x"})[0].annotations == layer.annotations
    x = da.ones(3)
    with plait.annotate(color="red"):
        assert all(each.annotations is None for each in x.dask.layers.values())


def test_a_notebook_shows_the_layers():
    import xml.etree.ElementTree

    shown = HighLevelGraph({"<a>": MaterializedLayer({"x": 1}), "b": MaterializedLayer({"y": (inc, "x")})}, {"<a>": set(), "b": {"<a>"}})._repr_html_()
    rows = xml.etree.ElementTree.fromstring(shown).findall("tbody/tr")
    assert [row[0].text for row in rows] == ["<a>", "b"] and "number of outputs: 1" in rows[0][1].text


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes", "dask"])
def test_what_reads_begins_when_what_writes_is_done(tmp_path, scheduler):
    path = tmp_path / "numbers"
    np.save(path, np.zeros(6))
    saved = plait.delayed(np.save)(path, np.arange(6.0))
    read = da.from_delayed(plait.delayed(np.load)(str(path) + ".npy"), (6,), dtype=float).rechunk(2) + 1
    bound = bind([read, da.arange(6, chunks=2)], saved)
    results = plait.compute(*bound, scheduler=dask.get if scheduler == "dask" else scheduler)
    assert [each.tolist() for each in results] == [[1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5]]


@pytest.mark.parametrize("name, value", [("retries", "many"), ("priority", None), ("resources", 5), ("workers", 1), ("allow_other_workers", "yes")])
def test_annotations_are_checked_as_by_dask(name, value):
    with pytest.raises(TypeError), dask.annotate(**{name: value}):
        pass
    with pytest.raises(TypeError, match=f"annotate: {name} is"), plait.annotate(**{name: value}):
        pass


# --- Manipulation ---


def collections():
    data = np.arange(12.0).reshape(3, 4)
    frame = pd.DataFrame({"k": list("abab"), "v": range(4)})
    x, df = da.from_array(data, chunks=(2, 2)), dd.from_pandas(frame, npartitions=2)
    return {
        "array": (x + 1, data + 1),
        "number": (x.sum(), data.sum()),
        "series": (df.v + 1, frame.v + 1),
        "scalar": (df.v.sum(), frame.v.sum()),
        "foreign": (row(), (2, 3)),
        "dask's array": (dask_array.ones(4, chunks=2) + 1, np.full(4, 2.0)),
    }


def check(result, expected):
    if isinstance(expected, tuple):
        assert result == expected
    else:
        np.testing.assert_allclose(np.asarray(result), np.asarray(expected))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("name", collections())
def test_copies_give_the_same_under_other_keys(name, scheduler):
    original, expected = collections()[name]
    copied = clone(original, seed=1)
    assert type(copied) is type(original)
    assert not set(plait.core.flatten([copied.__dask_keys__()])) & set(plait.core.flatten([original.__dask_keys__()]))
    assert not set(copied.__dask_graph__()) & set(original.__dask_graph__())
    check(plait.compute(copied, scheduler=scheduler)[0], expected)
    assert clone(original, seed=1).__dask_keys__() == copied.__dask_keys__() != clone(original).__dask_keys__()


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("name", collections())
def test_what_waits_gives_the_same(name, scheduler):
    original, expected = collections()[name]
    waiting = wait_on(original)
    assert type(waiting) is type(original)
    check(plait.compute(waiting, scheduler=scheduler)[0], expected)
    bound = bind(original, da.ones(3, chunks=1))
    check(plait.compute(bound, scheduler=scheduler)[0], expected)


def test_copies_keep_what_is_omitted():
    x = da.arange(6, chunks=3).map_blocks(inc, dtype=int)
    y = x + 1
    copied = clone(y, omit=x)
    kept = set(x.__dask_keys__())
    assert copied.name != y.name and (copied.compute() == y.compute()).all()
    base = row("base")
    layer = {("top", i): (inc, key) for i, key in enumerate(base.keys)}
    top = Row(HighLevelGraph.from_collections("top", layer, dependencies=[base]), list(layer))
    again = clone(top, omit=base)
    assert set(base.keys) <= set(again.__dask_graph__()) and ("top", 0) not in again.__dask_graph__() and again.compute() == (3, 4)
    assert kept


@pytest.mark.parametrize("make", [clone, wait_on, lambda x: bind(x, da.ones(2, chunks=1))])
def test_collections_that_need_different_blocks_of_one_operation_go_together(make):
    x = da.from_array(np.array([1, 2]), chunks=1) * 2
    parts = [x[0], x[1]]  # the graph of each has one task of "multiply"
    keys = [key for part in parts for key in part.__dask_keys__()]
    merged = HighLevelGraph.merge(*(part.__dask_graph__() for part in parts))
    assert [int(value) for value in plait.get(merged, keys)] == [2, 4]
    graph = HighLevelGraph.from_collections("both", {"both": (lambda *values: values, *keys)}, parts)
    assert graph.dependencies["both"] == {key[0] for key in keys}
    graph.validate()
    both = Row(graph, ["both"])
    assert both.compute() == make(both).compute() == ((2, 4),)


def test_a_task_that_takes_what_is_not_there_is_an_error_that_names_it():
    x = da.from_array(np.array([1, 2]), chunks=1) * 2
    graph = {key: task for key, task in x.dask.items() if not key[0].startswith("array-")}
    with pytest.raises(KeyError, match="takes the value of .*'array-.*which is no key of the graph"):
        plait.get(graph, x.__dask_keys__())


def noting(log, name, result=None):
    def note(*args):
        log.append(name)
        return result

    return note


def test_work_begins_when_what_it_is_bound_to_is_there():
    log = []
    first = Row({("first", i): (noting(log, "first"),) for i in range(10)}, [("first", i) for i in range(10)])
    second = Row({("leaf", 0): (noting(log, "second"),), ("second", 0): (noting(log, "second"), ("leaf", 0))}, [("second", 0)])
    bind(second, first).compute(scheduler="threads", num_workers=2)
    assert log == ["first"] * 10 + ["second"] * 2
    log.clear()
    nodes = Row(
        {("leaf", 0): Task(("leaf", 0), noting(log, "second")), ("second", 0): Task(("second", 0), noting(log, "second"), TaskRef(("leaf", 0)))}, [("second", 0)]
    )
    bind(nodes, first).compute(scheduler="threads", num_workers=2)
    assert log == ["first"] * 10 + ["second"] * 2
    log.clear()
    waiting = wait_on(first)
    after = Row(HighLevelGraph.from_collections("after", {"after": (noting(log, "after"), waiting.keys[0])}, dependencies=[waiting]), ["after"])
    after.compute(scheduler="threads", num_workers=2)
    assert log == ["first"] * 10 + ["after"]


def test_checkpoints_wait_in_trees():
    x = da.ones(100, chunks=1)
    assert checkpoint(x).compute() is None and checkpoint(x, split_every=False).compute() is None
    assert checkpoint(x, row(), split_every=2).compute(scheduler="processes") is None
    assert plait.compute(checkpoint(x), x.sum()) == (None, 100)
    for split_every, count in ((2, 199), (3, 150), (8, 115), (None, 115), (8.1, 115), (1e9, 101), (False, 101)):
        layer = next(layer for name, layer in checkpoint(x, split_every=split_every).dask.layers.items() if name.startswith("checkpoint"))
        assert len(layer) == count, split_every  # as Dask has it: one a block, and the tree of these
    (kept,) = plait.persist(checkpoint(x))
    assert kept.compute() is None
    assert clone(checkpoint(x)).compute() is None
    with pytest.raises(ValueError, match="split_every is 1"):
        checkpoint(x, split_every=1)


def test_containers_keep_their_shape():
    x, r = da.ones(2), row()
    a, b = wait_on({"x": x}, [r, 5])
    assert isinstance(a["x"], da.Array) and isinstance(b[0], Row) and b[1] == 5
    a, b = bind((x, r), r)
    assert plait.compute(a.sum(), b) == (2, (2, 3))
    assert clone(x, r)[1].compute() == (2, 3)
    assert clone([x])[0].compute().tolist() == [1, 1]


def test_copies_of_object_graphs():
    dsk = {("o", 0): Task(("o", 0), inc, 1), ("o", 1): Task(("o", 1), inc, TaskRef(("o", 0)))}
    original = Row(dsk, [("o", 1)])
    assert clone(original).compute() == (3,) and bind(original, da.ones(2)).compute() == (3,)
