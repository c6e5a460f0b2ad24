"""Universal functions that are Python functions: frompyfunc."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._layout import broadcast_arrays
from ._map_blocks import map_blocks
from ._sources import asarray


def frompyfunc(func: Callable, nin: int, nout: int) -> Any:
    """A Python function as one that works on elements, and gives arrays of Python objects, as ``numpy.frompyfunc`` does.

    Parameters
    ----------
    func : callable
    nin : int
        How many arguments it takes.
    nout : int
        How many results it gives: one.

    Raises
    ------
    NotImplementedError
        For several results.

    Examples
    --------
    >>> double = da.frompyfunc(lambda x: 2 * x, 1, 1)
    >>> double(da.arange(3, chunks=2)).compute()
    array([0, 2, 4], dtype=object)
    """
    if nout > 1:
        raise NotImplementedError("frompyfunc: functions of several results are not there yet; give nout=1")
    return _FromPython(func, nin)


class _FromPython:
    """A Python function as a universal function: what `frompyfunc` gives."""

    def __init__(self, function: Any, nin: int):
        self.nin, self.nout, self.nargs = nin, 1, nin + 1
        self.ntypes = 1
        self._function = function
        self.__name__ = getattr(function, "__name__", "frompyfunc")
        self.__doc__ = getattr(function, "__doc__", None)

    def __call__(self, *args: Any) -> Any:
        if len(args) != self.nin:
            raise TypeError(f"{self.__name__} takes {self.nin} arguments, found {len(args)}")
        if not any(isinstance(arg, Array) for arg in args):
            return np.frompyfunc(self._function, self.nin, 1)(*args)
        return map_blocks(self._elementwise, *broadcast_arrays(*map(asarray, args)), dtype=object, name=self.__name__.strip("<>"))

    def _elementwise(self, *blocks: Any) -> Any:
        return np.asarray(np.frompyfunc(self._function, self.nin, 1)(*blocks), dtype=object)

    def __repr__(self) -> str:
        return f"<ufunc {self.__name__!r}>"
