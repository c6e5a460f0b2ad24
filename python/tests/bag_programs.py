"""Random programs on bags of whole numbers, to be run on Plait and on Dask."""

import hypothesis.strategies as st


def _add(x, y):
    return x + y


# Bags of whole numbers to such bags.
STEPS = {
    "double": lambda bag, k: bag.map(lambda x: 2 * x),
    "add": lambda bag, k: bag.map(_add, k),
    "keep": lambda bag, k: bag.filter(lambda x: x % 3 != k % 3),
    "drop": lambda bag, k: bag.remove(lambda x: x % 4 == k % 4),
    "pairs": lambda bag, k: bag.map(lambda x: (x, x + k)).flatten(),
    "plucked": lambda bag, k: bag.map(lambda x: {"a": x, "b": [x, k]}).pluck("b").pluck(k % 2),
    "sorted partitions": lambda bag, k: bag.map_partitions(sorted),
    "repartition": lambda bag, k: bag.repartition(1 + k % 9),
    "distinct": lambda bag, k: bag.distinct(),
    "accumulated": lambda bag, k: bag.accumulate(_add, k),
    "added to the count": lambda bag, k: bag.map(_add, bag.count()),
    "zipped": lambda bag, k: type(bag).map(bag.map(lambda x: (x, k)), lambda pair: pair[0] - pair[1]),
}

# Bags of whole numbers to a result.
PROGRAMS = {
    "items": lambda bag: bag,
    "sum": lambda bag: bag.sum(),
    "count": lambda bag: bag.count(),
    "frequencies": lambda bag: bag.frequencies(),
    "topk": lambda bag: bag.topk(3),
    "fold": lambda bag: bag.fold(_add, initial=1),
    "foldby": lambda bag: bag.foldby(lambda x: x % 3, _add, 2, _add, 5),
    "product": lambda bag: bag.product(bag.map(abs)).count(),
}

steps = st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 10))


def run_program(db, items, npartitions, chain, last, scheduler="sync"):
    """The result, or the kind of error where there is none."""
    bag = db.from_sequence(items, npartitions=npartitions)
    for name, k in chain:
        bag = STEPS[name](bag, k)
    try:
        return PROGRAMS[last](bag).compute(scheduler=scheduler), bag.npartitions
    except Exception as error:
        return type(error).__name__
