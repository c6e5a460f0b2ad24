"""A million records folded and grouped by key, by Python functions."""

import operator

from benchmarks.systems import bag_module, for_each

TITLE = "bag, 1M records, foldby and groupby"
TARGET_DASK = 5


def num_records(quick):
    return 10_000 if quick else 1_000_000


def key(record):
    return record[0]


def add(total, record):
    return total + record[1]


def lazy(system, quick):
    records = bag_module(system).from_sequence([(i % 1000, i) for i in range(num_records(quick))], npartitions=16)

    def run():
        sums = dict(records.foldby(key, add, 0, operator.add, 0).compute())
        groups = dict(records.groupby(key).map(lambda group: (group[0], len(group[1]))).compute())
        return [sums[7], groups[7], len(sums), len(groups)]

    return run


SYSTEMS = for_each(lazy, "plait", "dask")


def limit(machine, quick):
    return 0
