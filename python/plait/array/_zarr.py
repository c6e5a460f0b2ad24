"""Arrays in Zarr stores: from_zarr and to_zarr. The package zarr reads and writes them, block by block.

An array that is written to a local folder is made beside its place, under a hidden name, and moved there when all of it is written. So
an array may be written over the one that it is made of, and what a failed run leaves is the old one.
"""

from __future__ import annotations

import itertools
import math
import os
import warnings
from typing import Any

from .._lazy import shutil, uuid
from ..delayed import delayed
from ._array import Array
from ._encoded import of_values
from ._sources import from_array
from ._store import places_of, store

_MODES = ("r+", "a", "w", "w-")
_MARKS = ("zarr.json", ".zarray", ".zgroup")


def _zarr(what: str) -> Any:
    try:
        import zarr
    except ImportError:
        raise ImportError(f"{what} needs the package zarr, version 3 or later (pip install zarr)") from None
    if not hasattr(zarr, "create_array"):
        raise ImportError(f"{what} needs zarr 3 or later, found {zarr.__version__} (pip install -U zarr)")
    return zarr


def from_zarr(
    url: Any,
    component: str | None = None,
    storage_options: dict | None = None,
    chunks: Any = None,
    name: str | None = None,
    inline_array: bool = False,
    **kwargs: Any,
) -> Array:
    """The array in a Zarr store, which is read chunk by chunk when it is computed.

    Parameters
    ----------
    url : str, path, zarr.Array or store
        Where it is.
    component : str, optional
        The array in the group that is there, such as ``"climate/rain"``.
    storage_options : dict, optional
        For places that fsspec reads.
    chunks : optional
        See `normalize_chunks`; default are those that it is stored in.
    **kwargs : object
        Arguments of ``zarr.open_array``.

    Raises
    ------
    ImportError
        If zarr is not there.
    """
    zarr = _zarr("from_zarr")
    if isinstance(url, zarr.Array):
        source = url
    else:
        source = zarr.open_array(store=_store_of(zarr, url, storage_options), path=component, **{"mode": "r", **kwargs})
    return from_array(source, source.chunks if chunks is None else chunks, name=name)


def _store_of(zarr: Any, url: Any, storage_options: dict | None) -> Any:
    url = os.fspath(url) if isinstance(url, os.PathLike) else url
    return zarr.storage.FsspecStore.from_url(url, storage_options=storage_options) if storage_options and isinstance(url, str) else url


