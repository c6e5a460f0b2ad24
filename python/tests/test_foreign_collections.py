"""Collections of other libraries in compute, persist, visualize and optimize, alone and together with Plait's."""

import collections
import dataclasses
import pickle
from operator import add

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.base
import plait.dataframe as dd
import plait.local
import plait.multiprocessing
import plait.threaded
from plait.base import DaskMethodsMixin, replace_name_in_key, unpack_collections
from plait.highlevelgraph import HighLevelGraph, MaterializedLayer
from plait.task_spec import Task, TaskRef

dask = pytest.importorskip("dask")
dask_array = pytest.importorskip("dask.array")
their_base = pytest.importorskip("dask.base")

SCHEDULERS = ["sync", "threads", "processes"]
ran = []


def inc(x):
    ran.append(x)
    return x + 1


class Row(DaskMethodsMixin):
    """A collection as the protocol's documentation describes one: a tuple of values."""

    def __init__(self, dsk, keys):
        self.graph, self.keys = dsk, keys

    def __dask_graph__(self):
        return self.graph

    def __dask_keys__(self):
        return self.keys

    def __dask_tokenize__(self):
        return tuple(self.keys)

    def __dask_postcompute__(self):
        return tuple, ()

    def __dask_postpersist__(self):
        return Row._rebuild, (self.keys,)

    @staticmethod
    def _rebuild(dsk, keys, *, rename=None):
        return Row(dsk, [replace_name_in_key(key, rename or {}) for key in keys])

    __dask_scheduler__ = staticmethod(plait.threaded.get)


class OptimizedRow(Row):
    calls = []

    @staticmethod
    def __dask_optimize__(dsk, keys, **kwargs):
        OptimizedRow.calls.append((sorted(dict(dsk), key=str), keys, kwargs))
        return dsk


def row(name="row", cls=Row):
    return cls({(name, "x"): 1, (name, 0): (inc, (name, "x")), (name, 1): Task((name, 1), inc, TaskRef((name, 0)))}, [(name, 0), (name, 1)])


def row_of(array):
    """A collection that builds on one of Plait."""
    name = "row-of-" + array.name
    layer = {(name, i): (np.sum, key) for i, key in enumerate(array.__dask_keys__())}
    return Row(HighLevelGraph.from_collections(name, layer, dependencies=[array]), list(layer))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_it_is_computed(scheduler):
    assert row().compute(scheduler=scheduler) == (2, 3)
    assert plait.compute(row(), {"deep": [row("other")]}, 5, scheduler=scheduler) == ((2, 3), {"deep": [(2, 3)]}, 5)
    assert plait.compute([row()], traverse=False)[0][0].keys == row().keys


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_it_is_computed_with_ours(scheduler):
    x = da.arange(10, chunks=5) + 1
    df = dd.from_pandas(pd.DataFrame({"a": range(6)}), npartitions=2)
    theirs, total, frame, real = plait.compute(row(), x.sum(), df, dask_array.ones(4, chunks=2).sum(), scheduler=scheduler)
    assert (theirs, total, real) == ((2, 3), 55, 4)
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"a": range(6)}))


def test_shared_work_runs_once():
    count = []

    def noted(block):
        count.append(len(block))
        return block * 2

    x = da.arange(10, chunks=5).map_blocks(noted, dtype=int)
    count.clear()
    sums, values = plait.compute(row_of(x), x, scheduler="sync")
    assert sums == (20, 70) and values.tolist() == list(range(0, 20, 2)) and count == [5, 5]


def test_it_is_persisted():
    kept, array = plait.persist(row(), da.arange(4, chunks=2))
    ran.clear()
    assert kept.compute() == (2, 3) and not ran and isinstance(kept, Row)
    assert array.sum().compute() == 6
    (lone,) = plait.persist(row())
    assert lone.compute() == (2, 3)
    assert row().persist().compute() == (2, 3)


def test_it_is_optimized_by_its_own_function():
    OptimizedRow.calls.clear()
    one, two = row("one", OptimizedRow), row("two", OptimizedRow)
    assert plait.compute(one, two) == ((2, 3), (2, 3))
    ((keys, wanted, _),) = OptimizedRow.calls  # both in one call
    assert len(keys) == 6 and wanted == [one.keys, two.keys]
    plait.compute(one, optimize_graph=False)
    assert len(OptimizedRow.calls) == 1
    (again,) = plait.optimize(one)
    assert again.compute() == (2, 3) and len(OptimizedRow.calls) == 2
    x = da.ones(3)
    assert plait.optimize(x, 5)[0] is x


