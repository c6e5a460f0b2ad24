"""Bags on every scheduler, through pickles, beside other collections; and what is wrong about their arguments."""

import operator
import pickle
import random
import subprocess
import sys
import warnings

import dask.bag
import numpy as np
import pandas as pd
import pytest

import plait
import plait.bag as db
import plait.dataframe as dd
from plait.bag.utils import assert_eq
from plan_samples import through_a_record

SCHEDULERS = ["sync", "threads", "processes"]


def numbers():
    return db.from_sequence(range(20), npartitions=4)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_every_scheduler_gives_the_same(scheduler):
    b = numbers()
    assert b.map(lambda x: x + 1).filter(lambda x: x % 2).compute(scheduler=scheduler) == list(range(1, 21, 2))
    assert b.map(operator.add, b.max()).take(2) == (19, 20)
    assert b.foldby(lambda x: x % 3, operator.add).compute(scheduler=scheduler) == [(0, 63), (1, 70), (2, 57)]
    assert sorted(b.groupby(lambda x: x % 2).compute(scheduler=scheduler))[1] == (1, list(range(1, 20, 2)))
    assert b.accumulate(operator.add).compute(scheduler=scheduler)[-1] == 190
    assert b.map(str).frequencies().count().compute(scheduler=scheduler) == 20


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_groups_of_texts_meet_in_every_process(scheduler):
    words = "the quick brown fox jumps over the lazy dog the end".split() * 5
    groups = db.from_sequence(words, npartitions=7).groupby(lambda word: word).compute(scheduler=scheduler)
    assert {word: len(items) for word, items in groups} == {word: words.count(word) for word in words}
    assert len(groups) == len(set(words))


def test_keys_that_are_equal_make_one_group():
    items = [1, 1.0, True, (1, "a"), (1.0, "a"), None, "1", b"1", frozenset([1]), frozenset([1.0])]
    groups = db.from_sequence(items, npartitions=5).groupby(lambda x: x).compute(scheduler="sync")
    assert sorted(len(items) for _, items in groups) == [1, 1, 1, 2, 2, 3]


def test_functions_of_the_user_run_in_worker_processes_by_default():
    import os

    assert set(numbers().map(lambda x: os.getpid()).compute()).isdisjoint([os.getpid()])
    with plait.config.set(scheduler="threads"):
        assert set(numbers().map(lambda x: os.getpid()).compute()) == {os.getpid()}


def test_a_bag_that_was_pickled_is_the_same():
    b = numbers().map(lambda x: x * 2).filter(lambda x: x > 5)
    again = pickle.loads(plait._pickle.dumps(b))
    assert again.name == b.name and again.npartitions == b.npartitions
    assert_eq(again, b)
    total = pickle.loads(plait._pickle.dumps(b.sum()))
    assert total.compute(scheduler="sync") == b.sum().compute(scheduler="sync")


def test_plans_of_every_kind_go_through_a_record():
    b = numbers()
    bags = [
        b.map(lambda x: x + 1).filter(bool).map(str), b.frequencies(), b.groupby(lambda x: x % 3), b.accumulate(operator.add), b.product(b),
        b.repartition(7), b.repartition(2), db.concat([b, b]), b.take(3, compute=False), b.random_sample(0.5, 1), b.join([1, 2], lambda x: x),
        b.foldby(lambda x: x % 2, operator.add),
    ]  # fmt: skip
    for bag in bags:
        (again,) = through_a_record(bag)
        assert again.compute(scheduler="sync") == bag.compute(scheduler="sync")
    frame = db.from_sequence([{"x": 1}, {"x": 2}]).to_dataframe()
    (again,) = through_a_record(frame)
    pd.testing.assert_frame_equal(again.compute(), frame.compute())