def to_zarr(
    arr: Array,
    url: Any,
    component: str | None = None,
    storage_options: dict | None = None,
    region: tuple | None = None,
    compute: bool = True,
    return_stored: bool = False,
    mode: str = "a",
    **kwargs: Any,
) -> Any:
    """Write an array to a Zarr store, block by block.

    Parameters
    ----------
    arr : Array
        Chunks of unknown extents must be computed before.
    url : str, path, zarr.Array or store
        Where to. In a local folder, the array stands there when all of it is written, and what stood there is deleted afterwards; in
        other stores, blocks replace what is there one by one. A ``zarr.Array`` takes the blocks itself.
    component : str, optional
        The name in a group, such as ``"climate/rain"``; groups are made where there are none.
    storage_options : dict, optional
        For places that fsspec writes.
    region : tuple of slice, optional
        The place in ``url``, which is a ``zarr.Array`` then.
    compute : bool
        Whether to write at once; if not, the result must be computed.
    return_stored : bool
        Whether to give the written array as a lazy one.
    mode : {"a", "r+", "w", "w-"}
        ``"w"`` replaces an array that is there, with the others an array that is there is an error.
    **kwargs : object
        Arguments of ``zarr.create_array``, such as ``compressors``, ``chunks``, ``shards``, ``fill_value``; ``overwrite=True`` is ``mode="w"``.

    Returns
    -------
    None, Array or Delayed

    Raises
    ------
    ImportError
        If zarr is not there.
    ValueError
        If extents are unknown; for a region of what is no ``zarr.Array``; for an unknown mode; if an array is there already.
    """
    zarr = _zarr("to_zarr")
    if storage_options and not isinstance(url, str):
        raise ValueError(f"to_zarr: storage_options= is for places that fsspec writes; url is a {type(url).__name__}, which knows its own place")
    if any(math.isnan(extent) for extent in arr.shape):
        raise ValueError("to_zarr: the extents of some chunks are unknown; call compute_chunk_sizes() before")
    if isinstance(url, zarr.Array):
        return _to_existing(arr, url, region, compute, return_stored)
    if region is not None:
        raise ValueError(f"to_zarr: region= is the place in a zarr.Array; url is a {type(url).__name__}, open it with zarr.open_array before")
    if mode not in _MODES:
        raise ValueError(f"to_zarr: mode is {mode!r}, expected one of {', '.join(map(repr, _MODES))}")
    replace = bool(kwargs.pop("overwrite", False)) or mode == "w"
    component = component or kwargs.pop("name", None)
    kwargs = {"shape": arr.shape, "dtype": arr.dtype, "chunks": _uniform(arr), **kwargs}
    # Made once in memory, so that what is wrong fails here, and to see how the array will be cut.
    arr = _cut_as(arr, zarr.create_array(store=zarr.storage.MemoryStore(), **kwargs))
    folder = None if storage_options else _folder_of(zarr, url)
    if folder is None:
        target = zarr.create_array(store=_store_of(zarr, url, storage_options), name=component, overwrite=replace, **kwargs)
        return store(arr, target, lock=False, compute=compute, return_stored=return_stored)
    return _Folder(folder, component, replace).write(arr, kwargs, compute, return_stored)


def _uniform(arr: Array) -> tuple:
    if any(extent != own[0] for own in arr.chunks for extent in own[:-1]) or any(own[-1] > own[0] for own in arr.chunks):
        warnings.warn("to_zarr: a Zarr array has chunks of one shape; the array is rechunked for it", UserWarning, stacklevel=4)
    return tuple(max(1, *own) for own in arr.chunks)


def _write_chunks(target: Any) -> tuple:
    """What one writer must have for itself."""
    return getattr(target, "shards", None) or target.chunks