def test_it_is_drawn_and_explained(tmp_path):
    path = tmp_path / "row.dot"
    plait.visualize(row(), da.ones(2), filename=str(path))
    row().visualize(filename=str(tmp_path / "alone.svg"))
    assert path.exists() and (tmp_path / "alone.svg").exists()
    assert "the value of a task" in plait.explain(row())


def test_its_scheduler_is_taken_unless_another_is_given():
    seen = []

    class Odd(Row):
        @staticmethod
        def __dask_scheduler__(dsk, keys, **kwargs):
            seen.append(kwargs)
            return plait.get(dsk, keys)

    assert row("odd", Odd).compute() == (2, 3) and len(seen) == 1
    assert row("odd", Odd).compute(scheduler="sync") == (2, 3) and len(seen) == 1
    with plait.config.set(scheduler="sync"):
        row("odd", Odd).compute()
    assert len(seen) == 1
    with pytest.raises(ValueError, match="made for different schedulers"):
        plait.compute(row(), row("odd", Odd))


def test_a_failing_task_raises_its_own_error():
    broken = Row({"a": (inc, "text")}, ["a"])
    with pytest.raises(TypeError) as caught:
        broken.compute()
    assert "while running 'a'" in caught.value.__notes__[0]


def test_what_is_a_collection():
    for value in (row(), da.ones(2), dd.from_pandas(pd.DataFrame({"a": [1]}), npartitions=1), dask_array.ones(2)):
        assert plait.is_dask_collection(value) and their_base.is_dask_collection(value)
    for value in (1, [row()], Row, da.Array, {}, None):
        assert not plait.is_dask_collection(value)
    assert not plait.is_dask_collection(Row(None, []))
    assert plait.is_plait_collection(da.ones(2)) and not plait.is_plait_collection(row())


Named = collections.namedtuple("Named", "first second")


@dataclasses.dataclass
class Record:
    field: object


def test_collections_are_unpacked_from_containers():
    x, y = da.ones(2), row()
    given = ([x, (y, {"k": x})], {y: 1, "q": {2}}, Named(x, 1), Record(y), iter([x]), "text")
    found, repack = unpack_collections(*given)
    assert found == [x, y] or [id(each) for each in found] == [id(x), id(y)]
    assert repack(["X", "Y"]) == (["X", ("Y", {"k": "X"})], {"Y": 1, "q": {2}}, Named("X", 1), Record("Y"), ["X"], "text")
    found, repack = unpack_collections([x], y, traverse=False)
    assert [id(each) for each in found] == [id(y)]


def test_names_in_keys():
    for key in ("foo", ("foo", 1, 2), ("foo-123", 0)):
        assert plait.base.get_name_from_key(key) == their_base.get_name_from_key(key)
        assert replace_name_in_key(key, {"foo": "bar"}) == their_base.replace_name_in_key(key, {"foo": "bar"})
        assert plait.base.clone_key(key, 1) != plait.base.clone_key(key, 2)
        assert plait.base.clone_key(key, 1) == plait.base.clone_key(key, 1)
    assert plait.base.clone_key(("inc-cbb1eca3bafafbb3e8b2419c4eebb387", 3), 1)[0].startswith("inc-")
    assert plait.base.get_collection_names(row()) == {"row"}
    with pytest.raises(TypeError):
        plait.base.get_name_from_key(5)


def test_a_scheduler_is_a_function():
    get = plait.base.get_scheduler(scheduler="sync")
    assert get({"x": 1, "y": (add, "x", 1)}, "y") == 2
    assert plait.base.get_scheduler() is None
    assert plait.base.get_scheduler(scheduler=add) is add
    for name, own in (("sync", plait.local.get_sync), ("threads", plait.threaded.get), ("processes", plait.multiprocessing.get)):
        assert plait.base.get_scheduler(scheduler=name) is plait.base.get_scheduler(scheduler=own) is own
    assert plait.base.get_scheduler(collections=[row()])({"x": 1}, "x") == 1
    assert plait.base.compute_as_if_collection(Row, {"x": 1}, ["x"]) == (1,)
    with pytest.raises(TypeError, match="get= is gone"):
        plait.base.get_scheduler(get=1)


