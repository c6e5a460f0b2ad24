"""Reports of runs are one file that holds all it needs, of bounded size, and say what bounded the run."""

import json
import re

import pytest

from plait.diagnostics.profile_visualize import page_of
from plait.distributed._bounds import bound_of
from plait.distributed._report_plots import stream_plot


def task(name, start, stop, worker="a", thread=0):
    return {"name": name, "key": f"{name}-1", "worker": worker, "thread": thread, "start": start, "stop": stop, "nbytes": 8}


def test_the_task_stream_has_a_row_for_each_thread():
    plot = stream_plot([task("sum", 10, 11), task("sum", 10, 12, thread=1), task("add", 11, 12, "b")], 10, 13, {"a": "worker 0", "b": "worker 1"})
    assert plot["rows"] == ["worker 0, thread 0", "worker 0, thread 1", "worker 1, thread 0"]
    assert plot["tasks"] == [[0, 1, 0, 0, "sum-1"], [0, 2, 1, 0, "sum-1"], [1, 1, 2, 1, "add-1"]]
    assert plot["legend"] == [["#4c78a8", "sum (3.00 s)"], ["#f58518", "add (1.00 s)"]]


def test_a_stream_of_very_many_tasks_stays_small():
    tasks = [task(f"name{i % 7}", i / 1e4, (i + 0.9) / 1e4, thread=i % 3) for i in range(200_000)]
    page = page_of([stream_plot(tasks, 0, 20, {})], "Report")
    assert len(page) < 2_000_000
    (plot,) = json.loads(re.search(r"const plots = (.*);\n", page)[1])
    assert 0 < len(plot["tasks"]) <= 15_000
    assert max(start + took for start, took, *_ in plot["tasks"]) <= 20.1


def test_a_page_loads_nothing_from_elsewhere_and_escapes_names():
    page = page_of([stream_plot([task("</script><b>", 0, 1)], 0, 1, {})], "<title>", "<p>hello</p>")
    assert "</script><b>" not in page and "&lt;title&gt;" in page and "<p>hello</p>" in page
    assert not re.search(r"(src|href)=", page) and "http" not in page


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"num_tasks": 0}, "No task ran"),
        ({"compute": 38.0}, "bound by computing: tasks filled 95 % of the time of 4 threads"),
        ({"compute": 38.0, "spilled": 2**30}, "short of memory: 1.00 GiB"),
        ({"compute": 4.0, "num_tasks": 100_000}, "many short tasks"),
        ({"compute": 9.0}, "one after the other"),
        ({"compute": 20.0}, "threads to spare"),
        ({"compute": 9.0, "moving": 8.0, "moved": 2**31}, "bound by moving values: 2.00 GiB were on their way for 80 % of the time, and tasks filled 22 %"),
    ],
)
def test_a_sentence_says_what_bounded_the_run(facts, text):
    assert text in bound_of(**{"duration": 10.0, "compute": 0.0, "threads": 4, "spilled": 0, "num_tasks": 100, **facts})
