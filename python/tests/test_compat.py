"""Dask's modules under the alias: they resolve to Plait, and what libraries on top of Dask import is there and behaves."""

import json
import os
import subprocess
import sys

import pytest


def run(program, *, words=("-m", "plait", "run", "-"), **environment):
    ran = subprocess.run([sys.executable, *words], input=program, capture_output=True, text=True, timeout=120, env={**os.environ, **environment})
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


MODULES = """
    dask dask.array dask.array.core dask.array.creation dask.array.linalg dask.array.random dask.array.reductions dask.array.routines dask.array.ufunc
    dask.array.utils dask.base dask.callbacks dask.config dask.dataframe dask.dataframe.core dask.dataframe.io dask.dataframe.utils dask.datasets
    dask.diagnostics dask.diagnostics.profile dask.diagnostics.profile_visualize dask.diagnostics.progress dask.multiprocessing dask.sizeof
    dask.system dask.threaded dask.utils dask.utils_test
""".split()


def test_every_module_resolves_to_plait():
    program = "import importlib, sys\nfor name in sys.argv[1:]:\n    module = importlib.import_module(name)\n    print(name, module.__name__)\n"
    lines = run(program, words=("-m", "plait", "run", "-", *MODULES)).splitlines()
    assert [line.split()[0] for line in lines] == MODULES
    assert all(line.split()[1].startswith(("plait", "dask.")) for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "from dask.array.core import Array, normalize_chunks, from_array, concatenate, blockwise, map_blocks, asarray",
        "from dask.array.core import slices_from_chunks, concatenate3; import dask.array as da; da.core.Array is da.Array",
        "from dask.array.gufunc import apply_gufunc; import dask.array as da; da.gufunc(abs, signature='()->()')(da.ones(2)).compute()",
        "from dask.array.rechunk import rechunk; from dask.array import ones; rechunk(ones(4), chunks=2).compute()",
        "from dask.array.reshape import reshape; import dask.array as da; da.reshape(reshape(da.ones(4), (2, 2)), 4).compute()",
        "from dask.array.wrap import ones; from dask.array.percentile import percentile; from dask.array.blockwise import blockwise",
        "from dask.array.overlap import overlap, trim_internal; from dask.bytes import read_bytes; from dask.bytes.core import open_files",
        "from dask.dataframe.extensions import register_dataframe_accessor; from dask.dataframe.dispatch import make_meta",
        "from dask.array.lib.stride_tricks import sliding_window_view; from dask.array import fft, ma, stats",
        "from dask.array.utils import assert_eq",
        "from dask.array import Array, assert_eq",
        "from dask.array.reductions import sum, mean",
        "from dask.base import compute, persist, tokenize, visualize",
        "from dask.dataframe.core import DataFrame, Series, map_partitions",
        "from dask.dataframe.io import from_pandas, read_csv, read_parquet",
        "from dask.dataframe.io.io import from_map, from_delayed; from dask.dataframe.io.sql import read_sql_table",
        "from dask.dataframe.io.parquet.core import read_parquet; from dask.dataframe.io.orc.core import read_orc",
        "import dask.array as da, dask.dataframe as dd; dd.io.from_dask_array(da.ones((2, 2)), columns=['a', 'b'])",
        "from dask.bag.text import read_text; from dask.hashing import hash_buffer; from dask.widgets import FILTERS, get_template",
        "from dask.dataframe.utils import assert_eq",
        "from dask.diagnostics import Callback, CacheProfiler, Profiler, ProgressBar, ResourceProfiler, visualize",
        "from dask.callbacks import Callback, add_callbacks",
        "from dask.utils import SerializableLock, funcname, key_split, parse_bytes, M, derived_from, Dispatch, ndeepmap, apply",
        "from dask.sizeof import sizeof",
        "from dask.system import CPU_COUNT, cpu_count",
        "from dask.utils_test import add, inc, GetFunctionTestMixin",
        "import dask; dask.array.ones; dask.dataframe.from_pandas; dask.config.set; dask.utils.format_bytes",
        "import dask.array as da; from dask.array import random; da.random is random",
    ],
)
def test_what_libraries_import_is_there(line):
    run(line)


def test_submodules_are_the_same_modules_as_those_of_plait():
    program = """
import dask.array as da, plait.array, dask.array.utils, dask.utils, plait.utils, dask.dataframe.utils, plait, pickle
import dask.diagnostics.profile, plait.diagnostics.profile
assert da is plait.array and dask.utils is plait.utils and dask is plait and da.utils is plait.array.utils
assert dask.diagnostics.profile is plait.diagnostics.profile
assert da.__spec__.name == "plait.array" and da.__name__ == "plait.array"
assert pickle.loads(pickle.dumps(da.ones(3))).sum().compute() == 3
print("same")
"""
    assert run(program) == "same\n"


def test_a_name_that_a_module_does_not_have_is_named_with_the_nearest():
    program = """
import dask.array.core
try:
    dask.array.core.normalise_chunks
except AttributeError as error:
    print(error)
try:
    from dask.dataframe.core import no_such_thing_at_all
except ImportError as error:
    print(type(error).__name__)
"""
    assert run(program).splitlines() == [
        "Plait has no 'dask.array.core.normalise_chunks' yet; did you mean 'normalize_chunks'?",
        "ImportError",
    ]


def test_dasks_variables_and_files_are_read_under_the_alias_only(tmp_path):
    (tmp_path / "dask.yaml").write_text("array:\n  chunk-size: 1 MiB\nsplit-every: 16\n")
    program = "import plait\nprint(plait.config.get('array.chunk-size'), plait.config.get('split-every'), plait.config.get('num-workers'))"
    where = {"DASK_CONFIG": str(tmp_path), "DASK_NUM_WORKERS": "3", "PLAIT_SPLIT_EVERY": "8"}
    assert run(program, **where) == "1 MiB 8 3\n"
    assert run(program, words=("-",), **where) == "128 MiB 8 None\n"


