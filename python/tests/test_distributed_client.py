"""A client has calls, collections and graphs done on a cluster, and gets results, errors and data back."""

import asyncio
import gc
import os
import pickle
import threading

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.bag as db
import plait.dataframe as dd
from distributed_samples import add, fail, inc, sleep_after_touching, wait_for_file
from plait.distributed import (
    CancelledError,
    Client,
    Future,
    LocalCluster,
    as_completed,
    fire_and_forget,
    futures_of,
    get_client,
    get_worker,
    rejoin,
    secede,
    wait,
    worker_client,
)
from plait.distributed.exceptions import ClosedClientError


@pytest.fixture(scope="module")
def client():
    with Client(n_workers=2, threads_per_worker=2, dashboard_address=None) as client:
        yield client


# --- Calls ---


def test_a_call_gives_a_future(client):
    future = client.submit(add, 1, y=2)
    assert isinstance(future, Future) and future.key.startswith("add-")
    assert future.result() == 3
    assert future.done() and future.status == "finished" and not future.cancelled()
    assert repr(future) == f"<Future: finished, type: int, key: {future.key}>"
    assert "finished" in future._repr_html_()


def test_equal_calls_are_one_and_impure_ones_are_not(client):
    assert client.submit(inc, 1).key == client.submit(inc, 1).key
    assert client.submit(inc, 1, pure=False).key != client.submit(inc, 1, pure=False).key
    assert client.submit(inc, 1, key="mine").key == "mine"


def test_futures_are_arguments_in_whatever_depth(client):
    one, two = client.map(inc, [0, 1])
    assert client.submit(add, one, two).result() == 3
    assert client.submit(sum, [one, two, 3]).result() == 6
    assert client.submit(lambda x: x["a"][0] + x["b"], {"a": (one,), "b": two}).result() == 3
    assert client.submit(add, 1, y=two).result() == 3


def test_map_takes_sequences_as_pythons_map(client):
    assert client.gather(client.map(add, [1, 2, 3], [10, 20])) == [11, 22]
    assert client.gather(client.map(add, range(3), y=5)) == [5, 6, 7]
    assert client.gather(client.map(inc, range(100), batch_size=7)) == list(range(1, 101))
    assert [each.key for each in client.map(inc, [1, 2], key=["a1", "a2"])] == ["a1", "a2"]
    assert client.map(inc, []) == []


def test_many_calls(client):
    assert sum(client.gather(client.map(inc, range(5000)))) == sum(range(1, 5001))


def test_an_error_is_the_tasks_own_with_its_traceback(client):
    future = client.submit(fail, "luck")
    with pytest.raises(ValueError, match="no luck"):
        future.result()
    assert future.status == "error" and isinstance(future.exception(), ValueError)
    assert isinstance(client.submit(add, future, 1).exception(), ValueError)
    with pytest.raises(ValueError, match="no luck"):
        client.gather([client.submit(inc, 1), future])
    assert client.submit(inc, 1).exception() is None


def test_what_gather_skips(client):
    good, bad = client.submit(inc, 1), client.submit(fail, "x")
    assert client.gather([good, bad, good], errors="skip") == [2, 2]
    assert client.gather({"a": good, "b": [good, 5]}) == {"a": 2, "b": [2, 5]}
    with pytest.raises(ValueError, match="errors is 'hide'"):
        client.gather([good], errors="hide")


def test_an_object_that_cannot_travel_is_named(client):
    with pytest.raises(TypeError, match="pickle|cannot"):
        client.submit(inc, threading.Lock()).result()


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda client: client.submit(1), TypeError, "found 1"),
        (lambda client: client.map(1, [2]), TypeError, "found 1"),
        (lambda client: client.map(inc, iter([1])), TypeError, "iterators"),
        (lambda client: client.submit(inc, 1, allow_other_workers=True), ValueError, "needs workers="),
        (lambda client: client.get_executor(frobnicate=1), TypeError, "no argument 'frobnicate'"),
        (lambda client: client.wait_for_workers(0), ValueError, "expected a whole number"),
        (lambda client: as_completed([1]), TypeError, "takes futures"),
        (lambda client: wait([], return_when="NEVER"), NotImplementedError, "NEVER"),
        (lambda client: client.nonsense, AttributeError, "has no attribute 'nonsense'"),
        (lambda client: client.amm, AttributeError, "not there yet"),
    ],
)
def test_mistakes_are_named(client, call, error, text):
    with pytest.raises(error, match=text):
        call(client)


# --- Waiting ---


