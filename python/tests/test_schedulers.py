"""`scheduler=` as Dask takes it: names, executor objects, functions with the signature of `get`."""

import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd

dask = pytest.importorskip("dask")
GETS = {
    "get": dask.get,
    "threaded": pytest.importorskip("dask.threaded").get,
    "multiprocessing": pytest.importorskip("dask.multiprocessing").get,
}


@pytest.fixture(params=["get", "threaded", "multiprocessing", "thread pool", "process pool"])
def scheduler(request):
    """Real schedulers of others."""
    if request.param == "thread pool":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    elif request.param == "process pool":
        import multiprocessing

        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
            yield pool
    else:
        yield GETS[request.param]


def frame():
    return pd.DataFrame({"key": ["b", "a", None, "c", "a", "b", "a"] * 5, "n": range(35), "x": np.linspace(-1, 1, 35)})


def add_one(block):
    return block + 1


def fail(block):
    raise LookupError("the cellar is empty")


def test_arrays_give_what_numpy_gives(scheduler):
    data = np.arange(600.0).reshape(20, 30)
    x = da.from_array(data, chunks=(7, 11))
    y = (x + 2 * x[::-1] - x.mean(axis=0)) ** 2
    expected = (data + 2 * data[::-1] - data.mean(axis=0)) ** 2
    result, total, shifted = plait.compute(y, y.sum(), x.map_blocks(add_one), scheduler=scheduler)
    np.testing.assert_allclose(result, expected)
    np.testing.assert_allclose(total, expected.sum())
    np.testing.assert_array_equal(shifted, data + 1)


def test_frames_give_what_pandas_gives(scheduler):
    data = frame()
    ddf = dd.from_pandas(data, npartitions=4)
    means, lengths, all_of_it = plait.compute(
        ddf.groupby("key").x.mean(), ddf.map_partitions(len), ddf[ddf.n > 3], scheduler=scheduler
    )
    pd.testing.assert_series_equal(means.sort_index(), data.groupby("key").x.mean(), check_index_type=False)
    assert sum(lengths) == 35
    assert all_of_it.n.tolist() == list(range(4, 35))


def test_raw_graphs_run(scheduler):
    assert plait.get({"x": 1, ("y", 0): (add_one, "x"), "z": (sum, ["x", ("y", 0)])}, ["z", ["x"]], scheduler=scheduler) == (
        3,
        (1,),
    )


def test_the_functions_own_error_comes_back_and_says_where(scheduler):
    x = da.ones((4,), chunks=2).map_blocks(fail, dtype=float)
    with pytest.raises(LookupError, match="the cellar is empty") as caught:
        x.compute(scheduler=scheduler)
    assert "while running ('fail" in "".join(getattr(caught.value, "__notes__", [])) or "remote" in repr(type(caught.value)).lower()


def test_persisted_blocks_can_be_computed_elsewhere(scheduler):
    x = da.arange(10, chunks=3).persist(scheduler=scheduler)
    assert x.sum().compute(scheduler="sync") == 45
    assert x.sum().compute(scheduler=scheduler) == 45


def test_a_guess_that_was_wrong_is_mended(tmp_path, scheduler):
    path = tmp_path / "late.csv"
    lines = [f"{i},{i}" for i in range(200_000)]
    lines[150_000] = "150000,0.5"
    path.write_text("\n".join(["id,x", *lines]) + "\n")
    ddf = dd.read_csv(str(path), blocksize=400_000)
    assert ddf.x.dtype == np.dtype("int64")
    assert ddf.x.sum().compute(scheduler=scheduler) == pd.read_csv(path).x.sum()


def test_the_setting_takes_what_the_argument_takes(scheduler):
    with plait.config.set(scheduler=scheduler):
        assert plait.config.get("scheduler") is scheduler
        assert da.ones((4,), chunks=2).sum().compute() == 4
        with plait.config.set(scheduler="sync"):
            assert plait.config.get("scheduler") == "sync"
        assert plait.config.get("scheduler") is scheduler
    assert plait.config.get("scheduler", None) != scheduler


