"""What explain() says of a plan, before it runs and after."""

import re

import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd

LEFT = pd.DataFrame({"k": list("abcabcabc"), "x": range(9)})
RIGHT = pd.DataFrame({"k": list("abc"), "v": [1, 2, 3]})


@pytest.fixture
def joined():
    return dd.from_pandas(LEFT, npartitions=3).merge(dd.from_pandas(RIGHT, npartitions=1), on="k")


def test_an_explanation_is_a_text_that_shows_itself(capsys):
    explanation = da.ones((4, 4), chunks=2).sum().explain()
    assert capsys.readouterr().out == ""
    assert repr(explanation) == str(explanation)
    assert explanation.startswith("As written:\n1. sum")
    assert explanation._repr_html_().startswith("<pre>As written:\n1. sum")


def test_html_is_escaped():
    frame = dd.from_pandas(pd.DataFrame({"<b>": [1]}), npartitions=1)
    assert "<b>" not in frame.explain()._repr_html_()
    assert "&lt;b&gt;" in frame.explain()._repr_html_()


def test_a_join_stays_visible_to_the_last_step(joined):
    last = (joined.assign(z=joined.x * joined.v).groupby("k").z.sum()).explain().rpartition("After ")[2]
    assert re.search(r'join\(left_on=\["k"\], right_on=\["k"\]', last)


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_an_analysis_says_what_each_step_took(joined, scheduler):
    text = joined[joined.x > 2].explain(analyze=True, scheduler=scheduler)
    took = r"\[3 tasks, [\d.e-]+ s, 6 rows, [1-9]\d* B\]$"
    assert re.search(r"^1\. stream.* -> join\(.*\) -> .* -> filter.*" + took, text, re.M)
    assert re.search(r"^ +2\. build_join.*\[1 task, [\d.e-]+ s", text, re.M)
    assert re.search(r"The run took [\d.e-]+ s", text)


def test_an_analysis_of_arrays_has_bytes_but_no_rows():
    x = da.ones((100, 100), chunks=50)
    text = plait.explain(x.T.sum(axis=0), x + 1, analyze=True, scheduler="sync")
    assert re.search(r"\[4 tasks, [\d.e-]+ s, 78.12 KiB\]", text)
    assert "rows" not in text


def test_an_analysis_runs_the_plan_and_its_error_is_the_users():
    def fail(block):
        raise ValueError("as the user wrote it")

    with pytest.raises(ValueError, match="as the user wrote it"):
        da.ones(3).map_blocks(fail, dtype=float).explain(analyze=True)


def test_an_analysis_follows_a_repair(tmp_path):
    path = tmp_path / "late.csv"
    path.write_text("x\n" + "1\n" * 200_000 + "1.5\n" * 3)
    text = dd.read_csv(str(path), blocksize=100_000).x.max().explain(analyze=True, scheduler="sync")
    # Of the run that went wrong nothing is counted: each step has as many tasks as it has partitions.
    steps = re.findall(r" in (\d+) partitions?.*\[(\d+) tasks?,", text)
    assert steps and all(partitions == tasks for partitions, tasks in steps)