def test_wait_and_time_out(client, tmp_path):
    path = str(tmp_path / "go")
    slow, quick = client.submit(wait_for_file, path), client.submit(inc, 1)
    done, not_done = wait([slow, quick], return_when="FIRST_COMPLETED")
    assert done == {quick} and not_done == {slow}
    for call in (lambda: wait([slow], timeout="20ms"), lambda: slow.result(timeout=0.02), lambda: list(as_completed([slow], timeout=0.02))):
        with pytest.raises(TimeoutError):
            call()
    open(path, "w").close()
    assert wait(slow).done == {slow} and slow.result() == path


def test_as_completed_gives_each_once_and_takes_more(client):
    futures = client.map(inc, range(20))
    coming = as_completed(futures)
    first = next(coming)
    more = client.submit(inc, 1000)
    coming.add(more)
    assert {first, *coming} == {*futures, more}
    assert coming.is_empty() and coming.count() == 0
    assert sorted(result for _, result in as_completed(futures, with_results=True)) == list(range(1, 21))
    assert sum(len(batch) for batch in as_completed(futures).batches()) == 20


def test_as_completed_raises_or_gives_errors(client):
    bad = client.submit(fail, "bread")
    with pytest.raises(ValueError, match="no bread"):
        list(as_completed([bad], with_results=True))
    ((_, error),) = as_completed([bad], with_results=True, raise_errors=False)
    assert error[0] is ValueError and isinstance(error[1], ValueError)  # as Dask: (type, error, traceback)


def test_a_callback_is_called_once_when_it_is_done(client):
    called = []
    is_called = threading.Event()
    future = client.submit(inc, 41)
    future.add_done_callback(lambda each: (called.append(each.result()), is_called.set()))
    assert is_called.wait(10) and called == [42]


def test_cancel(client, tmp_path):
    path = str(tmp_path / "never")
    future = client.submit(wait_for_file, path)
    after = client.submit(str.upper, future)
    future.cancel()
    with pytest.raises(CancelledError):
        future.result()
    assert future.cancelled() and future.status == "cancelled"
    with pytest.raises(CancelledError):
        after.result()
    assert client.submit(inc, 1).result() == 2


def test_waiting_for_a_second_future_says_what_to_do(client):
    with pytest.raises(TypeError, match="timeout is <Future.*as a list"):
        wait(client.submit(inc, 1), client.submit(inc, 2))


def test_a_client_tells_where_its_scheduler_is(client):
    assert client.scheduler.address == client.address
    assert set(client.scheduler.workers) == set(client.scheduler_info()["workers"])


def test_who_cancels_says_why(client, tmp_path):
    future = client.submit(wait_for_file, str(tmp_path / "go"), pure=False)
    other = client.submit(inc, future)
    client.cancel([future], reason="budget", msg="The month's budget is spent.")
    for each in (future, other):
        with pytest.raises(CancelledError, match=r"cancelled for reason: budget\.\nThe month's budget is spent\."):
            each.result()
    assert future.exception().reason == "budget"
    (tmp_path / "go").touch()


@pytest.mark.parametrize("processes", [True, False])
def test_a_cancelled_task_that_does_not_stop_keeps_no_others_waiting(processes, tmp_path):
    with Client(n_workers=1, threads_per_worker=1, processes=processes, dashboard_address=None) as client:
        for number in range(3):
            begun = tmp_path / f"begun-{number}"
            future = client.submit(sleep_after_touching, str(begun), pure=False)
            wait_for_file(str(begun))
            future.cancel()
            assert client.submit(inc, number, pure=False).result(timeout=2) == number + 1


def fails_until(path):
    if not os.path.exists(path):
        raise ValueError("too early")
    return "in time"


def test_retry(client, tmp_path):
    path = str(tmp_path / "go")
    future = client.submit(fails_until, path)
    assert isinstance(future.exception(), ValueError)
    open(path, "w").close()
    future.retry()
    assert future.result() == "in time"


def fails_once(path):
    if not os.path.exists(path):
        open(path, "w").close()
        raise ValueError("the first time")
    return "the second time"


def test_retries(client, tmp_path):
    assert client.submit(fails_once, str(tmp_path / "a"), retries=1).result() == "the second time"


def test_fire_and_forget_runs_what_nobody_holds(client, tmp_path):
    path = tmp_path / "there"
    fire_and_forget(client.submit(lambda path: open(path, "w").close(), str(path), pure=False))
    gc.collect()
    client.submit(wait_for_file, str(path)).result(timeout=20)


# --- Data ---


def test_scatter_keeps_the_shape_of_what_it_is_given(client):
    assert client.gather(client.scatter([1, "a", None])) == [1, "a", None]
    assert client.gather(client.scatter({"x": 1, "y": 2})) == {"x": 1, "y": 2}
    one = client.scatter(np.arange(10))
    assert client.submit(np.sum, one).result() == 45
    assert client.scatter(5).key == client.scatter(5).key != client.scatter(5, hash=False).key
    assert client.scatter((1, 2), broadcast=True)[1].result() == 2
    assert client.scatter([7, 7])[0].key == client.scatter([7, 7])[1].key


