"""Universal functions: elementwise, with broadcasting and NumPy's types. The engine names them."""

from __future__ import annotations

import sys
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._encoded import by_numpy
from ._operands import engine, is_foreign, operand
from ._routines import where as choose

_ops = _plait.arrays
_NATIVE = frozenset(_ops.ufuncs())


def apply(ufunc: Any, inputs: tuple, out: Any = None, dtype: Any = None, casting: Any = None, where: Any = True, **kwargs: Any) -> Any:
    """A universal function of NumPy with a lazy operand. Elements that ``where`` leaves out are those of ``out``, or zero."""
    name = ufunc.__name__
    if ufunc.signature is not None and name != "matmul":  # of rows or matrices, not of elements
        return _of_cores(ufunc, inputs, out, dtype, where, kwargs)
    if where is not True:
        result = apply(ufunc, inputs, dtype=dtype, casting=casting, **kwargs)
        (kept,) = out if isinstance(out, tuple) else (0 if out is None else out,)
        return into(out, choose(where, result, kept))
    if kwargs:
        raise NotImplementedError(f"numpy.{name} of lazy arrays takes no {', '.join(kwargs)} yet")
    if name == "matmul":
        return into(out, Array(_ops.matmul(engine(inputs[0]), engine(inputs[1]))))
    if name == "divmod":
        return inputs[0] // inputs[1], inputs[0] % inputs[1]
    if any(is_foreign(x) for x in inputs) and ufunc.nout == 1:
        return into(out, _by_numpy(ufunc, inputs, dtype))
    operands = [operand(x) for x in inputs]
    if any(x is NotImplemented for x in operands):
        return NotImplemented
    if name not in _NATIVE:
        ours = getattr(sys.modules[__package__], name, None)
        if ours is not None:
            return ours(*inputs)
        if ufunc.nout != 1:
            raise NotImplementedError(f"{name} of lazy arrays is not there yet: it has {ufunc.nout} results; use map_blocks")
        return into(out, _by_numpy(ufunc, inputs, dtype))
    return into(out, Array(_ops.elementwise(name, operands, dtype)))


class _OfType:
    """A universal function that works in a type."""

    def __init__(self, ufunc: Any, dtype: Any):
        self.ufunc, self.dtype, self.__name__ = ufunc, dtype, ufunc.__name__

    def __call__(self, *operands: Any) -> Any:
        return self.ufunc(*operands, dtype=self.dtype)


def _by_numpy(ufunc: Any, inputs: tuple, dtype: Any) -> Any:
    return by_numpy(ufunc if dtype is None else _OfType(ufunc, np.dtype(dtype)), inputs, None if dtype is None else np.dtype(dtype))


def _of_cores(ufunc: Any, inputs: tuple, out: Any, dtype: Any, where: Any, kwargs: dict) -> Any:
    """A generalized universal function, on blocks that are whole along the axes that its signature names."""
    if where is not True:
        raise NotImplementedError(f"{ufunc.__name__} of lazy arrays takes no where yet")
    wanted = None if dtype is None else [np.dtype(dtype)] * ufunc.nout
    found = sys.modules[__package__].apply_gufunc(ufunc, ufunc.signature, *inputs, output_dtypes=wanted, allow_rechunk=True, **kwargs)
    return found if isinstance(found, tuple) else into(out, found)


# What NumPy's functions tell of themselves.
_ABOUT = frozenset({"identity", "nargs", "nin", "nout", "ntypes", "signature", "types"})


class _Ufunc:
    """NumPy's function of one name, which asks the lazy arrays among its arguments."""

    def __init__(self, name: str):
        self.__name__ = self.__qualname__ = name
        self.__module__ = "plait.array"
        self.__doc__ = (
            f"Lazy ``numpy.{name}``.\n\nReturns an Array if an argument is one, else what NumPy returns. Takes the arguments of ``numpy.{name}`` and ``dtype``."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(np, self.__name__)(*args, **kwargs)

    def outer(self, *args: Any, **kwargs: Any) -> Any:
        """The function of every pair of elements of two arrays."""
        return getattr(np, self.__name__).outer(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in _ABOUT:
            return getattr(getattr(np, self.__name__), name)
        raise AttributeError(f"plait.array.{self.__name__} has no attribute {name!r}")

    def __reduce__(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return f"<ufunc {self.__name__!r} of lazy arrays>"


UFUNCS = {name: _Ufunc(name) for name in sorted({*_NATIVE, "divmod"})}
