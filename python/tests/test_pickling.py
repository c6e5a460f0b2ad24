"""Collections as pickles: with what they close over, optimized or not, long chains, in this and in other processes."""

import pickle
import subprocess
import sys

import cloudpickle
import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd
from frame_samples import equal
from plan_samples import through_a_record

PICKLES = [pickle, cloudpickle]


def in_another_process(collection):
    """What another interpreter computes of the collection's pickle."""
    program = "import pickle, sys; sys.stdout.buffer.write(pickle.dumps(pickle.load(sys.stdin.buffer).compute(scheduler='sync')))"
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(collection), capture_output=True, check=True)
    return pickle.loads(done.stdout)


def array_two_levels_deep():
    inner = da.arange(6, chunks=3) * 2
    middle = da.ones(6, chunks=2).map_blocks(lambda block: block + inner.compute(scheduler="sync").sum())
    return da.ones((4,), chunks=2).map_blocks(lambda block: block * middle.compute(scheduler="sync").sum()) + 1


def frame_two_levels_deep():
    inner = dd.from_pandas(pd.DataFrame({"x": [1.0, 2.0, 3.0]}), npartitions=2)
    middle = dd.from_pandas(pd.DataFrame({"y": [1.0, 2.0]}), npartitions=2).map_partitions(
        lambda part: part + inner.x.sum().compute(scheduler="sync"), meta={"y": "f8"}
    )
    df = pd.DataFrame({"k": list("abab"), "z": [1.0, 2.0, 3.0, 4.0]})
    outer = dd.from_pandas(df, npartitions=2).assign(w=2)
    return outer.map_partitions(lambda part: part.assign(z=part.z * middle.y.sum().compute(scheduler="sync")))


@pytest.mark.parametrize("pickles", PICKLES)
def test_an_array_takes_along_the_arrays_that_its_functions_close_over(pickles):
    x = array_two_levels_deep()
    np.testing.assert_array_equal(x.compute(scheduler="sync"), np.full(4, 187.0))
    again = pickles.loads(pickles.dumps(x))
    assert again.name == x.name
    np.testing.assert_array_equal(again.compute(scheduler="sync"), np.full(4, 187.0))
    np.testing.assert_array_equal(again.compute(scheduler="processes", num_workers=2), np.full(4, 187.0))
    np.testing.assert_array_equal(in_another_process(x), np.full(4, 187.0))


@pytest.mark.parametrize("pickles", PICKLES)
def test_a_frame_takes_along_the_frames_that_its_functions_close_over(pickles):
    lazy = frame_two_levels_deep()
    expected = pd.DataFrame({"k": list("abab"), "z": [15.0, 30.0, 45.0, 60.0], "w": 2})
    again = pickles.loads(pickles.dumps(lazy))
    equal(again.compute(scheduler="sync"), expected)
    equal(again.compute(scheduler="processes", num_workers=2), expected)
    equal(in_another_process(lazy), expected)


def test_a_frame_closes_over_an_array_and_an_array_over_a_frame():
    x = da.arange(4, chunks=2)
    lazy = dd.from_pandas(pd.Series([1, 2, 3], name="s"), npartitions=2).map_partitions(
        lambda part: part + int(x.sum().compute(scheduler="sync")), meta=("s", "i8")
    )
    back = da.zeros(2, chunks=1).map_blocks(lambda block: block + lazy.sum().compute(scheduler="sync"))
    assert pickle.loads(pickle.dumps(lazy)).compute().tolist() == [7, 8, 9]
    assert pickle.loads(pickle.dumps(back)).compute().tolist() == [24.0, 24.0]


def test_every_kind_of_frame_is_pickled_as_its_plan(tmp_path):
    df = pd.DataFrame({"k": list("abcab"), "x": np.arange(5.0), "t": pd.date_range("2024", periods=5), "o": [(1,), None, (3,), {}, 5]})
    lazy = dd.from_pandas(df, npartitions=2)
    native = dd.from_pandas(df[["k", "x", "t"]], npartitions=2)
    native.to_parquet(str(tmp_path / "rows"))
    df[["k", "x"]].to_csv(tmp_path / "rows.csv", index=False)
    for made in (
        lazy,
        native.x.sum(),
        native[native.x > 1].groupby("k").x.mean(),
        native.merge(native, on="k"),
        native.sort_values("x", ascending=False),
        native.set_index("t"),
        native.k.str.upper(),
        native.x.map_partitions(lambda part: part + 1),
        native.x.rolling(2).sum(),
        dd.read_parquet(str(tmp_path / "rows")),
        dd.read_csv(str(tmp_path / "rows.csv")).x.max(),
    ):
        again = pickle.loads(pickle.dumps(made))
        assert type(again) is type(made)
        assert again._name == made._name or made is lazy  # objects are named by their pickle, which differs for equal ones
        if hasattr(made, "divisions"):
            assert again.divisions == made.divisions
        expected = made.compute(scheduler="sync")
        equal(again.compute(scheduler="sync"), expected)
        equal(through_a_record(made)[0].compute(scheduler="sync"), expected)