def test_large_values_go_there_and_back(client):
    data = np.random.default_rng(0).random(1_000_000)
    there = client.scatter(data, broadcast=True)
    np.testing.assert_array_equal(client.submit(np.negative, there).result(), -data)


# --- Collections ---


def test_a_client_runs_every_collection(client):
    x = da.random.default_rng(0).random((200, 200), chunks=50)
    expected = x.compute(scheduler="threads")
    assert plait.config.get("scheduler") == "dask.distributed"
    np.testing.assert_allclose((x + x.T).mean().compute(), (expected + expected.T).mean())
    frame = pd.DataFrame({"k": list("abcab") * 20, "v": np.arange(100.0)})
    lazy = dd.from_pandas(frame, npartitions=4)
    pd.testing.assert_series_equal(lazy.groupby("k").v.sum().compute().sort_index(), frame.groupby("k").v.sum())
    assert db.from_sequence(range(20), npartitions=4).map(inc).sum().compute() == sum(range(1, 21))
    assert plait.delayed(add)(plait.delayed(inc)(1), 2).compute() == 4
    assert plait.compute(x.sum(), [lazy.v.sum()], 5)[1:] == ([frame.v.sum()], 5)
    assert client.get({"x": 1, "y": (add, "x", 10), "z": (sum, ["x", "y"])}, ["y", ["z"]]) == (11, (12,))


def test_tasks_of_collections_run_on_workers(client):
    pids = set(da.ones(8, chunks=1).map_blocks(lambda block: np.array([os.getpid()])).compute())
    assert os.getpid() not in pids
    with plait.config.set(scheduler="threads"):
        assert set(da.ones(2, chunks=1).map_blocks(lambda block: np.array([os.getpid()])).compute()) == {os.getpid()}


def test_compute_gives_futures(client):
    x = da.arange(10, chunks=5)
    future = client.compute(x.sum())
    assert isinstance(future, Future) and future.key.startswith("finalize-") and future.result() == 45
    many = client.compute([x, plait.delayed(inc)(1), 7])
    assert many[2] == 7 and many[1].result() == 2
    np.testing.assert_array_equal(many[0].result(), np.arange(10))
    assert client.compute(x.max(), sync=True) == 9
    assert client.submit(inc, client.compute(x.sum())).result() == 46
    assert client.compute([[x.sum(), 1]])[0].result() == [45, 1]
    assert client.get({"a": (inc, 1)}, "a", sync=False).result() == 2


def test_persist_keeps_blocks_on_the_cluster(client):
    x = client.persist(da.arange(10, chunks=5) + 1)
    assert isinstance(x, da.Array) and len(futures_of(x)) == 2
    assert x.sum().compute() == 55
    y, z = client.persist([da.ones(4, chunks=2), plait.delayed(inc)(1)])
    assert (y.sum().compute(), z.compute()) == (4, 2)
    kept = dd.from_pandas(pd.DataFrame({"v": range(6)}), npartitions=3).persist()
    assert len(futures_of(kept)) == 3 and kept.v.sum().compute() == 15
    wait(kept)


def test_futures_stand_in_delayed_calls_and_collections(client):
    one = client.submit(np.arange, 5)
    assert plait.delayed(sum)([plait.delayed(inc)(1), client.submit(inc, 2)]).compute() == 5
    assert da.from_delayed(plait.delayed(np.asarray)(one), (5,), dtype=int).sum().compute() == 10
    frames = client.map(lambda i: pd.DataFrame({"v": [i]}), range(3))
    assert dd.from_delayed(frames, meta=pd.DataFrame({"v": [0]})).v.sum().compute() == 3


def test_annotations_of_a_with_block_hold_for_what_is_submitted_there(client):
    address = sorted(client.nthreads())[0]
    with plait.annotate(workers=[address]):
        futures = client.map(lambda i: get_worker().address, range(8), pure=False)
    assert set(client.gather(futures)) == {address}


# --- Inside tasks ---


def total_of(n):
    client = get_client()
    return sum(client.gather(client.map(inc, range(n))))


def total_with_worker_client(n):
    with worker_client() as client:
        return client.submit(sum, client.map(inc, range(n))).result()


def total_seceded(n):
    secede()
    found = total_of(n)
    rejoin()
    return found


@pytest.mark.parametrize("total", [total_of, total_with_worker_client, total_seceded])
def test_tasks_submit_tasks(client, total):
    assert client.submit(total, 10).result() == 55


def test_many_tasks_that_wait_for_tasks_do_not_block_each_other(client):
    for _ in range(10):
        found = client.gather(client.map(total_with_worker_client, range(1, 13), pure=False))
        assert found == [sum(range(1, n + 1)) for n in range(1, 13)]


