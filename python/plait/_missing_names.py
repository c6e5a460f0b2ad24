"""The error for a name that is not there: one that Dask, NumPy or pandas has and Plait does not have yet, or a misspelt one."""

from __future__ import annotations

from typing import Any

from . import _plait
from ._lazy import numpy, pandas

_FRAME_METHODS = "analyze lower_once to_hdf"

# What Dask has beyond the names of NumPy and pandas, by owner, and Plait does not have yet.
_OF_DASK = {
    "plait.array": """
        atop from_tiledb from_zarr image push register_chunk_type reshape_blockwise to_hdf5 to_tiledb to_zarr
    """,
    "Array": "to_hdf5 to_svg to_tiledb to_zarr",
    "plait.dataframe": "backends dispatch from_graph get_collection_type to_hdf",
    "plait.distributed": """
        CompatibleExecutor CondaInstall InstallPlugin SSHCluster SubprocessCluster active_memory_manager comm connect core get_task_metadata metrics
        protocol recreate_tasks rpc scheduler span spans spill sync widgets worker_state_machine
    """,
    "Client": """
        amm benchmark_hardware call_stack forward_logging get_scheduler_logs profile restart_workers subscribe_topic unforward_logging unsubscribe_topic
    """,
    "DataFrame": _FRAME_METHODS,
    "Series": _FRAME_METHODS,
    "Index": _FRAME_METHODS,
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
        return AttributeError(f"{owner}.{name} is not there yet")
    near = _plait.did_you_mean(name, sorted({each for each in dir(asked) if not each.startswith("_")}))
    return AttributeError(f"{what} has no attribute {name!r}{near}")
