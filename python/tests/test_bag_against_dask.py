"""Bags give what Dask's bags give: items, their order, and numbers of partitions."""

import math
import operator
import random

import dask.bag
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

import plait.bag
from bag_programs import PROGRAMS, run_program, steps

PEOPLE = [{"name": name, "age": age, "tags": tags} for name, age, tags in [
    ("Ann", 30, ["x", "y"]), ("Bob", 25, []), ("Cid", 30, ["y"]), ("Dan", 41, ["x"]), ("Eve", 25, ["z", "y"]), ("Fay", 30, ["x"]),
]]  # fmt: skip


def add(x, y):
    return x + y


def numbers(db):
    return db.from_sequence([5, 3, 9, 1, 1, 7, 3, 3, 0, 8], npartitions=4)


def people(db):
    return db.from_sequence(PEOPLE, npartitions=3)


def gaps(db):
    """Some partitions have no items."""
    return numbers(db).filter(lambda x: x > 6)


CASES = {
    "default partitions of few": lambda db: db.from_sequence(range(100)),
    "default partitions of more": lambda db: db.from_sequence(range(1000)),
    "npartitions of few": lambda db: db.from_sequence(range(7), npartitions=5),
    "npartitions of more": lambda db: db.from_sequence(range(101), npartitions=10),
    "partition_size": lambda db: db.from_sequence(range(10), partition_size=4),
    "nothing": lambda db: db.from_sequence([]),
    "range": lambda db: db.range(11, npartitions=4),
    "map": lambda db: numbers(db).map(lambda x: x * 2),
    "map with arguments": lambda db: numbers(db).map(add, 3),
    "map with keywords": lambda db: numbers(db).map(add, y=3),
    "map over bags": lambda db: numbers(db).map(add, numbers(db)),
    "map over bags by keyword": lambda db: numbers(db).map(add, y=numbers(db)),
    "map with an item": lambda db: numbers(db).map(add, numbers(db).max()),
    "map with an item by keyword": lambda db: numbers(db).map(add, y=numbers(db).max()),
    "map begins with a constant": lambda db: db.map(operator.sub, 10, numbers(db)),
    "map of iterators": lambda db: numbers(db).map(lambda x: iter(range(x % 3))),
    "starmap": lambda db: db.from_sequence([(1, 2), (3, 4)]).starmap(add),
    "starmap with keywords": lambda db: db.from_sequence([(1,), (3,)]).starmap(add, y=5),
    "starmap with an item": lambda db: db.from_sequence([(1,), (3,)]).starmap(add, y=numbers(db).sum()),
    "filter": lambda db: numbers(db).filter(lambda x: x % 2),
    "remove": lambda db: numbers(db).remove(lambda x: x % 2),
    "pluck": lambda db: people(db).pluck("name"),
    "pluck several": lambda db: people(db).pluck(["name", "age"]),
    "pluck one as a list": lambda db: people(db).pluck(["name"]),
    "pluck with a default": lambda db: people(db).pluck("tags").pluck(1, default="none"),
    "pluck several with a default": lambda db: people(db).pluck(["name", "none"], default=0),
    "flatten": lambda db: people(db).pluck("tags").flatten(),
    "unzip": lambda db: db.from_sequence([(1, 2), (3, 4)]).unzip(2)[1],
    "map_partitions": lambda db: numbers(db).map_partitions(sorted),
    "map_partitions to numbers": lambda db: numbers(db).map_partitions(len),
    "map_partitions to texts": lambda db: numbers(db).map_partitions(str),
    "map_partitions with arguments": lambda db: numbers(db).map_partitions(lambda p, k, j=0: [x + k + j for x in p], 2, j=numbers(db).max()),
    "map_partitions over bags": lambda db: db.map_partitions(lambda p, q: [*p, *q], numbers(db), numbers(db)),
    "map_partitions over bags by keyword": lambda db: numbers(db).map_partitions(lambda p, q: [*p, *q], q=numbers(db)),
    "str": lambda db: people(db).pluck("name").str.upper(),
    "str with arguments": lambda db: people(db).pluck("name").str.replace("n", "m"),
    "str.match": lambda db: people(db).pluck("name").str.match("*n*"),
    "random_sample": lambda db: db.range(200, npartitions=5).random_sample(0.3, 42),
    "random_sample of a state": lambda db: db.range(200, npartitions=5).random_sample(0.3, random.Random(3)),
    "sum": lambda db: numbers(db).sum(),
    "sum in a tree": lambda db: db.range(100, npartitions=50).sum(split_every=3),
    "sum at once": lambda db: db.range(100, npartitions=50).sum(split_every=False),
    "max": lambda db: gaps(db).max(),
    "min": lambda db: gaps(db).min(),
    "any": lambda db: numbers(db).any(),
    "all": lambda db: numbers(db).all(),
    "count": lambda db: numbers(db).count(),
    "count of gaps": lambda db: gaps(db).count(),
    "count of nothing": lambda db: db.from_sequence([]).count(),
    "mean": lambda db: gaps(db).mean(),
    "var": lambda db: gaps(db).var(),
    "var with ddof": lambda db: numbers(db).var(ddof=1),
    "std": lambda db: numbers(db).std(ddof=1),
    "apply": lambda db: numbers(db).sum().apply(str),
    "reduction": lambda db: numbers(db).reduction(len, sum),
    "reduction to a bag": lambda db: numbers(db).reduction(sorted, lambda parts: [x for part in parts for x in part], out_type=db.Bag),
    "fold": lambda db: numbers(db).fold(add),
    "fold of gaps": lambda db: gaps(db).fold(add, initial=100),
    "fold with initial": lambda db: numbers(db).fold(add, initial=10),
    "fold with combine": lambda db: numbers(db).fold(lambda seen, x: seen | {x}, combine=lambda a, b: a | b, initial=set()),
    "fold in a tree": lambda db: db.range(60, npartitions=30).fold(max, split_every=2),
    "frequencies": lambda db: numbers(db).frequencies(),
    "frequencies sorted": lambda db: numbers(db).frequencies(sort=True),
    "frequencies in a tree": lambda db: db.range(60, npartitions=30).map(lambda x: x % 7).frequencies(split_every=2),
    "frequencies of gaps": lambda db: gaps(db).frequencies(),
    "topk": lambda db: numbers(db).topk(3),
    "topk by function": lambda db: numbers(db).topk(3, key=lambda x: -x),
    "topk by item": lambda db: db.from_sequence([(1, 5), (2, 3), (3, 9)], npartitions=2).topk(2, key=1),
    "topk by function of several": lambda db: db.from_sequence([(1, 5), (2, 3), (3, 9)], npartitions=2).topk(2, key=lambda a, b: b - a),
    "distinct": lambda db: numbers(db).distinct(),
    "distinct by function": lambda db: numbers(db).distinct(key=lambda x: x % 3),
    "distinct by item": lambda db: people(db).distinct(key="age"),
    "foldby": lambda db: numbers(db).foldby(lambda x: x % 3, add),
    "foldby with initial": lambda db: numbers(db).foldby(lambda x: x % 3, add, 100),
    "foldby with a function as initial": lambda db: numbers(db).foldby(lambda x: x % 3, lambda seen, x: [*seen, x], list, add),
    "foldby with combine": lambda db: people(db).foldby("age", lambda n, _: n + 1, 0, add, 0),
    "foldby with combine_initial": lambda db: numbers(db).foldby(lambda x: x % 3, add, 1, add, 1000),
    "foldby in a tree": lambda db: db.range(60, npartitions=30).foldby(lambda x: x % 7, add, 1, add, 10, split_every=4),
    "join with a list": lambda db: people(db).join([("x", 30), ("y", 41)], "age", 1),
    "join with a bag": lambda db: people(db).join(db.from_sequence([{"age": 30, "w": 1}, {"age": 30, "w": 2}], npartitions=1), "age"),
    "join by functions": lambda db: numbers(db).join([1, 13, 5], lambda x: x % 2, lambda x: x % 5),
    "product": lambda db: numbers(db).product(db.from_sequence("ab", npartitions=2)),
    "accumulate": lambda db: numbers(db).accumulate(add),
    "accumulate with initial": lambda db: numbers(db).accumulate(add, 7),
    "zip": lambda db: db.zip(numbers(db), numbers(db).map(str)),
    "zip of different lengths": lambda db: db.zip(numbers(db), gaps(db)),
    "concat": lambda db: db.concat([numbers(db), people(db).pluck("name")]),
    "take": lambda db: numbers(db).take(2),
    "take from several": lambda db: numbers(db).take(5, npartitions=2),
    "take from all": lambda db: numbers(db).take(9, npartitions=-1),
    "take lazily": lambda db: numbers(db).take(2, compute=False),
    "repartition to fewer": lambda db: numbers(db).repartition(3),
    "repartition to more": lambda db: numbers(db).repartition(11),
    "repartition to as many": lambda db: numbers(db).repartition(4),
    "partitions that are kept": lambda db: numbers(db).repartition(3).map_partitions(lambda part: len(list(part))),
    "pieces that are cut": lambda db: numbers(db).repartition(11).map_partitions(lambda part: len(list(part))),
}  # fmt: skip


