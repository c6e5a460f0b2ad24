"""Random programs on a cluster: what holds on threads for arrays, frames, bags, delayed calls and raw graphs holds there, too.

The programs and properties are those of the tests of each part; here are fewer of each, on one cluster.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import array_samples
import plait.bag as db
import test_array_counting_properties
import test_array_index_properties
import test_array_order_properties
import test_array_pieces
import test_array_programs
import test_array_properties
import test_dataframe_plan_properties
import test_dataframe_programs
import test_dataframe_properties
import test_delayed_properties
import test_graph_properties
from bag_programs import PROGRAMS, run_program, steps
from plait import task_spec
from plait.distributed import Client
from test_dataframe_plan_properties import files  # noqa: F401 - a fixture
from unseen_seeds import run_unseen

pytestmark = pytest.mark.filterwarnings("ignore")
FEW = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}
ARRAY_MODULES = (test_array_counting_properties, test_array_index_properties, test_array_order_properties, test_array_pieces, test_array_properties)
ARRAY_PROPERTIES = {
    f"{function.__module__.removeprefix('test_array_')}-{function.__name__.removeprefix('test_')}": (function, strategies)
    for function, strategies in array_samples.PROPERTIES
    if function.__module__ in {module.__name__ for module in ARRAY_MODULES}
}


@pytest.fixture(scope="module", autouse=True)
def client():
    with Client(n_workers=2, threads_per_worker=2, memory_limit="1GB", dashboard_address=None) as client:
        yield client


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_arrays_agree_with_numpy(first):
    for seed in range(first, first + 20):
        test_array_programs.run_program(seed, ("cluster", "cluster"))


def test_array_programs_that_nobody_has_seen():
    run_unseen(lambda seed: test_array_programs.run_program(seed, ("cluster", "cluster")), 20)


@pytest.mark.parametrize("name", sorted(ARRAY_PROPERTIES))
def test_properties_of_arrays(name, monkeypatch):
    function, strategies = ARRAY_PROPERTIES[name]
    for module in (array_samples, *ARRAY_MODULES):
        monkeypatch.setattr(module, "RUNS", ("cluster",), raising=False)
    settings(max_examples=4, **FEW)(given(*strategies)(function))()


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_frames_agree_with_pandas(first):
    for seed in range(first, first + 5):
        test_dataframe_programs.run_program(seed, "cluster")


def test_frame_programs_that_nobody_has_seen():
    run_unseen(lambda seed: test_dataframe_programs.run_program(seed, "cluster"), 5)


@pytest.mark.parametrize("property_", test_dataframe_properties.PROPERTIES, ids=lambda p: p.__name__)
def test_properties_of_frames(property_, tmp_path):
    @settings(max_examples=4, **FEW)
    @given(st.data(), test_dataframe_properties.runs(["cluster"]))
    def check(data, run):
        run.folder = tmp_path
        property_(data, run)

    check()


@settings(max_examples=15, **FEW)
@given(
    steps=st.lists(st.sampled_from(sorted(test_dataframe_plan_properties.STEPS)), max_size=4),
    end=st.sampled_from(sorted(test_dataframe_plan_properties.ENDS)),
    kinds=st.tuples(*[st.sampled_from(["csv", "parquet"])] * 2),
)
def test_plans_over_files(files, steps, end, kinds):  # noqa: F811
    test_dataframe_plan_properties.plan_gives_what_pandas_gives(files, steps, end, kinds, "cluster")


@pytest.mark.parametrize("spec", [task_spec, test_graph_properties.theirs], ids=["ours", "dask's"])
def test_graphs_have_dasks_values_and_errors(client, spec):
    run_unseen(lambda seed: test_graph_properties.check(seed, spec, client.get), 60)


def test_delayed_calls_give_what_dask_gives():
    run_unseen(lambda seed: test_delayed_properties.check(seed, "cluster", length=15), 15)


@settings(max_examples=40, **FEW)
@given(st.lists(st.integers(-20, 20), max_size=40), st.integers(1, 8), st.lists(steps, max_size=4), st.sampled_from(sorted(PROGRAMS)))
def test_bags_give_what_they_give_in_one_thread(items, npartitions, chain, last):
    assert run_program(db, items, npartitions, chain, last, "cluster") == run_program(db, items, npartitions, chain, last)


def test_the_programs_ran_on_the_cluster(client):
    assert len(client.get_task_stream()) > 1000
