"""Arrays as datasets of HDF5 files. The package h5py writes them; `from_array` reads them."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from .._lazy import uuid
from ._array import Array
from ._store import store


def _h5py(what: str) -> Any:
    try:
        import h5py
    except ImportError:
        raise ImportError(f"{what} needs the package h5py (pip install h5py)") from None
    return h5py


def to_hdf5(filename: Any, *args: Any, chunks: Any = True, **kwargs: Any) -> None:
    """Write arrays as datasets of one HDF5 file, block by block.

    A dataset gets its name when all are written; one of the same name, shape and type that was there before keeps its attributes.
    After a run that fails, the file holds what it held.

    Parameters
    ----------
    filename : str or path
        The file; what else it holds stays.
    *args : dict, or str and Array
        Names of datasets with their arrays: ``to_hdf5(file, {"/x": x, "/y": y})``, or one of them: ``to_hdf5(file, "/x", x)``.
    chunks : tuple or bool, optional
        Of the datasets; True: as the arrays' first chunks; None: not cut.
    **kwargs : object
        Arguments of ``h5py.File.create_dataset``, such as ``compression``.

    Raises
    ------
    ImportError
        If h5py is not there.
    ValueError
        If ``args`` are something else, or extents are unknown.
    TypeError
        If a dataset is there that has another shape or type.
    """
    h5py = _h5py("to_hdf5")
    if len(args) == 1 and isinstance(args[0], dict):
        data = args[0]
    elif len(args) == 2 and isinstance(args[0], str):
        data = {args[0]: args[1]}
    else:
        raise ValueError("to_hdf5: give names with arrays, as in to_hdf5(file, {'/x': x}), or one name and its array")
    for name, x in data.items():
        if not isinstance(x, Array):
            raise ValueError(f"to_hdf5: {name!r} is a {type(x).__name__}, expected a lazy array")
        if any(extent != extent for extent in x.shape):
            raise ValueError(f"to_hdf5: the extents of some chunks of {name!r} are unknown; call compute_chunk_sizes() before")
    is_new = not os.path.exists(filename)
    try:
        with h5py.File(filename, mode="a") as file:
            _write(file, data, chunks, kwargs)
    except BaseException:
        if is_new:
            with contextlib.suppress(FileNotFoundError):
                os.remove(filename)
        raise


def _write(file: Any, data: dict, chunks: Any, kwargs: dict) -> None:
    for name, x in data.items():
        if name in file:
            file.require_dataset(name, shape=x.shape, dtype=x.dtype)  # which is an error if it is anything else
    staged = {name: f"partial-{uuid.uuid4().hex}" for name in data}
    try:
        for name, x in data.items():
            cut = _chunks_of(x) if chunks is True else chunks
            file.create_dataset(staged[name], shape=x.shape, dtype=x.dtype, chunks=cut, **kwargs)
        store(list(data.values()), [file[one] for one in staged.values()])
        for name, one in staged.items():
            _put_in_place(file, one, name)
    except BaseException:
        for one in staged.values():
            if one in file:
                del file[one]
        raise


def _chunks_of(x: Array) -> tuple | None:
    return tuple(own[0] for own in x.chunks) if x.ndim and x.size else None


def _put_in_place(file: Any, staged: str, name: str) -> None:
    if name in file:
        for attribute, value in file[name].attrs.items():
            file[staged].attrs[attribute] = value
        del file[name]
    file.move(staged, name)
