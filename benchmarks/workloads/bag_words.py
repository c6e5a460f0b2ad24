"""How often each word comes in a text."""

import collections

from benchmarks.systems import bag_module, for_each
from benchmarks.workload import DATA

TITLE = "bag, words of 500 MB of text"
TARGET_DASK = 5


def num_lines(quick):
    return 10_000 if quick else 5_500_000


def path(quick):
    return DATA / f"words-{num_lines(quick)}.txt"


def make_data(quick):
    import random

    DATA.mkdir(parents=True, exist_ok=True)
    if path(quick).exists():
        return
    draw = random.Random(1)
    words = [f"word{i}" + "x" * draw.randint(0, 5) for i in range(20_000)]
    some = "".join(" ".join(draw.choices(words, k=8)) + "\n" for _ in range(10_000))
    unfinished = path(quick).with_suffix(".unfinished")
    with open(unfinished, "w") as text:
        for _ in range(num_lines(quick) // 10_000):
            text.write(some)
    unfinished.rename(path(quick))


def lazy(system, quick):
    db = bag_module(system)

    def run():
        counts = dict(db.read_text(str(path(quick)), blocksize="16MiB").str.split().flatten().frequencies().compute())
        return [len(counts), sum(counts.values()), max(counts.values())]

    return run


def counter(quick):
    def run():
        counts: collections.Counter = collections.Counter()
        with open(path(quick)) as lines:
            for line in lines:
                counts.update(line.split())
        return [len(counts), sum(counts.values()), max(counts.values())]

    return run


SYSTEMS = for_each(lazy, "plait", "dask") | {"counter": counter}


def limit(machine, quick):
    return path(quick).stat().st_size * 1e-9 * (1 / machine["cached_file_gb_s"] + 1 / machine["read_gb_s"]) if path(quick).exists() else 0
