"""Counts of words in documents, with a vocabulary."""

from benchmarks.systems import bag_module
from benchmarks.workload import DATA

TITLE = "CountVectorizer, 500 MB of text"
TARGET_BEST = 4


def num_lines(quick):
    return 2_000 if quick else 800_000


def path(quick):
    return DATA / f"documents-{num_lines(quick)}.txt"


def make_data(quick):
    import random

    DATA.mkdir(parents=True, exist_ok=True)
    if path(quick).exists():
        return
    draw = random.Random(1)
    words = [f"Word{i}" + "x" * draw.randint(0, 5) for i in range(20_000)]
    some = "".join(" ".join(draw.choices(words, k=60)) + ".\n" for _ in range(2_000))
    unfinished = path(quick).with_suffix(".unfinished")
    with open(unfinished, "w") as text:
        for _ in range(num_lines(quick) // 2_000):
            text.write(some)
    unfinished.rename(path(quick))


def answer(rows):
    return [*rows.shape, int(rows.nnz), int(abs(rows).sum())]


def plait(quick):
    from plait.ml.feature_extraction.text import CountVectorizer

    db = bag_module("plait")
    return lambda: answer(CountVectorizer().fit_transform(db.read_text(str(path(quick)), blocksize="16MiB")).compute())


def sklearn(quick):
    from sklearn.feature_extraction.text import CountVectorizer

    def run():
        with open(path(quick)) as lines:
            return answer(CountVectorizer().fit_transform(lines))

    return run


SYSTEMS = {"plait": plait, "sklearn": sklearn}


def limit(machine, quick):
    return path(quick).stat().st_size * 1e-9 * (1 / machine["cached_file_gb_s"] + 1 / machine["read_gb_s"]) if path(quick).exists() else 0