def test_a_changed_frame_is_pickled_as_it_is_now():
    lazy = dd.from_pandas(pd.DataFrame({"x": [1, 2, 3]}), npartitions=2)
    lazy["y"] = lazy.x * 2
    equal(pickle.loads(pickle.dumps(lazy)).compute(), pd.DataFrame({"x": [1, 2, 3], "y": [2, 4, 6]}))


def test_optimized_plans_can_be_pickled(tmp_path):
    pd.DataFrame({"k": list("abab"), "x": [1.5, 2.5, 3.5, 4.5]}).to_csv(tmp_path / "rows.csv", index=False)
    rows = dd.read_csv(str(tmp_path / "rows.csv"))
    streamed = rows[rows.x > 2].groupby("k").x.sum()
    equal(through_a_record(streamed)[0].compute(), streamed.compute())
    x = da.random.default_rng(3).random((20, 6), chunks=(7, 3))
    fused = ((x + x.T.rechunk((6, 20)).T) * 3).map_blocks(np.sqrt).sum(axis=0)
    np.testing.assert_array_equal(through_a_record(fused)[0].compute(), fused.compute())


@pytest.mark.parametrize("length", [4_000, pytest.param(40_000, marks=pytest.mark.slow)])
def test_a_long_chain_of_an_array_is_pickled_and_run(length):
    x = da.ones(4, chunks=2)
    for _ in range(length):
        x = x + 1
    again = pickle.loads(pickle.dumps(x))
    del x
    assert again.compute().tolist() == [length + 1.0] * 4


@pytest.mark.parametrize("length", [4_000, pytest.param(40_000, marks=pytest.mark.slow)])
def test_a_long_chain_of_a_series_is_pickled_and_run(length):
    s = dd.from_pandas(pd.Series([1, 2, 3], name="s"), npartitions=2)
    for _ in range(length):
        s = s + 1
    again = pickle.loads(pickle.dumps(s))
    del s
    assert again.compute().tolist() == [length + 1, length + 2, length + 3]


def test_finding_chunk_sizes_runs_where_the_settings_say():
    seen = []

    def note(block):
        seen.append(len(block))
        return block

    x = da.arange(6, chunks=3).map_blocks(note, dtype="i8")
    masked = x[x > 2]
    with plait.config.set(scheduler="processes", num_workers=1):
        masked.compute_chunk_sizes()
    assert masked.chunks == ((0, 3),)
    assert not seen, "the function ran in this process"


def graph_file_run_by_another_process(path):
    program = "import pickle, sys, plait; sys.stdout.buffer.write(pickle.dumps(plait.get_saved(sys.argv[1], scheduler='threads')))"
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, check=True)
    return pickle.loads(done.stdout)


def test_a_raw_graph_is_written_by_one_process_and_run_by_another(tmp_path):
    dsk = {"a": 1, "b": (lambda x: x + 10, "a"), "c": (sum, ["a", "b", 100]), "unneeded": (print, "b")}
    plait.save_graph(tmp_path / "raw.graph", dsk, ["c", "b"])
    assert graph_file_run_by_another_process(tmp_path / "raw.graph") == (112, 11)
    with pytest.raises(KeyError, match="d"):
        plait.save_graph(tmp_path / "raw.graph", dsk, "d")
    with pytest.raises(FileNotFoundError):
        plait.get_saved(tmp_path / "nothing.graph")


@pytest.mark.parametrize("optimized", [True, False])
def test_the_graphs_of_collections_are_written_by_one_process_and_run_by_another(tmp_path, optimized):
    x = (da.arange(6, chunks=6) + 1).map_blocks(lambda block: block * 2, dtype="i8")
    df = pd.DataFrame({"k": list("abab"), "x": [1.0, 2.0, 3.0, 4.0]})
    frame = dd.from_pandas(df, npartitions=2)
    sums = frame[frame.x > 1].groupby("k").x.sum()
    exprs = [*x.__plait_exprs__(), *sums.__plait_exprs__()]
    plait._plait.write_graph_of(str(tmp_path / "collections.graph"), exprs, optimized)
    array, series = graph_file_run_by_another_process(tmp_path / "collections.graph")
    np.testing.assert_array_equal(array, x.compute())
    equal(series, sums.compute())
