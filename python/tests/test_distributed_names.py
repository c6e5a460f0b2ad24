"""Every name of distributed is there, or says that it is not there yet."""

import inspect
import re
import subprocess
import sys

import distributed as dask_distributed
import pytest
from distributed.comm import addressing as dask_addressing

from plait import _missing_names
from plait import distributed as ours


def run_plait(program):
    ran = subprocess.run([sys.executable, "-m", "plait", "run", "-"], input=program, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


NAMES = [name for name in dask_distributed.__all__ if name not in ("dask", "config")]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_distributed_is_there_or_says_that_it_is_not_yet(name):
    if hasattr(ours, name):
        return
    with pytest.raises(AttributeError, match=f"plait.distributed.{name} is not there yet"):
        getattr(ours, name)


@pytest.mark.parametrize(("owner", "name"), [(owner, name) for owner in ("plait.distributed", "Client") for name in _missing_names._OF_DASK[owner].split()])
def test_what_is_not_there_says_what_to_use_instead(owner, name):
    assert re.search("is not there yet; .{20}", str(_missing_names.missing(owner, name, ours)))


ADDRESSES = ["tcp://127.0.0.1:80", "127.0.0.1:80", "tcp://[::1]:8786", "[::1]", "localhost", "a:b:c", "tcp://[::1", "tcp://localhost:8786", "[::1]8"]


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", ["parse_address", "normalize_address", "get_address_host", "get_address_host_port", "parse_host_port", "resolve_address"])
def test_addresses_are_read_as_dask_reads_them(name, address):
    assert outcome(getattr(ours.comm, name), address) == outcome(getattr(dask_addressing, name), address)


def test_addresses_are_put_together_as_dask_does():
    assert ours.comm.unparse_address("tcp", "1.2.3.4:5") == dask_addressing.unparse_address("tcp", "1.2.3.4:5")
    assert ours.comm.unparse_host_port("::1", 5) == dask_addressing.unparse_host_port("::1", 5)
    with pytest.raises(ValueError, match="has no scheme"):
        ours.comm.parse_address("here", strict=True)


def test_a_misspelt_name_has_the_nearest():
    with pytest.raises(AttributeError, match="did you mean 'Client'"):
        ours.Clint  # noqa: B018


PAIRS = [
    (dask_distributed.Client, ours.Client),
    (dask_distributed.Future, ours.Future),
    (dask_distributed.LocalCluster, ours.LocalCluster),
    (dask_distributed.SpecCluster, ours.SpecCluster),
    (dask_distributed.as_completed, ours.as_completed),
    (dask_distributed.Event, ours.Event),
    (dask_distributed.Lock, ours.Lock),
    (dask_distributed.MultiLock, ours.MultiLock),
    (dask_distributed.Queue, ours.Queue),
    (dask_distributed.Semaphore, ours.Semaphore),
    (dask_distributed.Variable, ours.Variable),
]


def arguments(function):
    return {name: each for name, each in inspect.signature(function).parameters.items() if name not in ("self", "args", "kwargs")}


def methods():
    for theirs, mine in PAIRS:
        for name, method in inspect.getmembers(theirs, inspect.isfunction):
            if (name == "__init__" or not name.startswith("_")) and hasattr(mine, name):
                yield pytest.param(method, getattr(mine, name), id=f"{theirs.__name__}.{name}")


# Of Dask's own event loop, or another type with the same meaning.
LEFT_OUT = {"loop", "scheduler_rpc", "io_loop", "extensions", "storage_options", "state", "_id", "Adaptive"}


@pytest.mark.parametrize(("theirs", "mine"), list(methods()))
def test_arguments_and_defaults_are_dasks(theirs, mine):
    expected, found = arguments(theirs), arguments(mine)
    for name, argument in expected.items():
        if name in LEFT_OUT or argument.kind is inspect.Parameter.VAR_KEYWORD or argument.kind is inspect.Parameter.VAR_POSITIONAL:
            continue
        assert name in found, f"{theirs.__qualname__} has {name}"
        default = argument.default
        if isinstance(default, (bool, int, float, str)) and name not in ("format", "minimum", "maximum"):
            assert found[name].default == default


MISSING = _missing_names._OF_DASK["Client"].split()


def test_methods_of_a_client_are_there_or_named():
    theirs = {name for name in vars(dask_distributed.Client) if not name.startswith("_")}
    assert theirs - set(dir(ours.Client)) == set(MISSING)


def test_the_public_names_are_documented():
    for name in ours.__all__:
        found = getattr(ours, name)
        if inspect.isclass(found) or inspect.isfunction(found):
            assert found.__doc__ and found.__doc__.strip(), name
    for _, mine in PAIRS:
        for name, method in inspect.getmembers(mine, inspect.isfunction):
            if not name.startswith("_"):
                assert method.__doc__, f"{mine.__name__}.{name}"


@pytest.mark.parametrize(
    "line",
    [
        "from dask.distributed import Client, LocalCluster, progress, performance_report, wait, as_completed",
        "from distributed import Client; import dask.distributed; assert dask.distributed.Client is Client",
        "import distributed.deploy.local; import dask.distributed as dd; assert dd.LocalCluster is distributed.deploy.local.LocalCluster",
        "from distributed.client import Future, Client; from distributed.utils import Log, Logs",
        "from distributed.lock import Lock; from distributed.queues import Queue; from distributed.variable import Variable",
        "from distributed.diagnostics.plugin import WorkerPlugin, UploadFile; from distributed.diagnostics import MemorySampler",
        "from distributed.worker_client import worker_client; from distributed.scheduler import Scheduler",
        "from distributed.diagnostics.progressbar import progress",
        "from distributed.diagnostics.plugin import CondaInstall, InstallPlugin, SchedulerUploadFile; from distributed import get_task_metadata",
        "from distributed.comm import parse_address, resolve_address; from distributed.deploy import SSHCluster; from distributed import profile",
        "from dask_kubernetes import KubeCluster; from dask_kubernetes.operator import KubeCluster as K; from dask_jobqueue import SLURMCluster",
    ],
)
def test_imports_of_programs_resolve(line):
    run_plait(line)


@pytest.mark.parametrize("line", ["from dask_kubernetes import KubeCluster as C", "from dask_jobqueue import SLURMCluster as C"])
def test_clusters_of_other_machines_say_which_engine_to_use(line):
    program = f"{line}\ntry:\n    C(n_workers=10)\nexcept NotImplementedError as error:\n    print(error)\n"
    text = run_plait(program)
    assert "LocalCluster" in text and "Ray" in text
