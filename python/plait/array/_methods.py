"""What Array has beside its operators and shape: NumPy's protocols, and methods x.f(...) for functions f(x, ...)."""

from __future__ import annotations

import functools
from typing import Any

from .._lazy import LazyModule
from . import _cumulative, _delayed, _diagonal, _encoded_functions, _layout, _order, _pieces, _products, _routines, _search, _shuffle, _store, _zarr
from ._array import Array
from ._assignment import set_item
from ._blocks import BlockView, PointIndex
from ._encoded import EncodedArray, by_numpy, converted
from ._graph_arrays import of_foreign_blocks
from ._hdf5 import to_hdf5
from ._html import drawing
from ._map_blocks import map_blocks
from ._protocols import array_function, array_ufunc
from ._reductions import REDUCTIONS
from .overlap import map_overlap

# Loaded when the first frame is made: a program of arrays need not wait for it.
_frames: Any = LazyModule("plait.dataframe")

_FUNCTIONS = [
    *(REDUCTIONS[name] for name in "all any argmax argmin max mean min prod std sum var".split()),
    *(_routines.clip, _products.dot, _layout.repeat, _cumulative.cumprod, _cumulative.cumsum, _order.argtopk, _order.topk),
    *(_search.nonzero, _diagonal.trace, _store.store, _delayed.to_delayed, _routines.moment, _routines.view, _pieces.choose, _shuffle.shuffle, _zarr.to_zarr),
]


def _method(function: Any):
    def method(self: Array, *args: Any, **kwargs: Any):
        return function(self, *args, **kwargs)

    functools.update_wrapper(method, function)  # its signature and documentation, too
    method.__qualname__ = f"Array.{function.__name__}"
    return method


def _map_blocks(self: Array, func: Any, *args: Any, **kwargs: Any) -> Array:
    """Apply a Python function to every block; see `plait.array.map_blocks`."""
    return map_blocks(func, self, *args, **kwargs)


def _map_overlap(self: Array, func: Any, depth: Any = None, boundary: Any = None, trim: bool = True, **kwargs: Any) -> Array:
    """Apply a Python function to every block together with what lies around it; see `plait.array.map_overlap`."""
    return map_overlap(func, self, depth=depth, boundary=boundary, trim=trim, **kwargs)


def _to_dask_dataframe(self: Array, columns: Any = None, index: Any = None, meta: Any = None) -> Any:
    """A frame of an array of two axes, or a series of one of one axis; see `plait.dataframe.from_dask_array`.

    Examples
    --------
    >>> da.arange(4, chunks=2).to_dask_dataframe("x").sum().compute()
    np.int64(6)
    """
    return _frames.from_dask_array(self, columns=columns, index=index, meta=meta)


def _to_hdf5(self: Array, filename: Any, datapath: str, **kwargs: Any) -> None:
    """Write the array as a dataset of an HDF5 file; see `plait.array.to_hdf5`."""
    return to_hdf5(filename, datapath, self, **kwargs)


def _to_svg(self: Array, size: int = 500) -> str:
    """A drawing of the blocks, as a text of SVG; the last two axes where there are more.

    Raises
    ------
    NotImplementedError
        If there is nothing to draw: no axes, no elements, or unknown extents.
    """
    drawn = drawing(self.chunks, size)
    if not drawn:
        raise NotImplementedError("to_svg: there is nothing to draw of an array without axes, elements or known extents")
    return drawn


def _to_backend(self: Array, backend: str | None = None, **kwargs: Any) -> Array:
    """Itself: blocks are NumPy's arrays to functions.

    Raises
    ------
    ValueError
        For another backend than "numpy".
    """
    if backend not in (None, "numpy") or kwargs:
        raise ValueError(f"to_backend: expected 'numpy', found {backend!r}")
    return self


def _set(self: Array, index: Any, value: Any) -> None:
    if isinstance(self, EncodedArray):
        self.assign(index, value)
    else:
        self._array, self._own_name = set_item(self, index, value)._array, None


def install() -> None:
    """Give `Array` its methods and protocols."""
    for function in _FUNCTIONS:
        setattr(Array, function.__name__, _method(function))
    blocks = property(BlockView, doc="The blocks, indexed as elements are: ``x.blocks[0, 1]`` is an array.")
    points = property(PointIndex, doc="Single elements by a list of positions for each axis: ``x.vindex[[0, 3], [2, 2]]``.")
    for name, attribute in {
        "_by_numpy": staticmethod(by_numpy),
        "_of_foreign_blocks": staticmethod(of_foreign_blocks),
        "_converted": converted,
        "map_blocks": _map_blocks,
        "map_overlap": _map_overlap,
        "to_hdf5": _to_hdf5,
        "to_svg": _to_svg,
        "to_backend": _to_backend,
        "to_dask_dataframe": _to_dask_dataframe,
        "__setitem__": _set,
        "__array_ufunc__": array_ufunc,
        "__array_function__": array_function,
        "blocks": blocks,
        "partitions": blocks,
        "vindex": points,
    }.items():
        setattr(Array, name, attribute)
    _encoded_functions.install()
