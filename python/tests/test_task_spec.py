"""Graphs of tuples and of task objects: the values and kinds of errors are those of Dask's `get`."""

import collections
import pickle
from operator import add

import pytest

import plait
import plait.multiprocessing
import plait.threaded
from plait import task_spec

dask = pytest.importorskip("dask")
theirs = pytest.importorskip("dask._task_spec")

SCHEDULERS = ["sync", "threads", "processes"]
BOTH = pytest.mark.parametrize("spec", [task_spec, theirs], ids=["ours", "dask's"])
Pair = collections.namedtuple("Pair", "left right")


def inc(x):
    return x + 1


def pack(*args, **kwargs):
    return args, kwargs


LEGACY = {
    "a tuple with a key": {"x": 1, "y": ("x", 2)},
    "tasks in a tuple": {"x": 1, "y": (list, ("x", 2, (inc, "x")))},
    "a set": {"x": 1, "y": {"x", 3}},
    "a frozenset as an argument": {"x": 1, "y": (sorted, frozenset({"x", 3}))},
    "a set of no keys": {"x": 1, "y": (sorted, {5, 3})},
    "a named tuple": {"x": 1, "y": Pair("x", (inc, "x"))},
    "a named tuple as an argument": {"x": 1, "y": (list, Pair("x", (inc, "x")))},
    "values of a dict are not looked at": {"x": 1, "y": (dict, {"a": "x", "b": (inc, "x")})},
    "a dict alone": {"x": 1, "y": {"a": "x"}},
    "a text that is a key": {"x": 1, "y": (pack, "x")},
    "a number that is a key": {7: 1, "y": (pack, 7, 8)},
    "tuple keys": {("x", 0): 1, "y": (inc, ("x", 0))},
    "an alias of an alias": {"x": 1, "z": "x", "y": "z"},
    "nested lists": {"x": 1, "y": (sum, [["x", 2], ["x"]][0]), "z": 3},
    "an empty tuple": {"y": ()},
    "no arguments": {"y": (pack,)},
    "a list with a task": {"x": 1, "y": [(inc, "x"), ["x"]]},
    "equal keys of other types": {1: "one", "y": (pack, 1.5, None, b"x")},
}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("dsk", LEGACY.values(), ids=LEGACY)
def test_tuples_mean_what_they_mean_to_dask(dsk, scheduler):
    expected = dask.get(dsk, "y")
    result = plait.get(dsk, "y", scheduler=scheduler)
    assert result == expected and type(result) is type(expected)


def graphs_of(spec):
    """Graphs that say everything that task objects can say."""
    Task, Ref = spec.Task, spec.TaskRef
    return {
        "a reference": {"x": 1, "y": Task("y", inc, Ref("x"))},
        "texts stand for themselves": {"x": 1, "y": Task("y", pack, "x", ("x",))},
        "keywords": {"x": 1, "y": Task("y", pack, 5, b=Ref("x"), c="x")},
        "a task inside": {"x": 1, "y": Task("y", add, Task(None, inc, Ref("x")), 10)},
        "containers": {"x": 1, "y": Task("y", pack, spec.List(Ref("x"), 2), spec.Tuple(Ref("x")), spec.Set(Ref("x"), 5))},
        "a dict": {"x": 1, "y": Task("y", pack, spec.Dict(a=Ref("x"), b=2), spec.Dict({"c": Ref("x")}), spec.Dict([("d", 4)]))},
        "nested containers": {"x": 1, "y": Task("y", pack, spec.List(spec.Dict({"a": spec.List(Ref("x"))}), 2))},
        "an alias": {"x": spec.DataNode("x", 4), "y": spec.Alias("y", "x")},
        "data is not looked at": {"x": 1, "y": spec.DataNode("y", (inc, "x"))},
        "a reference under a key": {"x": 1, "y": Ref("x")},
        "references in tuples": {"x": 1, "y": (pack, Ref("x"), [Ref("x"), "x"], {"a": Ref("x")})},
        "an object in a tuple": {"x": 1, "y": (inc, Task("q", inc, Ref("x")))},
        "another key than its own": {"x": 1, "y": Task("z", inc, Ref("x"))},
        "fused": {"x": 1, "y": spec.Task.fuse(Task("a", inc, Ref("x")), Task("b", add, Ref("a"), Ref("x")), key="y")},
        "parsed": {"x": 1, "y": Task("y", pack, spec.parse_input({"a": [Ref("x"), (1, Ref("x"))], "b": 2}))},
        "a named tuple that was parsed": {"x": 1, "y": Task("y", list, spec.parse_input(Pair(Ref("x"), 2)))},
        "a container under a key": {"x": 1, "y": spec.List(Ref("x"), 3)},
        "converted": spec.convert_legacy_graph({"x": 1, "z": (inc, "x"), "y": [("z", (inc, "z")), {"z"}]}),
    }


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@BOTH
@pytest.mark.parametrize("case", graphs_of(theirs))
def test_task_objects_mean_what_they_mean_to_dask(case, spec, scheduler):
    expected = dask.get(graphs_of(theirs)[case], "y")
    result = plait.get(graphs_of(spec)[case], "y", scheduler=scheduler)
    assert result == expected and type(result) is type(expected)


