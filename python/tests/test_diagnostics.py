"""Callbacks, the progress bar and profiles: what they hear of runs, on every scheduler, and what they draw."""

import io
import json
import pickle
import re
import sys
import threading
import types
from operator import add, mul

import dask
import dask.diagnostics
import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.dataframe as dd
from plait.callbacks import Callback
from plait.diagnostics import CacheProfiler, Profiler, ProgressBar, ResourceProfiler, visualize

SCHEDULERS = ["sync", "threads", "processes"]
GRAPH = {"x": 1, "y": (add, "x", 10), "z": (mul, "y", 2)}


def fail(value):
    raise ValueError("no such luck")


class Notes(Callback):
    def __init__(self):
        self.events = []

    def _start(self, dsk):
        self.events.append(("start", set(dsk)))

    def _start_state(self, dsk, state):
        self.events.append(("state", set(state["ready"]), {key: set(inputs) for key, inputs in state["waiting"].items()}))

    def _pretask(self, key, dsk, state):
        self.events.append(("pretask", key))

    def _posttask(self, key, value, dsk, state, worker):
        self.events.append(("posttask", key, value, set(state["released"])))

    def _finish(self, dsk, state, failed):
        self.events.append(("finish", failed, set(state["finished"])))


class NotesOfDask(dask.callbacks.Callback):
    _start, _start_state, _pretask, _posttask, _finish = (getattr(Notes, name) for name in ("_start", "_start_state", "_pretask", "_posttask", "_finish"))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_callback_hears_of_a_graph_what_dasks_does(scheduler):
    notes, expected = Notes(), NotesOfDask()
    expected.events = []
    with notes:
        plait.get(GRAPH, "z", scheduler=scheduler)
    with expected:
        dask.get(GRAPH, "z")
    names = [event[:2] for event in notes.events if event[0] in ("pretask", "posttask")]
    assert names == [event[:2] for event in expected.events if event[0] in ("pretask", "posttask")]
    assert [event[2] for event in notes.events if event[0] == "posttask"] == [11, 22]
    assert notes.events[0] == ("start", {"x", "y", "z"})
    assert notes.events[1] == ("state", {"y"}, {"z": {"y"}})
    assert notes.events[-1][:2] == expected.events[-1][:2] == ("finish", False)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_callback_hears_the_tasks_of_a_collection_with_their_values(scheduler):
    notes = Notes()
    with notes:
        total = da.arange(12, chunks=4).sum().compute(scheduler=scheduler)
    yielded = {event[1]: event[2] for event in notes.events if event[0] == "posttask"}
    assert total == 66
    assert sorted(int(value.sum()) for key, value in yielded.items() if isinstance(key, tuple)) == [6, 22, 38]
    assert {event[1] for event in notes.events if event[0] == "pretask"} == set(yielded)


def test_frames_come_to_callbacks_as_pandas_objects():
    values = []
    with Callback(posttask=lambda key, value, dsk, state, worker: values.append(value)):
        dd.from_pandas(pd.DataFrame({"x": range(8)}), npartitions=2).x.add(1).compute()
    assert any(isinstance(value, (pd.Series, pd.DataFrame)) for value in values)


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_run_that_fails_says_so_at_its_end(scheduler):
    notes = Notes()
    with notes, pytest.raises(ValueError, match="no such luck"):
        plait.get({"x": 1, "y": (fail, "x")}, "y", scheduler=scheduler)
    assert notes.events[-1][:2] == ("finish", True)


def test_an_error_in_a_callback_reaches_the_caller():
    with Callback(pretask=lambda key, dsk, state: fail(key)), pytest.raises(ValueError, match="no such luck"):
        da.ones(3).sum().compute()
    assert da.ones(3).sum().compute() == 3


def test_callbacks_are_registered_for_good():
    notes = Notes()
    notes.register()
    try:
        da.ones(3).sum().compute()
        assert notes._callback in Callback.active
    finally:
        notes.unregister()
    assert Callback.active == set()
    num_events = len(notes.events)
    da.ones(3).sum().compute()
    assert len(notes.events) == num_events > 0
    with pytest.raises(KeyError):
        notes.unregister()


