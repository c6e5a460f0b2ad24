"""The examples in docstrings run, and give what they say.

They use `da` (plait.array), `dd` (plait.dataframe), `db` (plait.bag), `np`, `pd`, `plait`, and the frame `df` that is made here.
"""

import doctest
import importlib
import pkgutil

import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.bag as db
import plait.dataframe as dd


def names():
    frame = pd.DataFrame({"x": [1, 2, 3, 4], "k": list("abab")})
    return {"da": da, "dd": dd, "db": db, "np": np, "pd": pd, "plait": plait, "df": dd.from_pandas(frame, npartitions=2)}


def examples():
    """The docstrings with examples, by the name of what they belong to."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    for info in pkgutil.walk_packages(plait.__path__, "plait."):
        if info.name.rpartition(".")[2] in ("__main__", "_worker", "_plait"):
            continue
        for found in finder.find(importlib.import_module(info.name)):
            if found.examples:
                yield found


EXAMPLES = {found.name: found for found in examples()}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_example_gives_what_it_says(name):
    found = EXAMPLES[name]
    found.globs.update(names())
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(found).failed == 0


def test_the_names_that_are_used_most_have_an_example():
    assert len(EXAMPLES) >= 100
