"""What travels to worker processes, and how often: functions once a worker, persisted blocks not at all."""

import os
import signal
import tempfile

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd


class Noted:
    """A function that notes, as files of a folder, when it is pickled and when it arrives somewhere."""

    def __init__(self, folder):
        self.folder = str(folder)

    def note(self, event):
        os.close(tempfile.mkstemp(prefix=event + "-", dir=self.folder)[0])

    def noted(self, event):
        return sum(name.startswith(event + "-") for name in os.listdir(self.folder))

    def __reduce__(self):
        self.note("pickled")
        return (arrived, (self.folder,))

    def __call__(self, value):
        return value + 1


def arrived(folder):
    function = Noted(folder)
    function.note(f"arrived at {os.getpid()}")
    return function


def worker_events(folder):
    """How often the function has arrived at each process other than this one."""
    counts = {}
    for name in os.listdir(folder):
        if name.startswith("arrived at ") and not name.startswith(f"arrived at {os.getpid()}-"):
            counts[name.rsplit("-", 1)[0]] = counts.get(name.rsplit("-", 1)[0], 0) + 1
    return counts


def array_of(function):
    return da.zeros((80,), chunks=2).map_blocks(function, dtype=float)


def frame_of(function):
    return dd.from_pandas(pd.DataFrame({"x": np.zeros(80)}), npartitions=40).map_partitions(function, meta={"x": "float64"})


@pytest.mark.parametrize("collection_of", [array_of, frame_of])
def test_a_function_is_pickled_once_a_run_and_arrives_once_at_a_worker(tmp_path, collection_of):
    function = Noted(tmp_path)
    collection = collection_of(function)
    assert plait.tokenize(collection)  # the plan is named by what is in it, which pickles the function, too
    for expected in (1, 2):
        before = function.noted("pickled")
        assert float(np.asarray(collection.compute(scheduler="processes", num_workers=2)).sum()) == 80
        assert function.noted("pickled") - before == 1, "once a run, not once a block"
        counts = worker_events(tmp_path)
        assert 1 <= len(counts) <= 2
        assert set(counts.values()) == {1}, f"kept between runs ({expected})"


def test_the_function_of_a_raw_graph_is_pickled_once_a_run_and_arrives_once_at_a_worker(tmp_path):
    function = Noted(tmp_path)
    graph = {("task", i): (function, i) for i in range(200)}
    assert plait.get(graph, list(graph), scheduler="processes", num_workers=2) == tuple(range(1, 201))
    assert function.noted("pickled") == 1
    assert set(worker_events(tmp_path).values()) == {1}


def test_a_large_literal_that_many_tasks_take_arrives_once_at_a_worker(tmp_path):
    literal = Noted(tmp_path)
    graph = {i: (isinstance, literal, Noted) for i in range(100)}
    assert all(plait.get(graph, list(graph), scheduler="processes", num_workers=2))
    assert literal.noted("pickled") == 1
    assert set(worker_events(tmp_path).values()) == {1}


def test_a_function_whose_state_has_changed_is_sent_again():
    class Adder:
        def __init__(self):
            self.number = 1

        def __call__(self, block):
            return block + self.number

    adder = Adder()
    x = da.zeros((8,), chunks=2).map_blocks(adder, dtype=float)
    assert x.sum().compute(scheduler="processes") == 8
    adder.number = 5
    assert x.sum().compute(scheduler="processes") == x.sum().compute(scheduler="threads") == 40


def test_a_worker_in_place_of_a_killed_one_gets_the_function_again(tmp_path):
    marker = tmp_path / "died"

    def deadly(block):
        if not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return block + 1

    x = da.zeros((40,), chunks=2).map_blocks(deadly, dtype=float)
    assert x.sum().compute(scheduler="processes", num_workers=1) == 40
    assert marker.exists()


# --- Persisted blocks ---


def descriptors_of_values():
    """How many values this process holds in shared memory that nobody has decoded."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{name}").startswith("/memfd:plait (")
        except OSError:
            pass
    return count


def mapped_values():
    with open("/proc/self/maps") as maps:
        return sum("/memfd:plait (" in line for line in maps)


def test_persisted_blocks_stay_in_shared_memory_until_somebody_asks():
    before, mapped_before = descriptors_of_values(), mapped_values()
    x = (da.ones((8, 100_000), chunks=(1, 100_000)) * 3).persist(scheduler="processes")
    assert descriptors_of_values() - before == 8
    assert x.sum().compute(scheduler="processes") == 2_400_000
    assert mapped_values() == mapped_before, "passed on as they are"
    assert x[0, :3].compute(scheduler="threads").tolist() == [3.0] * 3
    assert x.sum().compute(scheduler="sync") == 2_400_000
    del x
    assert descriptors_of_values() == before


def test_persisted_blocks_are_what_other_schedulers_make():
    data = pd.DataFrame({"key": ["b", "a", None, "c"] * 5_000, "n": range(20_000), "object": [{"a": 1}, (2,)] * 10_000})
    kept = dd.from_pandas(data, npartitions=3).persist(scheduler="processes")
    for scheduler in ("sync", "threads", "processes"):
        pd.testing.assert_frame_equal(kept[["key", "n"]].compute(scheduler=scheduler), data[["key", "n"]])
        assert kept.n.sum().compute(scheduler=scheduler) == data.n.sum()
    x = da.arange(40, chunks=7)
    kept_array = x[x > 11].persist(scheduler="processes")
    assert kept_array.compute(scheduler="threads").tolist() == list(range(12, 40))
    assert kept_array.compute_chunk_sizes().shape == (28,)


def test_persisted_blocks_can_be_pickled():
    import pickle

    x = (da.ones((4, 10_000), chunks=(1, 10_000)) * 3).persist(scheduler="processes")
    assert pickle.loads(pickle.dumps(x)).sum().compute(scheduler="threads") == 120_000


def test_persisted_blocks_weigh_nothing_in_the_runs_that_read_them():
    x = (da.ones((20, 100_000), chunks=(1, 100_000)) * 3).persist(scheduler="processes")
    with plait.config.set(memory_budget="8 MB"):
        for scheduler in ("sync", "threads", "processes"):
            assert x.sum().compute(scheduler=scheduler) == 6_000_000


def refuse():
    raise ValueError("it cannot be read back")


class Unreadable:
    def __reduce__(self):
        return (refuse, ())


def made():
    return Unreadable()


def test_a_result_that_cannot_be_read_back_names_the_task_that_made_it():
    with pytest.raises(ValueError, match="it cannot be read back") as caught:
        plait.get({"first": (made,)}, "first", scheduler="processes", num_workers=1)
    said = "\n".join(caught.value.__notes__)
    assert "while running 'first'" in said
    assert "its result, which could not be read where it was brought" in said


def test_an_input_that_cannot_be_read_names_the_task_that_takes_it():
    with pytest.raises(ValueError, match="it cannot be read back") as caught:
        plait.get({"first": (made,), "second": (str, "first")}, "second", scheduler="processes", num_workers=2)
    said = "\n".join(caught.value.__notes__)
    assert "while running 'second'" in said
    assert "input 0, which could not be read here" in said