@pytest.mark.parametrize("case", graphs_of(theirs))
def test_our_objects_can_be_called_as_dasks(case):
    graph = graphs_of(task_spec)[case]
    nodes = task_spec.convert_legacy_graph(graph)
    assert task_spec.execute_graph(nodes, keys={"y"})["y"] == dask.get(graphs_of(theirs)[case], "y")


@pytest.mark.parametrize("case", graphs_of(theirs))
def test_our_objects_survive_pickling(case):
    graph = graphs_of(task_spec)[case]
    assert plait.get(pickle.loads(pickle.dumps(graph)), "y") == plait.get(graph, "y")


class Node:
    """A node of nobody's library."""

    def __init__(self, key, needed):
        self.key, self.dependencies = key, frozenset([needed])

    def __call__(self, values):
        return {key: value * 2 for key, value in values.items()}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_whatever_is_called_with_the_values_of_its_dependencies_is_a_task(scheduler):
    assert plait.get({"x": 21, "y": Node("y", "x")}, "y", scheduler=scheduler) == {"x": 42}


class Shouting(task_spec.Task):
    __slots__ = ()

    def __call__(self, values=()):
        return f"{super().__call__(values)}!"


def test_a_subclass_that_is_called_otherwise_is_asked():
    assert plait.get({"x": 1, "y": Shouting("y", inc, task_spec.TaskRef("x"))}, "y") == "2!"


ERRORS = {
    "a cycle of tuples": ({"a": (inc, "b"), "b": (inc, "a")}, "a"),
    "a cycle of aliases": ({"a": "b", "b": "a"}, "a"),
    "a cycle of objects": ({"a": theirs.Task("a", inc, theirs.TaskRef("b")), "b": theirs.Alias("b", "a")}, "a"),
    "a key that stands for itself": ({"a": "a"}, "a"),
    "a wanted key that is not there": ({"a": 1}, ["a", "q"]),
    "a reference to nothing": ({"a": theirs.Task("a", inc, theirs.TaskRef("q"))}, "a"),
    "a failing task": ({"a": "text", "b": (inc, "a")}, "b"),
    "a key that cannot be hashed": ({"a": 1}, {"a"}),
}


@pytest.mark.parametrize("get", [plait.get, plait.threaded.get, plait.multiprocessing.get], ids=SCHEDULERS)
@pytest.mark.parametrize("dsk, keys", ERRORS.values(), ids=ERRORS)
def test_errors_are_of_dasks_kinds(dsk, keys, get):
    with pytest.raises(Exception) as expected:
        dask.get(dsk, keys)
    with pytest.raises(type(expected.value)) as caught:
        get(dsk, keys)
    assert type(caught.value) is type(expected.value)