def result_of(db, case):
    made = case(db)
    if isinstance(made, tuple):
        return made
    return made.compute(scheduler="sync"), getattr(made, "npartitions", None)


@pytest.mark.parametrize("name", CASES)
def test_as_dask(name):
    ours, dasks = result_of(plait.bag, CASES[name]), result_of(dask.bag, CASES[name])
    if isinstance(ours[0], float):
        assert math.isclose(ours[0], dasks[0], rel_tol=1e-12), name
    else:
        assert ours == dasks, name


def as_groups(pairs):
    return sorted((key, sorted(items)) for key, items in pairs)


@pytest.mark.parametrize("how", [{}, {"shuffle": "disk"}, {"shuffle": "tasks"}, {"shuffle": "disk", "npartitions": 3}, {"shuffle": "tasks", "max_branch": 4}])
@pytest.mark.parametrize("count, npartitions", [(20, 1), (200, 10), (120, 40)])
def test_groups_are_those_of_dask(how, count, npartitions):
    if how.get("npartitions") and npartitions == 1:
        return
    results = []
    for db in (plait.bag, dask.bag):
        groups = db.range(count, npartitions=npartitions).groupby(lambda x: x % 7, **how)
        results.append((as_groups(groups.compute(scheduler="sync")), groups.npartitions))
    assert results[0] == results[1]


@given(st.lists(st.integers(-20, 20), max_size=40), st.integers(1, 12), st.lists(steps, max_size=5), st.sampled_from(sorted(PROGRAMS)))
@settings(max_examples=60, deadline=None)
def test_random_programs_as_dask(items, npartitions, chain, last):
    assert run_program(plait.bag, items, npartitions, chain, last) == run_program(dask.bag, items, npartitions, chain, last)