def test_futures_and_clients_travel(client):
    future = client.submit(inc, 1)
    assert client.submit(lambda packed: pickle.loads(packed).result(), pickle.dumps(future)).result() == 2
    assert pickle.loads(pickle.dumps(client)) is client
    found = client.run(lambda: len(client.scheduler_info()["workers"]))
    assert list(found.values()) == [2, 2]


def test_the_worker_of_a_task(client):
    address, name = client.submit(lambda: (get_worker().address, get_worker().name)).result()
    assert client.scheduler_info()["workers"][address]["name"] == name
    for function in (get_worker, secede, rejoin):
        with pytest.raises(ValueError, match="not inside a task"):
            function()


# --- Executors and programs that await ---


def test_what_builds_on_values_that_are_still_being_made_waits_for_them(tmp_path):
    frame = pd.DataFrame({"x": range(8)})
    go = str(tmp_path / "go")
    with Client(n_workers=1, threads_per_worker=1, dashboard_address=None):
        made = dd.from_pandas(frame, npartitions=4).map_partitions(lambda part: (wait_for_file(go), part)[1], meta=frame).persist()
        renamed = made.rename(columns={"x": "y"}).persist()
        numbers = da.ones(8, chunks=2).map_blocks(lambda block: (wait_for_file(go), block)[1], dtype=float).persist()
        more = (numbers + 1).persist()
        del made, numbers  # what they hold is still needed
        open(go, "w").close()
        pd.testing.assert_frame_equal(renamed.compute(), frame.rename(columns={"x": "y"}))
        assert more.sum().compute() == 16


def test_an_executor_of_concurrent_futures(client):
    with client.get_executor() as executor:
        assert executor.submit(add, 1, y=2).result(timeout=20) == 3
        assert list(executor.map(add, [1, 2], [10, 20])) == [11, 22]
        assert isinstance(executor.submit(fail, "x").exception(timeout=20), ValueError)
    with pytest.raises(RuntimeError, match="after shutdown"):
        executor.submit(inc, 1)


def test_programs_that_await():
    async def program():
        async with Client(n_workers=1, threads_per_worker=2, dashboard_address=None, asynchronous=True) as client:
            future = client.submit(inc, 1)
            assert await future == 2 and await future.result() == 2
            assert await client.gather([future, client.submit(inc, 2)]) == [2, 3]
            assert {await each async for each in as_completed(client.map(inc, range(5)))} == {1, 2, 3, 4, 5}
            assert await client.compute(da.ones(4, chunks=2).sum()) == 4
            assert (await client.scheduler_info())["n_workers"] == 1
            assert (await wait([future])).done == {future}
            assert isinstance(await client.submit(fail, "x").exception(), ValueError)
            with pytest.raises(ValueError, match="no y"):
                await client.submit(fail, "y")
        assert client.status == "closed"

    asyncio.run(program())


def test_an_asynchronous_function_is_run_to_its_end(client):
    async def sums(n):
        futures = client.map(inc, range(n))
        return await futures[0], sum(await client.gather(futures))

    async def slow():
        await asyncio.Event().wait()

    async def in_a_loop():
        return client.sync(sums, n=2)

    assert client.sync(sums, 3) == (1, 6)
    assert client.gather(client.map(inc, [1])) == [2]  # the client itself waits, as before
    assert asyncio.run(in_a_loop()) == (1, 3)
    with pytest.raises(TimeoutError):
        client.sync(slow, callback_timeout=0.01)


# --- Beginning and ending ---


def test_a_closed_client_says_so_and_gives_the_default_back():
    before = plait.config.get("scheduler")
    client = Client(n_workers=1, dashboard_address=None)
    future = client.submit(inc, 1)
    client.close()
    assert plait.config.get("scheduler") == before
    assert client.status == "closed" and repr(client) == "<Client: No scheduler connected>"
    assert future.status == "cancelled"
    for call in (lambda: client.submit(inc, 1), lambda: future.result(), client.scheduler_info):
        with pytest.raises((ClosedClientError, CancelledError)):
            call()
    client.close()


def test_two_clients_of_one_cluster_share_results():
    with LocalCluster(n_workers=1, dashboard_address=None) as cluster, Client(cluster) as one, Client(cluster.scheduler_address) as two:
        future = one.submit(inc, 1, key="shared")
        assert future.result() == 2
        assert Future("shared", two).result() == 2
        with pytest.raises(ValueError, match="another cluster's client"):
            two.gather([future])


def test_a_wrong_address_is_an_error_that_names_it():
    with pytest.raises((OSError, ValueError), match="127.0.0.1:1"):
        Client("tcp://127.0.0.1:1", timeout="1s")
    with pytest.raises(TypeError, match="no argument 'n_workers'"):
        Client("tcp://127.0.0.1:1", n_workers=2)
    with pytest.raises(TypeError, match="address is 5"):
        Client(5)