def test_errors_name_the_keys():
    with pytest.raises(ValueError, match="Missing dependency 'q' of 'a': it is not a key"):
        plait.get({"a": task_spec.Task("a", inc, task_spec.TaskRef("q"))}, "a")
    with pytest.raises(TypeError, match="b'a' cannot be a key of a graph: it is a bytes"):
        plait.get({b"a": 1, "b": 2}, "b")
    with pytest.raises(KeyError, match="'a' stands for itself"):
        plait.get({"a": "a"}, "a")
    with pytest.raises(RuntimeError, match="'a' -> 'b' -> 'a'"):
        plait.get({"a": task_spec.Alias("a", "b"), "b": (inc, "a")}, "a")
    with pytest.raises(TypeError, match="a graph is a dict of keys to computations; found list"):
        plait.get([1], "a")


def test_a_task_may_not_be_the_function_of_another():
    with pytest.raises(TypeError, match="the function of 'y' is a task"):
        task_spec.Task("y", task_spec.Task("x", inc, 1))


@BOTH
def test_substituting_gives_a_new_node(spec):
    task = spec.Task("y", pack, spec.TaskRef("x"), spec.List(spec.TaskRef("x"), 1), k=spec.TaskRef("w"))
    renamed = task.substitute({"x": "z"}, key="new")
    assert (renamed.key, renamed.dependencies, task.dependencies) == ("new", {"z", "w"}, {"x", "w"})
    assert renamed({"z": 5, "w": 6}) == ((5, [5, 1]), {"k": 6})
    inlined = task.substitute({"x": spec.Task("q", inc, 1), "w": spec.DataNode("d", 3)})
    assert inlined.dependencies == set() and inlined() == ((2, [2, 1]), {"k": 3})
    assert spec.Alias("a", "b").substitute({"b": "c"}).target == "c"
    assert task.substitute({"nothing": "z"}) is task


@BOTH
def test_fusing_chains_keeps_what_is_wanted(spec):
    dsk = {
        "x": spec.DataNode("x", 1),
        "a-1": spec.Task("a-1", inc, spec.TaskRef("x")),
        "b-1": spec.Task("b-1", inc, spec.TaskRef("a-1")),
        "c-1": spec.Task("c-1", add, spec.TaskRef("b-1"), spec.TaskRef("a-1")),
        "d-1": spec.Task("d-1", inc, spec.TaskRef("c-1")),
    }
    fused = spec.fuse_linear_task_spec(dict(dsk), ["d-1"])
    assert plait.get(fused, "d-1") == plait.get(dsk, "d-1") == 6
    assert len(spec.cull(fused, ["d-1"])) <= len(dsk)
    with pytest.raises(ValueError):
        spec.Task.fuse(dsk["a-1"], spec.Task("z", inc, 1))


def test_fusing_a_chain_makes_one_task():
    chain = {i: task_spec.Task(i, inc, task_spec.TaskRef(i - 1)) if i else task_spec.DataNode(0, 0) for i in range(50)}
    fused = task_spec.fuse_linear_task_spec(chain, [49])
    assert len(fused) <= 2 and plait.get(fused, 49) == 49


def test_equal_nodes_are_equal():
    def task(value):
        return task_spec.Task("y", inc, task_spec.TaskRef("x"), value)

    assert task(1) == task(1) != task(2)
    assert task_spec.TaskRef("x") == task_spec.TaskRef("x") != task_spec.TaskRef("y")
    assert {task_spec.TaskRef("x"): 1}[task_spec.TaskRef("x")] == 1
    assert task_spec.Alias("a", "b") == task_spec.Alias("a", "b") != task_spec.Alias("a")


def test_aliases_of_what_nobody_else_needs_go():
    dsk = {"x": task_spec.DataNode("x", 1), "y": task_spec.Alias("y", "x"), "z": task_spec.Alias("z", "y")}
    resolved = task_spec.resolve_aliases(dsk, {"z"}, {"x": {"y"}, "y": {"z"}, "z": set()})
    assert resolved == {"z": task_spec.DataNode("z", 1)}