def test_runs_inside_a_task_are_not_told():
    notes = Notes()
    with notes:
        plait.get({"x": (lambda: plait.get({"inner": (add, 1, 2)}, "inner"),)}, "x", scheduler="threads")
    assert {event[1] for event in notes.events if event[0] == "pretask"} == {"x"}


def test_add_callbacks_takes_tuples_and_refuses_what_is_no_callback():
    seen = []
    with plait.callbacks.add_callbacks((None, None, lambda key, dsk, state: seen.append(key), None, None)):
        plait.get(GRAPH, "z")
    assert seen == ["y", "z"]
    with pytest.raises(TypeError, match="not a list"):
        plait.callbacks.add_callbacks([1])


def test_a_profiler_notes_the_tasks_that_dasks_notes():
    with Profiler() as profiler:
        plait.get(GRAPH, "z")
    with dask.diagnostics.Profiler() as expected:
        dask.get(GRAPH, "z")
    assert [task.key for task in profiler.results] == [task.key for task in expected.results] == ["y", "z"]
    assert [task.task for task in profiler.results] == [GRAPH["y"], GRAPH["z"]]
    assert profiler.results[0]._fields == expected.results[0]._fields
    first, second = profiler.results
    assert profiler.start_time < first.start_time <= first.end_time <= second.start_time <= second.end_time < profiler.end_time


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_profiler_begins_anew_and_a_registered_one_goes_on(scheduler):
    profiler = Profiler()
    for _ in range(2):
        with profiler:
            plait.get(GRAPH, "z", scheduler=scheduler)
        assert len(profiler.results) == 2
    profiler.register()
    plait.get(GRAPH, "z", scheduler=scheduler)
    profiler.unregister()
    assert len(profiler.results) == 4
    profiler.clear()
    assert (profiler.results, profiler.start_time) == ([], None)


def test_a_profiler_keeps_the_keys_of_collections():
    total = da.ones((6, 6), chunks=2).sum()
    with Profiler() as profiler:
        total.compute()
    names = {plait.utils.key_split(task.key) for task in profiler.results}
    assert {"sum", "sum-aggregate"} <= names
    assert {task.key[1:] for task in profiler.results if task.key[0].startswith("sum-") and len(task.key) == 3} >= {(0, 0), (1, 1)}


def test_resources_are_sampled_at_once_and_at_the_end():
    with ResourceProfiler(dt=1000) as profiler:
        da.ones(3).sum().compute()
    first, *_, last = profiler.results
    assert first.time <= last.time <= profiler.end_time
    assert 1 < first.mem < 1e6
    assert profiler.results[0]._fields == ("time", "mem", "cpu")


def test_registered_resources_are_sampled_during_runs():
    profiler = ResourceProfiler(dt=1000)
    profiler.register()
    da.ones(3).sum().compute()
    num_samples = len(profiler.results)
    da.ones(3).sum().compute()
    profiler.unregister()
    assert len(profiler.results) == 2 * num_samples > 0


def test_a_cache_profiler_notes_what_dasks_notes():
    with CacheProfiler() as profiler, CacheProfiler(metric=lambda value: value * 2, metric_name="double") as doubles:
        plait.get(GRAPH, "z")
    with dask.diagnostics.CacheProfiler() as expected:
        dask.get(GRAPH, "z")
    assert [(value.key, value.metric) for value in profiler.results] == [(value.key, value.metric) for value in expected.results]
    assert [value.metric for value in doubles.results] == [22, 44]
    assert all(value.cache_time <= value.free_time for value in profiler.results)
    assert doubles._metric_name == "double"


def drawn(out):
    return [line for line in re.split(r"[\r\n]", out.getvalue()) if line]


def test_a_progress_bar_shows_percent_rate_and_time():
    out = io.StringIO()
    bar = ProgressBar(width=10, out=out)
    with bar:
        da.ones(10, chunks=1).sum().compute()
    assert re.fullmatch(r"\[#{10}\] \| 100% Completed \| [\d.]+ [mu]?s \| [\d,.e+]+ tasks/s *", drawn(out)[-1])
    assert out.getvalue().endswith("\n")
    assert bar.last_duration > 0


