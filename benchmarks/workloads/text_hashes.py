"""Counts of words in documents, in columns by their hash."""

from benchmarks.systems import bag_module
from benchmarks.workloads.text_counts import answer, limit, make_data, path

TITLE = "HashingVectorizer, 500 MB of text"
TARGET_BEST = 4
HOW = {"norm": None, "alternate_sign": False}


def plait(quick):
    from plait.ml.feature_extraction.text import HashingVectorizer

    db = bag_module("plait")
    return lambda: answer(HashingVectorizer(**HOW).transform(db.read_text(str(path(quick)), blocksize="16MiB")).compute())


def sklearn(quick):
    from sklearn.feature_extraction.text import HashingVectorizer

    def run():
        with open(path(quick)) as lines:
            return answer(HashingVectorizer(**HOW).transform(lines))

    return run


SYSTEMS = {"plait": plait, "sklearn": sklearn}

__all__ = ["SYSTEMS", "TARGET_BEST", "TITLE", "limit", "make_data"]