def test_a_function_gets_a_graph_of_keys_and_tasks_and_the_keyword_arguments():
    seen = {}

    def get(dsk, keys, **kwargs):
        seen.update(dsk=dsk, keys=keys, kwargs=kwargs)
        return dask.get(dsk, keys)

    x = da.ones((6,), chunks=2) + 1
    assert x.sum().compute(scheduler=get, num_workers=3, pool="mine") == 12
    assert seen["kwargs"] == {"num_workers": 3, "pool": "mine"}
    assert all(callable(task[0]) for task in seen["dsk"].values())
    assert set(seen["keys"]) <= set(seen["dsk"])


def test_an_executor_is_asked_for_every_task():
    class Counting(Executor):
        num_tasks = 0

        def submit(self, function, /, *args, **kwargs):
            self.num_tasks += 1
            future = Future()
            future.set_result(function(*args, **kwargs))
            return future

    executor = Counting()
    assert da.ones((6,), chunks=2).map_blocks(add_one).compute(scheduler=executor).tolist() == [2.0] * 6
    assert executor.num_tasks >= 3


def test_our_own_get_functions_are_the_schedulers_that_they_stand_for():
    import plait.multiprocessing
    import plait.threaded

    x = da.ones((6,), chunks=2)
    for get in (plait.get, plait.threaded.get, plait.multiprocessing.get):
        assert x.sum().compute(scheduler=get) == 6


@pytest.mark.parametrize("wrong", [3, 2.5, object()])
def test_anything_else_is_refused(wrong):
    with pytest.raises((TypeError, ValueError), match="scheduler"):
        da.ones((4,), chunks=2).compute(scheduler=wrong)


# --- The graph that a collection shows ---


@pytest.mark.parametrize("get", GETS.values(), ids=list(GETS))
def test_the_graph_of_an_array_runs_under_dask(get):
    data = np.arange(12.0).reshape(3, 4)
    x = da.from_array(data, chunks=(2, 2)) * 2
    blocks = get(dict(x.dask), x.__dask_keys__())
    np.testing.assert_array_equal(np.block([list(row) for row in blocks]), data * 2)
    (total,) = get(x.sum().dask, x.sum().__dask_keys__())
    assert total == data.sum() * 2


@pytest.mark.parametrize("get", GETS.values(), ids=list(GETS))
def test_the_graph_of_a_frame_runs_under_dask(get):
    ddf = dd.from_pandas(frame(), npartitions=3)
    kept = ddf[ddf.n > 3]
    parts = get(kept.dask, kept.__dask_keys__())
    assert [type(part) for part in parts] == [pd.DataFrame] * 3
    assert pd.concat(parts).n.tolist() == list(range(4, 35))


def test_tasks_can_be_pickled():
    x = da.ones((4,), chunks=2).map_blocks(lambda block: block + 5)
    graph = pickle.loads(pickle.dumps(dict(x.dask)))
    assert np.concatenate(dask.get(graph, x.__dask_keys__())).tolist() == [6.0] * 4


def test_a_program_names_schedulers_of_its_own():
    def schedule(dsk, keys, **kwargs):
        return [123]

    x = plait.delayed(abs)(-1)
    plait.base.named_schedulers["mine"] = schedule
    try:
        assert x.compute(scheduler="mine") == 123
        with plait.config.set(scheduler="mine"):
            assert x.compute() == 123 and x.compute(scheduler="threads") == 1
        assert x.compute() == 1
    finally:
        del plait.base.named_schedulers["mine"]
    with pytest.raises(ValueError, match="mine"):
        x.compute(scheduler="mine")


def test_get_as_an_argument_is_refused_with_what_to_use():
    with pytest.raises(TypeError, match="give the function as scheduler="):
        da.ones(3).compute(get=plait.get)