# --- Ours, as other libraries see them ---


def samples():
    data = np.arange(60.0).reshape(6, 10)
    frame = pd.DataFrame({"k": list("abcabca"), "v": range(7)})
    x = da.from_array(data, chunks=(4, 5))
    df = dd.from_pandas(frame, npartitions=3)
    return {
        "array": (x + 1, data + 1),
        "transposed": (x.T, data.T),
        "reduction": (x.sum(axis=0), data.sum(axis=0)),
        "number": (x.mean(), data.mean()),
        "frame": (df, frame),
        "series": (df.v * 2, frame.v * 2),
        "scalar": (df.v.sum(), frame.v.sum()),
        "groups": (df.groupby("k").v.sum(), frame.groupby("k").v.sum()),
    }


def same(result, expected):
    if isinstance(expected, (pd.DataFrame, pd.Series)):
        kind = pd.testing.assert_frame_equal if isinstance(expected, pd.DataFrame) else pd.testing.assert_series_equal
        kind(result.sort_index(), expected.sort_index(), check_index_type=False, check_dtype=False)
    else:
        np.testing.assert_allclose(result, expected)


@pytest.mark.parametrize("name", samples())
def test_dask_computes_ours(name):
    ours, expected = samples()[name]
    same(dask.compute(ours)[0], expected)
    same(dask.compute(ours, scheduler="sync")[0], expected)
    finish, args = ours.__dask_postcompute__()
    same(finish(dask.get(ours.__dask_graph__(), ours.__dask_keys__()), *args), expected)
    same(finish(plait.get(dict(ours.dask), ours.__dask_keys__()), *args), expected)


@pytest.mark.parametrize("name", samples())
def test_dask_persists_ours(name):
    ours, expected = samples()[name]
    (kept,) = dask.persist(ours, scheduler="sync")
    assert type(kept) is type(ours) and kept.__dask_keys__() == ours.__dask_keys__()
    same(kept.compute(), expected)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("name", samples())
def test_ours_are_rebuilt_of_their_graphs(name, scheduler):
    ours, expected = samples()[name]
    rebuild, args = ours.__dask_postpersist__()
    again = rebuild(ours.dask, *args)
    same(again.compute(scheduler=scheduler), expected)
    same(pickle.loads(pickle.dumps(again)).compute(), expected)


def test_the_graph_has_a_layer_for_each_operation():
    x = da.arange(10, chunks=5)
    y = x + 1
    graph = y.sum().dask
    assert y.__dask_layers__() == (y.name,)
    graph.validate()
    assert set(y.sum().__dask_layers__()) <= set(graph.layers) and all(isinstance(layer, MaterializedLayer) for layer in graph.layers.values())
    assert list(y.__dask_keys__()) == [(y.name, 0), (y.name, 1)]
    assert y.dask.cull([(y.name, 1)]).keys() < y.dask.keys()


def test_the_tasks_of_our_graphs_are_native_again_where_they_run():
    x = da.arange(10, chunks=5) + 1
    with plait.diagnostics.Profiler() as profile:
        plait.get(x.dask, x.__dask_keys__())
    keys = [str(task.key) for task in profile.results]
    assert keys and not any("graph" in key for key in keys)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_collections_of_others_are_values_of_delayed_calls(scheduler):
    row = Row({"a": (add, 1, 2), "b": (add, "a", 10)}, ["a", "b"])
    total = plait.delayed(sum)(row)
    assert total.compute(scheduler=scheduler) == 16
    nested = plait.delayed(dict)([("row", row), ("more", [total, {"again": row}])])
    assert nested.compute(scheduler=scheduler) == {"row": (3, 13), "more": [16, {"again": (3, 13)}]}
    array = dask_array.arange(6, chunks=2)
    assert plait.delayed(np.sum)(array + 1).compute(scheduler=scheduler) == 21
    assert plait.delayed(row).compute(scheduler=scheduler) == (3, 13)
    assert plait.delayed(lambda x: x)(dask.delayed(add)(1, 2)).compute(scheduler=scheduler) == 3
