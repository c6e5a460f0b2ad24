"""Bags of delayed values and delayed values of bags."""

import dask
import dask.bag
import pytest

import plait
import plait.bag as db


def doubled(x):
    return 2 * x


def test_delayed_values_are_the_partitions_of_a_bag():
    parts = [plait.delayed(range)(n) for n in (3, 0, 2)]
    bag = db.from_delayed(parts)
    assert bag.npartitions == 3
    assert bag.compute() == [0, 1, 2, 0, 1]
    assert bag.map(doubled).filter(bool).compute() == [2, 4, 2]
    assert db.from_delayed(plait.delayed(list)("ab")).compute() == ["a", "b"]
    assert bag.sum().compute(scheduler="processes") == 4


def test_partitions_are_delayed_values():
    bag = db.from_sequence(range(5), npartitions=2).map(doubled)
    first, second = bag.to_delayed()
    assert plait.compute(first, second) == ([0, 2, 4], [6, 8])
    assert plait.delayed(len)(first).compute() == 3
    # The whole bag as an argument is a list.
    assert plait.delayed(sum)(bag).compute() == 20
    assert db.from_delayed([second, first]).compute() == [6, 8, 0, 2, 4]


def test_single_values_are_delayed_ones():
    total = db.from_sequence(range(5)).sum()
    assert (total.to_delayed() + 1).compute() == 11
    item = db.Item.from_delayed(plait.delayed(doubled)(21))
    assert item.apply(str).compute() == "42"


@pytest.mark.parametrize("values", [[], [1], [plait.delayed(range)(2), [3]]])
def test_what_is_not_delayed_is_refused(values):
    with pytest.raises(TypeError, match="from_delayed: expected"):
        db.from_delayed(values)


def test_a_value_that_has_no_items_is_named():
    with pytest.raises(TypeError, match="a delayed value gave a int"):
        db.from_delayed([plait.delayed(doubled)(2)]).compute(scheduler="sync")


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_functions_on_bags_take_delayed_values(scheduler):
    programs = [
        lambda db, delayed, b: b.map(add, delayed(10)),
        lambda db, delayed, b: b.map(add, y=delayed(abs)(-3)),
        lambda db, delayed, b: db.map_partitions(totals, b, y=delayed(2)),
        lambda db, delayed, b: db.zip(b, b).starmap(add_all, z=delayed(1)),
    ]
    for program in programs:
        ours = program(db, plait.delayed, db.from_sequence(range(10), npartitions=3))
        theirs = program(dask.bag, dask.delayed, dask.bag.from_sequence(range(10), npartitions=3))
        assert ours.compute(scheduler=scheduler) == theirs.compute(scheduler="sync")


def add(x, y=0):
    return x + y


def add_all(x, y, z=0):
    return x + y + z


def totals(part, y=0):
    return [sum(part) + y]
