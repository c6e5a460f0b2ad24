"""Folders of NumPy's files, one a block: to_npy_stack and from_npy_stack."""

from __future__ import annotations

import os
import pickle
from typing import Any

from .._lazy import numpy as np
from ..delayed import delayed
from ._array import Array
from ._encoded import of_values
from ._from_delayed import Chunk
from ._sources import asarray


def to_npy_stack(dirname: str, x: Any, axis: int = 0) -> None:
    """Write the blocks along one axis as files ``0.npy``, ``1.npy``, ... of a folder, which :func:`from_npy_stack` reads.

    Parameters
    ----------
    dirname : str
        The folder, which is made.
    x : array_like
        The array; along the other axes its blocks are put together.
    axis : int
        The axis.

    Raises
    ------
    ValueError
        If there is no such axis.
    """
    x = asarray(x)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"to_npy_stack: axis {axis} is out of bounds for an array of {x.ndim} axes")
    axis %= x.ndim
    whole = x.rechunk({one: -1 for one in range(x.ndim) if one != axis})
    os.makedirs(dirname, exist_ok=True)
    save = delayed(_save)
    written = [save(os.path.join(dirname, f"{number}.npy"), block) for number, block in enumerate(whole.to_delayed().ravel())]
    delayed(_nothing)(written).compute()
    with open(os.path.join(dirname, "info"), "wb") as file:
        pickle.dump({"chunks": whole.chunks, "dtype": whole.dtype, "axis": axis}, file)


def _save(path: str, block: Any) -> None:
    staged = f"{path}.{os.getpid()}.partial"
    try:
        with open(staged, "wb") as file:
            np.save(file, block)
        os.replace(staged, path)
    except BaseException:
        if os.path.exists(staged):
            os.remove(staged)
        raise


def _nothing(written: list) -> None:
    return None


def from_npy_stack(dirname: str, mmap_mode: str | None = "r") -> Array:
    """The array that :func:`to_npy_stack` has written.

    Parameters
    ----------
    dirname : str
        The folder. What it says of itself is unpickled, so it must be one to trust.
    mmap_mode : str, optional
        How files are opened; see ``numpy.load``.

    Raises
    ------
    OSError
        If there is no such folder, or a file is missing. When it is computed, that is an error, too.
    """
    with open(os.path.join(dirname, "info"), "rb") as file:
        info = pickle.load(file)
    chunks, dtype, axis = info["chunks"], np.dtype(info["dtype"]), info["axis"]
    paths = [os.path.join(os.path.abspath(dirname), f"{number}.npy") for number in range(len(chunks[axis]))]
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        raise FileNotFoundError(f"from_npy_stack: the file {missing[0]!r} is missing")
    shapes = [tuple(extent if one == axis else own[0] for one, own in enumerate(chunks)) for extent in chunks[axis]]
    load = delayed(_load, pure=True)
    calls = [load(path, mmap_mode, Chunk(shape, dtype)) for path, shape in zip(paths, shapes, strict=True)]
    return of_values(calls, dtype, chunks, "from-npy-stack")


def _load(path: str, mmap_mode: str | None, check: Chunk) -> Any:
    return np.asarray(check(np.load(path, mmap_mode=mmap_mode)))
