"""Random graphs, of tuples, of task objects and of both, against Dask's `get`: values, types and kinds of errors."""

import random
from operator import add

import pytest

import plait
import plait.multiprocessing
import plait.threaded
from plait import core, optimization, order, task_spec
from plait.local import get_async, synchronous_executor
from unseen_seeds import run_unseen

dask = pytest.importorskip("dask")
theirs = pytest.importorskip("dask._task_spec")
their_core = pytest.importorskip("dask.core")
their_optimization = pytest.importorskip("dask.optimization")

GETS = {"sync": plait.get, "threads": plait.threaded.get, "processes": plait.multiprocessing.get}


def pack(*args, **kwargs):
    return [type(arg).__name__ for arg in args], args, sorted(kwargs.items())


def fails(*args):
    raise LookupError("a task fails")


class Maker:
    """Makes graphs of one seed; two makers of a seed and two modules make graphs of the same meaning."""

    def __init__(self, seed, spec, legacy_only=False):
        self.draw = random.Random(seed)
        self.spec = spec
        self.legacy_only = legacy_only
        self.failing = False
        self.keys = [self.key(i) for i in range(self.draw.randint(1, 25))]

    def key(self, i):
        return self.draw.choice([f"k{i}", ("t", i), ("t", i, "u"), i * 1000 + 7, i + 0.5])

    def literal(self):
        return self.draw.choice([1, -2.5, None, b"bytes", "text that is no key", True])

    def reference(self, known):
        return self.draw.choice(known) if known else self.literal()

    def argument(self, known, depth):
        """Of a task that is a tuple."""
        what = self.draw.randint(0, 9)
        if depth > 2 or what < 4:
            return self.reference(known) if what % 2 else self.literal()
        if what == 4:
            return [self.argument(known, depth + 1) for _ in range(self.draw.randint(0, 3))]
        if what == 5:
            return (pack, *(self.argument(known, depth + 1) for _ in range(self.draw.randint(0, 3))))
        if what == 6:
            return {"a": self.literal(), "b": self.reference(known)}
        if what == 7:
            return (self.literal(), self.reference(known))
        if (what == 8 or self.legacy_only) and not self.failing:  # else it might fail, too, where it is given a list
            return frozenset([self.reference(known)])
        return self.node(None, known, depth + 1)

    def node_argument(self, known, depth):
        """Of a task object."""
        spec, what = self.spec, self.draw.randint(0, 7)
        if depth > 2 or what < 4:
            return spec.TaskRef(self.reference(known)) if what % 2 and known else self.literal()
        if what == 4:
            return spec.List(*(self.node_argument(known, depth + 1) for _ in range(self.draw.randint(0, 3))))
        if what == 5:
            return spec.Dict({"a": self.node_argument(known, depth + 1), "b": self.literal()})
        return self.node(None, known, depth + 1) if what == 6 else self.reference(known)

    def node(self, key, known, depth):
        spec = self.spec
        what = self.draw.randint(0, 5)
        if what == 0 and known:
            target = self.reference(known)
            return spec.Alias(target if key is None else key, target)
        if what == 1:
            return spec.DataNode("data" if key is None else key, self.literal())
        args = [self.node_argument(known, depth) for _ in range(self.draw.randint(0, 3))]
        kwargs = {"k": self.node_argument(known, depth)} if self.draw.random() < 0.3 else {}
        return spec.Task(key, pack, *args, **kwargs)

    def graph(self, failing=False):
        graph = {}
        self.failing = failing
        for i, key in enumerate(self.keys):
            known = self.keys[max(0, i - 6) : i]
            what = self.draw.randint(0, 5)
            if what < 3:
                graph[key] = (pack, *(self.argument(known, 0) for _ in range(self.draw.randint(0, 4))))
            elif what == 3 or self.legacy_only:
                graph[key] = self.argument(known, 0)
            else:
                graph[key] = self.node(key, known, 0)
        if failing:
            self.break_it(graph)
        items = list(graph.items())
        self.draw.shuffle(items)
        return dict(items)

    def break_it(self, graph):
        first, last = self.keys[0], self.keys[-1]
        what = self.draw.randint(0, 2)
        if what == 0 and first != last:
            graph[first] = (pack, last)
            graph[last] = (pack, first)
        elif what == 1:
            graph[last] = (fails, first)
        else:
            graph[last] = self.spec.Task(last, pack, self.spec.TaskRef("a key that is not there"))

    def wanted(self):
        return [self.keys[-1], [self.draw.choice(self.keys)], []]


