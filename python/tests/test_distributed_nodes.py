"""Schedulers and workers that a program runs by itself, and what it sees of those of a cluster."""

import asyncio
import os
import signal

import pytest

from distributed_samples import inc
from plait.distributed import Client, LocalCluster, Nanny, Scheduler, Status, Worker, get_worker


def test_a_scheduler_and_workers_of_this_process():
    async def program():
        async with Scheduler() as scheduler, Worker(scheduler.address, nthreads=2, name="first", resources={"GPU": 1}) as worker:
            async with Client(scheduler.address, asynchronous=True) as client:
                assert await client.submit(inc, 1) == 2
                (seen,) = scheduler.workers.values()
                assert (seen.name, seen.nthreads, seen.address) == ("first", 2, worker.address)
                assert seen.resources == {"GPU": 1}
                async with Worker(scheduler.address, name="second"):
                    assert len(scheduler.workers) == 2
                assert await client.submit(inc, 2, workers="first") == 3
        assert worker.status is scheduler.status is Status.closed

    asyncio.run(program())


def test_a_worker_that_is_watched_starts_again():
    async def program():
        async with Scheduler() as scheduler, Nanny(scheduler.address, nthreads=1, name="watched") as nanny:
            async with Client(scheduler.address, asynchronous=True) as client:
                first = await client.submit(os.getpid, pure=False)
                assert first == nanny.pid != os.getpid()
                os.kill(first, signal.SIGKILL)
                assert await client.submit(os.getpid, pure=False) == nanny.pid != first

    asyncio.run(program())


def test_parts_that_run_not_yet_say_so():
    with pytest.raises(ValueError, match="has not been started: await it"):
        Scheduler().address  # noqa: B018
    with pytest.raises(ValueError, match="expected the scheduler's address"):
        Worker()
    with pytest.raises(OSError, match="no scheduler answers"):
        asyncio.run(_awaited(Worker("tcp://127.0.0.1:1")))


async def _awaited(node):
    return await node


def test_what_a_program_sees_of_a_cluster():
    with LocalCluster(n_workers=2, threads_per_worker=3, processes=False, memory_limit="1GB", dashboard_address=None) as cluster:
        scheduler = cluster.scheduler
        assert scheduler.address == cluster.scheduler_address and scheduler.address.endswith(f":{scheduler.port}")
        assert {each.name for each in scheduler.workers.values()} == {0, 1} == set(cluster.workers)
        assert {each.memory_limit for each in scheduler.workers.values()} == {10**9}
        assert scheduler.total_nthreads == 6
        assert "workers: 2, cores: 6" in repr(scheduler)
        with pytest.raises(AttributeError, match="Scheduler"):
            scheduler.extensions  # noqa: B018


class Notebook:
    """An actor with methods of every kind."""

    pages = 0

    async def write(self, other=None):
        if other is not None:
            await other.write()
        self.pages += 1
        written = self.pages
        await asyncio.sleep(0)  # the others go on here
        return written

    def home(self):
        return get_worker().name


@pytest.mark.parametrize("processes", [True, False])
def test_actors_have_coroutines_and_know_their_worker(processes):
    from plait.distributed import as_completed

    with Client(n_workers=2, threads_per_worker=1, processes=processes, dashboard_address=None) as client:
        first, second = (client.submit(Notebook, actor=True, workers=[name]).result() for name in ("0", "1"))
        assert first.write(second).result(timeout=20) == 1
        assert second.pages == 1
        assert sorted(each.result() for each in as_completed([first.write() for _ in range(3)], timeout=20)) == [2, 3, 4]
        assert (first.home().result(), second.home().result()) == (0, 1)


def test_attributes_of_actors_are_awaited_where_the_program_awaits():
    async def program():
        async with Client(n_workers=1, processes=False, dashboard_address=None, asynchronous=True) as client:
            notebook = await client.submit(Notebook, actor=True)
            await notebook.write()
            return await notebook.pages

    assert asyncio.run(program()) == 1
