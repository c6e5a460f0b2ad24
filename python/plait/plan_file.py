"""Plans as files: what is to be computed, for another program to read, in Python or in C++."""

from __future__ import annotations

import importlib
import os
from typing import Any

from . import _plait
from .delayed import of_block


def save_plan(filename: str | os.PathLike, *collections: Any) -> None:
    """Write what is to be computed, with the data in memory that it is made of; nothing is computed.

    A plan that calls no Python function can be read by C++ programs (``plait::load_plan``). What is read from files
    (CSV, Parquet) stays in those files.

    Parameters
    ----------
    filename : str or path
        Where to write.
    *collections : collections
        Arrays, frames, series, indexes, scalars, delayed values.

    Raises
    ------
    OSError
        If the file cannot be written.
    TypeError
        If an argument is no collection, or holds what cannot leave this process.
    """
    exprs = []
    for collection in collections:
        if not hasattr(type(collection), "__plait_exprs__"):
            raise TypeError(f"save_plan: expected collections, found {type(collection).__name__}")
        exprs.extend(collection.__plait_exprs__())
    _plait.write_plan_file(os.fspath(filename), exprs)


def load_plan(filename: str | os.PathLike) -> Any:
    """Read what :func:`save_plan`, or a C++ program, wrote. Only read files from people whom you trust: functions are part of them.

    Parameters
    ----------
    filename : str or path
        What to read.

    Returns
    -------
    collection or tuple
        The collection; a tuple where the file holds several.

    Raises
    ------
    OSError
        If the file cannot be read, is damaged, or names operations that this version of Plait does not have.
    """
    collections = tuple(_collection_of(expr) for expr in _plait.read_plan_file(os.fspath(filename)))
    return collections[0] if len(collections) == 1 else collections


def _collection_of(expr: _plait.Expr) -> Any:
    if expr.kind == "array":
        return importlib.import_module("plait.array").Array(_plait.Array(expr))
    if expr.kind == "tasks":
        return of_block(expr, expr.name)
    importlib.import_module("plait.dataframe")  # its classes are made known there
    return importlib.import_module("plait.dataframe._collection").of_plan(expr)
