"""What is built on raw graphs: walks, substitution, optimizations, orders, the scheduler in Python; against Dask's functions."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from operator import add

import pytest

import plait
import plait.threaded
from plait import callbacks, core, local, optimization, order, task_spec

dask = pytest.importorskip("dask")
their_core = pytest.importorskip("dask.core")
their_local = pytest.importorskip("dask.local")
their_optimization = pytest.importorskip("dask.optimization")
their_order = pytest.importorskip("dask.order")


def inc(x):
    return x + 1


DSK = {"x": 1, "y": (inc, "x"), "z": (add, "x", "y"), "w": (sum, ["x", (inc, "z"), "x"]), ("t", 0): "w"}
VALUES = [1, "x", "nothing", (inc, "x"), [1, ["x"]], {"a": "x"}, (), (1, 2), None, inc, b"x", 1.5, ("t", 0), [], (inc, [(inc, "x")], {"d": "y"})]


@pytest.mark.parametrize("name", ["istask", "iskey", "ishashable", "quote"])
@pytest.mark.parametrize("value", VALUES)
def test_objects_are_told_apart_as_dask_tells_them(name, value):
    ours, expected = getattr(core, name)(value), getattr(their_core, name)(value)
    assert repr(ours) == repr(expected) if name == "quote" else bool(ours) == bool(expected)


@pytest.mark.parametrize("key", VALUES)
def test_keys_are_validated_as_by_dask(key):
    try:
        their_core.validate_key(key)
    except TypeError:
        with pytest.raises(TypeError, match="nexpected key type"):
            core.validate_key(key)
    else:
        core.validate_key(key)


def test_walks_give_what_dask_gives():
    task = (add, [(inc, "x"), 1], (sum, ["y"]))
    assert list(core.preorder_traversal(task)) == list(their_core.preorder_traversal(task))
    for seq, container in [([1, [2, [3]], "ab"], list), (((1, 2), [3, (4,)]), (tuple, list)), ("text", list), ([], list)]:
        assert list(core.flatten(seq, container)) == list(their_core.flatten(seq, container))
    assert core.lists_to_tuples([1, [2]], ["a", ["b"]]) == their_core.lists_to_tuples([1, [2]], ["a", ["b"]])
    assert core.reshapelist((2, 1, 3), range(6)) == their_core.reshapelist((2, 1, 3), range(6))
    assert core.reverse_dict({"a": ["b", "c"], "b": ["c"]}) == their_core.reverse_dict({"a": ["b", "c"], "b": ["c"]})
    assert core.get_deps(DSK) == their_core.get_deps(DSK)
    for key in DSK:
        assert sorted(core.get_dependencies(DSK, key, as_list=True)) == sorted(their_core.get_dependencies(DSK, key, as_list=True))
    assert core.get_dependencies(DSK, task=(inc, ["x", {"q": "y"}])) == {"x", "y"}
    with pytest.raises(ValueError):
        core.get_dependencies(DSK)


@pytest.mark.parametrize("task", VALUES)
@pytest.mark.parametrize("key, value", [("x", 5), (1, "one"), (("t", 0), (inc, 1))])
def test_substitution_is_dasks(task, key, value):
    assert core.subs(task, key, value) == their_core.subs(task, key, value)


def test_cycles_are_found():
    cyclic = {"a": (inc, "b"), "b": (inc, "c"), "c": (add, "d", "a"), "d": 1}
    assert core.getcycle(cyclic, "a") == ["a", "b", "c", "a"]
    assert (core.isdag(cyclic, "a"), core.isdag(cyclic, "d"), core.getcycle(cyclic, ["d"])) == (False, True, [])
    with pytest.raises(RuntimeError, match="a->b->c->a"):
        core.toposort(cyclic)
    long = {i: (inc, i - 1) for i in range(1, 100_000)} | {0: "start"}
    assert core.toposort(long) == list(range(100_000))


def test_get_of_core_takes_values_that_are_there():
    assert core.get({"y": (inc, "x")}, ["y", ["y"]], cache={"x": 5}) == (6, (6,))
    assert plait.get({"y": (inc, "x")}, "y", cache={"x": 5}) == 6
    literal = core.literal((inc, 1))
    assert pickle.loads(pickle.dumps(literal))() == (inc, 1)
    assert plait.get({"x": 1, "y": (len, core.quote(["x", "x"]))}, "y") == 2


def test_culling_is_dasks():
    ours, needs = optimization.cull(DSK, ["z", ["y"]])
    expected, their_needs = their_optimization.cull(DSK, ["z", "y"])
    assert ours == expected and {k: sorted(v) for k, v in needs.items()} == {k: sorted(v) for k, v in their_needs.items()}
    with pytest.raises(KeyError):
        optimization.cull(DSK, "q")


CHAINS = {
    "a chain": {"a": 1, "b-1": (inc, "a"), "c-2": (inc, "b-1")},
    "two users": {"a": 1, "b": (inc, "a"), "c": (inc, "b"), "d": (inc, "b")},
    "tuple keys": {("a-1", 0): 1, ("b-1", 0): (inc, ("a-1", 0)), ("c-1", 0): (inc, ("b-1", 0))},
    "a tree": {"a": 1, "b": 2, "c": (add, "a", "b"), "d": (inc, "c")},
    "taken twice": {"a": 1, "b": (inc, "a"), "c": (add, "b", "b")},
    "numbers as keys": {1: 5, 2: (inc, 1), 3: (inc, 2)},
}


@pytest.mark.parametrize("dsk", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("rename", [True, False, lambda keys: "all-" + str(len(keys))])
@pytest.mark.parametrize("keys", [None, ["b", "b-1"]])
def test_fused_chains_are_dasks(dsk, rename, keys):
    assert optimization.fuse(dsk, keys, ave_width=1, rename_keys=rename) == their_optimization.fuse(dsk, keys, ave_width=1, rename_keys=rename)


@pytest.mark.parametrize("width", [1, 1.9, 2, 3, 8])
def test_fused_trees_are_dasks(width):
    dsk = {
        **{f"x{i}": (inc, i) for i in range(8)},
        **{f"y{i}": (add, f"x{2 * i}", f"x{2 * i + 1}") for i in range(4)},
        "z0": (add, "y0", "y1"),
        "z1": (add, "y2", "y3"),
        "s": (add, "z0", "z1"),
    }
    ours, _ = optimization.fuse(dsk, ["s"], ave_width=width, rename_keys=False)
    expected, _ = their_optimization.fuse(dsk, ["s"], ave_width=width, rename_keys=False)
    assert ours == expected


def test_a_linear_fusion_of_chains_means_the_same():
    for dsk in CHAINS.values():
        last = list(dsk)[-1]
        ours, _ = optimization.fuse_linear(dsk, last, rename_keys=False)
        expected, _ = their_optimization.fuse_linear(dsk, last, rename_keys=False)
        assert ours == expected


def test_task_objects_are_not_fused_into_tuples():
    dsk = {"a": task_spec.Task("a", inc, 1), "b": (inc, "a"), "c": (inc, "b")}
    fused, _ = optimization.fuse(dsk, ["c"], rename_keys=False)
    assert plait.get(fused, "c") == 4 and "a" in fused


@pytest.mark.parametrize("keys", [None, "y", ["y", "z"]])
@pytest.mark.parametrize("constants", [True, False])
def test_inlining_is_dasks(keys, constants):
    assert optimization.inline(DSK, keys, inline_constants=constants) == their_optimization.inline(DSK, keys, inline_constants=constants)


@pytest.mark.parametrize("output, fast, constants", [([], [inc], False), (["y"], [inc, add], False), (["w"], [inc, add], True), (["w"], None, True)])
def test_inlined_functions_are_dasks(output, fast, constants):
    ours = optimization.inline_functions(dict(DSK), output, fast, inline_constants=constants)
    assert ours == their_optimization.inline_functions(dict(DSK), output, fast, inline_constants=constants)


def test_functions_of_tasks_are_dasks():
    import functools

    for task in (*VALUES, (functools.partial(add, 1), (inc, [(sum, 1)]))):
        assert optimization.functions_of(task) == their_optimization.functions_of(task)


def test_a_graph_is_a_function_of_its_keys():
    f = optimization.SubgraphCallable({"a": (inc, "x"), "b": (add, "a", "y")}, "b", ["x", "y"])
    assert f(1, 10) == pickle.loads(pickle.dumps(f))(1, 10) == 12
    assert f == pickle.loads(pickle.dumps(f)) and hash(f) == hash(pickle.loads(pickle.dumps(f)))
    assert plait.tokenize(f) == plait.tokenize(pickle.loads(pickle.dumps(f)))
    assert plait.get({"v": 5, "r": (f, "v", 1)}, "r", scheduler="processes") == 7
    with pytest.raises(ValueError, match="takes 2 arguments"):
        f(1)


def test_an_order_walks_depth_first():
    dsk = {("a", i): (inc, i) for i in range(4)} | {("b", i): (inc, ("a", i)) for i in range(4)} | {"s": (sum, [("b", i) for i in range(4)])}
    ranks = order.order(dsk)
    assert [ranks["b", i] - ranks["a", i] for i in range(4)] == [1, 1, 1, 1] and ranks["s"] == 8
    stats = order.order(dsk, return_stats=True)
    assert stats["s"] == (8, 3)
    with pytest.raises(RuntimeError, match="cycle"):
        order.order({"a": (inc, "b"), "b": (inc, "a")})
    assert order.order({"a": (inc, "elsewhere")}) == {"a": 0}
    assert order.order({}) == {}


def test_what_an_order_means_for_memory():
    ranks = {"x": 0, "y": 1, "z": 2, "w": 3, ("t", 0): 4}
    ours, pressure = order.diagnostics(DSK, ranks)
    expected, their_pressure = their_order.diagnostics(dict(DSK), ranks)
    assert pressure == their_pressure
    assert {key: tuple(info) for key, info in ours.items()} == {key: tuple(info) for key, info in expected.items()}
    assert order.ndependencies(*core.get_deps(DSK)) == their_order.ndependencies(*their_core.get_deps(DSK))


# --- The scheduler in Python ---


def test_the_state_of_a_run_is_dasks():
    ranks = order.order(DSK).get
    ours = local.start_state_from_dask(dict(DSK), sortkey=ranks, keys=["w"])
    expected = their_local.start_state_from_dask(dict(DSK), sortkey=ranks, keys=["w"])
    for part in ("dependencies", "dependents", "waiting", "waiting_data", "cache", "ready", "running", "finished", "released"):
        assert ours[part] == expected[part], part


def test_a_run_tells_its_callbacks_what_dasks_tells():
    def heard(get, callback_class):
        log = []
        callback = callback_class(
            start=lambda dsk: log.append(("start", sorted(dsk))),
            start_state=lambda dsk, state: log.append(("state", list(state["ready"]))),
            pretask=lambda key, dsk, state: log.append(("pre", key, sorted(state["cache"]))),
            posttask=lambda key, value, dsk, state, worker: log.append(("post", key, value, sorted(state["cache"]))),
            finish=lambda dsk, state, failed: log.append(("finish", failed, sorted(state["finished"]))),
        )
        with callback:
            get({"x": 1, "y": (inc, "x"), "z": (inc, "y")}, "z")
        return log

    assert heard(local.get_sync, callbacks.Callback) == heard(their_local.get_sync, pytest.importorskip("dask.callbacks").Callback)


def test_a_failed_run_ends_its_callbacks():
    log = []
    with callbacks.Callback(finish=lambda dsk, state, failed: log.append(failed)), pytest.raises(TypeError):
        local.get_sync({"x": "text", "y": (inc, "x")}, "y")
    assert log == [True] and not callbacks.Callback.active
    with pytest.raises(TypeError, match="a callback is"):
        callbacks.add_callbacks(5)


def test_callbacks_of_an_outer_run_do_not_hear_inner_ones():
    keys = []
    with callbacks.Callback(pretask=lambda key, dsk, state: keys.append(key)):
        local.get_sync({"outer": (local.get_sync, core.literal, "q")} | {"outer": (lambda: local.get_sync({"inner": (inc, 1)}, "inner"),)}, "outer")
    assert keys == ["outer"]


def test_a_run_goes_through_any_submit():
    with ThreadPoolExecutor(2) as pool:
        assert local.get_async(pool.submit, 2, DSK, ["w", ["y"]]) == dask.get(DSK, ["w", ["y"]])
        assert local.get_async(pool.submit, 2, DSK, "w", chunksize=-1) == dask.get(DSK, "w")
    with ThreadPool(2) as pool:
        assert local.get_apply_async(pool.apply_async, 2, DSK, "w") == dask.get(DSK, "w")


def test_names_of_workers_and_written_values_go_through():
    workers = []

    def pack(error, dumps):
        return dumps((error, error.__traceback__))

    with callbacks.Callback(posttask=lambda key, value, dsk, state, worker: workers.append(worker)):
        result = local.get_async(local.synchronous_executor.submit, 1, DSK, "z", get_id=threading.get_ident, dumps=pickle.dumps, loads=pickle.loads)
    assert result == 3 and set(workers) == {threading.get_ident()}
    with pytest.raises(ZeroDivisionError):
        local.get_async(local.synchronous_executor.submit, 1, {"x": (divmod, 1, 0)}, "x", pack_exception=lambda error, dumps: (error, None))


@pytest.mark.parametrize("make", [ThreadPoolExecutor, ThreadPool])
def test_a_pool_runs_the_tasks(make):
    names = set()

    def note(x):
        names.add(threading.current_thread().name)
        return x + 1

    dsk = {"x": 1, "y": (note, "x"), "z": (note, "y")}
    with make(2) as pool:
        assert plait.get(dsk, "z", pool=pool) == plait.threaded.get(dsk, "z", pool=pool) == 3
        assert plait.array.arange(4, chunks=2).sum().compute(pool=pool) == 6
    assert all("MainThread" not in name for name in names)
    with pytest.raises(TypeError, match="pool= takes an executor"):
        plait.get(dsk, "z", pool=5)
