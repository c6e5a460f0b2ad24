"""Stacks of pictures as arrays."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from ..delayed import delayed
from ._array import Array
from ._encoded import of_values
from ._from_delayed import Chunk

__all__ = ["imread"]


def imread(filename: Any, imread: Callable | None = None, preprocess: Callable | None = None) -> Array:
    """The pictures of all files of a pattern, in the order of their names, along a first axis; each is a chunk.

    Parameters
    ----------
    filename : str or path
        Such as ``"scan-*.png"``.
    imread : callable, optional
        Gives the array of a file; default is ``skimage.io.imread``.
    preprocess : callable, optional
        Called with each picture. All must have the shape and type of the first one, which is read at once.

    Raises
    ------
    ValueError
        If there is no such file.
    ImportError
        If there is no ``imread`` and no scikit-image.

    Examples
    --------
    >>> import numpy as np, os, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> for i in range(3): np.save(f"{folder.name}/{i}.npy", np.full((2, 2), i))
    >>> da.image.imread(f"{folder.name}/*.npy", imread=np.load).sum(axis=(1, 2)).compute()
    array([0, 4, 8])
    >>> folder.cleanup()
    """
    paths = sorted(glob.glob(os.fspath(filename)))
    if not paths:
        raise ValueError(f"imread: there is no file {os.fspath(filename)!r}")
    read = _Read(_reader() if imread is None else imread, preprocess)
    first = read(paths[0])
    chunks = ((1,) * len(paths), *((extent,) for extent in first.shape[1:]))
    load = delayed(read)
    calls = [load(path) for path in paths]
    return of_values(calls, first.dtype, chunks, "imread", Chunk(first.shape, first.dtype))


def _reader() -> Callable:
    try:
        from skimage.io import imread
    except ImportError:
        raise ImportError("imread: give a function imread=, or install scikit-image (pip install scikit-image)") from None
    return imread


class _Read:
    def __init__(self, read: Callable, preprocess: Callable | None):
        self.read, self.preprocess = read, preprocess

    def __call__(self, path: str) -> Any:
        picture = self.read(path)
        return np.asarray(picture if self.preprocess is None else self.preprocess(picture))[None]