def test_settings_of_the_program_outlive_the_installation():
    program = """
import plait, plait.compat
plait.config.set({"split-every": 5})
plait.compat.install()
import dask
print(dask.config.get("split_every"), dask.config.get("array.svg.size"))
plait.compat.uninstall()
print(plait.config.get("split-every"), plait.compat.is_installed())
"""
    assert run(program, words=("-",)) == "5 120\n5 False\n"


def test_a_real_dask_is_itself_before_and_after():
    program = """
import plait.compat
plait.compat.install()
import dask, dask.array, dask.array.core
assert dask.__name__ == "plait"
plait.compat.uninstall()
import dask, dask.array, dask.array.core
print(dask.__file__.endswith("site-packages/dask/__init__.py"), dask.array.core.__name__, int(dask.array.ones(3).sum().compute()))
"""
    assert run(program, words=("-",)) == "True dask.array.core 3\n"


def test_worker_processes_of_a_program_under_the_alias_find_its_functions(tmp_path):
    (tmp_path / "helper.py").write_text("import dask.utils\ndef double(block):\n    return dask.utils.apply(lambda x: x * 2, (block,))\n")
    (tmp_path / "program.py").write_text(
        "import dask.array as da, helper\nprint(da.ones(4, chunks=2).map_blocks(helper.double, dtype=float).sum().compute(scheduler='processes'))\n"
    )
    assert run("", words=("-m", "plait", "run", str(tmp_path / "program.py"))) == "8.0\n"


def test_the_extension_of_notebooks_installs_and_undoes():
    program = """
import plait
plait.load_ipython_extension(None)
import dask.array
print(dask.__name__)
plait.unload_ipython_extension(None)
print(plait.compat.is_installed())
"""
    assert run(program, words=("-",)) == "plait\nFalse\n"


def test_tests_of_get_functions_pass_on_every_scheduler(tmp_path):
    (tmp_path / "test_get.py").write_text(
        """
import plait.compat
plait.compat.install()
import dask.threaded, dask.multiprocessing
from dask.utils_test import GetFunctionTestMixin

class TestSync(GetFunctionTestMixin):
    get = staticmethod(dask.get)

class TestThreads(GetFunctionTestMixin):
    get = staticmethod(dask.threaded.get)

class TestProcesses(GetFunctionTestMixin):
    get = staticmethod(dask.multiprocessing.get)
"""
    )
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout[-3000:]


def test_chunks_are_normalized_as_dask_does():
    cases = [
        "((2, 3), (5, 6))",
        "(10, (30, 10))",
        "('auto', (1000, 1000), None, 'f8')",
        "(-1, (5, 5))",
        "((5, -1), (10, 10))",
        "({0: 2, 1: 3}, (4, 6))",
        "(((3, 2), 5), (5, 5))",
        "('1MiB', (1000, 1000), None, 'f8')",
        "((), ())",
    ]
    program = f"from dask.array.core import normalize_chunks\nimport json\nprint(json.dumps([normalize_chunks(*each) for each in [{', '.join(cases)}]]))"
    assert json.loads(run(program)) == json.loads(run(program, words=("-",)))


def test_dask_ml_resolves_to_the_machine_learning_of_plait():
    program = """
import dask_ml.preprocessing, dask_ml.linear_model, plait.ml
from dask_ml.model_selection import train_test_split
assert dask_ml.preprocessing is plait.ml.preprocessing and dask_ml is plait.ml
for name in ("dask_ml.preprocesing", "dask.ml"):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        print(error)
"""
    assert run(program).splitlines()[0] == "Plait has no 'dask_ml.preprocesing' yet; did you mean 'dask_ml.preprocessing'?"


def test_joblibs_calls_run_on_plait_under_dasks_name_of_the_backend():
    program = """
import joblib
with joblib.parallel_backend("dask"):
    print(type(joblib.parallel.get_active_backend()[0]).__module__, joblib.Parallel(n_jobs=2)(joblib.delayed(abs)(i) for i in (-1, 2)))
"""
    assert run(program).splitlines() == ["plait.ml._joblib [1, 2]"]


def test_plait_itself_does_not_need_scikit_learn():
    program = """
import sys
sys.modules["sklearn"] = None
import plait, plait.array, plait.dataframe, plait.bag
try:
    import plait.ml
except ImportError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert "plait.ml needs scikit-learn" in ran.stdout, ran.stderr


def test_what_a_task_imports_in_a_worker_process_is_plait_too():
    program = """
import dask

def where():
    import dask, distributed
    return dask.__name__, distributed.__name__

from dask.distributed import Client
with Client(n_workers=1, threads_per_worker=1, dashboard_address=None) as client:
    print(client.submit(where).result())
print(dask.delayed(where)().compute(scheduler="processes"))
"""
    assert run(program).splitlines() == ["('plait', 'plait.distributed')"] * 2


def test_modules_keep_their_package_under_the_alias():
    program = """
import importlib, os, sys, types
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    if module.__name__.startswith("plait") and module.__file__:
        inside = os.path.basename(module.__file__).startswith("__init__.")
        assert module.__package__ == (module.__name__ if inside else module.__name__.rpartition(".")[0]), module
from distributed.worker import get_client
import dask.distributed
with dask.distributed.Client(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as client:
    print(client.submit(lambda: get_client().submit(abs, -3).result()).result())
"""
    modules = [*MODULES, "distributed.worker", "distributed.client", "distributed.deploy.local"]
    assert run(program, words=("-m", "plait", "run", "-", *modules)) == "3\n"
