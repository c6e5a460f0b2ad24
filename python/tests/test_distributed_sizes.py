"""Sizes of workers, dashboards' ports and arguments of clusters are read as Dask reads them, and nonsense is refused."""

import logging

import distributed as dask_distributed
import pytest
from distributed.deploy import local as dask_local
from distributed.worker_memory import parse_memory_limit

from plait import _plait
from plait.distributed import LocalCluster, Security
from plait.distributed._dashboard import port_of
from plait.distributed._sizes import memory_limit_of, nprocesses_nthreads, worker_sizes
from plait.distributed.deploy.adaptive import target_of
from plait.system import CPU_COUNT


@pytest.mark.parametrize("cores", [*range(1, 65), 96, 128, 192])
def test_processes_and_threads_of_a_machine_are_dasks(cores):
    assert nprocesses_nthreads(cores) == dask_distributed.deploy.utils.nprocesses_nthreads(cores)


def as_dask_reads(monkeypatch, **arguments):
    """(workers, threads of each) that Dask would start."""
    said = {}
    monkeypatch.setattr(dask_local.SpecCluster, "__init__", lambda self, **kwargs: said.update(kwargs))
    monkeypatch.setattr(dask_local, "CPU_COUNT", CPU_COUNT)
    dask_local.LocalCluster(**arguments)
    return len(said["workers"]), said["worker"]["options"]["nthreads"]


@pytest.mark.parametrize("processes", [True, False])
@pytest.mark.parametrize("n_workers", [None, 1, 2, 3, 4, 8])
@pytest.mark.parametrize("threads_per_worker", [None, 1, 2, 3, 16])
def test_workers_and_threads_are_dasks(monkeypatch, processes, n_workers, threads_per_worker):
    ours = worker_sizes(n_workers, threads_per_worker, processes)
    assert (ours.n_workers, ours.threads_per_worker) == as_dask_reads(monkeypatch, processes=processes, n_workers=n_workers, threads_per_worker=threads_per_worker)


def test_no_worker_is_a_cluster_that_grows():
    assert worker_sizes(0, None, True).n_workers == 0


@pytest.mark.parametrize("limit", ["2GB", "200MiB", "100 MB", 0.25, 123456789, 10**8, "1e8"])
def test_a_memory_limit_is_dasks(monkeypatch, limit):
    monkeypatch.setattr("distributed.worker_memory.system.MEMORY_LIMIT", _plait.usable_memory())
    assert memory_limit_of(limit, 4) == parse_memory_limit(limit, 1, 4, logger=logging.getLogger())


@pytest.mark.parametrize("limit", [None, 0, "0"])
def test_no_memory_limit(limit):
    assert memory_limit_of(limit, 4) is None


def test_auto_shares_the_memory_out():
    assert memory_limit_of("auto", 4) == _plait.usable_memory() // 4


def test_a_limit_beyond_the_machine_is_the_machine_with_a_warning():
    with pytest.warns(UserWarning, match="more than the machine has"):
        assert memory_limit_of(10**15, 1) == _plait.usable_memory()


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"n_workers": -1}, ValueError, "n_workers is -1, expected at least 0"),
        ({"n_workers": 1.5}, TypeError, "n_workers is 1.5, expected a whole number"),
        ({"threads_per_worker": 0}, ValueError, "threads_per_worker is 0, expected at least 1"),
        ({"memory_limit": -5}, ValueError, "memory_limit is -5"),
        ({"memory_limit": "much"}, ValueError, "much"),
        ({"host": "0.0.0.0"}, ValueError, "listens on 127.0.0.1 only"),
        ({"protocol": "ucx://"}, ValueError, "protocol is 'ucx://'"),
        ({"n_worker": 2}, TypeError, "no argument 'n_worker'; did you mean 'n_workers'"),
        ({"security": True}, ValueError, "on one machine"),
        ({"security": 5}, TypeError, "expected a Security object"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_starts(arguments, error, text):
    with pytest.raises(error, match=text):
        LocalCluster(**arguments)


def test_encryption_is_refused_with_its_reason():
    Security()
    Security(require_encryption=False, tls_ca_file=None)
    for arguments in ({"require_encryption": True}, {"tls_ca_file": "ca.pem"}):
        with pytest.raises(ValueError, match="nothing leaves it"):
            Security(**arguments)


@pytest.mark.parametrize(("address", "port"), [(":8787", 8787), ("localhost:0", 0), ("127.0.0.1:99", 99), (8787, 8787)])
def test_a_dashboards_port(address, port):
    assert port_of(address) == port


@pytest.mark.parametrize("address", ["0.0.0.0:8787", "8787 please", ":", ":99999"])
def test_a_dashboard_listens_on_the_loopback_address_only(address):
    with pytest.raises(ValueError, match="dashboard_address is"):
        port_of(address)


def workers(count, **facts):
    worker = {"occupancy": 0.0, "nthreads": 1, "managed": 0, "memory_limit": 100, **facts}
    return {str(number): worker for number in range(count)}


@pytest.mark.parametrize(
    ("info", "target"),
    [
        ({"workers": workers(2), "tasks": {}}, 0),
        ({"workers": {}, "tasks": {"queued": 5}}, 1),
        ({"workers": workers(2, occupancy=20.0), "tasks": {"queued": 100}}, 18),
        ({"workers": workers(2, occupancy=20.0), "tasks": {"processing": 3}}, 3),
        ({"workers": workers(2, occupancy=20.0, nthreads=2), "tasks": {"queued": 100}}, 9),
        ({"workers": workers(3, managed=70), "tasks": {}}, 6),
    ],
)
def test_how_many_workers_the_work_asks_for(info, target):
    assert target_of(info, 5) == target