def _cut_as(arr: Array, target: Any) -> Array:
    """The array in blocks of whole chunks of the target."""
    own = _write_chunks(target)
    is_cut = all(extent % size == 0 for blocks, size in zip(arr.chunks, own, strict=True) for extent in blocks[:-1])
    return arr if is_cut else arr.rechunk(tuple(max(1, extent // size) * size for extent, size in zip(arr.chunksize, own, strict=True)))


def _to_existing(arr: Array, target: Any, region: tuple | None, compute: bool, return_stored: bool) -> Any:
    region = tuple(slice(None) for _ in target.shape) if region is None else tuple(region) + (slice(None),) * (len(target.shape) - len(region))
    if not all(isinstance(part, slice) and (part.step or 1) > 0 for part in region):
        raise TypeError(f"to_zarr: region is {region!r}, expected slices that go forwards")
    blocks = []
    for part, extent, size in zip(region, target.shape, _write_chunks(target), strict=True):
        wanted = range(*part.indices(extent))
        ends = [*range(size, extent, size), extent]
        counts = [len(range(wanted.start, min(end, wanted.stop), wanted.step)) for end in ends]
        blocks.append(tuple(high - low for low, high in zip([0, *counts], counts, strict=False) if high > low) or (0,))
    if tuple(map(sum, blocks)) == arr.shape and not _is_coarser(arr.chunks, blocks):
        arr = arr.rechunk(tuple(blocks))
    return store(arr, target, lock=False, regions=region, compute=compute, return_stored=return_stored)


def _is_coarser(chunks: tuple, blocks: list) -> bool:
    """Whether all boundaries of ``chunks`` are boundaries of ``blocks``."""
    return all(set(itertools.accumulate(own)) <= set(itertools.accumulate(other)) for own, other in zip(chunks, blocks, strict=True))


def _folder_of(zarr: Any, url: Any) -> str | None:
    """The local folder that is meant; None for other stores."""
    if isinstance(url, zarr.storage.LocalStore):
        return os.path.abspath(url.root)
    if isinstance(url, (str, os.PathLike)):
        text = os.fspath(url).removeprefix("file://")
        return None if "://" in text or text.endswith(".zip") else os.path.abspath(os.path.expanduser(text))
    return None


class _Folder:
    """An array of a local folder, and the hidden place beside it where it is made."""

    def __init__(self, root: str, component: str | None, replace: bool):
        self.root, self.component, self.replace = root, component, replace
        self.place = os.path.join(root, *component.strip("/").split("/")) if component else root
        head, tail = os.path.split(root)
        self.staged = os.path.join(head, f".{tail}.partial-{uuid.uuid4().hex}")
        self.check()

    def check(self) -> None:
        zarr = _zarr("to_zarr")
        if not os.path.isdir(self.place):
            if os.path.exists(self.place):
                raise FileExistsError(f"to_zarr: {self.place} is a file, expected a folder or nothing")
            return
        found = [mark for mark in _MARKS if os.path.exists(os.path.join(self.place, mark))]
        if not found and os.listdir(self.place):
            raise FileExistsError(f"to_zarr: the folder {self.place} holds something else than a Zarr array; give another place, or empty it")
        if found and not self.replace:
            is_array = isinstance(zarr.open(self.place, mode="r"), zarr.Array)
            error = zarr.errors.ContainsArrayError if is_array else zarr.errors.ContainsGroupError
            what = "an array" if is_array else "a group; name the array in it with component="
            raise error(f"to_zarr: {self.place} holds {what}" + ("; mode='w' replaces it" if is_array else ""))

    def write(self, arr: Array, kwargs: dict, compute: bool, return_stored: bool) -> Any:
        made = delayed(self.make, pure=False)(kwargs)
        put = delayed(_put, pure=False)
        places = places_of(arr)
        written = [put(made, place, block) for place, block in zip(places, arr.to_delayed().ravel(), strict=True)]
        moved = delayed(self.move, pure=False)(written, kwargs.get("zarr_format"))
        if compute:
            try:
                moved.compute()
            finally:
                shutil.rmtree(self.staged, ignore_errors=True)
            return from_zarr(self.root, self.component, chunks=arr.chunks) if return_stored else None
        if not return_stored:
            return moved
        calls = [delayed(_get, pure=False)(moved, self.place, place) for place in places]
        return of_values(calls, arr.dtype, arr.chunks, "from-zarr")

    def make(self, kwargs: dict) -> Any:
        shutil.rmtree(self.staged, ignore_errors=True)  # of a run before that failed
        return _zarr("to_zarr").create_array(store=self.staged, **kwargs)

    def move(self, written: list, zarr_format: int | None) -> None:
        zarr = _zarr("to_zarr")
        self.check()
        parent = os.path.dirname(self.component.strip("/")) if self.component else None
        if parent is not None:
            zarr.open_group(self.root, mode="a", path=parent or None, zarr_format=zarr_format)
        else:
            os.makedirs(os.path.dirname(self.root), exist_ok=True)
        before = f"{self.staged}-before"
        if os.path.isdir(self.place):
            os.rename(self.place, before)
        try:
            os.rename(self.staged, self.place)
        except BaseException:
            if os.path.isdir(before):
                os.rename(before, self.place)
            raise
        shutil.rmtree(before, ignore_errors=True)


def _put(target: Any, place: tuple, block: Any) -> None:
    target[place] = block


def _get(moved: None, path: str, place: tuple) -> Any:
    return _zarr("to_zarr").open_array(path, mode="r")[place]