def test_a_progress_bar_shows_the_time_that_is_left_of_a_run():
    out = io.StringIO()
    seen = threading.Event()

    class Seen(io.StringIO):
        def write(self, text):
            if "left" in text:
                seen.set()
            return out.write(text)

    with ProgressBar(dt=0.001, out=Seen()):
        plait.get({"a": (add, 1, 2), "b": (lambda a: seen.wait(30), "a")}, "b", scheduler="threads")
    assert any(re.search(r"50% Completed .* left", line) for line in drawn(out))


def test_a_progress_bar_ends_where_a_run_fails():
    out = io.StringIO()
    with ProgressBar(out=out), pytest.raises(ValueError):
        plait.get({"x": (add, 1, 2), "y": (fail, "x")}, "y")
    assert "50% Completed" in drawn(out)[-1]
    assert out.getvalue().endswith("\n")


def test_quick_runs_and_output_that_is_no_terminal_show_nothing(capsys):
    out = io.StringIO()
    with ProgressBar(minimum=60, out=out), ProgressBar():
        da.ones(3).sum().compute()
    assert out.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_the_bar(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with ProgressBar():
        da.ones(3).sum().compute()
        da.ones(4).sum().compute()
    assert capsys.readouterr().out.count("100% Completed") == 2


def test_a_notebook_shows_a_widget_where_there_are_widgets(monkeypatch):
    """As IPython and ipywidgets would: these are not installed here."""
    shown = []
    bar = types.SimpleNamespace(value=0, bar_style="")
    widgets = types.SimpleNamespace(FloatProgress=lambda **kwargs: bar, HTML=lambda: types.SimpleNamespace(value=""), HBox=lambda parts: parts)
    shell = types.SimpleNamespace(kernel=object())
    modules = {"IPython": {"get_ipython": lambda: shell}, "IPython.display": {"display": shown.append}, "ipywidgets": vars(widgets)}
    for name, content in modules.items():
        module = types.ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    with ProgressBar():
        da.ones(3).sum().compute()
    assert len(shown) == 1 and (bar.value, bar.bar_style) == (1.0, "success")


def test_profiles_are_drawn_on_one_page_that_needs_nothing_else(tmp_path):
    with Profiler() as tasks, ResourceProfiler(dt=0.001) as resources, CacheProfiler() as values:
        (da.ones((40, 40), chunks=10) + 1).sum().compute()
    path = tmp_path / "page.html"
    page = visualize([tasks, resources, values], filename=path)
    assert path.read_text() == page
    assert not re.search(r"""(src|href)\s*=|https?:|@import|url\(""", page)
    plots = json.loads(re.search(r"const plots = (.*);\n", page).group(1))
    assert [plot["kind"] for plot in plots] == ["tasks", "lines", "lines"]
    assert len(plots[0]["tasks"]) == len(tasks.results)
    assert all(0 <= start <= start + seconds <= plots[0]["end"] for start, seconds, *_ in plots[0]["tasks"])
    assert len(plots[1]["series"]) == 2
    assert page._repr_html_().startswith("<iframe")


def test_schedulers_in_python_that_tell_callbacks_are_seen_too():
    out = io.StringIO()
    with Profiler() as profiler, ProgressBar(out=out), CacheProfiler() as values:
        active = set(Callback.active)
        with plait.callbacks.local_callbacks([]):
            result = dask.local.get_sync(GRAPH, "z", callbacks=active)
    assert result == 22
    assert [task.key for task in profiler.results] == [value.key for value in values.results] == ["y", "z"]
    assert "100% Completed" in out.getvalue()


def test_names_in_a_page_cannot_end_its_script(tmp_path):
    with Profiler() as profiler:
        plait.get({"</script><b>": (add, 1, 2)}, "</script><b>")
    page = profiler.visualize(filename=tmp_path / "page.html", show=False)
    assert page.count("</script>") == 1


def test_an_empty_profile_is_drawn_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for profiler in (Profiler(), ResourceProfiler(), CacheProfiler()):
        profiler.visualize(save=False)
    assert list(tmp_path.iterdir()) == []


def test_values_stay_the_callers_own():
    kept = []
    with Callback(posttask=lambda key, value, dsk, state, worker: kept.append(value)):
        result = (da.ones(6, chunks=3) + 1).compute()
    assert np.array_equal(result, np.full(6, 2.0))
    assert pickle.loads(pickle.dumps(kept))[0].tolist() == [2, 2, 2]