def outcome(run):
    try:
        return ("value", run())
    except Exception as error:
        return ("error", type(error))


def check(seed, spec, get):
    ours = Maker(seed, spec)
    reference = Maker(seed, theirs)
    failing = seed % 3 == 0
    dsk, expected_dsk = ours.graph(failing), reference.graph(failing)
    keys, expected_keys = ours.wanted(), reference.wanted()
    assert keys == expected_keys
    expected = outcome(lambda: dask.get(expected_dsk, keys))
    if expected == ("error", KeyError) and core.getcycle(dsk, keys[:1]):
        expected = ("error", RuntimeError)  # Dask stumbles over some cycles before it finds them
    assert outcome(lambda: get(dsk, keys)) == expected


@pytest.mark.parametrize("spec", [task_spec, theirs], ids=["ours", "dask's"])
@pytest.mark.parametrize("name, count", [("sync", 300), ("threads", 200), ("processes", 40)])
def test_values_and_errors_are_dasks(name, count, spec):
    run_unseen(lambda seed: check(seed, spec, GETS[name]), count)


def test_the_scheduler_in_python_gives_the_same():
    def get(dsk, keys):
        return get_async(synchronous_executor.submit, 1, dsk, keys)

    run_unseen(lambda seed: check(seed, task_spec, get), 150)


def test_orders_are_permutations_with_inputs_first():
    def check_order(seed):
        dsk = Maker(seed, task_spec).graph()
        ranks, nodes = order.order(dsk), task_spec.convert_legacy_graph(dsk)
        assert sorted(ranks.values()) == list(range(len(dsk)))
        for key in nodes:
            assert all(ranks[needed] < ranks[key] for needed in nodes[key].dependencies)

    run_unseen(check_order, 200)


def number_graph(seed):
    """A graph of tuples that calls `add` and `abs` on numbers."""
    draw = random.Random(seed)
    keys = [f"n-{i}" for i in range(draw.randint(2, 30))]
    graph = {}
    for i, key in enumerate(keys):
        known = keys[max(0, i - 4) : i]
        pick = lambda known=known: draw.choice(known) if known and draw.random() < 0.8 else draw.randint(0, 9)  # noqa: E731
        graph[key] = draw.choice([(add, pick(), pick()), (abs, pick()), (sum, [pick(), pick()]), pick(), (add, (abs, pick()), 1)])
    return graph, keys


@pytest.mark.parametrize("change", ["cull", "fuse", "fuse wide", "fuse_linear", "inline", "inline_functions"])
def test_optimized_graphs_mean_the_same(change):
    def optimized(graph, last):
        if change == "cull":
            return optimization.cull(graph, last)[0]
        if change.startswith("fuse "):
            return optimization.fuse(graph, last, ave_width=4)[0]
        if change in ("fuse", "fuse_linear"):
            return getattr(optimization, change)(graph, last)[0]
        if change == "inline":
            return optimization.inline(graph, graph.keys() - {last})
        return optimization.inline_functions(graph, [last], [abs, add])

    def check_one(seed):
        graph, keys = number_graph(seed)
        kept = dict(graph)
        result = optimized(graph, keys[-1])
        assert graph == kept
        assert plait.get(result, keys[-1]) == dask.get(graph, keys[-1]) == dask.get(result, keys[-1])

    run_unseen(check_one, 200)


def test_fused_graphs_are_those_of_dask():
    def check_one(seed):
        graph, keys = number_graph(seed)
        for width in (1, 2, 5):
            ours, needs = optimization.fuse(graph, keys[-1], ave_width=width, rename_keys=False)
            expected, _ = their_optimization.fuse(graph, keys[-1], ave_width=width, rename_keys=False)
            assert len(ours) <= len(expected) * 1.5 + 1
            assert needs == {key: core.get_dependencies(ours, key) for key in ours}

    run_unseen(check_one, 100)


def test_what_is_told_of_graphs_is_what_dask_tells():
    def check_one(seed):
        graph = Maker(seed, task_spec, legacy_only=True).graph()
        for key in graph:
            assert core.get_dependencies(graph, key) == their_core.get_dependencies(graph, key)
        assert core.get_deps(graph) == their_core.get_deps(graph)
        if core.isdag(graph, list(graph)):
            ordered = core.toposort(graph)
            assert set(ordered) == set(graph)

    run_unseen(check_one, 200)
