"""The error for a name that is not there: one that Dask, NumPy or pandas has and Plait does not have yet, or a misspelt one."""

from __future__ import annotations

from typing import Any

from . import _plait
from ._lazy import numpy, pandas

_FRAME_METHODS = "analyze lower_once to_hdf"

# What Dask has beyond the names of NumPy and pandas, by owner, and Plait does not have yet.
_OF_DASK = {
    "plait.array": """
        atop from_tiledb register_chunk_type to_tiledb
    """,
    "Array": "to_tiledb",
    "plait.dataframe": "backends dispatch from_graph get_collection_type to_hdf",
    "plait.distributed": """
        active_memory_manager connect core protocol recreate_tasks rpc scheduler span spans spill sync widgets worker_state_machine
    """,
    "plait.distributed.metrics": "context_meter",
    "plait.distributed.comm": "Backend Comm Connector Listener connect get_backend listen registry",
    "Client": """
        amm benchmark_hardware call_stack get_scheduler_logs restart_workers
    """,
    "DataFrame": _FRAME_METHODS,
    "Series": _FRAME_METHODS,
    "Index": _FRAME_METHODS,
}

_NATIVE = "the scheduler and what serves workers run no Python: client.story(key), client.scheduler_info() and client.run(function) tell what is there"
_REPLICAS = "client.replicate, client.rebalance and client.retire_workers say where results lie"
_SOCKETS = "the engine connects programs itself: Client(address)"
_BLOCKS = "get_task_stream() and performance_report() show what ran in a block"

# What to use instead.
_INSTEAD = {
    "plait.distributed": {
        "active_memory_manager": _REPLICAS,
        **dict.fromkeys(("connect", "rpc", "core", "protocol"), _SOCKETS),
        **dict.fromkeys(("scheduler", "worker_state_machine", "spill"), _NATIVE),
        **dict.fromkeys(("span", "spans"), _BLOCKS),
        "recreate_tasks": "client.recreate_error_locally(future) and client.recreate_task_locally(future) run a task here",
        "sync": "asyncio.run and await do the same",
        "widgets": "client and cluster have HTML representations of their own",
    },
    "plait.distributed.metrics": {"context_meter": _BLOCKS},
    "plait.distributed.comm": dict.fromkeys(("Backend", "Comm", "Connector", "Listener", "connect", "get_backend", "listen", "registry"), _SOCKETS),
    "Client": {
        "amm": _REPLICAS,
        "benchmark_hardware": "performance_report(...) measures the bandwidth of a run",
        "call_stack": "client.processing() says what runs, client.profile() where its code is",
        "get_scheduler_logs": "the scheduler writes no log: client.story(key) and client.get_events() say what happened",
        "restart_workers": "client.restart() starts all anew; cluster.scale_down(names) and cluster.scale(n) some",
    },
}


def _original(owner: str) -> Any:
    """What of NumPy or pandas has the names that ``owner`` takes over; None if nothing has."""
    if owner in ("DataFrame", "Series", "Index"):
        return getattr(pandas, owner)
    if owner in ("DataFrameGroupBy", "SeriesGroupBy"):
        return getattr(pandas.api.typing, owner)
    return {
        "Array": numpy.ndarray,
        "plait.array": numpy,
        "plait.array.linalg": numpy.linalg,
        "plait.array.random": numpy.random,
        "plait.dataframe": pandas,
    }.get(owner)


def missing(owner: str, name: str, asked: object) -> AttributeError:
    """The error for a name that ``owner`` does not have.

    Parameters
    ----------
    owner : str
        A module such as ``"plait.array"``, or a class such as ``"DataFrame"``.
    name : str
        What the user wrote.
    asked : object
        What was asked: ``dir()`` lists the names that it has.
    """
    what = f"module {owner!r}" if owner.startswith("plait") else f"{owner!r} object"
    if name.startswith("_"):
        return AttributeError(f"{what} has no attribute {name!r}")
    if hasattr(_original(owner), name):
        hint = "; pandas has it after .compute(), or on each part with .map_partitions" if owner in ("DataFrame", "Series") else ""
        return AttributeError(f"{owner}.{name} is not there yet{hint}")
    if name in _OF_DASK.get(owner, "").split():
        instead = _INSTEAD.get(owner, {}).get(name)
        return AttributeError(f"{owner}.{name} is not there yet" + (f"; {instead}" if instead else ""))
    near = _plait.did_you_mean(name, sorted({each for each in dir(asked) if not each.startswith("_")}))
    return AttributeError(f"{what} has no attribute {name!r}{near}")