def test_a_program_of_dask_runs_as_it_stands(tmp_path):
    program = """
import json
import dask.bag as db
from dask.bag.utils import assert_eq

with open("logs.json", "w") as f:
    for i in range(100):
        f.write(json.dumps({"level": "INFO" if i % 3 else "ERROR", "time": f"2024-01-01 10:{i % 60:02}:00"}) + "\\n")
bag = db.read_text("logs.json").map(json.loads)
print(bag.pluck("level").frequencies().compute())
print(bag.filter(lambda x: x["level"] == "ERROR").count().compute())
def minute(log):
    return log["time"].split()[1].split(":")[1]
print(bag.map(minute).distinct().count().compute())
assert_eq(db.from_sequence([1, 2]).map(str), ["1", "2"])
"""
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run([sys.executable, "-m", "plait", "run", "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[('ERROR', 34), ('INFO', 66)]\n34\n60\n", "")


def test_equal_bags_have_equal_names():
    assert numbers().map(abs).name == numbers().map(abs).name
    assert numbers().map(abs).name != numbers().map(str).name
    assert numbers().name != db.from_sequence(range(20), npartitions=5).name


def test_a_chain_of_functions_is_one_task_a_partition():
    chain = numbers().map(abs).filter(bool).map(str).str.upper().map(len).sum()
    assert "5 tasks in 2 layers" in chain.explain()
    assert "after map" not in chain.explain()


def test_persisted_partitions_are_kept():
    calls = []
    b = numbers().map(lambda x: calls.append(x) or x).persist(scheduler="sync")
    assert isinstance(b, db.Bag)
    assert b.sum().compute(scheduler="sync") == b.max().compute(scheduler="sync") * 10
    assert len(calls) == 20


def test_a_partition_that_two_need_is_made_once():
    calls = []
    b = numbers().map(lambda x: calls.append(x) or x)
    assert plait.compute(b.sum(), b.max(), b.map(str), scheduler="sync")[:2] == (190, 19)
    assert len(calls) == 20


def test_take_computes_only_what_it_takes():
    calls = []
    b = numbers().map(lambda x: calls.append(x) or x)
    with plait.config.set(scheduler="sync"):
        assert b.take(2) == (0, 1)
    assert calls == [0, 1]


def test_take_warns_where_there_is_less():
    with pytest.warns(UserWarning, match="7 elements requested, only 5"):
        assert numbers().take(7) == tuple(range(5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert numbers().take(7, warn=False) == tuple(range(5))
        assert numbers().take(7, npartitions=2) == tuple(range(7))
    with pytest.raises(ValueError, match="only 4 partitions"):
        numbers().take(1, npartitions=5)


def test_items_count_as_numbers():
    total = numbers().sum()
    assert (int(total), float(total), complex(total), bool(total)) == (190, 190.0, 190 + 0j, True)


def test_a_bag_goes_over_its_items():
    assert list(numbers()) == list(range(20))


def test_bags_beside_arrays():
    import plait.array as da

    total, mean = plait.compute(numbers().sum(), da.arange(10, chunks=5).mean())
    assert (total, mean) == (190, 4.5)
    assert numbers().map(operator.mul, da.arange(4, chunks=2).sum()).take(3) == (0, 6, 12)


def test_a_bag_of_a_raw_graph():
    graph = {"n": 3, ("x", 0): (range, "n"), ("x", 1): (list, (range, "n"))}
    assert db.Bag(graph, "x", 2).map(operator.neg).compute() == [0, -1, -2, 0, -1, -2]


class Dicts(db.Bag):
    """A program's own kind of bag."""

    def get(self, key):
        return self.map(operator.itemgetter(key))


def test_a_bag_of_ones_own_kind_stays_one():
    dicts = db.from_sequence([{"a": {"b": 1}}, {"a": {"b": 2}}], npartitions=2)
    own = Dicts(dicts.dask, dicts.name, dicts.npartitions)
    assert own.name == dicts.name
    assert own.get("a").get("b").compute() == [1, 2]
    for made in (own.filter(bool), own.pluck("a"), own.distinct(key=str), own.repartition(npartitions=1), own.map_partitions(list), own.persist()):
        assert type(made) is Dicts, made


def test_a_bag_of_a_graph_without_one_of_its_keys_is_refused():
    with pytest.raises(KeyError, match="'x', 1"):
        db.Bag({("x", 0): [1]}, "x", 2)


def test_objects_stay_what_they_are():
    items = [np.arange(3), pd.DataFrame({"x": [1]}), {1: 2}, None, 10**30]
    again = db.from_sequence(items, npartitions=2).map_partitions(list).compute(scheduler="sync")
    assert all(left is right for left, right in zip(items, again, strict=True))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_an_error_of_the_function_arrives(scheduler):
    with pytest.raises(ZeroDivisionError) as caught:
        numbers().map(lambda x: 1 // x).compute(scheduler=scheduler)
    assert "test_bag.py" in "".join(caught.value.__notes__)


def test_what_cannot_be_pickled_says_so():
    import threading

    with pytest.raises(TypeError, match="cannot"):
        db.from_sequence([threading.Lock()]).map(type).compute()
    lock = threading.Lock()
    assert numbers().map(lambda x: lock and x).compute(scheduler="threads") == list(range(20))
    with pytest.raises(TypeError, match="cannot be sent to another process"):
        numbers().map(lambda x: lock and x).compute(scheduler="processes")


@pytest.mark.parametrize(
    "make, kind, match",
    [
        (lambda b: db.map(abs, 3), ValueError, "at least one argument must be a Bag"),
        (lambda b: b.map(max, db.range(10, 2)), ValueError, "same number of partitions, found 4 and 2"),
        (lambda b: db.zip(b, db.range(10, 2)), ValueError, "same number of partitions"),
        (lambda b: db.zip(b, [1]), TypeError, "found .'Bag', 'list'"),
        (lambda b: db.concat([]), TypeError, "at least one bag"),
        (lambda b: b.product([1]), TypeError, "list, expected a Bag"),
        (lambda b: b.join(b, abs), NotImplementedError, "4 partitions, expected one"),
        (lambda b: b.join(3, abs), TypeError, "other is a int"),
        (lambda b: b.repartition(), ValueError, "exactly one"),
        (lambda b: b.repartition(2, 100), ValueError, "exactly one"),
        (lambda b: b.repartition(0), ValueError, "at least 1, found 0"),
        (lambda b: b.repartition(partition_size="much"), ValueError, "partition_size is 'much'"),
        (lambda b: b.groupby(abs, shuffle="p2p"), NotImplementedError, "'p2p', expected 'disk' or 'tasks'"),
        (lambda b: b.groupby(abs, method="disk"), TypeError, "no argument 'method'"),
        (lambda b: b.groupby(abs, npartitions=0), ValueError, "npartitions must be at least 1"),
        (lambda b: b.groupby(abs, blocksize=0), ValueError, "blocksize must be at least 1"),
        (lambda b: b.random_sample(2), ValueError, "prob is 2"),
        (lambda b: b.sum(split_every=1), ValueError, "split_every is 1"),
        (lambda b: db.range(2, 3), ValueError, "npartitions is 3"),
        (lambda b: db.from_sequence([1], partition_size=0), ValueError, "partition_size must be at least 1"),
        (lambda b: db.from_sequence([1], npartitions="x"), TypeError, "npartitions"),
        (lambda b: b.to_dataframe(meta={"x": int}, columns=["x"]), ValueError, "both meta and columns"),
        (lambda b: b.filter(lambda x: x > 99).to_dataframe(), ValueError, "no items to guess"),
        (lambda b: db.random.sample(b, -1), ValueError, "negative number of samples"),
        (lambda b: b.mpa, AttributeError, "did you mean 'map'"),
        (lambda b: b.str.uper, AttributeError, "uper"),
        (lambda b: db.from_sequnce, AttributeError, "from_sequence"),
        (lambda b: b.sum().aply, AttributeError, "did you mean 'apply'"),
    ],
)
def test_what_is_wrong_is_named(make, kind, match):
    with pytest.raises(kind, match=match):
        make(numbers())


@pytest.mark.parametrize("k", [0, 1, 7, 20])
def test_samples(k):
    found = db.random.sample(numbers(), k).compute(scheduler="sync")
    assert len(found) == len(set(found)) == k and set(found) <= set(range(20))
    assert len(db.random.choices(numbers(), k).compute(scheduler="sync")) == k


def test_samples_of_too_few():
    with pytest.raises(ValueError, match="Sample larger than population: 21 of 20"):
        db.random.sample(numbers(), 21).compute(scheduler="sync")
    with pytest.raises(ValueError, match="Sample larger"):
        db.random.choices(db.from_sequence([]), 1).compute(scheduler="sync")


def test_every_item_is_as_likely():
    bag = db.from_sequence(range(20), npartitions=3).persist(scheduler="sync")
    random.seed(5)
    counts = [0] * 20
    for _ in range(300):
        for item in db.random.sample(bag, 4, split_every=2).compute(scheduler="sync"):
            counts[item] += 1
    assert sum(counts) == 1200 and 30 <= min(counts) and max(counts) <= 95


PEOPLE = [{"name": "Ann", "x": 1.5, "n": 1}, {"name": "Bob", "x": None, "n": 2}, {"name": "Cid", "x": 3.5, "n": 3}]


@pytest.mark.parametrize(
    "items, options",
    [
        (PEOPLE, {}),
        (PEOPLE, {"columns": ["n", "name"]}),
        (PEOPLE, {"meta": {"n": "int32", "x": "float64"}}),
        (PEOPLE, {"meta": [("name", "object"), ("n", "float64")]}),
        (PEOPLE, {"meta": pd.DataFrame({"n": pd.Series(dtype="int16")})}),
        ([(1, "a"), (2, "b"), (3, "c")], {"columns": ["number", "letter"]}),
        ([1, 2, 3], {"columns": ["x"]}),
        ([(1, [2]), (3, [4, 5])], {"columns": ["x", "list"]}),
    ],
)
def test_frames_are_those_of_dask(items, options):
    ours = db.from_sequence(items, npartitions=2).to_dataframe(**options)
    dasks = dask.bag.from_sequence(items, npartitions=2).to_dataframe(**options)
    pd.testing.assert_frame_equal(ours.compute(scheduler="sync"), dasks.compute(scheduler="sync"), check_dtype=False)
    assert ours.npartitions == dasks.npartitions and list(ours.columns) == list(dasks.columns)


def test_frames_of_bags_go_on():
    frame = db.from_sequence(PEOPLE, npartitions=2).to_dataframe()
    assert frame["n"].sum().compute() == 6
    assert frame[frame["n"] > 1]["name"].compute().tolist() == ["Bob", "Cid"]


@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("format", ["tuple", "dict"])
def test_bags_of_frames_are_those_of_dask(index, format):
    import dask.dataframe

    frame = pd.DataFrame({"x": [1, 2, 3], "k": ["a", "b", "c"]}, index=[5, 6, 7])
    for take in (lambda f: f, lambda f: f["x"]):
        ours = take(dd.from_pandas(frame, npartitions=2)).to_bag(index, format)
        dasks = take(dask.dataframe.from_pandas(frame, npartitions=2)).to_bag(index, format)
        assert ours.compute(scheduler="sync") == dasks.compute(scheduler="sync")


def test_frames_as_partitions():
    frame = pd.DataFrame({"x": [1, 2, 3]})
    lengths = dd.from_pandas(frame, npartitions=2).to_bag(format="frame").map_partitions(len)
    assert lengths.compute(scheduler="sync") == [2, 1]
    with pytest.raises(ValueError, match="format is 'rows'"):
        dd.from_pandas(frame, npartitions=2).to_bag(format="rows")


def test_every_name_of_dask_is_there():
    assert set(dask.bag.__all__) <= set(dir(db))
    own = {name for name in dir(dask.bag.Bag) if not name.startswith("_")} - {"dask"}
    assert own <= set(dir(db.Bag))


def test_a_bag_is_a_collection_by_dasks_protocol():
    from plait.typing import DaskCollection, HLGDaskCollection

    b = numbers()
    for each in (b, b.sum()):
        assert isinstance(each, DaskCollection) and isinstance(each, HLGDaskCollection)
        assert plait.tokenize(each) == plait.tokenize(pickle.loads(pickle.dumps(each))) != plait.tokenize(b.map(abs))
