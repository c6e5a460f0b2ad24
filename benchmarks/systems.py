"""How the workloads reach the systems that share an interface: Plait and Dask."""

import importlib


def array_module(system: str):
    return importlib.import_module(f"{system}.array")


def frame_module(system: str):
    return importlib.import_module(f"{system}.dataframe")


def bag_module(system: str):
    return importlib.import_module(f"{system}.bag")


def for_each(prepare, *systems: str) -> dict:
    """`prepare(system, quick)` as one entry for each system."""
    return {system: lambda quick, system=system: prepare(system, quick) for system in systems}
